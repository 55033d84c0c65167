"""Weighting cells and the classes they are collapsed into."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from analysis.errors import MarginError, WeightError

if TYPE_CHECKING:
    from analysis.dataset import Labels
    from analysis.plan import Dimension

IntArray = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Grid:
    """All cells of the weighting dimensions, numbered in declared order (the last dimension runs fastest)."""

    dimensions: tuple[Dimension, ...]

    @property
    def shape(self) -> tuple[int, ...]:
        """Number of categories of each dimension."""
        return tuple(len(dimension.categories) for dimension in self.dimensions)

    @property
    def n_cells(self) -> int:
        """Number of cells; one when there is no dimension."""
        return int(np.prod(self.shape, dtype=np.int64))

    def names(self) -> tuple[str, ...]:
        """Cell names such as "window|2026-07"; the only cell of an empty grid is ""."""
        return tuple("|".join(cell) for cell in product(*(dimension.categories for dimension in self.dimensions)))

    def positions(self, cells: Sequence[int]) -> IntArray:
        """Category positions of each cell, shape (len(cells), number of dimensions)."""
        if not self.dimensions:
            return np.zeros((len(cells), 0), dtype=np.int64)
        return np.stack(np.unravel_index(np.asarray(cells, dtype=np.int64), self.shape), axis=1).astype(np.int64)


def category_codes(labels: Labels, *, dimension: Dimension) -> IntArray:
    """Each respondent's category position in one weighting dimension.

    Raises
    ------
    MarginError
        A respondent has no category, or one the dimension does not declare; names column, category, count, hint.
    """
    place = {category: position for position, category in enumerate(dimension.categories)}
    lookup = np.array([place.get(label, -2) for label in labels.categories] + [-1], dtype=np.int64)
    codes: IntArray = lookup[labels.codes]
    n_unknown = int((codes == -1).sum())
    if n_unknown:
        raise MarginError(
            f"column {dimension.name}: {n_unknown} respondents have no category",
            got="unknown",
            expected=", ".join(dimension.categories),
            hint='exclude them with the reason "unknown_class" when the dataset is frozen',
        )
    if (codes == -2).any():
        counts = np.bincount(labels.codes, minlength=len(labels.categories))
        stray = {name: int(n) for name, n in zip(labels.categories, counts, strict=True) if name not in place and n}
        name, count = next(iter(stray.items()))
        raise MarginError(
            f"column {dimension.name}: category {name!r} of {count} respondents is in no margin",
            got=", ".join(f"{label} ({n})" for label, n in stray.items()),
            expected=", ".join(dimension.categories),
            hint="recode the category, or add it to the plan's dimension with its population",
        )
    return codes


def cell_codes(labels: Mapping[str, Labels], *, grid: Grid, n_rows: int) -> IntArray:
    """Each respondent's cell number in the grid."""
    cells = np.zeros(n_rows, dtype=np.int64)
    for dimension in grid.dimensions:
        if dimension.name not in labels:
            raise MarginError(
                f"column {dimension.name} of the plan is not in the dataset",
                got=", ".join(labels),
                expected=dimension.name,
            )
        cells = cells * len(dimension.categories) + category_codes(labels[dimension.name], dimension=dimension)
    return cells


@dataclass(frozen=True)
class Merge:
    """One recorded merge: the class of `cells` with `n` respondents joined the class of `into`."""

    cells: tuple[int, ...]
    n: int
    into: tuple[int, ...]
    into_n: int


@dataclass(frozen=True)
class Collapse:
    """Classes as tuples of cell numbers, in the order of their first cells, and the merges that made them."""

    classes: tuple[tuple[int, ...], ...]
    merges: tuple[Merge, ...]


def _distances(positions: IntArray) -> IntArray:
    """Order of nearness between cells: differing dimensions first, then the distance of positions."""
    n_cells, n_dimensions = positions.shape
    differing = np.zeros((n_cells, n_cells), dtype=np.int64)
    apart = np.zeros((n_cells, n_cells), dtype=np.int64)
    for dimension in range(n_dimensions):
        gap = np.abs(positions[:, None, dimension] - positions[None, :, dimension])
        differing += gap > 0
        apart += gap
    return differing * (int(apart.max(initial=0)) + 1) + apart


def collapse(counts: Mapping[int, int], *, grid: Grid, minimum: int) -> Collapse:
    """Merge cells until every class holds at least `minimum` respondents, or one class is left.

    Parameters
    ----------
    counts : Mapping of cell number to respondents
        Cells with no respondents may be given; they are merged like the others.
    grid : Grid
    minimum : int
        Respondents a class must hold.

    Notes
    -----
    While a class is too small, the smallest (tie: the first in declared order) joins the nearest class: fewest
    differing dimensions, then least distance of category positions, then first in declared order. The nearness
    of two classes is that of their nearest pair of cells; a class stands where its first cell stands.
    """
    if minimum < 1:
        raise WeightError("the smallest class must hold somebody", got=str(minimum), expected=">= 1")
    order = sorted(counts)
    members = {position: [cell] for position, cell in enumerate(order)}
    n = np.array([counts[cell] for cell in order], dtype=np.int64)
    distance = _distances(grid.positions(order))
    far = np.iinfo(np.int64).max
    np.fill_diagonal(distance, far)
    live_n = n.copy()
    merges: list[Merge] = []
    while len(members) > 1:
        small = int(live_n.argmin())
        if live_n[small] >= minimum:
            break
        near = int(distance[small].argmin())
        merges.append(Merge(tuple(members[small]), int(n[small]), tuple(members[near]), int(n[near])))
        keep, gone = min(small, near), max(small, near)
        members[keep] = sorted(members[keep] + members.pop(gone))
        n[keep] += n[gone]
        live_n[keep], live_n[gone] = n[keep], far
        distance[keep] = np.minimum(distance[keep], distance[gone])
        distance[:, keep] = distance[keep]
        distance[gone, :] = distance[:, gone] = far
        distance[keep, keep] = far
    return Collapse(tuple(tuple(members[position]) for position in sorted(members)), tuple(merges))
