"""Official weights: every shown unit's classes, each with one integer weight."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

import numpy as np
import numpy.typing as npt

from analysis.classes import Collapse, Grid, cell_codes, collapse
from analysis.dataset import Dataset
from analysis.disclosure import Suppression, suppress
from analysis.leaves import Leaf
from analysis.margins import cell_margins, one_way_margins
from analysis.plan import Plan, Weighting
from analysis.weights import WeightReport, kish_effect, poststratify, rake_cells, thousandths

IntArray = npt.NDArray[np.int64]
Populations = Mapping[str, Mapping[int, int]]


@dataclass(frozen=True)
class WeightedLeaf:
    """A shown unit with its classes.

    Attributes
    ----------
    class_of_row : ndarray of int, shape (len(leaf.rows),)
    n, weights : tuple of int, one for each class
    populations : tuple of int or None
    """

    leaf: Leaf
    collapsed: Collapse
    class_of_row: IntArray
    n: tuple[int, ...]
    weights: tuple[int, ...]
    populations: tuple[int | None, ...]

    @property
    def labels(self) -> tuple[str, ...]:
        """Class labels "c01", "c02", ... in declared order."""
        return tuple(f"c{position:02d}" for position in range(1, len(self.weights) + 1))


@dataclass(frozen=True)
class Weighted:
    """All shown units with official weights, what was suppressed, the targets, and the report."""

    grid: Grid
    leaves: tuple[WeightedLeaf, ...]
    suppression: Suppression
    report: WeightReport
    populations: Populations
    targets: Mapping[str, Mapping[str, int]]


def weigh(dataset: Dataset, *, leaves: Sequence[Leaf], plan: Plan, margins: Iterable[Mapping[str, Any]]) -> Weighted:
    """Make the official class weights of a wave by the method of its plan.

    Notes
    -----
    poststratify: N / n of the class, times counted responses / sum of all margins, hidden units included. rake: the
    class mean of the raked weights. none: 1000. Official weights are thousandths, rounded half up.

    Raises
    ------
    MarginError, WeightError
        Respondents and targets do not fit.
    """
    grid = Grid(plan.dimensions)
    cells = cell_codes(dataset.labels, grid=grid, n_rows=dataset.n_rows)
    suppression = suppress({leaf.unit: len(leaf.rows) for leaf in leaves}, minimum_n=plan.minimum_n)
    shown = [leaf for leaf in leaves if leaf.unit in suppression.shown]
    if plan.method is Weighting.RAKE:
        targets = one_way_margins(margins, plan=plan)
        cell_weights, report = rake_cells(np.bincount(cells, minlength=grid.n_cells), margins=targets)
        made = [_by_rake(leaf, cells[leaf.rows], grid, plan.minimum_class, cell_weights) for leaf in shown]
        report = replace(report, margins=_official_shares(report, made, cells, grid))
        return Weighted(grid, tuple(made), suppression, _count_merges(report, made), {}, targets)
    populations = cell_margins(margins, plan=plan, grid=grid) if plan.method is Weighting.POSTSTRATIFY else {}
    drafts = [_draft(leaf, cells[leaf.rows], grid, plan.minimum_class, populations) for leaf in shown]
    if plan.method is Weighting.POSTSTRATIFY:
        whole = sum(population for cells in populations.values() for population in cells.values())
        made = _by_population(drafts, scale=Fraction(dataset.n_rows, whole or 1))
    else:
        made = drafts
    return Weighted(grid, tuple(made), suppression, _count_merges(_plain_report(made), made), populations, {})


def _classify(cells: IntArray, collapsed: Collapse, n_cells: int) -> tuple[IntArray, tuple[int, ...]]:
    lookup = np.full(n_cells, -1, dtype=np.int64)
    for position, members in enumerate(collapsed.classes):
        lookup[list(members)] = position
    class_of_row: IntArray = lookup[cells]
    counts = np.bincount(class_of_row, minlength=len(collapsed.classes))
    return class_of_row, tuple(int(n) for n in counts)


def _by_rake(
    leaf: Leaf, cells: IntArray, grid: Grid, minimum: int, cell_weights: npt.NDArray[np.float64]
) -> WeightedLeaf:
    counts = np.bincount(cells, minlength=grid.n_cells)
    collapsed = collapse(dict(enumerate(counts.tolist())), grid=grid, minimum=minimum)
    class_of_row, n = _classify(cells, collapsed, grid.n_cells)
    means = [
        sum(int(counts[cell]) * float(cell_weights[cell]) for cell in members if counts[cell]) / size
        for members, size in zip(collapsed.classes, n, strict=True)
    ]
    weights = tuple(thousandths(mean) for mean in means)
    return WeightedLeaf(leaf, collapsed, class_of_row, n, weights, (None,) * len(n))


def _draft(leaf: Leaf, cells: IntArray, grid: Grid, minimum: int, populations: Populations) -> WeightedLeaf:
    """Classes of one unit with their populations; every weight still 1000."""
    counts = np.bincount(cells, minlength=grid.n_cells)
    population = populations.get(leaf.unit, {})
    collapsed = collapse(dict(enumerate(counts.tolist())), grid=grid, minimum=minimum)
    class_of_row, n = _classify(cells, collapsed, grid.n_cells)
    totals = tuple(sum(population[cell] for cell in members) if population else None for members in collapsed.classes)
    return WeightedLeaf(leaf, collapsed, class_of_row, n, (1000,) * len(n), totals)


def _by_population(drafts: Sequence[WeightedLeaf], *, scale: Fraction) -> list[WeightedLeaf]:
    keys = [(leaf.leaf.unit, label) for leaf in drafts for label in leaf.labels]
    n = dict(zip(keys, (count for leaf in drafts for count in leaf.n), strict=True))
    population = dict(zip(keys, (total or 0 for leaf in drafts for total in leaf.populations), strict=True))
    raw = poststratify(n, population=population, scale=scale)
    return [
        replace(leaf, weights=tuple(thousandths(raw[leaf.leaf.unit, label]) for label in leaf.labels))
        for leaf in drafts
    ]


def _plain_report(made: Sequence[WeightedLeaf]) -> WeightReport:
    weights = [weight / 1000 for leaf in made for weight in leaf.weights]
    counts = [n for leaf in made for n in leaf.n]
    if not counts:
        return WeightReport(0, 1.0, 1.0, 0.0)
    effect = kish_effect(weights, counts=counts)
    return WeightReport(0, max(weights), effect, sum(counts) / effect)


def _count_merges(report: WeightReport, made: Sequence[WeightedLeaf]) -> WeightReport:
    return replace(report, cells_collapsed=sum(len(leaf.collapsed.merges) for leaf in made))


def _official_shares(
    report: WeightReport, made: Sequence[WeightedLeaf], cells: IntArray, grid: Grid
) -> tuple[Any, ...]:
    """Shares of the official weight over all shown units; integers, so exact in any order."""
    by_cell = np.zeros(grid.n_cells, dtype=np.int64)
    for leaf in made:
        held = cells[leaf.leaf.rows]
        pairs = np.bincount(leaf.class_of_row * grid.n_cells + held, minlength=len(leaf.n) * grid.n_cells)
        by_cell += np.array(leaf.weights, dtype=np.int64) @ pairs.reshape(len(leaf.n), grid.n_cells)
    whole = int(by_cell.sum())
    if not whole:
        return report.margins
    table = by_cell.reshape(grid.shape)
    shares: dict[tuple[str, str], float] = {}
    for axis, dimension in enumerate(grid.dimensions):
        sums = table.sum(axis=tuple(other for other in range(table.ndim) if other != axis))
        for category, weight in zip(dimension.categories, sums, strict=True):
            shares[dimension.name, category] = int(weight) / whole
    return tuple(replace(row, official=shares[row.dimension, row.category]) for row in report.margins)
