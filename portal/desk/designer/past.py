"""The history of a draft: every revision, a look at each, and the way back to one."""

from __future__ import annotations

from typing import Any

from flask import render_template
from flask_babel import gettext

from portal.access import Permission, requires
from portal.db import installation
from survey import drafts

from ..views import desk
from .drafting import change, draft_or_404, is_open, staff_names
from .outline import outline_at, outline_of
from .steps import step_words

SHOWN = 300


@desk.get("/questionnaires/drafts/<draft_id>/history")
@requires(Permission.DESIGN)
def history(draft_id: str) -> str:
    """Designers; leads to a look at each revision."""
    found = draft_or_404(draft_id)
    with installation().database.read() as connection:
        rows, names = drafts.history(connection, draft_id), staff_names(connection)
    return render_template(
        "desk/designer/history.html",
        draft=found,
        rows=rows[:SHOWN],
        n_rows=len(rows),
        names=names,
        step_words=step_words,
        is_open=is_open(found),
    )


@desk.get("/questionnaires/drafts/<draft_id>/history/<int:number>")
@requires(Permission.DESIGN)
def look(draft_id: str, number: int) -> str:
    """Designers; the outline as it was, to read; leads back to it."""
    newest, found = draft_or_404(draft_id), draft_or_404(draft_id, number)
    with installation().database.read() as connection:
        names = staff_names(connection)
    return render_template(
        "desk/designer/look.html",
        **outline_of(found, read_only=True),
        newest=newest,
        names=names,
        may_return=is_open(newest),
    )


@desk.post("/questionnaires/drafts/<draft_id>/history/<int:number>/return")
@requires(Permission.DESIGN)
def go_back(draft_id: str, number: int) -> Any:
    """Designers; makes a new revision that is like the earlier one, and lands on the outline."""
    wanted = draft_or_404(draft_id, number).document
    return change(
        draft_id,
        lambda document: wanted,
        touches=lambda document: document,
        action=f"return {number}",
        to=outline_at(draft_id),
        done=gettext("The draft is as it was in revision %(number)s.", number=number),
    )
