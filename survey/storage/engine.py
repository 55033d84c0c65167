"""One database engine, SQLite or PostgreSQL, with the durability the promises need."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event

PRAGMAS = (
    "journal_mode=WAL",
    "synchronous=FULL",
    "foreign_keys=ON",
    "busy_timeout=30000",
    "secure_delete=ON",  # what was erased is overwritten, not merely unlinked
)

QUIET: dict[str, Any] = {"hide_parameters": True}
"""Errors are logged with their instant; beside it no answer, salt or code may stand."""


class Database:
    """`read` sees a snapshot; `write` takes the write lock at once, so that nobody waits halfway and fails."""

    def __init__(self, url: str) -> None:
        self.engine = _engine(url)

    @cached_property
    def writing(self) -> Engine:
        return self.engine.execution_options(minyi_write=True)

    @cached_property
    def reading(self) -> Engine:
        if self.engine.dialect.name == "sqlite":  # a read transaction is a snapshot there anyway
            return self.engine
        return self.engine.execution_options(isolation_level="REPEATABLE READ")

    @contextmanager
    def read(self) -> Iterator[Connection]:
        with self.reading.connect() as connection:
            yield connection

    @contextmanager
    def write(self) -> Iterator[Connection]:
        with self.writing.begin() as connection:
            yield connection

    def forget(self, *tables: str) -> None:
        """Free what deleted and rewritten rows left in these tables' pages; SQLite overwrites it by itself."""
        if self.engine.dialect.name == "postgresql":
            with self.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
                connection.exec_driver_sql(f"VACUUM {', '.join(tables)}")

    def dispose(self) -> None:
        self.engine.dispose()


def _engine(url: str) -> Engine:
    if not url.startswith("sqlite"):
        return create_engine(url, pool_size=8, max_overflow=8, pool_pre_ping=True, **QUIET)
    engine = create_engine(url, connect_args={"timeout": 30, "check_same_thread": False}, pool_size=16, **QUIET)
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _prepare_sqlite(connection: Any, _record: Any) -> None:
    connection.isolation_level = None  # we emit BEGIN ourselves
    cursor = connection.cursor()
    for pragma in PRAGMAS:
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    write = connection.get_execution_options().get("minyi_write", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if write else "BEGIN")
