"""What staff may do with a case: the judged unit answers, reviewers publish and take what the unit must not see."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, Connection, and_, false, func, select, true
from sqlalchemy import case as when

from survey.keys import Keys

from .cases import Case, Contact, add_event, change_case, load_case, read_case, read_contact
from .errors import ConsentMissingError, NotYoursError, TextMissingError
from .states import WAITING, Outcome, Refusal, State, Step, check_step
from .tables import complaint


@dataclass(frozen=True)
class Actor:
    """A member of staff at work: `units` are those an officer acts for, None means all."""

    staff_id: int
    units: frozenset[str] | None
    may_answer: bool
    is_reviewer: bool

    def sees(self) -> ColumnElement[bool]:
        """The cases this person may see. A case never reaches the unit it is about when their interests conflict."""
        if self.is_reviewer:
            return true()
        unconflicted = complaint.c.is_conflicted.is_(False)
        return unconflicted if self.units is None else and_(unconflicted, complaint.c.unit_id.in_(sorted(self.units)))

    def may_handle(self, case: Case) -> bool:
        """Officers handle their units' cases; those they must not see fall to reviewers."""
        if case.is_conflicted:
            return self.is_reviewer
        return self.may_answer and (self.units is None or case.unit_id in self.units)


@dataclass(frozen=True)
class Filter:
    """Which cases a list shows."""

    state: State | None = None
    unit_ids: frozenset[str] | None = None
    overdue: bool = False


def find_case(connection: Connection, keys: Keys, actor: Actor, number: str, *, lock: bool = False) -> Case:
    """The case of this number; raises ComplaintUnknownError also when it is not this person's to see."""
    return load_case(connection, keys, and_(complaint.c.number == number, actor.sees()), lock=lock)


def list_cases(
    connection: Connection, keys: Keys, actor: Actor, wanted: Filter, *, today: date, limit: int, offset: int = 0
) -> tuple[int, list[Case]]:
    """How many there are, and this page of them; the most urgent first, the settled last."""
    where = _where(actor, wanted, today)
    number = connection.execute(select(func.count()).select_from(complaint).where(where)).scalar_one()
    settled = complaint.c.state.not_in(WAITING)
    query = select(complaint).where(where).order_by(settled, complaint.c.due_on, complaint.c.number)
    rows = connection.execute(query.limit(limit).offset(offset)).all()
    return number, [read_case(keys, row) for row in rows]


def count_waiting(connection: Connection, actor: Actor, today: date) -> tuple[int, int]:
    """(waiting, overdue among them) of the cases this person sees."""
    overdue = func.coalesce(func.sum(when((complaint.c.due_on < today, 1), else_=0)), 0)
    query = select(func.count(), overdue).where(actor.sees(), complaint.c.state.in_(WAITING))
    row = connection.execute(query).one()
    return int(row[0]), int(row[1])


def accept(connection: Connection, keys: Keys, actor: Actor, case: Case, *, now: datetime) -> None:
    """The unit takes the case on; the clock runs on."""
    _check(actor, case, Step.ACCEPT)
    change_case(connection, case, state=State.ACCEPTED)
    add_event(connection, keys, case.id, Step.ACCEPT, now=now, staff_id=actor.staff_id)


def answer(
    connection: Connection, keys: Keys, actor: Actor, case: Case, outcome: Outcome, text: str, *, now: datetime
) -> None:
    """Tell the person what was found and done. An answer after its day stays late for good."""
    _check(actor, case, Step.ANSWER, text)
    change_case(
        connection,
        case,
        state=State.ANSWERED,
        outcome=outcome,
        answered_on=now.date(),
        was_late=case.was_late or now.date() > case.due_on,
    )
    add_event(connection, keys, case.id, Step.ANSWER, now=now, code=outcome, text=text, staff_id=actor.staff_id)


def refuse(
    connection: Connection, keys: Keys, actor: Actor, case: Case, refusal: Refusal, text: str, *, now: datetime
) -> None:
    """Not take the case on, for one of the listed reasons, explained to the person."""
    _check(actor, case, Step.REFUSE, text)
    late = case.was_late or now.date() > case.due_on
    change_case(connection, case, state=State.REFUSED, refusal=refusal, was_late=late)
    add_event(connection, keys, case.id, Step.REFUSE, now=now, code=refusal, text=text, staff_id=actor.staff_id)


def note(connection: Connection, keys: Keys, actor: Actor, case: Case, text: str, *, now: datetime) -> None:
    """Write for colleagues; the person who filed the case does not see it."""
    _check(actor, case, Step.NOTE, text)
    add_event(connection, keys, case.id, Step.NOTE, now=now, text=text, staff_id=actor.staff_id, is_public=False)


def open_contact(connection: Connection, keys: Keys, actor: Actor, case: Case, *, now: datetime) -> Contact:
    """Who filed the case, for whoever handles it; that it was looked up stays in the history."""
    _check(actor, case, Step.OPEN_CONTACT)
    add_event(connection, keys, case.id, Step.OPEN_CONTACT, now=now, staff_id=actor.staff_id)
    return read_contact(connection, keys, case)


def publish(
    connection: Connection, keys: Keys, actor: Actor, case: Case, *, subject: str, answer: str, now: datetime
) -> None:
    """Put the case into the public record in the reviewer's words. Raises ConsentMissingError without consent."""
    _check_reviewer(actor)
    check_step(Step.PUBLISH, case.state)
    if not case.may_publish:
        raise ConsentMissingError("The person did not agree to publication.", got=case.number)
    if not subject:
        raise TextMissingError("A published case needs a subject.")
    change_case(connection, case, is_public=True, public_subject=subject, public_answer=answer)
    add_event(connection, keys, case.id, Step.PUBLISH, now=now, staff_id=actor.staff_id)


def unpublish(connection: Connection, keys: Keys, actor: Actor, case: Case, *, now: datetime) -> None:
    """Take the case out of the public record; the totals keep it."""
    _check_reviewer(actor)
    change_case(connection, case, is_public=False)
    add_event(connection, keys, case.id, Step.UNPUBLISH, now=now, staff_id=actor.staff_id)


def set_conflict(
    connection: Connection, keys: Keys, actor: Actor, case: Case, is_conflicted: bool, *, now: datetime
) -> None:
    """Keep the case from the unit it is about, or give it back."""
    _check_reviewer(actor)
    change_case(connection, case, is_conflicted=is_conflicted)
    step = Step.SET_CONFLICT if is_conflicted else Step.CLEAR_CONFLICT
    add_event(connection, keys, case.id, step, now=now, staff_id=actor.staff_id)


def _where(actor: Actor, wanted: Filter, today: date) -> ColumnElement[bool]:
    parts: list[ColumnElement[bool]] = [actor.sees()]
    if wanted.state is not None:
        parts.append(complaint.c.state == wanted.state)
    if wanted.unit_ids is not None:
        parts.append(complaint.c.unit_id.in_(sorted(wanted.unit_ids)) if wanted.unit_ids else false())
    if wanted.overdue:
        parts += [complaint.c.state.in_(WAITING), complaint.c.due_on < today]
    return and_(*parts)


def _check(actor: Actor, case: Case, step: Step, text: str = "-") -> None:
    if not actor.may_handle(case):
        raise NotYoursError("This case is handled by others.", got=case.number)
    check_step(step, case.state)
    if not text:
        raise TextMissingError("This step needs words.")


def _check_reviewer(actor: Actor) -> None:
    if not actor.is_reviewer:
        raise NotYoursError("This is a reviewer's to do.")
