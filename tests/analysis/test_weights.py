"""Raking, post-stratification and official weights."""

from fractions import Fraction

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.errors import MarginError, WeightError
from analysis.weights import kish_effect, poststratify, rake, thousandths

SEX = ["m", "m", "m", "f", "f", "f", "f", "f"]
AGE = ["y", "o", "o", "y", "y", "o", "o", "o"]
MARGINS = {"sex": {"m": 50, "f": 50}, "age": {"y": 30, "o": 70}}


def test_one_margin_by_hand():
    """Three men and five women raked to halves weigh 4/3 and 4/5."""
    raked = rake({"sex": SEX}, margins={"sex": {"m": 1, "f": 1}})
    assert raked.weights == pytest.approx([4 / 3] * 3 + [4 / 5] * 5, abs=1e-12)
    assert raked.report.kish_effect == pytest.approx(8 * (3 * 16 / 9 + 5 * 16 / 25) / 64)
    assert raked.report.effective_n == pytest.approx(8 / raked.report.kish_effect)


def test_every_kind_of_column_gives_the_same_weights():
    """Labels, pandas categories in any order and integer positions are the same respondents."""
    codes = {
        "sex": np.array([0] * 3 + [1] * 5, dtype=np.int8),
        "age": np.array([0, 1, 1, 0, 0, 1, 1, 1], dtype=np.int8),
    }
    frame = pd.DataFrame({"sex": pd.Categorical(SEX, categories=["f", "m"]), "age": pd.Categorical(AGE)})
    expected = rake({"sex": SEX, "age": AGE}, margins=MARGINS).weights
    for columns in (codes, frame, {name: frame[name].array for name in frame}):
        assert np.array_equal(rake(columns, margins=MARGINS).weights, expected)


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_raking_hits_every_margin(data):
    """With nobody's cell empty, every margin is reached to 1e-9, weights are positive and their mean is one."""
    sizes = data.draw(st.lists(st.integers(2, 4), min_size=1, max_size=3))
    cells = int(np.prod(sizes))
    counts = data.draw(st.lists(st.integers(1, 30), min_size=cells, max_size=cells))
    rows = np.repeat(np.arange(cells), counts)
    codes = np.unravel_index(rows, sizes)
    margins = {f"d{k}": {str(c): data.draw(st.integers(1, 1000)) for c in range(size)} for k, size in enumerate(sizes)}
    raked = rake({f"d{k}": column for k, column in enumerate(codes)}, margins=margins)
    assert raked.weights.min() > 0 and raked.weights.mean() == pytest.approx(1, abs=1e-9)
    for k, (name, margin) in enumerate(margins.items()):
        for position, population in enumerate(margin.values()):
            target = population / sum(margin.values())
            share = raked.weights[codes[k] == position].sum() / len(rows)
            assert share == pytest.approx(target, rel=2e-9), name
    for row in raked.report.margins:
        assert row.raked == pytest.approx(row.target, rel=1e-9)


def test_raking_does_not_know_the_order_of_respondents():
    """Shuffled respondents get the very same weights, bit by bit."""
    rng = np.random.default_rng(5)
    order = rng.permutation(8)
    whole = rake({"sex": SEX, "age": AGE}, margins=MARGINS).weights
    shuffled = rake({"sex": np.array(SEX)[order], "age": np.array(AGE)[order]}, margins=MARGINS).weights
    assert np.array_equal(shuffled, whole[order])


@pytest.mark.parametrize(
    ("columns", "margins", "message"),
    [
        ({"sex": [*SEX[:-1], "x"]}, {"sex": {"m": 1, "f": 1}}, "column sex: category 'x' of 1 respondents.*hint"),
        ({"sex": [0, 1, 5]}, {"sex": {"m": 1, "f": 1}}, "column sex: category '5' of 1"),
        ({"sex": pd.Categorical(["m", None, None])}, {"sex": {"m": 1, "f": 1}}, "column sex: category 'unknown' of 2"),
        ({"sex": pd.Categorical(["m", "x", "x"])}, {"sex": {"m": 1, "f": 1}}, "column sex: category 'x' of 2"),
        ({"sex": SEX}, {"sex": {"m": 1, "f": 1, "other": 3}}, "'other' has a population of 3 and no respondents"),
        ({"sex": SEX}, {"sex": {"m": 1, "f": 0}}, "'f' has 5 respondents and a population of zero"),
        ({"sex": SEX}, {"sex": {"m": 0, "f": 0}}, "column sex: the margin has no population"),
        ({"age": AGE}, {"sex": {"m": 1, "f": 1}}, "column sex of the margins is missing"),
        ({}, {}, "no margin"),
    ],
)
def test_a_margin_that_does_not_fit_is_named(columns, margins, message):
    """The error names column, category, count and a way out."""
    with pytest.raises(MarginError, match=message):
        rake(columns, margins=margins)


def test_contradicting_margins_are_reported():
    """Empty cells can make two margins impossible together; the worst category is named, nothing is returned."""
    with pytest.raises(MarginError, match=r"column .* category .* stays .* from its target after 1000 iterations"):
        rake({"a": [0, 1], "b": [0, 1]}, margins={"a": {"x": 1, "y": 9}, "b": {"x": 9, "y": 1}})


def test_nobody_cannot_be_raked():
    """An empty wave is an error, not an empty answer."""
    with pytest.raises(WeightError, match="column sex is empty"):
        rake({"sex": np.array([], dtype=np.int8)}, margins={"sex": {"m": 1}})


def test_poststratify_by_hand():
    """10 of 300 and 30 of 300: weights 40/600 x 300/10 = 2 and 2/3."""
    assert poststratify({"a": 10, "b": 30}, population={"a": 300, "b": 300}) == {"a": 2, "b": Fraction(2, 3)}


@given(st.dictionaries(st.integers(0, 20), st.tuples(st.integers(1, 500), st.integers(1, 10**6)), min_size=1))
def test_poststratified_weights_have_mean_one(rows):
    """Exactly, and official weights are positive integers within half a thousandth."""
    n = {key: count for key, (count, _) in rows.items()}
    weights = poststratify(n, population={key: population for key, (_, population) in rows.items()})
    assert sum(n[key] * weight for key, weight in weights.items()) == sum(n.values())
    for weight in weights.values():
        if weight >= Fraction(1, 2000):
            official = thousandths(weight)
            assert isinstance(official, int) and abs(official - 1000 * weight) <= Fraction(1, 2)


def test_impossible_classes_are_refused():
    """A class without respondents or without population has no weight; a weight of zero is no weight."""
    with pytest.raises(WeightError, match="no respondents"):
        poststratify({"a": 0}, population={"a": 5})
    with pytest.raises(MarginError, match="population is zero"):
        poststratify({"a": 3, "b": 1}, population={"a": 0, "b": 1})
    with pytest.raises(WeightError, match="rounds to zero"):
        thousandths(0.0004)


def test_kish_effect_counts_respondents():
    """Weights with counts give what the weights written out give."""
    assert kish_effect([1, 3], counts=[2, 1]) == pytest.approx(kish_effect([1, 1, 3]))
