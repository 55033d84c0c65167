"""A new wave made from an earlier one: same scheme and units, new dates and whatever points live now."""

from __future__ import annotations

import copy
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, select

from survey.fielding import Wave, draft_wave, lacking_items, load_questionnaire
from survey.planning import line, months
from survey.points import points_of
from survey.storage.tables import questionnaire, wave_point
from survey.units import Tree

_MONTH = re.compile(r"^\d{4}-\d{2}$")


@dataclass(frozen=True)
class NewWave:
    """What differs from the earlier wave."""

    wave_id: str
    title: Mapping[str, str]
    opens_on: date
    closes_on: date
    unit_ids: Collection[str]
    questionnaire_id: str


def versions_that_fit(connection: Connection, wave: Wave) -> dict[str, tuple[date, Mapping[str, str]]]:
    """Published versions of the wave's questionnaire that its scheme and weighting can use: day and title by id.

    The wave's own comes first, then the newest.
    """
    table = questionnaire.c
    name = load_questionnaire(connection, wave.questionnaire_id).name
    rows = connection.execute(
        select(table.id, table.published_on).where(table.name == name).order_by(table.published_on.desc())
    )
    found = {row.id: (row.published_on, load_questionnaire(connection, row.id)) for row in rows}
    fitting = {key: (day, read.title) for key, (day, read) in found.items() if not lacking_items(wave, read)}
    own = wave.questionnaire_id
    return {own: (found[own][0], found[own][1].title), **{key: one for key, one in fitting.items() if key != own}}


def scored_units(wave: Wave, tree: Tree, on: date) -> tuple[list[str], list[str]]:
    """(units that can take part on that day, units that ended or are unknown), as the plan orders them."""
    scored = [entry["id"] for entry in wave.plan["units"] if entry["scored"]]
    living = [one for one in scored if one in tree.units and tree.units[one].is_valid_on(on)]
    return living, [one for one in scored if one not in living]


def newcomers(wave: Wave, tree: Tree, on: date) -> list[str]:
    """Units the earlier plan did not know, of a kind it scores, that live or will live; none where each has a tree."""
    if any("trees" in step for step in wave.scheme["steps"] if step["op"] == "combine"):
        return []
    kinds = {entry["kind"] for entry in wave.plan["units"] if entry["scored"]}
    known = {entry["id"] for entry in wave.plan["units"]}
    living = (one for _, one in tree.walk() if one.valid_to is None or one.valid_to > on)
    return [one.id for one in living if one.id not in known and one.kind in kinds]


def new_plan(source: Wave, new: NewWave, tree: Tree) -> dict[str, Any]:
    """The earlier plan with the new dates; units left out go with their whole line where nothing scored remains."""
    plan = copy.deepcopy(source.plan)
    plan["questionnaire"] = new.questionnaire_id
    plan.update(wave=new.wave_id, title=dict(new.title), opens_on=str(new.opens_on), closes_on=str(new.closes_on))
    plan["units"] += _entries(new, tree, {entry["id"] for entry in plan["units"]})
    kept = [entry for entry in plan["units"] if not entry["scored"] or entry["id"] in new.unit_ids]
    parents = {entry["id"]: entry["parent"] for entry in plan["units"]}
    needed = {above for entry in kept if entry["scored"] for above in line(entry["id"], parents)}
    plan["units"] = [_named_now(entry, tree) for entry in kept if entry["id"] in needed]
    for dimension in plan["weighting"].get("dimensions", []):
        if all(_MONTH.match(name) for name in dimension["categories"]):
            dimension["categories"] = months(new.opens_on, new.closes_on)
    return plan


def _entries(new: NewWave, tree: Tree, known: set[str]) -> list[dict[str, Any]]:
    """Lines of the plan for units it does not know yet, each after what stands above it."""
    parents = {one.id: one.parent_id for one in tree.units.values()}
    lines = [above for unit_id in new.unit_ids for above in reversed(line(unit_id, parents)) if above not in known]
    return [
        {
            "id": one.id,
            "kind": str(one.kind),
            "parent": one.parent_id,
            "peer_group": one.peer_group,
            "scored": one.id in new.unit_ids,
            "title": dict(one.title),
        }
        for one in (tree.units[unit_id] for unit_id in dict.fromkeys(lines))
    ]


def _named_now(entry: dict[str, Any], tree: Tree) -> dict[str, Any]:
    """A plan's unit with the title and peer group it has today."""
    now = tree.units.get(entry["id"])
    return {**entry, "title": dict(now.title), "peer_group": now.peer_group} if now else entry


def points_for(connection: Connection, source: Wave, new: NewWave, tree: Tree) -> dict[str, str]:
    """Living points of the chosen units and of what stands below them, each with the unit it counts for."""
    rows = connection.execute(select(wave_point).where(wave_point.c.wave_id == source.id))
    before = {str(row.point_key): str(row.scored_unit_id) for row in rows}
    chosen: dict[str, str] = {}
    parents = {one.id: one.parent_id for one in tree.units.values()}
    for point in points_of(connection, list(tree.units)):
        nearest = next((above for above in line(point.unit_id, parents) if above in new.unit_ids), "")
        to_unit = before.get(point.key) or nearest
        if to_unit in new.unit_ids and point.is_valid_on(new.opens_on):
            chosen[point.key] = to_unit
    return chosen


def clone_wave(connection: Connection, source: Wave, new: NewWave, tree: Tree, zone: ZoneInfo) -> int:
    """Draft the new wave, from the first minute of its first day to the last of its last. Returns its points."""
    points = points_for(connection, source, new, tree)
    draft_wave(
        connection,
        wave_id=new.wave_id,
        plan=new_plan(source, new, tree),
        scheme=source.scheme,
        opens_at=datetime.combine(new.opens_on, time.min, zone),
        closes_at=datetime.combine(new.closes_on + timedelta(days=1), time.min, zone),
        points=points,
        quota=source.quota,
    )
    return len(points)
