"""Versions of a questionnaire: what was decided about their variables, and which values may stand in one line.

`mapping.propose_mapping` proposes, a person decides, `store_mapping` keeps it, and nothing else tells whether values of
two versions may be compared: where nobody has reviewed two versions, a line breaks between them.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, delete, insert, select

from .canonical import canonical_json
from .differences import compare
from .fielding import load_questionnaire
from .mapping import COMPARABLE, MappingError, Relation, VariableMapping, check_mapping, propose_mapping
from .recoding import Recoding, Why, chained
from .storage.tables import variable_mapping as table

__all__ = [
    "Link",
    "MappingError",
    "Point",
    "Relation",
    "Segment",
    "VariableMapping",
    "Why",
    "chain",
    "check_mapping",
    "comparable_series",
    "load_mapping",
    "propose_mapping",
    "route",
    "store_mapping",
    "store_text_fix",
]


def store_mapping(
    connection: Connection, old_id: str, new_id: str, mappings: Sequence[VariableMapping], *, by: str, on: date
) -> None:
    """Keep what `by` decided on a day, in place of an earlier decision; raises MappingError for an impossible one."""
    if old_id == new_id or not by:
        raise MappingError("A mapping leads from one version to another, and somebody answers for it.", got=old_id)
    check_mapping(load_questionnaire(connection, old_id), load_questionnaire(connection, new_id), mappings)
    connection.execute(delete(table).where(_between(old_id, new_id)))
    rows = [
        {
            "from_questionnaire_id": old_id,
            "to_questionnaire_id": new_id,
            "variable": one.variable,
            "relation": str(one.relation),
            "recoding": canonical_json([list(pair) for pair in one.recoding]).decode() if one.recoding else None,
            "reviewed_by": by,
            "reviewed_on": on,
        }
        for one in mappings
    ]
    connection.execute(insert(table), rows)


def store_text_fix(connection: Connection, old_id: str, new_id: str, *, by: str, on: date) -> None:
    """Keep that `by` found the new version to differ in wording only, so that every variable is the same."""
    old, new = (load_questionnaire(connection, one) for one in (old_id, new_id))
    structural = [one for one in compare(old, new) if not one.is_wording]
    if structural:
        raise MappingError(
            "This is more than a text fix.",
            got=f"{structural[0].change} at {structural[0].place or 'the document'}",
            hint="review the mapping of each variable",
        )
    same = [VariableMapping(name, Relation.SAME) for name in new.by_variable]
    store_mapping(connection, old_id, new_id, same, by=by, on=on)


def load_mapping(connection: Connection, old_id: str, new_id: str) -> list[VariableMapping]:
    """What was decided between two versions, by variable name; empty where nobody has reviewed them."""
    rows = connection.execute(select(table).where(_between(old_id, new_id)).order_by(table.c.variable))
    return [_loaded(row) for row in rows]


def _between(old_id: str, new_id: str) -> ColumnElement[bool]:
    return (table.c.from_questionnaire_id == old_id) & (table.c.to_questionnaire_id == new_id)


def _loaded(row: Row[Any]) -> VariableMapping:
    recoding = tuple((a, b) for a, b in json.loads(row.recoding)) if row.recoding else None
    return VariableMapping(
        row.variable, Relation(row.relation), recoding, reviewed_by=row.reviewed_by, reviewed_on=row.reviewed_on
    )


@dataclass(frozen=True)
class Link:
    """How one variable's values in two following versions compare; `relation` is None where nobody has reviewed it."""

    old_id: str
    new_id: str
    relation: Relation | None
    recoding: Recoding | None = None

    @property
    def is_comparable(self) -> bool:
        """Whether a line may be drawn from one to the other."""
        return self.relation in COMPARABLE


def chain(connection: Connection, questionnaire_ids: Sequence[str], variable: str) -> list[Link]:
    """The link between each version and the one that follows it, for one variable."""
    return [_link(connection, old_id, new_id, variable) for old_id, new_id in pairwise(questionnaire_ids)]


def _link(connection: Connection, old_id: str, new_id: str, variable: str) -> Link:
    if old_id == new_id:
        return Link(old_id, new_id, Relation.SAME)
    row = connection.execute(select(table).where(_between(old_id, new_id), table.c.variable == variable)).first()
    if row is None:
        return Link(old_id, new_id, None)
    found = _loaded(row)
    return Link(old_id, new_id, found.relation, found.recoding)


def route(connection: Connection, old_id: str, new_id: str) -> list[str]:
    """The shortest way between two versions over reviewed mappings with both ends; the ends alone where none leads.

    A version in between need not have been fielded: what was reviewed step by step holds from end to end.
    """
    if old_id == new_id:
        return [old_id, new_id]
    pairs = (table.c.from_questionnaire_id, table.c.to_questionnaire_id)
    following: dict[str, list[str]] = {}
    for start, end in connection.execute(select(*pairs).distinct().order_by(*pairs)):
        following.setdefault(start, []).append(end)
    ways, seen = [[old_id]], {old_id}
    for way in ways:  # it grows while it is read, so that shorter ways are looked at first
        for one in following.get(way[-1], ()):
            if one == new_id:
                return [*way, one]
            if one not in seen:
                seen.add(one)
                ways.append([*way, one])
    return [old_id, new_id]


@dataclass(frozen=True)
class Point:
    """One value of a series.

    Attributes
    ----------
    mark : Relation or None
        Set by `comparable_series` where the question was reworded or recoded since the point before.
    recoding : Recoding or None
        Set there too: from the codes of this version to those of the last one in the segment; None changes nothing.
    """

    wave: str
    questionnaire_id: str
    value: Any
    mark: Relation | None = None
    recoding: Recoding | None = None


@dataclass(frozen=True)
class Segment:
    """Points that may be joined by a line; `broken_by` is the link that parts it from the segment before."""

    points: tuple[Point, ...]
    broken_by: Link | None = None


def comparable_series(points: Sequence[Point], links: Sequence[Link]) -> list[Segment]:
    """Split a series where values cannot be compared.

    `links` are those of `chain` for the points' questionnaires; raises ValueError where they are not.
    """
    if [(a.questionnaire_id, b.questionnaire_id) for a, b in pairwise(points)] != [
        (link.old_id, link.new_id) for link in links
    ]:
        raise ValueError("the links are not those of the points")
    starts = [0, *(place + 1 for place, link in enumerate(links) if not link.is_comparable), len(points)]
    return [
        Segment(_joined(points[start:end], links[start : end - 1]), links[start - 1] if start else None)
        for start, end in pairwise(starts)
        if start < end
    ]


def _joined(points: Sequence[Point], links: Sequence[Link]) -> tuple[Point, ...]:
    """The points of one segment with their marks and their recodings to its last version."""
    found: list[Point] = []
    recoding: Recoding | None = None
    for place in reversed(range(len(points))):
        point, before = points[place], links[place - 1] if place else None
        if place < len(links):
            recoding = chained(links[place].recoding, recoding)
        mark = before.relation if before is not None and before.relation is not Relation.SAME else None
        found.append(Point(point.wave, point.questionnaire_id, point.value, mark, recoding))
    return tuple(reversed(found))
