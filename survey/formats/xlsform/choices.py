"""The choice lists of an XLSForm: their codes, and which choices stand for no answer."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from survey.formats.report import Fate, Report
from survey.formats.words import missing_kind
from survey.parts import MissingName

from .sheets import Row, Sheet, filled

LARGEST_CODE = 9999
LONGEST_LIST = 1000
_WHOLE = re.compile(r"-?\d{1,4}", re.ASCII)
_OF_LISTS = frozenset({"list_name", "name", "label"})


@dataclass(frozen=True)
class Listed:
    """One choice: its row, its name there, its code here, and why it is no answer, if it is none."""

    row: Row
    name: str
    code: int
    missing: MissingName | None

    @property
    def texts(self) -> Mapping[str, str]:
        return self.row.texts.get("label", {})


@dataclass(frozen=True)
class ChoiceList:
    """The choices of one list, in order."""

    choices: tuple[Listed, ...]

    @cached_property
    def codes(self) -> dict[str, tuple[int, ...]]:
        """Codes by name; a name may stand twice."""
        found: dict[str, tuple[int, ...]] = {}
        for one in self.choices:
            found[one.name] = (*found.get(one.name, ()), one.code)
        return found

    @cached_property
    def missing(self) -> frozenset[int]:
        """The codes that stand for no answer."""
        return frozenset(one.code for one in self.choices if one.missing)


def read_lists(sheet: Sheet) -> dict[str, ChoiceList]:
    """Every list of the sheet by its name, without rows that lack a name."""
    rows: dict[str, list[Row]] = {}
    for row in sheet.rows:
        if row.get("list_name") and row.get("name"):
            rows.setdefault(row.get("list_name"), []).append(row)
    return {name: _list(found) for name, found in rows.items()}


def _list(rows: list[Row]) -> ChoiceList:
    kinds = [_missing(row) for row in rows]
    if all(kinds):
        kinds = [None for _ in rows]
    names = [row.get("name") for row in rows]
    return ChoiceList(tuple(map(Listed, rows, names, codes_of(names), kinds)))


def _missing(row: Row) -> MissingName | None:
    found = [missing_kind(text) for text in row.texts.get("label", {"": row.get("name")}).values()]
    return next((kind for kind in found if kind), None)


def codes_of(names: list[str]) -> list[int]:
    """A code for each name: the number that it is, a negative one without its sign, or else the next free number."""
    codes: dict[int, int] = {}
    taken: set[int] = set()
    for signed in (False, True):
        for place, name in enumerate(names):
            number = int(name) if _WHOLE.fullmatch(name) and name.startswith("-") is signed else None
            if number is not None and abs(number) not in taken and str(number) == name:
                codes[place] = abs(number)
                taken.add(abs(number))
    free = iter(number for number in range(1, LARGEST_CODE + 1) if number not in taken)
    return [codes[place] if place in codes else next(free, 0) for place in range(len(names))]


def report_choices(sheet: Sheet, lists: Mapping[str, ChoiceList], used: set[str], report: Report) -> None:
    """Account for every row of the sheet; lists that no question uses are one construct together."""
    first = {(name, one.name): one.row.number for name, found in lists.items() for one in reversed(found.choices)}
    unused: dict[str, list[int]] = {}
    for row in sheet.rows:
        if row.get("name") and row.get("list_name") and row.get("list_name") not in used:
            unused.setdefault(row.get("list_name"), []).append(row.number)
            continue
        fate, reason = _fate(row, first)
        report.add(f"choices row {row.number}", "choice", fate, reason)
        for column in row.cells:
            if column.startswith("media::"):
                why = "pictures and sounds are not shown"
                report.add(f"choices row {row.number}, {column}", "media", Fate.LEFT_OUT, why)
    if unused:
        rows = sorted(number for numbers in unused.values() for number in numbers)
        why = f"{len(rows)} choices of {len(unused)} lists that no question uses: {', '.join(unused)}"
        report.add(f"choices rows {spans(rows)}", "lists", Fate.LEFT_OUT, why)


def spans(numbers: list[int]) -> str:
    """Ascending numbers as "4 to 7, 9"."""
    found: list[list[int]] = []
    for number in numbers:
        if found and found[-1][1] == number - 1:
            found[-1][1] = number
        else:
            found.append([number, number])
    return ", ".join(f"{low}" if low == high else f"{low} to {high}" for low, high in found)


def unread_columns(sheet: Sheet, filters: str) -> dict[str, int]:
    """Columns that are no part of XLSForm and that no choice filter reads, with the number of their cells."""
    return {
        column: times
        for column, times in filled(sheet).items()
        if column not in _OF_LISTS and not column.startswith("media::")
        if not re.search(rf"(?<![\w$]){re.escape(column)}(?!\w)", filters)
    }


def _fate(row: Row, first: Mapping[tuple[str, str], int]) -> tuple[Fate, str]:
    name = row.get("name")
    if not name or not row.get("list_name"):
        return Fate.LEFT_OUT, "a choice without a name or without a list"
    if first[row.get("list_name"), name] != row.number:
        return Fate.APPROXIMATED, "another choice of its list has the same name: conditions mean that one"
    if not row.texts.get("label"):
        return Fate.APPROXIMATED, "it has no words: its name stands in their place"
    return Fate.MAPPED, ""
