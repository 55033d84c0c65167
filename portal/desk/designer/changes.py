"""Only what differs is changed: the steps by which typed values become parts of a question."""

from __future__ import annotations

import copy
import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from survey.editing import Node
from survey.reading import clean_text

from .lines import lines_of, merged, read, read_named
from .sheet import Values, rows_in, shown

_WHOLE = re.compile(r"[+-]?\d{1,15}", re.ASCII)


@dataclass
class Read:
    """A question as a form says it; `rows` tells for each list which rows of the form its items stand in."""

    node: Node
    rows: dict[str, list[int]] = field(default_factory=dict)
    renamed: dict[str, str] = field(default_factory=dict)


def differs(values: Mapping[str, str], before: Mapping[str, str], name: str) -> bool:
    """Whether a field says something else than it showed; space around words and the kind of line ends do not count."""
    typed, was = clean_text(values.get(name, "")), clean_text(before.get(name, ""))
    return typed != was and typed != was.replace("\n", "")  # a field of one line cannot show line ends


def put_text(
    node: Node, key: str, name: str, values: Mapping[str, str], before: Mapping[str, str], tags: Sequence[str]
) -> None:
    """Write the words of one text, tag by tag; a text that may lack goes with its last word."""
    changed = {
        tag: clean_text(values.get(f"{name}-{tag}", "")) for tag in tags if differs(values, before, f"{name}-{tag}")
    }
    if not changed:
        return
    text = {tag: words for tag, words in {**(node.get(key) or {}), **changed}.items() if words}
    put(node, key, text if text or key == "text" else None)


def put(node: Node, key: str, value: Any) -> None:
    """Set a part; None and False are how a part that lacks is read, so they take it away."""
    if value is None or value is False:
        node.pop(key, None)
    else:
        node[key] = value


def whole(text: str) -> int | str:
    """The whole number that was typed, full-width digits too; else the text itself."""
    plain = unicodedata.normalize("NFKC", text).strip().replace("−", "-")
    return int(plain) if _WHOLE.fullmatch(plain) else text


def rows_read(
    done: Read,
    name: str,
    values: Mapping[str, str],
    base: Sequence[Node],
    key: str,
    make: Callable[[Values, Node], Node],
) -> list[Node]:
    """The rows that hold words, each begun from the item that it showed; notes where they stand in the form."""
    known = {shown(item[key]): item for item in base}
    rows = [
        (number, row)
        for number, row in rows_in(values, name)
        if row.get("was") in known or any(clean_text(row[part]) for part in row if _is_said(part))
    ]
    done.rows[name] = [number for number, _ in rows]
    return [make(row, copy.deepcopy(known.get(row.get("was", ""), {}))) for _, row in rows]


def _is_said(part: str) -> bool:
    """Whether a field of a row makes it one, when something is typed there."""
    return part.startswith("text-") or part in ("rule", "variable")


def listed(typed: str, base: Sequence[Node], key: str, tags: Sequence[str]) -> list[Node]:
    """The items of a long list that is shown as lines; each keeps what its line does not show."""
    known = {shown(item[key]): item for item in base}
    found = []
    for line in lines_of(typed):
        name, words = read(line, tags) if key == "code" else read_named(line, tags)
        item = copy.deepcopy(known.get(name, {}))
        item[key] = whole(name) if key == "code" else name
        item["text"] = merged(line.strip(), name, words, item.get("text", {}), tags)
        found.append(item)
    return found
