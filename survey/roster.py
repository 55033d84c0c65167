"""Rosters: everybody on a list rates every unit on each dimension, as in 民主测评."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

Texts = Mapping[str, str]
Document = dict[str, Any]

DIMENSIONS: tuple[tuple[str, Texts], ...] = (
    ("work", {"zh-Hans": "工作实绩", "en": "Results of work"}),
    ("management", {"zh-Hans": "内部管理", "en": "Internal management"}),
    ("integrity", {"zh-Hans": "廉政建设", "en": "Integrity"}),
    ("conduct", {"zh-Hans": "作风建设", "en": "Working style"}),
)
LEVELS: tuple[tuple[int, Texts], ...] = (
    (5, {"zh-Hans": "很好", "en": "Very good"}),
    (4, {"zh-Hans": "较好", "en": "Good"}),
    (3, {"zh-Hans": "一般", "en": "Fair"}),
    (2, {"zh-Hans": "较差", "en": "Poor"}),
    (1, {"zh-Hans": "很差", "en": "Very poor"}),
)
UNKNOWN = {"code": 8, "text": {"zh-Hans": "不了解", "en": "I do not know it"}, "missing": "dont_know"}
OWN_UNIT = {"code": 9, "text": {"zh-Hans": "本单位，回避", "en": "My own unit, I abstain"}, "missing": "not_applicable"}
NAME = "minzhu_ceping"
TITLE = {"zh-Hans": "民主测评", "en": "Rating of units by a roster"}
PURPOSE = {
    "zh-Hans": "名册内人员凭一次性评价码对各单位逐项测评：四个维度，每个维度一张表；请把“单位 1”等换成实际单位。",
    "en": "People on a roster rate each unit with a one-time code: four dimensions, a table for each. "
    "Put the real units in place of “Unit 1” and so on.",
}
INTRODUCTION = {
    "zh-Hans": "请逐项评价各单位。不记名；不了解的单位请选“不了解”，本单位请选“本单位，回避”。",
    "en": "Please rate each unit on each point. No name is asked; choose “I do not know it” for units you do not know, "
    "and abstain for your own.",
}
CLOSING = {
    "zh-Hans": "感谢您的参与。测评结果只以汇总形式使用。",
    "en": "Thank you. Ratings are used for all raters together only.",
}
STEM = {"zh-Hans": "{0}：您对下列各单位的评价如何？", "en": "{0}: how do you rate each of these units?"}


def placeholder_units(n: int) -> list[tuple[str, Texts]]:
    """Units to be replaced by real ones: "单位 1" to "单位 n"."""
    return [(f"u{number:02d}", {"zh-Hans": f"单位 {number}", "en": f"Unit {number}"}) for number in range(1, n + 1)]


def roster(
    dimensions: Sequence[tuple[str, Texts]] = DIMENSIONS,
    units: Sequence[tuple[str, Texts]] = (),
    levels: Sequence[tuple[int, Texts]] = LEVELS,
) -> Document:
    """A questionnaire with one table for each dimension, a row for each unit, in an order that varies.

    Dimensions and units are (name, texts); the rating of a unit on a dimension is the variable `<dimension>_<unit>`.
    Without units there are twenty-five to be replaced. Texts are in Chinese and English.
    """
    judged = list(units) or placeholder_units(25)
    choices = [{"code": code, "text": dict(text)} for code, text in levels]
    return {
        "format": "minyi-questionnaire/1",
        "name": NAME,
        "title": dict(TITLE),
        "languages": list(STEM),
        "introduction": dict(INTRODUCTION),
        "closing": dict(CLOSING),
        "sections": [
            {"title": dict(text), "questions": [_table(name, text, judged, [*choices, UNKNOWN, OWN_UNIT])]}
            for name, text in dimensions
        ],
    }


def _table(name: str, text: Texts, units: Sequence[tuple[str, Texts]], choices: Sequence[Document]) -> Document:
    return {
        "type": "matrix",
        "variable": name,
        "text": {tag: stem.format(text[tag]) for tag, stem in STEM.items()},
        "choices": [dict(choice) for choice in choices],
        "rows": [{"variable": f"{name}_{unit}", "text": dict(title)} for unit, title in units],
        "shuffled_rows": True,
    }
