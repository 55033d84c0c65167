"""LimeSurvey's expressions: what they become here, and that both send people the same way."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from limesurvey_files import fates, question, read, reasons
from scale import scaled
from survey.answers import replay
from survey.formats.limesurvey.expressions import ExpressionError, parse

CODES = [("A", "First"), ("B", "Second"), ("C", "Third")]
PARTS = [("SQ1", "Tea"), ("SQ2", "Milk")]
NUMBERS = [("1", "Low"), ("2", "Middle"), ("3", "High"), ("4", "Don't know")]
EARLIER = [
    question("L", "L", answers=CODES, other="Y"),
    question("M", "M", parts=PARTS),
    question("N", "N", attributes={"num_value_int_only": "1"}),
    question("Y", "Y", relevance='L.NAOK == "A"'),
    question("S", "S"),
    question("D", "D"),
    question("F", "F", parts=PARTS, answers=CODES),
    question("K", "K", parts=PARTS),
    question("R", "R", answers=CODES),
    question("P", "L", answers=NUMBERS),
    question("V", "5"),
]


def condition_of(relevance: str) -> tuple[str | None, str, str]:
    """Our condition for a relevance, its fate and the reason."""
    made, report = read([*EARLIER, question("T", "S", relevance=relevance), question("LATER", "S")])
    place = "question T, relevance"
    return made.listed["t"].show_if, fates(report).get(place, ""), reasons(report).get(place, "")


@pytest.mark.parametrize(
    ("relevance", "ours"),
    [
        ("", None),
        ("1", None),
        ("(1)", None),
        ('L == "A"', "${l} = 1"),
        ('((L.NAOK == "A"))', "${l} = 1"),
        ('"A" == L.NAOK', "${l} = 1"),
        ('L.NAOK eq "B" AND M_SQ1 == "Y"', "${l} = 2 and selected(${m}, 1)"),
        ('L.NAOK != "A"', "not answered(${l}) or ${l} != 1"),
        ('!(L.NAOK == "A")', "not answered(${l}) or ${l} != 1"),
        ('L.NAOK == "-oth-"', "${l} = 4"),
        ('L.NAOK == "Z"', ""),
        ('L.NAOK == ""', "not answered(${l})"),
        ("is_empty(L.NAOK)", "not answered(${l})"),
        ("!is_empty(L)", "answered(${l})"),
        ("L", "answered(${l})"),
        ('M_SQ2.NAOK == "Y"', "selected(${m}, 2)"),
        ('M_SQ2.NAOK != "Y"', "not answered(${m}) or not selected(${m}, 2)"),
        ("M_SQ1 or M_SQ2", "selected(${m}, 1) or selected(${m}, 2)"),
        ("count(that.M) > 1", "count-selected(${m}) >= 2"),
        ("count(M_SQ1, M_SQ2.NAOK) == 0", "not answered(${m}) or count-selected(${m}) < 1"),
        ("count(L, N, S) >= 3", "answered(${l}) and answered(${n}) and answered(${s})"),
        ("N > 5", "${n} > 5"),
        ("5 < N.NAOK", "${n} > 5"),
        ('N.NAOK == "5"', "${n} = 5"),
        ("N.NAOK <= 0", "not answered(${n}) or ${n} <= 0"),
        ("N != -1.5", "not answered(${n}) or ${n} != -1.5"),
        ("floatval(N) ge 2", "${n} >= 2"),
        ("N", "${n} != 0"),
        ('Y.NAOK == "N"', "${y} = 2"),
        ('Y != "Y"', "${l} = 1 and (not answered(${y}) or ${y} = 2)"),
        ('Y == "Y"', "${y} = 1"),
        ('S.NAOK == "it\'s"', '${s} = "it\'s"'),
        ("strlen(S) > 3", "string-length(${s}) > 3"),
        ('D > "2020-01-31"', "${d} > '2020-01-31'"),
        ("D <= date('Y-m-d')", "${d} <= today()"),
        ('F_SQ2.NAOK == "C"', "${f_sq2} = 3"),
        ("count(that.F) == 2", "answered(${f_sq1}) and answered(${f_sq2})"),
        ("K_SQ1 == K_SQ2", "not answered(${k_sq1}) and not answered(${k_sq2}) or ${k_sq1} = ${k_sq2}"),
        ("K_SQ1 > K_SQ2", "${k_sq1} > ${k_sq2}"),
        ("is_empty(R_1)", "not answered(${r})"),
        ("P.NAOK < 3", "${p} != 3"),
        ("V.NAOK ge 4", "${v} >= 4"),
        ("if(N > 3, L == 'A', 0)", "${n} > 3 and ${l} = 1"),
        ("12345X1X11 == 'A'", "${l} = 1"),
        ("12345X1X15SQ1.NAOK == 'Y'", "selected(${m}, 1)"),
    ],
)
def test_relevance(relevance: str, ours: str | None) -> None:
    """The same people are asked; never true means never asked."""
    if ours == "":
        made, report = read([*EARLIER, question("T", "S", relevance=relevance)])
        assert "t" not in made.listed
        assert fates(report)["question T"] == "left_out"
        return
    found, fate, _ = condition_of(relevance)
    assert found == ours
    assert fate == ("mapped" if relevance not in ("", "1") else "")


@pytest.mark.parametrize(
    ("relevance", "says"),
    [
        ("LATER == 'x'", "LATER is asked later"),
        ("T == 'x'", "T is asked later"),
        ("NOBODY == 'x'", "NOBODY is not asked in this file"),
        ("9X9X999 == 'x'", "9X9X999"),
        ("S > 5", "reads a free text"),
        ("P == 4", "4 says why there is no answer"),
        ("R_2 == 'A'", "R_2"),
        ("R_1 == 'A'", "as something else"),
        ("regexMatch('/a/', S)", "regexmatch()"),
        ("N * 2 > 4", "cannot be read"),
        ("L == ", "cannot be read"),
        ("L.question == 'How?'", ".question"),
        ("TOKEN:FIRSTNAME == 'Erika'", "TOKEN:FIRSTNAME"),
        ("N == 12345678901", "no number that a condition can hold"),
        ("N + 1", "a sum stands where"),
        ("count(L, N, S, D, Y, K_SQ1, K_SQ2) == 3", "counts answers to several questions"),
        ("(" * 80 + "N" + ")" * 80, "too long or too deep"),
        ("!" * 80 + "N", "too long or too deep"),
        (" or ".join(f"N == {n}" for n in range(200)), "would be at fault"),
        ("if(N," * 18 + "N" + ",N)" * 18, "too long"),
        ("S == 'x' or " * 400 + "S == 'y'", "too long"),
    ],
)
def test_what_does_not_map_is_always_asked_and_told(relevance: str, says: str) -> None:
    """Approximated, with the reason and the expression."""
    found, fate, reason = condition_of(relevance)
    assert (found, fate) == (None, "approximated")
    assert says in reason
    assert "it is always asked" in reason
    assert relevance[:10].strip() in reason


@pytest.mark.parametrize(
    ("relevance", "says"),
    [
        ("sum(K_SQ1, K_SQ2) >= 3", "once all of its parts"),
        ("K_SQ1 + K_SQ2 - 1 >= 3", "once all of its parts"),
        ("P.NAOK >= 2", "who chooses 4 counts as not having answered"),
        ("!is_empty(P)", "counts as not having answered"),
    ],
)
def test_what_maps_nearly_is_told_too(relevance: str, says: str) -> None:
    """There is a condition, and the report says where it differs."""
    found, fate, reason = condition_of(relevance)
    assert found
    assert (fate, says in reason) == ("approximated", True)


def test_the_older_conditions_are_read_where_there_is_no_relevance() -> None:
    """Scenarios are alternatives, several values of one question too, several questions go together."""
    rows = [
        {"qid": "17", "cqid": "11", "cfieldname": "1X1X11", "method": "==", "value": "A", "scenario": "1"},
        {"qid": "17", "cqid": "11", "cfieldname": "1X1X11", "method": "==", "value": "B", "scenario": "1"},
        {"qid": "17", "cqid": "15", "cfieldname": "1X1X15", "method": "==", "value": "SQ1", "scenario": "1"},
        {"qid": "17", "cqid": "15", "cfieldname": "+1X1X15SQ2", "method": "==", "value": "Y", "scenario": "2"},
    ]
    asked = [question("L", "L", answers=CODES), question("M", "M", parts=PARTS)]
    made, report = read([*asked, question("T", "S")], tables={"conditions": [{**row, "qid": "18"} for row in rows]})
    assert made.listed["t"].show_if == "(${l} = 1 or ${l} = 2) and selected(${m}, 1) or selected(${m}, 2)"
    assert fates(report)["question T, relevance"] == "mapped"
    made, report = read(
        [*asked, question("T", "S", relevance='L == "C"')], tables={"conditions": [{**rows[0], "qid": "18"}]}
    )
    assert made.listed["t"].show_if == "${l} = 3"
    assert any(warning.startswith("1 conditions stand in relevance") for warning in report.warnings)


def test_nothing_but_expressions_parses() -> None:
    """Raises its own error, whatever is written."""
    for text in ("", "((", "a b", "'open", "1 = 2", "{}", "\x00"):
        with pytest.raises(ExpressionError):
            parse(text)


# --- the same way for everybody ---------------------------------------------------------------------------------------

ATOMS = st.sampled_from(
    [
        *('L == "A"', 'L.NAOK != "B"', "is_empty(L)", "L.NAOK", 'L.NAOK == "Z"', 'L.NAOK != ""'),
        *(
            'M_SQ1.NAOK == "Y"',
            'M_SQ2 != "Y"',
            "M_SQ1",
            "is_empty(M_SQ2)",
            "count(that.M) >= 1",
            "count(M_SQ1, M_SQ2) == 1",
        ),
        *(
            "N > 1",
            "N.NAOK <= 0",
            "N < 5",
            "1 >= N.NAOK",
            "N",
            "N != 0",
            "is_empty(N.NAOK)",
            "N == 5",
            "count(N, L) < 2",
        ),
        *('Y.NAOK == "Y"', 'Y != "Y"', 'Y == "N"', "is_empty(Y)", "!is_empty(Y.NAOK)", "Y"),
    ]
)


def _larger(parts: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    pairs = st.tuples(parts, parts, st.sampled_from(["and", "or", "&&", "||"]))
    return st.one_of(
        pairs.map(lambda one: f"({one[0]} {one[2]} {one[1]})"),
        parts.map(lambda one: f"!({one})"),
        st.tuples(parts, parts, parts).map(lambda one: f"if({one[0]}, {one[1]}, {one[2]})"),
    )


EXPRESSIONS = st.recursive(ATOMS, _larger, max_leaves=5)
ANSWERS = st.fixed_dictionaries(
    {
        "L": st.sampled_from(["", "A", "B", "C"]),
        "M_SQ1": st.sampled_from(["", "Y"]),
        "M_SQ2": st.sampled_from(["", "Y"]),
        "N": st.sampled_from(["", "0", "1", "5"]),
        "Y": st.sampled_from(["", "Y", "N"]),
    }
)


class Oracle:
    """LimeSurvey's own reading of an expression, after its manual: texts, numbers, and questions that are not asked."""

    def __init__(self, answers: Mapping[str, str]) -> None:
        self.asked = {name: name != "Y" or answers["L"] == "A" for name in answers}
        self.answers = {name: value if self.asked[name] else "" for name, value in answers.items()}
        self.has_unasked = False

    def says(self, expression: str) -> bool:
        told = self.true(parse(expression))
        return told and not self.has_unasked

    def value(self, ast: Any) -> str:
        if ast[0] != "name":
            return str(ast[1]) if ast[0] in ("number", "string") else str(self.count(ast))
        self.has_unasked |= ast[2] != "NAOK" and not self.asked[ast[1]]
        return self.answers[ast[1]]

    def count(self, ast: Any) -> int:
        names = [("name", one, "NAOK") for one in ("M_SQ1", "M_SQ2")] if ast[2][0][1] == "that.M" else ast[2]
        return sum(self.value(name) != "" for name in names)

    def true(self, ast: Any) -> bool:
        if ast[0] in ("and", "or"):
            told = [self.true(part) for part in ast[1]]
            return all(told) if ast[0] == "and" else any(told)
        if ast[0] == "not":
            return not self.true(ast[1])
        if ast[0] == "compare":
            return self.compare(ast[1], self.value(ast[2]), self.value(ast[3]))
        if ast[0] == "call" and ast[1] == "if":
            test, then, other = [self.true(part) for part in ast[2]]
            return then if test else other
        if ast[0] == "call":
            return self.value(ast[2][0]) == ""
        return self.value(ast) not in ("", "0")

    def compare(self, operator: str, left: str, right: str) -> bool:
        if operator in ("==", "!="):
            return (left == right) is (operator == "==")
        if "" in (left, right):  # an empty text is below nothing but 0
            is_zero = "0" in (left, right)
            return is_zero and operator in (("<", "<=") if left == "" else (">", ">="))
        a, b = float(left), float(right)
        return {"<": a < b, "<=": a <= b, ">": a > b, ">=": a >= b}[operator]


@settings(max_examples=scaled(4000, least=200))
@given(EXPRESSIONS, st.lists(ANSWERS, min_size=1, max_size=12))
def test_everybody_is_asked_the_same_here_and_there(relevance: str, people: list[dict[str, str]]) -> None:
    """For any relevance that maps, whoever answers anything meets the question here exactly if there."""
    made, report = read([*EARLIER[:4], question("T", "S", relevance=relevance)])
    fate = fates(report).get("question T, relevance")
    assume(fate != "approximated")
    for answers in people:
        form = {
            "l": [str("ABC".index(answers["L"]) + 1)] if answers["L"] else [],
            "m": [str(n) for n in (1, 2) if answers[f"M_SQ{n}"]],
            "n": [answers["N"]],
            "y": [str("YN".index(answers["Y"]) + 1)] if answers["Y"] else [],
        }
        assert ("t" in replay(made, form).shown) is Oracle(answers).says(relevance), (relevance, answers)
