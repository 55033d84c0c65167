"""Rows of a file, checked and turned into response documents."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from .answers import replay
from .errors import ImportRefusedError
from .fielding import Wave
from .formats.csv import Sheet
from .import_map import Events, ImportMap
from .import_wave import category_codes, missing_codes
from .intake import Place, response_document
from .questionnaire import Questionnaire
from .questions import MultipleQuestion
from .reading import Form
from .walk import Fault

PROBLEMS_SHOWN = 20
Row = Mapping[str, str]


class Rows:
    """A sheet read through a map, for one wave."""

    def __init__(self, map_: ImportMap, wave: Wave, questionnaire: Questionnaire, sheet: Sheet) -> None:
        self.map = map_
        self.wave = wave
        self.questionnaire = questionnaire
        self.sheet = sheet
        self.problems: list[str] = []
        self._scored = {entry["id"] for entry in wave.plan["units"] if entry["scored"]}
        self._items = self._cell_tables()

    def _cell_tables(self) -> dict[str, dict[str, str]]:
        """For each column, what a cell's content sends to the form ('' sends nothing)."""
        tables: dict[str, dict[str, str]] = {}
        for one in self.map.units:
            scale = self.map.scales[one.scale]
            codes = missing_codes(scale)
            table = {code: code for code in scale.codes}
            table |= {cell: str(codes.get(kind, "")) for cell, kind in scale.missing.items()}
            tables |= dict.fromkeys(one.items, table)
        for demographic in self.map.demographics:
            names = category_codes(demographic)
            table = {cell: str(names[name]) for cell, name in demographic.categories.items()}
            tables[demographic.column] = table | dict.fromkeys(demographic.missing, "")
        return tables

    def columns(self) -> list[str]:
        """Every column the map names; no other is read."""
        named = list(self._items)
        if self.map.events is not None:
            events = self.map.events
            named += [events.unit, events.channel, events.day, *events.items, *events.reasons]
            named += [events.point] if events.point else []
        return named + ([self.map.file.id] if self.map.file.id else [])

    def check(self) -> None:
        """Look at every row before any is written; raises ImportRefusedError with the first faults."""
        lacking = [name for name in self.columns() if name not in self.sheet.header]
        if lacking:
            raise ImportRefusedError(
                "The header lacks columns that the map names.",
                got=", ".join(self.sheet.header[:12]) + (" …" if len(self.sheet.header) > 12 else ""),
                expected=", ".join(lacking),
                hint="is this the right file for the map, and its encoding right?",
            )
        if not self.sheet.rows:
            raise ImportRefusedError("The file has a header and no rows.", expected="one line per response")
        if self.map.file.id:
            place = self.sheet.header.index(self.map.file.id)
            counted = Counter(row[place].strip() for row in self.sheet.rows)
            self.problems += [f"the id {name!r} stands {n} times" for name, n in counted.items() if n > 1][:5]
        for number, row in self._rows():
            if len(self.problems) >= PROBLEMS_SHOWN:
                break
            self._check_row(number, row)
        if self.problems:
            raise ImportRefusedError(
                "The file cannot be imported; nothing was written.",
                problems=self.problems[:PROBLEMS_SHOWN],
                hint="mend the file, or name further missing codes in the map",
            )

    def _rows(self) -> Iterator[tuple[int, Row]]:
        for number, row in zip(self.sheet.lines, self.sheet.rows, strict=True):
            yield number, dict(zip(self.sheet.header, (cell.strip() for cell in row), strict=True))

    def _check_row(self, number: int, row: Row) -> None:
        for column, table in self._items.items():
            if _plain(row[column]) not in table:
                expected = ", ".join(sorted(cell or "(empty)" for cell in table))
                self.problems.append(f"line {number}, {column}: got {row[column]!r}, expected one of {expected}")
        if self.map.events is not None:
            self._check_event(number, row, self.map.events)

    def _check_event(self, number: int, row: Row, events: Events) -> None:
        if row[events.unit] not in self._scored:
            self.problems.append(f"line {number}, {events.unit}: {row[events.unit]!r} is not a unit this wave scores")
        if _day(row[events.day]) is None:
            self.problems.append(
                f"line {number}, {events.day}: got {row[events.day]!r}, expected a day like 2026-07-31"
            )
        form = self._event_form(row, events)
        walk = replay(self.questionnaire, form)
        for variable, fault in walk.faults.items():
            if fault is not Fault.REQUIRED:
                self.problems.append(f"line {number}, {variable}: an answer that is not offered")
        for column, variable in events.reasons.items():
            sent, taken = form.get(f"{variable}.reasons", ()), walk.reasons.get(variable, ())
            if set(sent) != set(map(str, taken)):
                self.problems.append(f"line {number}, {column}: {row[column]!r} is not offered under this answer")

    def documents(self) -> Iterator[tuple[str, dict[str, Any]]]:
        """(id of the row or '', response document) for each row, in file order."""
        events = self.map.events
        opens = date.fromisoformat(self.wave.plan["opens_on"])
        for _, row in self._rows():
            if events is not None:
                form = self._event_form(row, events)
                place = Place(
                    (row[events.point] or None) if events.point else None, row[events.unit], row[events.channel]
                )
                day = _day(row[events.day]) or opens
            else:
                form = self._form(row)
                place, day = Place(None, None, "imported"), opens
            walk = replay(self.questionnaire, form)
            document = response_document(self.wave, place, walk, language="und", mode="imported", day=day)
            yield row[self.map.file.id] if self.map.file.id else "", document

    def _form(self, row: Row) -> Form:
        form: dict[str, list[str]] = {}
        demographics = {one.column: one.variable for one in self.map.demographics}
        for column, table in self._items.items():
            value = table[_plain(row[column])]
            if value:
                form[demographics.get(column, column.lower())] = [value]
        return form

    def _event_form(self, row: Row, events: Events) -> Form:
        form: dict[str, list[str]] = {}
        for column, variable in events.items.items():
            kind = events.missing.get(row[column])
            value = self._missing_choice(variable, kind) if kind else row[column]
            if value:
                form[variable] = [_plain(part) for part in self._parts(variable, value)]
        for column, variable in events.reasons.items():
            if row[column]:
                form[f"{variable}.reasons"] = [tag.strip() for tag in row[column].split(";")]
        return form

    def _parts(self, variable: str, value: str) -> list[str]:
        """Several choices of a multiple question stand in one cell, joined by semicolons."""
        is_multiple = isinstance(self.questionnaire.by_variable.get(variable), MultipleQuestion)
        return [part.strip() for part in value.split(";")] if is_multiple else [value]

    def _missing_choice(self, variable: str, kind: str) -> str:
        question = self.questionnaire.by_variable.get(variable)
        choices = getattr(question, "choices", ())
        return next((str(choice.code) for choice in choices if choice.missing == kind), "")


def _plain(cell: str) -> str:
    """A number as the map writes it: spreadsheets turn 4 into 4.0."""
    return cell[:-2] if cell.endswith(".0") and cell[:-2].isdigit() else cell


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
