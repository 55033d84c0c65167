"""Small XLSForm workbooks for tests, made of rows as dictionaries."""

import io
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import xlsxwriter

from survey.formats.report import Fate, Report
from survey.formats.xlsform import read_xlsform
from survey.formats.xlsform.sheets import read_sheet

Rows = Sequence[Mapping[str, Any]]
YES_NO = [
    {"list_name": "yn", "name": "yes", "label": "Yes"},
    {"list_name": "yn", "name": "no", "label": "No"},
]
ABC = [{"list_name": "abc", "name": name, "label": name.upper()} for name in "abc"]


def book(**sheets: Rows) -> bytes:
    """A workbook with these sheets; the header of each is every key of its rows."""
    buffer = io.BytesIO()
    made = xlsxwriter.Workbook(buffer, {"in_memory": True})
    made.set_properties({"created": datetime(2026, 11, 21)})  # noqa: DTZ001 (the same bytes each time)
    for title, rows in sheets.items():
        sheet = made.add_worksheet(title)
        header = list(dict.fromkeys(key for row in rows for key in row))
        for column, key in enumerate(header):
            sheet.write(0, column, key)
            for number, row in enumerate(rows, start=1):
                if key in row:
                    sheet.write(number, column, row[key])
    made.close()
    return buffer.getvalue()


def form(
    *rows: Mapping[str, Any], choices: Rows = (*YES_NO, *ABC), settings: Mapping[str, Any] | None = None
) -> Report:
    """The report on a form of these survey rows; in English."""
    sheets: dict[str, Rows] = {"survey": rows, "choices": choices}
    return read_xlsform(book(**sheets, settings=[settings or {"form_title": "A form"}]), name="form", language="en")


def questions(report: Report) -> list[dict[str, Any]]:
    """Every question of the document."""
    return [question for section in report.document["sections"] for question in section["questions"]]


def fate(report: Report, place: str) -> Fate:
    """What became of the one construct of this place."""
    (found,) = [one.fate for one in report.constructs if one.place == place]
    return found


def reason(report: Report, place: str) -> str:
    """Why."""
    (found,) = [one.reason for one in report.constructs if one.place == place]
    return found


def untold(rows: list[list[str]], report: Report) -> list[int]:
    """The numbers of survey rows that no construct is about; ends of groups belong to their beginnings."""
    places = {one.place.split(" to ")[0].replace("survey rows", "survey row") for one in report.constructs}
    read = read_sheet(rows).rows
    ends = {row.number for row in read if row.get("type").strip().lower().replace("_", " ").startswith("end ")}
    return [row.number for row in read if f"survey row {row.number}" not in places and row.number not in ends]
