"""The verifier's own Ed25519 check, against RFC 8032 and against the compiled library."""

from __future__ import annotations

import time

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from hypothesis import given
from hypothesis import strategies as st

from portal.releases.verifier.ed25519 import ORDER, P, verify_signature

# RFC 8032, 7.1: public key, message, signature
VECTORS = [
    (
        "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
        "",
        "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46b"
        "d25bf5f0595bbe24655141438e7a100b",
    ),
    (
        "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
        "72",
        "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c"
        "387b2eaeb4302aeeb00d291612bb0c00",
    ),
    (
        "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
        "af82",
        "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc659"
        "4a7c15e9716ed28dc027beceea1ec40a",
    ),
]
KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
PUBLIC = KEY.public_key().public_bytes_raw()


def library_accepts(key: bytes, message: bytes, signature: bytes) -> bool:
    try:
        Ed25519PublicKey.from_public_bytes(key).verify(signature, message)
    except (InvalidSignature, ValueError):
        return False
    return True


@pytest.mark.parametrize(("key", "message", "signature"), VECTORS, ids=["empty", "one byte", "two bytes"])
def test_the_vectors_of_the_rfc(key: str, message: str, signature: str) -> None:
    """Each published signature passes, and fails for another message."""
    public, text, signed = bytes.fromhex(key), bytes.fromhex(message), bytes.fromhex(signature)
    assert verify_signature(public, text, signed)
    assert not verify_signature(public, text + b"x", signed)


@given(st.binary(min_size=32, max_size=32), st.binary(max_size=200))
def test_every_signature_passes(secret: bytes, message: bytes) -> None:
    """What the library signs, with any key and message, is accepted."""
    key = Ed25519PrivateKey.from_private_bytes(secret)
    assert verify_signature(key.public_key().public_bytes_raw(), message, key.sign(message))


@given(st.integers(0, 767), st.binary(max_size=40))
def test_one_turned_bit_is_judged_as_the_library_does(bit: int, message: bytes) -> None:
    """A turned bit in key or signature is refused, exactly as the compiled library refuses it."""
    both = bytearray(PUBLIC + KEY.sign(message))
    both[bit // 8] ^= 1 << bit % 8
    key, signature = bytes(both[:32]), bytes(both[32:])
    assert verify_signature(key, message, signature) is library_accepts(key, message, signature) is False


@given(st.binary(min_size=32, max_size=32), st.binary(min_size=64, max_size=64))
def test_noise_is_refused(key: bytes, signature: bytes) -> None:
    """Random bytes are no signature and no error."""
    assert not verify_signature(key, b"message", signature)


def test_only_one_encoding_of_a_signature_passes() -> None:
    """The scalar plus the group order would satisfy the equation; it is refused, as RFC 8032, 5.1.7 asks."""
    signature = KEY.sign(b"message")
    scalar = int.from_bytes(signature[32:], "little")
    for other in (scalar + ORDER, scalar + 2 * ORDER):
        assert not verify_signature(PUBLIC, b"message", signature[:32] + other.to_bytes(32, "little"))


@pytest.mark.parametrize(
    "key",
    [
        (1).to_bytes(32, "little"),
        (P - 1).to_bytes(32, "little"),
        (0).to_bytes(32, "little"),
        (P + 1).to_bytes(32, "little"),
        P.to_bytes(32, "little"),
        ((1 << 255) + 1).to_bytes(32, "little"),
    ],
    ids=["identity", "order 2", "order 4", "identity again", "order 4 again", "negative zero"],
)
def test_keys_that_would_sign_anything_are_refused(key: bytes) -> None:
    """With a key of small order the signature (identity, 0) fits any message; such keys and odd encodings fail."""
    nothing = (1).to_bytes(32, "little") + bytes(32)
    assert not any(verify_signature(key, bytes([number]), nothing) for number in range(16))


@pytest.mark.parametrize(("key", "signature"), [(PUBLIC[:31], bytes(64)), (PUBLIC, bytes(63)), (b"", b"")])
def test_wrong_lengths_are_refused(key: bytes, signature: bytes) -> None:
    """Short or empty bytes are refused without an error."""
    assert not verify_signature(key, b"", signature)


def test_a_check_is_quick() -> None:
    """One check takes at most 15 ms of processor time, the best of several on a busy machine."""
    signature, times = KEY.sign(b"message"), []
    for _ in range(20):
        start = time.process_time()
        assert verify_signature(PUBLIC, b"message", signature)
        times.append(time.process_time() - start)
    assert min(times) <= 0.015
