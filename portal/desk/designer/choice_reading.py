"""The choices of a question as its form says them, with the reasons under each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from survey.editing import Node
from survey.reading import clean_text

from .changes import Read, differs, listed, put, put_text, rows_read, whole
from .lines import lines_of, merged, read
from .sheet import TICKED, TICKS_OF_CHOICES, Values, choice_values, rows_in


def read_choices(done: Read, values: Mapping[str, str], before: Values, tags: Sequence[str]) -> None:
    base = list(done.node.get("choices") or ())
    if "choices-all" in values:
        made = listed(values["choices-all"], base, "code", tags) if differs(values, before, "choices-all") else base
        _number(made)
    else:
        made = rows_read(done, "choices", values, base, "code", lambda row, was: _choice(row, was, tags))
        _number(made)
        _reason_lines(made, base, done.rows["choices"], dict(rows_in(values, "choices")), tags)
    if made != base:
        done.node["choices"] = made


def _choice(row: Values, choice: Node, tags: Sequence[str]) -> Node:
    before = choice_values(choice, tags)
    if differs(row, before, "code") or "code" not in choice:
        choice["code"] = whole(clean_text(row.get("code", "")))
    choice.setdefault("text", {})
    put_text(choice, "text", "text", row, before, tags)
    if differs(row, before, "missing"):
        put(choice, "missing", row.get("missing") or None)
    for name in TICKS_OF_CHOICES:
        if differs(row, before, name):
            put(choice, name, row.get(name) == TICKED)
    return choice


def _number(choices: Sequence[Node]) -> None:
    """Give codes to the choices that were typed without one, after the largest there is."""
    codes = [choice["code"] for choice in choices if isinstance(choice["code"], int) and choice["code"] < 90]
    following = max([0, *codes])
    taken = {choice["code"] for choice in choices}
    for choice in choices:
        if choice["code"] == "":
            following = next(code for code in range(following + 1, 20_000) if code not in taken)
            choice["code"] = following


def _reason_lines(
    made: Sequence[Node], base: Sequence[Node], numbers: Sequence[int], rows: Mapping[int, Values], tags: Sequence[str]
) -> None:
    """The reasons under each choice; other words for a reason hold under every choice that shows it."""
    all_reasons = {one["code"]: one["text"] for choice in base for one in choice.get("reasons") or ()}
    reworded: dict[Any, dict[str, str]] = {}
    for number, choice in zip(numbers, made, strict=True):
        typed, was = rows[number].get("reasons", ""), choice_values(choice, tags)["reasons"]
        if lines_of(typed) == lines_of(was):
            continue
        old = {one["code"]: one["text"] for one in choice.get("reasons") or ()}
        choice["reasons"] = _reasons(typed, all_reasons, tags)
        reworded |= {
            one["code"]: one["text"] for one in choice["reasons"] if old.get(one["code"], one["text"]) != one["text"]
        }
        if not choice["reasons"]:
            del choice["reasons"]
    for choice in made:
        for one in choice.get("reasons") or ():
            if one["text"] == all_reasons.get(one["code"]) and one["code"] in reworded:
                one["text"] = reworded[one["code"]]


def _reasons(typed: str, known: dict[Any, dict[str, str]], tags: Sequence[str]) -> list[Node]:
    """Reasons as lines; one without a code gets that of the same words elsewhere in the question, or the next."""
    found: list[Node] = []
    for line in lines_of(typed):
        code_text, words = read(line, tags)
        code: int | str = whole(code_text)
        if code == "":
            same = [one for one, text in known.items() if text.get(tags[0]) == words.get(tags[0])]
            code = same[0] if same else max([0, *(one for one in known if isinstance(one, int))]) + 1
        text = merged(line.strip(), str(code), words, known.get(code, {}), tags)
        known.setdefault(code, text)
        found.append({"code": code, "text": text})
    return found
