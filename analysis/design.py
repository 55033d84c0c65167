"""The sampling design, described once and taken by every estimate."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

import numpy as np
import numpy.typing as npt

from analysis.errors import DesignError

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]


class SinglePSU(StrEnum):
    """What to do with a stratum that has one PSU: Lumley's ``survey.lonely.psu``, given at the estimate."""

    FAIL = "fail"
    REMOVE = "remove"
    CERTAINTY = "certainty"
    ADJUST = "adjust"
    AVERAGE = "average"


@dataclass(frozen=True, eq=False)
class Design:
    """A one-stage stratified cluster design.

    Parameters
    ----------
    strata : array of labels, shape (n,), or None
        None is a single stratum.
    psu : array of labels, shape (n,), or None
        None makes every row a PSU of its own.
    weights : array of float, shape (n,)
        Finite and >= 0, not all zero; a row of weight zero belongs to the design but not to estimates.
    fpc : array of float, shape (n,), or None
        PSUs in the row's stratum in the population (> 1), or the sampled fraction (<= 1); constant in a stratum.
        None is sampling with replacement.
    nest : bool
        True when PSU labels are used again in other strata; otherwise a repeated label is refused.

    Attributes
    ----------
    stratum_of_row, psu_of_row : ndarray of int, shape (n,)
        Positions of each row's stratum and PSU.
    stratum_of_psu : ndarray of int, shape (PSUs,)
    n_psu : ndarray of int, shape (strata,)
        Sampled PSUs.
    unsampled : ndarray, shape (strata,)
        1 - f, the share of PSUs not sampled; one with replacement.

    Raises
    ------
    DesignError
        Naming the column and the first offending row (counted from 0).

    Notes
    -----
    Agrees with ``svydesign(id = ~psu, strata = ~strata, weights = ~weights, fpc = ~fpc)``. Stages below the first are
    treated as sampled with replacement.
    """

    strata: npt.NDArray[Any] | None
    psu: npt.NDArray[Any] | None
    weights: FloatArray
    fpc: FloatArray | None = None
    nest: bool = False
    stratum_of_row: IntArray = field(init=False, repr=False)
    psu_of_row: IntArray = field(init=False, repr=False)
    stratum_of_psu: IntArray = field(init=False, repr=False)
    n_psu: IntArray = field(init=False, repr=False)
    unsampled: FloatArray = field(init=False, repr=False)

    def __post_init__(self) -> None:
        weights = _numbers(self.weights, "weights", None)
        n = len(weights)
        if not weights.sum() > 0:
            raise DesignError("column weights: nobody has a weight", got="all zero", expected="a sum > 0")
        stratum = _positions(self.strata, "strata", n)
        psu = _positions(self.psu, "psu", n) if self.psu is not None else np.arange(n)
        if self.psu is not None and self.strata is not None:
            psu = self._nested(stratum, psu)
        first = np.zeros(int(psu.max()) + 1, dtype=np.int64)
        first[psu[::-1]] = np.arange(n)[::-1]
        n_psu = np.bincount(stratum[first], minlength=int(stratum.max()) + 1).astype(np.int64)
        object.__setattr__(self, "weights", weights)
        object.__setattr__(self, "stratum_of_row", stratum)
        object.__setattr__(self, "psu_of_row", psu)
        object.__setattr__(self, "stratum_of_psu", stratum[first])
        object.__setattr__(self, "n_psu", n_psu)
        object.__setattr__(self, "unsampled", self._fractions(stratum, n_psu))

    def _nested(self, stratum: IntArray, psu: IntArray) -> IntArray:
        pair = stratum * (int(psu.max()) + 1) + psu
        labels, nested = np.unique(pair, return_inverse=True)
        if not self.nest and len(labels) > int(psu.max()) + 1:
            owner = np.full(int(psu.max()) + 1, -1, dtype=np.int64)
            owner[psu[::-1]] = stratum[::-1]
            row = int(np.argmax(owner[psu] != stratum))
            raise DesignError(
                f"column psu, row {row}: the PSU stands in two strata",
                got=str(np.asarray(self.psu)[row]),
                expected="each PSU in one stratum",
                hint="say nest=True if labels are only unique within strata",
            )
        return np.asarray(nested, dtype=np.int64)

    def _fractions(self, stratum: IntArray, n_psu: IntArray) -> FloatArray:
        """Share of PSUs not sampled, per stratum."""
        if self.fpc is None:
            return np.ones(len(n_psu))
        fpc = _numbers(self.fpc, "fpc", len(stratum))
        by_stratum = np.zeros(len(n_psu))
        by_stratum[stratum[::-1]] = fpc[::-1]
        uneven = by_stratum[stratum] != fpc
        if uneven.any():
            row = int(np.argmax(uneven))
            raise DesignError(f"column fpc, row {row}: not constant in its stratum", got=str(fpc[row]))
        counts = by_stratum > 1
        sampled = np.where(counts, n_psu / np.where(counts, by_stratum, 1.0), by_stratum)
        wrong = (sampled > 1) | (by_stratum <= 0)
        if wrong.any():
            row = int(np.argmax(wrong[stratum]))
            raise DesignError(
                f"column fpc, row {row}: the stratum has more sampled PSUs than its population",
                got=str(fpc[row]),
                expected=f">= {int(n_psu[stratum[row]])}, or a fraction <= 1",
            )
        return np.asarray(1.0 - sampled, dtype=np.float64)

    @property
    def n(self) -> int:
        """Number of rows."""
        return len(self.weights)

    def df(self, *, domain: npt.NDArray[np.bool_] | None = None) -> int:
        """Design degrees of freedom: PSUs minus strata, among rows of positive weight in the domain."""
        rows = self.weights > 0 if domain is None else (self.weights > 0) & domain
        return len(np.unique(self.psu_of_row[rows])) - len(np.unique(self.stratum_of_row[rows]))


def _numbers(values: Any, name: str, n: int | None) -> FloatArray:
    try:
        array = np.asarray(values, dtype=np.float64)
    except (TypeError, ValueError) as error:
        raise DesignError(f"column {name}: not numeric", got=str(error), expected="numbers") from error
    if array.ndim != 1 or not len(array) or (n is not None and len(array) != n):
        raise DesignError(f"column {name}: wrong length", got=str(array.shape), expected=f"({n if n else '>= 1'},)")
    wrong = ~np.isfinite(array) | (array < 0)
    if wrong.any():
        row = int(np.argmax(wrong))
        raise DesignError(f"column {name}, row {row}: not a finite number >= 0", got=str(array[row]), expected=">= 0")
    return array


def _positions(values: Any, name: str, n: int) -> IntArray:
    if values is None:
        return np.zeros(n, dtype=np.int64)
    array = np.asarray(values)
    if array.shape != (n,):
        raise DesignError(f"column {name}: wrong length", got=str(array.shape), expected=f"({n},)")
    missing = np.array([value is None or value != value for value in array]) if array.dtype.kind in "Of" else None
    if missing is not None and missing.any():
        raise DesignError(
            f"column {name}, row {int(np.argmax(missing))}: no label", got="missing", expected="a label in every row"
        )
    plain = array.astype(str) if array.dtype.kind == "O" else array
    return np.asarray(np.unique(plain, return_inverse=True)[1], dtype=np.int64)
