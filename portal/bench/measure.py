"""The benchmarks by name. Each is a list of interleaved pairs, so that a machine's moods hit both sides alike."""

from __future__ import annotations

import statistics
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from uuid import uuid4

from sqlalchemy import create_engine, text

from portal.db import Installation
from portal.settings import read_settings

from .load import Load, run_load
from .scene import build_scene, page_request, server, submissions

PAIRS = 5


@dataclass(frozen=True)
class Figure:
    """One benchmark. Rates are requests a second (medians), CPU is milliseconds of the server per request."""

    name: str
    rate: float
    floor: float
    ratio: float
    ratio_low: float
    ratio_high: float
    cpu_ms: float
    floor_cpu_ms: float
    goal: float

    def document(self) -> dict[str, object]:
        return asdict(self)


@dataclass
class Scene:
    """Two running servers over one database."""

    place: Installation
    code: str
    portal: tuple[int, int]
    floor: tuple[int, int]


@contextmanager
def scene(url: str) -> Iterator[Scene]:
    """Build and start everything in a folder that is deleted afterwards; '' means SQLite."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        environ = {"MINYI_DATA_DIR": str(folder), "MINYI_SECRET_KEY": "b" * 40}
        if url:
            environ["MINYI_DATABASE_URL"] = stack.enter_context(_database(url))
        place = Installation(read_settings(environ))
        stack.callback(place.database.dispose)
        code = build_scene(place)
        portal = stack.enter_context(server("portal", environ))
        floor = stack.enter_context(server("floor", environ))
        yield Scene(place, code, portal, floor)


@contextmanager
def _database(url: str) -> Iterator[str]:
    """A fresh database on a PostgreSQL server, dropped afterwards."""
    name = f"minyi_bench_{uuid4().hex[:12]}"
    plain = url.replace("postgresql+psycopg://", "postgresql://")
    admin = create_engine(plain.replace("postgresql://", "postgresql+psycopg://"), isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.execute(text(f"create database {name}"))
    try:
        yield plain.rsplit("/", 1)[0] + f"/{name}"
    finally:
        with admin.connect() as connection:
            connection.execute(text(f"drop database {name} with (force)"))
        admin.dispose()


def page(now: Scene, label: str, requests: int) -> Figure:
    """The first answer page against a bare Flask hello, gzip asked for."""
    path = f"/q/{now.code}"
    ours = [page_request(path)] * requests
    theirs = [page_request("/hello")] * requests
    return _pairs(f"page {label}", now, lambda: ours, lambda: theirs, goal=0.4)


def submit(now: Scene, label: str, requests: int) -> Figure:
    """A whole submission against a bare view that checks the same fields and commits one row."""
    goal = 0.6 if label == "sqlite" else 0.5
    path = f"/q/{now.code}"
    return _pairs(
        f"submit {label}",
        now,
        lambda: submissions(now.place, now.code, path, requests),
        lambda: submissions(now.place, now.code, "/submit", requests),
        goal=goal,
    )


def _pairs(
    name: str, now: Scene, ours: Callable[[], list[bytes]], theirs: Callable[[], list[bytes]], *, goal: float
) -> Figure:
    run_load(*now.portal, ours()[:200])
    run_load(*now.floor, theirs()[:200])
    pairs = [(run_load(*now.portal, ours()), run_load(*now.floor, theirs())) for _ in range(PAIRS)]
    ratios = sorted(mine.rate / floor.rate for mine, floor in pairs)
    return Figure(
        name=name,
        rate=round(statistics.median(mine.rate for mine, _ in pairs), 1),
        floor=round(statistics.median(floor.rate for _, floor in pairs), 1),
        ratio=round(statistics.median(ratios), 3),
        ratio_low=round(ratios[0], 3),
        ratio_high=round(ratios[-1], 3),
        cpu_ms=_cpu(mine for mine, _ in pairs),
        floor_cpu_ms=_cpu(floor for _, floor in pairs),
        goal=goal,
    )


def _cpu(loads: Iterator[Load]) -> float:
    return round(statistics.median(1000 * load.server_cpu / load.requests for load in loads), 3)


BENCHMARKS = {"page": page, "submit": submit}
