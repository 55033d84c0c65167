"""From a made-up wave to a release: scored by `analysis`, written by the portal's own writer, sealed by the fixture."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from made_waves import Made
from release_seal import Files, questionnaire, sealed
from row_figures import Wave

from analysis.dataset import dataset_from_frame
from analysis.run import Scored, score
from portal.releases.run import write_tables
from survey.canonical import content_id

OWNER = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
UNITS = [("city", None, False), ("a", "city", True), ("b", "city", True), ("c", "city", True)]


def scored_wave(made: Made) -> Scored:
    """Score a wave; raises AnalysisError where it is refused."""
    dataset = dataset_from_frame(made.frame, made.description)
    return score(dataset, plan=made.plan, scheme=made.scheme, margins=made.margins, entries=made.entries)


def release_of(made: Made, scored: Scored, folder: Path) -> Files:
    """All files of the release of a scored wave; documents name one another by content, as the portal makes them."""
    items = [one["name"] for one in made.description["columns"] if one["role"] == "item"]
    asked = content_id(questionnaire(items))
    plan = {**made.plan, "questionnaire": asked, "scheme": content_id(made.scheme)}
    write_tables(folder, scored)
    tables = {path.name: path.read_bytes() for path in folder.glob("*.csv")}
    rows = {name: [list(header), *map(list, body)] for name, (header, body) in scored.tables().items()}
    wave = Wave(plan, made.scheme, {**made.description, "questionnaire": asked}, [], {}, rows)
    return sealed(wave, tables, OWNER)


def figures_of(scored: Scored) -> dict[tuple[str, ...], str]:
    return {row[:3]: row[3] for row in scored.figures}


def small_wave(**changes: Any) -> Made:
    """A city of three offices with two questions, eight answers each on two channels; `changes` replace whole parts."""
    rows = [
        {"unit": unit, "channel": ("window", "online")[n % 2], "q0": 1 + (n + place) % 5, "q1": 1 + n * n % 5}
        for place, unit in enumerate("abc")
        for n in range(8)
    ]
    frame = pd.DataFrame(rows).astype({"unit": object, "channel": object, "q0": "int8", "q1": "int8"})
    dimension = {"name": "channel", "categories": ["window", "online"]}
    plan = {
        "format": "minyi-plan/1",
        "wave": "small",
        "title": {"en": "Small"},
        "population": "service_events",
        "participation": "links",
        "opens_on": "2026-07-01",
        "closes_on": "2026-07-31",
        "units": [
            {
                "id": name,
                "parent": above,
                "peer_group": above,
                "kind": "office",
                "scored": judged,
                "title": {"en": name},
            }
            for name, above, judged in UNITS
        ],
        "weighting": {"method": "poststratify", "dimensions": [dimension], "minimum_class": 2},
        "minimum_n": 4,
    }
    margins = [
        {"unit": unit, "cell": cell, "population": 40 + 7 * place}
        for place, (unit, cell) in enumerate((unit, cell) for unit in "abc" for cell in dimension["categories"])
    ]
    made = Made(plan, scheme_of(mean_of("q0", "q1")), {}, frame, margins, [])
    return described(replace(made, **changes))


def described(made: Made) -> Made:
    """The wave with a dataset description that fits its frame."""
    items = [name for name in made.frame if name.startswith("q")]
    roles = {name: "item" if name in items else "demographic" for name in made.frame}
    n = len(made.frame)
    description = {
        "format": "minyi-dataset/1",
        "wave": made.plan["wave"],
        "population": made.plan["population"],
        "n_rows": n,
        "parquet_sha256": "0" * 64,
        "columns": [{"name": name, "role": role, "labels": {}, "title": {}} for name, role in roles.items()],
        "unit_column": "unit",
        "item_units": None,
        "cell_columns": [one["name"] for one in made.plan["weighting"]["dimensions"]],
        "psu_column": None,
        "ledger": {"received": n, "counted": n, **dict.fromkeys(PARTS, 0), "excluded": {}},
    }
    return replace(made, description=description)


PARTS = ("over_quota", "quarantined", "superseded", "withdrawn", "spoiled", "canary", "test")


def weighted(plan: Mapping[str, Any], method: str) -> dict[str, Any]:
    """The plan with another method of weighting."""
    changed = copy.deepcopy(dict(plan))
    changed["weighting"]["method"] = method
    return changed


def mean_of(*items: str, entry: str = "") -> dict[str, Any]:
    """A tree of equal weights over items, and an entered figure if one is named."""
    branches: list[dict[str, Any]] = [{"id": f"n_{item}", "item": item, "weight": 1} for item in items]
    branches += [{"id": "n_entry", "entry": entry, "weight": 1}] if entry else []
    return {"id": "top", "operator": "weighted_mean", "policy": "normalise", "branches": branches}


def scheme_of(tree: Mapping[str, Any] | None, *, digits: int = 2, **trees: Mapping[str, Any]) -> dict[str, Any]:
    """A five-level scheme with a tree for all, and trees of single units."""
    combine = {"op": "combine"} | ({"tree": tree} if tree else {}) | ({"trees": trees} if trees else {})
    points = {"1": 0, "2": 25, "3": 50, "4": 75, "5": 100}
    return {
        "format": "minyi-scheme/1",
        "id_name": "small",
        "title": {"en": "Small"},
        "steps": [{"op": "map", "points": points, "satisfied": [4, 5]}, combine],
        "rounding": {"digits": digits, "mode": "half_up"},
        "confidence": "95",
    }
