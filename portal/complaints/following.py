"""What the person who filed a case may do with it. Each form counts once, however often it is sent."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection

from survey.keys import Keys

from .cases import Case, add_event, change_case, is_done, load_case, new_due_on
from .errors import ComplaintUnknownError, TextMissingError
from .filing import tracking_hash
from .states import State, Step, Verdict, check_step
from .tables import complaint


def find_by_code(connection: Connection, keys: Keys, code: str, number: str = "", *, lock: bool = False) -> Case:
    """The case this code follows, and of this number if one is given; raises ComplaintUnknownError."""
    found = load_case(connection, keys, complaint.c.tracking_hash == tracking_hash(keys, code), lock=lock)
    if number.strip() and number.strip().upper() != found.number:
        raise ComplaintUnknownError("The code follows a case of another number.")
    return found


def judge(
    connection: Connection, keys: Keys, case: Case, verdict: Verdict, reason: str, *, now: datetime, form_key: bytes
) -> None:
    """Take the verdict. The first "dissatisfied" reopens the case with a new clock; any other closes it.

    Raises StateError, and TextMissingError for a "dissatisfied" without a reason.
    """
    once = _once(keys, case, form_key)
    if is_done(connection, once):
        return
    check_step(Step.JUDGE, case.state)
    if verdict is Verdict.DISSATISFIED and not reason:
        raise TextMissingError("Say what is still wrong.")
    add_event(connection, keys, case.id, Step.JUDGE, now=now, code=verdict, text=reason, once=once)
    if verdict is not Verdict.DISSATISFIED or case.reopened_on is not None:
        change_case(connection, case, verdict=verdict, state=State.CLOSED)
        return
    day = now.date()
    due_on = new_due_on(connection, day, case.clock)
    change_case(
        connection, case, verdict=verdict, state=State.REOPENED, reopened_on=day, due_on=due_on, answered_on=None
    )
    add_event(connection, keys, case.id, Step.REOPEN, now=now)


def add_message(connection: Connection, keys: Keys, case: Case, text: str, *, now: datetime, form_key: bytes) -> None:
    """Add words to a living case. Raises StateError and TextMissingError."""
    once = _once(keys, case, form_key)
    if is_done(connection, once):
        return
    check_step(Step.MESSAGE, case.state)
    if not text:
        raise TextMissingError("Write the message.")
    add_event(connection, keys, case.id, Step.MESSAGE, now=now, text=text, once=once)


def withdraw(connection: Connection, keys: Keys, case: Case, *, now: datetime, form_key: bytes) -> None:
    """End a waiting case: it leaves the public record, and who filed it is erased. Raises StateError."""
    once = _once(keys, case, form_key)
    if is_done(connection, once):
        return
    check_step(Step.WITHDRAW, case.state)
    change_case(connection, case, state=State.WITHDRAWN, contact=None, is_public=False)
    add_event(connection, keys, case.id, Step.WITHDRAW, now=now, once=once)


def _once(keys: Keys, case: Case, form_key: bytes) -> str:
    return keys.mac("complaint-event", case.id, form_key).hex()[:32]
