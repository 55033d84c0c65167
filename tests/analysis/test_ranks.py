"""Rank sets and suppression."""

from decimal import Decimal
from fractions import Fraction
from statistics import NormalDist

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.disclosure import suppress
from analysis.errors import WeightError
from analysis.ranks import rank_critical, rank_sets


def test_rank_sets_by_hand():
    """A clear winner is first; two that overlap share places two and three; touching intervals are tied."""
    intervals = {"a": (90, 95), "b": (70, 80), "c": (75, 85), "d": (60, 70)}
    exact = {unit: (Decimal(low), Decimal(high)) for unit, (low, high) in intervals.items()}
    assert rank_sets(exact) == {"a": (1, 1), "b": (2, 4), "c": (2, 3), "d": (3, 4)}


@pytest.mark.parametrize("size", [1, 2, 40])
def test_sidak_quantile(size):
    """The quantile leaves out 1 - 0.95^(1/K) in two tails."""
    beta = 1 - 0.95 ** (1 / size)
    critical = rank_critical(group_size=size, confidence=Fraction(95, 100))
    assert critical == pytest.approx(NormalDist().inv_cdf(1 - beta / 2), abs=1e-12)


def test_an_empty_group_is_refused():
    """Nobody cannot be ranked."""
    with pytest.raises(WeightError):
        rank_critical(group_size=0, confidence=Fraction(95, 100))


@given(st.lists(st.tuples(st.integers(0, 100), st.integers(0, 20)), min_size=1, max_size=8))
def test_the_rank_of_the_estimate_is_in_its_set(rows):
    """The place by the point estimates is never outside the unit's own rank set."""
    exact = {str(i): (Decimal(c - h), Decimal(c + h)) for i, (c, h) in enumerate(rows)}
    for i, (low, high) in rank_sets(exact).items():
        centre = rows[int(i)][0]
        assert low <= 1 + sum(other > centre for other, _ in rows)
        assert high >= len(rows) - sum(other < centre for other, _ in rows)


def test_rank_sets_cover_together():
    """Over 2,000 leagues of eight equal and unequal units all true ranks are covered in at least 95 %."""
    rng = np.random.default_rng(3)
    truth = np.array([80, 80, 79, 75, 75, 70, 60, 60.0])
    error = np.array([1, 2, 1, 2, 3, 1, 2, 2.0])
    critical = rank_critical(group_size=8, confidence=Fraction(95, 100))
    best = [1 + int((truth > value).sum()) for value in truth]
    worst = [8 - int((truth < value).sum()) for value in truth]
    covered = 0
    for _ in range(2000):
        seen = rng.normal(truth, error)
        ends = {
            str(i): (Decimal(float(s - critical * e)), Decimal(float(s + critical * e)))
            for i, (s, e) in enumerate(zip(seen, error, strict=True))
        }
        sets = rank_sets(ends)
        covered += all(sets[str(i)][0] <= best[i] and worst[i] <= sets[str(i)][1] for i in range(8))
    assert covered >= 0.95 * 2000


def test_small_units_are_hidden():
    """29 answers are hidden, 30 are shown, and the order is kept."""
    done = suppress({"a": 29, "b": 30, "c": 0, "d": 100}, minimum_n=30)
    assert (done.shown, done.hidden) == (("b", "d"), ("a", "c"))
