"""A unit's score over the published releases of one series, joined only where the questions are mapped.

Scores come from the release folders as they were printed, none is computed again; the mappings come from the database.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from pathlib import Path

from sqlalchemy import Connection

from survey.versions import Point, comparable_series

from .comparing import Change, Comparison, Note, change, compare
from .fieldings import Fielding, Score, read_fielding, read_scores
from .folder import ReleaseDamagedError
from .gate import Published
from .twins import Sheet

logger = logging.getLogger(__name__)

COLUMNS = (
    "release",
    "version",
    "wave",
    "opens_on",
    "closes_on",
    "score",
    "low",
    "high",
    "confidence",
    "n",
    "segment",
    "marks",
    "breaks",
    "change",
    "questionnaire",
    "scheme",
    "manifest_sha256",
)


@dataclass(frozen=True)
class TrendPoint:
    """One released score; `comparison` and `change` look back at the point before.

    Attributes
    ----------
    segment : int
        Points of one segment may be joined by a line; counted from 1.
    change : Change or None
        None where the two cannot be compared.
    """

    release: Published
    fielding: Fielding
    score: Score
    segment: int
    comparison: Comparison
    change: Change | None

    @property
    def breaks(self) -> tuple[Note, ...]:
        return self.comparison.breaks

    @property
    def marks(self) -> tuple[Note, ...]:
        return self.comparison.marks

    def row(self) -> tuple[str, ...]:
        wave, score = self.fielding, self.score
        return (
            *(self.release.name, str(self.release.version), wave.wave, wave.opens_on, wave.closes_on),
            *(score.score, score.low, score.high, wave.recipe.confidence, score.n),
            *(str(self.segment), _listed(self.marks), _listed(self.breaks), self.change or ""),
            *(wave.questionnaire, wave.scheme, self.release.manifest_id),
        )


@dataclass(frozen=True)
class Trend:
    """The points of one unit, the earliest first.

    Attributes
    ----------
    is_partial : bool
        Whether a published release could not be read, so that a point may be missing.
    """

    points: tuple[TrendPoint, ...] = ()
    is_partial: bool = False

    @property
    def is_shown(self) -> bool:
        """A single score is no trend."""
        return len(self.points) > 1

    @cached_property
    def broken(self) -> list[tuple[TrendPoint, TrendPoint]]:
        """The neighbours that no line joins."""
        return [(before, after) for before, after in pairwise(self.points) if after.breaks]

    @property
    def confidence(self) -> str:
        """The confidence of the intervals where all have the same, else nothing."""
        found = {point.fielding.recipe.confidence for point in self.points}
        return found.pop() if len(found) == 1 else ""

    def sheet(self) -> Sheet:
        return Sheet(COLUMNS, tuple(point.row() for point in self.points) if self.is_shown else ())

    def made_from(self) -> list[str]:
        """All that the drawing depends on beside the release itself."""
        return [*("\t".join(point.row()) for point in self.points), str(self.is_partial)]


NONE = Trend()


def trend(connection: Connection, releases: Sequence[tuple[Path, Published]], chosen: Published, unit: str) -> Trend:
    """The scores of a unit over the series that the chosen release belongs to.

    `releases` has each public release in its latest version, the newest first. Without a score in the chosen release,
    or where that one is no longer the latest version, there is nothing to look back from.
    """
    own = next((place for place, release in releases if release == chosen), None)
    if own is None or unit not in read_scores(own, chosen.manifest_id):
        return NONE
    series = read_fielding(own, chosen.manifest_id).series
    of_wave: dict[str, Scored] = {}
    is_partial = False
    for place, release in releases:
        try:
            found = _scored(place, release, series, unit)
        except ReleaseDamagedError as error:  # its own page says so; the pages of others stay
            logger.error("a damaged release is left out of a trend: %s", error)
            is_partial = True
            continue
        if found is not None and (release == chosen or found.fielding.wave not in of_wave):
            of_wave[found.fielding.wave] = found
    ordered = sorted(of_wave.values(), key=lambda one: one.fielding.ended)
    return Trend(tuple(_points(connection, ordered, unit)), is_partial)


@dataclass(frozen=True)
class Scored:
    """A unit's score in one release."""

    release: Published
    fielding: Fielding
    score: Score


def _scored(place: Path, release: Published, series: tuple[str, ...], unit: str) -> Scored | None:
    fielding = read_fielding(place, release.manifest_id)
    score = read_scores(place, release.manifest_id).get(unit) if fielding.series == series else None
    return Scored(release, fielding, score) if score else None


def _points(connection: Connection, ordered: Sequence[Scored], unit: str) -> Iterator[TrendPoint]:
    pairs = list(pairwise(ordered))
    found = [compare(connection, before.fielding, after.fielding, unit) for before, after in pairs]
    links = [one.link(a.fielding, b.fielding) for one, (a, b) in zip(found, pairs, strict=True)]
    plain = [Point(one.fielding.wave, one.fielding.questionnaire, one.score.score) for one in ordered]
    segments = [number for number, part in enumerate(comparable_series(plain, links), 1) for _ in part.points]
    moves = [change(before.score, after.score) for before, after in pairs]
    for place, one in enumerate(ordered):
        is_joined = place > 0 and segments[place] == segments[place - 1]
        yield TrendPoint(
            one.release,
            one.fielding,
            one.score,
            segments[place],
            found[place - 1] if place else Comparison((), ()),
            moves[place - 1] if is_joined else None,
        )


def _listed(notes: Sequence[Note]) -> str:
    """Notes for machines: `reworded=q1+q2;scheme`."""
    return ";".join(f"{note.what}={'+'.join(note.items)}" if note.items else str(note.what) for note in notes)
