"""The portal's own check of log against answers: each way of tampering has a named check that catches it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import zip_longest

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from sqlalchemy import Connection, func, select

from . import merkle
from .canonical import canonical_json, parse_canonical
from .commitment import commit
from .keys import HEAD_DOMAIN
from .log import Head, LeafType
from .storage.tables import log_head, log_leaf, log_node, log_pending, log_state, response, wave

IN_PARTS = {"yield_per": 5000}
ERASED_STATES = ("superseded", "withdrawn")


@dataclass
class Audit:
    """What was counted and what does not fit; `faults` maps a check's name to its messages."""

    leaves: int = 0
    heads: int = 0
    responses: int = 0
    pending: int = 0
    faults: dict[str, list[str]] = field(default_factory=dict)

    def fault(self, check: str, message: str) -> None:
        self.faults.setdefault(check, []).append(message)

    @property
    def is_sound(self) -> bool:
        return not self.faults


def audit(connection: Connection, *, public_key: str | None = None, kept: Head | None = None) -> Audit:
    """Recompute every head from the leaves, check its signature, and match the answers with their leaves.

    Checks: `size`, `leaf` (columns against the body), `node`, `root`, `signature`, `signer`, `altered`, `dropped`,
    `added`, `erased`, `state`. What none of them can see: the last batch cut off whole, with its answers and heads,
    and a state changed to another that the answer could have. The first shows against `kept`, a head from elsewhere:
    `rollback` when the log does not begin with what that head says, `kept` when this portal never signed it.
    """
    result = Audit()
    state = connection.execute(select(log_state)).one_or_none()
    heads = [Head(state.id if state else "", *row) for row in connection.execute(select(log_head))]
    logged: dict[str, Counter[str]] = {}
    hashes = _read_leaves(connection, result, logged)
    _check_heads(result, heads, hashes, public_key)
    if kept is not None:
        _check_kept(result, kept, hashes, state.id if state else "", public_key)
    _check_nodes(connection, result, hashes)
    size = state.size if state else 0
    newest = max((head.size for head in heads), default=0)
    if not size == newest == len(hashes):
        result.fault("size", f"the log says {size} leaves, its newest head {newest}, and it holds {len(hashes)}")
    _check_responses(connection, result, logged)
    _check_states(connection, result)
    return result


def _read_leaves(connection: Connection, result: Audit, logged: dict[str, Counter[str]]) -> list[bytes]:
    hashes: list[bytes] = []
    columns = (log_leaf.c.wave_id, log_leaf.c.type, log_leaf.c.commitment, log_leaf.c.receipt)
    query = select(log_leaf.c.index.label("at"), log_leaf.c.body, *columns).order_by(log_leaf.c.index)
    expected = 0
    for row in connection.execute(query, execution_options=IN_PARTS):
        if row.at != expected:
            result.fault("leaf", f"leaves {expected} to {row.at - 1} are missing")
        expected = row.at + 1
        if _fields(row.body) != (row.wave_id, row.type, row.commitment, row.receipt):
            result.fault("leaf", f"leaf {row.at}: its columns differ from its body")
        hashes.append(merkle.leaf_hash(row.body.encode()))
        if row.type in (LeafType.RESPONSE, LeafType.IMPORTED):
            logged.setdefault(row.wave_id, Counter())[row.commitment] += 1
        elif row.type == LeafType.ERASED:
            logged.setdefault(row.wave_id, Counter())["erased"] += 1
    result.leaves = len(hashes)
    return hashes


def _fields(body: str) -> tuple[str, ...] | None:
    try:
        document = parse_canonical(body.encode())
        return document["wave"], document["type"], document["commitment"], document["receipt"]
    except (ValueError, LookupError, TypeError):
        return None


def _check_nodes(connection: Connection, result: Audit, hashes: list[bytes]) -> None:
    """Proofs, and the next head, are made from stored nodes: each must be the one its leaves give."""
    query = select(log_node).order_by(log_node.c.level, log_node.c.index)
    stored = connection.execute(query, execution_options=IN_PARTS)
    found = (bytes(row.hash) for row in stored)
    wrong = sum(one != other for one, other in zip_longest(_nodes(hashes), found))
    if wrong:
        result.fault("node", f"{wrong} stored nodes differ from what the leaves give")


def _nodes(hashes: list[bytes]) -> Iterator[bytes]:
    """Every complete node, level by level."""
    while hashes:
        yield from hashes
        hashes = [merkle.node_hash(*hashes[at : at + 2]) for at in range(0, len(hashes) - 1, 2)]


def _check_heads(result: Audit, heads: list[Head], hashes: list[bytes], public_key: str | None) -> None:
    roots = _prefix_roots(hashes, {head.size for head in heads})
    for head in heads:
        result.heads += 1
        root = roots.get(head.size)
        if root is None or root.hex() != head.root:
            result.fault("root", f"head of size {head.size}: the leaves give another root")
        if public_key is not None and head.key != public_key:
            result.fault("signer", f"head of size {head.size} was signed by another key")
        if not _is_signed(head):
            result.fault("signature", f"head of size {head.size}: the signature does not fit")


def _check_kept(result: Audit, kept: Head, hashes: list[bytes], log_id: str, public_key: str | None) -> None:
    is_ours = kept.log == log_id and public_key in (None, kept.key) and _is_signed(kept)
    root = _prefix_roots(hashes, {kept.size}).get(kept.size)
    if not is_ours:
        result.fault("kept", "the head brought along was not signed by this portal for this log")
    elif root is None:
        result.fault("rollback", f"a head of size {kept.size} was signed at {kept.at}; the log holds {len(hashes)}")
    elif root.hex() != kept.root:
        result.fault("rollback", f"head of size {kept.size}, signed at {kept.at}: the leaves give another root")


def _prefix_roots(hashes: list[bytes], sizes: set[int]) -> dict[int, bytes]:
    """The root after each of these many leaves, in one pass over a stack of complete subtrees."""
    roots: dict[int, bytes] = {}
    stack: list[tuple[int, bytes]] = []
    for count, leaf in enumerate(hashes, start=1):
        level, node = 0, leaf
        while stack and stack[-1][0] == level:
            node = merkle.node_hash(stack.pop()[1], node)
            level += 1
        stack.append((level, node))
        if count in sizes:
            root = stack[-1][1]
            for _, left in reversed(stack[:-1]):
                root = merkle.node_hash(left, root)
            roots[count] = root
    return roots


def _is_signed(head: Head) -> bool:
    statement = {"log": head.log, "size": head.size, "root": head.root, "at": head.at}
    message = HEAD_DOMAIN.encode() + b"\n" + canonical_json(statement)
    try:
        Ed25519PublicKey.from_public_bytes(bytes.fromhex(head.key)).verify(bytes.fromhex(head.signature), message)
    except (InvalidSignature, ValueError):
        return False
    return True


def _check_responses(connection: Connection, result: Audit, logged: dict[str, Counter[str]]) -> None:
    for row in connection.execute(select(log_pending)):
        result.pending += 1
        name = "erased" if row.type == LeafType.ERASED else row.commitment
        if row.type in (LeafType.RESPONSE, LeafType.IMPORTED, LeafType.ERASED):
            logged.setdefault(row.wave_id, Counter())[name] += 1
    extra: Counter[str] = Counter()
    erased: Counter[str] = Counter()
    columns = (response.c.wave_id, response.c.id, response.c.body, response.c.salt)
    for row in connection.execute(select(*columns), execution_options=IN_PARTS):
        result.responses += 1
        leaves = logged.setdefault(row.wave_id, Counter())
        if row.body is None or row.salt is None:
            erased[row.wave_id] += 1
            continue
        commitment = commit(bytes(row.salt), row.body.encode())
        if leaves[commitment] > 0:
            leaves[commitment] -= 1
        else:
            extra[row.wave_id] += 1
    for wave_id, leaves in logged.items():
        _judge(result, wave_id, leaves, extra[wave_id], erased[wave_id])


def _judge(result: Audit, wave_id: str, leaves: Counter[str], extra: int, erased: int) -> None:
    """Rows without leaf and leaves without row: as many as there are pairs were altered, the rest added or dropped."""
    allowed = leaves.pop("erased", 0)
    orphans = sum(count for count in leaves.values() if count > 0)
    if erased != allowed:
        result.fault("erased", f"{wave_id}: {erased} answers are erased, the log tells of {allowed}")
    lost = orphans - allowed
    altered = min(max(lost, 0), extra)
    if altered:
        result.fault("altered", f"{wave_id}: {altered} answers differ from what the log committed to")
    if lost > altered:
        result.fault("dropped", f"{wave_id}: {lost - altered} logged answers are gone")
    if extra > altered:
        result.fault("added", f"{wave_id}: {extra - altered} answers were never logged")


def _check_states(connection: Connection, result: Audit) -> None:
    """A state must fit what is kept of the answer, and the places taken must be the answers that hold one."""
    columns = (response.c.wave_id, response.c.state, response.c.body.is_(None), response.c.edit_hash.is_(None))
    holding: Counter[str] = Counter()
    over: Counter[str] = Counter()
    for wave_id, state, is_erased, is_fixed, n in connection.execute(select(*columns, func.count()).group_by(*columns)):
        if is_erased != (state in ERASED_STATES):
            result.fault("state", f"{wave_id}: {n} answers are {state} and {'erased' if is_erased else 'kept'}")
        if state == "over_quota":
            over[wave_id] += n
        elif state == "recorded" and not is_fixed:
            holding[wave_id] += n
    for row in connection.execute(select(wave.c.id, wave.c.quota, wave.c.taken)):
        if row.quota is None and over[row.id]:
            result.fault("state", f"{row.id}: {over[row.id]} answers are over a quota that there is not")
        if row.quota is not None and row.taken != holding[row.id]:
            result.fault("state", f"{row.id}: {row.taken} places are taken, {holding[row.id]} answers hold one")
