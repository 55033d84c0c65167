"""Small consistent releases of made-up respondents: a post-stratified service wave and a raked residents wave."""

from __future__ import annotations

import random
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from itertools import product
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from release_seal import built, public_hex, questionnaire, sealed, sign_again, table_text
from row_figures import (
    POINTS,
    Person,
    Wave,
    class_rows,
    count_rows,
    figures,
    items_of,
    leaves_of,
    of_unit,
    printed,
    product_rows,
)

from survey.canonical import content_id, sha256_hex

Files = dict[str, bytes]
__all__ = ["built", "make_release", "public_hex", "sign_again"]
CATEGORIES = ["over_quota", "quarantined", "superseded", "withdrawn", "spoiled", "canary", "test"]
ITEM_TITLES = {"en": "How satisfied | were you with {}?", "zh-Hans": "您对{}是否满意？"}
CUTS = [
    {"name": "excellent", "from": "80", "title": {"en": "Excellent", "zh-Hans": "优秀"}},
    {"name": "good", "from": "60", "title": {"en": "Good", "zh-Hans": "良好"}},
    {"name": "poor", "from": None, "title": {"en": "Poor", "zh-Hans": "较差"}},
]


def make_release(kind: str, key: Ed25519PrivateKey) -> Files:
    """Return the files of a consistent signed release: ``service``, ``residents`` or ``plain``."""
    waves = {"service": service_wave, "residents": residents_wave, "plain": plain_wave}
    return write_release(waves[kind](), key)


def service_wave() -> Wave:
    dimensions = [
        {"name": "channel", "categories": ["window", "online"]},
        {"name": "period", "categories": ["2026-07", "2026-08"]},
    ]
    units = [unit("city", None, None, "city", False)]
    for department in ("alpha", "beta"):
        units.append(unit(department, "city", "departments", "department", False))
        units += [unit(f"{department}-{n}", department, f"{department} offices", "office", True) for n in (1, 2, 3)]
    units.append(unit("beta-4", "beta", "beta offices", "office", True))
    items = ["q_speed", "q_manner", "q_result"]
    scheme, plan = documents(
        "2026 service wave", "service_events", "links", units, dimensions, {"tree": service_tree()}, items
    )
    plan["weighting"].update(method="poststratify", minimum_class=16)
    rng, persons = random.Random(7), []
    cells = ["|".join(one) for one in product(["window", "online"], ["2026-07", "2026-08"])]
    leaves = [one["id"] for one in units if one["scored"]]
    populations = {(name, cell): rng.randrange(50, 300) for name in leaves for cell in cells}
    for place, name in enumerate(leaves):
        for _ in range(12 if name == "beta-4" else 32 + 3 * place):
            cell = rng.choice([*cells, "window|2026-07", "online|2026-08"])
            persons.append(Person(cell, answers(rng, items, 1 + place % 3), name))
    dataset = dataset_of(plan, len(persons), items, "unit", None)
    pools = {one["id"]: [name for name in leaves if is_below(name, one["id"], units)] for one in units}
    margins = [[name, cell, str(populations[name, cell])] for name in leaves for cell in cells]
    tables = {"margins.csv": [["unit", "cell", "population"], *margins]}
    shown = [name for name in leaves if sum(one.unit == name for one in persons) >= 30]
    entries = [[one["id"], "audit", f"{rng.randrange(6000, 9999) / 100}"] for one in units if one["id"] != "beta-4"]
    tables["entries.csv"] = [["unit", "entry", "value"], *entries]
    pools = {name: [one for one in pool if one in shown] for name, pool in pools.items()}
    return Wave(plan, scheme, dataset, persons, pools, tables, populations)


def service_tree() -> dict[str, Any]:
    """Return a tree with both operators, one nested in the other, and an entered figure."""
    return {
        "id": "root",
        "title": {"en": "Service", "zh-Hans": "服务"},
        "operator": "sum_of_maxima",
        "branches": [
            {
                "id": "contact",
                "title": {"en": "Contact", "zh-Hans": "接待"},
                "max": 60,
                "operator": "sum_of_maxima",
                "branches": [leaf("speed", "q_speed", max=35), leaf("manner", "q_manner", max=25)],
            },
            {
                "id": "outcome",
                "title": {"en": "Outcome"},
                "max": 40,
                "operator": "weighted_mean",
                "policy": "normalise",
                "branches": [
                    leaf("result", "q_result", weight=2),
                    {"id": "audited", "title": {"en": "Audit"}, "entry": "audit", "weight": 1},
                ],
            },
        ],
    }


def residents_wave() -> Wave:
    dimensions = [{"name": "sex", "categories": ["f", "m"]}, {"name": "age", "categories": ["18-39", "40-59", "60+"]}]
    units = [unit("city", None, None, "city", False)]
    units += [unit(name, "city", "bureaus", "department", True) for name in ("police", "parks", "transit")]
    judged = {f"q5_{n:02d}": ("police", "police", "parks", "parks", "transit")[n - 1] for n in range(1, 6)}
    trees = {}
    for name in ("police", "parks", "transit"):
        below = [leaf(item, item, weight=50) for item, owner in judged.items() if owner == name]
        branches = [{**one, "weight": 100 // len(below)} for one in below]
        trees[name] = {"id": "all", "title": {"en": "All"}, "operator": "weighted_mean", "branches": branches}
    scheme, plan = documents("2026 residents", "residents", "open", units, dimensions, {"trees": trees}, list(judged))
    plan["weighting"].update(method="rake", minimum_class=16)
    rng, people = random.Random(11), []
    cells = ["|".join(one) for one in product(["f", "m"], ["18-39", "40-59", "60+"])]
    for number in range(96):
        given = answers(rng, list(judged), 2)
        if number >= 34:
            given["q5_05"] = -1
        people.append(Person(rng.choice(cells), given))
    dataset = dataset_of(plan, len(people), list(judged), None, judged)
    margins = {("sex", "f"): 5100, ("sex", "m"): 4901, ("age", "18-39"): 4003, ("age", "40-59"): 3501}
    margins["age", "60+"] = 2497
    persons = []
    for name in trees:
        own = [item for item, owner in judged.items() if owner == name]
        seen = [one for one in people if any(one.answers[item] > 0 for item in own)]
        persons += [Person(one.cell, {item: one.answers[item] for item in own}, name) for one in seen]
    rows = []
    for (name, category), total in margins.items():
        whole = sum(n for (other, _), n in margins.items() if other == name)
        target = printed(Fraction(100 * total, whole), 3)
        drift = Decimal(rng.randrange(-900, 900)) / 1000
        rows.append([name, category, str(total), target, str(Decimal(target) + drift), f"{drift:.3f}"])
    head = ["dimension", "category", "population", "target_share", "achieved_share", "drift"]
    tables = {"margins.csv": [head, *rows], "entries.csv": [["unit", "entry", "value"]]}
    return Wave(plan, scheme, dataset, persons, {name: [name] for name in trees}, tables)


def plain_wave() -> Wave:
    """Return the residents wave drawn as a sample, ranked and without any weighting."""
    wave = residents_wave()
    wave.plan["participation"] = "sample"
    wave.plan["weighting"] = {"method": "none", "dimensions": [], "minimum_class": 10}
    wave.dataset["cell_columns"] = []
    wave.tables["margins.csv"] = [["unit", "cell", "population"]]
    for person in wave.persons:
        person.cell = ""
    return wave


def unit(name: str, parent: str | None, group: str | None, kind: str, scored: bool) -> dict[str, Any]:
    title = {"en": f"{name.title()} unit", "zh-Hans": f"{name} 单位"}
    return {"id": name, "parent": parent, "peer_group": group, "kind": kind, "scored": scored, "title": title}


def leaf(name: str, item: str, **size: int) -> dict[str, Any]:
    return {"id": f"n_{name}", "title": {"en": name}, "item": item, **size}


def is_below(name: str | None, top: str, units: Sequence[Mapping[str, Any]]) -> bool:
    parents = {one["id"]: one["parent"] for one in units}
    while name is not None and name != top:
        name = parents[name]
    return name == top


def answers(rng: random.Random, items: Iterable[str], level: int) -> dict[str, int]:
    codes, weights = [1, 2, 3, 4, 5, -1, -2, -3, -4, -5], [1, 1, 2, 2 + level, 3 + level, 0.3, 0.5, 0.4, 0.4, 0.3]
    return {item: rng.choices(codes, weights)[0] for item in items}


def documents(
    wave: str,
    population: str,
    participation: str,
    units: list[dict[str, Any]],
    dimensions: list[dict[str, Any]],
    trees: dict[str, Any],
    items: list[str],
) -> tuple[dict[str, Any], dict[str, Any]]:
    points = {str(code): value for code, value in POINTS.items()}
    steps = [
        {"op": "map", "points": points, "satisfied": [4, 5]},
        {"op": "combine", **trees},
        {"op": "grade", "cuts": CUTS},
    ]
    rounding = {"digits": 2, "mode": "half_up"}
    title = {"en": "Service rating", "zh-Hans": "服务评价"}
    scheme = {"format": "minyi-scheme/1", "id_name": "service-rating", "title": title, "steps": steps}
    scheme.update(rounding=rounding, confidence="95")
    plan = {
        "format": "minyi-plan/1",
        "wave": wave,
        "title": {"en": f"Satisfaction, {wave}", "zh-Hans": "满意度调查"},
        "population": population,
        "questionnaire": content_id(questionnaire(items)),
        "scheme": content_id(scheme),
        "participation": participation,
        "opens_on": "2026-07-01",
        "closes_on": "2026-08-31",
        "units": units,
        "weighting": {"method": "none", "dimensions": dimensions, "minimum_class": 10},
        "minimum_n": 30,
    }
    return scheme, plan


def dataset_of(
    plan: Mapping[str, Any], n: int, items: list[str], unit_column: str | None, judged: dict[str, str] | None
) -> dict[str, Any]:
    columns = [
        {"name": item, "role": "item", "labels": {}, "title": {k: v.format(item) for k, v in ITEM_TITLES.items()}}
        for item in items
    ]
    excluded = {"duplicate_device": 2, "unknown_class": 3}
    ledger = {"counted": n, **{name: place for place, name in enumerate(CATEGORIES)}, "excluded": excluded}
    ledger["received"] = n + sum(range(len(CATEGORIES))) + 5
    return {
        "format": "minyi-dataset/1",
        "wave": plan["wave"],
        "population": plan["population"],
        "questionnaire": plan["questionnaire"],
        "n_rows": n,
        "parquet_sha256": sha256_hex(b"parquet"),
        "columns": columns,
        "unit_column": unit_column,
        "item_units": judged,
        "cell_columns": [one["name"] for one in plan["weighting"]["dimensions"]],
        "psu_column": "psu" if unit_column else None,
        "ledger": ledger,
    }


def write_release(wave: Wave, key: Ed25519PrivateKey) -> Files:
    """Return all files, signed."""
    shown = {name: persons for name in leaves_of(wave) if len(persons := of_unit(wave, name)) >= 30}
    classes = [row for name, persons in shown.items() for row in class_rows(wave, name, persons)]
    wave.tables["classes.csv"] = [["unit", "class", "cells", "n", "population", "weight"], *classes]
    wave.tables["counts.csv"] = [["unit", "class", "item", "code", "n"]]
    wave.tables["products.csv"] = [["unit", "class", "item_a", "item_b", "n", "sum_a", "sum_b", "sum_ab"]]
    for name, label, *_ in classes:
        inside = [one for one in shown[name] if one.label == label]
        wave.tables["counts.csv"] += [[name, label, *row] for row in count_rows(inside, items_of(wave, name))]
        wave.tables["products.csv"] += [[name, label, *row] for row in product_rows(inside, items_of(wave, name))]
    figures(wave, shown)
    ledger = {**wave.dataset["ledger"], "excluded": sum(wave.dataset["ledger"]["excluded"].values())}
    order = ["received", "counted", *CATEGORIES, "excluded"]
    wave.tables["ledger.csv"] = [["category", "n"], *([name, str(ledger[name])] for name in order)]
    excluded = wave.dataset["ledger"]["excluded"].items()
    wave.tables["exclusions.csv"] = [["reason", "n"], *([name, str(n)] for name, n in excluded)]
    return sealed(wave, {name: table_text(rows) for name, rows in wave.tables.items()}, key)
