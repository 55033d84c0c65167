"""Doing a run: freeze, weight, estimate, score; the tables of the release-to-be land in the run's folder.

The one place in the portal that imports `analysis`; only jobs and commands come here.
"""

from __future__ import annotations

import csv
import json
import logging
import secrets
from pathlib import Path
from typing import Any

from sqlalchemy import select

from analysis.dataset import read_dataset
from analysis.errors import AnalysisError
from analysis.run import Scored, score
from portal.db import Installation
from survey.dataset import freeze
from survey.errors import SurveyError
from survey.fielding import load_wave
from survey.storage.paths import dataset_folder

from .runs import load_run, mark
from .tables import entry

logger = logging.getLogger(__name__)


def execute(place: Installation, run_id: str) -> bool:
    """Do a queued run; returns whether it finished. Whatever fails is written into the run for staff to read."""
    with place.database.write() as connection:
        found = load_run(connection, run_id)
        if found.state not in ("queued", "started"):
            return found.state == "finished"
        mark(connection, run_id, "started")
    try:
        identity = _score(place, found.wave_id, place.runs_dir(run_id))
    except (AnalysisError, SurveyError) as error:
        _fail(place, run_id, str(error))
        return False
    except Exception:
        reference = secrets.token_hex(4).upper()
        logger.exception("run %s failed, reference %s", run_id, reference)
        _fail(place, run_id, f"unexpected error, reference {reference}")
        return False
    with place.database.write() as connection:
        mark(connection, run_id, "finished", dataset_id=identity, finished_at=place.now(), message="")
    return True


def _fail(place: Installation, run_id: str, message: str) -> None:
    with place.database.write() as connection:
        mark(connection, run_id, "failed", message=message, finished_at=place.now())


def _score(place: Installation, wave_id: str, folder: Path) -> str:
    datasets = place.settings.datasets_dir
    with place.database.write() as connection:
        place.log.append_due(connection, place.now(), place.today(), force=True)
    with place.database.write() as connection:
        identity = freeze(connection, place.log, wave_id, datasets, place.now())
    with place.database.read() as connection:
        wave = load_wave(connection, wave_id)
        entries = [
            {"unit": row.unit_id, "entry": row.name, "value": row.value}
            for row in connection.execute(select(entry).where(entry.c.wave_id == wave_id))
        ]
    dataset = read_dataset(dataset_folder(datasets, wave_id, identity))
    raked = wave.plan["weighting"]["method"] == "rake"
    names = ("dimension", "category", "population") if raked else ("unit", "cell", "population")
    margins = [dict(zip(names, row, strict=True)) for row in wave.margins or []]
    write_tables(folder, score(dataset, plan=wave.plan, scheme=wave.scheme, margins=margins, entries=entries))
    return identity


def write_tables(folder: Path, scored: Scored) -> None:
    """Every table as CSV (UTF-8, LF), and the run's report."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, (header, rows) in scored.tables().items():
        with (folder / name).open("w", encoding="utf-8", newline="") as stream:
            writer = csv.writer(stream, lineterminator="\n")
            writer.writerow(header)
            writer.writerows(rows)
    report: dict[str, Any] = scored.report
    (folder / "report.json").write_text(json.dumps(report, ensure_ascii=False, indent=1), encoding="utf-8")
