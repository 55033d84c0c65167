"""Complaints: file, follow, read. One file a task; each registers on this blueprint."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from importlib import import_module
from typing import Any

from flask import Blueprint
from flask_babel import gettext

from portal.db import installation
from portal.errors import error_page

from .errors import ComplaintUnknownError, ConsentMissingError, NotYoursError, StateError, TextMissingError
from .words import FOR_TEMPLATES

complaints = Blueprint("complaints", __name__)


def local_now() -> datetime:
    """Now, where the portal stands: its date is the day on which things happen."""
    place = installation()
    return place.now().astimezone(place.settings.timezone)


@complaints.app_context_processor
def _words() -> dict[str, Callable[[str], Any]]:
    return dict(FOR_TEMPLATES)


@complaints.app_errorhandler(ComplaintUnknownError)
def _unknown(_error: ComplaintUnknownError) -> Any:
    return error_page(404, gettext("There is no such case"), gettext("Check the number, or start from the list."))


@complaints.app_errorhandler(StateError)
def _moved_on(_error: StateError) -> Any:
    advice = gettext("Somebody else was faster. Go back, load the page anew and look at the case.")
    return error_page(409, gettext("The case has moved on"), advice)


@complaints.app_errorhandler(NotYoursError)
def _not_yours(_error: NotYoursError) -> Any:
    return error_page(403, gettext("This case is handled by others"), gettext("You may read it, and not act on it."))


@complaints.app_errorhandler(ConsentMissingError)
def _no_consent(_error: ConsentMissingError) -> Any:
    advice = gettext("Who filed it did not agree. It counts in the totals and is not shown.")
    return error_page(409, gettext("This case may not be published"), advice)


@complaints.app_errorhandler(TextMissingError)
def _no_text(_error: TextMissingError) -> Any:
    return error_page(400, gettext("Some words are missing"), gettext("Go back and say in words what and why."))


for task in ("reading", "sending", "tracking"):
    import_module(f"portal.complaints.{task}")
