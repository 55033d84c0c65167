"""The mapping file of an import: which column is which variable, of which unit, and what its codes mean."""

from __future__ import annotations

import tomllib
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from .errors import ImportRefusedError
from .fielding import Population
from .parts import Name, TextIn

MissingName = Literal["skipped", "refused", "dont_know", "not_applicable"]


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class FilePart(_Part):
    """How to read the file. `id` serves to find duplicate rows and is never stored."""

    encoding: str = "auto"
    delimiter: Annotated[str, Field(min_length=1, max_length=1)] = ","
    id: str | None = None


class Scale(_Part):
    """Codes with their labels, and what other contents of a cell mean."""

    codes: Annotated[dict[Annotated[str, Field(pattern=r"^(0|[1-9][0-9]?)$")], TextIn], Field(min_length=2)]
    missing: dict[str, MissingName] = {}


class UnitPart(_Part):
    """A judged unit of a residents wave; its items follow by column name."""

    id: Name
    title: TextIn
    peer_group: str | None = None
    scale: str
    items: Annotated[dict[str, TextIn], Field(min_length=1)]


class Demographic(_Part):
    """A column that places a respondent in a weighting class."""

    column: str
    variable: Name
    title: TextIn
    categories: Annotated[dict[str, str], Field(min_length=2)]  # cell content -> category name
    labels: dict[str, TextIn] = {}  # category name -> text
    missing: tuple[str, ...] = ("",)


class Events(_Part):
    """Columns of a service-event file that go into a wave which exists already."""

    unit: str
    channel: str
    day: str
    point: str | None = None
    items: Annotated[dict[str, str], Field(min_length=1)]  # column -> variable of the wave's questionnaire
    reasons: dict[str, str] = {}  # column (codes joined by ;) -> variable
    missing: dict[str, MissingName] = {"": "skipped"}


class MarginsPart(_Part):
    """Where the targets stand: a CSV beside the data, its columns, and how its words map to categories."""

    file: str
    population: str = "population"
    dimensions: dict[str, str] = {}  # dimension -> column (raking: one-way sums are taken)
    categories: dict[str, dict[str, str]] = {}  # dimension -> word in the file -> category
    unit: str | None = None  # service events: the unit column


class Weighting(_Part):
    method: Literal["rake", "poststratify", "none"] = "none"
    dimensions: tuple[Name, ...] = ()
    minimum_class: Annotated[int, Field(ge=2)] = 10


class ImportMap(_Part):
    """A whole mapping file."""

    format: Literal["minyi-import/1"]
    wave: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]{0,60}$")]
    title: TextIn | None = None
    population: Literal["residents", "service_events", "customers", "roster"]
    participation: Literal["open", "links", "sample", "roster"] = "open"
    opens_on: date | None = None
    closes_on: date | None = None
    minimum_n: Annotated[int, Field(ge=2)] = 30
    languages: tuple[str, ...] = ("en",)
    file: FilePart = FilePart()
    scales: dict[str, Scale] = {}
    units: tuple[UnitPart, ...] = ()
    demographics: tuple[Demographic, ...] = ()
    weighting: Weighting = Weighting()
    margins: MarginsPart | None = None
    scheme: dict[str, Any] | None = None
    events: Events | None = None

    @model_validator(mode="after")
    def _holds_together(self) -> Self:
        if (self.events is None) == (not self.units):
            raise ValueError("give either [[units]] (one response judges many) or [events] (one response judges one)")
        if bool(self.units) != (self.population == Population.RESIDENTS.value):
            raise ValueError("[[units]] belong to residents, who judge many; [events] to the other populations")
        unknown = {unit.scale for unit in self.units} - set(self.scales)
        if unknown:
            raise ValueError(f"no such scale: {', '.join(sorted(unknown))}")
        if self.units and not (self.title and self.opens_on and self.closes_on):
            raise ValueError("a wave made from a map needs title, opens_on and closes_on")
        names = {one.variable for one in self.demographics}
        lacking = set(self.weighting.dimensions) - names if self.units else set()
        if lacking:
            raise ValueError(f"no demographic gives the dimension {', '.join(sorted(lacking))}")
        return self


def read_map(path: Path, *, file_name: str) -> ImportMap:
    """Read a mapping file (TOML) for a data file; raises ImportRefusedError naming every place at fault.

    `[files."name.csv"]` gives what differs from file to file, so that one map serves the waves of one questionnaire.
    """
    try:
        document = tomllib.loads(path.read_text(encoding="utf-8"))
        files = document.pop("files", {})
        own = files.get(file_name, {}) if isinstance(files, dict) else None
        if not isinstance(own, dict):
            raise ImportRefusedError(f'{path.name} has something else than a table at [files."{file_name}"].')
        return ImportMap.model_validate(document | own)
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ImportRefusedError(f"{path.name} is not a TOML file.", got=str(error)) from error
    except ValidationError as error:
        problems = [f"{'.'.join(map(str, fault['loc'])) or 'map'}: {fault['msg']}" for fault in error.errors()]
        raise ImportRefusedError(f"{path.name} is not a mapping file that can be used.", problems=problems) from error
