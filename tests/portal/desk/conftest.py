"""A small city with waves in every state, staff of every role, and a client that refuses pages that break rules."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask

from desk_city import NOW, PASSWORDS, build_city, settings_in
from desk_pages import StrictClient
from portal.app import create_app
from portal.db import Installation


@pytest.fixture(scope="session")
def city_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The data folder of the city, built once."""
    folder = tmp_path_factory.mktemp("city")
    place = Installation(settings_in(folder), clock=lambda: NOW)
    build_city(create_app(place=place), place)
    place.database.dispose()
    return folder


@pytest.fixture
def place(city_folder: Path, tmp_path: Path) -> Iterator[Installation]:
    """The city, this test's own copy, at a clock that stands still."""
    folder = tmp_path / "data"
    shutil.copytree(city_folder, folder)
    place = Installation(settings_in(folder), clock=lambda: NOW)
    yield place
    place.database.dispose()


@pytest.fixture
def app(place: Installation) -> Flask:
    return create_app(place=place)


@pytest.fixture
def visitor(app: Flask) -> StrictClient:
    """Nobody in particular."""
    return StrictClient(app)


@pytest.fixture
def log_in(app: Flask) -> Callable[[str], StrictClient]:
    """`log_in("analyst")`: a client with that person's session, obtained through the log-in page."""

    def open_session(role: str) -> StrictClient:
        client = StrictClient(app)
        answer = client.send("/login", {"email": f"{role}@example.org", "password": PASSWORDS[role]})
        assert answer.status_code == 302, answer.text
        return client

    return open_session
