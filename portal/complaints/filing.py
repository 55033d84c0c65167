"""Filing a case: once per form, committed to in the log, with a code only the person has."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, insert, or_, select
from sqlalchemy.exc import IntegrityError

from survey.canonical import canonical_json
from survey.codes import encode, normalise, random_code
from survey.commitment import commit
from survey.fielding import COMPLAINTS
from survey.intake import add_pending
from survey.keys import Keys
from survey.log import LeafType
from survey.storage.tables import log_leaf, unit

from .cases import Case, Contact, add_event, load_case, new_due_on, sealed_contact
from .clocks import DEFAULT
from .errors import ComplaintError, UnitUnknownError
from .sealing import seal
from .states import Kind, State, Step
from .tables import complaint

LOG_NAME = COMPLAINTS  # what stands in a leaf where an answer's has its wave
CODE_LENGTH = 12
_COMPARED = ("unit", "kind", "subject", "body")


@dataclass(frozen=True)
class Filing:
    """What a person sends."""

    unit_id: str
    kind: Kind
    subject: str
    body: str
    language: str
    contact: Contact = field(default_factory=Contact)
    may_publish: bool = False
    is_conflicted: bool = False


@dataclass(frozen=True)
class Filed:
    """A case on record, with the code its filer follows it by.

    `repeated`: this form had been sent before. `differs`: with other words, which were not taken.
    """

    case: Case
    code: str
    repeated: bool = False
    differs: bool = False


def file_complaint(
    connection: Connection, keys: Keys, filing: Filing, *, form_key: bytes, now: datetime, clock: str = DEFAULT
) -> Filed:
    """Put a case on record: one row, the first event, one pending leaf. The same form twice is one case.

    `now` is in the portal's own time zone: its date is the day of filing. Raises UnitUnknownError.
    """
    _check_unit(connection, filing.unit_id, now.date())
    case_id = keys.mac("complaint-id", form_key).hex()[:32]
    code = encode(keys.mac("tracking-code", form_key), CODE_LENGTH)
    for _ in range(5):
        document = _document(filing, f"MY-{now.year}-{random_code(6)}", now.date())
        try:
            with connection.begin_nested():
                _insert(connection, keys, filing, document, case_id=case_id, code=code, clock=clock, now=now)
            return Filed(load_case(connection, keys, complaint.c.id == case_id), code)
        except IntegrityError:
            earlier = connection.execute(select(complaint.c.id).where(complaint.c.id == case_id)).first()
            if earlier is not None:
                return _repeated(load_case(connection, keys, complaint.c.id == case_id), code, document)
    raise ComplaintError("No free number was found.", hint="send the form again")


def tracking_hash(keys: Keys, code: str) -> str:
    return keys.mac("tracking-hash", normalise(code)).hex()[:32]


def opens(opening: Mapping[str, Any]) -> bool:
    """Whether an opening is true to its own commitment; that the log holds the commitment is another question."""
    return commit(bytes.fromhex(opening["salt"]), canonical_json(opening["complaint"])) == str(opening["commitment"])


def logged_as(connection: Connection, case: Case) -> int | None:
    """The index of the case's leaf in the public log; None while it is pending."""
    return connection.execute(
        select(log_leaf.c.index).where(
            log_leaf.c.wave_id == LOG_NAME,
            log_leaf.c.type == LeafType.COMPLAINT,
            log_leaf.c.commitment == case.commitment,
        )
    ).scalar()


def _document(filing: Filing, number: str, day: date) -> dict[str, Any]:
    """What is committed to. Who filed it is left out, so that the opening can be shown to anybody."""
    return {
        "format": "minyi-complaint/1",
        "number": number,
        "unit": filing.unit_id,
        "kind": filing.kind,
        "subject": filing.subject,
        "body": filing.body,
        "language": filing.language,
        "received_on": day.isoformat(),
    }


def _insert(
    connection: Connection,
    keys: Keys,
    filing: Filing,
    document: dict[str, Any],
    *,
    case_id: str,
    code: str,
    clock: str,
    now: datetime,
) -> None:
    salt, committed, day = secrets.token_bytes(32), canonical_json(document), now.date()
    commitment = commit(salt, committed)
    connection.execute(
        insert(complaint).values(
            id=case_id,
            number=document["number"],
            tracking_hash=tracking_hash(keys, code),
            unit_id=filing.unit_id,
            kind=filing.kind,
            state=State.RECEIVED,
            clock=clock,
            document=seal(keys, committed.decode(), "complaint", "document", case_id),
            salt=seal(keys, salt.hex(), "complaint", "salt", case_id),
            commitment=commitment,
            contact=sealed_contact(keys, case_id, filing.contact),
            may_publish=filing.may_publish,
            is_conflicted=filing.is_conflicted or filing.kind is Kind.REPORT,
            received_on=day,
            due_on=new_due_on(connection, day, clock),
            was_late=False,
            is_public=False,
        )
    )
    add_event(connection, keys, case_id, Step.FILE, now=now)
    add_pending(connection, LOG_NAME, LeafType.COMPLAINT, commitment, None, day)


def _repeated(case: Case, code: str, document: Mapping[str, Any]) -> Filed:
    differs = any(case.document[name] != document[name] for name in _COMPARED)
    return Filed(case, code, repeated=True, differs=differs)


def _check_unit(connection: Connection, unit_id: str, day: date) -> None:
    alive = or_(unit.c.valid_to.is_(None), unit.c.valid_to > day)
    query = select(unit.c.id).where(unit.c.id == unit_id, unit.c.valid_from <= day, alive)
    if connection.execute(query).first() is None:
        raise UnitUnknownError("No such unit exists on this day.", got=unit_id, expected=f"a unit alive on {day}")
