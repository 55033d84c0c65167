"""The machine-readable twins of a page: JSON and CSV from the same object as the HTML."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

DANGEROUS = (
    "=",
    "+",
    "-",
    "@",
    "\t",
    "\r",
    "\n",
    "＝",
    "＋",
    "－",
    "＠",
)  # Chinese spreadsheets read the wide ones too
_NUMBER = re.compile(r"[+-]?\d+(\.\d+)?", re.ASCII)


@dataclass(frozen=True)
class Sheet:
    """The rows of a page, every cell a text as it was released."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]

    def records(self) -> list[dict[str, str]]:
        return [dict(zip(self.columns, row, strict=True)) for row in self.rows]


def as_csv(sheet: Sheet) -> str:
    """The sheet as CSV; a text that a spreadsheet would run as a formula gets an apostrophe before it."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(sheet.columns)
    writer.writerows([guarded(cell) for cell in row] for row in sheet.rows)
    return text.getvalue()


def guarded(cell: str) -> str:
    return "'" + cell if cell.startswith(DANGEROUS) and not _NUMBER.fullmatch(cell) else cell


def as_json(about: Mapping[str, Any], sheets: Mapping[str, Sheet]) -> str:
    """The page's facts and its sheets, each a list of records."""
    lists: dict[str, Sequence[Any]] = {name: sheet.records() for name, sheet in sheets.items()}
    return json.dumps({**about, **lists}, ensure_ascii=False, indent=1) + "\n"
