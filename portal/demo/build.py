"""Building the demonstration, step by step. Each step looks first whether it was done, so that a build that was cut off
is completed by the next one, and a finished one is left alone.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from typing import Any

from flask import Flask
from sqlalchemy import func, select

from portal.access import Role
from portal.accounts.security import StaffExistsError, insert_staff
from portal.complaints.tables import complaint
from portal.db import Installation
from survey.fielding import WaveState
from survey.points import code_for
from survey.storage.tables import point, response, unit

from . import cases, waves
from .city import document, found_city, offices
from .people import DEMO_STAFF, UNIT_OF

Tell = Callable[[str], None]
EVERY_SECONDS = 1.0  # how often a long step says how far it is


@dataclass(frozen=True)
class Built:
    """What stands there after a build."""

    departments: int
    offices: int
    points: int
    responses: int
    complaints: int
    release: str
    code: str
    seconds: float
    changed: bool

    def document(self) -> dict[str, Any]:
        return asdict(self)


@dataclass
class Builder:
    """One build. `scale` shrinks the number of answers, for tests."""

    place: Installation
    app: Flask
    scale: float = 1.0
    tell: Tell = lambda line: None
    changed: bool = False
    started: float = field(default_factory=time.monotonic)

    def build(self) -> Built:
        """Do what is not done yet; raises DemoError in a portal that holds something else."""
        self._city()
        self._people()
        self._finished_wave()
        self._scores()
        self._running_wave()
        self._cases()
        return self._built()

    @contextmanager
    def _step(self, title: str) -> Iterator[list[str]]:
        """Tell when a step is done, what it says of itself, and how long it took."""
        begun, said = time.monotonic(), [""]
        yield said
        self.tell(f"{title}: {said[0] or 'there already'} ({time.monotonic() - begun:.1f} s)")
        self.changed = self.changed or bool(said[0])

    def _city(self) -> None:
        with self._step("city") as said, self.place.database.write() as connection:
            if found_city(connection):
                said[0] = f"{len(document('city.json')['departments'])} departments, {len(offices())} offices"

    def _people(self) -> None:
        with self._step("staff") as said, self.app.app_context(), self.place.database.write() as connection:
            new = 0
            for email, password, role, name in DEMO_STAFF:
                try:
                    insert_staff(
                        connection,
                        email=email,
                        name=name,
                        password=password,
                        role=Role(role),
                        unit_id=UNIT_OF.get(email),
                    )
                    new += 1
                except StaffExistsError:
                    continue
            said[0] = f"{new} log-ins" if new else ""

    def _finished_wave(self) -> None:
        place = self.place
        with self._step("wave of the last quarter") as said:
            found = waves.find_wave(place, waves.CLOSED)
            if found is None:
                waves.open_finished_wave(place)
                said[0] = "plan frozen and logged"
        with self._step("ratings") as said:
            if found is None or found.state is WaveState.OPENED:
                n = waves.import_ratings(place, self.scale, self._progress())
                said[0] = f"{n:,} imported and logged"
        with self._step("targets") as said:
            if found is None or found.margins is None:
                waves.close_finished_wave(place)
                said[0] = "wave closed, transactions set"

    def _progress(self) -> Callable[[int, int], None]:
        told = [time.monotonic()]

        def progress(done: int, total: int) -> None:
            if time.monotonic() - told[0] >= EVERY_SECONDS:
                told[0] = time.monotonic()
                self.tell(f"  ratings: {done:,} of {total:,}")

        return progress

    def _scores(self) -> None:
        if waves.is_published(self.place):
            self.tell("scores and release: there already")
            return
        with self._step("scores") as said:
            run_id = waves.run_scores(self.place)
            said[0] = f"run {run_id}"
        with self._step("release") as said:
            waves.publish_release(self.place, run_id)
            said[0] = f"{waves.CLOSED} proposed, confirmed, verified and published"

    def _running_wave(self) -> None:
        with self._step("wave that is open now") as said:
            if waves.find_wave(self.place, waves.OPEN) is None:
                waves.open_running_wave(self.place)
                said[0] = "opened at every place"

    def _cases(self) -> None:
        with self._step("complaints") as said:
            new = cases.file_all(self.place)
            said[0] = f"{new} filed and handled" if new else ""

    def _built(self) -> Built:
        place = self.place
        with place.database.read() as connection:

            def count(query: Any) -> int:
                return int(connection.execute(query).scalar_one())

            alive = unit.c.valid_to.is_(None)
            kinds = select(func.count()).select_from(unit)
            return Built(
                departments=count(kinds.where(unit.c.kind == "department", alive)),
                offices=count(kinds.where(unit.c.kind == "office", alive)),
                points=count(select(func.count()).select_from(point)),
                responses=count(select(func.count()).select_from(response).where(response.c.wave_id == waves.CLOSED)),
                complaints=count(select(func.count()).select_from(complaint)),
                release=waves.CLOSED,
                code=code_for(place.keys, offices()[0].points()[0][0]),
                seconds=round(time.monotonic() - self.started, 1),
                changed=self.changed,
            )
