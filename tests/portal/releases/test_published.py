"""Releases as the portal makes them, from answers or a file to the signed folder: whole, and every change found."""

from __future__ import annotations

import importlib
import random
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import insert

from given_files import given
from portal.accounts.tables import Staff
from portal.app import create_app
from portal.db import Installation
from portal.imports import import_responses
from portal.releases.folder import release_folder
from portal.releases.publish import propose, publish
from portal.releases.run import execute
from portal.releases.runs import load_run, queue_run
from portal.releases.verifier import checks
from portal.releases.verifier.main import read_folder, verify_files
from survey.fielding import close_wave, set_margins
from town import Clock, answer, build_town

sys.path.insert(0, str(Path(__file__).parent))
forgery: Any = importlib.import_module("forgery")

Files = dict[str, bytes]
MAPS = Path(__file__).parents[3] / "survey/formats/examples"
TABLES = ("counts.csv", "products.csv", "classes.csv")
SMALL_MAP = """
format = "minyi-import/1"
wave = "small"
title = { en = "Small", zh-Hans = "小型" }
population = "residents"
participation = "sample"
opens_on = 2026-07-01
closes_on = 2026-07-31
minimum_n = 5
weighting = { method = "none", minimum_class = 2 }
[scales.level]
codes = { 1 = { en = "Bad" }, 2 = { en = "Fair" }, 3 = { en = "Good" } }
missing = { 9 = "dont_know" }
[[units]]
id = "parks"
peer_group = "all"
scale = "level"
title = { en = "Parks" }
items = { Q1 = { en = "Paths" }, Q2 = { en = "Trees" } }
[[units]]
id = "roads"
peer_group = "all"
scale = "level"
title = { en = "Roads" }
items = { Q3 = { en = "Surface" } }
[[units]]
id = "court"
scale = "level"
title = { en = "Court" }
items = { Q4 = { en = "Speed" } }
"""


@pytest.fixture(autouse=True)
def fast_signatures(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checks, "verify_signature", forgery.compiled_verify)


def released(place: Installation, wave_id: str) -> Files:
    """Score a closed wave, let two persons publish it, and return the folder."""
    with place.database.write() as connection:
        for number in (1, 2):
            connection.execute(
                insert(Staff).values(
                    id=number, email=f"{number}@example.org", name="-", password="-", active=True,
                    fs_uniquifier=str(number), failed_logins=0,
                )
            )  # fmt: skip
        run_id = queue_run(connection, place, wave_id, 1)
    finished = execute(place, run_id)
    with place.database.write() as connection:
        assert finished, load_run(connection, run_id).message
        title = {"en": "Release"}
        propose(connection, run_id=run_id, name="r", title=title, reason="", staff_id=1, now=place.now())
    publish(place, "r", 1, 2)
    files = read_folder(release_folder(place, "r", 1))
    findings = verify_files(files, place.signer.public_hex)
    assert (findings.failures, findings.signer) == ([], "proven")
    assert findings.public > 0 and findings.sealed > 0
    return files


def test_one_changed_value_of_a_published_town_is_found(place: Installation, clock: Clock) -> None:
    """Every cell, scalar and line of prose of a folder by the real writer is held by the others."""
    town, rng = build_town(place), random.Random(3)
    client = create_app(place=place).test_client()
    for unit, n in {"tax-hall": 9, "land-hall": 7}.items():
        for _ in range(n):
            assert answer(client, town.codes[unit], rng.randint(1, 5)).status_code == 200
    clock.advance(days=31)
    with place.database.write() as connection:
        close_wave(connection, town.wave_id, place.now())
        rows = [["tax-hall", "window", 400], ["land-hall", "window", 90]]
        set_margins(connection, place.log, town.wave_id, rows, place.now())
    files = forgery.taken_over(released(place, town.wave_id))
    assert verify_files(files).is_verified
    escapes, count = [], 0
    for name, what, data in forgery.mutations(files):
        count += 1
        if data == files[name] or forgery.escaped(verify_files(forgery.forged(files, name, data)), name):
            escapes.append(what)
    assert escapes == []
    assert count > 300


def test_an_unweighted_wave_is_published(place: Installation, tmp_path: Path) -> None:
    """The method none needs no margins, neither in the tables nor in the log; the court has too few answers."""
    rng = random.Random(5)
    lines = [",".join([*rng.choices("1239", k=3), "1" if number < 4 else "9"]) for number in range(12)]
    (tmp_path / "small.csv").write_text("\n".join(["Q1,Q2,Q3,Q4", *lines]) + "\n")
    (tmp_path / "small.toml").write_text(SMALL_MAP, encoding="utf-8")
    done = import_responses(place, tmp_path / "small.csv", tmp_path / "small.toml")
    files = released(place, done.wave_id)
    assert b"court,,n,<5,public" in files["figures.csv"]
    assert files["margins.csv"] == b"unit,cell,population\n"


@pytest.mark.given
@pytest.mark.parametrize("name", ["kcmo_2021q1_sep.csv", "kcmo_2022q3_mar.csv"])
def test_a_real_survey_is_published_and_no_number_can_be_changed(
    name: str, make_place: Callable[..., Installation]
) -> None:
    """Kansas City, imported, raked, scored, signed: verified; ten changed counts, sums and weights are each found."""
    place, rng = make_place(), random.Random(name)
    done = import_responses(place, given("given-kcmo-resident-survey") / name, MAPS / "kansas-city.toml")
    files = forgery.taken_over(released(place, done.wave_id))
    escapes = []
    for number in range(10):
        table = TABLES[number % len(TABLES)]
        what, data = forgery.changed_number(rng, files[table])
        if forgery.escaped(verify_files(forgery.forged(files, table, data)), table):
            escapes.append(f"{table}: {what}")
    assert escapes == []
