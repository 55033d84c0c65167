"""Scored units and the respondents who judged them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from analysis.dataset import Dataset
from analysis.errors import DatasetError, SchemeError
from analysis.plan import Plan
from analysis.scheme import Node, Scheme

IntArray = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Leaf:
    """A scored unit, the tree that scores it, and the rows of its respondents."""

    unit: str
    tree: Node
    rows: IntArray

    @property
    def items(self) -> tuple[str, ...]:
        """Survey items of the tree, in scheme order."""
        return self.tree.items()


def find_leaves(dataset: Dataset, *, plan: Plan, scheme: Scheme) -> tuple[Leaf, ...]:
    """Respondents of every scored unit, in plan order.

    Parameters
    ----------
    dataset : Dataset
        With a unit column, a unit's respondents are its rows; with an item-to-unit map, they are the rows with
        at least one valid answer to the items of the unit's tree.

    Raises
    ------
    DatasetError, SchemeError
        A row's unit is not scored in the plan; a unit has no tree; a tree uses an item that is absent or judges
        another unit.
    """
    trees = {unit: _tree(unit, dataset, scheme) for unit in plan.scored}
    if dataset.item_units is None:
        rows = _rows_by_unit(dataset, plan)
        return tuple(Leaf(unit, trees[unit], rows[unit]) for unit in plan.scored)
    return tuple(Leaf(unit, trees[unit], _rows_with_answers(dataset, trees[unit])) for unit in plan.scored)


def figure_units(plan: Plan, *, scheme: Scheme, rolled_up: bool) -> dict[str, tuple[str, ...]]:
    """Units that have figures, in plan order, each with the scored units that it pools.

    Parameters
    ----------
    rolled_up : bool
        Whether one response judges one unit, so that units above have figures too.

    Notes
    -----
    A unit above has figures when it has a tree and every scored unit below answers just the items of that tree in the
    same order. That follows from plan and scheme alone, so no answer decides which units are silent.
    """
    if not rolled_up:
        return {unit: (unit,) for unit in plan.scored}
    items = {leaf: tree.items() for leaf in plan.scored if (tree := scheme.tree_of(leaf)) is not None}
    found: dict[str, tuple[str, ...]] = {}
    for unit in plan.units:
        below, tree = plan.scored_within(unit.id), scheme.tree_of(unit.id)
        if below and tree is not None and all(items.get(leaf) == tree.items() for leaf in below):
            found[unit.id] = below
    return found


def _tree(unit: str, dataset: Dataset, scheme: Scheme) -> Node:
    tree = scheme.tree_of(unit)
    if tree is None:
        raise SchemeError(
            f"scheme steps combine.trees: scored unit {unit} has no tree", got=", ".join(scheme.trees), expected=unit
        )
    for item in tree.items():
        if item not in dataset.items:
            raise SchemeError(
                f"scheme tree of {unit}: item {item} is not in the dataset",
                got=item,
                expected=", ".join(dataset.items),
            )
        if dataset.item_units is not None and dataset.item_units.get(item) != unit:
            raise SchemeError(
                f"scheme tree of {unit}: item {item} judges another unit",
                got=str(dataset.item_units.get(item)),
                expected=unit,
            )
    return tree


def _rows_by_unit(dataset: Dataset, plan: Plan) -> dict[str, IntArray]:
    name = dataset.unit_column or ""
    labels = dataset.labels[name]
    n_unknown = int((labels.codes < 0).sum())
    if n_unknown:
        raise DatasetError(f"column {name}: {n_unknown} respondents judge no unit", expected="a unit in every row")
    counts = np.bincount(labels.codes, minlength=len(labels.categories))
    for label, n in zip(labels.categories, counts, strict=True):
        if n and label not in plan.scored:
            raise DatasetError(
                f"column {name}: unit {label!r} of {n} respondents is not scored in the plan",
                got=label,
                expected=", ".join(plan.scored),
            )
    code = {label: position for position, label in enumerate(labels.categories)}
    order = np.argsort(labels.codes, kind="stable")
    ends = np.concatenate([[0], np.cumsum(counts)])
    nobody = np.zeros(0, dtype=np.int64)
    return {unit: order[ends[code[unit]] : ends[code[unit] + 1]] if unit in code else nobody for unit in plan.scored}


def _rows_with_answers(dataset: Dataset, tree: Node) -> IntArray:
    answered = np.zeros(dataset.n_rows, dtype=bool)
    for item in tree.items():
        answered |= dataset.items[item] >= 0
    return np.flatnonzero(answered).astype(np.int64)
