"""The append-only log of commitments: batches, signed heads, inclusion proofs (RFC 6962)."""

from __future__ import annotations

import json
import random
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, bindparam, delete, insert, select, text, update

from . import merkle
from .canonical import canonical_json
from .commitment import commit
from .keys import HEAD_DOMAIN, Signer
from .storage.tables import (
    invitation,
    log_head,
    log_leaf,
    log_node,
    log_pending,
    log_state,
    response,
    spent_invitation,
)

BATCH_MINIMUM = 20


class LeafType(StrEnum):
    RESPONSE = "response"
    IMPORTED = "imported"
    ERASED = "erased"
    COMPLAINT = "complaint"
    ANCHOR = "anchor"


@dataclass(frozen=True)
class Head:
    """A signed statement of what the log was: so many leaves, this root, at that minute."""

    log: str
    size: int
    root: str
    at: str
    key: str
    signature: str

    def document(self) -> dict[str, Any]:
        return asdict(self)


@dataclass(frozen=True)
class Leaf:
    """A leaf in the log, with its place."""

    index: int
    document: dict[str, Any]


@dataclass(frozen=True)
class Pending:
    """A promised leaf, and the day by whose end it will be in the log."""

    commitment: str
    due_on: date


class Log:
    """The portal's one log. Every method works inside the caller's transaction."""

    def __init__(self, signer: Signer) -> None:
        self.signer = signer

    def state(self, connection: Connection, *, lock: bool = False) -> tuple[str, int, int]:
        """(log id, leaves, batches); the log is founded with a random id when it is first asked for."""
        query = select(log_state).with_for_update() if lock else select(log_state)
        row = connection.execute(query).one_or_none()
        if row is None:
            if connection.dialect.name == "postgresql":  # of two who found it at once, one waits here and finds it
                connection.execute(text("LOCK TABLE log_state IN SHARE ROW EXCLUSIVE MODE"))
            row = connection.execute(query).one_or_none()
        if row is None:
            identity = secrets.token_hex(8)
            connection.execute(insert(log_state).values(id=identity, size=0, batches=0))
            return identity, 0, 0
        return row.id, row.size, row.batches

    def append(self, connection: Connection, leaves: Sequence[Mapping[str, Any]], now: datetime) -> int:
        """Append leaves in the given order as one batch and sign the new head; returns the first index."""
        identity, size, batches = self.state(connection, lock=True)
        documents = [{"log": identity, "batch": batches + 1, **leaf} for leaf in leaves]
        bodies = [canonical_json(document) for document in documents]
        hashes = [merkle.leaf_hash(body) for body in bodies]
        nodes, root = merkle.append(size, hashes, _reader(connection))
        connection.execute(
            insert(log_leaf),
            [
                {
                    "index": size + place,
                    "body": bodies[place].decode(),
                    "wave_id": document["wave"],
                    "type": document["type"],
                    "commitment": document["commitment"],
                    "receipt": document["receipt"],
                }
                for place, document in enumerate(documents)
            ],
        )
        connection.execute(
            insert(log_node), [{"level": at[0], "index": at[1], "hash": value} for at, value in nodes.items()]
        )
        connection.execute(update(log_state).values(size=size + len(leaves), batches=batches + 1))
        self._sign(connection, identity, size + len(leaves), root, now)
        return size

    def _sign(self, connection: Connection, identity: str, size: int, root: bytes, now: datetime) -> None:
        at = now.astimezone(UTC).strftime("%Y-%m-%dT%H:%MZ")
        statement = {"log": identity, "size": size, "root": root.hex(), "at": at}
        signature = self.signer.sign(HEAD_DOMAIN, statement)
        connection.execute(
            insert(log_head).values(size=size, root=root.hex(), at=at, key=self.signer.public_hex, signature=signature)
        )

    def anchor(self, connection: Connection, wave_id: str, commitment: str, now: datetime) -> int:
        """Write the hash of a public document (a plan, margins, a dataset) into the log at once."""
        leaf = {"wave": wave_id, "type": LeafType.ANCHOR, "commitment": commitment, "receipt": None}
        return self.append(connection, [leaf], now)

    def append_due(
        self, connection: Connection, now: datetime, today: date, *, minimum: int = BATCH_MINIMUM, force: bool = False
    ) -> int:
        """Move pending leaves into the log in shuffled order: twenty or more, or any whose day is over.

        After this the responses of the batch have been written anew, in another order, by one transaction. A run that
        finds nothing pending marks the participation list instead, and what tied a link to its moment of use is gone:
        no transaction ever touches both an answer and the list.
        """
        self.state(connection, lock=True)
        pending = connection.execute(select(log_pending)).all()
        if not pending:
            _settle_invitations(connection)
        overdue = any(row.due_on < today for row in pending)
        if not pending or not (force or overdue or len(pending) >= minimum):
            return 0
        rng = random.SystemRandom()
        shuffled = sorted(pending, key=lambda _: rng.random())
        leaves = [
            {"wave": row.wave_id, "type": row.type, "commitment": row.commitment, "receipt": row.receipt}
            for row in shuffled
        ]
        self.append(connection, leaves, now)
        batch = self.state(connection)[2]
        ids = [row.id for row in pending]
        for start in range(0, len(ids), 500):
            connection.execute(delete(log_pending).where(log_pending.c.id.in_(ids[start : start + 500])))
        _settle_responses(connection, {row.commitment for row in pending}, batch, rng)
        return len(leaves)

    def head(self, connection: Connection) -> Head | None:
        row = connection.execute(select(log_head).order_by(log_head.c.size.desc()).limit(1)).one_or_none()
        if row is None:
            return None
        identity = self.state(connection)[0]
        return Head(identity, row.size, row.root, row.at, row.key, row.signature)

    def leaf(self, connection: Connection, index: int) -> Leaf:
        body = connection.execute(select(log_leaf.c.body).where(log_leaf.c.index == index)).scalar_one()
        return Leaf(index, json.loads(body))

    def find(self, connection: Connection, **columns: str) -> Leaf | None:
        """The leaf with this receipt or this commitment."""
        query = select(log_leaf.c.index).filter_by(**columns)
        index = connection.execute(query).scalar()
        return None if index is None else self.leaf(connection, index)

    def find_pending(self, connection: Connection, **columns: str) -> Pending | None:
        """The same among the leaves that wait for their batch."""
        query = select(log_pending.c.commitment, log_pending.c.due_on).filter_by(**columns)
        row = connection.execute(query).first()
        return None if row is None else Pending(row.commitment, row.due_on)

    def proof(self, connection: Connection, index: int, size: int) -> list[str]:
        """The audit path from a leaf to the root of the head of that size."""
        return [node.hex() for node in merkle.inclusion_path(index, size, _reader(connection))]


def _reader(connection: Connection) -> Any:
    def get_node(level: int, index: int) -> bytes:
        query = select(log_node.c.hash).where(log_node.c.level == level, log_node.c.index == index)
        return bytes(connection.execute(query).scalar_one())

    return get_node


def _settle_responses(connection: Connection, commitments: set[str], batch: int, rng: random.Random) -> None:
    rows = connection.execute(
        select(response.c.id, response.c.salt, response.c.body).where(response.c.batch.is_(None))
    ).all()
    logged = [
        {"key": row.id, "number": batch}
        for row in rows
        if row.body is None or commit(bytes(row.salt), row.body.encode()) in commitments
    ]
    rng.shuffle(logged)
    if logged:
        query = update(response).where(response.c.id == bindparam("key")).values(batch=bindparam("number"))
        connection.execute(query, logged)


def _settle_invitations(connection: Connection) -> None:
    spent = list(connection.execute(select(spent_invitation.c.code_hash)).scalars())
    random.SystemRandom().shuffle(spent)
    if spent:
        query = update(invitation).where(invitation.c.code_hash == bindparam("key")).values(used=True)
        connection.execute(query, [{"key": code} for code in spent])
        gone = delete(spent_invitation).where(spent_invitation.c.code_hash == bindparam("key"))
        connection.execute(gone, [{"key": code} for code in spent])
