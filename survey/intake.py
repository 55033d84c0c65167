"""Taking in one response: prepared (committed to), then cast in one transaction, exactly once."""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite

from .canonical import canonical_json
from .codes import normalise
from .commitment import Codes, Promise, codes_for, commit, edit_hash, erasure, receipt_hash
from .errors import AnswersChangedError, EditCodeError, InvitationMissingError, InvitationSpentError
from .fielding import Wave, WaveState, check_still_open
from .keys import Keys
from .log import LeafType
from .storage.tables import invitation, log_leaf, log_pending, response, spent_invitation, wave
from .walk import Walk

# Built once: making a statement anew costs as much as running it.
INSERT_ONCE = {
    dialect.__name__.rsplit(".", 1)[1]: dialect.insert(response)
    .on_conflict_do_nothing(index_elements=["id"])
    .returning(response.c.id)
    for dialect in (postgresql, sqlite)
}
INSERT_PENDING = insert(log_pending)


class ResponseState(StrEnum):
    """Where a response stands in the public balance."""

    RECORDED = "recorded"
    OVER_QUOTA = "over_quota"
    SUPERSEDED = "superseded"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True)
class Place:
    """Where the answer is given: the point, and the unit that it judges (None where one response judges many)."""

    point_key: str | None
    unit_id: str | None
    channel: str


@dataclass(frozen=True)
class Prepared:
    """A response that is committed to and not yet recorded."""

    response_id: str
    wave_id: str
    point_key: str | None
    body: bytes
    salt: bytes
    receipt: str
    codes: Codes
    edit_hash: str
    day: date
    quota: int | None
    needs_link: bool

    @property
    def commitment(self) -> str:
        return commit(self.salt, self.body)

    def promise(self, log_id: str) -> Promise:
        return Promise(log_id, self.wave_id, self.commitment, self.receipt, self.day.isoformat())


@dataclass(frozen=True)
class Cast:
    """A recorded response; `repeated` when this very submission had been recorded before."""

    prepared: Prepared
    repeated: bool


def response_document(
    wave_: Wave, place: Place, walk: Walk, *, language: str, mode: str, day: date, order: int | None = None
) -> dict[str, Any]:
    """The response as it is committed to and stored. No time finer than the day, no address, no agent."""
    return {
        "format": "minyi-response/1",
        "wave": wave_.id,
        "questionnaire": wave_.questionnaire_id,
        "point": place.point_key,
        "unit": place.unit_id,
        "channel": place.channel,
        "day": day.isoformat(),
        "language": language,
        "mode": mode,
        **({} if order is None else {"order": order}),
        **walk.document(),
    }


def prepare(
    keys: Keys, wave_: Wave, document: Mapping[str, Any], *, form_key: bytes, day: date, citizen_part: str = ""
) -> Prepared:
    """Commit to a response. The codes follow from the form's key: sent twice, it is the same response."""
    codes = codes_for(keys, form_key)
    return Prepared(
        response_id=keys.mac("response-id", wave_.id, form_key).hex()[:32],
        wave_id=wave_.id,
        point_key=document["point"],
        body=canonical_json(dict(document)),
        salt=secrets.token_bytes(32),
        receipt=receipt_hash(codes.receipt, citizen_part),
        codes=codes,
        edit_hash=edit_hash(keys, wave_.id, codes.edit),
        day=day,
        quota=wave_.quota,
        needs_link=wave_.needs_link,
    )


def cast(connection: Connection, prepared: Prepared, *, invitation_code: str | None = None) -> Cast:
    """Record a response: one row and one pending leaf. The same submission twice is one response.

    Raises WaveNotOpenError when the wave was closed meanwhile, AnswersChangedError when this form was sent before with
    other answers, InvitationMissingError when the wave needs a one-time link and there is none, and
    InvitationSpentError when the link was used by another form. The caller's transaction is then to be rolled back,
    so that nothing is written.
    """
    if prepared.needs_link and invitation_code is None:
        raise InvitationMissingError("This wave takes answers through one-time links alone.", got="none")
    return _record(connection, prepared, invitation_code)


def _record(connection: Connection, prepared: Prepared, invitation_code: str | None) -> Cast:
    if prepared.quota is None:
        check_still_open(connection, prepared.wave_id, read=True)
    else:  # its last statement locks the wave, and looks again
        check_still_open(connection, prepared.wave_id)
    if not _insert_once(connection, prepared):
        return _repeated(connection, prepared)
    add_pending(connection, prepared.wave_id, LeafType.RESPONSE, prepared.commitment, prepared.receipt, prepared.day)
    if invitation_code is not None:
        _spend(connection, prepared.wave_id, invitation_code)
    if prepared.quota is not None:
        _take_place(connection, prepared)
    return Cast(prepared, repeated=False)


def _insert_once(connection: Connection, prepared: Prepared) -> bool:
    done = connection.execute(
        INSERT_ONCE[connection.dialect.name],
        {
            "id": prepared.response_id,
            "wave_id": prepared.wave_id,
            "point_key": prepared.point_key,
            "state": ResponseState.RECORDED,
            "body": prepared.body.decode(),
            "salt": prepared.salt,
            "edit_hash": prepared.edit_hash,
        },
    )
    return done.first() is not None  # the driver's row count is not to be relied on here


def add_pending(
    connection: Connection, wave_id: str, kind: LeafType, commitment: str, receipt: str | None, day: date
) -> None:
    """Put a leaf where the next batch will find it; by the end of that day it is in the log."""
    connection.execute(
        INSERT_PENDING,
        {
            "id": secrets.token_hex(16),
            "wave_id": wave_id,
            "type": kind,
            "commitment": commitment,
            "receipt": receipt,
            "due_on": day,
        },
    )


def find_recorded(connection: Connection, prepared: Prepared) -> Cast | None:
    """The response that this very form recorded, if it did; raises AnswersChangedError as `cast` does."""
    query = select(response.c.id).where(response.c.id == prepared.response_id)
    return None if connection.execute(query).first() is None else _repeated(connection, prepared)


def _repeated(connection: Connection, prepared: Prepared) -> Cast:
    """The response as it was recorded, so that the promise made again is the promise that can be kept."""
    row = connection.execute(
        select(response.c.body, response.c.salt).where(response.c.id == prepared.response_id)
    ).one()
    if row.body is None or _without_day(row.body) != _without_day(prepared.body.decode()):
        raise AnswersChangedError("This form was sent before with other answers.")
    day = date.fromisoformat(json.loads(row.body)["day"])
    first = replace(prepared, body=row.body.encode(), salt=bytes(row.salt), day=day)
    if not _has_leaf(connection, first):
        raise AnswersChangedError("This form was sent before with other words of one's own beside the receipt code.")
    return Cast(first, repeated=True)


def _has_leaf(connection: Connection, prepared: Prepared) -> bool:
    return any(
        connection.execute(
            select(table.c.type).where(table.c.receipt == prepared.receipt, table.c.commitment == prepared.commitment)
        ).first()
        for table in (log_pending, log_leaf)
    )


def _without_day(body: str) -> dict[str, Any]:
    document: dict[str, Any] = json.loads(body)
    document.pop("day")
    return document


def _take_place(connection: Connection, prepared: Prepared) -> None:
    """The conditional UPDATE stands last before COMMIT, so that the row it locks is held shortest."""
    taken = connection.execute(
        update(wave)
        .where(wave.c.id == prepared.wave_id, wave.c.state == WaveState.OPENED, wave.c.taken < wave.c.quota)
        .values(taken=wave.c.taken + 1)
    )
    if taken.rowcount == 0:
        check_still_open(connection, prepared.wave_id, read=True)
        connection.execute(
            update(response).where(response.c.id == prepared.response_id).values(state=ResponseState.OVER_QUOTA)
        )


def correct(connection: Connection, keys: Keys, prepared: Prepared, edit_code: str) -> Cast:
    """Put a new response in the place of the one this edit code belongs to; the old answers are erased."""
    check_still_open(connection, prepared.wave_id, key_share=True)
    done = connection.execute(select(response.c.id).where(response.c.id == prepared.response_id)).first()
    if done is not None:
        return _repeated(connection, prepared)
    _end(connection, keys, prepared.wave_id, edit_code, ResponseState.SUPERSEDED, prepared.day)
    return _record(connection, prepared, None)  # its link was spent by the answer it replaces


def withdraw(connection: Connection, keys: Keys, wave_id: str, edit_code: str, day: date) -> None:
    """Erase the answers this edit code belongs to. The log keeps that one was recorded, and that one was erased.

    Raises WaveNotOpenError when the wave was closed meanwhile, EditCodeError when the code changes nothing (any more).
    """
    check_still_open(connection, wave_id, key_share=True)
    _end(connection, keys, wave_id, edit_code, ResponseState.WITHDRAWN, day)


def _end(connection: Connection, keys: Keys, wave_id: str, edit_code: str, state: ResponseState, day: date) -> None:
    row = connection.execute(
        select(response.c.id, response.c.body, response.c.salt, response.c.state)
        .where(response.c.edit_hash == edit_hash(keys, wave_id, edit_code))
        .with_for_update()
    ).one_or_none()
    live = (ResponseState.RECORDED, ResponseState.OVER_QUOTA)
    if row is None or row.state not in live:
        raise EditCodeError("No response that can be changed belongs to this code.", hint="look at the receipt again")
    blinded = erasure(bytes(row.salt), commit(bytes(row.salt), row.body.encode()))
    connection.execute(
        update(response).where(response.c.id == row.id).values(state=state, body=None, salt=None, edit_hash=None)
    )
    add_pending(connection, wave_id, LeafType.ERASED, blinded, None, day)
    if row.state == ResponseState.RECORDED:
        connection.execute(
            update(wave).where(wave.c.id == wave_id, wave.c.quota.is_not(None)).values(taken=wave.c.taken - 1)
        )


def find_wave_of_edit_code(connection: Connection, keys: Keys, waves: list[Wave], code: str) -> Wave | None:
    """The wave in which a live response has this edit code; the code alone says it, nothing else is asked."""
    for one in waves:
        query = select(response.c.id).where(response.c.edit_hash == edit_hash(keys, one.id, code))
        if connection.execute(query).first() is not None:
            return one
    return None


def invite(connection: Connection, keys: Keys, wave_id: str, codes: list[str]) -> None:
    """Register one-time codes for a wave; only their HMAC is kept."""
    connection.execute(
        insert(invitation),
        [{"code_hash": invitation_hash(keys, wave_id, code), "wave_id": wave_id, "used": False} for code in codes],
    )


def invitation_hash(keys: Keys, wave_id: str, code: str) -> str:
    """What the participation list keeps of a one-time code."""
    return keys.mac("invitation", wave_id, normalise(code)).hex()[:32]


def _spend(connection: Connection, wave_id: str, code_hash: str) -> None:
    """A spent-code row beside the answer; the participation list is marked later, in a batch of its own.

    The row comes first and the list is read after it: a batch that marks the list just now holds the row up, and its
    mark is then seen. The other way round a link could be used twice.
    """
    dialect = postgresql if connection.dialect.name == "postgresql" else sqlite
    query = (
        dialect.insert(spent_invitation)
        .on_conflict_do_nothing(index_elements=["code_hash"])
        .returning(spent_invitation.c.code_hash)
    )
    is_first = connection.execute(query, {"code_hash": code_hash, "wave_id": wave_id}).first() is not None
    known = select(invitation.c.used).where(invitation.c.code_hash == code_hash, invitation.c.wave_id == wave_id)
    if not is_first or connection.execute(known).scalar() is not False:
        raise InvitationSpentError(
            "This link has been used already, or was never issued.", hint="each link counts once"
        )
