"""Invented complaints in every state, filed and handled on days counted back from the day of building."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, time, timedelta
from typing import Any

from sqlalchemy import Connection

from portal.accounts.security import staff_by_email
from portal.complaints import following, handling
from portal.complaints.cases import Case, Contact, load_case
from portal.complaints.filing import Filing, file_complaint
from portal.complaints.handling import Actor
from portal.complaints.states import Kind, Outcome, Refusal, Verdict
from portal.complaints.tables import complaint
from portal.db import Installation

from .city import document, offices
from .people import HOTLINE, OFFICER, REVIEWER, UNIT_OF

Step = Mapping[str, Any]


def file_all(place: Installation) -> int:
    """File and handle every case, each in one transaction; those on record are left alone. Returns how many are new."""
    new = 0
    actors = _actors(place)
    for number, told in enumerate(document("complaints.json")["cases"], start=1):
        with place.database.write() as connection:
            new += _tell(connection, place, told, number, actors)
    with place.database.write() as connection:
        place.log.append_due(connection, place.now(), place.today(), force=True)
    return new


def _actors(place: Installation) -> dict[str, Actor]:
    """The people who handle cases: the city's officer for all units, one department's for its own, and the reviewer."""
    of_hrss = {UNIT_OF[OFFICER]} | {one.id for one in offices() if one.department == UNIT_OF[OFFICER]}
    return {
        "city": Actor(staff_by_email(place, HOTLINE), None, may_answer=True, is_reviewer=False),
        "department": Actor(staff_by_email(place, OFFICER), frozenset(of_hrss), may_answer=True, is_reviewer=False),
        "reviewer": Actor(staff_by_email(place, REVIEWER), None, may_answer=False, is_reviewer=True),
    }


def _tell(
    connection: Connection, place: Installation, told: Mapping[str, Any], number: int, actors: Mapping[str, Actor]
) -> bool:
    filing = Filing(
        unit_id=told["unit"],
        kind=Kind(told["kind"]),
        subject=told["subject"],
        body=told["body"],
        language=told["language"],
        contact=Contact(**told["contact"]),
        may_publish=told["may_publish"],
    )
    filed = file_complaint(
        connection, place.keys, filing, form_key=f"demo-case-{number}".encode(), now=_moment(place, told["age"], 9)
    )
    if filed.repeated:
        return False
    own = actors["department"]
    officer = own if own.units and told["unit"] in own.units else actors["city"]
    for place_in_line, step in enumerate(told["steps"]):
        case = load_case(connection, place.keys, complaint.c.id == filed.case.id)
        now = _moment(place, step["age"], min(10 + place_in_line, 18))
        form_key = f"demo-case-{number}-{place_in_line}".encode()
        _steps(connection, place, case, officer, actors["reviewer"], now, form_key)[step["do"]](step)
    return True


def _moment(place: Installation, days_ago: int, hour: int) -> datetime:
    zone = place.settings.timezone
    return datetime.combine(place.today() - timedelta(days=days_ago), time(hour, 10), zone)


def _steps(
    connection: Connection,
    place: Installation,
    case: Case,
    officer: Actor,
    reviewer: Actor,
    now: datetime,
    form_key: bytes,
) -> dict[str, Callable[[Step], None]]:
    """What each word of the data file does."""
    staff = (connection, place.keys, officer, case)
    citizen = (connection, place.keys, case)
    return {
        "accept": lambda step: handling.accept(*staff, now=now),
        "answer": lambda step: handling.answer(*staff, Outcome(step["code"]), step["text"], now=now),
        "refuse": lambda step: handling.refuse(*staff, Refusal(step["code"]), step["text"], now=now),
        "note": lambda step: handling.note(*staff, step["text"], now=now),
        "publish": lambda step: handling.publish(
            connection, place.keys, reviewer, case, subject=step["subject"], answer=step["text"], now=now
        ),
        "judge": lambda step: following.judge(
            *citizen, Verdict(step["code"]), step["text"], now=now, form_key=form_key
        ),
        "message": lambda step: following.add_message(*citizen, step["text"], now=now, form_key=form_key),
        "withdraw": lambda step: following.withdraw(*citizen, now=now, form_key=form_key),
    }
