"""The state machine: every step from every state, and who may take it."""

from __future__ import annotations

from collections.abc import Callable
from itertools import product

import pytest

from portal.complaints.cases import Case, change_case
from portal.complaints.errors import ConsentMissingError, NotYoursError, StateError, TextMissingError
from portal.complaints.filing import Filed
from portal.complaints.following import add_message, judge, withdraw
from portal.complaints.handling import Actor, accept, answer, open_contact, publish, refuse, set_conflict
from portal.complaints.states import ALLOWED, FINAL, WAITING, Outcome, Refusal, State, Step, Verdict
from portal.db import Installation

OFFICER = Actor(staff_id=1, units=frozenset({"tax", "tax-east"}), may_answer=True, is_reviewer=False)
STRANGER = Actor(staff_id=2, units=frozenset({"police"}), may_answer=True, is_reviewer=False)
REVIEWER = Actor(staff_id=3, units=None, may_answer=False, is_reviewer=True)

STEPS = {
    Step.ACCEPT: lambda c, k, case, now: accept(c, k, OFFICER, case, now=now),
    Step.ANSWER: lambda c, k, case, now: answer(c, k, OFFICER, case, Outcome.UPHELD, "text", now=now),
    Step.REFUSE: lambda c, k, case, now: refuse(c, k, OFFICER, case, Refusal.TOO_VAGUE, "text", now=now),
    Step.JUDGE: lambda c, k, case, now: judge(c, k, case, Verdict.SATISFIED, "", now=now, form_key=b"1"),
    Step.MESSAGE: lambda c, k, case, now: add_message(c, k, case, "text", now=now, form_key=b"2"),
    Step.WITHDRAW: lambda c, k, case, now: withdraw(c, k, case, now=now, form_key=b"3"),
    Step.PUBLISH: lambda c, k, case, now: publish(c, k, REVIEWER, case, subject="s", answer="", now=now),
}


def in_state(place: Installation, case: Case, state: State) -> Case:
    with place.database.write() as connection:
        change_case(connection, case, state=state)
    return Case(**{**case.__dict__, "state": state})


@pytest.mark.parametrize(("step", "state"), list(product(STEPS, State)), ids=lambda one: str(one))
def test_steps_lead_on_only_where_declared(
    place: Installation, file: Callable[..., Filed], step: Step, state: State
) -> None:
    """A step is taken exactly from the states that the table names; else StateError and no trace."""
    case = in_state(place, file(may_publish=True).case, state)
    with place.database.write() as connection:
        if state in ALLOWED[step]:
            STEPS[step](connection, place.keys, case, place.now())
        else:
            with pytest.raises(StateError):
                STEPS[step](connection, place.keys, case, place.now())


def test_nothing_leads_out_of_a_final_state() -> None:
    """Closed, refused and withdrawn cases can be noted on, published and flagged, and go nowhere."""
    moving = {Step.ACCEPT, Step.ANSWER, Step.REFUSE, Step.JUDGE, Step.WITHDRAW, Step.MESSAGE}
    assert all(not (ALLOWED[step] & FINAL) for step in moving)
    assert not WAITING & FINAL


@pytest.mark.parametrize("actor", [STRANGER, REVIEWER], ids=["another unit", "reviewer"])
def test_only_the_unit_answers(place: Installation, file: Callable[..., Filed], actor: Actor) -> None:
    """Officers of other units and reviewers neither answer nor read the contact."""
    case = file().case
    with place.database.write() as connection:
        with pytest.raises(NotYoursError):
            answer(connection, place.keys, actor, case, Outcome.UPHELD, "text", now=place.now())
        with pytest.raises(NotYoursError):
            open_contact(connection, place.keys, actor, case, now=place.now())


def test_a_conflicted_case_goes_to_reviewers(
    place: Installation, file: Callable[..., Filed], case_now: Callable[[str], Case]
) -> None:
    """Kept from the unit it is about: its officer cannot answer any more, a reviewer can."""
    case = file().case
    with place.database.write() as connection:
        set_conflict(connection, place.keys, REVIEWER, case, True, now=place.now())
    case = case_now(case.number)
    with place.database.write() as connection:
        with pytest.raises(NotYoursError):
            answer(connection, place.keys, OFFICER, case, Outcome.UPHELD, "text", now=place.now())
        answer(connection, place.keys, REVIEWER, case, Outcome.UPHELD, "text", now=place.now())


def test_publication_needs_consent_and_a_reviewer(place: Installation, file: Callable[..., Filed]) -> None:
    """Neither a reviewer without consent nor an officer with it can publish."""
    silent, willing = file(may_publish=False).case, file(may_publish=True).case
    with place.database.write() as connection:
        with pytest.raises(ConsentMissingError):
            publish(connection, place.keys, REVIEWER, silent, subject="s", answer="", now=place.now())
        with pytest.raises(NotYoursError):
            publish(connection, place.keys, OFFICER, willing, subject="s", answer="", now=place.now())


def test_an_answer_needs_words(place: Installation, file: Callable[..., Filed]) -> None:
    """An outcome alone is no answer."""
    case = file().case
    with place.database.write() as connection, pytest.raises(TextMissingError):
        answer(connection, place.keys, OFFICER, case, Outcome.NO_ACTION, "", now=place.now())
