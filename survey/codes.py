"""Codes people type or scan: Crockford base32, read back forgivingly."""

from __future__ import annotations

import secrets
import unicodedata

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
LONGEST_TYPED = 200  # characters; putting endless combining marks in order would take the square of their number
_READ = str.maketrans(
    {"O": "0", "I": "1", "L": "1", "-": None, " ": None, "\u2010": None, "\u2013": None, "\u2014": None, "\u2212": None}
)


def normalise(code: str) -> str:
    """Upper case, full width read as half, O as 0, I and L as 1, separators dropped; the rest will not match."""
    return unicodedata.normalize("NFKC", code[:LONGEST_TYPED]).strip().upper().translate(_READ)


def encode(data: bytes, length: int) -> str:
    """The first `length` base32 characters of the data, 5 bits each."""
    bits = int.from_bytes(data, "big") >> max(len(data) * 8 - length * 5, 0)
    return "".join(ALPHABET[(bits >> (5 * (length - 1 - place))) & 31] for place in range(length))


def random_code(length: int) -> str:
    return "".join(secrets.choice(ALPHABET) for _ in range(length))


def grouped(code: str, size: int = 4) -> str:
    """The code in groups, as it is printed and shown."""
    return "-".join(code[start : start + size] for start in range(0, len(code), size))
