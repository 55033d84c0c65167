"""A wave at one counter on each database."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from counter import Counter, open_counter


def opener(url: str) -> Iterator[Callable[..., Counter]]:
    opened: list[Counter] = []

    def make(**options: Any) -> Counter:
        opened.append(open_counter(url, **options))
        return opened[-1]

    yield make
    for one in opened:
        one.database.dispose()


@pytest.fixture
def open_wave_with(database_url: str) -> Iterator[Callable[..., Counter]]:
    """`open_wave_with(**options)` opens wave w1 on each database; options as in `counter.open_counter`."""
    yield from opener(database_url)


@pytest.fixture
def open_sqlite_with(sqlite_url: str) -> Iterator[Callable[..., Counter]]:
    """The same on SQLite only, for what is true of its file."""
    yield from opener(sqlite_url)


@pytest.fixture
def open_postgres_with(postgres_url: str) -> Iterator[Callable[..., Counter]]:
    """The same on PostgreSQL only, for what happens between two writers at once."""
    yield from opener(postgres_url)


@pytest.fixture
def counter(open_wave_with: Callable[..., Counter]) -> Counter:
    """An open wave without quota."""
    return open_wave_with()
