"""Small waves, written as data inside the tests."""

import os
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from analysis.dataset import dataset_from_frame

POINTS = {"1": 0, "2": 25, "3": 50, "4": 75, "5": 100}
CUTS = [
    {"name": "excellent", "from": "90"},
    {"name": "good", "from": "80"},
    {"name": "fair", "from": "60"},
    {"name": "poor", "from": None},
]


def scheme_document(tree=None, *, trees=None, digits=2, **extra):
    """A scheme with a map, a combine and a grade step."""
    combine = {"op": "combine"} | ({"tree": tree} if tree else {}) | ({"trees": trees} if trees else {})
    steps = [{"op": "map", "points": dict(POINTS), "satisfied": [4, 5]}, combine, {"op": "grade", "cuts": CUTS}]
    return {
        "format": "minyi-scheme/1",
        "id_name": "test",
        "title": {"en": "Test"},
        "steps": steps,
        "rounding": {"digits": digits, "mode": "half_up"},
        "confidence": "95",
    } | extra


def mean_tree(items, *, id="service"):
    """Equal weights over items."""
    branches = [{"id": f"{id}-{item}", "item": item, "weight": 1} for item in items]
    return {"id": id, "operator": "weighted_mean", "policy": "normalise", "branches": branches}


def unit_rows(leaves, *, parent="city", peer_group="windows"):
    """A city over scored leaves."""
    top = [{"id": parent, "parent": None, "peer_group": None, "kind": "city", "scored": False, "title": {}}]
    return top + [
        {"id": leaf, "parent": parent, "peer_group": peer_group, "kind": "window", "scored": True, "title": {}}
        for leaf in leaves
    ]


def plan_document(
    units, *, method="poststratify", dimensions=(), minimum_class=10, minimum_n=30, participation="links"
):
    """A plan with one-letter defaults."""
    return {
        "format": "minyi-plan/1",
        "wave": "w1",
        "title": {"en": "Wave"},
        "population": "service_events",
        "participation": participation,
        "units": units,
        "weighting": {
            "method": method,
            "dimensions": [{"name": name, "categories": list(categories)} for name, categories in dimensions],
            "minimum_class": minimum_class,
        },
        "minimum_n": minimum_n,
    }


class ServiceWave:
    """A post-stratified wave of service events: leaves x channel x period, with points x days as PSUs."""

    def __init__(self, *, leaves=4, per_leaf=120, items=3, seed=7, psu=True, **plan):
        rng = np.random.default_rng(seed)
        self.leaves = [f"u{number:02d}" for number in range(leaves)]
        self.items = [f"q{number}" for number in range(items)]
        dimensions = [("channel", ["window", "online"]), ("period", ["2026-07", "2026-08", "2026-09"])]
        n = leaves * per_leaf
        unit = np.repeat(self.leaves, per_leaf)
        level = rng.normal(3.4, 0.5, size=leaves).repeat(per_leaf)
        columns = {"unit": unit}
        columns["channel"] = rng.choice(["window", "online"], size=n, p=[0.7, 0.3])
        columns["period"] = rng.choice(dimensions[1][1], size=n, p=[0.5, 0.4, 0.1])
        if psu:
            columns["psu"] = np.char.add(np.char.add(unit, "-"), rng.integers(0, 12, size=n).astype(str))
            level = level + rng.normal(0, 0.4, size=12)[np.char.rpartition(columns["psu"], "-")[:, 2].astype(int)]
        for item in self.items:
            answer = np.clip(np.rint(rng.normal(level, 1.0)), 1, 5).astype(np.int8)
            columns[item] = np.where(rng.random(n) < 0.1, rng.choice([-1, -2, -4], size=n), answer).astype(np.int8)
        self.frame = pd.DataFrame(columns)
        self.description = {
            "wave": "w1",
            "population": "service_events",
            "unit_column": "unit",
            "item_units": None,
            "cell_columns": ["channel", "period"],
            "psu_column": "psu" if psu else None,
        }
        self.plan = plan_document(unit_rows(self.leaves), dimensions=dimensions, **plan)
        self.scheme = scheme_document(mean_tree(self.items))
        self.margins = [
            {"unit": leaf, "cell": [channel, period], "population": int(rng.integers(50, 900))}
            for leaf in self.leaves
            for channel in ("window", "online")
            for period in dimensions[1][1]
        ]

    @property
    def dataset(self):
        """The dataset of the frame as it is now."""
        return dataset_from_frame(self.frame, self.description)


class ResidentWave:
    """A raked wave of residents: two units judged by every respondent, with items of their own."""

    def __init__(self, *, n=400, seed=11, **plan):
        rng = np.random.default_rng(seed)
        self.frame = pd.DataFrame(
            {
                "sex": rng.choice(["male", "female"], size=n, p=[0.4, 0.6]),
                "age": rng.choice(["young", "middle", "old"], size=n, p=[0.1, 0.4, 0.5]),
                **{
                    item: np.where(
                        rng.random(n) < 0.3, -4, np.clip(np.rint(rng.normal(3.3, 1.1, size=n)), 1, 5)
                    ).astype(np.int8)
                    for item in ("p1", "p2", "s1")
                },
            }
        )
        self.description = {
            "wave": "w2",
            "population": "residents",
            "unit_column": None,
            "item_units": {"p1": "police", "p2": "police", "s1": "streets"},
            "cell_columns": ["sex", "age"],
            "psu_column": None,
        }
        dimensions = [("sex", ["male", "female"]), ("age", ["young", "middle", "old"])]
        arguments = {"method": "rake", "participation": "sample"} | plan
        self.plan = plan_document(unit_rows(["police", "streets"]), dimensions=dimensions, **arguments)
        trees = {"police": mean_tree(["p1", "p2"], id="police"), "streets": mean_tree(["s1"], id="streets")}
        self.scheme = scheme_document(trees=trees)
        targets = {"sex": {"male": 490, "female": 510}, "age": {"young": 300, "middle": 400, "old": 300}}
        self.margins = [
            {"dimension": name, "category": category, "population": population}
            for name, categories in targets.items()
            for category, population in categories.items()
        ]

    @property
    def dataset(self):
        """The dataset of the frame as it is now."""
        return dataset_from_frame(self.frame, self.description)


@pytest.fixture
def service_wave():
    """Builds a post-stratified wave."""
    return ServiceWave


@pytest.fixture
def resident_wave():
    """Builds a raked wave."""
    return ResidentWave


@pytest.fixture
def make_scheme():
    """Builds a scheme document."""
    return scheme_document


@pytest.fixture
def make_plan():
    """Builds a plan document from leaves."""

    def build(leaves, **arguments):
        return plan_document(unit_rows(leaves), **arguments)

    return build


@pytest.fixture
def given_folder():
    """Finds a folder of given data, or skips with the reason."""
    root = Path(__file__).resolve().parents[2]
    base = (root / os.environ.get("MINYI_TEST_DATA", "../shared")).resolve()

    def find(name):
        folder = base / name
        if not folder.is_dir():
            pytest.skip(f"the given data are not at {folder} (MINYI_TEST_DATA)")
        return folder

    return find
