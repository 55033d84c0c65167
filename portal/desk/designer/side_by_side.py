"""Two versions of a part of a draft as lines that differ: what it is, the one, the other."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from flask_babel import gettext

from survey.editing import TEXTS

from .language_names import language_name


class Row(NamedTuple):
    """One thing that differs; "" where a version does not have it."""

    what: str
    mine: str
    theirs: str


def compared(mine: Any, theirs: Any) -> list[Row]:
    """The lines in which two parts differ, in the order of the first."""
    ours, others = dict(_lines(mine, "", ())), dict(_lines(theirs, "", ()))
    paths = [*ours, *(path for path in others if path not in ours)]
    return [
        Row(_words(path), ours.get(path, ""), others.get(path, ""))
        for path in paths
        if ours.get(path, "") != others.get(path, "")
    ]


Path = tuple[str, ...]


def _lines(part: Any, key: str, path: Path) -> Iterator[tuple[Path, str]]:
    """Each value of a part with its path; items of lists by their code or name where they have one."""
    if isinstance(part, dict):
        for name, inner in part.items():
            yield from _lines(inner, name, (*path, f"@{name}" if key in TEXTS else name))
    elif isinstance(part, list):
        for number, inner in enumerate(part, start=1):
            named = (
                [inner[name] for name in ("code", "variable", "kind") if name in inner]
                if isinstance(inner, dict)
                else []
            )
            yield from _lines(inner, key, (*path, str(named[0] if named else number)))
    elif part is not None:
        yield path, _value(part)


def _value(value: Any) -> str:
    if isinstance(value, bool):
        return str(gettext("yes") if value else gettext("no"))
    return str(value)


def _words(path: Path) -> str:
    return " · ".join(language_name(step[1:]) if step.startswith("@") else part_words(step) for step in path) or "–"


def part_words(name: str) -> str:
    """A part of the document by its name in the page's language."""
    words = {
        "title": gettext("title"),
        "introduction": gettext("introduction"),
        "closing": gettext("closing words"),
        "languages": gettext("languages"),
        "name": gettext("short name"),
        "variable": gettext("variable"),
        "type": gettext("type"),
        "text": gettext("words"),
        "hint": gettext("hint"),
        "required": gettext("required"),
        "show_if": gettext("asked only if"),
        "end_if": gettext("ends the survey if"),
        "role": gettext("what it is for"),
        "choices": gettext("choice"),
        "reasons": gettext("reason"),
        "rows": gettext("row"),
        "checks": gettext("check"),
        "rule": gettext("rule"),
        "soft": gettext("asks “are you sure?”"),
        "missing": gettext("in place of an answer"),
        "exclusive": gettext("excludes the others"),
        "specify": gettext("please say"),
        "fixed": gettext("stays in its place"),
        "shuffled": gettext("in changing order"),
        "places": gettext("place"),
        "labels": gettext("point of the scale"),
        "first": gettext("first point"),
        "last": gettext("last point"),
        "first_label": gettext("words of the first point"),
        "last_label": gettext("words of the last point"),
        "unit": gettext("unit of the number"),
        "agree": gettext("words of agreement"),
        "decline": gettext("words of refusal"),
        "sections": gettext("section"),
        "questions": gettext("question"),
    }
    return str(words.get(name, name))
