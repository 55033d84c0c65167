"""Made-up waves of every shape a plan and a scheme allow, each from one seed: what `analysis.run.score` takes."""

from __future__ import annotations

import random
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any

import pandas as pd

from survey.canonical import content_id, sha256_hex

Rows = list[dict[str, Any]]
MISSING = [-1, -2, -3, -4, -5]
CATEGORIES = ["窗口", "on-line", 'by "post"', "a, b", "2026-07", "élan", "60+"]
TITLES = [{"zh-Hans": "办税大厅 | 一号\n窗口"}, {"en": "Hall, the “old” one"}, {"ar": "قاعة"}, {}, {"en": "Counter"}]
LEDGER = ["over_quota", "quarantined", "superseded", "withdrawn", "spoiled", "canary", "test"]


@dataclass
class Made:
    """The inputs of a scoring run."""

    plan: dict[str, Any]
    scheme: dict[str, Any]
    description: dict[str, Any]
    frame: pd.DataFrame
    margins: Rows
    entries: Rows


def made_wave(seed: int) -> Made:
    """A wave of a random shape; the same seed gives the same wave."""
    rng = random.Random(seed)
    many = rng.random() < 0.3
    method = rng.choice(["poststratify", "poststratify", "rake", "none"])
    dimensions = _dimensions(rng, method)
    units = _units(rng)
    leaves = [one["id"] for one in units if one["scored"]]
    items = {leaf: [f"q{place}_{n}" for n in range(rng.randint(1, 3))] for place, leaf in enumerate(leaves)}
    if not many:
        asked = [f"q{n}" for n in range(rng.randint(1, 3))]
        items = dict.fromkeys(leaves, asked)
    scheme = _scheme(rng, units, items, many)
    frame = _frame(rng, leaves, items, _codes(scheme), dimensions, many)
    minimum = rng.randint(2, 4)
    plan = {
        "format": "minyi-plan/1",
        "wave": f"wave {seed}",
        "title": rng.choice(TITLES[:3]),
        "population": "residents" if many else rng.choice(["service_events", "customers", "roster"]),
        "questionnaire": "",
        "scheme": content_id(scheme),
        "participation": rng.choice(["open", "links", "sample", "roster"]),
        "opens_on": "2026-07-01",
        "closes_on": "2026-08-31",
        "units": units,
        "weighting": {"method": method, "dimensions": dimensions, "minimum_class": minimum},
        "minimum_n": minimum + rng.randint(0, 5),
    }
    judged = {item: leaf for leaf in leaves for item in items[leaf]} if many else None
    description = _description(rng, plan, frame, sorted({name for some in items.values() for name in some}), judged)
    margins = _margins(rng, plan, frame, leaves, many)
    return Made(plan, scheme, description, frame, margins, _entries(rng, scheme, units))


def _dimensions(rng: random.Random, method: str) -> Rows:
    shape = rng.choice([[1], [2], [3], [2, 2], [3, 2], [2, 2, 2], [5, 4], [7, 3, 2]])
    if method == "none" and rng.random() < 0.6:
        shape = []
    if method == "rake":
        shape = shape[:2]
    return [
        {"name": f"dimension {place}", "source": "channel", "categories": rng.sample(CATEGORIES, size)}
        for place, size in enumerate(shape)
    ]


def _units(rng: random.Random) -> Rows:
    """A forest with scored units at any depth, some of them above others, in any order."""
    units: Rows = []
    for place in range(rng.randint(1, 7)):
        above = rng.choice([None, *(one["id"] for one in units)]) if units else None
        group = rng.choice([None, "offices", "offices", "windows", "alone" if place == 0 else "offices"])
        units.append(
            {
                "id": rng.choice([f"unit-{place}", f"单位{place}", f"office, {place}"]),
                "parent": above,
                "peer_group": group,
                "kind": "office",
                "scored": False,
                "title": rng.choice(TITLES),
            }
        )
    above_some = {one["parent"] for one in units}
    for one in units:
        one["scored"] = (one["id"] not in above_some and rng.random() < 0.9) or rng.random() < 0.15
    if not any(one["scored"] for one in units):
        units[-1]["scored"] = True
    rng.shuffle(units)
    return units


def _scheme(rng: random.Random, units: Rows, items: Mapping[str, list[str]], many: bool) -> dict[str, Any]:
    points = rng.choice(
        [
            {"1": 0, "2": 25, "3": 50, "4": 75, "5": 100},
            {"0": 0, "1": 33, "2": 67, "3": 100},
            {"1": 100, "2": 0},
            {str(code): 7 * code for code in range(11)},
            {"1": 0, "2": 0, "127": 100},
        ]
    )
    leaves = [one["id"] for one in units if one["scored"]]
    combine: dict[str, Any] = {"op": "combine"}
    if many:
        combine["trees"] = {leaf: _tree(rng, items[leaf]) for leaf in leaves}
    else:
        combine["tree"] = _tree(rng, items[leaves[0]])
        asked = items[leaves[0]]
        own = {one["id"]: _tree(rng, rng.choice([asked, asked[:1]])) for one in units if rng.random() < 0.12}
        if rng.random() < 0.1:
            own = dict.fromkeys(leaves, combine["tree"]) | own
            del combine["tree"]
        if own:
            combine["trees"] = own
    steps = [{"op": "map", "points": points, "satisfied": [int(list(points)[-1])]}, combine]
    if rng.random() < 0.8:
        names = [{"name": "good", "from": "72.5", "title": {"en": "Good"}}, {"name": "fair", "from": "40"}]
        steps.append({"op": "grade", "cuts": [*names, {"name": "poor", "from": None, "title": {"zh-Hans": "较差"}}]})
    scheme: dict[str, Any] = {
        "format": "minyi-scheme/1",
        "id_name": "made",
        "title": {"en": "Made up"},
        "steps": steps,
        "rounding": {"digits": rng.choice([0, 1, 2, 2, 2, 4, 6]), "mode": "half_up"},
        "confidence": rng.choice(["95", "90", "50", "99.9"]),
    }
    return scheme | ({"rank_open": rng.random() < 0.5} if rng.random() < 0.3 else {})


def _tree(rng: random.Random, items: Sequence[str]) -> dict[str, Any]:
    leaves: Rows = [{"item": item} for item in items]
    if rng.random() < 0.15:
        leaves.append({"item": items[0]})
    leaves += [{"entry": name} for name in ("audit", "duties") if rng.random() < 0.2]
    if rng.random() < 0.02:
        leaves = [{"entry": "audit"}]
    leaves = [{"id": f"n{place}", "title": {"en": f"Part {place}"}, **one} for place, one in enumerate(leaves)]
    if len(leaves) > 2 and rng.random() < 0.5:
        leaves = [_node(rng, "inner", leaves[:2]), *leaves[2:]]
    return leaves[0] if len(leaves) == 1 and rng.random() < 0.5 else _node(rng, "top", leaves)


def _node(rng: random.Random, name: str, branches: Rows) -> dict[str, Any]:
    operator, key = rng.choice([("sum_of_maxima", "max"), ("weighted_mean", "weight")])
    sizes = [rng.randint(1, 40) for _ in branches]
    node = {"id": name, "title": {}, "operator": operator, "policy": "normalise"}
    if rng.random() < 0.3 and name == "top":
        sizes[-1] = 100 - sum(sizes[:-1])
        del node["policy"]
    if min(sizes) < 1:
        return _node(rng, name, branches)
    return {**node, "branches": [{**one, key: size} for one, size in zip(branches, sizes, strict=True)]}


def _codes(scheme: Mapping[str, Any]) -> list[int]:
    return [int(code) for code in scheme["steps"][0]["points"]]


def _frame(
    rng: random.Random,
    leaves: Sequence[str],
    items: Mapping[str, list[str]],
    codes: list[int],
    dimensions: Rows,
    many: bool,
) -> pd.DataFrame:
    """Respondents; units of no, few and many; items that nobody answers, and items that all answer alike."""
    sizes = {leaf: rng.choice([0, 1, 4, 7, 12, 30, 30, 60]) for leaf in leaves}
    owners = [None] * rng.choice([0, 3, 20, 60, 60]) if many else [leaf for leaf in leaves for _ in range(sizes[leaf])]
    names = sorted({name for some in items.values() for name in some})
    silent = {(leaf, name) for leaf in [*leaves, None] for name in names if rng.random() < 0.06}
    alike = {name for name in names if rng.random() < 0.05}
    silent |= {(leaf, name) for name in names if rng.random() < 0.04 for leaf in leaves}
    share = rng.choice([0.0, 0.1, 0.5])
    rows = []
    for owner in owners:
        row: dict[str, Any] = {name: rng.choice(codes[:1] if name in alike else codes) for name in names}
        row |= {name: rng.choice(MISSING) for name in names if (owner, name) in silent or rng.random() < share}
        row |= {one["name"]: rng.choice(one["categories"] + one["categories"][:1] * 3) for one in dimensions}
        row |= {"unit": owner, "psu": rng.choice([None, "p1", "p2", "p3"])}
        rows.append(row)
    frame = pd.DataFrame(rows, columns=[*names, *(one["name"] for one in dimensions), "unit", "psu"])
    frame = frame.astype(dict.fromkeys(names, "int8") | dict.fromkeys(list(frame.columns)[len(names) :], "object"))
    if rng.random() < 0.2:
        frame["psu"] = "only"
    return frame.drop(columns="unit") if many else frame


def _description(
    rng: random.Random, plan: dict[str, Any], frame: pd.DataFrame, items: list[str], judged: dict[str, str] | None
) -> dict[str, Any]:
    texts = [{"en": "How | was it?", "zh-Hans": "您满意吗？"}, {}]
    columns = [{"name": item, "role": "item", "labels": {}, "title": rng.choice(texts)} for item in items]
    columns += [
        {"name": name, "role": "demographic", "labels": {}, "title": {}} for name in frame.columns[len(items) :]
    ]
    other = {name: rng.choice([0, 0, 3]) for name in LEDGER}
    excluded = {"unknown_class": 2, "same device, “twice”": 1} if rng.random() < 0.5 else {}
    received = len(frame) + sum(other.values()) + sum(excluded.values())
    return {
        "format": "minyi-dataset/1",
        "wave": plan["wave"],
        "population": plan["population"],
        "questionnaire": "",
        "n_rows": len(frame),
        "parquet_sha256": sha256_hex(b"table"),
        "columns": columns,
        "unit_column": None if judged else "unit",
        "item_units": judged,
        "cell_columns": [one["name"] for one in plan["weighting"]["dimensions"]],
        "psu_column": rng.choice(["psu", None]),
        "ledger": {"received": received, "counted": len(frame), **other, "excluded": excluded},
    }


def _margins(rng: random.Random, plan: dict[str, Any], frame: pd.DataFrame, leaves: Iterable[str], many: bool) -> Rows:
    dimensions, method = plan["weighting"]["dimensions"], plan["weighting"]["method"]
    if method == "rake":
        held = {(one["name"], category) for one in dimensions for category in frame[one["name"]]}
        pairs = [(one["name"], category) for one in dimensions for category in one["categories"]]
        return [
            {"dimension": name, "category": category, "population": rng.randint(300, 900) * ((name, category) in held)}
            for name, category in pairs
        ]
    if method == "none":
        return []
    names = [one["name"] for one in dimensions]
    rows = frame[names].itertuples(index=False, name=None)
    owners = [None] * len(frame) if many else list(frame["unit"])
    held = {(owner, cell) for owner, cell in zip(owners, rows, strict=True)}
    return [
        {"unit": leaf, "cell": "|".join(cell), "population": rng.randint(5, 900) if _is_held(leaf, cell, held) else few}
        for leaf in leaves
        for cell in product(*(one["categories"] for one in dimensions))
        for few in [rng.choice([0, 0, 40])]
    ]


def _is_held(leaf: str, cell: tuple[str, ...], held: set[Any]) -> bool:
    return (leaf, cell) in held or (None, cell) in held


def _entries(rng: random.Random, scheme: Mapping[str, Any], units: Rows) -> Rows:
    """Every figure for each scored unit, and for some of the others some figures."""
    combine = scheme["steps"][1]
    trees = [*combine.get("trees", {}).values(), *([combine["tree"]] if "tree" in combine else [])]
    names = [name for name in ("audit", "duties") if any(f"'entry': '{name}'" in str(tree) for tree in trees)]
    return [
        {"unit": one["id"], "entry": name, "value": rng.choice(["87.50", "0", "100", "33.333333", "61.005"])}
        for one in units
        for name in names
        if one["scored"] or rng.random() < 0.6
    ]
