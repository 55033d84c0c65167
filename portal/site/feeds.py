"""The public log as a stream."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import select

from survey.storage.engine import Database
from survey.storage.tables import log_leaf


def stream_leaves(database: Database) -> Iterator[str]:
    """Every leaf in order, a thousand at a time; no connection is held between them."""
    start = 0
    while True:
        query = select(log_leaf.c.body).where(log_leaf.c.index >= start).order_by(log_leaf.c.index).limit(1000)
        with database.read() as connection:
            bodies = list(connection.execute(query).scalars())
        if not bodies:
            return
        yield "".join(f"{body}\n" for body in bodies)
        start += len(bodies)
