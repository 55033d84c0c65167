"""Runs, releases, staff and the audit trail at the desk."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy import insert, select, update

from desk_city import RUN, SECOND_RUN
from desk_pages import StrictClient
from portal.accounts.tables import AuditEntry
from portal.db import Installation
from portal.desk import releases as desk_releases
from portal.jobs import Jobs
from portal.releases import publish as publishing
from portal.releases.runs import all_runs
from portal.releases.tables import release, run

PROPOSAL = {"name": "july-again", "title_zh": "七月", "title_en": "July", "reason": "Second look"}


def state_of(place: Installation, name: str) -> str:
    with place.database.read() as connection:
        return str(connection.execute(select(release.c.state).where(release.c.name == name)).scalar_one())


def test_run_is_queued_and_handed_to_the_worker(
    log_in: Callable[[str], StrictClient], place: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The run is on record before the worker hears of it; its page looks again by itself."""
    heard: list[tuple[str, str]] = []

    def listen(_jobs: Jobs, run_id: str) -> None:
        with place.database.read() as connection:
            heard.append((run_id, next(one.state for one in all_runs(connection) if one.id == run_id)))

    monkeypatch.setattr(Jobs, "score", listen)
    client = log_in("analyst")
    answer = client.send("/desk/waves/w7/run")
    assert answer.status_code == 303
    assert heard == [(answer.location.rsplit("/", 1)[1], "queued")]
    assert 'http-equiv="refresh"' in client.get(answer.location, 200).text
    assert "A run of this wave is under way." in client.get("/desk/waves/w7/run", 200).text


@pytest.mark.parametrize(
    ("wave_id", "words"),
    [("w8", "The wave must be closed first."), ("w6", "The margins of the wave must be set first.")],
)
def test_run_that_cannot_start_says_why(
    log_in: Callable[[str], StrictClient], place: Installation, wave_id: str, words: str
) -> None:
    """The reason stands in the place of the button, and sending the form all the same starts nothing."""
    client = log_in("analyst")
    token = client.page("/desk").token()
    answer = client.client.post(f"/desk/waves/{wave_id}/run", data={"csrf_token": token})
    assert words in answer.text
    with place.database.read() as connection:
        assert all_runs(connection, wave_id) == []


def test_finished_run_shows_its_figures(log_in: Callable[[str], StrictClient]) -> None:
    """Score, interval and grade of each unit as they would be published; a small unit shows only its n."""
    page = log_in("analyst").get(f"/desk/runs/{RUN}", 200).text
    assert '<td class="n">87.31</td><td class="n">85.02–89.60</td>' in page
    assert "&lt;30" in page
    assert "too few answers" in page


def test_failed_run_says_why(log_in: Callable[[str], StrictClient]) -> None:
    """The message of a failed run is shown; it cannot be proposed."""
    client = log_in("analyst")
    assert "cell window|2026-07: no margin row" in client.get(f"/desk/runs/{SECOND_RUN}", 200).text
    token = client.page("/desk").token()
    answer = client.client.post(f"/desk/runs/{SECOND_RUN}/propose", data={**PROPOSAL, "csrf_token": token})
    assert answer.status_code == 200


def test_proposal_waits_for_another_person(log_in: Callable[[str], StrictClient], place: Installation) -> None:
    """A finished run is proposed; its page tells the proposer to find somebody else."""
    client = log_in("analyst")
    answer = client.send(f"/desk/runs/{RUN}/propose", PROPOSAL, opened=f"/desk/runs/{RUN}")
    assert answer.location == "/desk/releases/july-again/1"
    assert "You proposed it, so another person must confirm it." in client.get(answer.location, 200).text
    assert state_of(place, "july-again") == "proposed"


def test_same_run_is_not_proposed_twice_under_a_name(log_in: Callable[[str], StrictClient]) -> None:
    """The second proposal is a named fault, not an error page."""
    answer = log_in("analyst").send(
        f"/desk/runs/{RUN}/propose", {**PROPOSAL, "name": "july"}, opened=f"/desk/runs/{RUN}"
    )
    assert answer.status_code == 200
    assert "This run was proposed under this name before." in answer.text


def test_proposer_cannot_publish_or_refuse(log_in: Callable[[str], StrictClient], place: Installation) -> None:
    """An administrator who proposed may not confirm: no button, and the form sent by hand does nothing."""
    with place.database.write() as connection:
        connection.execute(update(release).values(proposed_by=1))
    client = log_in("administrator")
    page = client.get("/desk/releases/july/1", 200).text
    assert "Publish version" not in page
    token = client.page("/desk").token()
    for verb in ("publish", "refuse"):
        data = {f"{verb}-csrf_token": token, "csrf_token": token, "refuse-reason": "no"}
        client.client.post(f"/desk/releases/july/1/{verb}", data=data)
        assert state_of(place, "july") == "proposed"


def test_second_person_publishes(
    log_in: Callable[[str], StrictClient], place: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The reviewer's button publishes exactly this version in the reviewer's name."""
    called: list[tuple[str, int, int]] = []
    monkeypatch.setattr(
        desk_releases, "publish", lambda _place, name, version, staff_id: called.append((name, version, staff_id))
    )
    answer = log_in("reviewer").send("/desk/releases/july/1/publish", opened="/desk/releases/july/1")
    assert answer.status_code == 303
    assert called == [("july", 1, 5)]


def test_failed_publication_is_explained(
    log_in: Callable[[str], StrictClient], place: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A release that does not verify is not published, and the page says why."""

    def fail(*_: object) -> None:
        raise publishing.ReleaseError("One cell does not verify.")

    monkeypatch.setattr(desk_releases, "publish", fail)
    answer = log_in("reviewer").send("/desk/releases/july/1/publish", opened="/desk/releases/july/1")
    assert answer.status_code == 200
    assert "One cell does not verify." in answer.text
    assert state_of(place, "july") == "proposed"


def test_second_person_refuses_with_a_reason(log_in: Callable[[str], StrictClient], place: Installation) -> None:
    """Without a reason nothing happens; with one the release is refused."""
    client = log_in("reviewer")
    empty = client.send("/desk/releases/july/1/refuse", {"refuse-reason": ""}, opened="/desk/releases/july/1")
    assert "Fill this in." in empty.text
    assert state_of(place, "july") == "proposed"
    client.send("/desk/releases/july/1/refuse", {"refuse-reason": "Margins are wrong"}, opened="/desk/releases/july/1")
    assert state_of(place, "july") == "refused"


def test_front_shows_what_waits(log_in: Callable[[str], StrictClient], place: Installation) -> None:
    """The reviewer sees the release to confirm, the analyst the closed wave without a run, the designer the draft."""
    assert "Confirm release july, version 1" in log_in("reviewer").get("/desk", 200).text
    assert "Score: Service rating, month 6" in log_in("analyst").get("/desk", 200).text
    assert "Open: Service rating, month 9" in log_in("designer").get("/desk", 200).text
    with place.database.write() as connection:
        connection.execute(update(run).where(run.c.id == RUN).values(wave_id="w6"))
    assert "Score: Service rating, month 6" not in log_in("analyst").get("/desk", 200).text


NEW = {
    "name": "Wang Wei",
    "email": "Wang@example.org",
    "role": "officer",
    "unit_id": "tax-east",
    "password": "long enough pass",
}


def test_new_person_can_log_in(log_in: Callable[[str], StrictClient], visitor: StrictClient) -> None:
    """An officer added with a first password logs in and sees the unit they act for."""
    assert log_in("administrator").send("/desk/staff/new", NEW).status_code == 303
    assert visitor.send("/login", {"email": "wang@example.org", "password": NEW["password"]}).status_code == 302
    assert visitor.get("/desk/units/tax-east").status_code == 200
    assert visitor.get("/desk/units/tax-west").status_code == 403


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"email": "analyst@example.org"}, "Somebody has this e-mail address already."),
        ({"email": "no address"}, "This is not an e-mail address."),
        ({"unit_id": ""}, "An officer needs a unit, and nobody else has one."),
        ({"role": "auditor"}, "An officer needs a unit, and nobody else has one."),
        ({"password": "short"}, "At least 12 characters."),
    ],
)
def test_person_with_a_fault_is_not_added(
    log_in: Callable[[str], StrictClient], wrong: dict[str, str], words: str
) -> None:
    """The fault is named; the password is not sent back."""
    answer = log_in("administrator").send("/desk/staff/new", {**NEW, **wrong})
    assert answer.status_code == 200
    assert words in answer.text
    assert "long enough pass" not in answer.text


def test_nobody_deactivates_themselves(log_in: Callable[[str], StrictClient]) -> None:
    """The last administrator cannot lock the door from outside."""
    client = log_in("administrator")
    token = client.page("/desk").token()
    client.client.post("/desk/staff/1/deactivate", data={"csrf_token": token})
    assert client.get("/desk").status_code == 200


def test_audit_trail_names_person_and_subject(log_in: Callable[[str], StrictClient], place: Installation) -> None:
    """What was done at the desk is listed with who did it, and can be searched by subject."""
    log_in("designer").send("/desk/waves/w8/close")
    auditor = log_in("auditor")
    page = auditor.get("/desk/audit?subject=w8", 200).text
    assert "close wave" in page
    assert "Designer Li" in page
    assert "No entries." in auditor.get("/desk/audit?subject=w9", 200).text


def test_audit_trail_goes_back_page_by_page(log_in: Callable[[str], StrictClient], place: Installation) -> None:
    """More than a hundred entries are reached through the link to older ones."""
    with place.database.write() as connection:
        rows = [{"at": place.now(), "action": "test", "subject": f"s{n}", "detail": ""} for n in range(150)]
        connection.execute(insert(AuditEntry), rows)
    client = log_in("auditor")
    first = client.page("/desk/audit")
    older = next(link for link in first.links if "before=" in link)
    assert "s0</code>" in client.get(older, 200).text
