"""A case as it is read from its row, and its history, which only grows."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, func, insert, select, update

from survey.canonical import canonical_json
from survey.keys import Keys

from .clocks import DEFAULT, PRESETS, Calendar, due_on
from .errors import ComplaintUnknownError
from .sealing import seal, unseal
from .states import WAITING, Kind, Outcome, Refusal, State, Step, Verdict
from .tables import calendar_day, complaint, complaint_event


@dataclass(frozen=True)
class Contact:
    """How to reach the person; all of it optional."""

    name: str = ""
    phone: str = ""
    email: str = ""

    def is_given(self) -> bool:
        return bool(self.name or self.phone or self.email)


@dataclass(frozen=True)
class Case:
    """One case. The contact is not part of it: it is opened on its own, and that is recorded."""

    id: str
    number: str
    unit_id: str
    kind: Kind
    state: State
    clock: str
    document: Mapping[str, Any]
    salt: bytes
    commitment: str
    has_contact: bool
    may_publish: bool
    is_conflicted: bool
    received_on: date
    due_on: date
    answered_on: date | None
    reopened_on: date | None
    was_late: bool
    outcome: Outcome | None
    refusal: Refusal | None
    verdict: Verdict | None
    is_public: bool
    public_subject: str
    public_answer: str

    @property
    def subject(self) -> str:
        return str(self.document["subject"])

    @property
    def body(self) -> str:
        return str(self.document["body"])

    @property
    def is_waiting(self) -> bool:
        return self.state in WAITING

    def is_overdue(self, today: date) -> bool:
        return self.is_waiting and today > self.due_on

    def opening(self) -> dict[str, Any]:
        """What opens the commitment in the log: whoever holds it can prove what was filed, and when."""
        return {
            "format": "minyi-complaint-opening/1",
            "complaint": dict(self.document),
            "salt": self.salt.hex(),
            "commitment": self.commitment,
        }


@dataclass(frozen=True)
class Event:
    """One step in the history of a case."""

    at: datetime
    kind: Step
    code: str
    text: str
    by: str
    staff_id: int | None
    is_public: bool


CITIZEN, STAFF = "citizen", "staff"


def read_case(keys: Keys, row: Any) -> Case:
    """The case of a row, its sealed texts opened."""
    return Case(
        id=row.id,
        number=row.number,
        unit_id=row.unit_id,
        kind=Kind(row.kind),
        state=State(row.state),
        clock=row.clock,
        document=json.loads(unseal(keys, row.document, "complaint", "document", row.id)),
        salt=bytes.fromhex(unseal(keys, row.salt, "complaint", "salt", row.id)),
        commitment=row.commitment,
        has_contact=row.contact is not None,
        may_publish=row.may_publish,
        is_conflicted=row.is_conflicted,
        received_on=row.received_on,
        due_on=row.due_on,
        answered_on=row.answered_on,
        reopened_on=row.reopened_on,
        was_late=row.was_late,
        outcome=Outcome(row.outcome) if row.outcome else None,
        refusal=Refusal(row.refusal) if row.refusal else None,
        verdict=Verdict(row.verdict) if row.verdict else None,
        is_public=row.is_public,
        public_subject=row.public_subject or "",
        public_answer=row.public_answer or "",
    )


def load_case(connection: Connection, keys: Keys, where: ColumnElement[bool], *, lock: bool = False) -> Case:
    """The one case for which this holds, locked when it will be changed. Raises ComplaintUnknownError."""
    query = select(complaint).where(where)
    row = connection.execute(query.with_for_update() if lock else query).one_or_none()
    if row is None:
        raise ComplaintUnknownError("No case is known by this code or number.")
    return read_case(keys, row)


def read_contact(connection: Connection, keys: Keys, case: Case) -> Contact:
    """Who filed the case, as far as they said; the caller has checked who asks, and records it."""
    data = connection.execute(select(complaint.c.contact).where(complaint.c.id == case.id)).scalar_one()
    return Contact(**json.loads(unseal(keys, data, "complaint", "contact", case.id))) if data else Contact()


def sealed_contact(keys: Keys, case_id: str, contact: Contact) -> bytes | None:
    if not contact.is_given():
        return None
    return seal(keys, canonical_json(contact.__dict__).decode(), "complaint", "contact", case_id)


def change_case(connection: Connection, case: Case, **values: Any) -> None:
    connection.execute(update(complaint).where(complaint.c.id == case.id).values(**values))


def history(connection: Connection, keys: Keys, case: Case, *, internal: bool) -> list[Event]:
    """Every step in order; what staff wrote for themselves only when asked for."""
    query = select(complaint_event).where(complaint_event.c.complaint_id == case.id)
    if not internal:
        query = query.where(complaint_event.c.is_public)
    return [
        Event(
            at=row.at,
            kind=Step(row.kind),
            code=row.code,
            text=unseal(keys, row.text, "complaint_event", "text", f"{case.id}/{row.place}") if row.text else "",
            by=row.by,
            staff_id=row.staff_id,
            is_public=row.is_public,
        )
        for row in connection.execute(query.order_by(complaint_event.c.place))
    ]


def add_event(
    connection: Connection,
    keys: Keys,
    case_id: str,
    kind: Step,
    *,
    now: datetime,
    code: str = "",
    text: str = "",
    staff_id: int | None = None,
    is_public: bool = True,
    once: str | None = None,
) -> None:
    """Append to the history of a case that the caller has locked."""
    last = select(func.max(complaint_event.c.place)).where(complaint_event.c.complaint_id == case_id)
    place = (connection.execute(last).scalar() or 0) + 1
    connection.execute(
        insert(complaint_event).values(
            complaint_id=case_id,
            place=place,
            at=now,
            kind=kind,
            code=code,
            text=seal(keys, text, "complaint_event", "text", f"{case_id}/{place}") if text else None,
            by=CITIZEN if staff_id is None else STAFF,
            staff_id=staff_id,
            is_public=is_public,
            once=once,
        )
    )


def is_done(connection: Connection, once: str) -> bool:
    """Whether this very form of the citizen's was taken before."""
    return connection.execute(select(complaint_event.c.place).where(complaint_event.c.once == once)).first() is not None


def load_calendar(connection: Connection) -> Calendar:
    """Holidays and make-up working days as far as they were entered."""
    rows = connection.execute(select(calendar_day.c.day, calendar_day.c.is_working))
    return Calendar({row.day: row.is_working for row in rows})


def new_due_on(connection: Connection, start: date, clock: str = DEFAULT) -> date:
    return due_on(start, PRESETS[clock], load_calendar(connection))
