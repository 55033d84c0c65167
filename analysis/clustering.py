"""The clustering effect: how much the PSUs inflate a composite's variance. It is a sealed input of a release."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
import numpy.typing as npt

from analysis.engine import ClusterTally
from analysis.variance import ClassSums, composite_variance

FLOOR = 0.5


@dataclass(frozen=True)
class LeafClusters:
    """One scored unit: its classes and their sums by PSU (None when the wave has no PSUs)."""

    classes: Sequence[ClassSums]
    clusters: ClusterTally | None


@dataclass(frozen=True)
class Clustering:
    """Ratio of the variance with PSUs to the variance without, and the degrees of freedom that go with it."""

    effect: float
    df: int


def clustering_effect(
    leaves: Sequence[LeafClusters],
    *,
    coefficients: Sequence[Fraction],
    means: Sequence[Fraction],
    bases: Sequence[int],
) -> Clustering:
    """Inflation of the composite's variance by clustering within units.

    Parameters
    ----------
    leaves : sequence of LeafClusters
        Scored units pooled by the composite; each is a stratum, and its PSUs are its own.
    coefficients, means, bases
        As in `composite_variance`, of the pooled composite.

    Notes
    -----
    e_i is the linearised value z_i minus its class mean (post-stratified residual), t_p its total in PSU p:
    effect = sum_h m_h/(m_h - 1) sum_p (t_p - t_h)^2 / V over the units h with m_h >= 2 PSUs, V being the composite
    variance of the same units without PSUs; df = sum_h (m_h - 1). Without such a unit the effect is 1 and
    df = respondents - classes. The effect is floored at 0.5: a few PSUs give values far below one by chance, and
    an interval must not be cut to less than 0.7 of its width on that ground.
    """
    usable = [leaf for leaf in leaves if leaf.clusters is not None and leaf.clusters.n_psu >= 2]
    n_residual = sum(c.n for leaf in leaves for c in leaf.classes) - sum(len(leaf.classes) for leaf in leaves)
    if not usable:
        return Clustering(1.0, max(n_residual, 1))
    df = sum(leaf.clusters.n_psu - 1 for leaf in usable if leaf.clusters is not None)
    classes = [c for leaf in usable for c in leaf.classes]
    without = float(composite_variance(classes, coefficients=coefficients, means=means, bases=bases))
    if without <= 0.0:
        return Clustering(1.0, df)
    slopes = np.array([float(a) / base if a else 0.0 for a, base in zip(coefficients, bases, strict=True)])
    centres = np.array([float(mean) for mean in means])
    with_psu = sum(
        _between(leaf.classes, leaf.clusters, slopes, centres) for leaf in usable if leaf.clusters is not None
    )
    return Clustering(max(with_psu / without, FLOOR), df)


def _between(
    classes: Sequence[ClassSums],
    tally: ClusterTally,
    slopes: npt.NDArray[np.float64],
    centres: npt.NDArray[np.float64],
) -> float:
    weight = np.array([c.weight for c in classes], dtype=np.float64)
    n = np.array([c.n for c in classes], dtype=np.float64)
    sums = np.array([c.sums for c in classes], dtype=np.float64)
    valid = np.array([c.valid for c in classes], dtype=np.float64)
    class_mean = weight * ((sums - centres * valid) @ slopes) / n
    linearised = weight[tally.row] * ((tally.sums - centres * tally.valid) @ slopes)
    totals = np.bincount(tally.psu, weights=linearised - tally.n * class_mean[tally.row], minlength=tally.n_psu)
    centred = totals - totals.mean()
    return float(tally.n_psu / (tally.n_psu - 1) * (centred @ centred))
