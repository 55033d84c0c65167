"""Two persons publish, whoever hurries: races, the command line, and what stays on record."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from sqlalchemy import insert, select

from portal.access import Role
from portal.accounts.security import add_staff
from portal.accounts.tables import AuditEntry
from portal.app import create_app
from portal.cli.context import Context
from portal.cli.releases import release
from portal.db import Installation
from portal.releases import publish as publishing
from portal.releases.folder import release_folder
from portal.releases.publish import ReleaseError, load_release, propose, publish, refuse
from portal.releases.tables import run
from survey.canonical import content_id
from survey.errors import SurveyError
from town import build_town, scheme

PEOPLE = {1: Role.ANALYST, 2: Role.REVIEWER, 3: Role.REVIEWER, 4: Role.OFFICER, 5: Role.ADMINISTRATOR}


@pytest.fixture
def place(make_place: Callable[..., Installation], database_url: str) -> Installation:
    """A proposed release, on each database."""
    place = make_place(database_url if database_url.startswith("postgresql") else "")
    town = build_town(place)
    app = create_app(place=place)
    for number, role in PEOPLE.items():
        unit = "tax" if role is Role.OFFICER else None
        add_staff(app, email=f"{number}@example.org", name="-", password="x" * 12, role=role, unit_id=unit)
    with place.database.write() as connection:
        connection.execute(
            insert(run).values(
                id="r1", wave_id=town.wave_id, scheme_id=content_id(scheme()), code_version="-", seed=1,
                state="finished", message="", started_by=1, started_at=place.now(),
            )
        )  # fmt: skip
        propose(connection, run_id="r1", name="summer", title={"en": "S"}, reason="", staff_id=1, now=place.now())
    return place


@pytest.fixture
def meanwhile(monkeypatch: pytest.MonkeyPatch) -> list[Callable[[], None]]:
    """What others do while the first release folder is being written."""
    doing: list[Callable[[], None]] = []

    def write(_place: Installation, _connection: Any, _found: Any, folder: Path) -> str:
        folder.mkdir(parents=True)
        (folder / "by").write_text(threading.current_thread().name)
        while doing:
            other = threading.Thread(target=doing.pop(), name="other")
            other.start()
            other.join(timeout=1)
        return content_id({"by": threading.current_thread().name})

    monkeypatch.setattr(publishing, "write_folder", write)
    monkeypatch.setattr(publishing, "check_folder", lambda *_: None)
    return doing


def wait_for_others() -> None:
    for thread in threading.enumerate():
        if thread.name == "other":
            thread.join()


def test_of_two_who_publish_at_once_one_does(place: Installation, meanwhile: list[Callable[[], None]]) -> None:
    """The second finds it published: one folder, one anchor, and the ledger names who made them."""
    refused: list[str] = []

    def second() -> None:
        try:
            publish(place, "summer", 1, 3)
        except ReleaseError as error:
            refused.append(str(error))

    meanwhile.append(second)
    publish(place, "summer", 1, 2)
    wait_for_others()
    assert len(refused) == 1
    with place.database.read() as connection:
        found = load_release(connection, "summer", 1)
    assert (found.state, found.confirmed_by) == ("published", 2)
    assert (release_folder(place, "summer", 1) / "by").read_text() == threading.current_thread().name


def test_what_is_being_published_cannot_be_refused(place: Installation, meanwhile: list[Callable[[], None]]) -> None:
    """The refusal comes too late and says so; nothing is both."""
    refused: list[str] = []

    def second() -> None:
        try:
            with place.database.write() as connection:
                refuse(connection, "summer", 1, 3, "wrong")
        except ReleaseError as error:
            refused.append(str(error))

    meanwhile.append(second)
    publish(place, "summer", 1, 2)
    wait_for_others()
    assert len(refused) == 1
    with place.database.read() as connection:
        found = load_release(connection, "summer", 1)
    assert (found.state, found.refusal) == ("published", "")


def test_a_refused_release_is_never_published(place: Installation, meanwhile: list[Callable[[], None]]) -> None:
    """Not even by the person who refused it."""
    with place.database.write() as connection:
        refuse(connection, "summer", 1, 2, "wrong")
    with pytest.raises(ReleaseError, match="refused"):
        publish(place, "summer", 1, 2)


@pytest.mark.parametrize(
    ("email", "is_published"),
    [("1@example.org", False), ("4@example.org", False), ("nobody@example.org", False), ("2@EXAMPLE.org", True)],
)
def test_the_command_publishes_only_for_who_may(
    place: Installation, meanwhile: list[Callable[[], None]], email: str, is_published: bool
) -> None:
    """Not in the name of who proposed it, of an officer, or of nobody; and the audit trail names the person."""
    context = Context()
    context.__dict__["place"] = place
    done = CliRunner().invoke(release, ["publish", "summer", "1", "--by", email], obj=context)
    assert isinstance(done.exception, SurveyError) is not is_published, done.output
    with place.database.read() as connection:
        assert load_release(connection, "summer", 1).state == ("published" if is_published else "proposed")
        query = select(AuditEntry.staff_id, AuditEntry.subject).where(AuditEntry.action == "publish release")
        entries = [tuple(row) for row in connection.execute(query)]
    assert entries == ([(2, "summer/v1")] if is_published else [])
