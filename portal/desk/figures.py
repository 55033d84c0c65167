"""The main figures of a finished run, read from its table for whoever must decide on them."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class UnitFigures:
    """One unit of the plan with its figures as they would be published; texts, since they are rounded for good."""

    unit_id: str
    title: Mapping[str, str]
    scored: bool
    figures: Mapping[str, str]

    @property
    def is_shown(self) -> bool:
        """Whether it has a score: a unit with too few answers has only its n."""
        return "score" in self.figures


def grade_titles(scheme: Mapping[str, Any]) -> dict[str, Mapping[str, str]]:
    """The grades of a scheme in words; those without a title stay as they are named."""
    cuts = [cut for step in scheme["steps"] if step["op"] == "grade" for cut in step["cuts"]]
    return {cut["name"]: cut["title"] for cut in cuts if cut.get("title")}


def read_figures(folder: Path, plan: Mapping[str, Any]) -> list[UnitFigures]:
    """The rows of figures.csv that speak of whole units, in the order of the plan; none where there is no table."""
    path = folder / "figures.csv"
    if not path.is_file():
        return []
    found: dict[str, dict[str, str]] = {}
    with path.open(encoding="utf-8", newline="") as stream:
        for row in csv.DictReader(stream):
            if row["subject"] == "" and row["unit"]:
                found.setdefault(row["unit"], {})[row["statistic"]] = row["value"]
    return [
        UnitFigures(entry["id"], entry["title"], entry["scored"], found[entry["id"]])
        for entry in plan["units"]
        if entry["id"] in found
    ]
