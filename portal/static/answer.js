"use strict";
// Walks the questionnaire at each change as the server does when it is sent: survey/logic.py, reading.py, answers.py.
// Truth is 1, falsehood 0, unknown one half. Numbers are whole millionths.

const SPACE = "[\t-\r\x1c- \x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]+";
const DAY = /^\d{4}(-\d\d){0,2}$/;
const millionths = (text) => Math.round(text * 1e6);

function evaluate([operator, first, ...rest], known) {
  const values = (value) => [first, ...rest].map((part) => value(part, known));
  if (operator === "and") return Math.min(...values(evaluate));
  if (operator === "or") return Math.max(...values(evaluate));
  if (operator === "not") return 1 - evaluate(first, known);
  const [left, right] = values(operand);
  if (operator === "answered") return +(left != null);
  const isSelected = operator === "selected";
  if (left == null || right == null || Array.isArray(right)) return 0.5;
  if (Array.isArray(left)) return isSelected ? +left.includes(right) : 0.5;
  if (isSelected || operator === "=") return +(left === right);
  if (operator === "!=") return +(left !== right);
  if (typeof left !== typeof right || (typeof left === "string" && !(DAY.test(left) && DAY.test(right)))) return 0.5;
  return +{ "<": left < right, "<=": left <= right, ">": left > right, ">=": left >= right }[operator];
}

function operand([kind, first, second], known) {
  if (kind === "value") return typeof first === "number" ? first * 1e6 : first;
  if (kind === "decimal") return millionths(first);
  if (kind === "today") return known.get("today()");
  if (kind === "var") return known.get(first);
  const left = operand(first, known);
  if (kind === "length") return typeof left === "string" ? [...left].length * 1e6 : null;
  if (kind === "count") return left == null ? null : (Array.isArray(left) ? left.length : 1) * 1e6;
  const right = operand(second, known);
  if (typeof left !== "number" || typeof right !== "number") return null;
  return kind === "+" ? left + right : left - right;
}

const strip = (text) => text.replace(RegExp(`^${SPACE}|${SPACE}$`, "g"), "");
const safe = (text) => text.replace(/(\p{M}{30})\p{M}+/gu, "$1");
const isDigit = (code) => /\p{Nd}/u.test(String.fromCodePoint(code));

function cleaned(text) {
  return strip(safe(text.replace(/\r\n?/g, "\n")).normalize().replace(/(?!\n)[\p{Cc}\p{Cs}]/gu, ""));
}

function plainDigits(text) {
  return strip(safe(text).normalize("NFKC")).replace(/\p{Cf}/gu, "").replace(/\p{Nd}/gu, (digit) => {
    let value = 0;
    while (isDigit(digit.codePointAt() - value - 1)) value++;
    return value; // those of one script stand in a row, and no two scripts' touch
  });
}

const code = (text) => (/^(0|[1-9]\d{0,3})$/.test(text) ? text * 1e6 : null);

const READ = {
  code: (leaf, last) => (leaf.none.includes(+last) ? null : code(last)),
  codes(leaf, last, sent) {
    const chosen = new Set(sent.filter((value) => !leaf.none.includes(+value)).map(code));
    return chosen.size ? [...chosen].sort((one, other) => one - other) : null;
  },
  number(leaf, last) {
    let text = plainDigits(last).replace(/−/g, "-").replace(/٫/g, ".");
    if (!text.includes(".")) text = text.replace(/^([^,]*),([^,]*)$/, "$1.$2");
    const found = /^[+-]?\d{1,9}(?:\.(\d+))?$/.exec(text);
    return found && (found[1] || "").length <= leaf.places ? millionths(text) : null;
  },
  date(leaf, last) {
    const found = /^(\d{4})(?:年?|[-/.年](\d\d?)(?:月?|[-/.月](\d\d?)日?))$/.exec(plainDigits(last));
    const parts = found ? found.slice(1).filter(Boolean) : [];
    const answer = parts.map((part) => part.padStart(2, 0)).join("-");
    const day = (answer + "-01-01").slice(0, 10), midnight = new Date(day + "T00:00Z");
    if (parts.length !== leaf.parts || !(parts[0] > 0) || isNaN(midnight)) return null;
    return midnight.toISOString().startsWith(day) ? answer : null; // the 30th of February is the 2nd of March
  },
  text: (leaf, last) => cleaned(last) || null,
  place: (leaf, last) => last,
  consent: (leaf, last) => (last === "1" ? 1e6 : last === "0" ? 0 : null),
};

function read(leaf, field) {
  if (leaf.as === "rank") {
    const ranked = leaf.codes.map((one) => [one * 1e6, plainDigits(field(`${leaf.q}.rank.${one}`).slice(-1)[0] || "")]);
    const sent = ranked.filter(([, rank]) => rank), ranks = new Set(sent.map(([, rank]) => code(rank)));
    if (!sent.length || ranks.size < sent.length || ranks.has(0) || ranks.has(null)) return null;
    return sent.sort((one, other) => one[1] - other[1]).map(([one]) => one);
  }
  const sent = field(leaf.q).filter(strip);
  return sent.length ? READ[leaf.as](leaf, sent[sent.length - 1], sent) : null;
}

// `field` tells all values of a form field; gives the names of what is shown and the answers by name
function replay(program, field, today) {
  const known = new Map([["today()", today]]), shown = new Set(), holds = (part) => evaluate(part, known) === 1;
  let hasEnded = false;
  for (const step of program) {
    if (hasEnded || !(step.if || []).every(holds)) continue;
    const all = step.leaves || [], leaves = all.filter((leaf) => !leaf.if || holds(leaf.if));
    if (all.length && !leaves.length) continue;
    shown.add(step.q);
    for (const leaf of leaves) {
      shown.add(leaf.q);
      const answer = leaf.as ? read(leaf, field) : null;
      if (answer != null) known.set(leaf.q, answer);
      hasEnded = hasEnded || (leaf.as === "consent" && answer === 0);
    }
    hasEnded = hasEnded || (step.end && holds(step.end));
  }
  return { known, shown };
}

// --- the page: what waits stands in templates, and leaves the page again with what was typed into it -----------------

// Everything that comes and goes: the node, the template behind which it has its place, and when it is wanted.
function gather(form, roots) {
  const find = (selector) => [].concat(...roots.map((root) => [...root.querySelectorAll(selector)]));
  const waiting = [], isShown = (name) => ({ shown }) => shown.has(name);
  const wait = (node, isWanted) => {
    const mark = document.createElement("template");
    node.after(mark);
    waiting.push([node, mark, isWanted]);
  };
  for (const root of roots)
    for (const template of root.querySelectorAll("template[data-q]")) {
      roots.push(template.content);
      for (const node of template.content.children) waiting.push([node, template, isShown(template.dataset.q)]);
    }
  const held = waiting.map(([node]) => node);
  for (const { value } of find("[name=seen]")) {
    const [node] = find("#" + value); // the server has shown it already, in its place
    if (node && !held.includes(node)) wait(node, isShown(value));
  }
  for (const input of find(".say input")) {
    const [name, , code] = input.name.split(".");
    wait(input.closest(".say"), (found, field) => field(name).includes(code));
  }
  return { find, waiting };
}

// Puts on the page what is wanted and takes away what is not, until nothing changes; gives the last walk.
function settle(form, waiting, { steps, zone }) {
  const today = zone && new Date().toLocaleDateString("sv", { timeZone: zone });
  let found, isSettled;
  do {
    const data = new FormData(form), field = (name) => data.getAll(name);
    found = replay(steps, field, today);
    isSettled = true;
    for (const [node, mark, isWanted] of waiting) {
      const isThere = node.parentNode === mark.parentNode, isDue = isWanted(found, field);
      if (isDue && !isThere) mark.before(node);
      if (!isDue && isThere) node.remove();
      isSettled = isSettled && isDue === isThere;
    }
  } while (!isSettled);
  return found;
}

function tell(form, list, join, name, answer) {
  if (answer == null) return "…";
  if (Array.isArray(answer)) return answer.map((one) => tell(form, list, join, name, one)).join(join);
  if (typeof answer === "number") return list[answer / 1e6] || answer / 1e6 + (list.unit || "");
  const { selectedOptions } = form.querySelector(`[name="${name}"]`);
  return selectedOptions ? selectedOptions[0].text : answer;
}

// A choice that stands alone unticks the others, and is unticked by them.
function untick(form, codes, chosen) {
  for (const other of form.querySelectorAll(`[name="${chosen.name}"]`))
    if (other !== chosen && [chosen, other].some(({ value }) => codes.includes(+value))) other.checked = false;
}

function begin(given) {
  const form = document.querySelector("main form"), { find, waiting } = gather(form, [form]);
  const leaves = [].concat(...given.steps.map((step) => step.leaves || []));
  const alone = new Map(leaves.map((leaf) => [leaf.q, leaf.alone || []]));
  const pipes = find("[data-pipe]"), parts = find(".part");

  function update() {
    const { known } = settle(form, waiting, given);
    for (const span of pipes) {
      const name = span.dataset.pipe;
      span.textContent = tell(form, given.words[name] || {}, given.join, name, known.get(name));
    }
    for (const part of parts) part.hidden = part.parentNode && !part.parentNode.querySelector(":scope > [id]");
  }

  form.addEventListener("input", ({ target }) => {
    if (target.checked) untick(form, alone.get(target.name) || [], target);
    update();
  });
  addEventListener("pageshow", update);
  update();
}

const box = document.getElementById("answer-program");
if (box) begin(JSON.parse(box.textContent));
