"""Every figure of a release again: the public ones from the released tables, the sealed ones from what is given."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

from portal.releases.verifier.estimates import Estimate, UnitFigures, item_means, unit_figures
from portal.releases.verifier.rounding import fifty_digits
from portal.releases.verifier.scheme import Recipe, linear, tree_entries, tree_items
from portal.releases.verifier.sums import ClassSums, figure_units
from portal.releases.verifier.tables import Release, TableError, decimal_text, row_number

FigureKey = tuple[str, str, str]
UNIT_GIVEN = ("clustering_effect", "df", "critical")
RAKING_GIVEN = ("largest_raked_weight", "kish_raked", "raking_iterations")


@dataclass(frozen=True)
class Pool:
    """The units that have figures and the classes each pools, and which of them are scored.

    The hidden have only their small n. Detailed leaves are those from which a score is made.
    """

    shown: dict[str, list[ClassSums]]
    hidden: list[str]
    scored: set[str]
    detailed: set[str]


def pool_units(release: Release, leaves: Mapping[str, list[ClassSums]], recipe: Recipe) -> Pool:
    """Return which units reach the smallest publishable n, each with its classes, and which have a score."""
    shown, hidden, scored = {}, [], set()
    entries = read_entries(release)
    for unit, pool in figure_units(release, recipe).items():
        classes = [one for leaf in pool for one in leaves.get(leaf, [])]
        if sum(one.n for one in classes) >= max(1, release.plan["minimum_n"]):
            shown[unit], tree = classes, recipe.tree(unit)
            means = item_means(classes, recipe, tree_items(tree))
            if linear(tree).is_known(means, _of_unit(entries, unit)):
                scored.add(unit)
        else:
            hidden.append(unit)
    return Pool(shown, hidden, scored, {one.unit for unit in scored for one in shown[unit]})


def peer_groups(release: Release, pool: Pool) -> list[list[str]]:
    """Return the groups of two or more scored units that are ranked together; none where ranks are withheld."""
    if release.plan["participation"] == "open" and release.scheme.get("rank_open") is not True:
        return []
    groups: dict[str, list[str]] = {}
    for unit in release.plan["units"]:
        if unit["peer_group"] is not None and unit["id"] in pool.scored:
            groups.setdefault(unit["peer_group"], []).append(unit["id"])
    return [group for group in groups.values() if len(group) > 1]


def expected_given(release: Release, pool: Pool) -> list[tuple[str, str]]:
    """Return the (unit, name) of every sealed input that a release of this kind must state, and no other."""
    found = [(unit, name) for unit in pool.shown if unit in pool.scored for name in UNIT_GIVEN]
    if release.method == "rake":
        found += [("", name) for name in RAKING_GIVEN]
    if peer_groups(release, pool):
        found.append(("", "rank_critical"))
    return found


def read_given(release: Release) -> dict[tuple[str, str], str]:
    """Return the sealed inputs by unit and name; raise TableError where one is repeated or no number."""
    found: dict[tuple[str, str], str] = {}
    for index, row in enumerate(release.tables["given.csv"]):
        place, key = f"given.csv row {row_number(index)}", (row["unit"], row["name"])
        if key in found:
            raise TableError(f"{place}: {key} is repeated")
        found[key] = decimal_text(row["value"], place)
    return found


def read_entries(release: Release) -> dict[tuple[str, str], Fraction]:
    """Return the entered figures by unit and name; raise TableError where one is repeated or outside 0..100."""
    found: dict[tuple[str, str], Fraction] = {}
    for index, row in enumerate(release.tables["entries.csv"]):
        place, key = f"entries.csv row {row_number(index)}", (row["unit"], row["entry"])
        value = Fraction(decimal_text(row["value"], place))
        if key in found or not 0 <= value <= 100:
            raise TableError(f"{place}: {key} is repeated or not in 0..100")
        found[key] = value
    return found


def possible_entries(pool: Pool, recipe: Recipe) -> list[tuple[str, str]]:
    """Return the (unit, entry) of every figure that staff may enter: those that the trees of shown units use."""
    return [(unit, name) for unit in pool.shown for name in tree_entries(recipe.tree(unit))]


def public_figures(release: Release, pool: Pool, recipe: Recipe) -> dict[FigureKey, str]:
    """Return every public figure as it must be printed; raise TableError where an input is missing."""
    given, entries = read_given(release), read_entries(release)
    found: dict[FigureKey, str] = {}
    estimates: dict[str, Estimate] = {}
    for unit in (unit["id"] for unit in release.plan["units"]):
        if unit in pool.hidden:
            found[unit, "", "n"] = f"<{release.plan['minimum_n']}"
        if unit not in pool.shown:
            continue
        figures, estimate = unit_figures(
            pool.shown[unit], recipe.tree(unit), recipe, _of_unit(entries, unit), _of_unit(given, unit)
        )
        if estimate is not None:
            estimates[unit] = estimate
        found.update({(unit, *key): value for key, value in figures.items()})
    for group in peer_groups(release, pool):
        ranks = rank_figures({unit: estimates[unit] for unit in group}, given["", "rank_critical"])
        found.update({(unit, *key): value for unit in group for key, value in ranks[unit].items()})
    return found


def rank_figures(group: Mapping[str, Estimate], critical: str) -> dict[str, UnitFigures]:
    """Return the best and worst rank of each unit that its joint interval allows (Klein, Wright, Wieczorek 2020)."""
    with fifty_digits():
        bounds = {unit: estimate.bounds(Decimal(critical)) for unit, estimate in group.items()}
        ranks = {}
        for unit, (low, high) in bounds.items():
            above = sum(other_low > high for other_low, _ in bounds.values())
            below = sum(other_high < low for _, other_high in bounds.values())
            ranks[unit] = {("", "rank_low"): str(1 + above), ("", "rank_high"): str(len(bounds) - below)}
    return ranks


def _of_unit(values: Mapping[tuple[str, str], Any], unit: str) -> dict[str, Any]:
    return {name: value for (owner, name), value in values.items() if owner == unit}
