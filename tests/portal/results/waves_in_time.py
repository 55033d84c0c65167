"""Released waves of one series, made by hand: a released folder with other days, other questions and another score."""

from __future__ import annotations

import importlib
import json
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from conftest_results import OWNER, Files, Shelf
from strict_page import StrictPage

from portal.db import Installation
from survey.canonical import canonical_json, content_id
from survey.fielding import publish_questionnaire
from survey.mapping import VariableMapping, propose_mapping
from survey.questionnaire import read_questionnaire
from survey.versions import store_mapping

fixture: Any = importlib.import_module("release_fixture")
town: Any = importlib.import_module("town")

ON = date(2026, 3, 1)
ITEMS = ("q_speed", "q_manner", "q_result")
Document = dict[str, Any]
Decide = Callable[[VariableMapping], VariableMapping]


def asked(**changed: Document) -> Document:
    """A questionnaire of the three items, some of them changed."""
    found: Document = town.questionnaire(*(town.rating(name, **changed.get(name, {})) for name in ITEMS))
    return found


FIRST = asked()
WAITING = {"en": "How satisfied were you with the waiting time?", "zh-Hans": "您对等候时长是否满意？"}
MANNER = {"en": "How satisfied were you with our manners?", "zh-Hans": "您对态度是否满意？"}
REWORDED = asked(q_speed={"text": WAITING})
TWICE = asked(q_speed={"text": WAITING}, q_manner={"text": MANNER})
TURNED = [
    {"code": place, "text": {"zh-Hans": zh, "en": en}}
    for place, (zh, en) in enumerate(zip(town.LEVELS, town.LEVELS_EN, strict=True), 1)
]


def wave(
    base: Files,
    ends: str,
    *,
    score: tuple[str, str, str] = ("70.00", "65.00", "75.00"),
    questions: Document = FIRST,
    scheme: Callable[[Document], Document] = lambda found: found,
    unit: str = "alpha-1",
    **plan: Any,
) -> Files:
    """A release like `base` of a wave that ended on a day, with a unit's score and the ends of its interval."""
    recipe = scheme(json.loads(base["scheme.json"]))
    changed = json.loads(base["plan.json"]) | {"wave": f"wave {ends}", "opens_on": f"{ends[:8]}01", "closes_on": ends}
    changed |= {"questionnaire": content_id(questions), "scheme": content_id(recipe), **plan}
    files = {**base, "questionnaire.json": canonical_json(questions), "scheme.json": canonical_json(recipe)}
    files |= {"plan.json": canonical_json(changed), "figures.csv": scored(base["figures.csv"], unit, score)}
    found: Files = fixture.sign_again(files, json.loads(files["manifest.json"]), OWNER)
    return found


def scored(figures: bytes, unit: str, score: Sequence[str]) -> bytes:
    """The figures with another score for a unit."""
    values = dict(zip(("score", "low", "high"), score, strict=True))
    rows = [line.split(",") for line in figures.decode().splitlines()]
    new = [[*row[:3], values[row[2]], row[4]] if row[:2] == [unit, ""] and row[2] in values else row for row in rows]
    return ("\n".join(map(",".join, new)) + "\n").encode()


def review(shelf: Shelf, old: Document, new: Document, decide: Decide = lambda proposal: proposal) -> None:
    """Publish two versions and keep what was decided about them: the proposal, unless `decide` says otherwise."""
    place = Installation(shelf.settings)
    proposals = propose_mapping(read_questionnaire(old), read_questionnaire(new))
    decided = [replace(decide(one), reasons=()) for one in proposals]
    with place.database.write() as connection:
        old_id, new_id = (publish_questionnaire(connection, one, ON) for one in (old, new))
        store_mapping(connection, old_id, new_id, decided, by="anna", on=ON)
    place.database.dispose()


def trend_of(shelf: Shelf, address: str) -> list[dict[str, str]]:
    """What the JSON twin of a page tells of its trend."""
    found: list[dict[str, str]] = shelf.client.get(f"{address}.json").get_json()["trend"]
    return found


def told(shelf: Shelf, address: str) -> list[tuple[str, str, str, str]]:
    """Segment, marks, breaks and change of each point."""
    return [(one["segment"], one["marks"], one["breaks"], one["change"]) for one in trend_of(shelf, address)]


def page_of(shelf: Shelf, address: str, language: str = "en") -> StrictPage:
    """A page that keeps the rules."""
    answer = shelf.client.get(address, headers={"Accept-Language": language})
    assert answer.status_code == 200
    page = StrictPage(answer.text)
    assert page.faults(language) == []
    return page
