"""Population targets: the rows of a margins file, checked against the plan."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from analysis.errors import MarginError

if TYPE_CHECKING:
    from analysis.classes import Grid
    from analysis.plan import Plan


def _population(row: Mapping[str, Any], where: str) -> int:
    value = row.get("population")
    if not isinstance(value, int) or isinstance(value, bool) or value < 0:
        raise MarginError(f"{where}: the population is not a count", got=repr(value), expected="an integer >= 0")
    return value


def one_way_margins(rows: Iterable[Mapping[str, Any]], *, plan: Plan) -> dict[str, dict[str, int]]:
    """Targets of a raked wave: dimension to category to population, in declared order.

    Raises
    ------
    MarginError
        A row names an unknown dimension or category, comes twice, or a declared category has no row.
    """
    declared = {dimension.name: dimension.categories for dimension in plan.dimensions}
    found: dict[str, dict[str, int]] = {name: {} for name in declared}
    for position, row in enumerate(rows):
        name, category = row.get("dimension"), row.get("category")
        where = f"margins[{position}] {name} {category}"
        if name not in declared:
            raise MarginError(f"{where}: unknown dimension", got=str(name), expected=", ".join(declared))
        if category not in declared[name]:
            raise MarginError(f"{where}: unknown category", got=str(category), expected=", ".join(declared[name]))
        if category in found[name]:
            raise MarginError(f"{where}: the category comes twice", got=str(category))
        found[name][category] = _population(row, where)
    for name, categories in declared.items():
        for category in categories:
            if category not in found[name]:
                raise MarginError(
                    f"column {name}: category {category!r} has no target",
                    got=", ".join(found[name]) or "no targets",
                    expected=", ".join(categories),
                    hint="add a margin row, or take the category out of the plan",
                )
    return {name: {category: found[name][category] for category in declared[name]} for name in declared}


def cell_margins(rows: Iterable[Mapping[str, Any]], *, plan: Plan, grid: Grid) -> dict[str, dict[int, int]]:
    """Targets of a post-stratified wave: scored unit to cell number to population.

    Raises
    ------
    MarginError
        A row names an unknown unit or cell, comes twice, or a scored unit has no row for a cell.
    """
    number = {name: cell for cell, name in enumerate(grid.names())}
    found: dict[str, dict[int, int]] = {unit: {} for unit in plan.scored}
    for position, row in enumerate(rows):
        unit, cell = row.get("unit"), row.get("cell")
        name = cell if isinstance(cell, str) else "|".join(str(part) for part in cell or ())
        where = f"margins[{position}] {unit} {name}"
        if unit not in found:
            raise MarginError(f"{where}: not a scored unit of the plan", got=str(unit), expected=", ".join(found))
        if name not in number:
            raise MarginError(f"{where}: not a cell of the plan", got=name, expected=f"such as {next(iter(number))}")
        if number[name] in found[unit]:
            raise MarginError(f"{where}: the cell comes twice", got=name)
        found[unit][number[name]] = _population(row, where)
    for unit, cells in found.items():
        lacking = [name for name, cell in number.items() if cell not in cells]
        if lacking:
            columns = "|".join(dimension.name for dimension in grid.dimensions)
            raise MarginError(
                f"column {columns}: unit {unit} has no population for {len(lacking)} of its cells",
                got=f"no margin row for {unit}, {lacking[0]}",
                expected=f"{len(number)} rows for each scored unit",
                hint="add the count of transactions; 0 where nothing was served",
            )
    return {unit: dict(sorted(cells.items())) for unit, cells in found.items()}
