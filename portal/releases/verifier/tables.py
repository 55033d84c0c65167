"""The released tables, read strictly: one spelling per table, the declared header, no surprise in a row."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from survey.canonical import content_id, parse_canonical

COLUMNS = {
    "classes.csv": ("unit", "class", "cells", "n", "population", "weight"),
    "counts.csv": ("unit", "class", "item", "code", "n"),
    "products.csv": ("unit", "class", "item_a", "item_b", "n", "sum_a", "sum_b", "sum_ab"),
    "given.csv": ("unit", "name", "value"),
    "entries.csv": ("unit", "entry", "value"),
    "ledger.csv": ("category", "n"),
    "exclusions.csv": ("reason", "n"),
    "figures.csv": ("unit", "subject", "statistic", "value", "status"),
}
MARGIN_COLUMNS = {
    "poststratify": ("unit", "cell", "population"),
    "rake": ("dimension", "category", "population", "target_share", "achieved_share", "drift"),
}
MARGIN_COLUMNS["none"] = MARGIN_COLUMNS["poststratify"]
MISSING_CODES = ("not_asked", "skipped", "refused", "dont_know", "not_applicable")
DOCUMENTS = ("plan.json", "scheme.json", "questionnaire.json", "dataset.json", "log.json")
LANGUAGES = ("en", "zh-Hans")

Row = dict[str, str]
Table = list[Row]


class TableError(ValueError):
    """A table or a document of the release is not in its one declared form."""


@dataclass(frozen=True)
class Release:
    """The inputs of a release, parsed: four documents, the log extract and nine tables."""

    plan: dict[str, Any]
    scheme: dict[str, Any]
    questionnaire: Any
    dataset: dict[str, Any]
    log: dict[str, Any]
    tables: dict[str, Table]

    @cached_property
    def ids(self) -> dict[str, str]:
        """The content ids of the documents that others name."""
        return {
            "plan": content_id(self.plan),
            "questionnaire": content_id(self.questionnaire),
            "scheme": content_id(self.scheme),
            "dataset": content_id(self.dataset),
        }

    @property
    def method(self) -> str:
        """The weighting method of the plan."""
        return str(self.plan["weighting"]["method"])

    @property
    def dimensions(self) -> list[tuple[str, list[str]]]:
        """The weighting dimensions with their categories, in declared order; none in a wave without weighting."""
        if self.method == "none":
            return []
        return [(one["name"], list(one["categories"])) for one in self.plan["weighting"]["dimensions"]]


def read_release(files: Mapping[str, bytes]) -> Release:
    """Return the parsed release; raise TableError or CanonicalError naming the file that cannot be read."""
    parsed: dict[str, Any] = {}
    for name in DOCUMENTS:
        parsed[name] = _read_document(name, files)
    method = parsed["plan.json"].get("weighting", {}).get("method")
    if method not in MARGIN_COLUMNS:
        raise TableError(f"plan.json: unknown weighting method {method!r}; expected one of {', '.join(MARGIN_COLUMNS)}")
    tables = {name: read_table(name, files[name], columns) for name, columns in COLUMNS.items() if name in files}
    missing = [name for name in (*COLUMNS, "margins.csv") if name not in files]
    if missing:
        raise TableError(f"tables are missing: {', '.join(missing)}")
    tables["margins.csv"] = read_table("margins.csv", files["margins.csv"], MARGIN_COLUMNS[method])
    documents = {name.partition(".")[0]: parsed[name] for name in DOCUMENTS}
    return Release(**documents, tables=tables)


def _read_document(name: str, files: Mapping[str, bytes]) -> Any:
    if name not in files:
        raise TableError(f"{name} is missing")
    try:
        value = parse_canonical(files[name])
    except ValueError as error:
        raise TableError(f"{name}: {error}") from error
    if not isinstance(value, dict):
        raise TableError(f"{name}: expected an object")
    return value


def read_table(name: str, data: bytes, columns: tuple[str, ...]) -> Table:
    """Return the rows of a table whose bytes are exactly what writing them again would give."""
    try:
        text = data.decode("utf-8")
        lines = list(csv.reader(io.StringIO(text, newline=""), strict=True))
    except (UnicodeDecodeError, csv.Error) as error:
        raise TableError(f"{name}: not a table in UTF-8: {error}") from error
    if not lines or tuple(lines[0]) != columns:
        raise TableError(f"{name} row 1: expected the header {','.join(columns)}")
    for number, line in enumerate(lines, 1):
        if len(line) != len(columns):
            raise TableError(f"{name} row {number}: {len(line)} columns, expected {len(columns)}")
    if table_bytes(lines) != data:
        raise TableError(f"{name}: expected commas, line feeds, and quotes only where a value needs them")
    return [{column: line[place] for place, column in enumerate(columns)} for line in lines[1:]]


def table_bytes(lines: list[list[str]]) -> bytes:
    """Return the one spelling of a table: comma, line feed, quotes only where a value needs them."""
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(lines)
    return text.getvalue().encode("utf-8")


def whole_number(text: str, place: str) -> int:
    """Return the number written as plain digits without sign or leading zero; raise TableError naming the place."""
    if not re.fullmatch(r"(0|[1-9][0-9]{0,17})", text, re.ASCII):
        raise TableError(f"{place}: expected a whole number, got {text!r}")
    return int(text)


def decimal_text(text: str, place: str) -> str:
    """Return the text of a plain decimal number; raise TableError naming the place."""
    if not re.fullmatch(r"-?(0|[1-9][0-9]{0,17})(\.[0-9]{1,30})?", text, re.ASCII):
        raise TableError(f"{place}: expected a decimal number, got {text!r}")
    return text


def cell_labels(dimensions: list[tuple[str, list[str]]]) -> list[str]:
    """Return every cell of the weighting dimensions in declared order, written ``first|second``."""
    labels: list[tuple[str, ...]] = [()]
    for _, categories in dimensions:
        labels = [(*label, category) for label in labels for category in categories]
    return ["|".join(label) for label in labels]


def row_number(index: int) -> int:
    """Return the line of a table's row as a reader of the file counts it, the header being line 1."""
    return index + 2
