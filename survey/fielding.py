"""Waves: one fielding of one questionnaire version under a plan that is frozen, and logged, before it opens."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from functools import lru_cache
from itertools import product
from typing import Any

from sqlalchemy import Connection, Row, bindparam, insert, select, update

from .canonical import canonical_json, content_id
from .errors import FieldingError, WaveNotOpenError
from .log import Log
from .parts import BaseQuestion
from .questionnaire import Questionnaire, questionnaire_id, read_questionnaire
from .storage.tables import questionnaire as questionnaire_table
from .storage.tables import unit, variable, wave, wave_point

COMPLAINTS = "complaints"  # what the leaves of complaints carry in place of a wave


class WaveState(StrEnum):
    DRAFTED = "drafted"
    OPENED = "opened"
    CLOSED = "closed"
    FROZEN = "frozen"


class Population(StrEnum):
    """Of whom, or what, a wave's answers are a part."""

    RESIDENTS = "residents"
    SERVICE_EVENTS = "service_events"
    CUSTOMERS = "customers"
    ROSTER = "roster"


@dataclass(frozen=True)
class Wave:
    """A wave as it stands; `plan`, `scheme` and `margins` are parsed documents."""

    id: str
    title: Mapping[str, str]
    questionnaire_id: str
    population: str
    state: WaveState
    opens_at: datetime
    closes_at: datetime
    plan: dict[str, Any]
    plan_id: str | None
    scheme: dict[str, Any]
    margins: list[list[Any]] | None
    dataset_id: str | None
    quota: int | None

    def trees(self) -> dict[str, Any]:
        """The scheme's trees by judged unit; empty where one tree serves all."""
        combining = (step for step in self.scheme.get("steps", ()) if step["op"] == "combine")
        combine: dict[str, Any] = next(combining, {})
        found: dict[str, Any] = combine.get("trees", {})
        return found

    def items(self) -> set[str]:
        """The variables that the scheme judges by."""
        return {str(node["item"]) for node in _nodes(self.scheme) if "item" in node}

    @property
    def needs_link(self) -> bool:
        """Whether each answer must come with a one-time code: everywhere but where participation is open to all."""
        return bool(self.plan.get("participation", "open") != "open")

    def is_open_at(self, now: datetime) -> bool:
        return self.state is WaveState.OPENED and self.opens_at <= now < self.closes_at

    def check_open(self, now: datetime) -> None:
        if not self.is_open_at(now):
            early = self.state in (WaveState.DRAFTED, WaveState.OPENED) and now < self.opens_at
            raise WaveNotOpenError(
                "This survey has not opened yet." if early else "This survey is over.",
                got="early" if early else "late",
                expected=f"{self.opens_at.isoformat()} to {self.closes_at.isoformat()}",
            )


def _nodes(node: Any) -> Iterator[dict[str, Any]]:
    """Every object of a document, itself included."""
    if isinstance(node, dict):
        yield node
    for part in node.values() if isinstance(node, dict) else node if isinstance(node, list) else ():
        yield from _nodes(part)


def lacking_items(wave_: Wave, read: Questionnaire) -> set[str]:
    """The variables that a wave's scheme and weighting need and a questionnaire does not ask as they need them."""
    judged = {name for name in wave_.items() if not _is_judged(read.by_variable.get(name))}
    dimensions = wave_.plan["weighting"].get("dimensions", ())
    about = {one["variable"] for one in dimensions if "variable" in one}
    return judged | {name for name in about if name not in read.by_variable}


def _is_judged(question: BaseQuestion | None) -> bool:
    return question is not None and question.role == "item" and bool(question.valid_codes())


def publish_questionnaire(connection: Connection, document: Any, on: date) -> str:
    """Store a questionnaire for good; the same document twice is one. Its variables are registered."""
    read = read_questionnaire(document)
    identity = questionnaire_id(document)
    known = connection.execute(select(questionnaire_table.c.id).where(questionnaire_table.c.id == identity)).first()
    if known is None:
        body = canonical_json(document).decode()
        connection.execute(insert(questionnaire_table).values(id=identity, name=read.name, body=body, published_on=on))
        names = set(connection.execute(select(variable.c.name)).scalars())
        new = [
            {"name": question.variable, "title": canonical_json(dict(question.text)).decode()}
            for question in read.leaves
            if question.variable not in names
        ]
        if new:
            connection.execute(insert(variable), new)
    return identity


def load_questionnaire(connection: Connection, identity: str) -> Questionnaire:
    """The frozen questionnaire; its bytes are checked against its identity each time they are parsed."""
    body = connection.execute(
        select(questionnaire_table.c.body).where(questionnaire_table.c.id == identity)
    ).scalar_one()
    return _parsed(identity, body)


@lru_cache(maxsize=256)
def _parsed(identity: str, body: str) -> Questionnaire:
    document = json.loads(body)
    if questionnaire_id(document) != identity:
        raise FieldingError("A stored questionnaire was altered.", got=questionnaire_id(document), expected=identity)
    return read_questionnaire(document)


def draft_wave(
    connection: Connection,
    *,
    wave_id: str,
    plan: Mapping[str, Any],
    scheme: Mapping[str, Any],
    opens_at: datetime,
    closes_at: datetime,
    points: Mapping[str, str],
    quota: int | None = None,
) -> None:
    """Create a wave. `points` maps each point key to the scored unit its responses count for."""
    if wave_id == COMPLAINTS:
        raise FieldingError("This name is kept for complaints in the log.", got=wave_id)
    if plan.get("wave", wave_id) != wave_id:
        raise FieldingError("The plan is of another wave.", got=str(plan["wave"]), expected=wave_id)
    if opens_at >= closes_at:
        raise FieldingError("The wave closes before it opens.", got=f"{opens_at} to {closes_at}")
    scored = {entry["id"] for entry in plan["units"] if entry["scored"]}
    strangers = set(points.values()) - scored
    if strangers:
        raise FieldingError("Points lead to units that the plan does not score.", got=", ".join(sorted(strangers)))
    connection.execute(
        insert(wave).values(
            id=wave_id,
            title=canonical_json(dict(plan["title"])).decode(),
            questionnaire_id=plan["questionnaire"],
            population=plan["population"],
            state=WaveState.DRAFTED,
            opens_at=opens_at,
            closes_at=closes_at,
            plan=canonical_json(dict(plan)).decode(),
            scheme=canonical_json(dict(scheme)).decode(),
            quota=quota,
            taken=0,
        )
    )
    rows = [{"wave_id": wave_id, "point_key": key, "scored_unit_id": to} for key, to in points.items()]
    if rows:
        connection.execute(insert(wave_point), rows)


def open_wave(connection: Connection, log: Log, wave_id: str, now: datetime) -> None:
    """Freeze the plan and write its hash into the log; from here on neither plan nor scheme can change."""
    found = load_wave(connection, wave_id, lock=True)
    if found.state is not WaveState.DRAFTED:
        raise FieldingError(f"The wave is {found.state} already.", expected="a drafted wave")
    plan_id = content_id(found.plan)
    if found.plan["scheme"] != content_id(found.scheme):
        raise FieldingError("The plan names another scheme than the wave holds.", got=found.plan["scheme"])
    if found.population == Population.RESIDENTS and not found.trees():
        raise FieldingError(
            "Answers of this wave judge many units, and the scheme does not say which question judges which.",
            expected="a tree for each judged unit in the step combine",
        )
    index = log.anchor(connection, wave_id, plan_id, now)
    connection.execute(
        update(wave).where(wave.c.id == wave_id).values(state=WaveState.OPENED, plan_id=plan_id, plan_index=index)
    )


def close_wave(connection: Connection, wave_id: str, now: datetime) -> None:
    """No further answers; corrections and withdrawals end too."""
    found = load_wave(connection, wave_id, lock=True)
    if found.state is not WaveState.OPENED:
        raise FieldingError(f"The wave is {found.state}.", expected="an open wave")
    connection.execute(
        update(wave).where(wave.c.id == wave_id).values(state=WaveState.CLOSED, closes_at=min(now, found.closes_at))
    )


def set_margins(connection: Connection, log: Log, wave_id: str, rows: Sequence[Sequence[Any]], now: datetime) -> None:
    """Give a wave its targets (transaction counts, census margins) once, and log their hash before any score."""
    found = load_wave(connection, wave_id, lock=True)
    if found.plan["weighting"]["method"] == "none":
        raise FieldingError("The plan of this wave weights to no targets.", got=wave_id)
    if found.margins is not None or found.state is WaveState.FROZEN:
        raise FieldingError("The margins of this wave are set already.", hint="a correction needs a new wave")
    ordered = ordered_margins(found.plan, rows)
    index = log.anchor(connection, wave_id, margins_id(ordered), now)
    text = canonical_json(ordered).decode()
    connection.execute(update(wave).where(wave.c.id == wave_id).values(margins=text, margins_index=index))


def ordered_margins(plan: Mapping[str, Any], rows: Sequence[Sequence[Any]]) -> list[list[Any]]:
    """The targets in the plan's order, complete; raises FieldingError naming what is missing, strange or twice."""
    dimensions = plan["weighting"]["dimensions"]
    if plan["weighting"]["method"] == "rake":
        keys = [(one["name"], category) for one in dimensions for category in one["categories"]]
    else:
        cells = ["|".join(parts) for parts in product(*(one["categories"] for one in dimensions))]
        keys = [(entry["id"], cell) for entry in plan["units"] if entry["scored"] for cell in cells]
    given: dict[tuple[str, str], int] = {}
    for name, category, population in rows:
        if (name, category) in given:
            raise FieldingError("A target is given twice.", got=f"{name}, {category}")
        given[name, category] = _count(population, f"{name}, {category}")
    strange = [key for key in given if key not in set(keys)]
    if strange:
        raise FieldingError("The targets name a class that the plan does not have.", got=", ".join(strange[0]))
    lacking = [key for key in keys if key not in given]
    if lacking:
        raise FieldingError(
            f"{len(lacking)} classes have no target.",
            got=", ".join(lacking[0]),
            expected="one for each class of the plan",
            hint="give 0 where nothing was served",
        )
    return [[*key, given[key]] for key in keys]


def _count(value: Any, where: str) -> int:
    text = str(value).strip()
    if not (text.isascii() and text.isdigit()):
        raise FieldingError("A target is not a whole number.", got=f"{where}: {text}", expected="0 or more")
    return int(text)


def margins_id(rows: Sequence[Sequence[Any]]) -> str:
    """The hash of the targets as the release shows them: every field as text, in order."""
    return content_id({"margins": [[str(field) for field in row] for row in rows]})


def load_wave(connection: Connection, wave_id: str, *, lock: bool = False) -> Wave:
    """The wave as it stands; with `lock` nobody else changes it, or casts into it, until this transaction ends."""
    query = select(wave).where(wave.c.id == wave_id)
    row = connection.execute(query.with_for_update(key_share=True) if lock else query).one_or_none()
    if row is None:
        raise FieldingError("There is no such wave.", got=wave_id)
    return _wave(row)


STATE = select(wave.c.state).where(wave.c.id == bindparam("wave_id"))
STATE_LOCKED = {
    (read, key_share): STATE.with_for_update(read=read, key_share=key_share)
    for read in (False, True)
    for key_share in (False, True)
}


def check_still_open(connection: Connection, wave_id: str, *, read: bool = False, key_share: bool = False) -> None:
    """Raises WaveNotOpenError when the wave was closed meanwhile; with a lock it cannot be until this transaction ends.

    `read=True` lets others cast at the same time, `key_share=True` lets nobody: whoever will change the wave's own row
    must take that one at once, since two who hold the first and wait for the second would wait for each other.
    """
    query = STATE_LOCKED[read, key_share] if read or key_share else STATE
    if connection.execute(query, {"wave_id": wave_id}).scalar() != WaveState.OPENED:
        raise WaveNotOpenError("This survey is over.", got="late")


def all_waves(connection: Connection) -> list[Wave]:
    return [_wave(row) for row in connection.execute(select(wave).order_by(wave.c.opens_at.desc(), wave.c.id))]


def wave_at_point(connection: Connection, point_key: str, now: datetime) -> tuple[Wave, str]:
    """The wave that this point answers for now, and the scored unit; else the nearest one, to say why not."""
    rows = connection.execute(
        select(wave, wave_point.c.scored_unit_id)
        .join(wave_point, wave_point.c.wave_id == wave.c.id)
        .where(wave_point.c.point_key == point_key, wave.c.state != WaveState.DRAFTED)
        .order_by(wave.c.opens_at.desc())
    ).all()
    found = [(_wave(row), str(row.scored_unit_id)) for row in rows]
    if not found:
        raise WaveNotOpenError("No survey runs at this place.", got="none")
    is_open = next(((one, to) for one, to in found if one.is_open_at(now)), None)
    return is_open or found[0]


def _wave(row: Row[Any]) -> Wave:
    return Wave(
        id=row.id,
        title=json.loads(row.title),
        questionnaire_id=row.questionnaire_id,
        population=row.population,
        state=WaveState(row.state),
        opens_at=row.opens_at,
        closes_at=row.closes_at,
        plan=json.loads(row.plan),
        plan_id=row.plan_id,
        scheme=json.loads(row.scheme),
        margins=json.loads(row.margins) if row.margins else None,
        dataset_id=row.dataset_id,
        quota=row.quota,
    )


def unit_title(connection: Connection, unit_id: str) -> dict[str, str]:
    body = connection.execute(select(unit.c.title).where(unit.c.id == unit_id)).scalar_one()
    titles: dict[str, str] = json.loads(body)
    return titles
