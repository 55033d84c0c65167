"""The flat values of a form back to a question: only what differs from what was shown is changed.

What the form does not show (words in other languages, say) stays. What cannot be understood stays as it was typed, so
that validating the question tells its place.
"""

from __future__ import annotations

import copy
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from survey.editing import Node
from survey.reading import clean_text

from .changes import Read, differs, listed, put, put_text, rows_read, whole
from .choice_reading import read_choices
from .kinds import kind_of
from .lines import read_places
from .sheet import (
    MISSING_KINDS,
    TICKED,
    Values,
    check_values,
    has_checks,
    parts_of,
    plain_fields,
    row_values,
    spread,
    text_fields,
)

_LABEL = re.compile(r"labels-(\d{1,2})-text-(.+)")
MISSING_WORDS = {
    "dont_know": {"zh-Hans": "不知道", "zh-Hant": "不知道", "en": "Don't know"},
    "not_applicable": {"zh-Hans": "不适用", "zh-Hant": "不適用", "en": "Not applicable"},
    "refused": {"zh-Hans": "不愿回答", "zh-Hant": "不願回答", "en": "Prefer not to say"},
}


def gather(values: Mapping[str, str], base: Node, tags: Sequence[str]) -> Read:
    """The question that the form says, begun from `base`, the question that was opened (in the type of the form)."""
    kind = kind_of(base)
    done = Read(copy.deepcopy(base))
    before = spread(base, tags)
    for name, default in plain_fields(kind).items():
        if differs(values, before, name):
            put(done.node, name, _typed(values.get(name, ""), default, name))
    for name in text_fields(kind):
        put_text(done.node, name, name, values, before, tags)
    for part in parts_of(kind):
        if part in _GATHER:
            _GATHER[part](done, values, before, tags)
    if has_checks(kind):
        _checks(done, values, tags)
    return done


def _typed(text: str, default: Any, name: str) -> Any:
    """A field's value: a tick, a whole number where one belongs, else words."""
    if isinstance(default, bool):
        return text == TICKED
    text = clean_text(text)
    is_number = name in ("first", "last", "at_least", "at_most", "minimum", "maximum") or isinstance(default, int)
    return (whole(text) if is_number else text) if text or name == "variable" else None


def _matrix_rows(done: Read, values: Mapping[str, str], before: Values, tags: Sequence[str]) -> None:
    base = list(done.node.get("rows") or ())
    if "rows-all" in values:
        made = listed(values["rows-all"], base, "variable", tags) if differs(values, before, "rows-all") else base
    else:
        made = rows_read(done, "rows", values, base, "variable", lambda row, was: _matrix_row(done, row, was, tags))
    if made != base:
        done.node["rows"] = made


def _matrix_row(done: Read, values: Values, row: Node, tags: Sequence[str]) -> Node:
    before = row_values(row or {"variable": ""}, tags)
    if differs(values, before, "variable") or not row:
        name = clean_text(values.get("variable", ""))
        if row:
            done.renamed[row["variable"]] = name
        row["variable"] = name
    row.setdefault("text", {})
    put_text(row, "text", "text", values, before, tags)
    if differs(values, before, "show_if"):
        put(row, "show_if", clean_text(values.get("show_if", "")) or None)
    if differs(values, before, "fixed"):
        put(row, "fixed", values.get("fixed") == TICKED)
    return row


def _labels(done: Read, values: Mapping[str, str], before: Values, tags: Sequence[str]) -> None:
    base = {label["code"]: label for label in done.node.get("labels") or ()}
    codes = list(base) + sorted({int(found[1]) for name in values if (found := _LABEL.fullmatch(name))} - set(base))
    made = []
    for code in codes:
        label = copy.deepcopy(base.get(code, {"code": code, "text": {}}))
        put_text(label, "text", f"labels-{code}-text", values, before, tags)
        if label["text"] and not _is_beyond(code, done.node):
            made.append(label)
    if made != list(base.values()):
        put(done.node, "labels", made or None)


def _is_beyond(code: int, node: Node) -> bool:
    """Whether a scale that was shortened has this point no more; its words go with it."""
    first, last = node.get("first"), node.get("last")
    return isinstance(first, int) and isinstance(last, int) and not first <= code <= last


def _places(done: Read, values: Mapping[str, str], before: Values, tags: Sequence[str]) -> None:
    if differs(values, before, "places-all"):
        known = {place["code"]: place for place in done.node.get("places") or ()}
        done.node["places"] = read_places(values["places-all"], tags, known)


def _missing(done: Read, values: Mapping[str, str], before: Values, tags: Sequence[str]) -> None:
    base = {option["kind"]: option for option in done.node.get("missing") or ()}
    made = []
    for kind in [*base, *(kind for kind in MISSING_KINDS if kind not in base)]:
        prefix = f"missing-{kind}"
        option = copy.deepcopy(base.get(kind, {"kind": kind, "text": {}}))
        put_text(option, "text", f"{prefix}-text", values, before, tags)
        if values.get(prefix) == TICKED or (kind not in base and option["text"]):
            if not option["text"]:
                option["text"] = {tag: words for tag, words in MISSING_WORDS[kind].items() if tag in tags}
            made.append(option)
    if made != list(base.values()):
        put(done.node, "missing", made or None)


def _checks(done: Read, values: Mapping[str, str], tags: Sequence[str]) -> None:
    base = [{**check, "was": str(number)} for number, check in enumerate(done.node.get("checks") or ())]
    made = rows_read(done, "checks", values, base, "was", lambda row, was: _check(row, was, tags))
    if made != list(done.node.get("checks") or ()):
        put(done.node, "checks", made or None)


def _check(row: Values, check: Node, tags: Sequence[str]) -> Node:
    check.pop("was", None)
    before = check_values(check or {"rule": ""}, tags)
    if differs(row, before, "rule") or "rule" not in check:
        check["rule"] = clean_text(row.get("rule", ""))
    check.setdefault("text", {})
    put_text(check, "text", "text", row, before, tags)
    if differs(row, before, "soft"):
        put(check, "soft", row.get("soft") == TICKED)
    return check


_GATHER: dict[str, Callable[[Read, Mapping[str, str], Values, Sequence[str]], None]] = {
    "choices": read_choices,
    "rows": _matrix_rows,
    "scale": _labels,
    "places": _places,
    "missing": _missing,
}
