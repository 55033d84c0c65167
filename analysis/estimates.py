"""Means, ratios and totals with their covariance, overall and by domain."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import numpy as np
import numpy.typing as npt

from analysis.design import Design, SinglePSU
from analysis.errors import DesignError
from analysis.variance import linearised_variance

FloatArray = npt.NDArray[np.float64]
BoolArray = npt.NDArray[np.bool_]


class Missing(StrEnum):
    """What NaN does: refuse it, or drop the row for all variables (R's ``na.rm = TRUE``)."""

    FAIL = "fail"
    LISTWISE = "listwise"


@dataclass(frozen=True, eq=False)
class Estimate:
    """Estimates with their covariance; arithmetic is not offered, so no result outlives its standard error.

    Attributes
    ----------
    names : tuple of str
    value : ndarray, shape (q,)
    vcov : ndarray, shape (q, q)
        NaN where a domain holds fewer than two PSUs.
    df : int
        Design degrees of freedom.
    """

    names: tuple[str, ...]
    value: FloatArray
    vcov: FloatArray
    df: int

    @property
    def se(self) -> FloatArray:
        """Standard errors, shape (q,)."""
        return np.asarray(np.sqrt(np.diagonal(self.vcov)), dtype=np.float64)

    @property
    def cv(self) -> FloatArray:
        """Coefficients of variation, se / value."""
        return np.asarray(self.se / self.value, dtype=np.float64)

    def interval(self, *, level: float = 0.95, df: float | None = None) -> FloatArray:
        """Confidence intervals, shape (q, 2).

        Parameters
        ----------
        level : float
        df : float, optional
            The design's degrees of freedom by default; ``math.inf`` for the normal quantile (R's default).
        """
        from scipy.special import ndtri, stdtrit

        used = float(self.df) if df is None else df
        tail = (1.0 + level) / 2.0
        quantile = float(ndtri(tail) if np.isinf(used) else stdtrit(used, tail)) if used > 0 else float("nan")
        half = quantile * self.se
        return np.stack([self.value - half, self.value + half], axis=1)


@dataclass(frozen=True)
class _Rows:
    """Values with the weights of the rows they count for."""

    names: tuple[str, ...]
    values: FloatArray
    weights: FloatArray
    kept: BoolArray


def _matrix(values: Any, names: Sequence[str] | None) -> tuple[tuple[str, ...], FloatArray]:
    columns = getattr(values, "columns", None)
    array = np.asarray(values, dtype=np.float64)
    table = array[:, None] if array.ndim == 1 else array
    if names is None:
        named = [getattr(values, "name", None) or "value"] if columns is None else columns
        names = [str(name) for name in named] if columns is not None else [str(named[0])] * table.shape[1]
    return tuple(names), table


def _rows(values: Any, design: Design, names: Sequence[str] | None, domain: Any, missing: Missing | str) -> _Rows:
    labels, table = _matrix(values, names)
    if len(table) != design.n:
        raise DesignError("values and design have different lengths", got=str(len(table)), expected=str(design.n))
    kept = np.ones(design.n, dtype=bool) if domain is None else np.asarray(domain, dtype=bool)
    if kept.shape != (design.n,):
        raise DesignError("column domain: wrong length", got=str(kept.shape), expected=f"({design.n},)")
    empty = np.isnan(table).any(axis=1) & kept
    if empty.any() and Missing(missing) is Missing.FAIL:
        row = int(np.argmax(empty))
        column = labels[int(np.argmax(np.isnan(table[row])))]
        raise DesignError(
            f"column {column}, row {row}: no value",
            got=f"{int(empty.sum())} rows with missing values",
            hint='say missing="listwise" to leave these rows out',
        )
    kept = kept & ~empty
    weights = np.where(kept, design.weights, 0.0)
    if not weights.sum() > 0:
        raise DesignError("the domain is empty", got="0 rows of positive weight", expected=">= 1")
    return _Rows(labels, np.where(kept[:, None], table, 0.0), weights, kept)


def _estimate(
    rows: _Rows, value: FloatArray, linearised: FloatArray, design: Design, single_psu: SinglePSU | str
) -> Estimate:
    used = rows.kept & (design.weights > 0)
    if len(np.unique(design.psu_of_row[used])) < 2:
        vcov = np.full((linearised.shape[1],) * 2, np.nan)
    else:
        vcov = linearised_variance(linearised, design=design, single_psu=single_psu)
    return Estimate(rows.names, value, vcov, design.df(domain=used))


def mean(
    values: Any,
    *,
    design: Design,
    names: Sequence[str] | None = None,
    domain: Any = None,
    missing: Missing | str = Missing.FAIL,
    single_psu: SinglePSU | str = SinglePSU.FAIL,
) -> Estimate:
    """Weighted means of one or more variables.

    Parameters
    ----------
    values : array or DataFrame, shape (n,) or (n, q)
        NaN is missing.
    design : Design
    names : sequence of str, optional
    domain : array of bool, shape (n,), optional
        The rest of the design still counts in the variance.
    missing : Missing
    single_psu : SinglePSU

    Notes
    -----
    Linearised values w_i (y_i - M) / sum(w). Agrees with ``svymean(~y, subset(design, domain), na.rm = TRUE)``.
    """
    rows = _rows(values, design, names, domain, missing)
    base = rows.weights.sum()
    value = rows.weights @ rows.values / base
    linearised = rows.weights[:, None] * (rows.values - value) / base
    return _estimate(rows, value, linearised, design, single_psu)


def total(
    values: Any,
    *,
    design: Design,
    names: Sequence[str] | None = None,
    domain: Any = None,
    missing: Missing | str = Missing.FAIL,
    single_psu: SinglePSU | str = SinglePSU.FAIL,
) -> Estimate:
    """Weighted totals; parameters as in `mean`. Agrees with ``svytotal``."""
    rows = _rows(values, design, names, domain, missing)
    return _estimate(rows, rows.weights @ rows.values, rows.weights[:, None] * rows.values, design, single_psu)


def ratio(
    numerator: Any,
    denominator: Any,
    *,
    design: Design,
    name: str = "ratio",
    domain: Any = None,
    missing: Missing | str = Missing.FAIL,
    single_psu: SinglePSU | str = SinglePSU.FAIL,
) -> Estimate:
    """Ratio of two weighted totals; other parameters as in `mean`.

    Notes
    -----
    Linearised values w_i (y_i - R x_i) / sum(w x). Agrees with ``svyratio(~y, ~x, design)``.
    """
    both = np.stack([np.asarray(numerator, dtype=np.float64), np.asarray(denominator, dtype=np.float64)], axis=1)
    rows = _rows(both, design, ("numerator", "denominator"), domain, missing)
    top, base = rows.weights @ rows.values
    if base == 0:
        raise DesignError("the denominator of a ratio sums to zero", got="0", expected="a total other than 0")
    value = top / base
    linearised = rows.weights[:, None] * (rows.values[:, :1] - value * rows.values[:, 1:]) / base
    named = _Rows((name,), rows.values, rows.weights, rows.kept)
    return _estimate(named, np.array([value]), linearised, design, single_psu)


def indicators(labels: Any, *, prefix: str = "") -> tuple[tuple[str, ...], FloatArray]:
    """One 0/1 column for each category, sorted; rows without a label are NaN. Their means are proportions."""
    array = np.asarray(labels, dtype=object)
    unknown = np.array([label is None or label != label for label in array], dtype=bool)
    categories = sorted({str(label) for label in array[~unknown]})
    table = np.stack([(array.astype(str) == category).astype(np.float64) for category in categories], axis=1)
    table[unknown] = np.nan
    return tuple(f"{prefix}{category}" for category in categories), table


def by(
    labels: Any,
    estimator: Callable[..., Estimate],
    values: Any,
    *,
    design: Design,
    **arguments: Any,
) -> dict[str, Estimate]:
    """The same estimate in every domain, keyed by the domain's label in sorted order.

    Parameters
    ----------
    labels : array, shape (n,)
        Rows without a label belong to no domain.
    estimator : `mean` or `total`, or any function of (values, *, design, domain, ...)
    values, design, arguments
        Passed on.

    Notes
    -----
    Agrees with ``svyby``.
    """
    names, table = indicators(labels)
    return {
        name: estimator(values, design=design, domain=table[:, column] == 1.0, **arguments)
        for column, name in enumerate(names)
    }


def by_with_covariance(
    labels: Any,
    estimator: Callable[..., Estimate],
    values: Any,
    *,
    design: Design,
    missing: Missing | str = Missing.FAIL,
    single_psu: SinglePSU | str = SinglePSU.FAIL,
) -> Estimate:
    """Means or totals of one variable in all domains at once, with the covariances between domains.

    Notes
    -----
    Agrees with ``svyby(..., covmat = TRUE)``.
    """
    if estimator not in (mean, total):
        raise DesignError("covariances between domains are made for means and totals", got=str(estimator))
    names, table = indicators(labels)
    _, column = _matrix(values, ("value",))
    value: list[float] = []
    parts: list[FloatArray] = []
    for position in range(len(names)):
        rows = _rows(column, design, ("value",), table[:, position] == 1.0, missing)
        base = rows.weights.sum()
        sums = float(rows.weights @ rows.values[:, 0])
        centre, scale = (sums / base, base) if estimator is mean else (0.0, 1.0)
        value.append(sums / base if estimator is mean else sums)
        parts.append(rows.weights * (rows.values[:, 0] - centre) / scale)
    vcov = linearised_variance(np.stack(parts, axis=1), design=design, single_psu=single_psu)
    return Estimate(names, np.array(value), vcov, design.df())
