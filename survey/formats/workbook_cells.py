"""The cells of a stranger's workbook, read in a process of its own: `python workbook_cells.py SHEET… < FILE > JSON`.

Two cells at opposite corners make the library ask for more memory than there is, and the system then ends the process.
So it is never the portal's. Imports nothing of the portal: the process starts in a twentieth of a second.
"""

from __future__ import annotations

import contextlib
import io
import json
import sys
from datetime import date, datetime, time, timedelta

from python_calamine import CalamineError, CalamineWorkbook, PasswordError, SheetTypeEnum

MOST_MEMORY = 1 << 30
MOST_SECONDS = 20
MOST_ROWS, MOST_COLUMNS = 20_000, 1_000
LONGEST_CELL = 32_767  # as in spreadsheets
MOST_CHARACTERS = 20_000_000  # of all cells: one long text may stand in a million of them


class _TooLargeError(Exception):
    """A sheet beyond what a questionnaire can be."""


def main() -> None:
    """Print {"names": […], "sheets": {name: rows}} or {"fault": …} for the file on standard input."""
    _limit()
    wanted = set(sys.argv[1:])
    try:
        answer = _read(sys.stdin.buffer.read(), wanted)
    except PasswordError:
        answer = {"fault": "it is protected by a password"}
    except (CalamineError, _TooLargeError, OSError, ValueError, OverflowError) as error:
        answer = {"fault": str(error) or type(error).__name__}
    json.dump(answer, sys.stdout, ensure_ascii=True)


def _limit() -> None:
    with contextlib.suppress(ImportError, ValueError, OSError):  # what the system does not know stays unlimited
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
        resource.setrlimit(resource.RLIMIT_CPU, (MOST_SECONDS, MOST_SECONDS))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _read(data: bytes, wanted: set[str]) -> dict[str, object]:
    book = CalamineWorkbook.from_filelike(io.BytesIO(data))
    names = [sheet.name for sheet in book.sheets_metadata if sheet.typ == SheetTypeEnum.WorkSheet]
    sheets = {name: _rows(book, name) for name in names if name.strip().lower() in wanted}
    return {"names": names, "sheets": sheets}


def _rows(book: CalamineWorkbook, name: str) -> list[list[str]]:
    sheet = book.get_sheet_by_name(name)
    last_row, last_column = sheet.end or (0, 0)
    if last_row >= MOST_ROWS or last_column >= MOST_COLUMNS:
        raise _TooLargeError(f"the sheet {name} has {last_row + 1:,} rows and {last_column + 1:,} columns")
    rows = [[_text(cell) for cell in row] for row in sheet.to_python(skip_empty_area=False)]
    if sum(len(cell) for row in rows for cell in row) > MOST_CHARACTERS:
        raise _TooLargeError(f"the sheet {name} has more than {MOST_CHARACTERS:,} characters")
    return [row[: max((place for place, cell in enumerate(row, start=1) if cell), default=0)] for row in rows]


def _text(cell: float | str | bool | time | date | datetime | timedelta) -> str:
    """A cell as its author sees it, nearly: whole numbers without a point, dates as ISO dates."""
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 1e15:
        return str(int(cell))
    if isinstance(cell, datetime):
        return cell.date().isoformat() if cell.time() == time() else cell.isoformat(sep=" ")
    if isinstance(cell, (date, time)):
        return cell.isoformat()
    return str(cell)[:LONGEST_CELL]


if __name__ == "__main__":
    main()
