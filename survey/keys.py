"""The portal's secrets: purpose-bound HMACs from one secret, and the Ed25519 key that signs heads and releases."""

from __future__ import annotations

import hashlib
import hmac
import os
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from .canonical import canonical_json
from .codes import grouped


class Keys:
    """HMACs under keys derived per purpose, so that no value made for one can serve another."""

    def __init__(self, secret: str) -> None:
        self._secret = secret.encode()
        self._derived: dict[str, bytes] = {}

    def derive(self, purpose: str) -> bytes:
        if purpose not in self._derived:
            self._derived[purpose] = hmac.digest(self._secret, b"minyi/" + purpose.encode(), "sha256")
        return self._derived[purpose]

    def mac(self, purpose: str, *parts: str | bytes) -> bytes:
        """HMAC over length-framed parts, so that no two different tuples of parts give the same input."""
        framed = b"".join(
            len(data).to_bytes(4, "big") + data
            for data in (part.encode() if isinstance(part, str) else part for part in parts)
        )
        return hmac.digest(self.derive(purpose), framed, "sha256")


class Signer:
    """Signs log heads, promises and release manifests; each message carries its own domain prefix."""

    def __init__(self, private: Ed25519PrivateKey) -> None:
        self._private = private
        self.public_hex = private.public_key().public_bytes_raw().hex()

    @classmethod
    def from_seed(cls, seed: bytes) -> Signer:
        return cls(Ed25519PrivateKey.from_private_bytes(seed))

    @classmethod
    def load_or_create(cls, path: Path) -> Signer:
        """Read the key file, or make one that only its owner can read."""
        if not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            try:
                descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
                with os.fdopen(descriptor, "w") as stream:
                    stream.write(os.urandom(32).hex())
            except FileExistsError:
                pass
        return cls.from_seed(bytes.fromhex(path.read_text().strip()))

    @property
    def fingerprint(self) -> str:
        return fingerprint(self.public_hex)

    def sign(self, domain: str, value: Any) -> str:
        """Hex signature over the domain, a newline and the canonical JSON of the value."""
        return self._private.sign(domain.encode() + b"\n" + canonical_json(value)).hex()


def fingerprint(public_hex: str) -> str:
    """What is printed on posters: the first 128 bits of the key's SHA-256, in groups of four digits."""
    return grouped(hashlib.sha256(bytes.fromhex(public_hex)).hexdigest()[:32])


HEAD_DOMAIN = "minyi/head/v1"
PROMISE_DOMAIN = "minyi/promise/v1"
RELEASE_DOMAIN = "minyi/release/v1"
