"""The public log as a stream."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import select

from survey.storage.engine import Database
from survey.storage.tables import log_leaf


def stream_leaves(database: Database, start: int, end: int) -> Iterator[str]:
    """The leaves from `start` to before `end`, a thousand at a time; no connection is held between them."""
    while start < end:
        here = (log_leaf.c.index >= start, log_leaf.c.index < min(start + 1000, end))
        query = select(log_leaf.c.body).where(*here).order_by(log_leaf.c.index)
        with database.read() as connection:
            bodies = list(connection.execute(query).scalars())
        if not bodies:
            return
        yield "".join(f"{body}\n" for body in bodies)
        start += len(bodies)
