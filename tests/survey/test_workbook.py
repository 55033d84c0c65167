"""Workbooks of strangers: their cells as text, and nothing that they can do to the portal."""

import io
import zipfile
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter

from given_files import given
from survey.errors import QuestionnaireError
from survey.formats.workbook import read_workbook


def workbook(cells: dict[tuple[int, int], Any], sheet: str = "survey") -> bytes:
    buffer = io.BytesIO()
    made = xlsxwriter.Workbook(buffer, {"in_memory": True, "default_date_format": "yyyy-mm-dd"})
    target = made.add_worksheet(sheet)
    made.add_chartsheet("chart")
    for (row, column), value in cells.items():
        target.write(row, column, value)
    made.close()
    return buffer.getvalue()


def test_cells_come_as_their_author_sees_them() -> None:
    """Whole numbers without a point, days as ISO dates, truths in small letters; rows keep their places."""
    data = workbook({(1, 1): 3.0, (1, 2): 2.5, (2, 0): True, (3, 3): date(2026, 11, 21), (4, 0): "x"}, " Survey ")
    read = read_workbook(data, "survey", "choices")
    assert read.names == (" Survey ",)
    assert read.sheets == {"survey": [[], ["", "3", "2.5"], ["true"], ["", "", "", "2026-11-21"], ["x"]]}


def test_instants_keep_their_time() -> None:
    """A cell with a day and a time of day."""
    data = workbook({(0, 0): datetime(2026, 11, 21, 8, 30)})  # noqa: DTZ001 (spreadsheets know no zone)
    assert read_workbook(data, "survey").sheets["survey"] == [["2026-11-21 08:30:00"]]


def test_formulas_are_read_as_stored_and_never_run() -> None:
    """What stood there when the file was saved; xlsxwriter stores 0 for what it cannot calculate."""
    data = workbook({(0, 0): '=HYPERLINK("http://example.org","label")', (0, 1): "=1+1"})
    assert read_workbook(data, "survey").sheets["survey"] == [["0", "0"]]


@pytest.mark.parametrize(
    "cells",
    [
        pytest.param({(0, 0): "a", (1_048_575, 16_383): "b"}, id="two far corners"),
        pytest.param({(0, 0): "a", (1_048_575, 0): "b"}, id="last row"),
        pytest.param({(0, 0): "a", (0, 16_383): "b"}, id="last column"),
        pytest.param({(row, 0): "x" * 32_000 for row in range(700)}, id="one long text in many cells"),
    ],
)
def test_small_files_that_would_fill_the_memory_are_refused(cells: dict[tuple[int, int], Any]) -> None:
    """A few kilobytes that would ask for half a terabyte end their own process only."""
    with pytest.raises(QuestionnaireError, match="cannot be read"):
        read_workbook(workbook(cells), "survey")


def test_a_zip_bomb_is_refused() -> None:
    """Before any of it is unpacked."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", bytes(60_000_000))
    with pytest.raises(QuestionnaireError, match="beyond all measure"):
        read_workbook(buffer.getvalue(), "survey")


def test_a_truncated_old_workbook_is_refused() -> None:
    """Every cut of a real .xls gives an error with its reason, or what is left of it."""
    whole = (Path(given("given-questionnaires")) / "G09_xlsform_legacy_arabic_en.xls").read_bytes()
    assert len(read_workbook(whole, "survey").sheets["survey"]) == 7
    for length in range(500, len(whole), 1_500):
        with pytest.raises(QuestionnaireError, match="cannot be read"):
            read_workbook(whole[:length], "survey")


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"", "is empty"),
        (b"type,name\ntext,q1", "no Excel workbook"),
        (b"PK\x03\x04 no zip", "archive is broken"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(2_000), "cannot be read"),
    ],
)
def test_what_is_no_workbook_is_refused(data: bytes, why: str) -> None:
    """Each with its reason."""
    with pytest.raises(QuestionnaireError, match=why):
        read_workbook(data, "survey")
