"""Margins as staff bring them: a table, pasted or uploaded, checked against the wave's plan before it is set."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any

from flask_babel import gettext, ngettext

HEADERS = {"poststratify": ("unit", "cell", "population"), "rake": ("dimension", "category", "population")}
LARGEST = 10**12


@dataclass(frozen=True)
class Targets:
    """Rows as `survey.fielding.set_margins` takes them, and what is wrong with them."""

    rows: list[list[Any]]
    problems: list[str]

    @property
    def total(self) -> int:
        return sum(row[2] for row in self.rows)


def header_of(plan: dict[str, Any]) -> tuple[str, ...]:
    """The columns this plan's margins have; none where nothing is weighted."""
    return HEADERS.get(plan["weighting"]["method"], ())


def wanted_rows(plan: dict[str, Any]) -> list[tuple[str, str]]:
    """The first two fields of every row there must be, in the order of the plan."""
    dimensions = plan["weighting"].get("dimensions", [])
    if plan["weighting"]["method"] == "rake":
        return [(one["name"], category) for one in dimensions for category in one["categories"]]
    cells = ["|".join(cell) for cell in product(*(one["categories"] for one in dimensions))]
    return [(entry["id"], cell) for entry in plan["units"] if entry["scored"] for cell in cells]


def decoded(data: bytes) -> str:
    """The text of an uploaded file: UTF-8, or what Chinese spreadsheets write."""
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("gb18030", errors="replace")


def read_targets(text: str, plan: dict[str, Any]) -> Targets:
    """Read a table; every problem is named with its line, and rows come back in the order of the plan."""
    header = header_of(plan)
    lines = _lines(text)
    first = [field.lower() for field in lines[0][1]] if lines else []
    if tuple(first) != header:
        got, expected = ",".join(first)[:80] or gettext("nothing"), ",".join(header)
        return Targets([], [gettext("First line: got %(got)s, expected %(expected)s.", got=got, expected=expected)])
    wanted = wanted_rows(plan)
    found: dict[tuple[str, str], int] = {}
    problems = [fault for number, line in lines[1:] for fault in _read(number, line, wanted, found)]
    problems += list(_lacking(wanted, found)) if not problems else []
    rows = [[*key, found[key]] for key in wanted if key in found]
    return Targets(rows, problems)


def _lines(text: str) -> list[tuple[int, list[str]]]:
    """Numbered lines that hold something; a table copied from a spreadsheet has tabs."""
    clean = text.replace("\0", "").strip("\ufeff")
    delimiter = "\t" if "\t" in clean.split("\n", 1)[0] else ","
    try:
        read = list(csv.reader(io.StringIO(clean), delimiter=delimiter))
    except csv.Error:
        return []
    numbered = [(number, [field.strip() for field in line]) for number, line in enumerate(read, 1)]
    return [(number, line) for number, line in numbered if any(line)]


def _read(
    number: int, line: Sequence[str], wanted: Sequence[tuple[str, str]], found: dict[tuple[str, str], int]
) -> Iterator[str]:
    """Take one line into `found`, or say what is wrong with it."""
    if len(line) != 3:
        yield gettext("Line %(line)d: got %(got)d fields, expected 3.", line=number, got=len(line))
        return
    first, second, amount = line
    if (first, second) not in wanted:
        seconds = [other for one, other in wanted if one == first]
        got, known = (second, seconds) if seconds else (first, list(dict.fromkeys(one for one, _ in wanted)))
        words = {"line": number, "got": got, "known": ", ".join(known)[:200]}
        yield gettext("Line %(line)d: unknown %(got)s; expected one of: %(known)s", **words)
    elif (first, second) in found:
        yield gettext("Line %(line)d: %(first)s, %(second)s comes twice.", line=number, first=first, second=second)
    elif not (amount.isascii() and amount.isdigit() and int(amount[:20]) <= LARGEST):
        yield gettext("Line %(line)d: %(got)s is not a whole number.", line=number, got=amount[:40] or "“”")
    else:
        found[first, second] = int(amount)


def _lacking(wanted: Sequence[tuple[str, str]], found: dict[tuple[str, str], int]) -> Iterator[str]:
    lacking = [key for key in wanted if key not in found]
    for first, second in lacking[:20]:
        yield gettext("No row for %(first)s, %(second)s.", first=first, second=second)
    if len(lacking) > 20:
        rest = len(lacking) - 20
        yield ngettext("And %(num)d more row is missing.", "And %(num)d more rows are missing.", rest)
