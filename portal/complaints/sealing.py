"""Personal text at rest: AES-256-GCM, bound to the one place where it was written.

Explicit functions rather than a column type: the additional data name the row, which a column type never sees.
"""

from __future__ import annotations

import hashlib
import secrets

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from survey.keys import Keys

from .errors import SealError

PURPOSE = "complaint-contact"
_VERSION = b"\x01"
_KEY_ID = slice(1, 5)
_NONCE = slice(5, 17)


def seal(keys: Keys, text: str, *where: str) -> bytes:
    """Encrypt for one place (table, column, row): version, key id, nonce, ciphertext. Nowhere else does it open."""
    key = keys.derive(PURPOSE)
    nonce = secrets.token_bytes(12)
    return _VERSION + _key_id(key) + nonce + AESGCM(key).encrypt(nonce, text.encode(), _framed(where))


def unseal(keys: Keys, data: bytes, *where: str) -> str:
    """Decrypt what was sealed for this place; raises SealError for anything else."""
    key = keys.derive(PURPOSE)
    if data[:1] != _VERSION or data[_KEY_ID] != _key_id(key):
        raise SealError(
            "This was sealed with another key.",
            got=data[_KEY_ID].hex(),
            expected=_key_id(key).hex(),
            hint="is MINYI_SECRET_KEY the one the portal was founded with?",
        )
    try:
        return AESGCM(key).decrypt(data[_NONCE], data[_NONCE.stop :], _framed(where)).decode()
    except InvalidTag as error:
        raise SealError("A sealed text was changed or moved.", got="/".join(where)) from error


def _key_id(key: bytes) -> bytes:
    return hashlib.sha256(b"minyi/key-id" + key).digest()[:4]


def _framed(where: tuple[str, ...]) -> bytes:
    return b"".join(len(part.encode()).to_bytes(2, "big") + part.encode() for part in where)
