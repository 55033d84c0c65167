"""Random questionnaires with conditions of every kind, and random forms sent for them; the same for the same seed."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from typing import Any

from random_conditions import ODD_TEXTS, Known, random_condition
from survey.errors import QuestionnaireError
from survey.parts import MISSING_VALUES, BaseQuestion, ChosenQuestion, Missing
from survey.questionnaire import Questionnaire, read_questionnaire
from survey.questions import (
    ConsentQuestion,
    DateQuestion,
    MultipleQuestion,
    NumberQuestion,
    PlaceQuestion,
    RankingQuestion,
    TextQuestion,
)
from survey.reading import rank_name

NAMES = ["constructor", "a", "valueof", "q_1", "then", "length", *(f"v{number}" for number in range(200))]
TEXT = {"en": "?"}
MISSING = [{"kind": "dont_know", "text": TEXT}, {"kind": "refused", "text": TEXT}]
NUMBERS = ["0", "1", "-3", "2.5", "999999999", "0.000001", "-7.25", "3,5", "+4", "1e3", "12 ", "1.2345678", "1,2,3", ""]
NUMBERS += ["１８", "１．５", "－２", "−2", "٣٫٥", "४२", "5\u200f", "\u200e5", "༪", "①", "5\x1f", "\ufeff5", "1" * 10]
DATES = ["2020-02-29", "2021-02-29", "1999", "2020-5", "2024/12/31", "2020年5月1日", "２０２１－01-01", "0000", "soon"]
DATES += ["2020.5.31", "2020年", "2020年13月", "0001-01-01", "2020-00-10", "20-1-1", "2026-07-01", "٢٠٢٠-٠٥"]


def random_questionnaire(rng: random.Random, *, shuffled: bool = False) -> Questionnaire:
    """A questionnaire that the model accepts."""
    while True:
        try:
            return read_questionnaire(_document(rng, shuffled))
        except QuestionnaireError:  # a condition that some order breaks: the model said so, try another
            if not shuffled:
                raise


def _document(rng: random.Random, shuffled: bool) -> dict[str, Any]:
    names, known = iter(NAMES), Known()
    sections = []
    for _ in range(rng.randint(1, 4)):
        mixed = shuffled and rng.random() < 0.6
        known.hold(mixed)
        section: dict[str, Any] = (
            {} if known.before.is_empty or rng.random() < 0.6 else {"show_if": random_condition(rng, known.before)}
        )
        section |= {"shuffled": mixed, "fixed": rng.random() < 0.3}
        section["questions"] = [_question(rng, names, known, shuffled) for _ in range(rng.randint(1, 4))]
        sections.append(section)
    return {
        "format": "minyi-questionnaire/1",
        "name": "random",
        "title": TEXT,
        "languages": ["en"],
        "shuffled_sections": shuffled and rng.random() < 0.6,
        "sections": sections,
    }


def _question(rng: random.Random, names: Any, known: Known, shuffled: bool) -> dict[str, Any]:
    kind = rng.choice(list(_PARTS))
    name = next(names)
    made = {"type": kind, "variable": name, "text": TEXT, "fixed": rng.random() < 0.3}
    if not known.before.is_empty and rng.random() < 0.5:
        made["show_if"] = random_condition(rng, known.before)
    if not known.before.is_empty and rng.random() < 0.1:
        made["text"] = {"en": f"${{{known.before.any_name(rng)}}}?"}
    made |= _PARTS[kind](rng, names, known, name)
    if shuffled and kind in ("single", "multiple", "matrix", "five_level", "ranking"):
        made["shuffled"] = rng.random() < 0.5
    if kind != "statement" and not known.before.is_empty and rng.random() < 0.12:
        made["end_if"] = random_condition(rng, known.before)
    return made


def _choices(rng: random.Random) -> list[dict[str, Any]]:
    made: list[dict[str, Any]] = [{"code": code, "text": TEXT} for code in rng.sample(range(12), rng.randint(2, 5))]
    if rng.random() < 0.4:
        made.append({"code": 99, "text": TEXT, "missing": "dont_know"})
    if rng.random() < 0.3:
        made.append({"code": 98, "text": TEXT, "missing": "not_applicable"})
    return made


def _codes(choices: Sequence[dict[str, Any]]) -> list[int]:
    return [choice["code"] for choice in choices]


def _single(rng: random.Random, _names: Any, known: Known, name: str) -> dict[str, Any]:
    choices = _choices(rng)
    known.codes[name] = _codes(choices)
    return {"choices": choices}


def _multiple(rng: random.Random, _names: Any, known: Known, name: str) -> dict[str, Any]:
    choices = _choices(rng)
    choices[0]["exclusive"] = rng.random() < 0.3
    known.sets[name] = _codes(choices)
    return {"choices": choices} | ({"at_most": 1} if rng.random() < 0.2 else {})


def _five_level(rng: random.Random, _names: Any, known: Known, name: str) -> dict[str, Any]:
    known.codes[name] = [1, 2, 3, 4, 5]
    return {"choices": [{"code": code, "text": TEXT} for code in known.codes[name]]}


def _ranking(rng: random.Random, _names: Any, known: Known, name: str) -> dict[str, Any]:
    known.sets[name] = [3, 1, 2]
    return {"choices": [{"code": code, "text": TEXT} for code in (3, 1, 2)], "missing": MISSING}


def _matrix(rng: random.Random, names: Any, known: Known, _name: str) -> dict[str, Any]:
    choices, several = _choices(rng), rng.random() < 0.4
    rows: list[dict[str, Any]] = [{"variable": next(names), "text": TEXT} for _ in range(rng.randint(1, 3))]
    for row in rows:
        if not known.before.is_empty and rng.random() < 0.4:
            row["show_if"] = random_condition(rng, known.before)
    for row in rows:
        (known.sets if several else known.codes)[row["variable"]] = _codes(choices)
    return {"choices": choices, "rows": rows, "multiple": several, "shuffled_rows": rng.random() < 0.5}


def _scale(rng: random.Random, _names: Any, known: Known, name: str) -> dict[str, Any]:
    known.codes[name] = [1, 2, 3, 4, 5, 6, 7]
    return {"first": 1, "last": 7, "first_label": TEXT, "last_label": TEXT, "missing": MISSING}


def _nps(rng: random.Random, _names: Any, known: Known, name: str) -> dict[str, Any]:
    known.codes[name] = list(range(11))
    return {"first_label": TEXT, "last_label": TEXT}


def _number(rng: random.Random, _names: Any, known: Known, name: str) -> dict[str, Any]:
    known.numbers.append(name)
    return {"decimals": rng.randint(0, 6), "maximum": 99, "missing": MISSING}


def _date(rng: random.Random, _names: Any, known: Known, name: str) -> dict[str, Any]:
    known.dates.append(name)
    return {"precision": rng.choice(["day", "month", "year"]), "latest": "today", "missing": MISSING[:1]}


def _text(rng: random.Random, _names: Any, known: Known, name: str) -> dict[str, Any]:
    known.texts.append(name)
    return {"max_length": 30, "missing": MISSING if rng.random() < 0.5 else []}


def _place(rng: random.Random, _names: Any, known: Known, name: str) -> dict[str, Any]:
    known.texts.append(name)
    parents = {"3200": None, "320100": "3200", "320200": "3200", "east-2": None}
    places = [{"code": code, "text": TEXT} | ({"parent": above} if above else {}) for code, above in parents.items()]
    return {"places": places, "missing": MISSING}


def _consent(rng: random.Random, _names: Any, known: Known, name: str) -> dict[str, Any]:
    known.codes[name] = [1]
    return {"required": True, "agree": TEXT, "decline": TEXT}


def _statement(rng: random.Random, _names: Any, _known: Known, _name: str) -> dict[str, Any]:
    return {}


_PARTS: dict[str, Callable[..., dict[str, Any]]] = {
    "single": _single,
    "five_level": _five_level,
    "multiple": _multiple,
    "ranking": _ranking,
    "matrix": _matrix,
    "scale": _scale,
    "nps": _nps,
    "number": _number,
    "date": _date,
    "text": _text,
    "place": _place,
    "consent": _consent,
    "statement": _statement,
}


def random_form(rng: random.Random, asked: Questionnaire) -> dict[str, list[str]]:
    """What a browser may send for it: any choice that is offered, and whatever can be typed."""
    form: dict[str, list[str]] = {}
    for leaf in asked.leaves:
        if rng.random() < 0.85:
            form |= _sent(rng, leaf)
        kinds = [MISSING_VALUES[Missing(option.kind)] for option in leaf.missing_options()]
        if kinds and rng.random() < 0.2:
            form[f"{leaf.variable}.missing"] = [rng.choice(kinds)]
    return form


def _sent(rng: random.Random, leaf: BaseQuestion) -> dict[str, list[str]]:
    name = leaf.variable
    if isinstance(leaf, RankingQuestion):
        return {
            rank_name(name, choice.code): [rng.choice(["", "0", "1", "2", "3", "４", "x"])] for choice in leaf.choices
        }
    if isinstance(leaf, MultipleQuestion):
        codes = [str(choice.code) for choice in leaf.choices]
        return {name: rng.sample(codes, rng.randint(0, len(codes)))}
    return {name: rng.choices(_values(leaf), k=2 if rng.random() < 0.05 else 1)}


def _values(leaf: BaseQuestion) -> list[str]:
    """What one field of this question can hold."""
    if isinstance(leaf, ChosenQuestion):
        return ["", *(str(choice.code) for choice in leaf.choices)]
    if isinstance(leaf, NumberQuestion):
        return NUMBERS
    if isinstance(leaf, DateQuestion):
        return DATES
    if isinstance(leaf, TextQuestion):
        return ODD_TEXTS
    if isinstance(leaf, PlaceQuestion):
        return ["", *(place.code for place in leaf.offered)]
    if isinstance(leaf, ConsentQuestion):
        return ["1", "1", "1", "1", "1", "0", ""]
    return ["", "dk", *map(str, leaf.valid_codes())] if leaf.missing_options() else list(map(str, leaf.valid_codes()))
