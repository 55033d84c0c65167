"""The clustering effect where its answer is known."""

from fractions import Fraction

import numpy as np
import pytest

from analysis.clustering import LeafClusters, clustering_effect
from analysis.engine import ClusterTally
from analysis.variance import ClassSums, composite_variance


def leaf(values, psu):
    """One class of weight 1000 with one item, and its PSUs."""
    values, psu = np.array(values), np.array(psu)
    n, total = len(values), int(values.sum())
    sums = ClassSums(1000, n, [n], [total], {(0, 0): [n, total, total, int((values**2).sum())]})
    n_psu = int(psu.max()) + 1
    size, inside = np.bincount(psu), np.bincount(psu, weights=values).astype(np.int64)
    zeros = np.zeros(n_psu, dtype=np.int64)
    return LeafClusters([sums], ClusterTally(n_psu, np.arange(n_psu), zeros, size, size[:, None], inside[:, None]))


def effect(leaves):
    """The effect on the pooled mean of one item."""
    classes = [c for one in leaves for c in one.classes]
    base = sum(c.weight * c.valid[0] for c in classes)
    centre = Fraction(sum(c.weight * c.sums[0] for c in classes), base)
    return clustering_effect(leaves, coefficients=[Fraction(1)], means=[centre], bases=[base])


def test_identical_answers_within_psus_by_hand():
    """Five PSUs of four identical answers: the effect is 4 x (5/4) / (20/19) = 4.75, with 4 degrees of freedom."""
    made = effect([leaf(np.repeat([0, 25, 50, 75, 100], 4), np.repeat(range(5), 4))])
    assert made.effect == pytest.approx(4.75) and made.df == 4


def test_psus_of_one_change_nothing():
    """When every respondent is a PSU the effect is exactly one."""
    made = effect([leaf([0, 25, 25, 100, 75], range(5))])
    assert made.effect == pytest.approx(1) and made.df == 4


def test_the_effect_has_a_floor():
    """PSUs that cancel out completely give 0.5, not zero."""
    assert effect([leaf([0, 100] * 4, np.repeat(range(4), 2))]).effect == 0.5


def test_units_with_one_psu_are_left_out():
    """The effect comes from the units that can show it; without any it is one."""
    spread = leaf(np.repeat([0, 25, 50, 75, 100], 4), np.repeat(range(5), 4))
    single = leaf([0, 50, 100], [0, 0, 0])
    assert effect([single]).effect == 1.0 and effect([single]).df == 2
    assert effect([spread, single]).effect == pytest.approx(4.75) and effect([spread, single]).df == 4


def test_answers_without_variance():
    """When all answer the same, there is nothing to inflate."""
    assert effect([leaf([50] * 4, [0, 0, 1, 1])]).effect == 1.0


def test_a_mean_by_hand_is_the_plain_variance():
    """One class, one item: the composite variance is s^2/n; a class of one adds nothing."""
    classes = leaf([0, 25, 25, 100, 75], range(5)).classes
    values = [0, 25, 25, 100, 75]
    exact = composite_variance(classes, coefficients=[Fraction(1)], means=[Fraction(45)], bases=[5000])
    assert exact == sum((Fraction(v) - 45) ** 2 for v in values) / 4 / 5
    lonely = leaf([75], [0]).classes
    assert composite_variance(lonely, coefficients=[Fraction(1)], means=[Fraction(75)], bases=[1000]) == 0
