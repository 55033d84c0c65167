"""What waits for the person at the keyboard."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from flask_login import current_user
from sqlalchemy import Connection, or_, select

from portal.access import Permission, Role, may
from portal.complaints.handling import Actor, count_waiting
from portal.releases.tables import release, run
from survey.drafts import Draft, DraftState, all_drafts, makers
from survey.fielding import Wave, WaveState, all_waves

from .counts import Count, count_points, count_waves
from .menu import may_open, own_units


@dataclass(frozen=True)
class Cases:
    """Complaints that wait for an answer, and those whose clock has run out."""

    waiting: int
    overdue: int


@dataclass(frozen=True)
class Waiting:
    """Lists of the front of the desk; each is empty for who may not act on it."""

    open_waves: list[tuple[Wave, Count]] = field(default_factory=list)
    to_open: list[Wave] = field(default_factory=list)
    to_score: list[Wave] = field(default_factory=list)
    to_confirm: list[Any] = field(default_factory=list)
    to_approve: list[Draft] = field(default_factory=list)
    to_publish: list[Draft] = field(default_factory=list)
    cases: Cases | None = None

    def is_quiet(self) -> bool:
        drafts = self.to_approve or self.to_publish
        return not (self.to_open or self.to_score or self.to_confirm or drafts or self.cases)


def waiting_now(connection: Connection, today: date) -> Waiting:
    """An officer sees the open waves at their own points; others see what their permissions let them do."""
    waves = all_waves(connection)
    return Waiting(
        open_waves=_open_waves(connection, waves),
        to_open=[one for one in waves if one.state is WaveState.DRAFTED] if may(Permission.RUN_WAVES) else [],
        to_score=_to_score(connection, waves) if may(Permission.RUN_SCORES) else [],
        to_approve=_to_approve(connection) if may(Permission.APPROVE_QUESTIONNAIRE) else [],
        to_publish=_in_state(connection, DraftState.APPROVED) if may(Permission.DESIGN) else [],
        to_confirm=_to_confirm(connection) if may(Permission.CONFIRM_RELEASE) else [],
        cases=_cases(connection, today) if may_open("desk.complaints") else None,
    )


def _cases(connection: Connection, today: date) -> Cases | None:
    own = own_units(connection)
    actor = Actor(
        staff_id=current_user.id,
        units=None if own is None else frozenset(own),
        may_answer=may(Permission.ANSWER_COMPLAINTS),
        is_reviewer=any(role.name == Role.REVIEWER for role in current_user.roles),
    )
    waiting, overdue = count_waiting(connection, actor, today)
    return Cases(waiting, overdue) if waiting else None


def _open_waves(connection: Connection, waves: list[Wave]) -> list[tuple[Wave, Count]]:
    opened = [one for one in waves if one.state is WaveState.OPENED]
    own = own_units(connection)
    if own is not None:
        found = [(one, _count_of(connection, one, own)) for one in opened]
        return [(one, count) for one, count in found if count is not None]
    if not (may(Permission.RUN_WAVES) or may(Permission.RUN_SCORES)):
        return []
    counts = count_waves(connection, [one.id for one in opened])
    return [(one, counts[one.id]) for one in opened]


def _count_of(connection: Connection, wave: Wave, own: list[str]) -> Count | None:
    """What came through the points of these units; None when the wave does not ask there."""
    points = [one for one in count_points(connection, wave.id) if one.unit_id in own]
    return sum((one.count for one in points), Count()) if points else None


def _to_score(connection: Connection, waves: list[Wave]) -> list[Wave]:
    """Closed waves that no run has scored or is scoring."""
    done = set(connection.execute(select(run.c.wave_id).where(run.c.state != "failed")).scalars())
    return [one for one in waves if one.state in (WaveState.CLOSED, WaveState.FROZEN) and one.id not in done]


def _to_approve(connection: Connection) -> list[Draft]:
    """Questionnaires that somebody else handed in and made."""
    handed_in, me = _in_state(connection, DraftState.IN_REVIEW), str(current_user.id)
    return [one for one in handed_in if me not in makers(connection, one)]


def _in_state(connection: Connection, state: DraftState) -> list[Draft]:
    return [one for one in all_drafts(connection) if one.state is state]


def _to_confirm(connection: Connection) -> list[Any]:
    """Proposed releases that somebody else proposed."""
    other = or_(release.c.proposed_by != current_user.id, release.c.proposed_by.is_(None))
    query = select(release).where(release.c.state == "proposed", other).order_by(release.c.proposed_at)
    return list(connection.execute(query))
