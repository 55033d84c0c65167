"""Words for the codes the desk shows."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Any

from flask_babel import format_date, format_datetime, gettext, to_user_timezone
from flask_babel import lazy_gettext as _

_KINDS = {"city": _("City"), "department": _("Department"), "office": _("Office"), "window": _("Window")}
_CHANNELS = {"window": _("At the window"), "hall": _("In the hall"), "online": _("Online"), "phone": _("By phone")}
_ROLES = {
    "administrator": _("Administrator"),
    "designer": _("Designer"),
    "analyst": _("Analyst"),
    "officer": _("Officer"),
    "reviewer": _("Reviewer"),
    "auditor": _("Auditor"),
}
_STATES = {
    "drafted": _("Drafted"),
    "opened": _("Open"),
    "closed": _("Closed"),
    "frozen": _("Frozen"),
    "queued": _("Queued"),
    "started": _("Running"),
    "finished": _("Finished"),
    "failed": _("Failed"),
    "proposed": _("Proposed"),
    "published": _("Published"),
    "refused": _("Refused"),
    "draft": _("Draft"),
    "in_review": _("In review"),
    "approved": _("Approved"),
    "discarded": _("Discarded"),
}
_WEIGHTINGS = {
    "poststratify": _("to the transactions of each class (post-stratification)"),
    "rake": _("to the margins of a census (raking)"),
    "none": _("none"),
}
_ACTIONS = {  # as the audit trail stores them
    "begin draft": _("begin draft of a questionnaire"),
    "discard draft": _("discard draft of a questionnaire"),
    "restore draft": _("bring back draft of a questionnaire"),
    "hand in questionnaire": _("hand in questionnaire"),
    "approve questionnaire": _("approve questionnaire"),
    "send questionnaire back": _("send questionnaire back"),
    "publish questionnaire": _("publish questionnaire"),
    "delete test answers": _("delete test answers"),
    "delete question": _("delete question"),
    "draft wave": _("draft wave"),
    "open wave": _("open wave"),
    "close wave": _("close wave"),
    "set margins": _("set margins"),
    "start run": _("start run"),
    "propose release": _("propose release"),
    "publish release": _("publish release"),
    "refuse release": _("refuse release"),
    "add unit": _("add unit"),
    "edit unit": _("edit unit"),
    "end unit": _("end unit"),
    "add point": _("add point"),
    "revoke point": _("revoke point"),
    "add staff": _("add staff"),
    "deactivate staff": _("deactivate staff"),
    "accept case": _("accept case"),
    "answer case": _("answer case"),
    "refuse case": _("refuse case"),
    "note on case": _("note on case"),
    "open contact of case": _("open contact of case"),
    "keep case from unit": _("keep case from unit"),
    "give case to unit": _("give case to unit"),
    "publish case": _("publish case"),
    "unpublish case": _("unpublish case"),
}
_TONES = {
    "opened": "good",
    "finished": "good",
    "published": "good",
    "failed": "bad",
    "refused": "bad",
    "queued": "warn",
    "started": "warn",
    "proposed": "warn",
    "in_review": "warn",
    "approved": "good",
}


def kind_words(kind: str) -> Any:
    return _KINDS.get(kind, kind)


def channel_words(channel: str) -> Any:
    return _CHANNELS.get(channel, channel)


def role_words(role: str) -> Any:
    return _ROLES.get(role, role)


def state_words(state: str) -> Any:
    return _STATES.get(state, state)


def weighting_words(method: str) -> Any:
    return _WEIGHTINGS.get(method, method)


def action_words(action: str) -> Any:
    return _ACTIONS.get(action, action)


def since(moment: datetime) -> str:
    """When something begins: the day alone where it begins with the day."""
    return str(format_date(moment) if _is_midnight(moment) else format_datetime(moment))


def until(moment: datetime) -> str:
    """When something ends: midnight is the end of the day before."""
    if not _is_midnight(moment):
        return str(format_datetime(moment))
    return str(gettext("end of %(day)s", day=format_date(moment - timedelta(seconds=1))))


def _is_midnight(moment: datetime) -> bool:
    local: datetime = to_user_timezone(moment)
    return local.time() == time.min


def state_tone(state: str) -> str:
    """The colour of a state's tag; the word stands beside it."""
    return _TONES.get(state, "")
