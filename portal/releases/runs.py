"""Score runs: queued at the desk, done by the worker, kept with everything needed to do them again."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime
from importlib.metadata import version
from typing import Any

from sqlalchemy import Connection, Row, insert, select, update

from portal.db import Installation
from survey.canonical import content_id
from survey.errors import SurveyError
from survey.fielding import WaveState, load_wave

from .tables import run


class RunError(SurveyError):
    """A run that cannot be queued or does not exist."""


@dataclass(frozen=True)
class Run:
    """One run. `state`: queued, started, finished or failed; `message` tells staff why it failed."""

    id: str
    wave_id: str
    dataset_id: str | None
    scheme_id: str
    code_version: str
    seed: int
    state: str
    message: str
    started_at: datetime
    finished_at: datetime | None


SEED = 20260101


def code_version() -> str:
    return f"minyi {version('minyi')}"


def queue_run(connection: Connection, place: Installation, wave_id: str, staff_id: int | None) -> str:
    """Note a run for the worker; enqueue the job after this transaction. The wave must be closed."""
    found = load_wave(connection, wave_id)
    if found.state not in (WaveState.CLOSED, WaveState.FROZEN):
        raise RunError(f"The wave is {found.state}.", expected="a closed wave", hint="close it first")
    if found.plan["weighting"]["method"] != "none" and found.margins is None:
        raise RunError("The wave has no targets yet.", hint="enter the transaction counts or census margins first")
    identity = secrets.token_hex(8)
    connection.execute(
        insert(run).values(
            id=identity,
            wave_id=wave_id,
            scheme_id=content_id(found.scheme),
            code_version=code_version(),
            seed=SEED,
            state="queued",
            started_by=staff_id,
            started_at=place.now(),
        )
    )
    return identity


def load_run(connection: Connection, run_id: str) -> Run:
    row = connection.execute(select(run).where(run.c.id == run_id)).one_or_none()
    if row is None:
        raise RunError("There is no such run.", got=run_id)
    return _run(row)


def all_runs(connection: Connection, wave_id: str | None = None) -> list[Run]:
    """Newest first."""
    query = select(run).order_by(run.c.started_at.desc())
    if wave_id is not None:
        query = query.where(run.c.wave_id == wave_id)
    return [_run(row) for row in connection.execute(query)]


def mark(connection: Connection, run_id: str, state: str, **values: Any) -> None:
    connection.execute(update(run).where(run.c.id == run_id).values(state=state, **values))


def _run(row: Row[Any]) -> Run:
    return Run(**{name: getattr(row, name) for name in Run.__dataclass_fields__})
