"use strict";
// A field above each long list narrows it; what is chosen stays in it. `data-search` says what the field is for.

function makeSearchable(select, label, question) {
  const field = document.createElement("input");
  const count = document.createElement("output");
  const groups = [...select.children].map((item) => [item, [...item.children]]), total = select.options.length - 1;
  const plain = (text) => text.normalize("NFKC").toLowerCase();
  const keep = (parent, node, isKept) => (isKept ? parent.append(node) : node.remove());
  const offered = () => [...select.options].filter(({ value }) => value);
  field.type = "search";
  field.placeholder = label;
  field.setAttribute("aria-label", `${label}: ${question}`);
  field.setAttribute("aria-controls", select.id);
  field.style.marginBottom = ".35rem";
  count.className = "hint small";
  select.before(field);
  select.after(count);
  field.addEventListener("input", () => {
    const chosen = select.value, sought = plain(field.value);
    const fits = ({ value, text }) => !value || value === chosen || plain(text).includes(sought);
    for (const [item, options] of groups) {
      const isWhole = options.length && plain(item.label).includes(sought);
      for (const option of options) keep(item, option, isWhole || fits(option));
      keep(select, item, options.length ? item.children.length : fits(item));
    }
    select.value = chosen;
    count.textContent = sought && `${offered().length} / ${total}`;
  });
  field.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.isComposing) return;
    event.preventDefault(); // would send the form
    const [only, ...others] = offered();
    if (only && !others.length) select.value = only.value;
    select.dispatchEvent(new Event("input", { bubbles: true }));
    select.focus();
  });
}

const { search } = document.currentScript.dataset, roots = [document];
for (const root of roots) {
  for (const select of root.querySelectorAll("select")) {
    const question = root.querySelector(`[for="${select.id}"]`).textContent;
    if (select.options.length > 13) makeSearchable(select, search, question);
  }
  for (const { content } of root.querySelectorAll("template")) roots.push(content);
}
