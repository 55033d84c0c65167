"""Linearised variances: of weighted totals under a design, and of composites from released counts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
import numpy.typing as npt

from analysis.design import Design, SinglePSU
from analysis.errors import DesignError

FloatArray = npt.NDArray[np.float64]


def linearised_variance(
    scores: npt.ArrayLike, *, design: Design, single_psu: SinglePSU | str = SinglePSU.FAIL
) -> FloatArray:
    """Covariance matrix of the totals of linearised values.

    Parameters
    ----------
    scores : array, shape (n, q)
        Weighted linearised values; zero outside a domain.
    design : Design
    single_psu : SinglePSU
        `fail` raises; `remove` and `certainty` count such a stratum as zero; `adjust` centres it at the mean of
        all PSU totals; `average` gives it the mean contribution of the other strata.

    Returns
    -------
    ndarray, shape (q, q)

    Notes
    -----
    V = sum_h (1 - f_h) n_h / (n_h - 1) sum_p (t_p - t_h)(t_p - t_h)', t_p the PSU totals. Agrees with R's ``svyrecvar``
    for one stage.

    References
    ----------
    Lumley (2010), Complex Surveys, appendix A.
    """
    rule = SinglePSU(single_psu)
    values = np.asarray(scores, dtype=np.float64)
    stratum = design.stratum_of_psu
    totals = np.stack(
        [np.bincount(design.psu_of_row, weights=column, minlength=len(stratum)) for column in values.T], axis=1
    )
    n_psu = design.n_psu
    single = (n_psu == 1) & (design.unsampled > 0)
    if single.any() and rule is SinglePSU.FAIL:
        _fail(design, int(np.argmax(single)))
    sums = np.stack([np.bincount(stratum, weights=column, minlength=len(n_psu)) for column in totals.T], axis=1)
    centres = sums / n_psu[:, None]
    if rule is SinglePSU.ADJUST:
        centres[single] = totals.mean(axis=0)
    scale = design.unsampled * np.where(n_psu > 1, n_psu / np.maximum(n_psu - 1, 1), 1.0)
    centred = totals - centres[stratum]
    variance = (centred * scale[stratum][:, None]).T @ centred
    if rule is SinglePSU.AVERAGE and single.any():
        if single.all():
            _fail(design, 0)
        variance = variance * (len(n_psu) / int((~single).sum()))
    return np.asarray(variance, dtype=np.float64)


def _fail(design: Design, stratum: int) -> None:
    row = int(np.argmax(design.stratum_of_row == stratum))
    label = "all" if design.strata is None else str(np.asarray(design.strata)[row])
    raise DesignError(
        f"stratum {label} has a single PSU",
        got="1 PSU",
        expected=">= 2",
        hint="join it with a similar stratum, or choose single_psu=remove|certainty|adjust|average and say so",
    )


@dataclass(frozen=True)
class ClassSums:
    """Integer sums of one weighting class over the items of a composite.

    Attributes
    ----------
    weight : int
        Official weight in thousandths.
    n : int
    valid, sums : sequence of int
        Valid answers and their sum in points, per item.
    products : Mapping of (a, b), a <= b, to (n, sum_a, sum_b, sum_ab)
    """

    weight: int
    n: int
    valid: Sequence[int]
    sums: Sequence[int]
    products: Mapping[tuple[int, int], Sequence[int]]


def _covariances(classes: Iterable[ClassSums], a: int, b: int) -> tuple[Fraction, ...]:
    """Covariances within classes of (sum_a, sum_b), (sum_a, n_b), (n_a, sum_b), (n_a, n_b), times w^2."""
    by_size: dict[int, list[int]] = {}
    for c in classes:
        if c.n < 2:
            continue
        n_ab, sum_a, sum_b, sum_ab = c.products[a, b]
        w2 = c.weight * c.weight
        total = by_size.setdefault(c.n - 1, [0, 0, 0, 0])
        total[0] += w2 * (c.n * sum_ab - c.sums[a] * c.sums[b])
        total[1] += w2 * (c.n * sum_a - c.sums[a] * c.valid[b])
        total[2] += w2 * (c.n * sum_b - c.valid[a] * c.sums[b])
        total[3] += w2 * (c.n * n_ab - c.valid[a] * c.valid[b])
    parts = [sum((Fraction(t[k], size) for size, t in by_size.items()), Fraction(0)) for k in range(4)]
    return tuple(parts)


def composite_variance(
    classes: Sequence[ClassSums], *, coefficients: Sequence[Fraction], means: Sequence[Fraction], bases: Sequence[int]
) -> Fraction:
    """Exact linearised variance of sum_j a_j M_j, classes being the strata.

    Parameters
    ----------
    classes : sequence of ClassSums
    coefficients : sequence of Fraction
        a_j, one for each item.
    means : sequence of Fraction
        M_j = sum_c w_c S_jc / N_j.
    bases : sequence of int
        N_j = sum_c w_c n_jc, in the unit of the weights.

    Notes
    -----
    z_i = w_c sum_j a_j v_ij (y_ij - M_j) / N_j and
    V = sum_c n_c / (n_c - 1) (sum_i z_i^2 - (sum_i z_i)^2 / n_c), expanded into the released sums, so that no
    respondent is needed. With replacement within classes; a class of one respondent adds nothing. Agrees with
    ``svydesign(id = ~1, strata = ~class, weights = ~w)`` and ``svycontrast`` of ``svyratio``.
    """
    total = Fraction(0)
    used = [j for j, a in enumerate(coefficients) if a]
    for place, a in enumerate(used):
        for b in used[place:]:
            ab, a_only, b_only, both = _covariances(classes, a, b)
            cov = ab - means[b] * a_only - means[a] * b_only + means[a] * means[b] * both
            twice = 1 if a == b else 2
            total += twice * coefficients[a] * coefficients[b] * cov / (bases[a] * bases[b])
    return total
