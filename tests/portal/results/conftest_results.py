"""Published releases on disk and in the table, and an application that shows them."""

from __future__ import annotations

import importlib
import random
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import create_engine, insert

from portal.app import create_app
from portal.releases.tables import release
from portal.schema import metadata
from portal.settings import Settings, read_settings
from survey.canonical import canonical_json, sha256_hex

sys.path.insert(0, str(Path(__file__).parent.parent / "releases"))
fixture: Any = importlib.import_module("release_fixture")

OWNER = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
Files = dict[str, bytes]
LEVELS = {
    "1": {"en": "Very dissatisfied", "zh-Hans": "非常不满意"},
    "2": {"en": "Dissatisfied", "zh-Hans": "不满意"},
    "3": {"en": "Neither", "zh-Hans": "基本满意"},
    "4": {"en": "Satisfied", "zh-Hans": "满意"},
    "5": {"en": "Very satisfied", "zh-Hans": "非常满意"},
}
NAMES = ("civil affairs", "human resources and social security", "market regulation", "housing", "taxes", "transport")
ZH_NAMES = ("民政局", "人力资源和社会保障局", "市场监督管理局", "住房和城乡建设局", "税务局", "交通运输局")


@dataclass
class Shelf:
    """A portal with its release folders; `put` publishes one, `client` reads pages."""

    settings: Settings
    app: Flask
    client: FlaskClient = field(init=False)

    def __post_init__(self) -> None:
        self.client = self.app.test_client()

    def put(
        self,
        files: Mapping[str, bytes],
        name: str = "summer",
        version: int = 1,
        *,
        state: str = "published",
        title: Mapping[str, str] | None = None,
        reason: str = "",
        day: int = 15,
    ) -> Path:
        """Write a folder and its row, whatever its state."""
        folder = self.settings.releases_dir / name / f"v{version}"
        folder.mkdir(parents=True)
        for path, data in files.items():
            (folder / path).write_bytes(data)
        at = datetime(2026, 9, day, 2, tzinfo=UTC)
        row = {"name": name, "version": version, "run_id": f"{name}{version}", "state": state, "reason": reason}
        row["title"] = canonical_json(dict(title or {"en": "Summer survey", "zh-Hans": "夏季调查"})).decode()
        row |= {"proposed_at": at, "published_at": at if state == "published" else None}
        row |= {"manifest_id": sha256_hex(files["manifest.json"]), "manifest_index": 7}
        engine = create_engine(self.settings.database_url)
        with engine.begin() as connection:
            connection.execute(insert(release).values(**row))
        engine.dispose()
        return folder


@pytest.fixture
def shelf(tmp_path: Path) -> Shelf:
    """An installation without any release."""
    settings = read_settings({"MINYI_DATA_DIR": str(tmp_path), "MINYI_SECRET_KEY": "s" * 40, "MINYI_LANGUAGE": "en"})
    app = create_app(settings)
    app.testing = True
    engine = create_engine(settings.database_url)
    metadata.create_all(engine)
    engine.dispose()
    return Shelf(settings, app)


@pytest.fixture(scope="session")
def service() -> Files:
    """One-time links, post-stratified, ranked, with one office below the smallest number."""
    found: Files = fixture.make_release("service", OWNER)
    return found


@pytest.fixture(scope="session")
def residents() -> Files:
    """Open participation, raked, not ranked."""
    found: Files = fixture.make_release("residents", OWNER)
    return found


@pytest.fixture(scope="session")
def city() -> Files:
    """A city of the size of a real one: six departments, 48 offices, twelve questions with labelled answers."""
    found: Files = fixture.write_release(city_wave(), OWNER)
    return found


@pytest.fixture
def changed() -> Callable[..., Files]:
    """`changed(files, name, change)`: one file of a release changed and everything signed anew."""

    def change_one(files: Files, name: str, change: Callable[[bytes], bytes]) -> Files:
        import json

        manifest = json.loads(files["manifest.json"])
        found: Files = fixture.sign_again({**files, name: change(files[name])}, manifest, OWNER)
        return found

    return change_one


def city_wave() -> Any:
    items = [f"q_{n:02d}" for n in range(1, 13)]
    dimensions = [
        {"name": "channel", "categories": ["window", "online"]},
        {"name": "period", "categories": ["2026-07", "2026-08", "2026-09"]},
    ]
    units = [fixture.unit("city", None, None, "city", False)]
    for number, (name, zh) in enumerate(zip(NAMES, ZH_NAMES, strict=True)):
        bureau = fixture.unit(f"b{number}", "city", "bureaus", "department", False)
        units.append({**bureau, "title": {"en": f"Bureau of {name}", "zh-Hans": zh}})
        for place in range(1, 9):
            title = {"en": f"Office {place}, {name}", "zh-Hans": f"{zh}第{place}办事大厅"}
            office = fixture.unit(f"b{number}-{place}", f"b{number}", f"bureau {number} offices", "office", True)
            units.append({**office, "title": title})
    titles = {"en": "Part {}", "zh-Hans": "第{}部分"}
    branches = [
        {
            "id": f"p{part}",
            "title": {tag: text.format(part) for tag, text in titles.items()},
            "max": 25,
            "operator": "weighted_mean",
            "branches": [fixture.leaf(item, item, weight=w) for item, w in zip(own, (30, 30, 40), strict=True)],
        }
        for part, own in enumerate([items[n : n + 3] for n in range(0, 12, 3)], 1)
    ]
    total = {"en": "Satisfaction", "zh-Hans": "满意度"}
    tree = {"id": "root", "title": total, "operator": "sum_of_maxima", "branches": branches}
    scheme, plan = fixture.documents("2026 city", "service_events", "links", units, dimensions, {"tree": tree}, items)
    plan["weighting"]["method"] = "poststratify"
    cells = ["|".join(one) for one in product(*(one["categories"] for one in dimensions))]
    rng = random.Random(5)
    leaves = [one["id"] for one in units if one["scored"]]
    persons = [
        fixture.Person(rng.choice(cells), fixture.answers(rng, items, rng.randrange(4)), name)
        for place, name in enumerate(leaves)
        for _ in range(14 if place in (5, 20) else 36 + rng.randrange(20))
    ]
    dataset = fixture.dataset_of(plan, len(persons), items, "unit", None)
    for column in dataset["columns"]:
        column["labels"] = LEVELS
        column["title"] = {
            "en": f"How satisfied were you with the speed of the office ({column['name']})?",
            "zh-Hans": f"您对本次办事的办理速度是否满意（{column['name']}）？",
        }
    populations = {(name, cell): rng.randrange(400, 3000) for name in leaves for cell in cells}
    margins = [[name, cell, str(populations[name, cell])] for name in leaves for cell in cells]
    tables = {"margins.csv": [["unit", "cell", "population"], *margins], "entries.csv": [["unit", "entry", "value"]]}
    shown = [name for name in leaves if sum(one.unit == name for one in persons) >= 30]
    pools = {one["id"]: [name for name in shown if fixture.is_below(name, one["id"], units)] for one in units}
    return fixture.Wave(plan, scheme, dataset, persons, pools, tables, populations)
