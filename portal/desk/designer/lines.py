"""Lists typed as lines: ``1 | 满意 | Satisfied``, a code and its words in each language of the draft.

A tab parts as a bar does, so that rows of a spreadsheet can be pasted. Where words hold a bar, their line has tabs.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from survey.editing import Node
from survey.reading import clean_text

_NUMBERED = re.compile(r"(?P<code>\d{1,4})\s*(?:[、)）:：]|[.．](?!\d))\s*(?P<words>\S.*)")
_LETTERED = re.compile(r"[(（]?[A-Za-z]\s*(?:[、)）:：]|[.．])\s*(?=\S)")
_INDENT = re.compile(r"[ \t\u3000]*")
_CODED = re.compile(r"(?P<code>[A-Za-z0-9][A-Za-z0-9._-]*)\s+(?P<words>\S.*)")


class Line(NamedTuple):
    """One line: its code as it was typed ("" for none), and its words by language."""

    code: str
    words: dict[str, str]


def one_line(text: str) -> str:
    """A text without line ends, as a line can hold it."""
    return " ".join(text.split("\n"))


def written(code: str, text: Mapping[str, str], tags: Sequence[str]) -> str:
    """A code and its words as a line."""
    cells = [code, *(one_line(text.get(tag, "")) for tag in tags)]
    while len(cells) > 1 and not cells[-1]:
        cells.pop()
    return ("\t" if any("|" in cell for cell in cells) else " | ").join(cells)


def read(line: str, tags: Sequence[str]) -> Line:
    """A line of choices, reasons or rows; the code may lack, and a letter or number in front of words counts as one."""
    cells = _cells(line)
    if len(cells) > 1 and (len(cells) > len(tags) or cells[0].isdigit()):
        return Line(cells[0], _by_tag(cells[1:], tags))
    if len(cells) == 1:
        numbered = _NUMBERED.fullmatch(cells[0])
        if numbered:
            return Line(numbered["code"], _by_tag([numbered["words"]], tags))
        cells = [_LETTERED.sub("", cells[0], count=1) if _LETTERED.match(cells[0]) else cells[0]]
    return Line("", _by_tag(cells, tags))


def read_named(line: str, tags: Sequence[str]) -> Line:
    """A line of rows or places, whose name always stands first; without a bar it ends at the first space."""
    cells = _cells(line)
    coded = _CODED.fullmatch(cells[0]) if len(cells) == 1 else None
    if coded:
        return Line(coded["code"], _by_tag([coded["words"]], tags))
    return Line(cells[0], _by_tag(cells[1:], tags))


def _cells(line: str) -> list[str]:
    return [clean_text(cell) for cell in (line.split("\t") if "\t" in line.strip() else line.split("|"))]


def _by_tag(cells: Sequence[str], tags: Sequence[str]) -> dict[str, str]:
    return {tag: words for tag, words in zip(tags, cells, strict=False) if words}


def lines_of(text: str) -> list[str]:
    """The lines that hold something."""
    return [line for line in text.replace("\r\n", "\n").replace("\r", "\n").split("\n") if line.strip()]


def written_places(places: Iterable[Node], tags: Sequence[str]) -> str:
    """A tree of places as indented lines, each below the one that groups it."""
    below: dict[str | None, list[Node]] = {}
    for place in places:
        below.setdefault(place.get("parent"), []).append(place)

    def walk(parent: str | None, depth: int) -> Iterator[str]:
        for place in below.get(parent, ()):
            yield "  " * depth + written(place["code"], place["text"], tags)
            yield from walk(place["code"], depth + 1)

    return "\n".join(walk(None, 0))


def merged(
    line: str, code: str, words: Mapping[str, str], before: Mapping[str, str], tags: Sequence[str]
) -> dict[str, str]:
    """The words of a line beside those of other languages; where the line is as it was shown, all stays as it was."""
    if written(code, before, tags) == line:
        return dict(before)
    return {tag: said for tag, said in before.items() if tag not in tags} | dict(words)


def read_places(text: str, tags: Sequence[str], known: Mapping[str, Node]) -> list[Node]:
    """The places of indented lines; a line deeper than the one before stands below it.

    `known` are the places as they were, by code: they keep their words in other languages.
    """
    found: list[Node] = []
    above: list[tuple[int, str]] = []
    for line in lines_of(text):
        depth = _depth(line)
        stripped = line.strip(" \t\u3000")
        code, words = read_named(stripped, tags)
        while above and above[-1][0] >= depth:
            above.pop()
        place: Node = {"code": code, "text": merged(stripped, code, words, known.get(code, {}).get("text", {}), tags)}
        if above:
            place["parent"] = above[-1][1]
        above.append((depth, code))
        found.append(place)
    return found


def _depth(line: str) -> int:
    indent = _INDENT.match(line)
    return sum(1 if letter == " " else 2 for letter in indent[0]) if indent else 0
