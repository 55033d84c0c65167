"""The sheets of an XLSForm as rows: what their columns are called, and in which language their words are."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from survey.formats.words import plain

TRANSLATED = frozenset({"label", "hint", "guidance_hint", "constraint_message", "required_message"})
MEDIA = ("image", "big-image", "audio", "video")
ALIASES = {
    "caption": "label",
    "command": "type",
    "tag": "name",
    "value": "name",
    "list": "list_name",
    "relevance": "relevant",
    "readonly": "read_only",
    "constraining_message": "constraint_message",
    "jr:constraintmsg": "constraint_message",
    "requiredmsg": "required_message",
    "jr:requiredmsg": "required_message",
    "calculate": "calculation",
    "count": "repeat_count",
    "jr:count": "repeat_count",
    "title": "form_title",
    "set_form_title": "form_title",
    "set_form_id": "form_id",
    "id_string": "form_id",
    **{name: f"media::{name}" for name in MEDIA},
}
_HEADING = re.compile(r"^#{1,6}[ \t]+", re.MULTILINE)
_LINK = re.compile(r"(?<!\\)\[([^\[\]\\]+)\]\((https?://[^\s()]+)\)")
_STRONG = re.compile(r"(\*\*|__)(?=[^\s*_])(.{1,500}?)(?<=[^\s*_\\])\1", re.DOTALL)
_SLANTED = re.compile(r"(?<![\w*\\])([*_])([^\s*_\\](?:[^*_\n]*[^\s*_\\])?)\1(?![\w*])")
_ESCAPED = re.compile(r"\\([*_#\\\[\]])")


@dataclass(frozen=True)
class Row:
    """A row: its number as a spreadsheet counts, its cells by column, and its words by column and language.

    The language is called as the header calls it, "" where it calls none.
    """

    number: int
    cells: Mapping[str, str]
    texts: Mapping[str, Mapping[str, str]]

    def get(self, column: str) -> str:
        """A cell, "" where it is empty."""
        return self.cells.get(column, "")

    def has(self, column: str) -> bool:
        """Whether anything stands in a column."""
        return bool(self.cells.get(column) or self.texts.get(column))


@dataclass(frozen=True)
class Sheet:
    """The filled rows below the header, the columns that have a name, and the languages in the order of their columns.

    `nameless` is the number of filled cells under no header.
    """

    rows: tuple[Row, ...]
    columns: tuple[str, ...]
    languages: tuple[str, ...]
    nameless: int = 0


EMPTY = Sheet((), (), ())


def read_sheet(rows: list[list[str]]) -> Sheet:
    """Read the rows of one sheet; the first that is filled is the header."""
    first = next((place for place, row in enumerate(rows) if any(cell.strip() for cell in row)), None)
    if first is None:
        return EMPTY
    headers = [split_header(cell) for cell in rows[first]]
    below = [(place + 1, row) for place, row in enumerate(rows) if place > first and any(cell.strip() for cell in row)]
    languages = dict.fromkeys(language for column, language in headers if column in TRANSLATED and language)
    return Sheet(
        tuple(_row(number, headers, row) for number, row in below),
        tuple(dict.fromkeys(column for column, _ in headers if column)),
        tuple(languages),
        sum(bool(cell.strip()) for _, row in below for place, cell in enumerate(row) if not _column(headers, place)),
    )


def _column(headers: list[tuple[str, str]], place: int) -> str:
    return headers[place][0] if place < len(headers) else ""


def _row(number: int, headers: list[tuple[str, str]], row: list[str]) -> Row:
    cells: dict[str, str] = {}
    texts: dict[str, dict[str, str]] = {}
    for (column, language), cell in zip(headers, row, strict=False):
        if column in TRANSLATED and (words := spoken(cell)):
            texts.setdefault(column, {}).setdefault(language, words)
        elif column and column not in TRANSLATED and cell.strip():
            cells.setdefault(column, cell.strip())
    return Row(number, cells, texts)


def split_header(header: str) -> tuple[str, str]:
    """The column and the language of a header: "Label :: English (en)" is ("label", "English (en)")."""
    text = " ".join(header.split())
    parts = [part.strip() for part in (text.split("::") if "::" in text else text.split(":", 1))]
    column = parts[0].lower().replace(" ", "_")
    if column in ("media", "bind", "control", "body", "jr") and len(parts) > 1:
        joined = f"jr:{parts[1]}" if column == "jr" else parts[1]
        column = joined.lower().replace(" ", "_")
        parts = parts[1:]
    return ALIASES.get(column, column), " ".join(parts[1:])


def spoken(cell: str) -> str:
    """The words of a cell without HTML and without the marks of Markdown that XLSForms use."""
    text = plain(cell)
    if "*" in text or "_" in text or "#" in text or "](" in text:
        text = _LINK.sub(r"\1 (\2)", _HEADING.sub("", text))
        text = _SLANTED.sub(r"\2", _STRONG.sub(r"\2", text))
        text = _ESCAPED.sub(r"\1", text)
    return text.strip()


def filled(sheet: Sheet) -> Counter[str]:
    """In how many rows each column is filled."""
    return Counter(column for row in sheet.rows for column in _columns(row))


def _columns(row: Row) -> Iterator[str]:
    yield from row.cells
    yield from row.texts
