"""Commitments, codes and promises."""

import json

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from survey.canonical import canonical_json
from survey.commitment import Promise, codes_for, commit, edit_hash, erasure, read_promise, receipt_hash
from survey.keys import PROMISE_DOMAIN, Keys, Signer

KEYS = Keys("a secret of the tests, and long enough for them")
SIGNER = Signer.from_seed(bytes(32))
PROMISE = Promise("log", "w1", "c" * 64, "r" * 64, "2026-07-15")


def b64(value: object) -> str:
    import base64

    data = value if isinstance(value, bytes) else json.dumps(value).encode()
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def test_a_commitment_binds_to_document_and_salt() -> None:
    """Another document or another salt gives another commitment; the erasure of it is unlike it."""
    first = commit(b"s" * 32, b"{}")
    assert first == commit(b"s" * 32, b"{}")
    assert len({first, commit(b"t" * 32, b"{}"), commit(b"s" * 32, b"[]"), erasure(b"s" * 32, first)}) == 4


def test_codes_follow_from_the_form_and_the_secret() -> None:
    """The same form shows the same codes; the two codes, other forms and other portals have nothing in common."""
    codes = codes_for(KEYS, b"k" * 16)
    assert codes == codes_for(KEYS, b"k" * 16)
    assert (len(codes.receipt), len(codes.edit)) == (16, 12)
    assert codes.receipt[:12] != codes.edit
    assert not set(codes) & {*codes_for(KEYS, b"l" * 16), *codes_for(Keys("another"), b"k" * 16)}


def test_edit_hashes_differ_by_wave() -> None:
    """The same code stands for different responses in different waves, and is read forgivingly."""
    assert edit_hash(KEYS, "w1", "ABCD-EFGH-JKMN") == edit_hash(KEYS, "w1", "abcd efgh jkmn")
    assert edit_hash(KEYS, "w1", "ABCD") != edit_hash(KEYS, "w2", "ABCD")


def test_receipt_hash_reads_the_code_forgivingly_and_the_own_part_exactly() -> None:
    """The printed code may be typed in any shape; the citizen's own words count as they are."""
    assert receipt_hash("ABCD-EFGH", "x") == receipt_hash("abcd efgh", " x ")
    assert receipt_hash("ABCD-EFGH", "x") != receipt_hash("ABCD-EFGH", "X")


def test_a_promise_survives_copying() -> None:
    """Read back with line breaks in it, its signature still fits its fields."""
    text = PROMISE.text(SIGNER)
    read = read_promise(f" {text[:40]}\n{text[40:]} ")
    assert read is not None
    assert read[0] == PROMISE._asdict()
    key = Ed25519PublicKey.from_public_bytes(bytes.fromhex(SIGNER.public_hex))
    key.verify(read[1], PROMISE_DOMAIN.encode() + b"\n" + canonical_json(read[0]))


@pytest.mark.parametrize(
    "text",
    [
        "",
        ".",
        "a.b.c",
        "é.é",
        f"{b64(PROMISE._asdict())}.x",
        f"{b64({})}.{b64({})}",
        f"{b64([])}.",
        f"{b64(PROMISE._asdict() | {'due_on': 1})}.AA",
        f"{b64(PROMISE._asdict() | {'due_on': 1.5})}.AA",
        f"{b64(PROMISE._asdict() | {'due_on': chr(0xD800)})}.AA",
        f"{b64(b'[' * 100_000)}.AA",
        f"{b64(bytes(range(256)))}.AA",
    ],
)
def test_what_is_no_promise_is_none(text: str) -> None:
    """Whatever is pasted there, the answer is "not a promise"."""
    assert read_promise(text) is None
