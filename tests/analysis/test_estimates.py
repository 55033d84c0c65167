"""Designs, means, totals, ratios and domains."""

import math

import numpy as np
import pandas as pd
import pytest
from statsmodels.stats.weightstats import DescrStatsW

from analysis.design import Design
from analysis.errors import DesignError
from analysis.estimates import by, by_with_covariance, indicators, mean, ratio, total

Y = np.array([2.0, 4.0, 6.0, 1.0, 5.0, 3.0])
STRATA = np.array(["a", "a", "a", "b", "b", "b"])
W = np.array([1.0, 1.0, 1.0, 2.0, 2.0, 2.0])


def test_a_stratified_mean_by_hand():
    """M = (12 + 18)/9; z = w(y - M)/9; V = sum_h 3/2 x sum (z - zbar)^2 = 3/2 x (8 + 4 x 8)/81."""
    estimate = mean(Y, design=Design(STRATA, None, W))
    assert estimate.value[0] == pytest.approx(30 / 9)
    assert estimate.vcov[0, 0] == pytest.approx(1.5 * (8 + 4 * 8) / 81)
    assert estimate.df == 4
    assert estimate.cv[0] == pytest.approx(estimate.se[0] / (30 / 9))
    low, high = estimate.interval()[0]
    assert (low + high) / 2 == pytest.approx(30 / 9) and high - low == pytest.approx(2 * 2.7764451052 * estimate.se[0])


def test_one_stratum_agrees_with_statsmodels():
    """With equal weights the standard error is that of DescrStatsW, and the weighted mean always is."""
    rng = np.random.default_rng(1)
    values, weights = rng.normal(size=50), rng.uniform(0.5, 2, size=50)
    plain = mean(values, design=Design(None, None, np.ones(50)))
    other = DescrStatsW(values)
    assert plain.se[0] == pytest.approx(other.std_mean, abs=1e-12)
    assert plain.interval()[0] == pytest.approx(other.tconfint_mean(), abs=1e-12)
    weighted = mean(values, design=Design(None, None, weights))
    assert weighted.value[0] == pytest.approx(DescrStatsW(values, weights=weights).mean, abs=1e-12)


def slow_variance(linearised, strata, psu, fpc=None):
    """The variance of a total, one respondent and one PSU at a time."""
    variance = 0.0
    for stratum in sorted(set(strata)):
        totals = {}
        for i in range(len(linearised)):
            if strata[i] == stratum:
                totals[psu[i]] = totals.get(psu[i], 0.0) + linearised[i]
        m = len(totals)
        centre = sum(totals.values()) / m
        rest = 1.0 if fpc is None else 1.0 - m / fpc[stratum]
        variance += rest * m / (m - 1) * sum((t - centre) ** 2 for t in totals.values())
    return variance


@pytest.mark.parametrize("with_fpc", [False, True])
def test_a_plain_loop_gives_the_same_variance(with_fpc):
    """Ratio, mean and total in a domain of a clustered design agree with loops over respondents."""
    rng = np.random.default_rng(9)
    n = 300
    strata = rng.choice(["n", "s", "w"], size=n)
    psu = np.array([f"{s}{k}" for s, k in zip(strata, rng.integers(0, 6, size=n), strict=True)])
    weights, domain = rng.uniform(0.5, 3, size=n), rng.random(n) < 0.4
    y, x = rng.normal(5, 2, size=n), rng.normal(9, 1, size=n)
    population = {"n": 40, "s": 20, "w": 60}
    fpc = np.array([population[s] for s in strata], dtype=float) if with_fpc else None
    design = Design(strata, psu, weights, fpc=fpc)
    w = weights * domain
    slow = {
        "total": w * y,
        "mean": w * (y - (w @ y) / w.sum()) / w.sum(),
        "ratio": w * (y - (w @ y) / (w @ x) * x) / (w @ x),
    }
    got = {
        "total": total(y, design=design, domain=domain),
        "mean": mean(y, design=design, domain=domain),
        "ratio": ratio(y, x, design=design, domain=domain),
    }
    for name, linearised in slow.items():
        expected = slow_variance(linearised, strata, psu, population if with_fpc else None)
        assert got[name].vcov[0, 0] == pytest.approx(expected, rel=1e-12), name


def test_the_order_of_rows_does_not_matter():
    """Shuffled rows give the same estimate."""
    order = np.array([5, 2, 0, 3, 1, 4])
    first, second = (mean(Y[o], design=Design(STRATA[o], None, W[o])) for o in (np.arange(6), order))
    assert first.value == pytest.approx(second.value, rel=1e-14)
    assert first.vcov == pytest.approx(second.vcov, rel=1e-12)


def test_domains_carry_their_covariance():
    """Domains alone and together have the same values and errors; together they have covariances too."""
    labels = np.array(["p", "q", "p", "q", "p", None], dtype=object)
    design = Design(STRATA, None, W)
    alone = by(labels, mean, Y, design=design)
    together = by_with_covariance(labels, mean, Y, design=design)
    assert list(alone) == list(together.names) == ["p", "q"]
    assert together.value == pytest.approx([e.value[0] for e in alone.values()])
    assert together.se == pytest.approx([e.se[0] for e in alone.values()])
    assert together.vcov[0, 1] != 0
    with pytest.raises(DesignError, match="means and totals"):
        by_with_covariance(labels, ratio, Y, design=design)


def test_proportions_are_means_of_indicators():
    """Shares of categories sum to one and unknown labels are missing."""
    names, table = indicators(np.array(["x", "y", None, "x"], dtype=object), prefix="v")
    assert names == ("vx", "vy") and np.isnan(table[2]).all()
    estimate = mean(table, design=Design(None, None, np.ones(4)), names=names, missing="listwise")
    assert estimate.value.sum() == pytest.approx(1)


def test_a_frame_names_its_columns():
    """Column names become the names of the estimates."""
    frame = pd.DataFrame({"speed": Y, "manner": Y[::-1]})
    assert mean(frame, design=Design(None, None, W)).names == ("speed", "manner")
    assert mean(frame["speed"], design=Design(None, None, W)).names == ("speed",)


def test_a_domain_of_one_psu_has_no_variance():
    """Where nothing can be estimated, the standard error is NaN, never zero."""
    domain = np.array([True, False, False, False, False, False])
    estimate = mean(Y, design=Design(None, None, W), domain=domain)
    assert np.isnan(estimate.se[0]) and estimate.value[0] == 2 and np.isnan(estimate.interval()).all()


LONELY = Design(np.array(["a", "a", "b"]), None, np.ones(3))


def test_a_single_psu_stratum_fails_by_default():
    """The stratum is named, and the rules that exist."""
    with pytest.raises(DesignError, match=r"stratum b has a single PSU.*adjust"):
        total(np.array([1.0, 3.0, 8.0]), design=LONELY)


@pytest.mark.parametrize(
    ("rule", "variance"), [("remove", 4.0), ("certainty", 4.0), ("average", 8.0), ("adjust", 4.0 + 16.0)]
)
def test_a_single_psu_rule_is_chosen_at_the_estimate(rule, variance):
    """Values 1, 3 | 8: 2 x ((1-2)^2 + (3-2)^2) = 4; average doubles it; adjust adds (8 - 4)^2."""
    assert total(np.array([1.0, 3.0, 8.0]), design=LONELY, single_psu=rule).vcov[0, 0] == pytest.approx(variance)


def test_average_needs_another_stratum():
    """With single PSUs only there is nothing to take the average of."""
    design = Design(np.array(["a", "b"]), None, np.ones(2))
    with pytest.raises(DesignError, match="single PSU"):
        total(np.array([1.0, 2.0]), design=design, single_psu="average")


def test_a_stratum_taken_whole_needs_no_variance():
    """A single PSU that is all there is (f = 1) is no problem."""
    design = Design(np.array(["a", "a", "b"]), None, np.ones(3), fpc=np.array([4.0, 4.0, 1.0]))
    assert total(np.array([1.0, 3.0, 8.0]), design=design).vcov[0, 0] == pytest.approx(2.0)


def test_nested_labels_are_allowed_when_said():
    """PSU labels used again in each stratum are refused, or taken as nested on request."""
    psu = np.array([1, 2, 2, 1, 2, 2])
    with pytest.raises(DesignError, match="column psu, row 3"):
        Design(STRATA, psu, W)
    assert Design(STRATA, psu, W, nest=True).n_psu.tolist() == [2, 2]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((None, None, [1, -1]), "column weights, row 1"),
        ((None, None, [1, math.inf]), "column weights, row 1"),
        ((None, None, ["x"]), "column weights: not numeric"),
        ((None, None, [0, 0]), "column weights: nobody"),
        ((None, None, []), "column weights: wrong length"),
        ((["a"], None, [1, 1]), "column strata: wrong length"),
        ((np.array(["a", None], dtype=object), None, [1, 1]), "column strata, row 1"),
        ((None, np.array([1.0, math.nan]), [1, 1]), "column psu, row 1"),
        ((None, None, [1, 1], [9, 8]), "column fpc, row 1: not constant"),
        ((None, None, [1, 1], [1.5, 1.5]), "column fpc, row 0: the stratum has more"),
        ((None, None, [1, 1], [9]), "column fpc: wrong length"),
    ],
)
def test_a_contradictory_design_is_refused(arguments, message):
    """The error names column and row."""
    with pytest.raises(DesignError, match=message):
        Design(*arguments)


def test_estimates_refuse_what_they_cannot_use():
    """Missing values, wrong lengths, empty domains and zero denominators are errors."""
    design = Design(None, None, W)
    holes = Y.copy()
    holes[2] = math.nan
    with pytest.raises(DesignError, match="column speed, row 2"):
        mean(holes, design=design, names=["speed"])
    assert mean(holes, design=design, missing="listwise").value[0] == pytest.approx(24 / 8)
    with pytest.raises(DesignError, match="different lengths"):
        mean(Y[:3], design=design)
    with pytest.raises(DesignError, match="column domain"):
        mean(Y, design=design, domain=np.ones(3, dtype=bool))
    with pytest.raises(DesignError, match="domain is empty"):
        mean(Y, design=design, domain=np.zeros(6, dtype=bool))
    with pytest.raises(DesignError, match="denominator"):
        ratio(Y, np.zeros(6), design=design)
