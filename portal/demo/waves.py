"""Two waves of the five-level counter rating: one finished and brought in from a file, one that is open now.

The finished one goes the way every finished survey goes: `portal.imports`, closing, targets, a run, two people.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, datetime, time, timedelta

from sqlalchemy import Connection, func, insert, select

from portal.accounts.security import staff_by_email
from portal.accounts.tables import AuditEntry
from portal.db import Installation
from portal.imports import import_responses
from portal.releases.folder import release_folder
from portal.releases.publish import propose, publish
from portal.releases.run import execute
from portal.releases.runs import all_runs, queue_run
from portal.releases.tables import release
from survey.canonical import content_id
from survey.fielding import (
    Wave,
    WaveState,
    close_wave,
    draft_wave,
    load_wave,
    open_wave,
    publish_questionnaire,
    set_margins,
)
from survey.storage.tables import wave

from .city import CHANNELS, FOLDER, DemoError, document, peer_groups, plan_units, wave_points
from .people import CONFIRMER, DESIGNER, PROPOSER
from .ratings import write_ratings
from .truth import MINIMUM_N, MONTHS, cells, truth_document

CLOSED, OPEN = "counter-2026q3", "counter-now"
MAP = FOLDER / "ratings-map.toml"
TITLES = {
    CLOSED: {"zh-Hans": "政务服务好差评，2026年第三季度", "en": "Counter service ratings, third quarter of 2026"},
    OPEN: {"zh-Hans": "政务服务好差评，进行中", "en": "Counter service ratings, running"},
}
OPENED_DAYS_AGO, OPEN_FOR_DAYS = 10, 120


@contextmanager
def at_time(place: Installation, moment: datetime) -> Iterator[datetime]:
    """The portal's clock stands at a moment of the invented history, never later than now."""
    before = place.clock
    stopped = min(moment, before())
    place.clock = lambda: stopped
    try:
        yield stopped
    finally:
        place.clock = before


def moment(place: Installation, day: str, hour: int) -> datetime:
    return datetime.combine(date.fromisoformat(day), time(hour), place.settings.timezone)


def find_wave(place: Installation, wave_id: str) -> Wave | None:
    with place.database.read() as connection:
        known = connection.execute(select(wave.c.id).where(wave.c.id == wave_id)).first()
        return load_wave(connection, wave_id) if known else None


def audited(connection: Connection, place: Installation, email: str, action: str, subject: str) -> int:
    """Note in the audit what a person of the demonstration does in this transaction; returns who that is."""
    staff_id = staff_by_email(place, email)
    entry = {"at": place.now(), "staff_id": staff_id, "action": action, "subject": subject, "detail": "demonstration"}
    connection.execute(insert(AuditEntry).values(**entry))
    return staff_id


def open_finished_wave(place: Installation) -> None:
    """The wave of the last quarter: rated by one-time links, weighted to transactions by channel and month."""
    with at_time(place, moment(place, "2026-06-26", 9)):
        _open(place, CLOSED, "links", date(2026, 7, 1), date(2026, 9, 30), MONTHS)


def open_running_wave(place: Installation) -> None:
    """The wave that asks now, at the same places; whoever scans a code may answer."""
    opens = place.today() - timedelta(days=OPENED_DAYS_AGO)
    closes = opens + timedelta(days=OPEN_FOR_DAYS)
    first, last = (day.year * 12 + day.month - 1 for day in (opens, closes))
    months = tuple(f"{month // 12:04d}-{month % 12 + 1:02d}" for month in range(first, last + 1))
    with at_time(place, moment(place, opens.isoformat(), 0)):
        _open(place, OPEN, "open", opens, closes, months)


def _open(
    place: Installation, wave_id: str, participation: str, opens: date, closes: date, months: tuple[str, ...]
) -> None:
    scheme = document("scheme.json")
    zone = place.settings.timezone
    with place.database.write() as connection:
        identity = publish_questionnaire(connection, document("questionnaire.json"), place.today())
        plan = {
            "format": "minyi-plan/1",
            "wave": wave_id,
            "title": TITLES[wave_id],
            "population": "service_events",
            "questionnaire": identity,
            "scheme": content_id(scheme),
            "participation": participation,
            "opens_on": opens.isoformat(),
            "closes_on": closes.isoformat(),
            "units": plan_units(),
            "peer_groups": peer_groups(),
            "weighting": {
                "method": "poststratify",
                "dimensions": [
                    {"name": "channel", "source": "channel", "categories": list(CHANNELS)},
                    {"name": "period", "source": "month", "categories": list(months)},
                ],
                "minimum_class": 10,
            },
            "minimum_n": MINIMUM_N,
        }
        draft_wave(
            connection,
            wave_id=wave_id,
            plan=plan,
            scheme=scheme,
            opens_at=datetime.combine(opens, time(), zone),
            closes_at=datetime.combine(closes + timedelta(days=1), time(), zone),
            points=wave_points(),
        )
        open_wave(connection, place.log, wave_id, place.now())
        audited(connection, place, DESIGNER, "open wave", wave_id)


def import_ratings(place: Installation, scale: float, progress: Callable[[int, int], None]) -> int:
    """Write the file and the truth behind it, and bring the file in as any other."""
    folder = place.settings.data_dir / "demo"
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{CLOSED}.csv"
    write_ratings(path, scale)
    truth = json.dumps(truth_document(scale), ensure_ascii=False, indent=1)
    (folder / "truth.json").write_text(truth, encoding="utf-8")
    with at_time(place, moment(place, "2026-10-09", 10)):
        return import_responses(place, path, MAP, progress=progress).n_rows


def close_finished_wave(place: Installation) -> None:
    """Close, and set the targets: how many transactions each office had by channel and month."""
    with at_time(place, moment(place, "2026-10-09", 14)) as now, place.database.write() as connection:
        found = load_wave(connection, CLOSED)
        if found.state is WaveState.OPENED:
            close_wave(connection, CLOSED, now)
            audited(connection, place, DESIGNER, "close wave", CLOSED)
        if found.margins is None:
            rows = [[cell.office, cell.key, cell.population] for cell in cells()]
            set_margins(connection, place.log, CLOSED, rows, now)
            audited(connection, place, DESIGNER, "set margins", CLOSED)


def run_scores(place: Installation) -> str:
    """The run of the finished wave: the one there is, else a new one. Raises DemoError when it fails."""
    with place.database.read() as connection:
        known = [run for run in all_runs(connection, CLOSED) if run.state != "failed"]
    with at_time(place, moment(place, "2026-10-12", 10)):
        run_id = known[0].id if known else _queue(place)
        if not execute(place, run_id):
            with place.database.read() as connection:
                message = all_runs(connection, CLOSED)[0].message
            raise DemoError("The scores of the demonstration could not be computed.", got=message)
    return run_id


def _queue(place: Installation) -> str:
    with place.database.write() as connection:
        staff_id = audited(connection, place, PROPOSER, "start run", CLOSED)
        return queue_run(connection, place, CLOSED, staff_id)


def is_published(place: Installation) -> bool:
    with place.database.read() as connection:
        query = select(func.count()).where(release.c.name == CLOSED, release.c.state == "published")
        return connection.execute(query).scalar_one() > 0


def publish_release(place: Installation, run_id: str) -> None:
    """One person proposes, another confirms, a week later."""
    with at_time(place, moment(place, "2026-10-13", 10)) as now, place.database.write() as connection:
        if not connection.execute(select(release.c.name).where(release.c.name == CLOSED)).first():
            staff_id = audited(connection, place, PROPOSER, "propose release", f"{CLOSED}/v1")
            propose(connection, run_id=run_id, name=CLOSED, title=TITLES[CLOSED], reason="", staff_id=staff_id, now=now)
    with at_time(place, moment(place, "2026-10-20", 10)):
        shutil.rmtree(release_folder(place, CLOSED, 1), ignore_errors=True)  # left by a build that was cut off here
        publish(place, CLOSED, 1, staff_by_email(place, CONFIRMER))
