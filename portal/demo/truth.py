"""What is really the case in the invented city: traffic, willingness to answer, and the exact means behind the answers.

An answer to item j in a cell (office, channel, month) is a level of z = mu + o_j + a*u + b*r + c*e with independent
standard normal u (place and day), r (respondent) and e (answer), a² + b² + c² = 1. So z - mu - o_j is standard normal,
and the mean points of a cell follow from the normal distribution function: nothing is simulated to know the truth.
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from statistics import NormalDist
from typing import Any

from .city import CHANNELS, Office, document, offices

SEED = 20260701
MONTHS = ("2026-07", "2026-08", "2026-09")
ITEMS = ("overall", "efficiency", "guidance", "attitude", "environment", "usability")
MINIMUM_N = 30  # units with fewer answers are not shown
CUTS = (-2.0, -1.5, -0.75, 0.25)  # between the levels 1|2, 2|3, 3|4 and 4|5
SPREAD = (0.25, 0.75, 0.6123724356957945)  # a, b, c

TRAFFIC = {"window": 0.42, "hall": 0.14, "online": 0.36, "phone": 0.08}  # share of transactions
SEASON = dict(zip(MONTHS, (1.0, 0.85, 1.15), strict=True))
WILLING = {"window": 0.22, "hall": 0.15, "online": 0.08, "phone": 0.18}  # who rates, by channel ...
EAGER = dict(zip(MONTHS, (0.8, 1.0, 1.25), strict=True))  # ... and by month: people were reminded
BY_CHANNEL = {"window": 0.30, "hall": -0.10, "online": -0.55, "phone": 0.05}  # effects on mu
BY_MONTH = dict(zip(MONTHS, (0.0, -0.20, 0.05), strict=True))
OFFSETS = dict(zip(ITEMS, (0.10, -0.15, 0.0, 0.25, 0.30, -0.25), strict=True))
ANSWERED: dict[str, dict[str, float]] = {  # how likely an item applies and is answered, whatever the answer
    "overall": dict.fromkeys(CHANNELS, 1.0),
    "efficiency": dict.fromkeys(CHANNELS, 0.97),
    "guidance": dict.fromkeys(CHANNELS, 0.95),
    "attitude": {"window": 0.98, "hall": 0.55, "online": 0.25, "phone": 0.98},
    "environment": {"window": 0.97, "hall": 0.97, "online": 0.0, "phone": 0.0},
    "usability": {"window": 0.20, "hall": 0.92, "online": 0.97, "phone": 0.0},
}


@dataclass(frozen=True)
class Cell:
    """One office, channel and month: transactions, how many of them were rated at scale 1, and the centre of z."""

    office: str
    channel: str
    month: str
    population: int
    rated: float
    centre: float

    @property
    def key(self) -> str:
        return f"{self.channel}|{self.month}"

    def n_answers(self, scale: float) -> int:
        return min(round(self.rated * scale), self.population)


@lru_cache(maxsize=1)
def cells() -> tuple[Cell, ...]:
    """Every cell of the plan, empty ones included, the same on every machine."""
    return tuple(cell for office in offices() for cell in _office_cells(office))


def _office_cells(office: Office) -> list[Cell]:
    rng = random.Random(f"{SEED}/{office.id}")
    quality = rng.uniform(-0.35, 1.0)
    shares = {one: TRAFFIC[one] * rng.lognormvariate(0, 0.25) for one in CHANNELS}
    effects = {one: BY_CHANNEL[one] + rng.gauss(0, 0.12) for one in CHANNELS}
    willing = {one: WILLING[one] * rng.lognormvariate(0, 0.2) for one in CHANNELS}
    offered = sum(shares[one] for one in office.channels)
    found = []
    for channel in CHANNELS:
        for month in MONTHS:
            traffic = office.monthly * SEASON[month] * shares[channel] / offered
            population = round(traffic) if channel in office.channels else 0
            centre = quality + effects[channel] + BY_MONTH[month] + rng.gauss(0, 0.05)
            rated = population * willing[channel] * EAGER[month]
            found.append(Cell(office.id, channel, month, population, rated, centre))
    return found


def levels(centre: float, item: str) -> list[float]:
    """The probability of each of the levels 1 to 5."""
    below = [NormalDist(centre + OFFSETS[item]).cdf(cut) for cut in CUTS]
    return [high - low for low, high in zip([0.0, *below], [*below, 1.0], strict=True)]


def item_mean(cell: Cell, item: str) -> float:
    """True mean points of an item in a cell."""
    return sum(share * worth for share, worth in zip(levels(cell.centre, item), level_points(), strict=True))


@lru_cache(maxsize=1)
def level_points() -> tuple[int, ...]:
    """The scheme's points of the levels 1 to 5."""
    points = next(step["points"] for step in document("scheme.json")["steps"] if step["op"] == "map")
    return tuple(points[str(level)] for level in range(1, 6))


def item_weights() -> dict[str, float]:
    """What each item's mean counts for in the score, by the scheme's tree."""
    tree = next(step["tree"] for step in document("scheme.json")["steps"] if step["op"] == "combine")
    return dict(_leaves(tree, 1.0))


def _leaves(node: Mapping[str, Any], factor: float) -> Iterable[tuple[str, float]]:
    if "item" in node:
        yield node["item"], factor
    for branch in node.get("branches", ()):
        yield from _leaves(branch, factor * (branch.get("max") or branch.get("weight")) / 100)


def true_score(wanted: Iterable[Cell]) -> dict[str, float]:
    """Item means and score of all transactions in these cells, with the key `score`."""
    chosen = [cell for cell in wanted if cell.population]
    means = {}
    for item in ITEMS:
        base = [(cell.population * ANSWERED[item][cell.channel], cell) for cell in chosen]
        means[item] = sum(share * item_mean(cell, item) for share, cell in base) / sum(share for share, _ in base)
    return means | {"score": sum(weight * means[item] for item, weight in item_weights().items())}


def truth_document(scale: float) -> dict[str, Any]:
    """The truth of every office, department and the city, and of every cell, to compare published figures with.

    Departments and the city pool the offices that can be shown: those with enough answers.
    """
    counts = {office.id: 0 for office in offices()}
    for cell in cells():
        counts[cell.office] += cell.n_answers(scale)
    shown = {office.id for office in offices() if counts[office.id] >= MINIMUM_N}
    parts = {office.id: {office.id} for office in offices()}
    for office in offices():
        parts.setdefault(office.department, set()).add(office.id)
    parts[document("city.json")["id"]] = set(counts)
    units = {}
    for name, inside in parts.items():
        pooled = inside & shown
        if pooled:
            figures = true_score(cell for cell in cells() if cell.office in pooled)
            n = sum(counts[one] for one in pooled)
            units[name] = {"n": n} | {key: round(value, 4) for key, value in figures.items()}
    return {
        "note": "Made by the demonstration. Nobody said this: the answers were drawn from these means.",
        "seed": SEED,
        "scale": scale,
        "units": units,
        "cells": [_cell_document(cell, scale) for cell in cells() if cell.population],
    }


def _cell_document(cell: Cell, scale: float) -> dict[str, Any]:
    means = {item: round(item_mean(cell, item), 4) for item in ITEMS if ANSWERED[item][cell.channel]}
    return {
        "unit": cell.office,
        "cell": cell.key,
        "population": cell.population,
        "answers": cell.n_answers(scale),
        "means": means,
    }
