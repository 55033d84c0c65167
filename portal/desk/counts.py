"""How many answers came, counted by the database."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, func, select

from survey.intake import ResponseState
from survey.storage.tables import point, response, wave_point


@dataclass(frozen=True)
class Count:
    """Responses by their state."""

    recorded: int = 0
    over_quota: int = 0
    superseded: int = 0
    withdrawn: int = 0

    def __add__(self, other: Count) -> Count:
        return Count(
            self.recorded + other.recorded,
            self.over_quota + other.over_quota,
            self.superseded + other.superseded,
            self.withdrawn + other.withdrawn,
        )

    @property
    def received(self) -> int:
        return self.recorded + self.over_quota + self.superseded + self.withdrawn


@dataclass(frozen=True)
class PointCount:
    """One point of a wave (`key` is None for answers by link) with its answers."""

    key: str | None
    unit_id: str | None
    title: dict[str, str]
    count: Count


@dataclass(frozen=True)
class UnitCount:
    """A unit's points in a wave, and what came through them together; `unit_id` is None for answers by link."""

    unit_id: str | None
    points: tuple[PointCount, ...]

    @property
    def count(self) -> Count:
        return sum((one.count for one in self.points), Count())

    @property
    def silent(self) -> int:
        """How many of its points brought no answer yet."""
        return sum(1 for one in self.points if not one.count.received)


def by_unit(points: Sequence[PointCount], order: Sequence[str]) -> list[UnitCount]:
    """The points under their units, in this order of units; others follow."""
    found: dict[str | None, list[PointCount]] = {one: [] for one in order}
    for one in points:
        found.setdefault(one.unit_id, []).append(one)
    return [UnitCount(unit_id, tuple(group)) for unit_id, group in found.items() if group]


def count_waves(connection: Connection, wave_ids: Sequence[str]) -> dict[str, Count]:
    """Received answers of each wave."""
    query = (
        select(response.c.wave_id, response.c.state, func.count())
        .where(response.c.wave_id.in_(wave_ids))
        .group_by(response.c.wave_id, response.c.state)
    )
    found = dict.fromkeys(wave_ids, Count())
    for wave_id, state, number in connection.execute(query):
        found[wave_id] += Count(**{ResponseState(state).value: number})
    return found


def count_points(connection: Connection, wave_id: str) -> list[PointCount]:
    """Every point of the wave, those without an answer too, in the order of units."""
    query = (
        select(response.c.point_key, response.c.state, func.count())
        .where(response.c.wave_id == wave_id)
        .group_by(response.c.point_key, response.c.state)
    )
    counts: dict[str | None, Count] = {}
    for key, state, number in connection.execute(query):
        counts[key] = counts.get(key, Count()) + Count(**{ResponseState(state).value: number})
    rows = connection.execute(
        select(wave_point.c.point_key, wave_point.c.scored_unit_id, point.c.title)
        .join(point, point.c.key == wave_point.c.point_key)
        .where(wave_point.c.wave_id == wave_id)
        .order_by(wave_point.c.scored_unit_id, wave_point.c.point_key)
    ).all()
    listed = [
        PointCount(row.point_key, row.scored_unit_id, json.loads(row.title), counts.pop(row.point_key, Count()))
        for row in rows
    ]
    return listed + [PointCount(key, None, {}, count) for key, count in counts.items()]
