"""The way of one answer, from the scanned code to the verified release; a new reader starts here."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from flask.testing import FlaskClient
from sqlalchemy import insert

from portal.accounts.tables import Staff
from portal.app import create_app
from portal.complaints.following import find_by_code
from portal.complaints.handling import Actor, accept
from portal.complaints.handling import answer as give_answer
from portal.complaints.states import Outcome
from portal.db import Installation
from portal.releases.folder import release_folder
from portal.releases.publish import propose, publish
from portal.releases.run import execute
from portal.releases.runs import load_run, queue_run
from survey.fielding import close_wave, set_margins
from survey.log_audit import audit
from town import Clock, Town, answer, build_town, codes_on

RATINGS = {"tax-hall": [5, 5, 4, 5, 3, 5, 4, 5, 5, 4, 5, 5], "land-hall": [2, 3, 1, 3, 4, 2, 3, 2, 1, 3, 2, 4]}
TRANSACTIONS = {"tax-hall": 400, "land-hall": 100}


def test_an_answer_becomes_a_published_score(
    make_place: Callable[..., Installation], database_url: str, clock: Clock
) -> None:
    """Scan, answer, receipt, log, freeze, weight, score, release by two, page, verifier: one chain, each database."""
    place = make_place(database_url if database_url.startswith("postgresql") else "")
    town = build_town(place)
    client = create_app(place=place).test_client()

    receipts = _answer_everywhere(client, town)
    _the_receipt_is_in_the_log(place, client, receipts[0])
    _score_and_publish(place, clock, town)
    _the_page_shows_the_score(client)
    _anybody_can_recompute_it(place)
    _a_complaint_is_filed_answered_and_followed(place, client)


def _a_complaint_is_filed_answered_and_followed(place: Installation, client: FlaskClient) -> None:
    found = re.search(r'name="token"[^>]* value="([^"]+)"', client.get("/complaints/new").text)
    assert found
    form = {"token": found.group(1), "unit_id": "tax-hall", "kind": "complaint"}
    filed = client.post("/complaints/new?lang=en", data={**form, "subject": "Wait", "body": "Three hours."})
    number, code = codes_on(filed.text)[1], codes_on(filed.text)[0]
    if not number.startswith("MY-"):
        number, code = code, number
    actor = Actor(1, None, may_answer=True, is_reviewer=False)
    now = place.now().astimezone(place.settings.timezone)
    with place.database.write() as connection:
        case = find_by_code(connection, place.keys, code, lock=True)
        assert case.number == number
        accept(connection, place.keys, actor, case, now=now)
        case = find_by_code(connection, place.keys, code, lock=True)
        give_answer(connection, place.keys, actor, case, outcome=Outcome.UPHELD, text="A second window.", now=now)
    assert "A second window." in client.post("/complaints/track?lang=en", data={"code": code}).text


def _answer_everywhere(client: FlaskClient, town: Town) -> list[str]:
    receipts = []
    for unit, levels in RATINGS.items():
        for level in levels:
            page = answer(client, town.codes[unit], level)
            assert page.status_code == 200
            receipts.append(codes_on(page.text)[0])
    assert len(set(receipts)) == 24
    return receipts


def _the_receipt_is_in_the_log(place: Installation, client: FlaskClient, receipt: str) -> None:
    assert "by the end of" in client.get(f"/verify?receipt={receipt}&lang=en").text
    with place.database.write() as connection:
        assert place.log.append_due(connection, place.now(), place.today()) == 24
        assert audit(connection, public_key=place.signer.public_hex).faults == {}
    assert "stands in the public log" in client.get(f"/verify?receipt={receipt}&lang=en").text


def _score_and_publish(place: Installation, clock: Clock, town: Town) -> None:
    clock.advance(days=31)
    with place.database.write() as connection:
        for number in (1, 2):
            connection.execute(
                insert(Staff).values(
                    id=number, email=f"{number}@example.org", name="-", password="-", active=True,
                    fs_uniquifier=str(number), failed_logins=0,
                )
            )  # fmt: skip
        close_wave(connection, town.wave_id, place.now())
        rows = [[unit, "window", count] for unit, count in TRANSACTIONS.items()]
        set_margins(connection, place.log, town.wave_id, rows, place.now())
        run_id = queue_run(connection, place, town.wave_id, 1)
    assert execute(place, run_id), _message(place, run_id)
    with place.database.write() as connection:
        title = {"zh-Hans": "夏季满意度", "en": "Summer satisfaction"}
        name, version = propose(
            connection, run_id=run_id, name="summer", title=title, reason="", staff_id=1, now=place.now()
        )
    publish(place, name, version, 2)


def _message(place: Installation, run_id: str) -> str:
    with place.database.read() as connection:
        return load_run(connection, run_id).message


def _expected(unit: str) -> str:
    """The mean on 0 to 100, by hand: one class per hall, so weights cancel inside it."""
    levels = RATINGS[unit]
    return f"{sum(25 * (level - 1) for level in levels) / len(levels):.2f}"


def _the_page_shows_the_score(client: FlaskClient) -> None:
    for unit in RATINGS:
        page = client.get(f"/results/summer/{unit}?lang=en")
        assert page.status_code == 200
        assert _expected(unit) in page.text
        twin = client.get(f"/results/summer/{unit}.json").get_json()
        assert _expected(unit) in json.dumps(twin)


def _anybody_can_recompute_it(place: Installation) -> None:
    folder = release_folder(place, "summer", 1)
    command = [sys.executable, "-I", "verify.py", "--key", place.signer.fingerprint]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout
    assert "signed by the given key" in done.stdout
    _one_changed_count_is_named(folder)


def _one_changed_count_is_named(folder: Path) -> None:
    header, first, *rest = (folder / "counts.csv").read_text().splitlines()
    (folder / "counts.csv").write_text("\n".join([header, f"{first}1", *rest]) + "\n")
    done = subprocess.run([sys.executable, "-I", "verify.py"], cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "counts.csv" in done.stdout
