"""The released tables: headers, row order and printing."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Any

from analysis.dataset import LEDGER
from analysis.engine import MISSING_NAMES
from analysis.figures import ReleasedClass
from analysis.rounding import half_up
from analysis.weights import MarginShare

Row = tuple[str, ...]

HEADERS: Mapping[str, Row] = {
    "classes.csv": ("unit", "class", "cells", "n", "population", "weight"),
    "counts.csv": ("unit", "class", "item", "code", "n"),
    "products.csv": ("unit", "class", "item_a", "item_b", "n", "sum_a", "sum_b", "sum_ab"),
    "given.csv": ("unit", "name", "value"),
    "margins.csv": ("unit", "cell", "population"),
    "entries.csv": ("unit", "entry", "value"),
    "ledger.csv": ("category", "n"),
    "exclusions.csv": ("reason", "n"),
    "figures.csv": ("unit", "subject", "statistic", "value", "status"),
}
RAKE_MARGINS: Row = ("dimension", "category", "population", "target_share", "achieved_share", "drift")


def class_rows(classes: Iterable[ReleasedClass]) -> list[Row]:
    """Rows of classes.csv."""
    return [
        (c.unit, c.label, ";".join(c.cells), str(c.n), "" if c.population is None else str(c.population), str(c.weight))
        for c in classes
    ]


def count_rows(classes: Iterable[ReleasedClass], *, items: Mapping[str, Sequence[str]]) -> list[Row]:
    """Rows of counts.csv; items by unit. Valid codes upwards, then missing codes, nobody left out."""
    return [
        (c.unit, c.label, item, MISSING_NAMES.get(code, str(code)), str(n))
        for c in classes
        for item, answers in zip(items[c.unit], c.answers, strict=True)
        for code, n in answers.items()
        if n
    ]


def product_rows(
    classes: Iterable[ReleasedClass], *, items: Mapping[str, Sequence[str]], scored: Collection[str]
) -> list[Row]:
    """Rows of products.csv, every pair a <= b in scheme order; of two items only where a score is made from them."""
    return [
        (c.unit, c.label, items[c.unit][a], items[c.unit][b], *(str(value) for value in values))
        for c in classes
        for (a, b), values in c.products.items()
        if a == b or c.unit in scored
    ]


def rake_margin_rows(shares: Iterable[MarginShare]) -> list[Row]:
    """Rows of margins.csv of a raked wave; percent with three decimals, drift of the printed decimals."""
    rows: list[Row] = []
    totals: dict[str, int] = {}
    listed = list(shares)
    for share in listed:
        totals[share.dimension] = totals.get(share.dimension, 0) + share.population
    for share in listed:
        target = half_up(Fraction(100 * share.population, totals[share.dimension]), 3)
        achieved = half_up(Fraction(share.raked if share.official is None else share.official) * 100, 3)
        drift = half_up(Decimal(achieved) - Decimal(target), 3)
        rows.append((share.dimension, share.category, str(share.population), target, achieved, drift))
    return rows


def cell_margin_rows(populations: Mapping[str, Mapping[int, int]], *, names: Sequence[str]) -> list[Row]:
    """Rows of margins.csv of a post-stratified wave."""
    return [
        (unit, names[cell], str(population))
        for unit, cells in populations.items()
        for cell, population in cells.items()
    ]


def ledger_rows(ledger: Mapping[str, Any]) -> list[Row]:
    """Rows of ledger.csv: received first, then the parts it is the sum of."""
    excluded = sum((ledger.get("excluded") or {}).values())
    parts = [(name, ledger.get(name, 0)) for name in ("received", "counted", *LEDGER)]
    return [(name, str(n)) for name, n in [*parts, ("excluded", excluded)]]


def exclusion_rows(ledger: Mapping[str, Any]) -> list[Row]:
    """Rows of exclusions.csv, by reason."""
    return [(reason, str(n)) for reason, n in sorted((ledger.get("excluded") or {}).items())]
