"""The city that desk tests work in."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from flask import Flask
from sqlalchemy import Connection, insert

from every_type import every_type
from portal.access import Role
from portal.accounts.security import add_staff
from portal.accounts.tables import AuditEntry
from portal.db import Installation
from portal.releases.tables import release, run
from portal.schema import metadata
from portal.settings import Settings, read_settings
from survey.canonical import canonical_json, content_id
from survey.fielding import close_wave, draft_wave, open_wave, publish_questionnaire, set_margins
from survey.points import add_point
from survey.storage.tables import questionnaire_draft, questionnaire_revision, response
from survey.units import add_unit

NOW = datetime(2026, 8, 10, 4, 0, tzinfo=UTC)
PASSWORDS = {role.value: f"{role.value} of the city" for role in Role}
DRAFT = "dd00aa11bb22cc33"
RUN = "00aa11bb22cc33dd"
SECOND_RUN = "11aa11bb22cc33dd"

UNITS = [
    ("city", None, "city", None, "海州市", "Haizhou City"),
    ("tax", "city", "department", "departments", "税务局", "Tax Bureau"),
    ("tax-east", "tax", "office", "offices", "税务局东区办税厅", "Tax Office East"),
    ("tax-west", "tax", "office", "offices", "税务局西区办税厅", "Tax Office West"),
    ("police", "city", "department", "departments", "公安局", "Police"),
]
POINTS = [("AAAA1111", "tax-east"), ("BBBB2222", "tax-east"), ("CCCC3333", "tax-west"), ("DDDD4444", "police")]

QUESTIONNAIRE: dict[str, Any] = {
    "format": "minyi-questionnaire/1",
    "name": "window_rating",
    "title": {"zh-Hans": "服务评价", "en": "Service rating"},
    "languages": ["zh-Hans", "en"],
    "sections": [
        {
            "questions": [
                {
                    "type": "five_level",
                    "variable": "overall",
                    "text": {"zh-Hans": "您满意吗？", "en": "Were you satisfied?"},
                    "choices": [
                        {"code": code, "text": {"zh-Hans": f"{code}分", "en": f"{code} of 5"}} for code in range(1, 6)
                    ],
                }
            ]
        }
    ],
}
SCHEME: dict[str, Any] = {
    "format": "minyi-scheme/1",
    "id_name": "service-rating",
    "title": {"zh-Hans": "服务评分", "en": "Service score"},
    "steps": [{"op": "combine", "tree": {"id": "root", "item": "overall", "title": {"en": "Overall"}}}],
    "rounding": {"digits": 2, "mode": "half_up"},
    "confidence": "95",
}


def settings_in(folder: Path, **more: str) -> Settings:
    secret = "a secret that only this test knows, long"
    return read_settings(
        {
            "MINYI_DATA_DIR": str(folder),
            "MINYI_SECRET_KEY": secret,
            "MINYI_LANGUAGE": "en",
            "MINYI_BASE_URL": "https://minyi.example",
            **more,
        }
    )


def plan_of(wave_id: str, questionnaire_id: str, *, month: int) -> dict[str, Any]:
    units = [
        {
            "id": key,
            "parent": parent,
            "peer_group": group,
            "kind": kind,
            "scored": kind == "office" or key == "police",
            "title": {"zh-Hans": chinese, "en": english},
        }
        for key, parent, kind, group, chinese, english in UNITS
    ]
    dimensions = [
        {"name": "channel", "categories": ["window", "online"]},
        {"name": "period", "categories": [f"2026-{month:02d}"]},
    ]
    return {
        "format": "minyi-plan/1",
        "wave": wave_id,
        "title": {"zh-Hans": f"{month}月服务评价", "en": f"Service rating, month {month}"},
        "population": "service_events",
        "questionnaire": questionnaire_id,
        "scheme": content_id(SCHEME),
        "participation": "open",
        "opens_on": f"2026-{month:02d}-01",
        "closes_on": f"2026-{month:02d}-28",
        "units": units,
        "weighting": {"method": "poststratify", "dimensions": dimensions, "minimum_class": 10},
        "minimum_n": 30,
    }


def margin_rows(month: int) -> list[list[Any]]:
    return [
        [unit, f"{channel}|2026-{month:02d}", 1000]
        for unit in ("tax-east", "tax-west", "police")
        for channel in ("window", "online")
    ]


def build_city(app: Flask, place: Installation) -> None:
    """July is closed, with margins, a finished run and a proposed release; August is open; September is drafted."""
    metadata.create_all(place.database.engine)
    with place.database.write() as connection:
        for key, parent, kind, group, chinese, english in UNITS:
            title = {"zh-Hans": chinese, "en": english}
            add_unit(
                connection, unit_id=key, parent_id=parent, kind=kind, peer_group=group, title=title, on=date(2020, 1, 1)
            )
        for key, unit_id in POINTS:
            title = {"zh-Hans": f"{key[0]}号窗口", "en": f"Window {key[0]}"}
            add_point(connection, unit_id=unit_id, channel="window", title=title, on=date(2026, 1, 1), key=key)
        identity = publish_questionnaire(connection, QUESTIONNAIRE, date(2026, 1, 1))
        for month in (6, 7, 8, 9):
            _wave(connection, identity, month)
        for month in (6, 7, 8):
            open_wave(connection, place.log, f"w{month}", NOW - timedelta(days=90))
        for month in (6, 7):
            close_wave(connection, f"w{month}", NOW - timedelta(days=1))
        set_margins(connection, place.log, "w7", margin_rows(7), NOW)
        _answers(connection)
        _draft(connection)
    for role in Role:
        acts_for = "tax" if role is Role.OFFICER else None
        add_staff(
            app,
            email=f"{role}@example.org",
            name=f"{role.capitalize()} Li",
            password=PASSWORDS[role],
            role=role,
            unit_id=acts_for,
        )
    with place.database.write() as connection:
        _scores(connection, place)


def _wave(connection: Connection, questionnaire_id: str, month: int) -> None:
    draft_wave(
        connection,
        wave_id=f"w{month}",
        plan=plan_of(f"w{month}", questionnaire_id, month=month),
        scheme=SCHEME,
        opens_at=datetime(2026, month, 1, tzinfo=UTC),
        closes_at=datetime(2026, month, 28, tzinfo=UTC),
        points=dict(POINTS),
    )


def _answers(connection: Connection) -> None:
    """Through window A 3 count and 1 was withdrawn, through C 2 count."""
    given = [("AAAA1111", "recorded")] * 3 + [("AAAA1111", "withdrawn")] + [("CCCC3333", "recorded")] * 2
    rows = [
        {"id": f"{place:032x}", "wave_id": "w8", "point_key": key, "state": state}
        for place, (key, state) in enumerate(given)
    ]
    connection.execute(insert(response), rows)


def _draft(connection: Connection) -> None:
    """A draft of a questionnaire with every type of question, begun by the designer."""
    connection.execute(
        insert(questionnaire_draft).values(
            id=DRAFT, name="every_type", state="draft", revision=1, created_by="2", note=""
        )
    )
    body = canonical_json(every_type()).decode()
    connection.execute(
        insert(questionnaire_revision).values(
            draft_id=DRAFT, number=1, body=body, action="begin", changed_by="2", changed_at=NOW - timedelta(days=2)
        )
    )


def _scores(connection: Connection, place: Installation) -> None:
    for number, run_id in enumerate((RUN, SECOND_RUN)):
        connection.execute(
            insert(run).values(
                id=run_id,
                wave_id="w7",
                dataset_id="d" * 64,
                scheme_id=content_id(SCHEME),
                code_version="minyi 0.1.0",
                seed=1,
                state="finished" if number == 0 else "failed",
                message="" if number == 0 else "cell window|2026-07: no margin row",
                started_by=1,
                started_at=NOW,
                finished_at=NOW,
            )
        )
    connection.execute(
        insert(release).values(
            name="july",
            version=1,
            run_id=RUN,
            state="proposed",
            title=json.dumps({"zh-Hans": "七月结果", "en": "July results"}),
            reason="First release",
            proposed_by=3,  # the analyst
            proposed_at=NOW,
        )
    )
    connection.execute(insert(AuditEntry).values(at=NOW, staff_id=1, action="open wave", subject="w8", detail=""))
    folder = place.runs_dir(RUN)
    folder.mkdir(parents=True)
    (folder / "figures.csv").write_text(
        "unit,subject,statistic,value,status\n"
        "tax-east,,n,412,public\ntax-east,,score,87.31,public\ntax-east,,low,85.02,public\n"
        "tax-east,,high,89.60,public\ntax-east,,grade,good,public\ntax-east,,grade_low,good,public\n"
        "tax-east,,grade_high,good,public\ntax-east,overall,mean,87.31,public\ntax-west,,n,<30,public\n",
        encoding="utf-8",
    )
