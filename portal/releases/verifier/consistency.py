"""Whether the released tables fit together: classes, weights, counts, products, margins and what staff entered."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from fractions import Fraction

from portal.releases.verifier.figures import Pool, expected_given, possible_entries, read_entries, read_given
from portal.releases.verifier.findings import Findings, row_place
from portal.releases.verifier.rounding import rounded
from portal.releases.verifier.scheme import Recipe, tree_items
from portal.releases.verifier.sums import ClassSums, scored_leaves
from portal.releases.verifier.tables import (
    MISSING_CODES,
    Release,
    cell_labels,
    decimal_text,
    whole_number,
)

Leaves = Mapping[str, Sequence[ClassSums]]


def check_classes(findings: Findings, release: Release, leaves: Leaves) -> None:
    """Each released leaf is large enough, and its classes part the cells of the plan, each cell once."""
    scored, cells = scored_leaves(release.plan), cell_labels(release.dimensions)
    smallest = release.plan["weighting"]["minimum_class"]
    parted: dict[str, list[str]] = {}
    for index, row in enumerate(release.tables["classes.csv"]):
        figure, own = row_place(index, row["unit"], row["class"]), row["cells"].split(";")
        n = whole_number(row["n"], f"classes.csv {figure}")
        if row["unit"] not in scored:
            findings.fail("classes", "classes.csv", "no unit for which the plan allows counts", figure)
            continue
        if own != [cell for cell in cells if cell in own]:
            findings.fail("classes", "classes.csv", "cells are unknown, repeated or out of order", figure, row["cells"])
        parted.setdefault(row["unit"], []).extend(own)
        if n < smallest and len(leaves[row["unit"]]) > 1:
            findings.fail("classes", "classes.csv", "class is too small", figure, n, f"at least {smallest}")
    for unit, found in parted.items():
        classes = leaves[unit]
        if sorted(found) != sorted(cells):
            findings.fail("classes", "classes.csv", "the classes do not part the cells of the plan", unit)
        labels = [one.label for one in classes]
        expected = [f"c{number:02d}" for number in range(1, len(classes) + 1)]
        findings.compare("classes", "classes.csv", unit, labels, expected, "labels are not c01, c02, …")
        firsts = [cells.index(row["cells"].split(";")[0]) for row in _of_unit_rows(release, unit)]
        if firsts != sorted(firsts):
            findings.fail("classes", "classes.csv", "classes are not in the order of their first cells", unit)
        if sum(one.n for one in classes) < release.plan["minimum_n"]:
            findings.fail("classes", "classes.csv", "unit is too small to be published", unit)


def _of_unit_rows(release: Release, unit: str) -> list[dict[str, str]]:
    return [row for row in release.tables["classes.csv"] if row["unit"] == unit]


def check_totals(findings: Findings, release: Release, leaves: Leaves) -> None:
    """Responses in the classes are those counted; what is missing fits into the units that are withheld."""
    counted, found = release.dataset["n_rows"], {unit: sum(one.n for one in some) for unit, some in leaves.items()}
    if release.dataset["item_units"] is not None:
        for unit, n in found.items():
            if n > counted:
                findings.fail("totals", "classes.csv", "more than were counted", unit, n, f"at most {counted}")
        return
    withheld = len(set(scored_leaves(release.plan)) - found.keys())
    missing, most = counted - sum(found.values()), withheld * max(0, release.plan["minimum_n"] - 1)
    if not 0 <= missing <= most:
        message = f"classes sum to {sum(found.values())}, and {withheld} withheld units hold at most {most} more"
        findings.fail("totals", "classes.csv", message, "n", sum(found.values()), counted)


def check_margins(findings: Findings, release: Release) -> None:
    """The margins have one row for each cell or category of the plan, and shares that follow from them."""
    table, units = release.tables["margins.csv"], scored_leaves(release.plan)
    if release.method == "poststratify":
        wanted = [(unit, cell) for unit in units for cell in cell_labels(release.dimensions)]
        found = [(row["unit"], row["cell"]) for row in table]
    else:
        pairs = [(name, category) for name, categories in release.dimensions for category in categories]
        wanted, found = (
            pairs if release.method == "rake" else [],
            [(row["dimension"], row["category"]) for row in table],
        )
    if found != wanted:
        findings.fail("margins", "margins.csv", "rows are not the plan's cells or categories in the plan's order")
    for index, row in enumerate(table):
        whole_number(row["population"], f"margins.csv {row_place(index)}")
    if release.method == "rake":
        _check_shares(findings, release)


def _check_shares(findings: Findings, release: Release) -> None:
    table = release.tables["margins.csv"]
    totals: dict[str, int] = {}
    for row in table:
        totals[row["dimension"]] = totals.get(row["dimension"], 0) + int(row["population"])
    for index, row in enumerate(table):
        figure = row_place(index, row["dimension"], row["category"])
        target = rounded(Fraction(100 * int(row["population"]), totals[row["dimension"]]), 3)
        findings.compare(
            "margins", "margins.csv", f"{figure}, target_share", row["target_share"], target, "wrong share"
        )
        achieved = Decimal(decimal_text(row["achieved_share"], f"margins.csv {figure}"))
        drift = rounded(Fraction(achieved) - Fraction(Decimal(target)), 3)
        findings.compare("margins", "margins.csv", f"{figure}, drift", row["drift"], drift, "not achieved less target")


def check_weights(findings: Findings, release: Release) -> None:
    """Where weights are public they follow from the margins; unweighted means 1; raked weights are sealed inputs."""
    table = release.tables["classes.csv"]
    populations = {}
    if release.method == "poststratify":
        populations = {(row["unit"], row["cell"]): int(row["population"]) for row in release.tables["margins.csv"]}
    total, counted = sum(populations.values()), release.dataset["n_rows"]
    for index, row in enumerate(table):
        figure, population = row_place(index, row["unit"], row["class"]), ""
        if release.method == "poststratify":
            stands_for = sum(populations[row["unit"], cell] for cell in row["cells"].split(";"))
            exact = Fraction(1000 * stands_for * counted, int(row["n"]) * total)
            weight, population = rounded(exact, 0), str(stands_for)
        else:
            weight = "1000" if release.method == "none" else row["weight"]
        findings.compare("weights", "classes.csv", f"{figure}, population", row["population"], population, "wrong")
        findings.compare("weights", "classes.csv", f"{figure}, weight", row["weight"], weight, "wrong")


def check_counts(findings: Findings, release: Release, leaves: Leaves, recipe: Recipe) -> None:
    """In each class each item of the unit's tree accounts for every response, with known answers only."""
    known = [*recipe.points, *MISSING_CODES]
    for index, row in enumerate(release.tables["counts.csv"]):
        if row["code"] not in known or row["n"] == "0":
            figure = row_place(index, row["unit"], row["class"], row["item"], row["code"])
            findings.fail("counts", "counts.csv", "unknown answer, or nobody gave it", figure, row["n"])
    for unit, classes in leaves.items():
        items = tree_items(recipe.tree(unit))
        for one in classes:
            figure = f"{unit} / {one.label}"
            if set(one.counts) != set(items):
                findings.fail(
                    "counts", "counts.csv", "items are not those of the scheme", figure, sorted(one.counts), items
                )
            for item, codes in one.counts.items():
                total = sum(codes.values())
                findings.compare("counts", "counts.csv", f"{figure} / {item}", total, one.n, "does not sum to class n")


def check_products(findings: Findings, leaves: Leaves, pool: Pool, recipe: Recipe) -> None:
    """Each class has every pair of items once; an item with itself is its counts, two items stay within them.

    Where no score is made from a leaf, its pairs of two items serve nothing and are not released.
    """
    for unit, classes in leaves.items():
        items = tree_items(recipe.tree(unit))
        pairs = [(a, b) for place, a in enumerate(items) for b in items[place:] if a == b or unit in pool.detailed]
        for one in classes:
            figure = f"{unit} / {one.label}"
            if set(one.products) != set(pairs):
                findings.fail("products", "products.csv", "pairs are missing or extra", figure)
            for a, b in pairs:
                found = one.product(a, b)
                if a == b:
                    points = one.points_sum(a, recipe.points)
                    expected = one.valid_n(a), points, points, one.points_sum(a, recipe.points, 2)
                    findings.compare(
                        "products", "products.csv", f"{figure} / {a} / {a}", found, expected, "differs from counts.csv"
                    )
                elif not _is_possible(one, (a, b), recipe):
                    findings.fail(
                        "products", "products.csv", "impossible beside counts.csv", f"{figure} / {a} / {b}", found
                    )


def _is_possible(one: ClassSums, pair: tuple[str, str], recipe: Recipe) -> bool:
    """Tell whether the products of two items can belong to answers with these counts."""
    both, *sums, product = one.product(*pair)
    low, high = min(recipe.points.values()), max(recipe.points.values())
    valid = [one.valid_n(item) for item in pair]
    if not max(0, valid[0] + valid[1] - one.n) <= both <= min(valid):
        return False
    for item, n, total in ((pair[0], valid[0], sums[0]), (pair[1], valid[1], sums[1])):
        rest = one.points_sum(item, recipe.points) - total
        if not (low * both <= total <= high * both and low * (n - both) <= rest <= high * (n - both)):
            return False
    squares = [one.points_sum(item, recipe.points, 2) for item in pair]
    return product**2 <= squares[0] * squares[1]


def check_inputs(findings: Findings, release: Release, pool: Pool, recipe: Recipe) -> None:
    """Sealed inputs and entered figures are those that this plan and scheme ask for.

    A leaf needs all its entered figures; a unit above may lack some, and then has no score.
    """
    given, entries = set(read_given(release)), set(read_entries(release))
    asked, possible, leaves = expected_given(release, pool), possible_entries(pool, recipe), scored_leaves(release.plan)
    for check, file, found, needed, allowed in (
        ("given", "given.csv", given, set(asked), set(asked)),
        ("entries", "entries.csv", entries, {key for key in possible if key[0] in leaves}, set(possible)),
    ):
        for key in sorted(needed - found):
            findings.fail(check, file, "row is missing", " / ".join(key))
        for key in sorted(found - allowed):
            findings.fail(check, file, "row does not belong here", " / ".join(key))
    for (unit, name), value in read_given(release).items():
        if name == "clustering_effect" and release.dataset["psu_column"] is None:
            figure = f"{unit} / {name}"
            findings.compare("given", "given.csv", figure, value, "1.000", "nothing clusters without sampling units")
