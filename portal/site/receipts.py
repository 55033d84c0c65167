"""What a receipt proves: that its leaf stands in the log, and that the promise and the leaf agree."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from portal.db import installation
from survey import merkle
from survey.canonical import canonical_json
from survey.commitment import read_promise, receipt_hash
from survey.fielding import COMPLAINTS, WaveState, load_wave
from survey.keys import PROMISE_DOMAIN
from survey.log import Head, Leaf, Pending


@dataclass(frozen=True)
class Answer:
    """`status`: recorded, pending, unknown, or promise_ broken, unkept, differs, invalid."""

    status: str
    leaf: Leaf | None = None
    head: Head | None = None
    proof: tuple[str, ...] = ()
    due_on: date | None = None
    is_in_release: bool = False
    leaf_hash: str = ""


def check_receipt(code: str, own: str, promise_text: str) -> Answer:
    """Look a receipt up by its hash alone, and check the promise when one is given."""
    promise = read_promise(promise_text) if promise_text else None
    if promise_text and (promise is None or not _is_ours(*promise)):
        return Answer("promise_invalid")
    if promise is None:
        return _found(receipt_hash(code, own), None)
    promised = promise[0]
    if code and receipt_hash(code, own) != promised["receipt"]:
        return Answer("promise_differs")
    return _found(promised["receipt"], promised)


def _found(receipt: str, promised: Mapping[str, str] | None) -> Answer:
    """A complaint's promise has no receipt: it is looked for by what it committed to."""
    place = installation()
    with place.database.read() as connection:
        by_receipt = {"receipt": receipt} if receipt else {"commitment": promised["commitment"] if promised else ""}
        leaf = place.log.find(connection, **by_receipt)
        head = place.log.head(connection)
        if leaf is None or head is None:
            return _not_logged(place.log.find_pending(connection, **by_receipt), promised)
        if promised and promised["commitment"] != leaf.document["commitment"]:
            return Answer("promise_differs", leaf=leaf, head=head)
        wave = leaf.document["wave"]
        released = wave != COMPLAINTS and load_wave(connection, wave).state is WaveState.FROZEN
        proof = tuple(place.log.proof(connection, leaf.index, head.size))
    hashed = merkle.leaf_hash(canonical_json(leaf.document))
    return Answer("recorded", leaf, head, proof, is_in_release=released, leaf_hash=hashed.hex())


def _not_logged(pending: Pending | None, promised: Mapping[str, str] | None) -> Answer:
    if pending is not None:
        if promised and promised["commitment"] != pending.commitment:
            return Answer("promise_differs")
        return Answer("pending", due_on=pending.due_on)
    if promised is None:
        return Answer("unknown")
    is_over = promised["due_on"] < installation().today().isoformat()
    return Answer("promise_broken" if is_over else "promise_unkept")


def _is_ours(value: dict[str, str], signature: bytes) -> bool:
    key = Ed25519PublicKey.from_public_bytes(bytes.fromhex(installation().signer.public_hex))
    try:
        key.verify(signature, PROMISE_DOMAIN.encode() + b"\n" + canonical_json(value))
    except InvalidSignature:
        return False
    return True
