"""What every page of the designer does: find the draft, change it for the person at the keyboard, show conflicts."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from flask_login import current_user
from sqlalchemy import Connection, select

from portal.accounts.security import record
from portal.accounts.tables import Staff
from portal.db import installation
from survey.drafts import Draft, DraftConflictError, DraftError, DraftState, load_draft
from survey.drafts import change as change_draft
from survey.editing import Document
from survey.errors import SurveyError

from ..forms import DeskForm
from ..words import state_words
from .side_by_side import compared

UNDO = "undo"  # the category of messages beside which the outline offers to undo


def person() -> str:
    """The person at the keyboard, as drafts name people."""
    return str(current_user.id)


def staff_names(connection: Connection) -> dict[str, str]:
    """Names of staff by what drafts call them."""
    return {str(row.id): row.name for row in connection.execute(select(Staff.id, Staff.name))}


def draft_or_404(draft_id: str, at: int | None = None) -> Draft:
    """The draft at its newest revision, or at one of its revisions."""
    try:
        with installation().database.read() as connection:
            return load_draft(connection, draft_id, at=at)
    except DraftError:
        abort(404)


def seen() -> int:
    """The revision that was on the screen when the form was sent; a form without it is no form of ours."""
    text = request.form.get("seen", "")
    if not (text.isascii() and text.isdigit() and int(text[:9]) > 0 and len(text) < 10):
        abort(400)
    return int(text)


def change(
    draft_id: str,
    make: Callable[[Document], Document],
    *,
    touches: Callable[[Document], Any],
    action: str,
    to: str,
    mine: Any = None,
    done: str = "",
    audited: tuple[str, str] | None = None,
) -> Any:
    """Make a change and lead to `to`; where somebody was faster, show both and keep what was typed.

    `touches` picks what the change replaces, see `survey.drafts.change`; `mine` is that part as it would become, where
    `touches` cannot find it in the changed document. `done` is said afterwards, with the offer to undo; `audited` are
    action and detail for the audit trail.
    """
    before = seen()
    if not DeskForm().validate():
        return kept_page(draft_id, gettext("This page was open for too long. Nothing is lost: send it once more."))
    try:
        made = _made(draft_id, make, before, touches, action, audited)
    except DraftConflictError as error:
        return conflict(error.theirs, before, touches, mine if mine is not None else _mine(error.theirs, make, touches))
    except DraftError as error:
        return refused(draft_id, error)
    except SurveyError as error:
        return kept_page(draft_id, f"{obstacle(error)} {error.got}".strip())
    if made.parent not in (None, before) and made.revision != before:
        flash(gettext("Saved. Somebody else changed other parts meanwhile; both changes are kept."))
    elif done:
        flash(done, UNDO)
    return redirect(to, 303)


def _made(
    draft_id: str,
    make: Callable[[Document], Document],
    before: int,
    touches: Callable[[Document], Any],
    action: str,
    audited: tuple[str, str] | None,
) -> Draft:
    place = installation()
    with place.database.write() as connection:
        made = change_draft(
            connection,
            draft_id,
            make,
            seen=before,
            touches=touches,
            action=action,
            by=person(),
            now=place.now(),
        )
        if audited is not None:
            record(connection, audited[0], draft_id, audited[1])
    return made


def _mine(theirs: Draft, make: Callable[[Document], Document], touches: Callable[[Document], Any]) -> Any:
    """The part as this person's change would leave it; None where the change cannot be made any more."""
    try:
        return touches(make(theirs.document))
    except SurveyError:
        return None


def conflict(theirs: Draft, before: int, touches: Callable[[Document], Any], mine: Any) -> Any:
    """Both versions side by side, with what was typed kept in a form that is sent on purpose or not at all."""
    with installation().database.read() as connection:
        names = staff_names(connection)
    page = render_template(
        "desk/designer/conflict.html",
        draft=theirs,
        by=names.get(theirs.changed_by, ""),
        before=before,
        is_own=theirs.changed_by == person(),
        rows=compared(mine, touches(theirs.document)),
        typed=typed_values(),
    )
    return page, 409


def kept_page(draft_id: str, reason: str) -> Any:
    """What was typed, kept in a form that can be sent again, with the reason why it was not saved."""
    draft = draft_or_404(draft_id)
    page = render_template("desk/designer/kept.html", draft=draft, reason=reason, typed=typed_values())
    return page, 409


def typed_values() -> list[tuple[str, str]]:
    """Everything that the form sent but the two fields that its next sending gets anew."""
    return [(name, value) for name, value in request.form.items(multi=True) if name not in ("csrf_token", "seen")]


def refused(draft_id: str, error: SurveyError) -> Any:
    """What was typed with the reason why the draft does not take it; a button that typed nothing leads back."""
    reason = obstacle(error)
    if any(name not in ("do", "sure", "to") and value.strip() for name, value in typed_values()):
        return kept_page(draft_id, reason)
    flash(reason)
    return redirect(url_for("desk.draft", draft_id=draft_id), 303)


def obstacle(error: SurveyError) -> str:
    """What prevents a change, in the page's language."""
    state = gettext("Nothing was changed: the draft is in the state “%(state)s” by now.", state=state_words(error.got))
    known = {
        "The draft is in another state by now.": state,
        "There is nothing to undo.": gettext("There is nothing to undo."),
        "There is nothing to redo.": gettext("There is nothing to redo."),
        "The questionnaire is too large.": gettext("Nothing was changed: the questionnaire would become too large."),
        "This question is no longer there.": gettext("Nothing was changed: this question is no longer there."),
        "This section is no longer there.": gettext("Nothing was changed: this section is no longer there."),
        "Another question has this name.": gettext("Nothing was changed: another question has this variable by now."),
    }
    return str(known.get(error.message, error))


def is_open(draft: Draft) -> bool:
    """Whether the draft takes changes."""
    return draft.state is DraftState.DRAFT
