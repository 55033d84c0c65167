"""Complaints against the log: each way of tampering with a case has a named check."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import Connection, delete, text, update

from portal.complaints.audit import audit_complaints
from portal.complaints.cases import Contact
from portal.complaints.filing import Filing, file_complaint
from portal.complaints.sealing import seal
from portal.complaints.states import Kind
from portal.complaints.tables import complaint, complaint_event
from portal.db import Installation
from survey.log_audit import Audit, audit
from survey.storage.tables import log_pending
from town import Town


def _alter(connection: Connection, place: Installation, case_id: str) -> None:
    words = seal(place.keys, '{"body":"all is well"}', "complaint", "document", case_id)
    connection.execute(update(complaint).where(complaint.c.id == case_id).values(document=words))


def _drop(connection: Connection, _place: Installation, case_id: str) -> None:
    connection.execute(delete(complaint_event).where(complaint_event.c.complaint_id == case_id))
    connection.execute(delete(complaint).where(complaint.c.id == case_id))


def _slip_in(connection: Connection, _place: Installation, case_id: str) -> None:
    connection.execute(delete(log_pending))


TAMPERING: dict[str, Callable[[Connection, Installation, str], None]] = {
    "complaint_altered": _alter,
    "complaint_dropped": _drop,
    "complaint_added": _slip_in,
}


def file_one(place: Installation) -> str:
    filing = Filing("tax-hall", Kind.COMPLAINT, "Waited", "three hours", "en", Contact())
    now = place.now().astimezone(place.settings.timezone)
    with place.database.write() as connection:
        return str(file_complaint(connection, place.keys, filing, form_key=b"k" * 16, now=now).case.id)


def audited(place: Installation) -> Audit:
    with place.database.read() as connection:
        result = audit(connection)
        assert audit_complaints(connection, place.keys, result) >= 0
    return result


def test_an_honest_channel_is_sound(place: Installation, town: Town) -> None:
    """Before and after the batch every case has its leaf, and the answers' audit is not disturbed by it."""
    file_one(place)
    assert audited(place).faults == {}
    with place.database.write() as connection:
        place.log.append_due(connection, place.now(), place.today(), force=True)
    assert audited(place).faults == {}


@pytest.mark.parametrize("check", sorted(TAMPERING))
def test_tampering_is_named(place: Installation, town: Town, check: str) -> None:
    """Altered words, a case that is gone and a case that was never logged are told apart."""
    case_id = file_one(place)
    with place.database.write() as connection:
        TAMPERING[check](connection, place, case_id)
    assert list(audited(place).faults) == [check]


def test_the_promise_on_the_receipt_can_be_checked(place: Installation, town: Town, client: Any) -> None:
    """The filer's signed promise leads to the leaf, first waiting and then logged; gone, it proves the breach."""
    from survey.commitment import Promise

    file_one(place)
    with place.database.read() as connection:
        commitment = connection.execute(text("select commitment from complaint")).scalar_one()
    promise = Promise(place.log_id, "complaints", commitment, "", place.today().isoformat()).text(place.signer)
    assert "by the end of" in client.post("/verify?lang=en", data={"promise": promise}).text
    with place.database.write() as connection:
        place.log.append_due(connection, place.now(), place.today(), force=True)
    assert "stands in the public log" in client.post("/verify?lang=en", data={"promise": promise}).text
    forged = promise[:-4] + "AAAA"
    assert "was not signed by this portal" in client.post("/verify?lang=en", data={"promise": forged}).text
