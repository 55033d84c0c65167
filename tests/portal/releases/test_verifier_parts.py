"""The parts of the verifier: the joined text, strict tables, rounding, and schemes that must be refused."""

from __future__ import annotations

import ast
import sys
from decimal import Decimal, localcontext
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.releases.verifier import build as joining
from portal.releases.verifier.phrases import LABELS, PHRASES
from portal.releases.verifier.rounding import plain_digits, rounded
from portal.releases.verifier.scheme import RecipeError, linear, read_scheme
from portal.releases.verifier.tables import TableError, decimal_text, read_table, whole_number

NETWORK = {"socket", "ssl", "http", "urllib", "asyncio", "ftplib", "smtplib", "xmlrpc", "subprocess", "ctypes"}


def imported(text: str) -> set[str]:
    found: set[str] = set()
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Import):
            found.update(alias.name.split(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            found.add((node.module or "").split(".")[0])
    return found


def test_the_joined_text_is_always_the_same() -> None:
    """Building twice gives the same bytes."""
    assert joining.build() == joining.build()


def test_the_joined_text_needs_only_the_standard_library_and_no_network() -> None:
    """All imports are of the standard library, and none of them opens a connection or starts a program."""
    names = imported(joining.build())
    assert names <= sys.stdlib_module_names
    assert not names & NETWORK


def test_the_joined_text_is_python_3_9() -> None:
    """The grammar is that of 3.9, and nothing newer is called."""
    tree = ast.parse(joining.build(), feature_version=(3, 9))
    for node in ast.walk(tree):
        assert not isinstance(node, ast.Match)
        if isinstance(node, ast.Call):
            assert not {word.arg for word in node.keywords} & {"slots", "kw_only"}
            is_zip = isinstance(node.func, ast.Name) and node.func.id == "zip"
            assert not (is_zip and node.keywords), "zip(strict=) came with 3.10"
    assert "StrEnum" not in joining.build() and "pairwise" not in joining.build()


@pytest.mark.parametrize(
    ("first", "second", "message"),
    [
        ("X = 1\n", "X = 2\n", "both define 'X'"),
        ("import json as j\n", "", "under another name"),
        ("def json(): ...\n", "import json\n", "imports"),
        ("from portal.app import x\n", "", "not among the joined modules"),
    ],
)
def test_modules_that_cannot_be_joined_stop_the_build(
    first: str, second: str, message: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Names that clash and imports that would not work in one file are errors that name the module."""
    (tmp_path / "a.py").write_text(first)
    (tmp_path / "b.py").write_text(second)
    monkeypatch.setattr(joining, "PROJECT", tmp_path)
    monkeypatch.setattr(joining, "MODULES", ("a.py", "b.py"))
    with pytest.raises(joining.BuildError, match=message):
        joining.build()


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"unit,n\n",
        b"unit,name,value\r\na,b,1\r\n",
        b"unit,name,value\na,b\n",
        b'unit,name,value\n"a",b,1\n',
        b"unit,name,value\na,b,1",
        b"unit,name,value\n\n",
        b"\xef\xbb\xbfunit,name,value\n",
        b"unit,name,value\na,\xff,1\n",
    ],
)
def test_a_table_in_another_spelling_is_refused(data: bytes) -> None:
    """One table has one spelling: header, commas, line feeds, no needless quotes, no byte order mark."""
    with pytest.raises(TableError, match=r"given\.csv"):
        read_table("given.csv", data, ("unit", "name", "value"))


@pytest.mark.parametrize("text", ["", "01", "+1", "1 ", "1.0", "-1", "１", "1e3"])
def test_whole_numbers_are_plain_digits(text: str) -> None:
    """A count has one spelling, ASCII digits without sign, space or leading zero."""
    with pytest.raises(TableError, match="here"):
        whole_number(text, "here")


@pytest.mark.parametrize("text", ["", ".5", "1.", "1/3", "NaN", "1e3", "00.5", "-"])
def test_decimals_are_plain(text: str) -> None:
    """A decimal has digits on both sides of its point and no exponent."""
    with pytest.raises(TableError, match="here"):
        decimal_text(text, "here")


@pytest.mark.parametrize(
    ("value", "digits", "text"),
    [
        (Fraction(5, 1000), 2, "0.01"),
        (Fraction(-5, 1000), 2, "-0.01"),
        (Fraction(-4, 1000), 2, "0.00"),
        (Fraction(2, 3), 4, "0.6667"),
        (Fraction(5, 2), 0, "3"),
        (Fraction(99995, 1000), 2, "100.00"),
    ],
)
def test_halves_are_rounded_up(value: Fraction, digits: int, text: str) -> None:
    """Halves go away from zero, and there is no minus zero."""
    assert rounded(value, digits) == text


@given(st.fractions(-1000, 1000), st.integers(0, 6))
def test_rounding_is_never_more_than_half_a_unit_away(value: Fraction, digits: int) -> None:
    """The printed decimal is the nearest one."""
    assert abs(Fraction(rounded(value, digits)) - value) <= Fraction(1, 2 * 10**digits)


def test_twelve_significant_digits() -> None:
    """A variance is printed with twelve significant digits, an exact one without filling zeros."""
    assert plain_digits(Fraction(1, 3)) == "0.333333333333"
    assert plain_digits(Fraction(1, 4)) == "0.25"
    assert plain_digits(Fraction(0)) == "0"


def scheme(tree: dict[str, Any], **changes: Any) -> dict[str, Any]:
    steps = [
        {"op": "map", "points": {"1": 0, "2": 100}, "satisfied": [2]},
        {"op": "combine", "tree": tree},
        {"op": "grade", "cuts": [{"name": "high", "from": "60"}, {"name": "low", "from": None}]},
    ]
    return {"steps": steps, "rounding": {"digits": 2, "mode": "half_up"}, **changes}


def node(operator: str, *sizes: int, **more: Any) -> dict[str, Any]:
    key = {"sum_of_maxima": "max"}.get(operator, "weight")
    branches = [{"id": f"b{place}", "item": f"q{place}", key: size} for place, size in enumerate(sizes)]
    return {"id": "root", "operator": operator, "branches": branches, **more}


def inside(inner: dict[str, Any], most: int) -> dict[str, Any]:
    branches = [{**inner, "max": most}, {"id": "rest", "item": "q9", "max": 100 - most}]
    return {"id": "outer", "operator": "sum_of_maxima", "branches": branches}


@pytest.mark.parametrize(
    ("tree", "message"),
    [
        (node("sum_of_maxima", 60, 30), "add up to 90"),
        (node("weighted_mean", 1, 2), "add up to 3"),
        (node("weighted_mean", 100, 0), "at least 1"),
        (node("product", 100), "unknown operator 'product'"),
        (node("weighted_mean"), "at least 1"),
        ({"id": "root", "item": "q1", "entry": "x"}, "exactly one of"),
        (node("weighted_mean", 50, 50, id="b0"), "repeated"),
        (inside(node("sum_of_maxima", 60, 40, id="inner"), 70), "add up to 100, expected 70"),
    ],
    ids=["maxima", "weights", "zero", "operator", "empty", "two kinds", "ids", "nested"],
)
def test_a_tree_that_does_not_add_up_is_refused(tree: dict[str, Any], message: str) -> None:
    """A node whose parts do not add up, or are of no known kind, is an error that says so."""
    with pytest.raises(RecipeError, match=message):
        read_scheme(scheme(tree))


@pytest.mark.parametrize(
    ("ops", "message"),
    [
        (["map", "grade"], "no combine"),
        (["map", "map", "combine"], "repeated or out of order"),
        (["combine"], "out of order"),
        (["map", "trim", "combine"], "unknown step 'trim'"),
    ],
    ids=["missing", "repeated", "unmapped", "unknown"],
)
def test_steps_that_cannot_be_followed_are_refused(ops: list[str], message: str) -> None:
    """An unknown, repeated, missing or misplaced step is named."""
    document = scheme(node("weighted_mean", 100))
    known = {step["op"]: step for step in document["steps"]}
    document["steps"] = [known.get(op, {"op": op}) for op in ops]
    with pytest.raises(RecipeError, match=message):
        read_scheme(document)


def test_grades_are_half_open() -> None:
    """The start of a grade belongs to it; the rounded score decides."""
    recipe = read_scheme(scheme(node("weighted_mean", 100)))
    assert [recipe.grade(text) for text in ("60.00", "59.99", "0.00")] == ["high", "low", "low"]


@given(st.lists(st.integers(1, 40), min_size=1, max_size=5), st.lists(st.integers(0, 100), min_size=5, max_size=5))
def test_a_tree_is_the_linear_rule_of_its_shares(sizes: list[int], values: list[int]) -> None:
    """The linear rule gives the weighted mean, and its coefficients add up to 1."""
    tree = node("sum_of_maxima", *sizes, policy="normalise")
    rule = linear(read_scheme(scheme(tree)).tree("any"))
    means = {f"q{place}": Fraction(value) for place, value in enumerate(values)}
    expected = Fraction(sum(size * value for size, value in zip(sizes, values, strict=False)), sum(sizes))
    assert rule.value(means, {}) == expected
    assert sum(rule.items.values()) == 1


def test_both_languages_say_the_same_things() -> None:
    """Each sentence exists in both languages, with the same numbers in it."""
    english, chinese = PHRASES["en"], PHRASES["zh-Hans"]
    assert english.keys() == chinese.keys()
    assert LABELS["en"].keys() == LABELS["zh-Hans"].keys()
    for name, text in english.items():
        assert places(text) == places(chinese[name]), name


def places(text: str) -> set[str]:
    return {part.split("}")[0] for part in text.split("{")[1:]}


def test_the_decimals_of_a_caller_do_not_matter() -> None:
    """Twelve digits come out whatever precision the calling program has set."""
    with localcontext() as context:
        context.prec = 3
        assert Decimal(plain_digits(Fraction(2, 3))) == Decimal("0.666666666667")
