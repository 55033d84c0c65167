"""An installation with its own database, folder and clock, and a small town to work on."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from portal.app import create_app
from portal.db import Installation, upgrade
from portal.settings import read_settings
from town import Clock, Town, build_town


@pytest.fixture(scope="session")
def migrated_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite file at the newest schema, to be copied."""
    path = tmp_path_factory.mktemp("schema") / "minyi.db"
    upgrade(f"sqlite:///{path}")
    return path


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def make_place(tmp_path: Path, migrated_sqlite: Path, clock: Clock) -> Iterator[Callable[..., Installation]]:
    """Installations on SQLite, or on the database whose address is given (then migrated here)."""
    made: list[Installation] = []

    def make(url: str = "", **settings: str) -> Installation:
        folder = tmp_path / f"var{len(made)}"
        folder.mkdir()
        if url:
            upgrade(url)
        else:
            shutil.copy(migrated_sqlite, folder / "minyi.db")
        environ = {"MINYI_DATA_DIR": str(folder), "MINYI_SECRET_KEY": "k" * 40, **settings}
        if url:
            environ["MINYI_DATABASE_URL"] = url.replace("postgresql+psycopg://", "postgresql://")
        place = Installation(read_settings(environ), clock=clock)
        made.append(place)
        return place

    yield make
    for place in made:
        place.database.dispose()


@pytest.fixture
def place(make_place: Callable[..., Installation]) -> Installation:
    return make_place()


@pytest.fixture
def app(place: Installation) -> Flask:
    return create_app(place=place)


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


@pytest.fixture
def town(place: Installation) -> Town:
    """Two offices with a window each, and an open wave of five-level ratings."""
    return build_town(place)
