"""A question as the flat values of its form: `text-en`, `choices-2-code` …; `sheet_reading` leads back."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from survey.editing import Node

from .kinds import DEFAULT_ROLE, KINDS, kind_of
from .lines import written, written_places

Values = dict[str, str]

TICKED = "y"
LONGEST_LIST = 100  # rows of choices; longer lists are shown as lines
MOST_PLACES_SHOWN = 1000
TEXTS_OF_PARTS = {"ends": ("first_label", "last_label"), "number": ("unit",), "consent": ("agree", "decline")}
FIELDS_OF_PARTS: dict[str, dict[str, Any]] = {  # the plain fields of each part with their defaults
    "shuffled": {"shuffled": False},
    "bounds": {"at_least": None, "at_most": None},
    "rows": {"multiple": False, "shuffled_rows": False},
    "scale": {"first": None, "last": None, "best": "last"},
    "number": {"decimals": 0, "minimum": None, "maximum": None},
    "date": {"precision": "day", "earliest": None, "latest": None},
    "text": {"max_length": 1000, "lines": 4, "format": "any"},
}
MISSING_KINDS = ("dont_know", "not_applicable", "refused")
TICKS_OF_CHOICES = ("exclusive", "specify", "fixed")
_ROW = re.compile(r"(?P<list>choices|rows|checks)-(?P<number>\d{1,4})-(?P<name>.+)")


def parts_of(kind: str) -> tuple[str, ...]:
    """The parts of a type's form."""
    return KINDS[kind].parts


def plain_fields(kind: str) -> dict[str, Any]:
    """The fields of a type that hold one value each, with their defaults."""
    fields: dict[str, Any] = {"variable": "", "role": DEFAULT_ROLE.get(kind, "item"), "fixed": False}
    fields |= {"required": False} if kind not in ("consent", "statement") else {}
    fields |= {"show_if": None} | ({"end_if": None} if kind != "statement" else {})
    for part in parts_of(kind):
        fields |= FIELDS_OF_PARTS.get(part, {})
    return fields


def text_fields(kind: str) -> list[str]:
    """The fields of a type that hold words in each language."""
    return ["text", "hint", *(name for part in parts_of(kind) for name in TEXTS_OF_PARTS.get(part, ()))]


def has_checks(kind: str) -> bool:
    return kind not in ("matrix", "statement")


def shown(value: Any) -> str:
    """A value as a field shows it."""
    if isinstance(value, bool) or value is None:
        return TICKED if value else ""
    return str(value)


def spread(node: Node, tags: Sequence[str]) -> Values:
    """The question as its form shows it, in these languages."""
    kind = kind_of(node)
    values = {name: shown(node.get(name, default)) for name, default in plain_fields(kind).items()}
    for name in text_fields(kind):
        values |= texts(name, node.get(name), tags)
    for part in parts_of(kind):
        values |= _SPREAD[part](node, tags) if part in _SPREAD else {}
    if has_checks(kind):
        for number, check in enumerate(node.get("checks") or ()):
            values |= numbered("checks", number, check_values(check, tags) | {"was": str(number)})
    return values


def texts(name: str, text: Mapping[str, str] | None, tags: Sequence[str]) -> Values:
    """Words in each language, as the fields of one text."""
    return {f"{name}-{tag}": (text or {}).get(tag, "") for tag in tags}


def numbered(name: str, number: int, row: Mapping[str, str]) -> Values:
    """The values of one row under the names that they have in the form."""
    return {f"{name}-{number}-{key}": value for key, value in row.items()}


def rows_in(values: Mapping[str, str], name: str) -> list[tuple[int, Values]]:
    """The rows of a list that the form holds, with the numbers that they have there, in their order."""
    found: dict[int, Values] = {}
    for key, value in values.items():
        part = _ROW.fullmatch(key)
        if part and part["list"] == name:
            found.setdefault(int(part["number"]), {})[part["name"]] = value
    return sorted(found.items())


def choice_values(choice: Node, tags: Sequence[str]) -> Values:
    """One choice as its row shows it."""
    values = {"code": shown(choice.get("code")), "missing": shown(choice.get("missing"))}
    values |= texts("text", choice.get("text"), tags)
    values |= {name: shown(bool(choice.get(name))) for name in TICKS_OF_CHOICES}
    reasons = choice.get("reasons") or ()
    return values | {"reasons": "\n".join(written(shown(one["code"]), one["text"], tags) for one in reasons)}


def row_values(row: Node, tags: Sequence[str]) -> Values:
    """One row of a matrix as the form shows it."""
    values = {"variable": row["variable"], "show_if": shown(row.get("show_if")), "fixed": shown(bool(row.get("fixed")))}
    return values | texts("text", row.get("text"), tags)


def check_values(check: Node, tags: Sequence[str]) -> Values:
    """One check as its row shows it."""
    return {"rule": check["rule"], "soft": shown(bool(check.get("soft")))} | texts("text", check.get("text"), tags)


def _choices(node: Node, tags: Sequence[str]) -> Values:
    choices = node.get("choices") or ()
    if len(choices) > LONGEST_LIST:
        return {"choices-all": "\n".join(written(shown(one["code"]), one["text"], tags) for one in choices)}
    values: Values = {}
    for number, choice in enumerate(choices):
        values |= numbered("choices", number, choice_values(choice, tags) | {"was": shown(choice["code"])})
    return values


def _rows(node: Node, tags: Sequence[str]) -> Values:
    rows = node.get("rows") or ()
    if len(rows) > LONGEST_LIST:
        return {"rows-all": "\n".join(written(one["variable"], one["text"], tags) for one in rows)}
    values: Values = {}
    for number, row in enumerate(rows):
        values |= numbered("rows", number, row_values(row, tags) | {"was": row["variable"]})
    return values


def _labels(node: Node, tags: Sequence[str]) -> Values:
    values: Values = {}
    for label in node.get("labels") or ():
        values |= texts(f"labels-{label['code']}-text", label["text"], tags)
    return values


def _places(node: Node, tags: Sequence[str]) -> Values:
    places = node.get("places") or ()
    return {"places-all": written_places(places, tags) if len(places) <= MOST_PLACES_SHOWN else ""}


def _missing(node: Node, tags: Sequence[str]) -> Values:
    offered = {option["kind"]: option["text"] for option in node.get("missing") or ()}
    values: Values = {}
    for kind in MISSING_KINDS:
        values |= {f"missing-{kind}": shown(kind in offered)}
        values |= texts(f"missing-{kind}-text", offered.get(kind), tags)
    return values


_SPREAD = {
    "choices": _choices,
    "rows": _rows,
    "scale": _labels,
    "places": _places,
    "missing": _missing,
}
