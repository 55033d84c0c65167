"""Expressions and conditions mean the same: both are evaluated on the same answers, each by its own rules.

The reference for XLSForm is small and slow: an answer is a text, empty where there is none; a number is compared as a
number, and what is no number compares with nothing.
"""

from __future__ import annotations

import math
from decimal import Decimal
from typing import Any

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from scale import scaled
from survey.formats.truth import ALWAYS, NEVER
from survey.formats.xlsform.asked import Asked, Scope
from survey.formats.xlsform.expressions import constraint, expression
from survey.formats.xlsform.logic import check_rule, condition, written
from survey.formats.xlsform.parsing import ExpressionError, Tree, parse_expression
from survey.logic import TODAY, evaluate, parse
from survey.questionnaire import read_questionnaire

DAY = "2026-11-21"
WORDS = {"en": "?"}
YN = [{"code": 1, "text": WORDS}, {"code": 2, "text": WORDS}]
DK = {"code": 98, "text": WORDS, "missing": "dont_know"}
RF = {"code": 99, "text": WORDS, "missing": "refused"}
ABC = [{"code": code, "text": WORDS} for code in (1, 2, 3)]
DOCUMENT = {
    "format": "minyi-questionnaire/1",
    "name": "reference",
    "title": WORDS,
    "languages": ["en"],
    "sections": [
        {
            "questions": [
                {"type": "single", "variable": "yn", "text": WORDS, "required": True, "choices": YN},
                {"type": "single", "variable": "dk", "text": WORDS, "choices": [*YN, DK, RF]},
                {"type": "single", "variable": "firm", "text": WORDS, "required": True, "choices": [*YN, DK]},
                {"type": "single", "variable": "rate", "text": WORDS, "choices": ABC},
                {"type": "multiple", "variable": "several", "text": WORDS, "choices": [*ABC, DK]},
                {"type": "number", "variable": "age", "text": WORDS},
                {"type": "number", "variable": "size", "text": WORDS, "required": True},
                {"type": "text", "variable": "word", "text": WORDS},
                {"type": "date", "variable": "day", "text": WORDS},
            ]
        }
    ],
}
QUESTIONNAIRE = read_questionnaire(DOCUMENT)
_TWO = {"1": (1,), "2": (2,)}
ASKED = {
    "yn": Asked("yn", "single", _TWO, is_certain=True),
    "dk": Asked("dk", "single", _TWO | {"98": (98,), "99": (99,)}, frozenset({98, 99})),
    "firm": Asked("firm", "single", _TWO | {"98": (98,)}, frozenset({98}), is_certain=True),
    "rate": Asked("rate", "single", _TWO | {"3": (3,)}),
    "several": Asked("several", "several", _TWO | {"3": (3,), "98": (98,)}, frozenset({98})),
    "age": Asked("age", "number"),
    "size": Asked("size", "number", is_certain=True),
    "word": Asked("word", "text"),
    "day": Asked("day", "date"),
}
SCOPE = Scope(asked=ASKED, calculated={"total": "${age} + ${size}", "is_one": "${rate} = '1'"})
ANSWERS = st.fixed_dictionaries(
    {
        "yn": st.sampled_from(["1", "2"]),
        "dk": st.sampled_from(["", "1", "2", "98", "99"]),
        "firm": st.sampled_from(["1", "2", "98"]),
        "rate": st.sampled_from(["", "1", "2", "3"]),
        "several": st.sampled_from(["", "1", "2", "3", "1 2", "1 3", "2 3", "1 2 3", "98"]),
        "age": st.sampled_from(["", "0", "1", "2", "3"]),
        "size": st.sampled_from(["0", "1", "2", "3"]),
        "word": st.sampled_from(["", "a", "ab", "1"]),
        "day": st.sampled_from(["", "2020-01-01", DAY, "2030-01-01"]),
    }
)


def ours(answers: dict[str, str]) -> dict[str, Any]:
    """The same answers as conditions know them: none where a reason for none was chosen."""
    known: dict[str, Any] = {TODAY: DAY}
    for name, text in answers.items():
        missing = {str(code) for code in ASKED[name].missing}
        if name == "several":
            codes = tuple(int(code) for code in text.split() if code not in missing)
            known |= {name: codes} if codes else {}
        elif text and text not in missing:
            known[name] = int(text) if ASKED[name].kind in ("single", "number") else text
    return known


def reference(tree: Tree, answers: dict[str, str], own: str = "") -> Any:
    """The value of an XLSForm expression: a truth, a number or a text."""
    kind = tree[0]
    if kind in ("or", "and"):
        truths = [is_true(reference(part, answers, own)) for part in tree[1:]]
        return any(truths) if kind == "or" else all(truths)
    if kind == "compare":
        return compared(tree[1], reference(tree[2], answers, own), reference(tree[3], answers, own))
    if kind == "sum":
        values = [number(reference(part, answers, own)) for part in tree[1::2]]
        return values[0] + sum(one if sign == "+" else -one for sign, one in zip(tree[2::2], values[1:], strict=True))
    if kind in ("name", "own"):
        name = tree[1] if kind == "name" else own
        if name in SCOPE.calculated:
            return reference(parse_expression(SCOPE.calculated[name]), answers, own)
        is_number = ASKED[name].kind == "number" and answers[name]
        return float(answers[name]) if is_number else answers[name]
    if kind in ("number", "text"):
        return float(tree[1]) if kind == "number" else tree[1]
    return called(tree[1], [reference(part, answers, own) for part in tree[2:]])


def called(name: str, values: list[Any]) -> Any:
    """The functions that conditions can be made of."""
    if name in ("true", "false", "today"):
        return {"true": True, "false": False, "today": DAY}[name]
    if name == "not":
        return not is_true(values[0])
    if name == "selected":
        return f"{values[1]:g}" in values[0].split() if isinstance(values[1], float) else values[1] in values[0].split()
    if name in ("count-selected", "string-length"):
        return float(len(values[0].split() if name == "count-selected" else values[0]))
    return values[0]  # date()


def is_true(value: Any) -> bool:
    return bool(value) and not (isinstance(value, float) and math.isnan(value))


def number(value: Any) -> float:
    try:
        return float(value)
    except ValueError:
        return math.nan


def compared(operator: str, left: Any, right: Any) -> bool:
    """Days among themselves, texts as texts when only their equality is asked, and numbers."""
    are_days = all(isinstance(one, str) and len(one) == 10 for one in (left, right))
    if isinstance(left, bool) or isinstance(right, bool):
        left, right = is_true(left), is_true(right)
    elif not are_days and (operator not in ("=", "!=") or isinstance(left, float) or isinstance(right, float)):
        left, right = number(left), number(right)
    return bool(
        {
            "=": left == right,
            "!=": left != right,
            "<": left < right,
            "<=": left <= right,
            ">": left > right,
            ">=": left >= right,
        }[operator]
    )


def _atoms() -> st.SearchStrategy[str]:
    equal, order = st.sampled_from(["=", "!="]), st.sampled_from(["<", "<=", ">", ">=", "=", "!="])
    choice = st.sampled_from(["yn", "dk", "firm", "rate", "several"])
    numeric = st.sampled_from(["${age}", "${size}", "${total}", "${age} - 1", "${size} + ${age}", "2", "3", "${rate}"])
    return st.one_of(
        st.builds("${{{}}} {} '{}'".format, choice, equal, st.sampled_from(["", "1", "2", "98"])),
        st.builds("selected(${{{}}}, '{}')".format, choice, st.sampled_from(["1", "2", "98"])),
        st.builds("{} {} {}".format, numeric, order, numeric),
        st.builds(
            "count-selected(${{{}}}) {} {}".format, st.sampled_from(["several", "rate"]), order, st.integers(0, 3)
        ),
        st.builds("string-length(${{word}}) {} {}".format, order, st.integers(0, 2)),
        st.builds("${{word}} {} {}".format, equal, st.sampled_from(["'a'", "''", "'1'"])),
        st.builds("${{day}} {} {}".format, order, st.sampled_from(["today()", "date('2020-01-01')", "'2030-01-01'"])),
        st.sampled_from(
            ["${age}", "${word}", "${rate}", "${is_one}", "true()", "${yn} = ${rate}", "${is_one} = false()"]
        ),
    )


def _joined(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.one_of(
        st.builds("({}) and ({})".format, inner, inner),
        st.builds("({}) or ({})".format, inner, inner),
        st.builds("not({})".format, inner),
    )


EXPRESSIONS = st.recursive(_atoms(), _joined, max_leaves=5)
SAMPLE = settings(max_examples=scaled(20_000, least=300))


@SAMPLE
@given(EXPRESSIONS, st.lists(ANSWERS, min_size=8, max_size=8))
def test_an_expression_is_true_on_the_same_answers_as_its_condition(text: str, cases: list[dict[str, str]]) -> None:
    """Whatever is translated is exact; what would be inexact is refused."""
    try:
        truth = condition(text, SCOPE)
        ready = written(truth)
    except ExpressionError:
        assume(False)
    for answers in cases:
        wanted = is_true(reference(parse_expression(text), answers))
        if ready is None or truth == NEVER:
            assert wanted is (truth == ALWAYS), (text, answers)
        else:
            assert (evaluate(parse(ready), ours(answers)) is True) is wanted, (text, ready, answers)


@SAMPLE
@given(EXPRESSIONS, st.sampled_from(["rate", "several", "age", "day", "dk"]), st.lists(ANSWERS, min_size=8, max_size=8))
def test_a_check_fails_where_its_constraint_does(text: str, own: str, cases: list[dict[str, str]]) -> None:
    """Where there is an answer; elsewhere neither is looked at."""
    text = text.replace(f"${{{own}}}", ".")
    others = {name: asked for name, asked in ASKED.items() if name != own}
    try:
        rule = check_rule(text, Scope(asked=others, calculated={}).within(ASKED[own]))
    except ExpressionError:
        assume(False)
    for answers in cases:
        if own in ours(answers):
            wanted = is_true(reference(parse_expression(text), answers, own))
            value = True if rule is None else evaluate(parse(rule, own), ours(answers)) is not False
            assert value is wanted, (text, rule, answers)


def _our_atoms() -> st.SearchStrategy[str]:
    order = st.sampled_from(["<", "<=", ">", ">=", "=", "!="])
    single = st.sampled_from(["yn", "dk", "firm", "rate"])
    numeric = st.sampled_from(["${age}", "${size}", "${age} - 1", "${size} + ${age}", "2", "3"])
    return st.one_of(
        st.builds("${{{}}} {} {}".format, single, order, st.integers(1, 3)),
        st.builds("selected(${{{}}}, {})".format, st.sampled_from(["several", "rate"]), st.integers(1, 3)),
        st.builds("answered(${{{}}})".format, st.sampled_from(sorted(ASKED))),
        st.builds("{} {} {}".format, numeric, order, numeric),
        st.builds(
            "count-selected(${{{}}}) {} {}".format, st.sampled_from(["several", "rate"]), order, st.integers(0, 3)
        ),
        st.builds("string-length(${{word}}) {} {}".format, order, st.integers(0, 2)),
        st.builds("${{word}} {} {}".format, st.sampled_from(["=", "!="]), st.sampled_from(["'a'", "'ab'"])),
        st.builds("${{day}} {} {}".format, order, st.sampled_from(["today()", "'2020-01-01'"])),
    )


CONDITIONS = st.recursive(_our_atoms(), lambda inner: st.one_of(_joined(inner), st.builds("not ({})".format, inner)))


@SAMPLE
@given(CONDITIONS, st.lists(ANSWERS, min_size=8, max_size=8))
def test_a_condition_is_true_on_the_same_answers_as_its_expression(text: str, cases: list[dict[str, str]]) -> None:
    """Unknown is not true there either."""
    text = text.replace("not(", "not (")
    told = expression(parse(text), QUESTIONNAIRE.by_variable)
    for answers in cases:
        wanted = evaluate(parse(text), ours(answers)) is True
        assert is_true(reference(parse_expression(told), answers)) is wanted, (text, told, answers)


@SAMPLE
@given(CONDITIONS, st.sampled_from(["rate", "several", "age", "day"]), st.lists(ANSWERS, min_size=8, max_size=8))
def test_a_constraint_fails_where_its_check_does(text: str, own: str, cases: list[dict[str, str]]) -> None:
    """Where there is an answer that counts."""
    rule = text.replace("not(", "not (").replace(f"${{{own}}}", ".")
    told = constraint(rule, own, QUESTIONNAIRE.by_variable)
    for answers in cases:
        if own in ours(answers):
            wanted = evaluate(parse(rule, own), ours(answers)) is not False
            assert is_true(reference(parse_expression(told), answers, own)) is wanted, (rule, told, answers)


def test_numbers_of_the_reference_are_those_of_the_form() -> None:
    """The reference itself: an empty answer is unequal to everything and compares with nothing."""
    blank = dict.fromkeys(ASKED, "")
    assert is_true(reference(parse_expression("${age} != 3"), blank))
    assert not is_true(reference(parse_expression("${age} < 3"), blank))
    assert Decimal(reference(parse_expression("${total}"), blank | {"age": "1", "size": "2"})) == 3
