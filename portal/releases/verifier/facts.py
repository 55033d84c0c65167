"""What the methodology statement says, drawn from the released inputs alone and ready to be put into words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Any

from portal.releases.verifier.rounding import rounded
from portal.releases.verifier.scheme import read_scheme
from portal.releases.verifier.sums import ClassSums, read_sums, scored_leaves
from portal.releases.verifier.tables import MISSING_CODES, Release, cell_labels, decimal_text, whole_number


def release_facts(release: Release) -> dict[str, Any]:
    """Return the facts of a release as plain values; the same inputs give the same facts."""
    leaves = read_sums(release)
    return {
        **_field_facts(release, leaves),
        **_response_facts(release),
        **_weighting_facts(release, leaves),
        "items": _item_facts(release, leaves),
        "units": [_unit_facts(release, unit, leaves[unit]) for unit in scored_leaves(release.plan) if unit in leaves],
        "steps": release.scheme["steps"],
        "rounding": release.scheme["rounding"],
        "trees": _tree_facts(release, leaves),
        "entries": _entry_facts(release),
        "precision": _precision_facts(release),
        "ids": {**release.ids, "parquet": release.dataset["parquet_sha256"]},
    }


def _field_facts(release: Release, leaves: Mapping[str, Sequence[ClassSums]]) -> dict[str, Any]:
    plan = release.plan
    scored = scored_leaves(plan)
    return {
        "title": plan["title"],
        "wave": plan["wave"],
        "population": plan["population"],
        "participation": plan["participation"],
        "opens_on": plan["opens_on"],
        "closes_on": plan["closes_on"],
        "minimum_n": plan["minimum_n"],
        "scored_n": len(scored),
        "shown_n": len(leaves),
        "hidden": [_titles(release)[unit] for unit in scored if unit not in leaves],
    }


def _response_facts(release: Release) -> dict[str, Any]:
    ledger = {row["category"]: whole_number(row["n"], "ledger.csv") for row in release.tables["ledger.csv"]}
    facts: dict[str, Any] = {
        "log": release.log["log"],
        "head": {"size": release.log["head"]["size"], "at": release.log["head"]["at"]},
        "modes": {name: release.log["leaves"][name] for name in ("response", "imported", "erased")},
        "ledger": ledger,
        "exclusions": [(row["reason"], row["n"]) for row in release.tables["exclusions.csv"]],
    }
    if release.method == "poststratify":
        total = sum(whole_number(row["population"], "margins.csv") for row in release.tables["margins.csv"])
        if total:
            facts["population_n"] = total
            facts["response_share"] = rounded(Fraction(100 * ledger["counted"], total), 2)
    return facts


def _weighting_facts(release: Release, leaves: Mapping[str, Sequence[ClassSums]]) -> dict[str, Any]:
    sizes = [len(row["cells"].split(";")) for row in release.tables["classes.csv"]]
    facts: dict[str, Any] = {
        "method": release.method,
        "dimensions": [{"name": name, "categories": categories} for name, categories in release.dimensions],
        "minimum_class": release.plan["weighting"]["minimum_class"],
        "cells_n": len(cell_labels(release.dimensions)),
        "classes_n": len(sizes),
        "collapsed_n": sum(size for size in sizes if size > 1),
        "weights": _span([rounded(Fraction(one.weight, 1000), 3) for some in leaves.values() for one in some]),
    }
    if release.method == "rake":
        given = {row["name"]: row["value"] for row in release.tables["given.csv"] if not row["unit"]}
        facts["raking"] = given
        facts["margin_totals"] = [
            (name, sum(int(row["population"]) for row in release.tables["margins.csv"] if row["dimension"] == name))
            for name, _ in release.dimensions
        ]
        drifts = [Decimal(decimal_text(row["drift"], "margins.csv")) for row in release.tables["margins.csv"]]
        facts["largest_drift"] = str(max((abs(drift) for drift in drifts), default=Decimal(0)))
    return facts


def _item_facts(release: Release, leaves: Mapping[str, Sequence[ClassSums]]) -> list[dict[str, Any]]:
    columns = {column["name"]: column for column in release.dataset["columns"]}
    judged = release.dataset["item_units"] or {}
    classes = [one for unit in scored_leaves(release.plan) for one in leaves.get(unit, [])]
    facts = []
    for item in dict.fromkeys(item for one in classes for item in one.counts):
        missing = {code: sum(one.counts.get(item, {}).get(code, 0) for one in classes) for code in MISSING_CODES}
        facts.append(
            {
                "name": item,
                "title": columns.get(item, {}).get("title") or {},
                "unit": _titles(release)[judged[item]] if item in judged else None,
                "valid": sum(one.valid_n(item) for one in classes),
                "missing": missing,
            }
        )
    return facts


def _unit_facts(release: Release, unit: str, classes: Sequence[ClassSums]) -> dict[str, Any]:
    populations = [one.population for one in classes if one.population is not None]
    weights = [rounded(Fraction(one.weight, 1000), 3) for one in classes]
    return {
        "id": unit,
        "title": _titles(release)[unit],
        "n": sum(one.n for one in classes),
        "population": sum(populations) if populations else None,
        "classes": len(classes),
        "weights": _span(weights),
        "weight_sum": rounded(Fraction(sum(one.weight * one.n for one in classes), 1000), 3),
    }


def _tree_facts(release: Release, leaves: Mapping[str, Sequence[ClassSums]]) -> list[dict[str, Any]]:
    """Return each tree in use once: the common one without a unit, the others with the unit that they score."""
    recipe = read_scheme(release.scheme)
    titles = _titles(release)
    withheld = set(scored_leaves(release.plan)) - leaves.keys()
    own = [unit for unit in titles if unit in recipe.trees and unit not in withheld]
    trees: list[dict[str, Any]] = [{"unit": titles[unit], "tree": recipe.trees[unit]} for unit in own]
    if recipe.default is not None:
        trees.insert(0, {"unit": None, "tree": recipe.default})
    return trees


def _entry_facts(release: Release) -> list[tuple[dict[str, str], str, str]]:
    titles = _titles(release)
    rows = release.tables["entries.csv"]
    return [(titles.get(row["unit"], {"en": row["unit"]}), row["entry"], row["value"]) for row in rows]


def _precision_facts(release: Release) -> dict[str, Any]:
    figures, given = release.tables["figures.csv"], release.tables["given.csv"]
    return {
        "confidence": release.scheme["confidence"],
        "kish": _span([row["value"] for row in figures if row["statistic"] == "kish_effect"]),
        "clustering": _span([row["value"] for row in given if row["name"] == "clustering_effect"]),
        "critical": _span([row["value"] for row in given if row["name"] == "critical"]),
        "psu": release.dataset["psu_column"] is not None,
        "ranked": any(row["statistic"] == "rank_low" for row in figures),
    }


def _span(values: Sequence[str]) -> tuple[str, str] | None:
    """Return the smallest and the largest of printed decimals as they are printed."""
    if not values:
        return None
    ordered = sorted(values, key=lambda text: Decimal(decimal_text(text, "figures.csv")))
    return ordered[0], ordered[-1]


def _titles(release: Release) -> dict[str, dict[str, str]]:
    return {unit["id"]: unit["title"] or {"en": unit["id"]} for unit in release.plan["units"]}
