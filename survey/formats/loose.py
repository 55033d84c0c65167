"""What stands in the JSON of strangers, where anything may stand anywhere."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from survey.parts import LARGEST_NUMBER

from .report import Report

LONGEST_TEXT = 4000


def mapping(value: Any) -> Mapping[str, Any]:
    """The object, or an empty one in place of anything else."""
    return value if isinstance(value, dict) else {}


def items(value: Any) -> list[Any]:
    """The list, or an empty one in place of anything else."""
    return value if isinstance(value, list) else []


def entries(value: Any) -> list[Mapping[str, Any]]:
    """The objects of a list."""
    return [one for one in items(value) if isinstance(one, dict)]


def string(value: Any) -> str:
    """The text, a number as text, or ""."""
    if isinstance(value, str):
        return value
    return str(value) if isinstance(value, (int, float)) and not isinstance(value, bool) else ""


def whole(value: Any) -> int | None:
    """A whole number of our size, also one written as text; None for anything else, "" among it."""
    if isinstance(value, str):
        text = value.strip()
        value = int(text) if text.lstrip("+-").isdecimal() and len(text) < 12 else None
    if isinstance(value, float):
        value = int(value) if math.isfinite(value) and value == int(value) else None
    if not isinstance(value, int) or isinstance(value, bool):
        return None
    return value if abs(value) <= LARGEST_NUMBER else None


def harmless(text: str) -> str:
    """A text of ours: what looks like one of our pipes and is none is told apart."""
    return text.replace("${", "$ {")


def cut_texts(report: Report) -> None:
    """Cut the texts of the document that are longer than ours may be, and tell which."""
    languages = frozenset(report.document["languages"])

    def walk(node: Any, place: str) -> None:
        if isinstance(node, list):
            for part in node:
                walk(part, place)
        elif isinstance(node, dict):
            here = str(node.get("variable") or place)
            for key, value in node.items():
                if key in languages and isinstance(value, str) and len(value) > LONGEST_TEXT:
                    node[key] = f"{value[: LONGEST_TEXT - 1]}…"
                    report.warnings.append(f"{here}: a text of {len(value)} characters was cut to {LONGEST_TEXT}")
                walk(value, here)

    walk(report.document, "questionnaire")
