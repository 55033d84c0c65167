"""The plan that was frozen before the field: units, weighting dimensions and publication threshold."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from analysis.errors import PlanError

FORMAT = "minyi-plan/1"


class Weighting(StrEnum):
    """How respondents are weighted to the population."""

    POSTSTRATIFY = "poststratify"
    RAKE = "rake"
    NONE = "none"


class Participation(StrEnum):
    """How people came to answer; `open` means self-selected."""

    OPEN = "open"
    LINKS = "links"
    SAMPLE = "sample"
    ROSTER = "roster"


@dataclass(frozen=True)
class PlanUnit:
    """One unit of the tree; `scored` units are those whose counts are released."""

    id: str
    parent: str | None
    peer_group: str | None
    scored: bool


@dataclass(frozen=True)
class Dimension:
    """One weighting dimension: a dataset column and its categories in declared order."""

    name: str
    categories: tuple[str, ...]


@dataclass(frozen=True)
class Plan:
    """The parts of plan.json that the analysis uses."""

    units: tuple[PlanUnit, ...]
    method: Weighting
    dimensions: tuple[Dimension, ...]
    minimum_class: int
    minimum_n: int
    participation: Participation

    @property
    def scored(self) -> tuple[str, ...]:
        """Ids of the scored units in declared order."""
        return tuple(unit.id for unit in self.units if unit.scored)

    def order(self) -> dict[str, int]:
        """Position of each unit id in the plan."""
        return {unit.id: position for position, unit in enumerate(self.units)}

    def scored_within(self, unit_id: str) -> tuple[str, ...]:
        """Scored units that are `unit_id` or stand below it, in declared order."""
        parents = {unit.id: unit.parent for unit in self.units}
        return tuple(leaf for leaf in self.scored if unit_id in _line(leaf, parents))


def _line(unit_id: str, parents: Mapping[str, str | None]) -> list[str]:
    line = [unit_id]
    above = parents[unit_id]
    while above is not None:
        line.append(above)
        above = parents[above]
    return line


def _fail(path: str, message: str, *, got: object = "", expected: str = "", hint: str = "") -> PlanError:
    return PlanError(f"plan {path}: {message}", got=str(got), expected=expected, hint=hint)


def _get(document: Mapping[str, Any], key: str, kind: type, path: str) -> Any:
    value = document.get(key)
    if not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
        raise _fail(
            f"{path}.{key}".lstrip("."), "missing or of the wrong type", got=repr(value), expected=kind.__name__
        )
    return value


def _units(rows: Sequence[Any]) -> tuple[PlanUnit, ...]:
    units: list[PlanUnit] = []
    for position, row in enumerate(rows):
        path = f"units[{position}]"
        if not isinstance(row, Mapping):
            raise _fail(path, "is not an object", got=repr(row), expected="object")
        unit = PlanUnit(
            _get(row, "id", str, path), row.get("parent"), row.get("peer_group"), _get(row, "scored", bool, path)
        )
        if not unit.id or unit.id in {seen.id for seen in units}:
            raise _fail(f"{path}.id", "empty or used twice", got=unit.id, expected="an id of its own")
        units.append(unit)
    _check_tree(units)
    return tuple(units)


def _check_tree(units: Sequence[PlanUnit]) -> None:
    parents = {unit.id: unit.parent for unit in units}
    for position, unit in enumerate(units):
        if unit.parent is not None and unit.parent not in parents:
            raise _fail(f"units[{position}].parent", "names no unit of the plan", got=unit.parent)
        seen = {unit.id}
        above = unit.parent
        while above is not None:
            if above in seen:
                raise _fail(f"units[{position}].parent", "the line of parents runs in a circle", got=above)
            seen.add(above)
            above = parents[above]
    if not any(unit.scored for unit in units):
        raise _fail("units", "no unit is scored", expected='at least one unit with "scored": true')


def _dimensions(rows: Sequence[Any]) -> tuple[Dimension, ...]:
    dimensions: list[Dimension] = []
    for position, row in enumerate(rows):
        path = f"weighting.dimensions[{position}]"
        name = _get(row, "name", str, path)
        categories = _get(row, "categories", list, path)
        if not categories or len(set(categories)) != len(categories):
            raise _fail(f"{path}.categories", "empty or with a repeated category", got=categories)
        if any(mark in category for category in categories for mark in "|;"):
            raise _fail(f"{path}.categories", 'a category holds "|" or ";"', got=categories, hint="rename it")
        if name in {seen.name for seen in dimensions}:
            raise _fail(f"{path}.name", "used twice", got=name)
        dimensions.append(Dimension(name, tuple(categories)))
    return tuple(dimensions)


def _member(kind: type[StrEnum], document: Mapping[str, Any], key: str, path: str) -> Any:
    text = _get(document, key, str, path)
    if text not in {member.value for member in kind}:
        names = ", ".join(member.value for member in kind)
        raise _fail(f"{path}.{key}".lstrip("."), "unknown value", got=text, expected=names)
    return kind(text)


def parse_plan(document: Mapping[str, Any] | Plan) -> Plan:
    """Read plan.json's content into a frozen `Plan`.

    Raises
    ------
    PlanError
        Naming the path inside the document.
    """
    if isinstance(document, Plan):
        return document
    if document.get("format") != FORMAT:
        raise _fail("format", "not a plan of this version", got=repr(document.get("format")), expected=FORMAT)
    weighting = _get(document, "weighting", dict, "")
    method: Weighting = _member(Weighting, weighting, "method", "weighting")
    rows = weighting.get("dimensions", [])
    if not isinstance(rows, list) or not all(isinstance(row, Mapping) for row in rows):
        raise _fail("weighting.dimensions", "is not a list of objects", got=repr(rows))
    dimensions = _dimensions(rows)
    if method is not Weighting.NONE and not dimensions:
        raise _fail("weighting.dimensions", "empty", hint='name the dimensions, or use the method "none"')
    minimum_n = _get(document, "minimum_n", int, "")
    minimum_class = weighting.get("minimum_class", 10)
    if not isinstance(minimum_class, int) or minimum_class < 2:
        raise _fail("weighting.minimum_class", "a variance needs two respondents", got=minimum_class, expected=">= 2")
    if minimum_n < minimum_class:
        raise _fail("minimum_n", "below the smallest class", got=minimum_n, expected=f">= {minimum_class}")
    participation: Participation = _member(Participation, document, "participation", "")
    return Plan(
        _units(_get(document, "units", list, "")),
        method,
        dimensions if method is not Weighting.NONE else (),
        minimum_class,
        minimum_n,
        participation,
    )
