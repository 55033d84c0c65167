"""What is wrong with a question as its form says it, each beside the field where it can be mended."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from flask_babel import gettext
from pydantic import ValidationError

from survey import editing
from survey.canonical import canonical_json
from survey.editing import RESERVED, Document, Node
from survey.questionnaire import OWN_COLUMNS

from .changes import Read
from .conditions import everywhere
from .logic_faults import judged
from .loose import ADAPTER, leaves
from .part_faults import fault_words

Place = tuple[Any, ...]
Faults = Iterator[tuple[str, str]]  # (field, words); a field that is not shown stands for the whole form


def faults(read: Read, document: Document, tags: Sequence[str], *, before: set[str], was: str | None) -> Faults:
    """Every fault of a question; `before` are the variables asked earlier, `was` its name in the draft, if it is there.

    Its own condition and end are judged with the rows they are picked in, elsewhere.
    """
    try:
        ADAPTER.validate_json(canonical_json(read.node))
    except ValidationError as error:
        for fault in error.errors():
            yield field_of(read, fault["loc"][1:], tags), fault_words(fault)
    yield from _of_names(read, document, was)
    yield from _of_first_language(read, tags)
    yield from _of_conditions(read, document, before)


def field_of(read: Read, place: Place, tags: Sequence[str]) -> str:
    """The field of a place in the question, such as ("choices", 1, "text", "en")."""
    if not place:
        return ""
    name, rest = str(place[0]), place[1:]
    if name in ("choices", "rows", "checks"):
        return _row_field(read, name, rest, tags)
    if name == "labels" and rest:
        return f"labels-{read.node['labels'][rest[0]]['code']}-text-{_tag(rest[2:], tags)}"
    if name == "missing" and rest:
        return f"missing-{read.node['missing'][rest[0]]['kind']}-text-{_tag(rest[2:], tags)}"
    if name == "places":
        return "places-all"
    if name in editing.TEXTS:
        return f"{name}-{_tag(rest, tags)}"
    return name


def _row_field(read: Read, name: str, rest: Place, tags: Sequence[str]) -> str:
    numbers = read.rows.get(name)
    if numbers is None:
        return f"{name}-all"
    if not rest or not isinstance(rest[0], int) or rest[0] >= len(numbers):
        return f"{name}-lines"
    part = str(rest[1]) if len(rest) > 1 else "text"
    if part == "text":
        part = f"text-{_tag(rest[2:], tags)}"
    return f"{name}-{numbers[rest[0]]}-{part}"


def _tag(rest: Place, tags: Sequence[str]) -> str:
    return str(rest[0]) if rest and rest[0] in tags else tags[0]


def _of_names(read: Read, document: Document, was: str | None) -> Faults:
    """Names that are taken: by another question, by the portal, or by the columns of other answers in files."""
    others = editing.delete_question(document, was) if was is not None else document
    taken, own = editing.names(others), editing.own_names(read.node)
    columns = {f"{name}_{ending}" for name in [*taken, *own] for ending in OWN_COLUMNS}
    shadowed = {name[: -len(ending) - 1] for name in taken for ending in OWN_COLUMNS if name.endswith(f"_{ending}")}
    rows = [row["variable"] for row in read.node.get("rows") or ()]
    named = [*(("rows", at, "variable") for at in range(len(rows))), ("variable",)]
    seen: set[str] = set()
    for place, name in zip(named, [*rows, read.node["variable"]], strict=True):
        if not name:
            continue
        if name in taken or name in seen:
            yield field_of(read, place, ()), gettext("Another question has the variable %(name)s.", name=name)
        elif name in RESERVED | columns | shadowed:
            yield field_of(read, place, ()), gettext("The name %(name)s is taken by the portal itself.", name=name)
        seen.add(name)


def _of_first_language(read: Read, tags: Sequence[str]) -> Faults:
    """Texts that lack in the first language, from which the others are translated."""
    for path, text in editing.texts({"": read.node}):
        place = tuple(int(part) if part.isdigit() else part for part in path.split("/") if part)
        if not text.get(tags[0]):
            yield field_of(read, (*place, tags[0]), tags), gettext("Fill this in.")


def _of_conditions(read: Read, document: Document, before: set[str]) -> Faults:
    """Rules of checks, and conditions of the rows of a matrix."""
    node: Node = read.node
    known = everywhere(document) | set(leaves(node))
    for at, check in enumerate(node.get("checks") or ()):
        verdict = judged(check["rule"], before=before | set(leaves(node)), everywhere=known, own=node["variable"])
        if check["rule"] and not verdict.is_sound:
            yield field_of(read, ("checks", at, "rule"), ()), verdict.message
    for at, row in enumerate(node.get("rows") or ()):
        verdict = judged(row.get("show_if") or "", before=before, everywhere=known)
        if not verdict.is_sound:
            yield field_of(read, ("rows", at, "show_if"), ()), verdict.message
