"""Small questionnaires drawn at random, and everything that can happen on them, found by trying every form."""

from __future__ import annotations

import itertools
import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from survey.answers import replay
from survey.logic import evaluate, parse
from survey.parts import BaseQuestion
from survey.piping import PIPE
from survey.questionnaire import Questionnaire, Step
from survey.questions import MatrixQuestion
from survey.walk import Fault, Walk

Form = dict[str, list[str]]
MOST_FORMS = 1500
TEXTS = ("a", "b", "aa", "c", "ba", "aaa")


def text(words: str) -> dict[str, str]:
    return {"en": words}


# --- drawing ---


def draw(rng: random.Random) -> dict[str, Any]:
    """A document of up to six questions, with few enough forms to try them all."""
    while True:
        document, options = _draw(rng)
        n = 1
        for values in options.values():
            n *= len(values)
        if n <= MOST_FORMS:
            return document


def _draw(rng: random.Random) -> tuple[dict[str, Any], dict[str, list[Form]]]:
    options: dict[str, list[Form]] = {}
    sections: list[dict[str, Any]] = []
    known: dict[str, str] = {}
    for place in range(rng.choice([1, 2, 2])):
        section: dict[str, Any] = {"questions": []}
        if known and rng.random() < 0.4:
            section["show_if"] = condition(rng, known)
        for number in range(rng.choice([1, 2, 3])):
            question, kinds, answers = _question(rng, f"q{place}{number}", known)
            section["questions"].append(question)
            known |= kinds
            options |= answers
        sections.append(section)
    if not known:
        return _draw(rng)
    document = {
        "format": "minyi-questionnaire/1",
        "name": "drawn",
        "title": text("Drawn"),
        "languages": ["en"],
        "sections": sections,
    }
    return document, options


def _question(
    rng: random.Random, name: str, known: Mapping[str, str]
) -> tuple[dict[str, Any], dict[str, str], dict[str, list[Form]]]:
    kinds_drawn = ["single", "single", "multiple", "number", "date", "text", "matrix", "ranking", "place", "statement"]
    kind = rng.choice(kinds_drawn)
    question: dict[str, Any] = {"type": kind, "variable": name, "text": text("Well?"), "role": "item"}
    question["required"] = rng.random() < 0.5
    if rng.random() < 0.3:
        question["role"] = "other"
    if known and rng.random() < 0.2:
        question["text"] = text("So ${" + rng.choice(sorted(known)) + "}?")
    if known and rng.random() < 0.6:
        question["show_if"] = condition(rng, known)
    if kind == "statement":
        return {key: question[key] for key in question if key not in ("required", "role")}, {}, {}
    fields, kinds, answers = _KINDS[kind](rng, name, known)
    question |= fields
    own = {other: kinds[other] for other in kinds} | dict(known)
    if kind != "matrix" and rng.random() < 0.35:
        question["checks"] = [
            {"rule": condition(rng, own, name), "text": text("No."), "soft": rng.random() < 0.3}
            for _ in range(rng.choice([1, 1, 2]))
        ]
    if rng.random() < 0.25:
        question["end_if"] = condition(rng, own, None if kind == "matrix" else name)
    return question, kinds, answers


def _codes(rng: random.Random, n: int) -> list[dict[str, Any]]:
    choices: list[dict[str, Any]] = [{"code": code, "text": text(f"c{code}")} for code in range(1, n + 1)]
    if rng.random() < 0.3:
        choices.append({"code": 9, "text": text("don't know"), "missing": "dont_know"})
    return choices


def _single(rng: random.Random, name: str, known: Mapping[str, str]) -> Any:
    return {"choices": _codes(rng, rng.choice([2, 3]))}, {name: "code"}, {name: [{}] * 3}


def _multiple(rng: random.Random, name: str, known: Mapping[str, str]) -> Any:
    choices = _codes(rng, 3)
    choices[2]["exclusive"] = rng.random() < 0.4
    bounds = rng.choice([{}, {"at_least": 2}, {"at_most": 1}, {"at_least": 1, "at_most": 2}])
    return {"choices": choices, **bounds}, {name: "set"}, {name: [{}] * 7}


def _number(rng: random.Random, name: str, known: Mapping[str, str]) -> Any:
    missing = [{"kind": "refused", "text": text("rather not")}] if rng.random() < 0.2 else []
    return {"minimum": 0, "maximum": rng.choice([2, 3]), "missing": missing}, {name: "number"}, {name: [{}] * 5}


def _date(rng: random.Random, name: str, known: Mapping[str, str]) -> Any:
    last = rng.choice(["2024-02-15", "2024-03-15"])
    return {"precision": "month", "earliest": "2024-01-20", "latest": last}, {name: "day"}, {name: [{}] * 4}


def _text(rng: random.Random, name: str, known: Mapping[str, str]) -> Any:
    return {"max_length": 3}, {name: "text"}, {name: [{}] * 7}


def _place(rng: random.Random, name: str, known: Mapping[str, str]) -> Any:
    places = [{"code": "A", "text": text("A")}] + [
        {"code": code, "text": text(code), "parent": "A"} for code in ("A1", "A2")
    ]
    return {"places": places}, {name: "place"}, {name: [{}] * 3}


def _ranking(rng: random.Random, name: str, known: Mapping[str, str]) -> Any:
    choices = [{"code": code, "text": text(f"c{code}")} for code in (1, 2)]
    return {"choices": choices, **rng.choice([{}, {"at_most": 1}, {"at_least": 2}])}, {name: "set"}, {name: [{}] * 5}


def _matrix(rng: random.Random, name: str, known: Mapping[str, str]) -> Any:
    rows: list[dict[str, Any]] = [{"variable": f"{name}_{row}", "text": text(f"row {row}")} for row in "ab"]
    for row in rows:
        if known and rng.random() < 0.5:
            row["show_if"] = condition(rng, known)
    kinds = {row["variable"]: "code" for row in rows}
    return {"choices": _codes(rng, 2)[:2], "rows": rows}, kinds, {row["variable"]: [{}] * 3 for row in rows}


_KINDS: dict[str, Any] = {
    "single": _single,
    "multiple": _multiple,
    "number": _number,
    "date": _date,
    "text": _text,
    "matrix": _matrix,
    "ranking": _ranking,
    "place": _place,
}


def condition(rng: random.Random, known: Mapping[str, str], own: str | None = None) -> str:
    """A condition on some of these answers."""
    n = rng.choice([1, 1, 1, 2, 2, 3])
    parts = [_comparison(rng, known, own) for _ in range(n)]
    parts = [f"not ({part})" if rng.random() < 0.2 else part for part in parts]
    return f" {rng.choice(['and', 'or'])} ".join(parts)


def _comparison(rng: random.Random, known: Mapping[str, str], own: str | None) -> str:
    name = own if own is not None and rng.random() < 0.6 else rng.choice(sorted(known))
    read, kind = "${" + name + "}", known[name]
    sign = rng.choice(["=", "!=", "<", "<=", ">", ">="])
    if rng.random() < 0.12:
        return f"answered({read})"
    others = [one for one in sorted(known) if one != name and known[one] == kind]
    if others and rng.random() < 0.3 and kind not in ("set", "place", "text"):
        other = "${" + rng.choice(others) + "}"
        plus = f" + {read}" if kind == "number" and rng.random() < 0.4 else ""
        return f"{other}{plus} {sign} {rng.choice([read, '3']) if plus else read}"
    if kind == "set":
        count = f"count-selected({read}) {sign} {rng.randint(1, 2)}"
        return rng.choice([f"selected({read}, {rng.randint(1, 3)})", count])
    if kind == "text":
        length = f"string-length({read}) {sign} {rng.randint(1, 3)}"
        return rng.choice([f"{read} {rng.choice(['=', '!='])} '{rng.choice(TEXTS[:3])}'", length])
    if kind == "place":
        return f"{read} {rng.choice(['=', '!='])} '{rng.choice(['A', 'A1', 'A2'])}'"
    if kind == "day":
        return f"{read} {sign} '2024-0{rng.randint(1, 3)}'"
    return f"{read} {sign} {rng.randint(0, 4)}"


# --- trying everything ---


def answers_to(leaf: BaseQuestion) -> list[Form]:
    """Every way to fill one question of a drawn document."""
    name = leaf.variable
    found: list[Form] = [{}]
    kind = getattr(leaf, "type", "")
    codes = [str(choice.code) for choice in getattr(leaf, "choices", ())]
    if kind == "multiple":
        found += [{name: list(some)} for n in range(1, len(codes) + 1) for some in itertools.combinations(codes, n)]
    elif kind == "ranking":
        for n in range(1, len(codes) + 1):
            for some in itertools.permutations(codes, n):
                found.append({f"{name}.rank.{code}": [str(rank)] for rank, code in enumerate(some, 1)})
    elif kind == "single":
        found += [{name: [code]} for code in codes]
    elif kind == "number":
        found += [{name: [str(n)]} for n in range(4)]
    elif kind == "date":
        found += [{name: [f"2024-0{month}"]} for month in (1, 2, 3)]
    elif kind == "text":
        found += [{name: [words]} for words in TEXTS]
    elif kind == "place":
        found += [{name: [code]} for code in ("A1", "A2")]
    found += [{f"{name}.missing": ["rf"]} for _ in leaf.missing_options()]
    return found


def forms(read: Questionnaire) -> Iterator[Form]:
    for parts in itertools.product(*(answers_to(leaf) for leaf in read.leaves)):
        yield {field: values for part in parts for field, values in part.items()}


@dataclass
class Seen:
    """What some form shows, by the rule whose absence it would be."""

    read: Questionnaire
    reached: set[str] = field(default_factory=set)  # places come to, asked or not, where what is around them is shown
    met: set[str] = field(default_factory=set)
    not_true: set[str] = field(default_factory=set)
    unanswered: set[tuple[str, str]] = field(default_factory=set)
    passed: set[str] = field(default_factory=set)
    ended: set[str] = field(default_factory=set)
    went_on: set[str] = field(default_factory=set)
    judged: set[tuple[str, int]] = field(default_factory=set)
    failed: set[tuple[str, int]] = field(default_factory=set)
    answered: set[tuple[str, int]] = field(default_factory=set)
    held: set[tuple[str, int]] = field(default_factory=set)
    without_item: bool = False
    lengths: set[int] = field(default_factory=set)
    before: dict[tuple[str, str], bool] = field(default_factory=dict)  # can one pass, by question and earlier answers

    def look(self, form: Form) -> None:
        """Note what this form shows."""
        walk = replay(self.read, form)
        known: dict[str, Any] = {**walk.answers, **walk.texts}
        for place, step in enumerate(self.read.steps):
            name, section = step.question.variable, f"section {step.section + 1}"
            self._places(step, known, section)
            if name in walk.shown:
                self._shown(step, form, walk, known)
                leaves = {leaf.variable for leaf in step.question.leaves()}
                if leaves & set(walk.faults):
                    return
                if step.end is not None and evaluate(step.end, known) is True:
                    self.ended.add(name)
                    self._whole(walk)
                    return
            self.went_on.add(name)
            if place + 1 == len(self.read.steps):
                self._whole(walk)

    def _places(self, step: Step, known: dict[str, Any], section: str) -> None:
        name = step.question.variable
        own = self.read.sections[step.section]
        is_first = own.questions[0].variable == name
        inside = own.show_if is None or evaluate(parse(own.show_if), known) is True
        if is_first:
            self.reached.add(section)
            (self.met if inside else self.not_true).add(section)
        if inside:
            self.reached.add(name)
            led = step.question.show_if is None or evaluate(parse(step.question.show_if), known) is True
            rows = step.question.rows if isinstance(step.question, MatrixQuestion) else ()
            met = [one.show_if is None or evaluate(parse(one.show_if), known) is True for one in rows]
            if led and (any(met) or not rows):
                self.met.add(name)
            if not led:
                self.not_true.add(name)
            for row, is_met in zip(rows if led else (), met, strict=False):
                (self.met if is_met else self.not_true).add(row.variable)

    def _shown(self, step: Step, form: Form, walk: Walk, known: dict[str, Any]) -> None:
        question, name = step.question, step.question.variable
        for piped in PIPE.findall(question.text["en"]):
            if piped not in known:
                self.unanswered.add((name, piped))
        faults = {leaf.variable for leaf in question.leaves()} & set(walk.faults)
        if not faults:
            self.passed.add(name)
        earlier = [
            leaf.variable for one in self.read.steps[: self.read.steps.index(step)] for leaf in one.question.leaves()
        ]
        key = name, repr([known.get(one) for one in earlier])
        self.before[key] = self.before.get(key, False) or not faults
        if walk.faults.get(name) in (None, Fault.CHECK):
            self._checks(question, known)

    def _checks(self, question: BaseQuestion, known: dict[str, Any]) -> None:
        name = question.variable
        is_open = True
        for place, check in enumerate(question.checks):
            value = evaluate(parse(check.rule, name), known)
            if is_open:
                self.judged.add((name, place))
            if is_open and value is False:
                self.failed.add((name, place))
            if name in known:
                self.answered.add((name, place))
                if value is not False:
                    self.held.add((name, place))
            is_open = is_open and (check.soft or value is not False)

    def _whole(self, walk: Walk) -> None:
        asked = [name for name in walk.shown if self.read.listed[name].leaves()]
        self.lengths.add(len(asked))
        items = {leaf.variable for leaf in self.read.leaves if leaf.role == "item"}
        not_asked = {name for name, why in walk.missing.items() if str(why) == "not_asked"}
        self.without_item = self.without_item or items <= not_asked


def try_all(read: Questionnaire) -> Seen:
    """Look at every form there is."""
    seen = Seen(read)
    for form in forms(read):
        seen.look(form)
    return seen
