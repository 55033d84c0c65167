"""The condition language: one grammar, three values, no failure."""

import itertools
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scale import scaled
from survey.errors import LogicError
from survey.logic import LONGEST_CONDITION, MOST_NESTED, MOST_TERMS, TODAY, Value, evaluate, parse, variables

ANSWERS: dict[str, Value] = {
    "age": 30,
    "town": "Ürümqi",
    "services": (1, 3),
    "zero": 0,
    "tenth": Decimal("0.1"),
    "born": "1996-02-29",
    "month": "1996-03",
    "year": "1996",
    "smile": "a😀",
    TODAY: "2026-07-01",
}
VALUES = (True, False, None)
LEAVES = {
    True: ["answered", ["var", "age"]],
    False: ["=", ["var", "age"], ["value", 1]],
    None: ["=", ["var", "x"], ["value", 1]],
}

names = st.sampled_from(["age", "town", "services", "zero", "never"])
atoms = st.one_of(
    names.map(lambda name: ["var", name]),
    st.one_of(st.integers(-5, 50), st.text(max_size=3)).map(lambda value: ["value", value]),
    st.decimals(-5, 5, places=2).map(lambda value: ["decimal", str(value)]),
    st.tuples(st.sampled_from(["count", "length"]), names.map(lambda name: ["var", name])).map(list),
    st.just(["today"]),
)
operands = st.one_of(atoms, st.tuples(st.sampled_from("+-"), atoms, atoms).map(list))
leaves = st.one_of(
    st.tuples(st.sampled_from(["=", "!=", "<", "<=", ">", ">="]), operands, operands).map(list),
    st.tuples(st.just("selected"), names.map(lambda name: ["var", name]), operands).map(list),
    names.map(lambda name: ["answered", ["var", name]]),
)
conditions = st.recursive(
    leaves,
    lambda inner: st.one_of(
        inner.map(lambda part: ["not", part]),
        st.tuples(st.sampled_from(["and", "or"]), inner, inner).map(list),
    ),
    max_leaves=12,
)
values = st.one_of(
    st.none(),
    st.integers(),
    st.decimals(-9, 9, places=6),
    st.text(max_size=3),
    st.dates().map(str),
    st.lists(st.integers(0, 9)).map(tuple),
)
answers = st.dictionaries(names, values, max_size=5)


@pytest.mark.parametrize(
    ("text", "ast"),
    [
        ("${a} = 1", ["=", ["var", "a"], ["value", 1]]),
        ("${a}>=-2", [">=", ["var", "a"], ["value", -2]]),
        ("${a} != 'x y'", ["!=", ["var", "a"], ["value", "x y"]]),
        ("selected(${a}, 3)", ["selected", ["var", "a"], ["value", 3]]),
        ("not answered(${a})", ["not", ["answered", ["var", "a"]]]),
        ("${and} = 1", ["=", ["var", "and"], ["value", 1]]),
        ("not(${a}=1)", ["not", ["=", ["var", "a"], ["value", 1]]]),
        ("${a}\n=\t1", ["=", ["var", "a"], ["value", 1]]),
        ("today() > ${a}", [">", ["today"], ["var", "a"]]),
        ("string-length(${a}) > 3", [">", ["length", ["var", "a"]], ["value", 3]]),
        ("count-selected(${a}) > 3", [">", ["count", ["var", "a"]], ["value", 3]]),
        ("selected(${a}, ${b})", ["selected", ["var", "a"], ["var", "b"]]),
        ("${a} - 1 = 2", ["=", ["-", ["var", "a"], ["value", 1]], ["value", 2]]),
        ("${a} -1 = 2", ["=", ["-", ["var", "a"], ["value", 1]], ["value", 2]]),
        ("${a} - -1 = - 2", ["=", ["-", ["var", "a"], ["value", -1]], ["value", -2]]),
        ("1 - 2 - 3 = 4", ["=", ["-", ["-", ["value", 1], ["value", 2]], ["value", 3]], ["value", 4]]),
        ("1 - (2 - 3) = 4", ["=", ["-", ["value", 1], ["-", ["value", 2], ["value", 3]]], ["value", 4]]),
        ("((${a}) + 1) = 2", ["=", ["+", ["var", "a"], ["value", 1]], ["value", 2]]),
        ("((${a} = 1))", ["=", ["var", "a"], ["value", 1]]),
        ("${a} = 007", ["=", ["var", "a"], ["value", 7]]),
        (
            "${a} = 1 and ${b} = 2 and ${c} = 3",
            ["and", parse("${a} = 1"), parse("${b} = 2"), parse("${c} = 3")],
        ),
        ("not ${a} = 1 and ${b} = 2", ["and", ["not", parse("${a} = 1")], parse("${b} = 2")]),
        (
            "${a} = 1 or ${b} = 2 and not ${c} = 3",
            ["or", parse("${a} = 1"), ["and", parse("${b} = 2"), ["not", parse("${c} = 3")]]],
        ),
        (
            "(${a} = 1 or ${b} = 2) and ${c} = 3",
            ["and", ["or", parse("${a} = 1"), parse("${b} = 2")], parse("${c} = 3")],
        ),
    ],
)
def test_grammar(text: str, ast: list[object]) -> None:
    """`not` binds closest, then `and`, then `or`; brackets change that."""
    assert parse(text) == ast


@pytest.mark.parametrize(
    ("written", "constant"),
    [
        ("5", ["value", 5]),
        ("-5", ["value", -5]),
        ("999999999", ["value", 999_999_999]),
        ("2.50", ["decimal", "2.50"]),
        ("-0.000001", ["decimal", "-0.000001"]),
        ("'x'", ["value", "x"]),
        ("'it is \"so\"'", ["value", 'it is "so"']),
        ('"it\'s"', ["value", "it's"]),
        ("''", ["value", ""]),
        ("'${a}'", ["value", "${a}"]),
        ("' and '", ["value", " and "]),
        ("'e\u0301'", ["value", "é"]),
    ],
)
def test_constants(written: str, constant: list[object]) -> None:
    """Whole numbers are numbers, decimals stay as they are written, texts stand in either quotes and in form NFC."""
    assert parse("${a} = " + written) == ["=", ["var", "a"], constant]


def test_the_dot_is_the_question_itself() -> None:
    """A check names its own question by a dot, and a decimal point is no dot."""
    assert parse(". >= 1.5", "q1") == parse("${q1} >= 1.5")
    assert parse("selected(., 1) or answered(.)", "q1") == parse("selected(${q1}, 1) or answered(${q1})")
    assert parse(". = 1", "q2") == parse("${q2} = 1")


def test_the_dot_has_no_meaning_elsewhere() -> None:
    """Where no question is, a dot is refused."""
    with pytest.raises(LogicError, match="own answer"):
        parse(". = 1")


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("", "at its end"),
        ("${a} =", "at its end"),
        ("${a} = 1 and", "at its end"),
        ("not", "at its end"),
        ("(${a} = 1", "at its end"),
        ("${a", "at its end"),
        ("a = 1", "character 1: a = 1"),
        ("${a} == 1", "character 7: = 1"),
        ("selected(3, ${a})", "character 10: 3, ${a})"),
        ("selected(${a})", "character 14: )"),
        ("answered(1)", "character 10: 1)"),
        ("${a} + = 2", "character 8: = 2"),
        ("${a} = 1)", "character 9: )"),
        ("${a} = 'x", "character 8: 'x"),
        ("'it''s' = ${a}", "character 5: 's' = ${a}"),
        ("${a} = --5", "character 9: -5"),
        ("-(${a}) = 1", "character 2: (${a}) = 1"),
        ("${a} = .5", "character 9: 5"),
        ("${a} = 5.", "character 8: 5."),
        ("${a} = 1.5.2", "character 8: 1.5.2"),
        ("${a} = 1e9", "character 9: e9"),
        ("${a} = 1 = 1", "character 10: = 1"),
        ("1 < ${a} < 3", "character 10: < 3"),
        ("${a} = 1 xor ${b} = 2", "character 10: xor ${b} = 2"),
        ("${a} = 1 and or ${b} = 2", "character 14: or ${b} = 2"),
        ("${a} = １８", "character 8: １８"),
        ("${a} = ٣", "character 8: ٣"),
        ("${a} ＝ 1", "character 6: ＝ 1"),
        ("${ä} = 1", "character 3: ä} = 1"),
        ("today = ${a}", "character 7: = ${a}"),
        ("${age} = 1 § ${b} = 2", "character 12: § ${b} = 2"),
        ("${a}", "compare it"),
        ("5", "compare it"),
        ("not ${a}", "compare it"),
        ("${a} = 1 or ${b} + 1", "compare it"),
        ("${a} = 1 and string-length(${b})", "compare it"),
        ("(${a} = 1) = 2", "a comparison stands where a value is needed"),
        ("${a} + (${b} = 1) = 2", "a comparison stands where a value is needed"),
        ("answered(${a}) = 1", "a comparison stands where a value is needed"),
        ("selected(${a}, ${b} = 1)", "character 21: = 1)"),
        ("selected(${a}, (${b} = 1))", "a comparison stands where a value is needed"),
        ("${a} = 1234567890", "1234567890 has more than nine digits"),
        ("${a} = -0.1234567", "0.1234567 has more than nine digits before the point or six behind"),
    ],
)
def test_what_is_not_a_condition_is_refused_with_its_place(text: str, place: str) -> None:
    """The error shows the text, where it stops making sense, and an example."""
    with pytest.raises(LogicError) as caught:
        parse(text, "own")
    assert caught.value.got == text
    assert "for example" in caught.value.expected
    assert place in caught.value.hint


def test_length_is_limited() -> None:
    """What is longer than any sensible condition is refused, up to that length it is read."""
    longest = "${a} = 1".ljust(LONGEST_CONDITION)
    assert parse(longest) == parse("${a} = 1")
    with pytest.raises(LogicError, match="too long"):
        parse(longest + " ")


@pytest.mark.parametrize(
    "text",
    [
        "not " * 247 + "${a} = 1",
        "not" * 330 + "${a}=1",
        "not(" * 190 + "${a} = 1" + ")" * 190,
        "1=1or(1=1and(" * 64 + "${a}=1" + "))" * 64,
        "1-(" * 240 + "${a}" + ")" * 240 + "=1",
        "1+" * 490 + "${a}=1",
    ],
    ids=lambda text: str(text[:8]),
)
def test_depth_is_limited(text: str) -> None:
    """A condition that could exhaust the stack is refused when it is published, not met by a citizen."""
    assert LONGEST_CONDITION - 60 < len(text) < LONGEST_CONDITION
    with pytest.raises(LogicError, match="nested too deeply"):
        parse(text)


def test_brackets_do_not_nest() -> None:
    """Brackets that change nothing cost no depth."""
    times = LONGEST_CONDITION // 2 - 4
    assert parse("(" * times + "${a} = 1" + ")" * times) == parse("${a} = 1")


def test_the_deepest_condition_there_can_be_is_evaluated() -> None:
    """Every condition that parses is also walked and evaluated."""
    deep = parse("not " * (MOST_NESTED - 2) + "${a} = 1")
    assert list(variables(deep)) == ["a"]
    assert evaluate(deep, {"a": 1}) is (MOST_NESTED % 2 == 0)
    with pytest.raises(LogicError, match="too deeply"):
        parse("not " * (MOST_NESTED - 1) + "${a} = 1")


@pytest.mark.parametrize("text", ["{0} = 1", "1 < {0}", "1 - ({0}) < ${{a}}", "not selected(${{a}}, {0})"])
def test_sums_are_limited(text: str) -> None:
    """Each side of a comparison adds up so many terms that a browser's numbers hold them exactly, and no more."""
    inside = MOST_TERMS - 1 if "1 - " in text else MOST_TERMS
    parse(text.format(" + ".join(["1"] * inside)))
    with pytest.raises(LogicError, match="too many terms"):
        parse(text.format(" - ".join(["1"] * (inside + 1))))


def test_what_is_read_once_is_remembered() -> None:
    """A condition is parsed once; each later reading is the same object."""
    assert parse("${a} = 1 or ${b} = 2") is parse("${a} = 1 or ${b} = 2")


@pytest.mark.parametrize(("left", "right"), list(itertools.product(VALUES, VALUES)))
def test_three_valued_tables(left: bool | None, right: bool | None) -> None:
    """Kleene's tables: `and` is the least, `or` the greatest, unknown between false and true."""
    order = {False: 0, None: 1, True: 2}
    a, b = LEAVES[left], LEAVES[right]
    assert evaluate(["and", a, b], ANSWERS) is min(left, right, key=order.__getitem__)
    assert evaluate(["or", a, b], ANSWERS) is max(left, right, key=order.__getitem__)
    assert evaluate(["not", a], ANSWERS) is (None if left is None else not left)


@pytest.mark.parametrize("operator", ["and", "or"])
def test_three_parts_are_as_two_by_two(operator: str) -> None:
    """The order and the grouping of parts change nothing."""
    for a, b, c in itertools.product(LEAVES.values(), repeat=3):
        together = evaluate([operator, a, b, c], ANSWERS)
        assert together is evaluate([operator, [operator, c, b], a], ANSWERS)


VALUES_OF = {
    "${age} >= 30": True,
    "${age} < 30": False,
    "${age} > 30": False,
    "${age} <= 30": True,
    "${age} != 31": True,
    "${never} < 30": None,
    "30 >= ${never}": None,
    "${never} = ${never}": None,
    "${zero} = 0": True,
    "${zero} = -0": True,
    "${zero} = -0.0": True,
    "answered(${zero})": True,
    "answered(${never})": False,
    # texts
    "${town} = 'Ürümqi'": True,
    "${town} = 'U\u0308ru\u0308mqi'": True,
    "${town} != 'ürümqi'": True,
    "${town} < 3": None,
    "${town} < 'Z'": None,
    "${town} = 3": False,
    "${town} != 3": True,
    "${age} = '30'": False,
    # choices
    "selected(${services}, 3)": True,
    "selected(${services}, 2)": False,
    "selected(${services}, 1 + 2)": True,
    "selected(${services}, ${never})": None,
    "selected(${services}, '3')": False,
    "selected(${services}, ${services})": None,
    "selected(${never}, 2)": None,
    "selected(${age}, 30)": True,
    "selected(${age}, ${services})": None,
    "selected(${town}, 'Ürümqi')": True,
    "${services} > 1": None,
    "${services} = 1": None,
    "1 != ${services}": None,
    "${services} = ${services}": None,
    # decimals
    "${tenth} = 0.1": True,
    "${tenth} = 0.10": True,
    "${tenth} + 0.2 = 0.3": True,
    "${tenth} + ${tenth} + ${tenth} = 0.3": True,
    "${tenth} < 0.100001": True,
    "${tenth} > 0": True,
    "${age} = 30.0": True,
    "selected(${services}, 3.0)": True,
    # sums
    "${age} + 1 = 31": True,
    "${age} - 31 = -1": True,
    "${age} - -1 = 31": True,
    "10 - 5 - 5 = 0": True,
    "10 - (5 - 5) = 10": True,
    "${age} + ${never} > 0": None,
    "${age} + ${town} > 0": None,
    "${services} + 1 > 0": None,
    # days, months and years
    "${born} < ${month}": True,
    "${year} < ${born}": True,
    "${month} >= '1996-03'": True,
    "${born} <= today()": True,
    "today() = '2026-07-01'": True,
    "${born} < '29.2.1996'": None,
    "${year} < 2000": None,
    "today() + 1 > 0": None,
    # counts and lengths
    "count-selected(${services}) = 2": True,
    "count-selected(${age}) = 1": True,
    "count-selected(${never}) = 0": None,
    "string-length(${smile}) = 2": True,
    "string-length(${age}) = 2": None,
    "string-length(${never}) = 0": None,
    "string-length(${services}) = 2": None,
    "count-selected(${services}) + string-length(${smile}) = 4": True,
}


@pytest.mark.parametrize("text", VALUES_OF)
def test_values(text: str) -> None:
    """A missing answer makes a comparison unknown; what cannot be ordered is unknown too, and never equal."""
    assert evaluate(parse(text), ANSWERS) is VALUES_OF[text]


def test_the_largest_sums_are_exact() -> None:
    """Eight terms of the largest numbers there are differ by a millionth."""
    largest = " + ".join(["999999999.999999"] * MOST_TERMS)
    short = " + ".join(["999999999.999999"] * (MOST_TERMS - 1) + ["999999999.999998"])
    assert evaluate(parse(f"{largest} > {short}"), {}) is True
    assert evaluate(parse(f"{largest} = {short}"), {}) is False


def test_without_a_day_today_is_unknown() -> None:
    """Where nobody says which day it is, a comparison with it is unknown."""
    assert evaluate(parse("${born} < today()"), {"born": "1996-02-29"}) is None


@settings(max_examples=scaled(10_000, least=300))
@given(conditions, answers)
def test_evaluation_never_fails(condition: list[object], given_answers: dict[str, object]) -> None:
    """Whatever was answered, the value is true, false or unknown."""
    assert evaluate(condition, given_answers) in VALUES  # type: ignore[arg-type]


@settings(max_examples=scaled(10_000, least=300))
@given(conditions, conditions, answers)
def test_de_morgan(a: list[object], b: list[object], given_answers: dict[str, object]) -> None:
    """not (a and b) is (not a or not b), with unknowns too."""
    left = evaluate(["not", ["and", a, b]], given_answers)  # type: ignore[arg-type]
    assert left is evaluate(["or", ["not", a], ["not", b]], given_answers)  # type: ignore[arg-type]


@settings(max_examples=scaled(10_000, least=300))
@given(conditions, conditions, answers)
def test_and_never_makes_true_of_what_was_not(
    a: list[object], b: list[object], given_answers: dict[str, object]
) -> None:
    """A further requirement cannot turn unknown or false into true."""
    if evaluate(["and", a, b], given_answers) is True:  # type: ignore[arg-type]
        assert evaluate(a, given_answers) is True  # type: ignore[arg-type]


def test_variables_in_order() -> None:
    """Every variable that a condition reads is told, in order of appearance."""
    assert list(variables(parse("${b} = ${a} or not (selected(${c}, ${b}))"))) == ["b", "a", "c", "b"]
