"""A small town for tests: units, points, a questionnaire of one question, an open wave."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from flask.testing import FlaskClient
from sqlalchemy import insert

from portal.db import Installation
from survey.canonical import canonical_json, content_id
from survey.fielding import draft_wave, open_wave, publish_questionnaire
from survey.points import add_point, code_for
from survey.storage.tables import unit

START = datetime(2026, 7, 1, 2, 0, tzinfo=UTC)  # ten in the morning in Shanghai


class Clock:
    """A clock that tests set."""

    def __init__(self) -> None:
        self.now = START

    def __call__(self) -> datetime:
        return self.now

    def advance(self, **by: float) -> None:
        self.now += timedelta(**by)


LEVELS = ("非常满意", "满意", "基本满意", "不满意", "非常不满意")
LEVELS_EN = ("Very satisfied", "Satisfied", "Fairly satisfied", "Dissatisfied", "Very dissatisfied")


def rating(variable: str = "q_overall", **more: Any) -> dict[str, Any]:
    """A five-level question with reason tags for the two lowest levels."""
    slow = [{"code": 1, "text": {"zh-Hans": "等候太久", "en": "Long wait"}}]
    choices = [
        {
            "code": 5 - place,
            "text": {"zh-Hans": LEVELS[place], "en": LEVELS_EN[place]},
            "reasons": slow if place > 2 else [],
        }
        for place in range(5)
    ]
    text = {"zh-Hans": "您对本次服务是否满意？", "en": "How satisfied were you with this service?"}
    return {"type": "five_level", "variable": variable, "text": text, "required": True, "choices": choices, **more}


def questionnaire(*questions: dict[str, Any]) -> dict[str, Any]:
    return {
        "format": "minyi-questionnaire/1",
        "name": "counter",
        "title": {"zh-Hans": "窗口服务评价", "en": "Rating of a counter service"},
        "languages": ["zh-Hans", "en"],
        "sections": [{"questions": list(questions) or [rating()]}],
    }


def scheme(item: str = "q_overall") -> dict[str, Any]:
    return {
        "format": "minyi-scheme/1",
        "id_name": "overall",
        "title": {"zh-Hans": "总体满意度", "en": "Overall satisfaction"},
        "steps": [
            {"op": "map", "points": {"1": 0, "2": 25, "3": 50, "4": 75, "5": 100}, "satisfied": [4, 5]},
            {"op": "combine", "tree": {"id": "overall", "title": {"zh-Hans": "总体", "en": "Overall"}, "item": item}},
            {
                "op": "grade",
                "cuts": [
                    {"name": "excellent", "from": "90", "title": {"zh-Hans": "优秀", "en": "Excellent"}},
                    {"name": "good", "from": "60", "title": {"zh-Hans": "良好", "en": "Good"}},
                    {"name": "poor", "from": None, "title": {"zh-Hans": "较差", "en": "Poor"}},
                ],
            },
        ],
        "rounding": {"digits": 2, "mode": "half_up"},
        "confidence": "95",
    }


WINDOW = {"zh-Hans": "1号窗口", "en": "Window 1"}
UNITS: list[dict[str, Any]] = [
    {"id": "tax", "parent": None, "kind": "department", "title": {"zh-Hans": "税务局", "en": "Tax Bureau"}},
    {"id": "tax-hall", "parent": "tax", "kind": "office", "title": {"zh-Hans": "办税大厅", "en": "Tax Hall"}},
    {"id": "land", "parent": None, "kind": "department", "title": {"zh-Hans": "不动产局", "en": "Land Bureau"}},
    {"id": "land-hall", "parent": "land", "kind": "office", "title": {"zh-Hans": "登记大厅", "en": "Land Hall"}},
]


@dataclass(frozen=True)
class Town:
    """Codes of the two windows, by unit."""

    wave_id: str
    codes: dict[str, str]

    @property
    def code(self) -> str:
        return self.codes["tax-hall"]


def build_town(
    place: Installation,
    *,
    wave_id: str = "summer",
    document: dict[str, Any] | None = None,
    minimum_n: int = 2,
    quota: int | None = None,
    participation: str = "open",
) -> Town:
    """Units, one point for each hall, and a wave that is open for a month from the clock's now."""
    day = date(2026, 1, 1)
    with place.database.write() as connection:
        connection.execute(
            insert(unit),
            [
                {
                    "id": one["id"],
                    "parent_id": one["parent"],
                    "kind": one["kind"],
                    "peer_group": "halls" if one["kind"] == "office" else "bureaus",
                    "title": canonical_json(one["title"]).decode(),
                    "valid_from": day,
                    "sort": order,
                }
                for order, one in enumerate(UNITS)
            ],
        )
        identity = publish_questionnaire(connection, document or questionnaire(), day)
        points = {
            name: add_point(connection, unit_id=name, channel="window", title=WINDOW, on=day)
            for name in ("tax-hall", "land-hall")
        }
        draft_wave(
            connection,
            wave_id=wave_id,
            plan=plan(place, wave_id, identity, minimum_n, participation),
            scheme=scheme(),
            opens_at=place.now() - timedelta(hours=1),
            closes_at=place.now() + timedelta(days=30),
            points={point.key: name for name, point in points.items()},
            quota=quota,
        )
        open_wave(connection, place.log, wave_id, place.now())
    return Town(wave_id, {name: code_for(place.keys, point.key) for name, point in points.items()})


def plan(
    place: Installation, wave_id: str, questionnaire_id: str, minimum_n: int, participation: str
) -> dict[str, Any]:
    units = [
        {**one, "scored": one["kind"] == "office", "peer_group": "halls" if one["kind"] == "office" else "bureaus"}
        for one in UNITS
    ]
    return {
        "format": "minyi-plan/1",
        "wave": wave_id,
        "title": {"zh-Hans": "夏季评价", "en": "Summer ratings"},
        "population": "service_events",
        "questionnaire": questionnaire_id,
        "scheme": content_id(scheme()),
        "participation": participation,
        "opens_on": place.today().isoformat(),
        "closes_on": (place.today() + timedelta(days=30)).isoformat(),
        "units": units,
        "weighting": {
            "method": "poststratify",
            "dimensions": [{"name": "channel", "source": "channel", "categories": ["window"]}],
            "minimum_class": 2,
        },
        "minimum_n": minimum_n,
    }


def token_on(page: str) -> str:
    """The form token in a page."""
    found = re.search(r'name="token" value="([^"]+)"', page)
    assert found, "the page has no form token"
    return found.group(1)


def codes_on(page: str) -> list[str]:
    """The codes shown on a receipt: receipt code, then edit code."""
    return re.findall(r'class="code"[^>]*>([^<]+)<', page)


def answer(client: FlaskClient, code: str, level: int = 5, **more: Any) -> Any:
    """Open the page at a point and send one rating."""
    page = client.get(f"/q/{code}").text
    form = {"token": token_on(page), "q_overall": str(level), "seen": "q_overall", **more}
    return client.post(f"/q/{code}", data=form)
