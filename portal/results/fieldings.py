"""What a trend needs of every released wave, from its frozen folder: far less than its pages need."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from .folder import Folder
from .recipe import Recipe, read_recipe


@dataclass(frozen=True)
class Fielding:
    """A released wave, as its plan and its scheme tell of it.

    Attributes
    ----------
    series : tuple of str
        What waves share whose scores may stand in one line: the scheme's name, the population and the name that all
        versions of one questionnaire have.
    questionnaire, scheme : str
        The ids of the two documents.
    """

    wave: str
    opens_on: str
    closes_on: str
    series: tuple[str, str, str]
    questionnaire: str
    scheme: str
    participation: str
    weighting: str
    recipe: Recipe

    @property
    def ended(self) -> tuple[str, str, str]:
        """What waves are put in order by: the last day, then the first."""
        return self.closes_on, self.opens_on, self.wave


@dataclass(frozen=True)
class Score:
    """A unit's score with the ends of its interval and its answers, as they were printed."""

    score: str
    low: str
    high: str
    n: str


@lru_cache(maxsize=256)
def read_fielding(place: Path, manifest_id: str) -> Fielding:
    """Read plan, scheme and the questionnaire's name; raises ReleaseDamagedError as every reading does."""
    folder = Folder(place, manifest_id)
    plan, scheme = folder.document("plan.json"), folder.document("scheme.json")
    name = folder.document("questionnaire.json").get("name", "")
    return Fielding(
        wave=plan["wave"],
        opens_on=plan["opens_on"],
        closes_on=plan["closes_on"],
        series=(scheme.get("id_name", ""), plan["population"], name),
        questionnaire=plan["questionnaire"],
        scheme=plan["scheme"],
        participation=plan["participation"],
        weighting=plan["weighting"]["method"],
        recipe=read_recipe(scheme),
    )


@lru_cache(maxsize=64)
def read_scores(place: Path, manifest_id: str) -> Mapping[str, Score]:
    """Every unit that has a score in a release."""
    wanted = Score.__dataclass_fields__
    found: dict[str, dict[str, str]] = {}
    for row in Folder(place, manifest_id).rows("figures.csv"):
        if row["unit"] and not row["subject"] and row["statistic"] in wanted:
            found.setdefault(row["unit"], {})[row["statistic"]] = row["value"]
    return {unit: Score(**values) for unit, values in found.items() if len(values) == len(wanted)}
