"""The public record: totals that add up, and published cases. Page, JSON and CSV come from one object."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, func, select, true
from sqlalchemy import case as when

from portal.results.twins import DANGEROUS
from survey.texts import Texts

from .states import WAITING, State, Verdict
from .tables import complaint


@dataclass(frozen=True)
class Totals:
    """received = answered_in_time + answered_late + refused + withdrawn + waiting_in_time + waiting_overdue;
    answered = satisfied + basically_satisfied + dissatisfied + no_verdict."""

    answered_in_time: int = 0
    answered_late: int = 0
    refused: int = 0
    withdrawn: int = 0
    waiting_in_time: int = 0
    waiting_overdue: int = 0
    satisfied: int = 0
    basically_satisfied: int = 0
    dissatisfied: int = 0
    no_verdict: int = 0
    reopened: int = 0  # among those waiting: an answer was not accepted

    def __add__(self, other: Totals) -> Totals:
        return Totals(*(getattr(self, one.name) + getattr(other, one.name) for one in fields(self)))

    @property
    def answered(self) -> int:
        return self.answered_in_time + self.answered_late

    @property
    def received(self) -> int:
        return self.answered + self.refused + self.withdrawn + self.waiting_in_time + self.waiting_overdue

    @property
    def judged(self) -> int:
        return self.answered - self.no_verdict

    @property
    def content(self) -> int:
        return self.satisfied + self.basically_satisfied

    @property
    def due(self) -> int:
        """Answered, or overdue: a case that waits too long does not drop out of the share."""
        return self.answered + self.waiting_overdue

    @property
    def in_time_share(self) -> float | None:
        """Of those due."""
        return self.answered_in_time / self.due if self.due else None

    @property
    def content_share(self) -> float | None:
        """Of all answered: who said nothing is not counted as satisfied."""
        return self.content / self.answered if self.answered else None

    def document(self) -> dict[str, int]:
        return {"received": self.received, "answered": self.answered, **asdict(self)}


@dataclass(frozen=True)
class PublicCase:
    """A case as a reviewer published it; nothing else of it is public."""

    number: str
    unit_id: str
    kind: str
    state: str
    subject: str
    answer: str
    received_on: date
    due_on: date
    answered_on: date | None
    is_overdue: bool
    outcome: str
    verdict: str

    def document(self) -> dict[str, Any]:
        dates = {name: value.isoformat() for name, value in asdict(self).items() if isinstance(value, date)}
        return {**asdict(self), **dates}


@dataclass(frozen=True)
class Register:
    """The public record on one day, of all units or of one with those below it."""

    on: date
    unit_id: str | None
    units: Mapping[str, Totals]  # each unit's own, without those below it
    titles: Mapping[str, Texts]
    n_published: int
    cases: Sequence[PublicCase]

    @property
    def totals(self) -> Totals:
        return sum(self.units.values(), Totals())

    def document(self) -> dict[str, Any]:
        """The JSON twin."""
        return {
            "format": "minyi-complaints/1",
            "on": self.on.isoformat(),
            "unit": self.unit_id,
            "totals": self.totals.document(),
            "units": [
                {"unit": one, "title": dict(self.titles[one]), **totals.document()}
                for one, totals in self.units.items()
            ],
            "published": self.n_published,
            "cases": [one.document() for one in self.cases],
        }

    def cases_csv(self) -> str:
        names = [one.name for one in fields(PublicCase)]
        return _csv(names, ([one.document()[name] for name in names] for one in self.cases))

    def units_csv(self) -> str:
        names = list(Totals().document())
        rows = ([one, *(totals.document()[name] for name in names)] for one, totals in self.units.items())
        return _csv(["unit", *names], rows)


def read_register(
    connection: Connection,
    *,
    on: date,
    titles: Mapping[str, Texts],
    unit_id: str | None = None,
    unit_ids: frozenset[str] | None = None,
    limit: int | None = None,
    offset: int = 0,
) -> Register:
    """The record of these units (None: all), in the order of `titles`; `limit` and `offset` page the cases."""
    where = true() if unit_ids is None else complaint.c.unit_id.in_(sorted(unit_ids))
    public = and_(where, complaint.c.is_public)
    counted = _count(connection, where, on)
    query = select(complaint).where(public).order_by(complaint.c.received_on.desc(), complaint.c.number)
    rows = connection.execute(query.limit(limit).offset(offset) if limit is not None else query)
    return Register(
        on=on,
        unit_id=unit_id,
        units={one: counted[one] for one in titles if one in counted},
        titles=titles,
        n_published=connection.execute(select(func.count()).select_from(complaint).where(public)).scalar_one(),
        cases=[_public(row, on) for row in rows],
    )


def _public(row: Any, on: date) -> PublicCase:
    return PublicCase(
        number=row.number,
        unit_id=row.unit_id,
        kind=row.kind,
        state=row.state,
        subject=row.public_subject,
        answer=row.public_answer or "",
        received_on=row.received_on,
        due_on=row.due_on,
        answered_on=row.answered_on,
        is_overdue=row.state in WAITING and on > row.due_on,
        outcome=row.outcome or "",
        verdict=row.verdict or "",
    )


def _count(connection: Connection, where: ColumnElement[bool], on: date) -> dict[str, Totals]:
    past = when((complaint.c.due_on < on, 1), else_=0)
    columns = (complaint.c.unit_id, complaint.c.state, complaint.c.was_late, complaint.c.verdict, past)
    found: dict[str, Totals] = {}
    for unit_id, state, was_late, verdict, is_past, number in connection.execute(
        select(*columns, func.count()).where(where).group_by(*columns)
    ):
        one = _totals(State(state), bool(was_late), verdict, bool(is_past), number)
        found[unit_id] = found.get(unit_id, Totals()) + one
    return found


def _totals(state: State, was_late: bool, verdict: str | None, is_past: bool, number: int) -> Totals:
    if state is State.REFUSED:
        return Totals(refused=number)
    if state is State.WITHDRAWN:
        return Totals(withdrawn=number)
    if state in WAITING:
        waiting = {"waiting_overdue" if is_past else "waiting_in_time": number}
        return Totals(**waiting, reopened=number if state is State.REOPENED else 0)
    answered = {"answered_late" if was_late else "answered_in_time": number}
    return Totals(**answered, **{Verdict(verdict).value if verdict else "no_verdict": number})


def csv_cell(value: Any) -> str:
    """A cell that a spreadsheet shows and never runs."""
    text = "" if value is None else str(value).lower() if isinstance(value, bool) else str(value)
    return "'" + text if text.startswith(DANGEROUS) else text


def _csv(names: Sequence[str], rows: Iterable[Sequence[Any]]) -> str:
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(names)
    writer.writerows([csv_cell(value) for value in row] for row in rows)
    return stream.getvalue()
