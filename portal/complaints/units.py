"""Which office a case can be about, grouped as people look for it."""

from __future__ import annotations

import json
from datetime import date

from sqlalchemy import Connection, select
from wtforms.fields.choices import SelectChoice

from portal.language import said
from survey.storage.tables import unit
from survey.texts import Texts
from survey.units import Tree, Unit, UnitKind

Choices = dict[str, list[tuple[str, str]]]


def choices(tree: Tree, today: date, *, first: str) -> Choices:
    """Units alive today under the department they belong to; `first` is what stands before a choice is made."""
    groups: Choices = {"": [("", first)]}
    for _depth, one in tree.walk():
        if one.is_valid_on(today):
            groups.setdefault(_group(tree, one), []).append((one.id, _label(tree, one)))
    return groups


def for_field(groups: Choices) -> list[SelectChoice]:
    """The same offer, as a form's field wants it."""
    return [
        SelectChoice(key, words, optgroup=group or None) for group, offered in groups.items() for key, words in offered
    ]


def _group(tree: Tree, one: Unit | None) -> str:
    while one is not None and one.kind is not UnitKind.DEPARTMENT:
        one = tree.units[one.parent_id] if one.parent_id else None
    return said(one.title) if one else ""


def _label(tree: Tree, one: Unit) -> str:
    """A window is named with its office: there are many windows 3."""
    if one.kind is UnitKind.WINDOW and one.parent_id:
        return f"{said(tree.units[one.parent_id].title)} › {said(one.title)}"
    return said(one.title)


def with_those_below(tree: Tree, unit_id: str) -> frozenset[str]:
    return frozenset({unit_id, *(one.id for one in tree.below(unit_id))})


def title_of(connection: Connection, unit_id: str) -> Texts:
    """The name of a unit, alive or not."""
    titles: Texts = json.loads(connection.execute(select(unit.c.title).where(unit.c.id == unit_id)).scalar_one())
    return titles
