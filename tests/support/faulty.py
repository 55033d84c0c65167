"""One small questionnaire for each rule of the proof and the methodology check, written such that the rule finds it."""

from __future__ import annotations

from typing import Any

from counter import questionnaire
from survey.findings import Finding
from survey.method import review
from survey.proof import prove
from survey.questionnaire import read_questionnaire

LEVELS = ("Very good", "Good", "Neither good nor bad", "Bad", "Very bad")


def choices(*labels: str) -> list[dict[str, Any]]:
    return [{"code": code, "text": {"en": label}} for code, label in enumerate(labels, 1)]


def single(variable: str = "q1", *labels: str, text: str = "How is it?", **more: Any) -> dict[str, Any]:
    made = choices(*(labels or ("yes", "no", "perhaps")))
    return {"type": "single", "variable": variable, "text": {"en": text}, "choices": made, **more}


def graded(text: str = "How is it?", **more: Any) -> dict[str, Any]:
    return single("q1", *LEVELS, text=text, **more)


def number(variable: str = "n", **more: Any) -> dict[str, Any]:
    return {"type": "number", "variable": variable, "text": {"en": "How many?"}, "role": "item", **more}


def check(rule: str) -> dict[str, Any]:
    return {"rule": rule, "text": {"en": "Really?"}}


def words(text: str = "What do you wish?", **more: Any) -> dict[str, Any]:
    return {"type": "text", "variable": "w", "text": {"en": text}, "role": "item", **more}


def second(**more: Any) -> dict[str, Any]:
    return single("q2", **more)


MUST = single(required=True)
BOUNDED = number(minimum=0, maximum=9, required=True)
PIGEONS = [
    single(f"p{n}", *map(str, range(9)), required=True)
    | ({"checks": [check(" and ".join(f". != ${{p{m}}}" for m in range(n)))]} if n else {})
    for n in range(10)
]
MANY = [f"choice {n}" for n in range(301)]
LONG = single(text="word " * 36)
MATRIX = {"type": "matrix", "variable": "m", "text": {"en": "How?"}, "choices": choices("a", "b")}
ROWS = [{"variable": f"r{n}", "text": {"en": f"row {n}"}} for n in range(11)]
GOOD_FIRST = [{"code": code, "text": {"en": label}} for code, label in zip(range(5, 0, -1), LEVELS, strict=True)]
GRADED = graded()
TURNED = GRADED | {"choices": GOOD_FIRST}
PIPED = {"en": "So ${q1}?", "de": "Also?"}
GERMAN = {"title": {"en": "t", "de": "t"}, "languages": ["en", "de"]}
TWO = [{"code": 1, "text": {"en": "yes", "de": "ja"}}, {"code": 2, "text": {"en": "no", "de": "nein"}}]
BOTH = single(required=True) | {"text": {"en": "Well?", "de": "Nun?"}, "choices": TWO}

QUESTIONS: dict[str, list[dict[str, Any]]] = {
    "unreachable": [MUST, second(show_if="${q1} = 1 and ${q1} = 2")],
    "contradictory": [MUST, second(show_if="${q1} = 1 and ${q1} = 2")],
    "always_true": [MUST, second(show_if="answered(${q1})")],
    "check_never_fails": [BOUNDED | {"checks": [check(". >= 0")]}],
    "check_always_fails": [BOUNDED | {"checks": [check("not (. >= 0)")]}],
    "no_way_on": [BOUNDED | {"checks": [check(". > 5"), check(". < 5")]}],
    "dead_end": [BOUNDED, number("more", minimum=0, maximum=9, required=True, checks=[check(". > ${n}")])],
    "end_never": [single(end_if=". = 1 and . = 2")],
    "end_always": [MUST | {"end_if": "answered(.)"}, second()],
    "empty_pipe": [single(), second(text="So ${q1}?")],
    "asks_nothing": [single(role="other")],
    "undecided": [*PIGEONS, second()],
    "impossible_value": [single(), second(show_if="${q1} = 1 or ${q1} = 9")],
    "use_selected": [single() | {"type": "multiple"}, second(show_if="${q1} = 1 or selected(${q1}, 2)")],
    "wrong_function": [single(), second(show_if="count-selected(${q1}) = 1")],
    "empty_text": [single(text="\u200b")],
    "untranslated": [single(text="TODO")],
    "same_text": [single("q1", "yes", "Yes")],
    "heavy_page": [single("q1", *MANY, dropdown=True)],
    "double_barrelled": [graded("How are the staff and the building?")],
    "leading": [graded("How was our excellent service?")],
    "double_negative": [single(text="Is it not unfair?")],
    "absolute": [graded("Are the staff always polite?")],
    "long_text": [LONG],
    "no_not_applicable": [graded("How is the library?", required=True)],
    "personal_data": [words("What is your name?")],
    "unbalanced_scale": [single("q1", "Very good", "Good", "Bad")],
    "no_midpoint": [graded(), second() | {"choices": choices("Good", "Bad")}],
    "scale_order": [single("q1", "Good", "Very good", "Very bad", "Bad")],
    "overlapping_ranges": [single("q1", "0-10", "10-20", "20-30")],
    "gap_in_ranges": [single("q1", "0-10", "15-20", "21-30")],
    "shuffled_order": [graded(shuffled=True)],
    "long_list": [single("q1", *MANY[:16])],
    "long_matrix": [MATRIX | {"rows": ROWS}],
    "open_required": [words(required=True)],
    "all_required": [single(f"q{n}", required=True) for n in range(5)],
    "demographics_first": [single(role="demographic"), second()],
    "too_long": [words() | {"variable": f"w{n}"} for n in range(30)],
}
AGES = ("18岁以下", "18-30岁", "31岁以上")
AGE = single() | {
    "text": {"zh-Hans": "您多大？"},
    "choices": [{"code": code, "text": {"zh-Hans": label}} for code, label in enumerate(AGES)],
}
OTHERS: dict[str, tuple[dict[str, Any], dict[str, Any] | None]] = {
    "pipes_differ": (questionnaire(BOTH, BOTH | {"variable": "q2", "text": PIPED}, **GERMAN), None),
    "unclear_edge": (questionnaire(AGE, languages=["zh-Hans"], title={"zh-Hans": "调查"}), None),
    "direction_changed": (questionnaire(GRADED), questionnaire(TURNED)),
    "recoded": (questionnaire(single("q1", "yes", "no")), questionnaire(single("q1", "no", "yes"))),
}
RULES = [*QUESTIONS, *OTHERS]


def found(rule: str) -> list[Finding]:
    """Everything that is found in the questionnaire of one rule."""
    document, before = OTHERS.get(rule) or (questionnaire(*QUESTIONS[rule]), None)
    read = read_questionnaire(document)
    return [*prove(read), *review(read, None if before is None else read_questionnaire(before))]
