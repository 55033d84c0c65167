"""Bounds of the numbers and dates of ONS schemas: of our own where they are constants, else checks."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from survey.formats.known import Known
from survey.formats.loose import mapping, string, whole
from survey.formats.report import Fate, Report
from survey.parts import LARGEST_NUMBER

from .rules import Rules

Node = dict[str, Any]
Told = tuple[Fate, str]
MAPPED: Told = (Fate.MAPPED, "")
SIDES = {"minimum": (">=", ">"), "maximum": ("<=", "<")}
DATE_SIDES = {"minimum": "earliest", "maximum": "latest"}
DATE_WORDS = {">=": "not before", ">": "after", "<=": "not after", "<": "before"}
WORDS = {">=": "not below", ">": "above", "<=": "not above", "<": "below"}


def number_bounds(
    place: str, answer: Mapping[str, Any], node: Node, rules: Rules, report: Report, language: str
) -> None:
    """Put minimum and maximum into a number; zero is the minimum where none is told."""
    if "minimum" not in answer:
        node["minimum"] = 0
    for side in SIDES:
        if side in answer:
            bound = mapping(answer[side])
            report.add(f"{place}, {side}", side, *_number_bound(side, bound, node, rules, language))
    lowest, highest = node.get("minimum"), node.get("maximum")
    if lowest is not None and highest is not None and lowest > highest:
        del node["minimum"]
        report.warnings.append(f"{place}: its minimum lies above its maximum and was left out")


def _number_bound(side: str, bound: Mapping[str, Any], node: Node, rules: Rules, language: str) -> Told:
    value, is_exclusive = bound.get("value"), bool(bound.get("exclusive"))
    operator = SIDES[side][is_exclusive]
    number = whole(value)
    if number is not None and (not is_exclusive or node["decimals"] == 0):
        step = {"minimum": 1, "maximum": -1}[side] if is_exclusive else 0
        node[side] = max(-LARGEST_NUMBER, min(LARGEST_NUMBER, number + step))
        return MAPPED
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        if abs(value) > LARGEST_NUMBER:
            return Fate.LEFT_OUT, "beyond the numbers that are taken here"
        return _checked(node, operator, f"{value:.6f}".rstrip("0").rstrip("."), language)
    return _against(value, operator, node, rules, language)


def _checked(node: Node, operator: str, text: str, language: str) -> Told:
    said = DATE_WORDS if node["type"] == "date" else WORDS
    words = f"This should be {said[operator]} {text}."
    node.setdefault("checks", []).append({"rule": f". {operator} {text}", "text": {language: words}})
    return MAPPED


def after(earlier: str, node: Node, language: str) -> None:
    """The second date of two must lie after the first."""
    _checked(node, ">", f"${{{earlier}}}", language)


def _against(value: Any, operator: str, node: Node, rules: Rules, language: str) -> Told:
    """A bound that an earlier answer sets."""
    source = mapping(value)
    known = rules.answers.get(string(source.get("identifier")), [])
    if source.get("source") != "answers" or len(known) != 1 or not _is_value(known[0]):
        return Fate.LEFT_OUT, f"nothing tells {string(source.get('identifier')) or 'it'} here"
    return _checked(node, operator, f"${{{known[0].variable}}}", language)


def _is_value(known: Known) -> bool:
    return known.is_open and known.shown is None


def date_bounds(place: str, answer: Mapping[str, Any], node: Node, rules: Rules, report: Report, language: str) -> None:
    """Put the first and the last day into a date."""
    for side in SIDES:
        if side in answer:
            report.add(f"{place}, {side}", side, *_date_bound(side, mapping(answer[side]), node, rules, language))


def _date_bound(side: str, bound: Mapping[str, Any], node: Node, rules: Rules, language: str) -> Told:
    value, offset = bound.get("value"), mapping(bound.get("offset_by"))
    moved = {unit: whole(offset.get(unit)) or 0 for unit in ("days", "months", "years")}
    if value == "now":
        if any(moved.values()):
            return Fate.LEFT_OUT, "a day counted from today cannot be kept"
        node[DATE_SIDES[side]] = "today"
        return MAPPED
    if isinstance(value, str):
        day = _moved(value, moved)
        if day is None:
            return Fate.LEFT_OUT, "a day that cannot be read"
        node[DATE_SIDES[side]] = day.isoformat()
        return MAPPED
    return _relative(side, value, moved, node, rules, language)


def _relative(side: str, value: Any, moved: Mapping[str, int], node: Node, rules: Rules, language: str) -> Told:
    """A bound counted from an earlier date: only "from that day" and "after it" can be said."""
    inward = {"minimum": 1, "maximum": -1}[side]
    steps = {unit: number * inward for unit, number in moved.items() if number}
    if any(number < 0 for number in steps.values()):
        return Fate.LEFT_OUT, "days counted from an earlier answer cannot be added"
    told = _against(value, SIDES[side][bool(steps)], node, rules, language)
    if told == MAPPED and steps and (steps != {"days": 1} or node["precision"] != "day"):
        return Fate.APPROXIMATED, "days counted from an earlier answer cannot be added: any later day is taken"
    return told


def _moved(text: str, moved: Mapping[str, int]) -> date | None:
    parts = text.split("-")
    try:
        year, month, day = (int(part) for part in [*parts, "1", "1"][:3])
        months = (year + moved["years"]) * 12 + month - 1 + moved["months"]
        first = date(months // 12, months % 12 + 1, 1)
        last = (first.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)
        return first.replace(day=min(day, last.day)) + timedelta(days=moved["days"])
    except (ValueError, OverflowError):
        return None
