"""The condition language: one grammar, three values, no failure."""

import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scale import scaled
from survey.errors import LogicError
from survey.logic import LONGEST_CONDITION, evaluate, parse, variables

ANSWERS = {"age": 30, "town": "Ürümqi", "services": (1, 3), "zero": 0}
VALUES = (True, False, None)
LEAVES = {
    True: ["answered", ["var", "age"]],
    False: ["=", ["var", "age"], ["value", 1]],
    None: ["=", ["var", "x"], ["value", 1]],
}

names = st.sampled_from(["age", "town", "services", "zero", "never"])
operands = st.one_of(
    names.map(lambda name: ["var", name]),
    st.one_of(st.integers(-5, 50), st.text(max_size=3)).map(lambda value: ["value", value]),
)
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
answers = st.dictionaries(
    names, st.one_of(st.none(), st.integers(), st.text(max_size=3), st.lists(st.integers(0, 9)).map(tuple)), max_size=5
)


@pytest.mark.parametrize(
    ("text", "ast"),
    [
        ("${a} = 1", ["=", ["var", "a"], ["value", 1]]),
        ("${a}>=-2", [">=", ["var", "a"], ["value", -2]]),
        ("${a} != 'x y'", ["!=", ["var", "a"], ["value", "x y"]]),
        ("selected(${a}, 3)", ["selected", ["var", "a"], ["value", 3]]),
        ("not answered(${a})", ["not", ["answered", ["var", "a"]]]),
        ("${and} = 1", ["=", ["var", "and"], ["value", 1]]),
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
    "text", ["", "${a}", "${a} = ", "a = 1", "${a} == 1", "${a} = 1 and", "selected(3, ${a})", "${a} + = 2"]
)
def test_what_is_not_a_condition_is_refused_with_its_place(text: str) -> None:
    """The error shows the text, a line and column or the end, and an example."""
    with pytest.raises(LogicError) as caught:
        parse(text)
    assert caught.value.got == text
    assert "for example" in caught.value.expected
    assert any(word in caught.value.hint for word in ("character", "end", "value"))


def test_error_names_the_column() -> None:
    """A wrong character is named by its place."""
    with pytest.raises(LogicError, match="character 12: § "):
        parse("${age} = 1 § ${b} = 2")


@pytest.mark.parametrize("text", ["not " * 4000 + "${a} = 1", "${a} = " + "9" * 5000])
def test_length_is_limited(text: str) -> None:
    """A condition that could exhaust the stack is refused when it is published, not met by a citizen."""
    with pytest.raises(LogicError, match="too long"):
        parse(text)


def test_the_deepest_condition_there_can_be_is_evaluated() -> None:
    """Every condition that parses is also walked and evaluated."""
    deep = parse("not " * ((LONGEST_CONDITION - 8) // 4) + "${a} = 1")
    assert list(variables(deep)) == ["a"]
    assert evaluate(deep, {"a": 1}) in (True, False)


@pytest.mark.parametrize(("left", "right"), list(itertools.product(VALUES, VALUES)))
def test_three_valued_tables(left: bool | None, right: bool | None) -> None:
    """Kleene's tables: `and` is the least, `or` the greatest, unknown between false and true."""
    order = {False: 0, None: 1, True: 2}
    a, b = LEAVES[left], LEAVES[right]
    assert evaluate(["and", a, b], ANSWERS) is min(left, right, key=order.__getitem__)
    assert evaluate(["or", a, b], ANSWERS) is max(left, right, key=order.__getitem__)
    assert evaluate(["not", a], ANSWERS) is (None if left is None else not left)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("${age} >= 30", True),
        ("${age} < 30", False),
        ("${never} < 30", None),
        ("${never} = ${never}", None),
        ("${zero} = 0", True),
        ("answered(${zero})", True),
        ("answered(${never})", False),
        ("selected(${services}, 3)", True),
        ("selected(${services}, 2)", False),
        ("selected(${never}, 2)", None),
        ("selected(${age}, 30)", True),
        ("${town} = 'Ürümqi'", True),
        ("${town} < 3", None),
        ("${town} = 3", False),
        ("${services} > 1", None),
    ],
)
def test_values(text: str, value: bool | None) -> None:
    """A missing answer makes a comparison unknown; what cannot be ordered is unknown too."""
    assert evaluate(parse(text), ANSWERS) is value


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
