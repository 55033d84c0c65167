"""What the released tables say of each weighting class: counts, products and weights, ready to be pooled."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from portal.releases.verifier.scheme import Recipe, tree_items
from portal.releases.verifier.tables import MISSING_CODES, Release, Row, TableError, row_number, whole_number

Product = tuple[int, int, int, int]


@dataclass(frozen=True)
class ClassSums:
    """One weighting class of one leaf. Products are (n, sum_a, sum_b, sum_ab) in points over both-valid answers."""

    unit: str
    label: str
    n: int
    population: int | None
    weight: int
    counts: dict[str, dict[str, int]] = field(default_factory=dict)
    products: dict[tuple[str, str], Product] = field(default_factory=dict)

    def valid_n(self, item: str) -> int:
        """Return how many gave a valid answer to the item."""
        return sum(n for code, n in self.counts.get(item, {}).items() if code not in MISSING_CODES)

    def missing_n(self, item: str) -> int:
        """Return how many were asked and gave no valid answer."""
        return sum(n for code, n in self.counts.get(item, {}).items() if code in MISSING_CODES[1:])

    def chosen_n(self, item: str, codes: frozenset[str]) -> int:
        """Return how many gave one of these answers."""
        return sum(n for code, n in self.counts.get(item, {}).items() if code in codes)

    def points_sum(self, item: str, points: Mapping[str, int], power: int = 1) -> int:
        """Return the sum of points (or of their squares) of the valid answers."""
        found = self.counts.get(item, {}).items()
        return sum(n * points[code] ** power for code, n in found if code not in MISSING_CODES)

    def product(self, a: str, b: str) -> Product:
        """Return the products of two items in either order; nothing where the leaf does not have both."""
        if (a, b) in self.products:
            return self.products[a, b]
        n, sum_b, sum_a, sum_ab = self.products.get((b, a), (0, 0, 0, 0))
        return n, sum_a, sum_b, sum_ab


def read_sums(release: Release) -> dict[str, list[ClassSums]]:
    """Return the classes of each released leaf; raise TableError naming the row that does not fit."""
    found: dict[tuple[str, str], ClassSums] = {}
    for index, row in enumerate(release.tables["classes.csv"]):
        place = f"classes.csv row {row_number(index)}"
        key = row["unit"], row["class"]
        if key in found:
            raise TableError(f"{place}: class {key} is repeated")
        population = whole_number(row["population"], place) if row["population"] else None
        n, weight = whole_number(row["n"], place), whole_number(row["weight"], place)
        found[key] = ClassSums(*key, n=n, population=population, weight=weight)
    _read_counts(release.tables["counts.csv"], found)
    _read_products(release.tables["products.csv"], found)
    leaves: dict[str, list[ClassSums]] = {}
    for (unit, _), sums in found.items():
        leaves.setdefault(unit, []).append(sums)
    return leaves


def _class_of(row: Row, found: Mapping[tuple[str, str], ClassSums], place: str) -> ClassSums:
    key = row["unit"], row["class"]
    if key not in found:
        raise TableError(f"{place}: class {key} is not in classes.csv")
    return found[key]


def _read_counts(table: Sequence[Row], found: Mapping[tuple[str, str], ClassSums]) -> None:
    for index, row in enumerate(table):
        place = f"counts.csv row {row_number(index)}"
        codes = _class_of(row, found, place).counts.setdefault(row["item"], {})
        if row["code"] in codes:
            raise TableError(f"{place}: code {row['code']!r} is repeated")
        codes[row["code"]] = whole_number(row["n"], place)


def _read_products(table: Sequence[Row], found: Mapping[tuple[str, str], ClassSums]) -> None:
    for index, row in enumerate(table):
        place = f"products.csv row {row_number(index)}"
        products, pair = _class_of(row, found, place).products, (row["item_a"], row["item_b"])
        if pair in products:
            raise TableError(f"{place}: pair {pair} is repeated")
        n, sum_a, sum_b, sum_ab = (_signed(row[name], place) for name in ("n", "sum_a", "sum_b", "sum_ab"))
        products[pair] = n, sum_a, sum_b, sum_ab


def _signed(text: str, place: str) -> int:
    return -whole_number(text[1:], place) if text[:1] == "-" else whole_number(text, place)


def scored_leaves(plan: Mapping[str, Any]) -> list[str]:
    """Return the units for which counts may be released, in plan order."""
    return [unit["id"] for unit in plan["units"] if unit["scored"]]


def figure_units(release: Release, recipe: Recipe) -> dict[str, list[str]]:
    """Return the units that have figures, in plan order, each with the scored leaves that it pools.

    A unit above scored ones is silent unless it has a tree and each of them answers just the items of that tree.
    """
    leaves, parents = scored_leaves(release.plan), {unit["id"]: unit["parent"] for unit in release.plan["units"]}
    if release.dataset["item_units"] is not None:
        return {leaf: [leaf] for leaf in leaves}
    pools: dict[str, list[str]] = {unit: [] for unit in parents}
    for leaf in leaves:
        at: str | None = leaf
        for _ in parents:
            if at is None:
                break
            pools[at].append(leaf)
            at = parents[at]
        if at is not None:
            raise TableError(f"plan.json: unit {leaf!r} is below itself")
    items = {leaf: tree_items(recipe.tree(leaf)) for leaf in leaves}
    return {unit: pool for unit, pool in pools.items() if pool and _is_comparable(unit, pool, items, recipe)}


def _is_comparable(unit: str, pool: Sequence[str], items: Mapping[str, list[str]], recipe: Recipe) -> bool:
    tree = recipe.trees.get(unit, recipe.default)
    return tree is not None and all(items[leaf] == tree_items(tree) for leaf in pool)
