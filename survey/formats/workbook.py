"""Workbooks of strangers (.xlsx and .xls) as rows of text."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from survey.errors import QuestionnaireError

from .safe import check_size, open_archive

_CHILD = Path(__file__).with_name("workbook_cells.py")
_LONGEST_WAIT = 60  # seconds; the process limits its own computing time further
_OLD = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # how .xls files, and protected .xlsx files, begin
_ZIP = b"PK"


@dataclass(frozen=True)
class Workbook:
    """The names of all sheets, and the rows of those asked for by their name in small letters."""

    names: tuple[str, ...]
    sheets: Mapping[str, list[list[str]]]


def read_workbook(data: bytes, *wanted: str) -> Workbook:
    """Read the wanted sheets; raises QuestionnaireError when the file is no workbook, broken, protected or too large.

    The reading is done by another process with little memory and time, so no file can take the portal with it.
    Formulas come as the values that were stored with them: nothing is ever calculated.
    """
    check_size(data)
    if data.startswith(_ZIP):
        open_archive(data).close()
    elif not data.startswith(_OLD):
        raise QuestionnaireError(
            "The file is no Excel workbook.", got=repr(data[:8]), expected=".xlsx or .xls", hint="save it as .xlsx"
        )
    answer = _ask(data, wanted)
    if "fault" in answer:
        raise _broken(str(answer["fault"]))
    found: dict[str, list[list[str]]] = {}
    for name, rows in answer["sheets"].items():
        found.setdefault(name.strip().lower(), rows)
    return Workbook(tuple(answer["names"]), found)


def _ask(data: bytes, wanted: tuple[str, ...]) -> dict[str, dict[str, list[list[str]]]]:
    try:
        done = subprocess.run(
            [sys.executable, "-I", str(_CHILD), *wanted],
            input=data,
            capture_output=True,
            timeout=_LONGEST_WAIT,
            check=False,
        )
        answer = json.loads(done.stdout) if done.returncode == 0 else None
    except (subprocess.TimeoutExpired, ValueError):
        answer = None
    if not isinstance(answer, dict):
        raise _broken("reading it takes too much memory or time, or stops half-way")
    return answer


def _broken(why: str) -> QuestionnaireError:
    return QuestionnaireError(
        "The workbook cannot be read.", got=why, hint="open it, save it once more as .xlsx without a password"
    )
