"""A city with two offices and the police, staff of each kind that meets a case, and clients that keep the rules."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from complaint_pages import PASSWORD, STAFF, UNITS, Client, Clock
from portal.accounts.security import add_staff
from portal.app import create_app
from portal.complaints.cases import Case, load_case
from portal.complaints.filing import Filed, Filing, file_complaint
from portal.complaints.states import Kind
from portal.complaints.tables import complaint
from portal.db import Installation
from portal.schema import metadata
from portal.settings import read_settings
from survey.units import add_unit


def settings_in(folder: Path) -> Any:
    environ = {"MINYI_DATA_DIR": str(folder), "MINYI_SECRET_KEY": "only these tests know it, " * 2}
    return read_settings({**environ, "MINYI_LANGUAGE": "en"})


@pytest.fixture(scope="session")
def city_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The data folder of the city, built once."""
    folder = tmp_path_factory.mktemp("complaints")
    place = Installation(settings_in(folder), clock=Clock())
    metadata.create_all(place.database.engine)
    with place.database.write() as connection:
        for key, parent, kind, chinese, english in UNITS:
            title = {"zh-Hans": chinese, "en": english}
            add_unit(
                connection, unit_id=key, parent_id=parent, kind=kind, peer_group=None, title=title, on=date(2020, 1, 1)
            )
    app = create_app(place=place)
    for name, (role, unit_id) in STAFF.items():
        add_staff(app, email=f"{name}@example.org", name=name, password=PASSWORD, role=role, unit_id=unit_id)
    place.database.dispose()
    return folder


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def place(city_folder: Path, tmp_path: Path, clock: Clock) -> Iterator[Installation]:
    """The city, this test's own copy."""
    folder = tmp_path / "data"
    shutil.copytree(city_folder, folder)
    place = Installation(settings_in(folder), clock=clock)
    yield place
    place.database.dispose()


@pytest.fixture
def app(place: Installation) -> Flask:
    return create_app(place=place)


@pytest.fixture
def citizen(app: Flask) -> Client:
    return Client(app)


@pytest.fixture
def log_in(app: Flask) -> Callable[[str], Client]:
    """`log_in("officer")`: a client at the desk."""

    def open_session(name: str) -> Client:
        client = Client(app)
        page = client.get("/login").text
        client.press(page, "/login", {"email": f"{name}@example.org", "password": PASSWORD}, 302)
        return client

    return open_session


@pytest.fixture
def file(place: Installation) -> Callable[..., Filed]:
    """`file(subject="...", form_key=b"...")`: a case straight through the domain."""
    number = 0

    def file_one(form_key: bytes = b"", **words: Any) -> Filed:
        nonlocal number
        number += 1
        given = {
            "unit_id": "tax-east",
            "kind": Kind.COMPLAINT,
            "subject": "Slow",
            "body": "Very slow.",
            "language": "en",
        }
        now = place.now().astimezone(place.settings.timezone)
        with place.database.write() as connection:
            filing = Filing(**{**given, **words})
            return file_complaint(connection, place.keys, filing, form_key=form_key or b"k%d" % number, now=now)

    return file_one


@pytest.fixture
def case_now(place: Installation) -> Callable[[str], Case]:
    """`case_now(number)`: the case as it stands."""

    def load(number: str) -> Case:
        with place.database.read() as connection:
            return load_case(connection, place.keys, complaint.c.number == number)

    return load


@pytest.fixture
def raw_bytes(place: Installation) -> Callable[[], bytes]:
    """Every byte of the database as it lies on disk."""

    def read() -> bytes:
        return b"".join(path.read_bytes() for path in sorted(place.settings.data_dir.glob("minyi.db*")))

    return read
