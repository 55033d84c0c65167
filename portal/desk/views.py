"""The desk: staff pages. One file a task; each registers on this blueprint."""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec
from typing import Any

from flask import Blueprint, render_template

from portal.access import Permission, requires
from portal.db import installation

from .menu import links, may_open
from .waiting import waiting_now
from .words import (
    action_words,
    channel_words,
    kind_words,
    role_words,
    since,
    state_tone,
    state_words,
    until,
    weighting_words,
)

desk = Blueprint("desk", __name__, url_prefix="/desk")


@desk.get("")
@requires(Permission.DESK)
def front() -> str:
    """Any member of staff; leads to what waits for this person now."""
    with installation().database.read() as connection:
        waiting = waiting_now(connection, installation().today())
    return render_template("desk/front.html", waiting=waiting)


@desk.app_context_processor
def _for_desk_pages() -> dict[str, Any]:
    codes = (action_words, channel_words, kind_words, role_words, state_words, state_tone, weighting_words)
    named = {function.__name__: function for function in (*codes, since, until)}
    return {"desk_links": links, "may_open": may_open, "demo_staff": demo_staff, **named}


def demo_staff() -> list[tuple[str, str, str, str]]:
    """(e-mail, password, role, name) of a demonstration's staff; none on a real portal."""
    if not installation().settings.demo or find_spec("portal.demo") is None:
        return []
    people: list[tuple[str, str, str, str]] = list(import_module("portal.demo.people").DEMO_STAFF)
    return people


TASKS = (
    "units",
    "points",
    "posters",
    "designer",
    "waves",
    "margins",
    "runs",
    "releases",
    "complaints",
    "staff",
    "audit",
)
for task in TASKS:
    if find_spec(f"portal.desk.{task}"):
        import_module(f"portal.desk.{task}")
