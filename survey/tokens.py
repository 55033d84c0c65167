"""Form tokens: stateless, signed, and carrying the random key that makes a submission count once."""

from __future__ import annotations

import base64
import hmac
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from .errors import TokenError
from .keys import Keys

LIFETIME = timedelta(hours=48)
KEY_BYTES = 16
MAC_BYTES = 16


@dataclass(frozen=True)
class Token:
    """What a form was issued for, when, and its key."""

    subject: str
    issued_at: datetime
    form_key: bytes


def issue(keys: Keys, subject: str, now: datetime) -> str:
    """A token for one form. `subject` says what the form is for: the wave and the point, or another form's name."""
    issued = int(now.timestamp())
    form_key = secrets.token_bytes(KEY_BYTES)
    mac = keys.mac("form", subject, issued.to_bytes(6, "big"), form_key)[:MAC_BYTES]
    return _text(issued.to_bytes(6, "big") + form_key + mac)


def form_key_in(text: str) -> bytes:
    """The form's key as the token states it, unchecked; empty where there is none."""
    return _data(text)[6 : 6 + KEY_BYTES]


def _data(text: str) -> bytes:
    try:
        return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except ValueError:
        return b""


def _text(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def read(keys: Keys, text: str, subject: str, now: datetime) -> Token:
    """Check a token; raises TokenError when it was not issued here for this subject, or has expired."""
    data = _data(text)
    issued, form_key, mac = data[:6], data[6 : 6 + KEY_BYTES], data[6 + KEY_BYTES :]
    is_ours = hmac.compare_digest(keys.mac("form", subject, issued, form_key)[:MAC_BYTES], mac)
    if not is_ours or _text(data) != text:
        raise TokenError("This form was not made by this portal, or was changed.", hint="open the page again")
    issued_at = datetime.fromtimestamp(int.from_bytes(issued, "big"), UTC)
    if not issued_at - timedelta(minutes=5) <= now <= issued_at + LIFETIME:
        raise TokenError("This form is too old to be sent.", hint="open the page again; your answers are kept")
    return Token(subject, issued_at, form_key)
