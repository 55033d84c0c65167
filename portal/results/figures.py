"""A release parsed once into frozen objects, from which every results page and its twins are made."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

from survey.texts import Texts

from .folder import Folder
from .recipe import Recipe, read_recipe

PUBLIC, SEALED, DERIVED = "public", "sealed", "derived"


@dataclass(frozen=True)
class Figure:
    """One row of figures.csv, its value as it was printed."""

    subject: str
    statistic: str
    value: str
    status: str


@dataclass(frozen=True)
class ClassRow:
    """One weighting class of a scored unit; `weight` in thousandths."""

    unit: str
    label: str
    cells: tuple[str, ...]
    n: int
    population: str
    weight: int


@dataclass(frozen=True)
class Unit:
    """A unit of the plan with its published figures."""

    id: str
    parent: str | None
    peer_group: str | None
    kind: str
    title: Texts
    figures: tuple[Figure, ...]

    @cached_property
    def _by_name(self) -> dict[tuple[str, str], Figure]:
        return {(figure.subject, figure.statistic): figure for figure in self.figures}

    def value(self, statistic: str, subject: str = "") -> str:
        """A figure as it was printed, or nothing."""
        found = self._by_name.get((subject, statistic))
        return found.value if found else ""

    @property
    def is_listed(self) -> bool:
        """Whether anything was published about this unit, be it only that it had too few answers."""
        return bool(self.figures)

    @property
    def is_suppressed(self) -> bool:
        """Whether it had too few answers for any figure."""
        return self.value("n").startswith("<")

    @property
    def is_scored(self) -> bool:
        return bool(self.value("score"))

    @property
    def tied_with(self) -> int:
        """How many units of its peer group the data cannot tell from this one."""
        return int(self.value("rank_high")) - int(self.value("rank_low")) if self.value("rank_low") else 0


@dataclass(frozen=True)
class Item:
    """A question that counts, with the texts of its answers."""

    name: str
    title: Texts
    labels: Mapping[str, Texts]


@dataclass(frozen=True)
class ReleaseView:
    """Everything the pages say about one published version."""

    folder: Folder
    plan: Mapping[str, Any]
    recipe: Recipe
    units: Mapping[str, Unit]
    wave: tuple[Figure, ...]
    items: Mapping[str, Item]
    cell_labels: Mapping[tuple[str, str], Texts]
    classes: Mapping[str, tuple[ClassRow, ...]]
    answers: Mapping[tuple[str, str, str], Mapping[str, int]]
    ledger: tuple[tuple[str, int], ...]
    exclusions: tuple[tuple[str, int], ...]
    population: int | None
    """Events or persons that the answers stand for, as the margins add up."""

    @property
    def n(self) -> int:
        """Answers that count, of the whole wave."""
        return dict(self.ledger)["counted"]

    @property
    def response_share(self) -> str:
        """Percent of the registered events that were rated; nothing where nobody knows how many were asked."""
        if not self.population or self.plan["weighting"]["method"] != "poststratify":
            return ""
        return rounded(Decimal(100 * self.n) / self.population, 2)

    @property
    def is_ranked(self) -> bool:
        return any(unit.value("rank_low") for unit in self.units.values())

    @property
    def whole(self) -> Unit | None:
        """The unit that stands above all others, if there is one and it has a score."""
        above = [unit for unit in self.units.values() if unit.parent is None]
        return above[0] if len(above) == 1 and above[0].is_scored else None

    def children(self, unit: Unit) -> list[Unit]:
        return [one for one in self.units.values() if one.parent == unit.id]

    def line(self, unit: Unit) -> list[Unit]:
        """The units above this one, the highest first."""
        above = self.units.get(unit.parent or "")
        return [*self.line(above), above] if above else []

    def classes_of(self, unit: Unit) -> list[ClassRow]:
        """The released classes that a unit pools: its own and those of every unit below it."""
        own = list(self.classes.get(unit.id, ()))
        return own + [row for child in self.children(unit) for row in self.classes_of(child)]


def rounded(value: Decimal, digits: int) -> str:
    """A decimal printed with so many digits, halves up."""
    return format(value.quantize(Decimal(1).scaleb(-digits), rounding=ROUND_HALF_UP), "f")


@lru_cache(maxsize=8)
def read_release(place: Path, manifest_id: str) -> ReleaseView:
    """Parse a published folder; raises ReleaseDamagedError when a file is not what was signed."""
    folder = Folder(place, manifest_id)
    plan, dataset = folder.document("plan.json"), folder.document("dataset.json")
    figures = _figures(folder.rows("figures.csv"))
    return ReleaseView(
        folder=folder,
        plan=plan,
        recipe=read_recipe(folder.document("scheme.json")),
        units={row["id"]: _unit(row, figures.get(row["id"], [])) for row in plan["units"]},
        wave=tuple(figures.get("", ())),
        items={column["name"]: _item(column) for column in dataset["columns"] if column["role"] == "item"},
        cell_labels=_cell_labels(dataset["columns"]),
        classes=_classes(folder.rows("classes.csv")),
        answers=_answers(folder.rows("counts.csv")),
        ledger=_numbers(folder.rows("ledger.csv"), "category"),
        exclusions=_numbers(folder.rows("exclusions.csv"), "reason"),
        population=_population(folder.rows("margins.csv")),
    )


@dataclass(frozen=True)
class Summary:
    """What the list of releases says about one of them."""

    population: str
    opens_on: str
    closes_on: str
    received: int
    counted: int


@lru_cache(maxsize=256)
def read_summary(place: Path, manifest_id: str) -> Summary:
    """Read only the plan and the ledger of a published folder."""
    folder = Folder(place, manifest_id)
    plan, ledger = folder.document("plan.json"), dict(_numbers(folder.rows("ledger.csv"), "category"))
    return Summary(plan["population"], plan["opens_on"], plan["closes_on"], ledger["received"], ledger["counted"])


def _figures(rows: Iterable[Mapping[str, str]]) -> dict[str, list[Figure]]:
    found: dict[str, list[Figure]] = {}
    for row in rows:
        figure = Figure(row["subject"], row["statistic"], row["value"], row["status"])
        found.setdefault(row["unit"], []).append(figure)
    return found


def _unit(row: Mapping[str, Any], figures: Iterable[Figure]) -> Unit:
    return Unit(row["id"], row["parent"], row["peer_group"], row["kind"], row["title"], tuple(figures))


def _item(column: Mapping[str, Any]) -> Item:
    return Item(column["name"], column.get("title") or {"": column["name"]}, column.get("labels") or {})


def _cell_labels(columns: Iterable[Mapping[str, Any]]) -> dict[tuple[str, str], Texts]:
    return {
        (column["name"], category): texts
        for column in columns
        if column["role"] != "item"
        for category, texts in (column.get("labels") or {}).items()
    }


def _classes(rows: Iterable[Mapping[str, str]]) -> dict[str, tuple[ClassRow, ...]]:
    found: dict[str, list[ClassRow]] = {}
    for row in rows:
        cells = tuple(row["cells"].split(";"))
        parsed = ClassRow(row["unit"], row["class"], cells, int(row["n"]), row["population"], int(row["weight"]))
        found.setdefault(row["unit"], []).append(parsed)
    return {unit: tuple(classes) for unit, classes in found.items()}


def _answers(rows: Iterable[Mapping[str, str]]) -> dict[tuple[str, str, str], dict[str, int]]:
    """Respondents by code, for each unit, class and item."""
    found: dict[tuple[str, str, str], dict[str, int]] = {}
    for row in rows:
        found.setdefault((row["unit"], row["class"], row["item"]), {})[row["code"]] = int(row["n"])
    return found


def _numbers(rows: Iterable[Mapping[str, str]], key: str) -> tuple[tuple[str, int], ...]:
    return tuple((row[key], int(row["n"])) for row in rows)


def _population(rows: list[dict[str, str]]) -> int | None:
    """The real denominator: all cells of a post-stratified wave, or the first dimension of a raked one."""
    if rows and "dimension" in rows[0]:
        rows = [row for row in rows if row["dimension"] == rows[0]["dimension"]]
    return sum(int(row["population"]) for row in rows) or None
