"""Words for the codes of a case."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from flask_babel import lazy_gettext as _

from .states import Kind, Outcome, Refusal, State, Step, Verdict

KINDS: Mapping[str, Any] = {
    Kind.COMPLAINT: _("Complaint: something went wrong"),
    Kind.SUGGESTION: _("Suggestion"),
    Kind.INQUIRY: _("Inquiry"),
    Kind.PRAISE: _("Praise"),
    Kind.REPORT: _("Report of wrongdoing"),
}
SHORT_KINDS: Mapping[str, Any] = {**KINDS, Kind.COMPLAINT: _("Complaint")}
STATES: Mapping[str, Any] = {
    State.RECEIVED: _("Received"),
    State.ACCEPTED: _("In hand"),
    State.ANSWERED: _("Answered"),
    State.REOPENED: _("Reopened"),
    State.CLOSED: _("Case closed"),
    State.REFUSED: _("Not taken on"),
    State.WITHDRAWN: _("Withdrawn"),
}
OUTCOMES: Mapping[str, Any] = {
    Outcome.UPHELD: _("Justified"),
    Outcome.PARTLY_UPHELD: _("Partly justified"),
    Outcome.NOT_UPHELD: _("Not justified"),
    Outcome.NO_ACTION: _("Answered, nothing to be done"),
}
VERDICTS: Mapping[str, Any] = {
    Verdict.SATISFIED: _("Satisfied"),
    Verdict.BASICALLY_SATISFIED: _("Basically satisfied"),
    Verdict.DISSATISFIED: _("Dissatisfied"),
}
REFUSALS: Mapping[str, Any] = {
    Refusal.NOT_A_PUBLIC_SERVICE: _("It is not about a public service of this government"),
    Refusal.IN_COURT: _("A court or an arbitration deals with it"),
    Refusal.IN_ANOTHER_PROCEDURE: _("Another procedure (review, petition, inspection) deals with it"),
    Refusal.DECIDED_BEFORE: _("It was decided before and nothing new was said"),
    Refusal.TOO_VAGUE: _("It cannot be told what happened, and asking did not help"),
}
STEPS: Mapping[str, Any] = {
    Step.FILE: _("Received by the portal"),
    Step.ACCEPT: _("Taken in hand by the office"),
    Step.ANSWER: _("Answer of the office"),
    Step.REFUSE: _("Not taken on by the office"),
    Step.JUDGE: _("Verdict of the person who filed it"),
    Step.REOPEN: _("Reopened, a new deadline runs"),
    Step.MESSAGE: _("Message of the person who filed it"),
    Step.NOTE: _("Internal note"),
    Step.WITHDRAW: _("Withdrawn by the person who filed it"),
    Step.PUBLISH: _("Put into the public record"),
    Step.UNPUBLISH: _("Taken out of the public record"),
    Step.OPEN_CONTACT: _("Contact details opened by who handles the case"),
    Step.SET_CONFLICT: _("Kept from the office it is about"),
    Step.CLEAR_CONFLICT: _("Given to the office it is about"),
}
_TONES = {State.ANSWERED: "good", State.CLOSED: "good", State.REOPENED: "warn", State.REFUSED: "warn"}


def _said_by(words: Mapping[str, Any]) -> Callable[[str], Any]:
    return lambda code: words.get(code, code)


def _tone(state: str) -> str:
    return _TONES.get(State(state), "")


FOR_TEMPLATES: Mapping[str, Callable[[str], Any]] = {
    "case_kind": _said_by(SHORT_KINDS),
    "case_state": _said_by(STATES),
    "case_tone": _tone,
    "case_outcome": _said_by(OUTCOMES),
    "case_verdict": _said_by(VERDICTS),
    "case_refusal": _said_by(REFUSALS),
    "case_step": _said_by(STEPS),
    "case_code": _said_by({**OUTCOMES, **VERDICTS, **REFUSALS}),
}
