"""Points: places with a printed code. The code is signed, so that an edited one is recognised without a look-up."""

from __future__ import annotations

import hmac
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection, insert, select, update

from .canonical import canonical_json
from .codes import ALPHABET, encode, grouped, normalise, random_code
from .errors import CodeTamperedError, CodeUnknownError
from .keys import Keys
from .storage.tables import point

KEY_LENGTH = 8
MAC_LENGTH = 4


@dataclass(frozen=True)
class Point:
    """One place, of one unit, through which people answer by one channel."""

    key: str
    unit_id: str
    channel: str
    title: Mapping[str, str]
    valid_from: date
    revoked_on: date | None = None

    def is_valid_on(self, day: date) -> bool:
        return self.valid_from <= day and (self.revoked_on is None or day < self.revoked_on)


def code_for(keys: Keys, key: str) -> str:
    """The code on the poster: 40 random bits and 20 bits of signature, in three groups of four."""
    return grouped(key + encode(keys.mac("point", key), MAC_LENGTH))


def read_code(keys: Keys, code: str) -> str:
    """The point's key; raises CodeTamperedError when the signature does not fit what stands before it."""
    text = normalise(code)
    key, signature = text[:KEY_LENGTH], text[KEY_LENGTH:]
    well_formed = len(text) == KEY_LENGTH + MAC_LENGTH and all(char in ALPHABET for char in text)
    if not well_formed or not hmac.compare_digest(encode(keys.mac("point", key), MAC_LENGTH), signature):
        raise CodeTamperedError(
            "This is not a code of this portal.", got=code[:40], expected="12 letters and digits from the poster"
        )
    return key


def find_point(connection: Connection, key: str) -> Point:
    """The point behind a key; raises CodeUnknownError."""
    row = connection.execute(select(point).where(point.c.key == key)).one_or_none()
    if row is None:
        raise CodeUnknownError("No place has this code.", got=key, hint="ask at the counter for a new one")
    return _point(row)


def points_of(connection: Connection, unit_ids: list[str]) -> list[Point]:
    rows = connection.execute(select(point).where(point.c.unit_id.in_(unit_ids)).order_by(point.c.unit_id, point.c.key))
    return [_point(row) for row in rows]


def add_point(
    connection: Connection, *, unit_id: str, channel: str, title: Mapping[str, str], on: date, key: str | None = None
) -> Point:
    """Create a point with an unguessable key."""
    new = Point(key or random_code(KEY_LENGTH), unit_id, channel, title, on)
    connection.execute(
        insert(point).values(
            key=new.key,
            unit_id=unit_id,
            channel=channel,
            title=canonical_json(dict(title)).decode(),
            valid_from=on,
        )
    )
    return new


def revoke_point(connection: Connection, key: str, on: date) -> None:
    """From that day on the code answers "withdrawn"; what was recorded through it stays."""
    connection.execute(update(point).where(point.c.key == key, point.c.revoked_on.is_(None)).values(revoked_on=on))


def _point(row: object) -> Point:
    return Point(
        key=row.key,  # type: ignore[attr-defined]
        unit_id=row.unit_id,  # type: ignore[attr-defined]
        channel=row.channel,  # type: ignore[attr-defined]
        title=json.loads(row.title),  # type: ignore[attr-defined]
        valid_from=row.valid_from,  # type: ignore[attr-defined]
        revoked_on=row.revoked_on,  # type: ignore[attr-defined]
    )
