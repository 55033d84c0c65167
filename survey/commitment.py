"""What the log holds of an answer: a salted commitment, and a receipt only the citizen's code opens."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from typing import NamedTuple

from .canonical import canonical_json
from .codes import encode, normalise
from .keys import PROMISE_DOMAIN, Keys, Signer

RECEIPT_LENGTH = 16
EDIT_LENGTH = 12


def commit(salt: bytes, document: bytes) -> str:
    """HMAC-SHA-256 of the canonical response under its own salt: binding, and silent without the salt."""
    return hmac.digest(salt, document, "sha256").hex()


def erasure(salt: bytes, commitment: str) -> str:
    """The commitment of an `erased` leaf. It names the erased one only to who holds the salt, so that a receipt
    shown to somebody never tells whether its answer was withdrawn."""
    return commit(salt, canonical_json({"erases": commitment}))


def receipt_hash(server_code: str, citizen_part: str = "") -> str:
    return hashlib.sha256((normalise(server_code) + citizen_part.strip()).encode()).hexdigest()


class Codes(NamedTuple):
    """The two secrets of a response: the receipt code proves "recorded", the edit code changes or withdraws."""

    receipt: str
    edit: str


def codes_for(keys: Keys, form_key: bytes) -> Codes:
    """Derived from the form's random key, so that a repeated submission shows the same codes and none is stored."""
    return Codes(
        encode(keys.mac("receipt-code", form_key), RECEIPT_LENGTH),
        encode(keys.mac("edit-code", form_key), EDIT_LENGTH),
    )


def edit_hash(keys: Keys, wave: str, code: str) -> str:
    return keys.mac("edit-hash", wave, normalise(code)).hex()[:32]


class Promise(NamedTuple):
    """What the portal signs at once: this commitment and receipt will stand in the log by the end of that day."""

    log: str
    wave: str
    commitment: str
    receipt: str
    due_on: str

    def text(self, signer: Signer) -> str:
        """The promise as one line that can be copied: its canonical JSON and its signature, in base64url."""
        value = self._asdict()
        return _b64(canonical_json(value)) + "." + _b64(bytes.fromhex(signer.sign(PROMISE_DOMAIN, value)))


def read_promise(text: str) -> tuple[dict[str, str], bytes] | None:
    """The promise's fields and signature; None when it is not the form of a promise."""
    try:
        body, signature = ("".join(text.split())).split(".")
        value, signed = json.loads(_unb64(body)), _unb64(signature)
        canonical_json(value)
    except (ValueError, RecursionError):
        return None
    if not isinstance(value, dict) or set(value) != set(Promise._fields):
        return None
    return (value, signed) if all(isinstance(text, str) for text in value.values()) else None


def _b64(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def _unb64(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
