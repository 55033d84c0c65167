"use strict";
// Choices of a picked question at once, and the check of a condition while it is made. The form works without this.
(() => {
  const form = document.querySelector("form[data-check]");
  const data = document.getElementById("choices-of");
  if (!form || !data) return;
  const choices = JSON.parse(data.textContent).choices;
  form.querySelectorAll(".no-script").forEach((part) => { part.hidden = true; });

  const valueFor = (variable, old) => {
    const listed = choices[variable];
    const made = document.createElement(listed ? "select" : "input");
    if (listed) {
      for (const [value, words] of [["", "–"], ...listed]) made.append(new Option(words, value));
    } else {
      made.type = "text";
      made.maxLength = 200;
      made.autocomplete = "off";
    }
    made.id = old.id;
    made.name = old.name;
    if (old.value && (!listed || listed.some(([value]) => value === old.value))) made.value = old.value;
    old.replaceWith(made);
  };

  for (const group of form.querySelectorAll(".when")) {
    const name = group.dataset.name;
    const text = document.getElementById(name);
    const verdict = group.querySelector(".verdict");
    const complete = () => [...group.querySelectorAll(".pick")].every((row) => {
      const [variable, relation, value] = row.querySelectorAll("select, input");
      return variable.value ? value.value || relation.value.endsWith("answered") : !value.value;
    });
    let latest = 0;

    const check = async (picked) => {
      const query = new URLSearchParams({ name, place: group.dataset.place, reads_itself: group.dataset.own });
      if (picked) {
        for (const [key, value] of new FormData(form)) if (key.startsWith(`${name}-`)) query.append(key, value);
        query.set(`${name}-was`, "");
      } else {
        query.append(name, text.value);
      }
      const turn = ++latest;
      const answer = await fetch(`${form.dataset.check}${form.dataset.check.includes("?") ? "&" : "?"}${query}`);
      if (!answer.ok || turn !== latest) return;
      const found = await answer.json();
      if (picked) text.value = found.text;
      verdict.textContent = found.message;
      verdict.classList.toggle("why", !found.ok);
      text.setAttribute("aria-invalid", String(!found.ok));
    };

    group.addEventListener("change", (event) => {
      if (event.target === text || event.target.type === "hidden") return;
      if (event.target.id.endsWith("-variable")) {
        valueFor(event.target.value, document.getElementById(event.target.id.replace(/variable$/, "value")));
      }
      if (complete()) check(true).catch(() => {});
    });

    let timer = 0;
    text.addEventListener("input", () => {
      clearTimeout(timer);
      for (const control of group.querySelectorAll(".pick select, .pick input")) control.disabled = true;
      timer = setTimeout(() => check(false).catch(() => {}), 400);
    });
  }
})();
