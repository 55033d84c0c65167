"""The tree of units: each with a life of its own, never deleted, succeeded by others."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from sqlalchemy import Connection, func, insert, select, update

from .canonical import canonical_json
from .errors import SurveyError
from .storage.tables import unit, unit_successor


class UnitError(SurveyError):
    """A change that the tree of units does not allow."""


RESERVED = frozenset({"method", "data", "new"})  # names of pages that stand where a unit's page would


class UnitKind(StrEnum):
    CITY = "city"
    DEPARTMENT = "department"
    OFFICE = "office"
    WINDOW = "window"


@dataclass(frozen=True)
class Unit:
    """A department, an office or a window, from one day to another."""

    id: str
    parent_id: str | None
    kind: UnitKind
    peer_group: str | None
    title: Mapping[str, str]
    valid_from: date
    valid_to: date | None
    successors: tuple[str, ...] = ()

    def is_valid_on(self, day: date) -> bool:
        """`valid_to` is the first day without the unit."""
        return self.valid_from <= day and (self.valid_to is None or day < self.valid_to)


@dataclass(frozen=True)
class Tree:
    """All units, in the order of the tree."""

    units: Mapping[str, Unit]
    children: Mapping[str | None, tuple[str, ...]] = field(repr=False)

    def walk(self, top: str | None = None, depth: int = 0) -> Iterator[tuple[int, Unit]]:
        """(depth, unit) for everything below `top`, each unit before those below it."""
        for one in self.children.get(top, ()):
            yield depth, self.units[one]
            yield from self.walk(one, depth + 1)

    def below(self, top: str) -> list[Unit]:
        return [one for _, one in self.walk(top)]

    def predecessors(self, unit_id: str) -> list[Unit]:
        return [one for one in self.units.values() if unit_id in one.successors]


def read_tree(connection: Connection) -> Tree:
    """Every unit there is or was."""
    after: dict[str, list[str]] = {}
    for row in connection.execute(select(unit_successor).order_by(unit_successor.c.successor_id)):
        after.setdefault(row.unit_id, []).append(row.successor_id)
    units: dict[str, Unit] = {}
    children: dict[str | None, list[str]] = {}
    for row in connection.execute(select(unit).order_by(unit.c.sort, unit.c.id)):
        units[row.id] = Unit(
            id=row.id,
            parent_id=row.parent_id,
            kind=UnitKind(row.kind),
            peer_group=row.peer_group,
            title=json.loads(row.title),
            valid_from=row.valid_from,
            valid_to=row.valid_to,
            successors=tuple(after.get(row.id, ())),
        )
        children.setdefault(row.parent_id, []).append(row.id)
    return Tree(units, {parent: tuple(ids) for parent, ids in children.items()})


def add_unit(
    connection: Connection,
    *,
    unit_id: str,
    parent_id: str | None,
    kind: str,
    peer_group: str | None,
    title: Mapping[str, str],
    on: date,
) -> None:
    """Found a unit; it stands last among its siblings. Raises UnitError for a name that pages need."""
    if unit_id in RESERVED:
        raise UnitError("This short name is taken by a page.", got=unit_id, hint="choose another")
    last = connection.execute(select(func.max(unit.c.sort)).where(unit.c.parent_id == parent_id)).scalar()
    connection.execute(
        insert(unit).values(
            id=unit_id,
            parent_id=parent_id,
            kind=UnitKind(kind),
            peer_group=peer_group,
            title=canonical_json(dict(title)).decode(),
            valid_from=on,
            sort=(last or 0) + 1,
        )
    )


def edit_unit(connection: Connection, unit_id: str, *, peer_group: str | None, title: Mapping[str, str]) -> None:
    """Titles and peer group may be mended; frozen plans keep what they said."""
    text = canonical_json(dict(title)).decode()
    connection.execute(update(unit).where(unit.c.id == unit_id).values(peer_group=peer_group, title=text))


def end_unit(connection: Connection, unit_id: str, on: date, successors: Sequence[str]) -> None:
    """From that day on the unit is no more and its successors stand for it; it stays on record.

    Raises UnitError when it has ended already, lived less than a day, or still has units below it.
    """
    tree = read_tree(connection)
    ended = tree.units[unit_id]
    if ended.valid_to is not None:
        raise UnitError("The unit has ended already.", got=str(ended.valid_to))
    if on <= ended.valid_from:
        raise UnitError("The unit ends before it begins.", got=str(on), expected=f"later than {ended.valid_from}")
    living = [one.id for one in tree.below(unit_id) if one.valid_to is None or one.valid_to > on]
    if living:
        raise UnitError("Units below it live on.", got=", ".join(living), hint="end these first")
    strangers = [one for one in successors if one == unit_id or not tree.units[one].is_valid_on(on)]
    if strangers:
        raise UnitError("A successor does not exist on that day.", got=", ".join(strangers))
    connection.execute(update(unit).where(unit.c.id == unit_id).values(valid_to=on))
    if successors:
        rows = [{"unit_id": unit_id, "successor_id": one, "on": on} for one in successors]
        connection.execute(insert(unit_successor), rows)
