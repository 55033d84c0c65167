"""The demonstration city, built once at half of its answers."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from portal.app import create_app
from portal.db import Installation, upgrade
from portal.demo.build import Builder, Built
from portal.settings import read_settings


@dataclass
class DemoCity:
    """A built city: what the build said of itself, and where it stands."""

    place: Installation
    built: Built
    lines: list[str] = field(default_factory=list)

    def again(self) -> Built:
        return Builder(self.place, create_app(place=self.place), scale=0.5).build()


def empty_place(folder: Path) -> Installation:
    place = Installation(read_settings({"MINYI_DATA_DIR": str(folder), "MINYI_DEMO": "1"}))
    folder.mkdir(parents=True, exist_ok=True)
    upgrade(place.settings.database_url)
    return place


@pytest.fixture
def fresh_place(tmp_path: Path) -> Iterator[Installation]:
    """A portal with every table and nothing in it."""
    place = empty_place(tmp_path / "data")
    yield place
    place.database.dispose()


@pytest.fixture(scope="session")
def demo_city(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DemoCity]:
    place = empty_place(tmp_path_factory.mktemp("demo") / "data")
    lines: list[str] = []
    built = Builder(place, create_app(place=place), scale=0.5, tell=lines.append).build()
    yield DemoCity(place, built, lines)
    place.database.dispose()
