"""The vocabulary of a case, and which step leads where."""

from __future__ import annotations

from enum import StrEnum

from .errors import StateError


class Kind(StrEnum):
    """What a person sends."""

    COMPLAINT = "complaint"
    SUGGESTION = "suggestion"
    INQUIRY = "inquiry"
    PRAISE = "praise"
    REPORT = "report"  # of wrongdoing: never shown to the unit it is about


class State(StrEnum):
    """Where a case stands."""

    RECEIVED = "received"
    ACCEPTED = "accepted"
    ANSWERED = "answered"
    REOPENED = "reopened"
    CLOSED = "closed"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


class Outcome(StrEnum):
    """What the unit found."""

    UPHELD = "upheld"
    PARTLY_UPHELD = "partly_upheld"
    NOT_UPHELD = "not_upheld"
    NO_ACTION = "no_action"


class Verdict(StrEnum):
    """What the person says of the answer. Saying nothing is no verdict."""

    SATISFIED = "satisfied"
    BASICALLY_SATISFIED = "basically_satisfied"
    DISSATISFIED = "dissatisfied"


class Refusal(StrEnum):
    """Why a case is not taken on; the list is closed, and each use is explained in words."""

    NOT_A_PUBLIC_SERVICE = "not_a_public_service"
    IN_COURT = "in_court"
    IN_ANOTHER_PROCEDURE = "in_another_procedure"
    DECIDED_BEFORE = "decided_before"
    TOO_VAGUE = "too_vague"


class Step(StrEnum):
    """What may be done to a case; also the kind of the event that records it."""

    FILE = "filed"
    ACCEPT = "accepted"
    ANSWER = "answered"
    REFUSE = "refused"
    JUDGE = "judged"
    REOPEN = "reopened"
    MESSAGE = "messaged"
    NOTE = "noted"
    WITHDRAW = "withdrawn"
    PUBLISH = "published"
    UNPUBLISH = "unpublished"
    OPEN_CONTACT = "contact_opened"
    SET_CONFLICT = "conflict_set"
    CLEAR_CONFLICT = "conflict_cleared"


WAITING = frozenset({State.RECEIVED, State.ACCEPTED, State.REOPENED})
FINAL = frozenset({State.CLOSED, State.REFUSED, State.WITHDRAWN})
_LIVE = frozenset(State) - FINAL
_ALL = frozenset(State)

ALLOWED: dict[Step, frozenset[State]] = {
    Step.ACCEPT: frozenset({State.RECEIVED, State.REOPENED}),
    Step.ANSWER: WAITING,
    Step.REFUSE: frozenset({State.RECEIVED, State.ACCEPTED}),  # what was answered once cannot be refused afterwards
    Step.JUDGE: frozenset({State.ANSWERED}),
    Step.MESSAGE: _LIVE,
    Step.WITHDRAW: WAITING,
    Step.NOTE: _ALL,
    Step.PUBLISH: _ALL - {State.WITHDRAWN},
    Step.UNPUBLISH: _ALL,
    Step.OPEN_CONTACT: _LIVE,
    Step.SET_CONFLICT: _ALL,
    Step.CLEAR_CONFLICT: _ALL,
}


def is_possible(step: Step, state: State) -> bool:
    return state in ALLOWED[step]


def check_step(step: Step, state: State) -> None:
    """Raises StateError when the step does not lead on from this state."""
    if not is_possible(step, state):
        expected = ", ".join(sorted(ALLOWED[step]))
        raise StateError("The case cannot take this step now.", got=state, expected=expected, hint="open it again")
