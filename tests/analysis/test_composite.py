"""Composites: worked by hand, and linear as they claim."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.composite import grade, linear, node_scores
from analysis.errors import SchemeError
from analysis.scheme import Cut, parse_scheme
from analysis.tree import Node, Operator

CUTS = (Cut("A", Decimal(90)), Cut("B", Decimal("79.5")), Cut("C", None))


def test_sixty_twenty_twenty_by_hand(make_scheme):
    """Duties 60, management 20, rating 20: 80 % of 60, 90 % of 20 and a mean of 75 % give 48 + 18 + 15 = 81."""
    tree = {
        "id": "unit",
        "operator": "sum_of_maxima",
        "branches": [
            {"id": "duties", "entry": "duties", "max": 60},
            {"id": "management", "entry": "management", "max": 20},
            {"id": "rating", "item": "q", "max": 20},
        ],
    }
    node = parse_scheme(make_scheme(tree)).tree
    entries = {"duties": Fraction(80), "management": Fraction(90)}
    scores = {score.id: score for score in node_scores(node, means={"q": Fraction(75)}, entries=entries)}
    assert scores["unit"].score == 81 and scores["unit"].points is None
    assert [scores[name].points for name in ("duties", "management", "rating")] == [48, 18, 15]
    recipe = linear(node, entries=entries)
    assert (recipe.constant, recipe.coefficients) == (66, {"q": Fraction(1, 5)})


def test_a_hundred_and_ten_is_normalised_when_declared(make_scheme):
    """With shares 70 and 40 of a declared 110, the score is (70 x 50 + 40 x 100) / 110."""
    branches = [{"id": "a", "item": "q", "max": 70}, {"id": "b", "item": "r", "max": 40}]
    tree = {"id": "u", "operator": "sum_of_maxima", "policy": "normalise", "branches": branches}
    node = parse_scheme(make_scheme(tree)).tree
    scores = node_scores(node, means={"q": Fraction(50), "r": Fraction(100)}, entries={})
    assert scores[0].score == Fraction(7500, 110)
    assert [score.points for score in scores] == [None, 35, 40]


def test_an_item_without_answers_gives_no_score():
    """A missing mean is never read as zero: the nodes that need it have no score."""
    tree = Node(
        "r", operator=Operator.WEIGHTED_MEAN, branches=(Node("a", item="q", share=1), Node("b", item="s", share=1))
    )
    assert linear(tree, entries={}).value({"q": Fraction(50)}) is None
    assert [score.id for score in node_scores(tree, means={"q": Fraction(50)}, entries={})] == ["a"]


def test_a_missing_entry_is_named():
    """A figure that was not entered is asked for by name."""
    with pytest.raises(SchemeError, match="duties"):
        linear(Node("n", entry="duties"), entries={})


def test_no_cuts_no_grade():
    """A scheme without grades gives none."""
    with pytest.raises(SchemeError, match="no grades"):
        grade("50", cuts=())


@given(st.integers(0, 10_000))
def test_grades_are_half_open(hundredths):
    """Each grade holds its lower bound and not its upper one, without gaps."""
    score = Decimal(hundredths).scaleb(-2)
    expected = "A" if score >= 90 else "B" if score >= Decimal("79.5") else "C"
    assert grade(str(score), cuts=CUTS) == expected
    assert grade("89.99", cuts=CUTS) == "B" and grade("90.00", cuts=CUTS) == "A"


@st.composite
def trees(draw, depth=2, counter=None):
    """Random trees over three items."""
    counter = counter if counter is not None else iter(range(1000))
    name = f"n{next(counter)}"
    if depth == 0 or draw(st.booleans()):
        return Node(name, item=draw(st.sampled_from(["a", "b", "c"])), share=draw(st.integers(1, 50)))
    branches = tuple(draw(trees(depth=depth - 1, counter=counter)) for _ in range(draw(st.integers(1, 3))))
    operator = draw(st.sampled_from(list(Operator)))
    return Node(name, operator=operator, branches=branches, share=draw(st.integers(1, 50)))


def plain_score(node, means):
    """The score by recursion, without coefficients."""
    if node.item:
        return means[node.item]
    total = sum(branch.share for branch in node.branches)
    return sum(branch.share * plain_score(branch, means) for branch in node.branches) / total


@given(trees(), st.tuples(*[st.fractions(0, 100, max_denominator=50)] * 3))
def test_the_linear_form_is_the_tree(tree, values):
    """The coefficients give exactly the score that walking the tree gives, and sum to one."""
    means = dict(zip("abc", values, strict=True))
    recipe = linear(tree, entries={})
    assert recipe.value(means) == plain_score(tree, means)
    assert sum(recipe.coefficients.values()) == 1
