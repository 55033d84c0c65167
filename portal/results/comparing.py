"""Whether a line may be drawn from one released score to the next, and what may be said of the two."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from sqlalchemy import Connection

from survey.fielding import load_questionnaire
from survey.mapping import Relation
from survey.versions import Link, chain, route

from .fieldings import Fielding, Score


class Break(StrEnum):
    """Why two scores cannot be compared. No value is one of `Relation` that may be a mark: they share a dictionary."""

    SCHEME = "scheme"  # another scoring rule
    PARTICIPATION = "participation"  # other people could answer, or in another way
    WEIGHTING = "weighting"
    UNREVIEWED = "unreviewed"  # nobody has looked whether the questions still mean the same
    BROKEN = "broken"
    CODES = "codes"  # other ones: a published score rests on the old ones, and stays as it is
    ABSENT = "absent"  # asked in one version only


class Change(StrEnum):
    """How a score stands to the one before; `unclear` as long as the intervals overlap."""

    HIGHER = "higher"
    LOWER = "lower"
    UNCLEAR = "unclear"


@dataclass(frozen=True)
class Note:
    """What is to be told of two neighbours, and of which items."""

    what: Break | Relation
    items: tuple[str, ...] = ()


@dataclass(frozen=True)
class Comparison:
    """Two neighbours: what breaks the line, and what was changed without breaking it."""

    breaks: tuple[Note, ...]
    marks: tuple[Note, ...]

    def link(self, old: Fielding, new: Fielding) -> Link:
        """The score's link, which is no better than that of any item."""
        known = {note.what for note in self.marks}
        kept = next((one for one in (Relation.RECODED, Relation.REWORDED) if one in known), Relation.SAME)
        return Link(old.questionnaire, new.questionnaire, Relation.BROKEN if self.breaks else kept)


def compare(connection: Connection, old: Fielding, new: Fielding, unit: str) -> Comparison:
    """Compare two waves for a unit's score: the recipe, the way of asking, and every item that the score rests on."""
    fixed = (
        (Break.SCHEME, old.scheme, new.scheme),
        (Break.PARTICIPATION, old.participation, new.participation),
        (Break.WEIGHTING, old.weighting, new.weighting),
    )
    changed = [Note(reason) for reason, before, after in fixed if before != after]
    items = dict.fromkeys((*old.recipe.items(unit), *new.recipe.items(unit)))
    notes = _notes(connection, route(connection, old.questionnaire, new.questionnaire), items)
    breaks = (*changed, *(note for note in notes if isinstance(note.what, Break)))
    marks = tuple(note for note in notes if isinstance(note.what, Relation) and note.what is not Relation.SAME)
    return Comparison(breaks, () if breaks else marks)


def _notes(connection: Connection, versions: list[str], items: Iterable[str]) -> list[Note]:
    found: dict[Break | Relation, list[str]] = {}
    for item in items:
        found.setdefault(_verdict(connection, chain(connection, versions, item), item), []).append(item)
    return [Note(what, tuple(names)) for what, names in found.items()]


def _verdict(connection: Connection, links: list[Link], item: str) -> Break | Relation:
    """What became of one item on the way from one version to the other."""
    relations = {link.relation for link in links}
    if None in relations:
        return Break.UNREVIEWED
    if relations & {Relation.NEW, Relation.DROPPED}:
        return Break.ABSENT
    if not all(link.is_comparable for link in links):
        return Break.BROKEN
    if Relation.RECODED in relations:
        return Relation.RECODED if all(_keeps_codes(connection, link, item) for link in links) else Break.CODES
    return Relation.REWORDED if Relation.REWORDED in relations else Relation.SAME


def _keeps_codes(connection: Connection, link: Link, item: str) -> bool:
    """Whether each code stayed what it was and none came or went, so that the scheme's points are those of before."""
    if link.recoding is None:
        return True
    codes = load_questionnaire(connection, link.new_id).by_variable[item].valid_codes()
    return all(old == new for old, new in link.recoding) and {old for old, _ in link.recoding} == set(codes)


def change(before: Score, after: Score) -> Change:
    """Higher or lower only where the two intervals, as printed, have no point in common."""
    if Decimal(after.low) > Decimal(before.high):
        return Change.HIGHER
    return Change.LOWER if Decimal(after.high) < Decimal(before.low) else Change.UNCLEAR
