"""XLSForm expressions in our language: what each becomes, and why others cannot be said."""

import pytest

from survey.formats.spelling import denied
from survey.formats.truth import ALWAYS, NEVER
from survey.formats.xlsform.asked import Asked, Scope
from survey.formats.xlsform.logic import check_rule, condition, written
from survey.formats.xlsform.parsing import ExpressionError, parse_expression

YES_NO = {"yes": (1,), "no": (2,)}
FIVE = {str(number): (number,) for number in range(1, 6)}
ABC = {"a": (1,), "b": (2,), "c": (3,)}
SCOPE = Scope(
    asked={
        "Firm": Asked("firm", "single", YES_NO, is_certain=True),
        "way": Asked("way", "single", {**ABC, "d": (4,)}),
        "twice": Asked("twice", "single", {"x": (1, 3), "y": (2,)}),
        "dk": Asked("dk", "single", {**YES_NO, "98": (98,)}, frozenset({98})),
        "dk_firm": Asked("dk_firm", "single", {**YES_NO, "98": (98,)}, frozenset({98}), is_certain=True),
        "rate": Asked("rate", "single", FIVE),
        "several": Asked("several", "several", ABC),
        "age": Asked("age", "number"),
        "word": Asked("word", "text"),
        "day": Asked("day", "date"),
    },
    calculated={"total": "${age} + 1", "ok": "${Firm} = 'yes'", "circle": "${circle} = 1"},
    gone={"gps": "which is left out"},
    days={"today"},
)
CONDITIONS = {
    "${Firm} = 'yes'": "${firm} = 1",
    "${ Firm }='yes'": "${firm} = 1",
    "${Firm} = ’yes’": "${firm} = 1",
    '${Firm} = "yes"': "${firm} = 1",
    "'yes' = ${Firm}": "${firm} = 1",
    "selected(${Firm}, 'yes')": "${firm} = 1",
    "selected (${several}, 'b')": "selected(${several}, 2)",
    "${way} = 'a' or ${way} = 'b'": "${way} = 1 or ${way} = 2",
    "${way} != 'a'": "not answered(${way}) or ${way} != 1",
    "${way} != '' and ${way} != 'a'": "${way} != 1",
    "${way}='a' and ${way}!='b'": "${way} = 1",
    "not(${way} = 'a')": "not answered(${way}) or ${way} != 1",
    "${way} = ''": "not answered(${way})",
    "${way}": "answered(${way})",
    "${twice} = 'x'": "${twice} != 2",
    "${dk_firm} = 98": "not answered(${dk_firm})",
    "${dk} != '' and ${dk} != '98'": "answered(${dk})",
    "${rate} >= 3": "${rate} >= 3",
    "${rate} >= 4": "${rate} = 4 or ${rate} = 5",
    "${rate} + ${age} > 5": "${rate} + ${age} > 5",
    "${several} = 'a'": "selected(${several}, 1) and count-selected(${several}) = 1",
    "not(selected(${several}, 'a'))": "not answered(${several}) or not selected(${several}, 1)",
    "count-selected(${several}) >= 2": "count-selected(${several}) >= 2",
    "count-selected(${several}) < 2": "not answered(${several}) or count-selected(${several}) < 2",
    "${age} > 18 and ${age} <= 65": "${age} > 18 and ${age} <= 65",
    "18 < ${age}": "18 < ${age}",
    "${age} = '18'": "${age} = 18",
    "${age} = -1": "${age} = -1",
    "${age}": "${age} != 0",
    '${word} = "it\'s"': '${word} = "it\'s"',
    "string-length(${word}) > 3": "string-length(${word}) > 3",
    "${day} > date('2020-01-01')": "${day} > '2020-01-01'",
    "${day} <= today()": "${day} <= today()",
    "${day} < ${today}": "${day} < today()",
    "${total} >= 18": "${age} + 1 >= 18",
    "${ok}": "${firm} = 1",
    "not(${ok})": "${firm} = 2",
    "${ok} = true()": "${firm} = 1",
    "${Firm} = 'yes' AND ${age} > 1": "${firm} = 1 and ${age} > 1",
}


@pytest.mark.parametrize(("expression", "ours"), list(CONDITIONS.items()))
def test_what_an_expression_becomes(expression: str, ours: str) -> None:
    """Names become variables and codes; what an empty answer does there is said where it matters."""
    assert written(condition(expression, SCOPE)) == ours


@pytest.mark.parametrize(
    ("expression", "why"),
    [
        ("${gps} = 1", "reads gps, which is left out"),
        ("${later} = 1", "reads later, which no earlier question asks"),
        ("${way} = 'z'", "'z' is no choice of way"),
        ("${way} > 'b'", "puts in order"),
        ("${dk} = '98'", "tells apart why there is no answer"),
        ("${dk} != ''", "tells apart why there is no answer"),
        ("${age} * 2 > 3", "multiplies or divides"),
        ("${age} div 2 > 3", "multiplies or divides"),
        ("../age > 3", "follows the path ../age"),
        ("regex(${word}, '^a')", "function regex() has no counterpart"),
        ("if(${age} > 1, 1, 2) = 1", "function if() has no counterpart"),
        ("coalesce(${age}, 0) > 1", "function coalesce() has no counterpart"),
        ("jr:choice-name(${way}, '${way}') = 'a'", "function jr:choice-name() has no counterpart"),
        ("${age} + ${word} > 3", "adds what is no number"),
        ("${word} > 3", "different kinds"),
        ("${age} + 1", "something true or false is needed"),
        ("(${age} > 1) > 2", "a comparison stands where a value is needed"),
        ("${circle}", "a comparison stands where a value is needed"),
        ("${age} >", "no expression that can be read"),
        ("", "no expression that can be read"),
        ("(" * 60 + "1" + ")" * 60, "too long or too deep"),
        ("not(" * 5_000, "too long or too deep"),
        (" and ".join(["${age} > 1"] * 200), "too many parts"),
        ("${word} = '" + "x" * 1_000 + "'", "the condition is too long"),
        ("${age} + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 > 3", "adds too many numbers"),
        (". > 3", '"." stands for nothing here'),
    ],
)
def test_why_an_expression_cannot_be_said(expression: str, why: str) -> None:
    """Each reason is told in words."""
    with pytest.raises(ExpressionError) as caught:
        written(condition(expression, SCOPE))
    assert why in str(caught.value)


def test_calculations_that_grow_without_end_are_stopped() -> None:
    """Ten calculations, each of ten of the one before, would make a thousand million parts."""
    grown = {f"c{level}": " or ".join([f"${{c{level - 1}}}"] * 10) for level in range(1, 11)}
    scope = Scope(asked=SCOPE.asked, calculated={"c0": "${age} > 1", **grown})
    with pytest.raises(ExpressionError, match="too many parts"):
        condition("${c7}", scope)


def test_constants_are_always_or_never() -> None:
    """Also a bare word, as spreadsheets store truths, and a number."""
    assert [condition(text, SCOPE) for text in ("true()", "true", "1.5", "not(false())")] == [ALWAYS] * 4
    assert [condition(text, SCOPE) for text in ("false()", "FALSE", "0", "${way} = 'a' and ${way} = 'b'")] == [
        NEVER
    ] * 4


@pytest.mark.parametrize(
    ("own", "expression", "rule"),
    [
        ("number", ". >= 0 and . <= 120", ". >= 0 and . <= 120"),
        ("number", ".>14 and .<=110", ". > 14 and . <= 110"),
        ("number", ". >= 0 or . = -99", ". >= 0 or . = -99"),
        ("number", ". > ${age}", "answered(${age}) and . > ${age}"),
        ("number", "not(. = 5 and ${age} > 3)", ". != 5 or not answered(${age}) or ${age} <= 3"),
        ("text", ". = ${word}", "answered(${word}) and . = ${word}"),
        ("text", "string-length(.) = 10", "string-length(.) = 10"),
        ("date", ". <= today()", ". <= today()"),
        ("several", "count-selected(.) <= 3", "count-selected(.) <= 3"),
        ("several", "not(selected(., 'a') and count-selected(.) > 1)", "not selected(., 1) or count-selected(.) <= 1"),
        ("single", ". != 'a' or ${Firm} = 'yes'", ". != 1 or ${firm} != 2"),
        ("number", "true()", None),
        ("text", ". != ''", None),
    ],
)
def test_what_a_constraint_becomes(own: str, expression: str, rule: str | None) -> None:
    """Where another question has no answer, the constraint fails there, and so does the check."""
    codes = ABC if own in ("single", "several") else {}
    asked = Asked("own", own, codes)  # type: ignore[arg-type]
    assert check_rule(expression, SCOPE.within(asked)) == rule


def test_a_constraint_that_never_holds_is_no_check() -> None:
    """Nobody could go on."""
    with pytest.raises(ExpressionError, match="never holds"):
        check_rule("false()", SCOPE.within(Asked("own", "number")))


@pytest.mark.parametrize(
    ("condition_text", "opposite"),
    [
        ("${a} = 1 and not answered(${b})", "${a} != 1 or answered(${b})"),
        ("not (${a} < 3 or selected(${b}, 2))", "${a} < 3 or selected(${b}, 2)"),
        ("(${a} >= 1 or ${b} = 'x') and . > 2", "(${a} < 1 and ${b} != 'x') or . <= 2"),
        ("${a} - (${b} + 1.5) > string-length(.)", "${a} - (${b} + 1.5) <= string-length(.)"),
        ("selected(${a}, 1)", "not selected(${a}, 1)"),
        ("count-selected(${a}) != -2", "count-selected(${a}) = -2"),
        ("${a} <= today()", "${a} > today()"),
    ],
)
def test_conditions_are_denied_part_by_part(condition_text: str, opposite: str) -> None:
    """Comparisons turn round, and so do and and or."""
    assert denied(condition_text, "own") == opposite


def test_the_same_expression_is_read_once() -> None:
    """Trees are kept, since forms repeat their conditions."""
    assert parse_expression("${age} > 1") is parse_expression("${age} > 1")
