"""Background work in a second process: runs, imports and log batches, on each kind of queue."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from portal.app import create_app
from portal.db import Installation
from portal.jobs import Jobs
from portal.releases.runs import load_run, queue_run
from survey.fielding import close_wave, set_margins
from survey.log_audit import audit
from town import answer, build_town

PATIENCE = 40.0


@contextmanager
def worker(place: Installation, **settings: str) -> Iterator[None]:
    """A real worker process on this installation."""
    environ = {name: value for name, value in os.environ.items() if not name.startswith("MINYI_")}
    environ |= {"MINYI_DATA_DIR": str(place.settings.data_dir), "MINYI_SECRET_KEY": "k" * 40, **settings}
    process = subprocess.Popen([sys.executable, "-m", "portal", "worker"], env=environ, cwd=Path(__file__).parents[2])
    try:
        yield
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(timeout=20)


def wait_until(happened: Callable[[], bool]) -> bool:
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        if happened():
            return True
        time.sleep(0.2)
    return False


def closed_town(place: Installation) -> str:
    """A wave with a few answers, closed, with its targets; returns a queued run."""
    town = build_town(place)
    client = create_app(place=place).test_client()
    for level in (5, 4, 3, 5):
        assert answer(client, town.code, level).status_code == 200
        assert answer(client, town.codes["land-hall"], level).status_code == 200
    with place.database.write() as connection:
        close_wave(connection, town.wave_id, place.now())
        rows = [["tax-hall", "window", 40], ["land-hall", "window", 60]]
        set_margins(connection, place.log, town.wave_id, rows, place.now())
        return queue_run(connection, place, town.wave_id, None)


def state_of(place: Installation, run_id: str) -> str:
    with place.database.read() as connection:
        return load_run(connection, run_id).state


@pytest.mark.parametrize("queue", ["sqlite", "redis"])
def test_a_worker_process_does_what_the_desk_queued(
    make_place: Callable[..., Installation], queue: str, request: pytest.FixtureRequest
) -> None:
    """A run enqueued here is finished by another process, with SQLite's queue and with Redis."""
    extra = {"MINYI_REDIS_URL": str(request.getfixturevalue("redis_url"))} if queue == "redis" else {}
    place = make_place(**extra)
    run_id = closed_town(place)
    with worker(place, **extra):
        Jobs(place).score(run_id)
        assert wait_until(lambda: state_of(place, run_id) in ("finished", "failed"))
    assert state_of(place, run_id) == "finished"


def test_the_worker_logs_full_batches(make_place: Callable[..., Installation]) -> None:
    """Answers that wait for the log are in it soon after a batch is full, without anybody asking."""
    place = make_place()
    place.clock = Installation(place.settings).clock  # the worker's clock is the real one
    town = build_town(place)
    client = create_app(place=place).test_client()
    for _ in range(3):
        assert answer(client, town.code).status_code == 200

    def is_logged() -> bool:
        with place.database.read() as connection:
            return audit(connection).pending == 0

    with worker(place, MINYI_BATCH_MINIMUM="3", MINYI_BATCH_SECONDS="1"):
        assert wait_until(is_logged)
    with place.database.read() as connection:
        assert audit(connection, public_key=place.signer.public_hex).faults == {}


def test_a_failing_run_tells_staff_why(place: Installation) -> None:
    """A run that cannot be done ends as failed with words, and the worker lives on."""
    run_id = closed_town(place)
    parquet = place.settings.datasets_dir
    parquet.parent.mkdir(exist_ok=True)
    parquet.write_text("a file where the folder should be")
    assert Jobs(place).run_score(run_id) is False
    with place.database.read() as connection:
        run = load_run(connection, run_id)
    assert run.state == "failed"
    assert "reference" in run.message
