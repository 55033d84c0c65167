"""The plan of a first wave of ratings at points: whose, through which channels, in which months."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date
from typing import Any

from sqlalchemy import Connection

from .canonical import content_id
from .errors import FieldingError
from .points import points_of
from .units import Tree

MINIMUM_CLASS = 10


def line(unit_id: str, parents: Mapping[str, str | None]) -> list[str]:
    """A unit and everything above it, upwards."""
    found: list[str] = []
    at: str | None = unit_id
    while at is not None:
        found.append(at)
        at = parents.get(at)
    return found


def months(first: date, last: date) -> list[str]:
    """Every month from the first day's to the last day's, like 2026-07."""
    numbers = range(first.year * 12 + first.month - 1, last.year * 12 + last.month)
    return [f"{number // 12:04d}-{number % 12 + 1:02d}" for number in numbers]


def living_points(connection: Connection, tree: Tree, scored: Collection[str], on: date) -> dict[str, tuple[str, str]]:
    """Each living point at or below a scored unit: its key, the unit it counts for, its channel."""
    parents = {one.id: one.parent_id for one in tree.units.values()}
    found = {}
    for point in points_of(connection, list(tree.units)):
        nearest = next((above for above in line(point.unit_id, parents) if above in scored), None)
        if nearest is not None and point.is_valid_on(on):
            found[point.key] = (nearest, point.channel)
    return found


def first_plan(
    tree: Tree,
    *,
    wave_id: str,
    title: Mapping[str, str],
    questionnaire_id: str,
    scheme: Mapping[str, Any],
    scored: Collection[str],
    channels: Collection[str],
    opens_on: date,
    closes_on: date,
    participation: str = "open",
    minimum_n: int = 30,
) -> dict[str, Any]:
    """A plan that weights ratings to transactions by channel and month; raises FieldingError for unknown units."""
    unknown = sorted(set(scored) - set(tree.units))
    if unknown or not scored:
        raise FieldingError("The plan scores units that do not exist.", got=", ".join(unknown) or "none")
    if not channels:
        raise FieldingError("None of these units has a point.", hint="add points at the desk first")
    dimensions = [
        {"name": "channel", "source": "channel", "categories": sorted(channels)},
        {"name": "period", "source": "month", "categories": months(opens_on, closes_on)},
    ]
    return {
        "format": "minyi-plan/1",
        "wave": wave_id,
        "title": dict(title),
        "population": "service_events",
        "participation": participation,
        "questionnaire": questionnaire_id,
        "scheme": content_id(dict(scheme)),
        "opens_on": opens_on.isoformat(),
        "closes_on": closes_on.isoformat(),
        "units": _units(tree, scored),
        "weighting": {"method": "poststratify", "dimensions": dimensions, "minimum_class": MINIMUM_CLASS},
        "minimum_n": minimum_n,
    }


def _units(tree: Tree, scored: Collection[str]) -> list[dict[str, Any]]:
    """The scored units and everything above them, in the order of the tree."""
    parents = {one.id: one.parent_id for one in tree.units.values()}
    needed = {above for unit_id in scored for above in line(unit_id, parents)}
    return [
        {
            "id": one.id,
            "parent": one.parent_id,
            "kind": str(one.kind),
            "peer_group": one.peer_group,
            "scored": one.id in scored,
            "title": dict(one.title),
        }
        for _, one in tree.walk()
        if one.id in needed
    ]
