"""From a mapping file to a wave of its own: questionnaire, plan, scheme and targets."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from .canonical import content_id
from .errors import ImportRefusedError
from .formats.csv import read_csv
from .import_map import Demographic, ImportMap, MarginsPart, Scale, UnitPart
from .questionnaire import questionnaire_id

MISSING_CHOICE_LABELS: dict[str, dict[str, str]] = {
    "dont_know": {"en": "Don't know", "zh-Hans": "不知道"},
    "not_applicable": {"en": "Not applicable", "zh-Hans": "不适用"},
    "refused": {"en": "Prefer not to say", "zh-Hans": "不愿回答"},
}
FIRST_MISSING_CODE = 97
DEFAULT_CUTS: tuple[dict[str, Any], ...] = (
    {"name": "very_good", "from": "80", "title": {"en": "Very good", "zh-Hans": "很好"}},
    {"name": "good", "from": "65", "title": {"en": "Good", "zh-Hans": "较好"}},
    {"name": "fair", "from": "50", "title": {"en": "Fair", "zh-Hans": "一般"}},
    {"name": "poor", "from": None, "title": {"en": "Poor", "zh-Hans": "较差"}},
)


def missing_codes(scale: Scale) -> dict[str, int]:
    """The choice code that stands for each kind of missing answer the scale knows (skipped has none)."""
    kinds = [kind for kind in MISSING_CHOICE_LABELS if kind in scale.missing.values()]
    return {kind: FIRST_MISSING_CODE + place for place, kind in enumerate(kinds)}


def category_codes(demographic: Demographic) -> dict[str, int]:
    """The choice code of each category, in the order the map names them."""
    return {name: place for place, name in enumerate(dict.fromkeys(demographic.categories.values()), start=1)}


def questionnaire_document(map_: ImportMap) -> dict[str, Any]:
    """The questionnaire that the file answers, as far as the map names its columns."""
    sections = [_unit_section(map_, one) for one in map_.units]
    if map_.demographics:
        questions = [_demographic_question(map_, one) for one in map_.demographics]
        sections.append({"questions": questions})
    return {
        "format": "minyi-questionnaire/1",
        "name": map_.wave.replace("-", "_"),
        "title": _in_languages(map_, map_.title or {}),
        "languages": list(map_.languages),
        "sections": sections,
    }


def _unit_section(map_: ImportMap, one: UnitPart) -> dict[str, Any]:
    scale = map_.scales[one.scale]
    choices = [{"code": int(code), "text": _in_languages(map_, text)} for code, text in scale.codes.items()]
    choices += [
        {"code": code, "text": _in_languages(map_, MISSING_CHOICE_LABELS[kind]), "missing": kind}
        for kind, code in missing_codes(scale).items()
    ]
    questions = [
        {
            "type": "single",
            "variable": column.lower(),
            "role": "item",
            "text": _in_languages(map_, text),
            "choices": choices,
        }
        for column, text in one.items.items()
    ]
    return {"title": _in_languages(map_, one.title), "questions": questions}


def _demographic_question(map_: ImportMap, one: Demographic) -> dict[str, Any]:
    choices = [
        {"code": code, "text": _in_languages(map_, one.labels.get(name, {map_.languages[0]: name}))}
        for name, code in category_codes(one).items()
    ]
    return {
        "type": "single",
        "variable": one.variable,
        "role": "demographic",
        "text": _in_languages(map_, one.title),
        "choices": choices,
    }


def _in_languages(map_: ImportMap, text: dict[str, str]) -> dict[str, str]:
    fallback = next(iter(text.values()), "")
    return {tag: text.get(tag, fallback) for tag in map_.languages}


def scheme_document(map_: ImportMap) -> dict[str, Any]:
    """The map's own scheme, else the plain one: each unit's score is the mean of its items on 0 to 100."""
    if map_.scheme is not None:
        return map_.scheme
    codes = sorted({int(code) for scale in map_.scales.values() for code in scale.codes})
    span = codes[-1] - codes[0]
    points = {str(code): (200 * (code - codes[0]) + span) // (2 * span) for code in codes}
    return {
        "format": "minyi-scheme/1",
        "id_name": f"{map_.wave}-means",
        "title": {"en": "Mean of the unit's items", "zh-Hans": "单位各题平均分"},
        "steps": [
            {"op": "map", "points": points, "satisfied": codes[-2:]},
            {"op": "combine", "trees": {one.id: _tree(one) for one in map_.units}},
            {"op": "grade", "cuts": list(DEFAULT_CUTS)},
        ],
        "rounding": {"digits": 2, "mode": "half_up"},
        "confidence": "95",
    }


def _tree(one: UnitPart) -> dict[str, Any]:
    branches = [
        {"id": column.lower(), "title": dict(text), "item": column.lower(), "weight": 1}
        for column, text in one.items.items()
    ]
    return {
        "id": one.id,
        "title": dict(one.title),
        "operator": "weighted_mean",
        "policy": "normalise",
        "branches": branches,
    }


def plan_document(map_: ImportMap, scheme: dict[str, Any]) -> dict[str, Any]:
    """The plan of a wave made from a map."""
    demographics = {one.variable: one for one in map_.demographics}
    dimensions = [
        {
            "name": name,
            "variable": name,
            "categories": list(category_codes(demographics[name])),
            "codes": {str(code): category for category, code in category_codes(demographics[name]).items()},
        }
        for name in map_.weighting.dimensions
    ]
    units = [
        {
            "id": one.id,
            "parent": None,
            "peer_group": one.peer_group,
            "kind": "department",
            "scored": True,
            "title": dict(one.title),
        }
        for one in map_.units
    ]
    return {
        "format": "minyi-plan/1",
        "wave": map_.wave,
        "title": dict(map_.title or {}),
        "population": map_.population,
        "questionnaire": questionnaire_id(questionnaire_document(map_)),
        "scheme": content_id(scheme),
        "participation": map_.participation,
        "opens_on": str(map_.opens_on),
        "closes_on": str(map_.closes_on),
        "units": units,
        "weighting": {
            "method": map_.weighting.method,
            "dimensions": dimensions,
            "minimum_class": map_.weighting.minimum_class,
        },
        "minimum_n": map_.minimum_n,
    }


def margin_rows(map_: ImportMap, folder: Path, plan: dict[str, Any]) -> list[list[Any]] | None:
    """The targets from the file the map names; every category the plan knows must have one."""
    part = map_.margins
    if part is None:
        return None
    path = folder / part.file
    if not path.is_file():
        raise ImportRefusedError("The file of targets is not there.", got=str(path), hint="name it in [margins]")
    sheet = read_csv(path)
    needed = [part.population, *part.dimensions.values(), *([part.unit] if part.unit else [])]
    lacking = [name for name in needed if name not in sheet.header]
    if lacking:
        raise ImportRefusedError(
            f"{path.name} lacks columns.", got=", ".join(sheet.header), expected=", ".join(lacking)
        )
    rows = [dict(zip(sheet.header, row, strict=True)) for row in sheet.rows]
    dimensions = plan["weighting"]["dimensions"]
    if part.unit is None:
        return _one_way(part, rows, dimensions)
    return _by_cell(part, part.unit, rows, dimensions)


def _one_way(part: MarginsPart, rows: list[dict[str, str]], dimensions: Iterable[dict[str, Any]]) -> list[list[Any]]:
    found: list[list[Any]] = []
    for dimension in dimensions:
        name = dimension["name"]
        sums = dict.fromkeys(dimension["categories"], 0)
        for row in rows:
            category = _category(part, name, row[part.dimensions[name]], dimension["categories"])
            sums[category] += _population(row[part.population])
        empty = [category for category, total in sums.items() if total == 0]
        if empty:
            raise ImportRefusedError(
                f"The targets of {name} have no population for {', '.join(empty)}.",
                got=part.file,
                hint="a class that is in the data must be in the margin; merge it in the map",
            )
        found += [[name, category, total] for category, total in sums.items()]
    return found


def _by_cell(
    part: MarginsPart, unit: str, rows: list[dict[str, str]], dimensions: list[dict[str, Any]]
) -> list[list[Any]]:
    found: dict[tuple[str, str], int] = {}
    for row in rows:
        cell = "|".join(
            _category(part, one["name"], row[part.dimensions[one["name"]]], one["categories"]) for one in dimensions
        )
        key = (row[unit], cell)
        found[key] = found.get(key, 0) + _population(row[part.population])
    return [[name, cell, population] for (name, cell), population in found.items()]


def _category(part: MarginsPart, dimension: str, word: str, known: list[str]) -> str:
    category = part.categories.get(dimension, {}).get(word, word)
    if category not in known:
        raise ImportRefusedError(
            f"The targets name a {dimension} that the plan does not know.",
            got=word,
            expected=", ".join(known),
            hint=f"add it under [margins.categories.{dimension}]",
        )
    return category


def _population(text: str) -> int:
    if not text.strip().isdigit():
        raise ImportRefusedError("A target is not a whole number.", got=text, expected="a count of people or events")
    return int(text)
