"""Raking: iterative proportional fitting on the table of cells."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from analysis.errors import MarginError, WeightError

FloatArray = npt.NDArray[np.float64]


@dataclass(frozen=True)
class MarginShare:
    """One category of a margin: its target and the weighted shares reached (0..1).

    Attributes
    ----------
    before : float
        Share of the respondents before weighting.
    raked : float
        Share with the raked weights.
    official : float or None
        Share with the official integer class weights; None until they are made.
    """

    dimension: str
    category: str
    population: int
    target: float
    before: float
    raked: float
    official: float | None = None

    @property
    def drift(self) -> float | None:
        """Official share minus target."""
        return None if self.official is None else self.official - self.target


@dataclass(frozen=True)
class WeightReport:
    """What weighting did: iterations, margins before and after, and what it costs in precision."""

    iterations: int
    largest_weight: float
    kish_effect: float
    effective_n: float
    margins: tuple[MarginShare, ...] = ()
    cells_collapsed: int = 0


@dataclass(frozen=True)
class Raked:
    """Raked weights with mean 1 over the respondents.

    Attributes
    ----------
    weights : ndarray, shape (n,)
    cell_weights : ndarray, shape (n_cells,)
        The weight of each cell; NaN where nobody is. Cells are numbered as in `Grid`.
    report : WeightReport
    """

    weights: FloatArray
    cell_weights: FloatArray
    report: WeightReport


def kish_effect(weights: npt.ArrayLike, *, counts: npt.ArrayLike | None = None) -> float:
    """Kish's design effect of unequal weights, n * sum(w^2) / sum(w)^2.

    Parameters
    ----------
    weights : array, shape (m,)
    counts : array, shape (m,), optional
        How many respondents carry each weight; one each by default.
    """
    w = np.asarray(weights, dtype=np.float64)
    n = np.ones_like(w) if counts is None else np.asarray(counts, dtype=np.float64)
    return float(n.sum() * (n * w**2).sum() / (n * w).sum() ** 2)


def _coded(values: Any, categories: Sequence[str], name: str) -> npt.NDArray[np.integer[Any]]:
    """Positions of the categories; integers are taken as positions."""
    source = getattr(values, "array", values)
    labels: list[str] | None = None
    raw = codes = np.asarray(getattr(source, "codes", source))
    if hasattr(source, "categories"):
        labels = [str(label) for label in source.categories]
    elif raw.dtype.kind not in "iu":
        found, raw = np.unique(raw.astype(str), return_inverse=True)
        labels = [str(label) for label in found]
    if labels is not None:
        place = {label: position for position, label in enumerate(categories)}
        lookup = np.array([place.get(label, -1) for label in labels] + [-1], dtype=np.int16)
        codes = lookup[raw]
    if not len(codes):
        raise WeightError(f"column {name} is empty", got="0 respondents")
    if int(codes.min()) < 0 or int(codes.max()) >= len(categories):
        wrong = (codes < 0) | (codes >= len(categories))
        stray = codes[wrong] if labels is None else np.array([*labels, "unknown"])[raw[wrong]]
        raise _stray(name, str(stray[0]), int((stray == stray[0]).sum()), categories)
    return codes


def _stray(name: str, category: str, count: int, categories: Sequence[str]) -> MarginError:
    return MarginError(
        f"column {name}: category {category!r} of {count} respondents is in no margin",
        got=category,
        expected=f"{', '.join(categories)}, or a position 0..{len(categories) - 1}",
        hint="recode it, add it to the margin, or exclude the respondents with a reason",
    )


def rake(
    columns: Mapping[str, Any],
    *,
    margins: Mapping[str, Mapping[str, int]],
    tolerance: float = 1e-9,
    max_iterations: int = 1000,
) -> Raked:
    """Rake respondents to one-way margins.

    Parameters
    ----------
    columns : Mapping of dimension to array, shape (n,)
        Labels, a pandas Categorical, `Labels`, or integers that are positions in the margin's categories.
    margins : Mapping of dimension to category to population
        Only shares matter; dimensions may come from tables with different totals.
    tolerance : float
        Largest relative error of any margin on return.
    max_iterations : int

    Raises
    ------
    MarginError
        Naming column, category, count and hint when respondents and margins do not fit, or the margins
        contradict each other.

    Notes
    -----
    Respondents are read once to count the cells; iteration runs on the cells, and one gather returns the
    weights, so the cost is O(n) once. Agrees with ``rake(..., control = list(epsilon = 1e-12))`` in R.
    """
    names = list(margins)
    shape = tuple(len(margins[name]) for name in names)
    size = int(np.prod(shape, dtype=np.int64))
    kind = np.int16 if size <= np.iinfo(np.int16).max else np.int64
    cells: npt.NDArray[Any] | None = None
    for name in names:
        if name not in columns:
            raise MarginError(f"column {name} of the margins is missing", got=", ".join(columns), expected=name)
        codes = _coded(columns[name], list(margins[name]), name).astype(kind, copy=False)
        cells = codes.copy() if cells is None else np.add(cells * kind(len(margins[name])), codes, dtype=kind)
    if cells is None:
        raise MarginError("there is no margin to rake to", expected="at least one dimension")
    counts = np.bincount(cells, minlength=size)
    cell_weights, report = rake_cells(counts, margins=margins, tolerance=tolerance, max_iterations=max_iterations)
    return Raked(cell_weights.take(cells), cell_weights, report)


def rake_cells(
    counts: npt.NDArray[np.integer[Any]],
    *,
    margins: Mapping[str, Mapping[str, int]],
    tolerance: float = 1e-9,
    max_iterations: int = 1000,
) -> tuple[FloatArray, WeightReport]:
    """Rake a table of cell counts, shape (n_cells,); returns the weight of each cell and the report."""
    shape = tuple(len(categories) for categories in margins.values())
    n = int(counts.sum())
    table: FloatArray = counts.reshape(shape).astype(np.float64)
    targets = [_target(name, categories, n) for name, categories in margins.items()]
    before = [_margin(table, axis) for axis in range(len(shape))]
    _check_margins(before, targets, margins)
    fitted = table.copy()
    iterations, worst = 0, np.inf
    while worst > tolerance and iterations < max_iterations:
        iterations += 1
        for axis, target in enumerate(targets):
            now = _margin(fitted, axis)
            factor = np.divide(target, now, out=np.zeros_like(target), where=now > 0)
            fitted *= factor.reshape([-1 if other == axis else 1 for other in range(len(shape))])
        worst = max(_relative_error(_margin(fitted, axis), target) for axis, target in enumerate(targets))
    if worst > tolerance:
        raise _contradiction(fitted, targets, margins, iterations)
    weights = np.divide(fitted, table, out=np.full(shape, np.nan), where=table > 0).reshape(-1)
    held = counts > 0
    effect = kish_effect(weights[held], counts=counts[held])
    after = [_margin(fitted, axis) for axis in range(len(shape))]
    report = WeightReport(
        iterations, float(np.nanmax(weights)), effect, n / effect, _shares(margins, targets, before, after, n)
    )
    return weights, report


def _margin(table: FloatArray, axis: int) -> FloatArray:
    return np.asarray(table.sum(axis=tuple(other for other in range(table.ndim) if other != axis)), dtype=np.float64)


def _target(name: str, categories: Mapping[str, int], n: int) -> FloatArray:
    population = np.array(list(categories.values()), dtype=np.float64)
    if not population.sum() > 0 or (population < 0).any():
        raise MarginError(f"column {name}: the margin has no population", got=str(dict(categories)), expected="> 0")
    return np.asarray(population / population.sum() * n, dtype=np.float64)


def _relative_error(now: FloatArray, target: FloatArray) -> float:
    return float(np.max(np.abs(now - target) / np.where(target > 0, target, 1.0)))


def _check_margins(
    before: Sequence[FloatArray], targets: Sequence[FloatArray], margins: Mapping[str, Mapping[str, int]]
) -> None:
    for (name, categories), found, target in zip(margins.items(), before, targets, strict=True):
        for (category, population), n, share in zip(categories.items(), found, target, strict=True):
            if share > 0 and n == 0:
                raise MarginError(
                    f"column {name}: category {category!r} has a population of {population} and no respondents",
                    got="0 respondents",
                    expected=">= 1",
                    hint="merge the category with a neighbour in the plan and in the margin",
                )
            if share == 0 and n > 0:
                raise MarginError(
                    f"column {name}: category {category!r} has {int(n)} respondents and a population of zero",
                    got=str(int(n)),
                    expected="0",
                    hint="correct the margin, or exclude the respondents with a reason",
                )


def _contradiction(
    fitted: FloatArray, targets: Sequence[FloatArray], margins: Mapping[str, Mapping[str, int]], iterations: int
) -> MarginError:
    found = []
    for axis, (name, target) in enumerate(zip(margins, targets, strict=True)):
        error = np.abs(_margin(fitted, axis) - target) / np.where(target > 0, target, 1.0)
        worst = int(error.argmax())
        found.append((float(error[worst]), name, list(margins[name])[worst]))
    error_size, name, category = max(found)
    return MarginError(
        f"column {name}: category {category!r} stays {error_size:.2g} from its target after {iterations} iterations",
        got=f"relative error {error_size:.2g}",
        expected="convergence",
        hint="empty cells make the margins contradict each other: merge this category with a neighbour",
    )


def _shares(
    margins: Mapping[str, Mapping[str, int]],
    targets: Sequence[FloatArray],
    before: Sequence[FloatArray],
    after: Sequence[FloatArray],
    n: int,
) -> tuple[MarginShare, ...]:
    rows: list[MarginShare] = []
    for (name, categories), target, was, now in zip(margins.items(), targets, before, after, strict=True):
        for position, (category, population) in enumerate(categories.items()):
            shares = (float(part[position] / n) for part in (target, was, now))
            rows.append(MarginShare(name, category, population, *shares))
    return tuple(rows)
