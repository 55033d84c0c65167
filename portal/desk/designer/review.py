"""From draft to publication: handed in, reviewed with its mapping, approved by a second person, published."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext
from sqlalchemy import Connection

from portal.access import Permission, requires
from portal.accounts.security import record
from portal.db import installation
from survey.drafts import (
    Draft,
    DraftConflictError,
    DraftError,
    approve,
    load_draft,
    makers,
    mark_published,
    send_back,
    submit,
)
from survey.errors import SurveyError
from survey.fielding import publish_questionnaire
from survey.mapping import MappingError

from ..findings_words import said as finding_words
from ..forms import DeskForm, RefuseForm
from ..menu import requires_any
from ..views import desk
from .drafting import draft_or_404, person, seen, staff_names
from .findings import walk_words
from .judging import Judgement, judge
from .mapping_form import DECIDED, decision, recoding_text, store
from .version_words import by_place, difference_words, relation_words, value_words, why_words

Step = Callable[[Connection, Draft, Judgement], None]


@desk.get("/questionnaires/drafts/<draft_id>/review")
@requires_any(Permission.DESIGN, Permission.APPROVE_QUESTIONNAIRE)
def review(draft_id: str) -> Any:
    """Designers and who approves; leads to the next step of this draft."""
    return _page(draft_id)


def _page(draft_id: str, fault: str = "") -> Any:
    draft = draft_or_404(draft_id)
    with installation().database.read() as connection:
        found = judge(connection, draft)
        names = staff_names(connection)
        is_second = person() not in makers(connection, draft)
    page = render_template(
        "desk/designer/review.html",
        draft=draft,
        found=found,
        names=names,
        is_second=is_second,
        fault=fault,
        back=RefuseForm(formdata=None),
        typed=request.form,
        finding_words=finding_words,
        walk_words=walk_words,
        by_place=by_place,
        difference_words=difference_words,
        value_words=value_words,
        decided=DECIDED,
        recoding_text=recoding_text,
        relation_words=relation_words,
        why_words=why_words,
    )
    return page, 409 if fault else 200


@desk.post("/questionnaires/drafts/<draft_id>/submit")
@requires(Permission.DESIGN)
def submit_draft(draft_id: str) -> Any:
    """Designers; hands the draft to a second person, from then on it stands still."""

    def step(connection: Connection, draft: Draft, found: Judgement) -> None:
        _expect_no_faults(found)
        submit(connection, draft_id, seen=seen(), by=person())
        record(connection, "hand in questionnaire", draft.name, draft_id)

    return _take(draft_id, step, gettext("Handed in. A second person reviews it now."))


@desk.post("/questionnaires/drafts/<draft_id>/approve")
@requires(Permission.APPROVE_QUESTIONNAIRE)
def approve_draft(draft_id: str) -> Any:
    """A second person; keeps the reviewed mapping beside the approval."""

    def step(connection: Connection, draft: Draft, found: Judgement) -> None:
        _expect_no_faults(found)
        approve(connection, draft_id, seen=seen(), by=person(), mapping=decision(found, request.form))
        record(connection, "approve questionnaire", draft.name, draft_id)

    return _take(draft_id, step, gettext("Approved. It can be published now."))


@desk.post("/questionnaires/drafts/<draft_id>/back")
@requires_any(Permission.DESIGN, Permission.APPROVE_QUESTIONNAIRE)
def send_draft_back(draft_id: str) -> Any:
    """Who reviews, or who handed it in; gives the draft back to be changed, with a note."""
    form = RefuseForm()
    if not form.sent():
        return _page(draft_id, gettext("Say what is to be changed."))

    def step(connection: Connection, draft: Draft, _found: Judgement) -> None:
        send_back(connection, draft_id, seen=seen(), note=str(form.reason.data))
        record(connection, "send questionnaire back", draft.name, str(form.reason.data))

    return _take(draft_id, step, gettext("It is a draft again."))


@desk.post("/questionnaires/drafts/<draft_id>/publish")
@requires(Permission.DESIGN)
def publish_draft(draft_id: str) -> Any:
    """Designers, after a second person approved; lands on the published version, which never changes."""

    def step(connection: Connection, draft: Draft, found: Judgement) -> None:
        _expect_no_faults(found)
        _publish(connection, draft, found)

    done = _take(draft_id, step, gettext("Published. This version never changes; a new one can follow it."))
    published = draft_or_404(draft_id).published_id
    return redirect(url_for("desk.questionnaire", questionnaire_id=published), 303) if published else done


def _publish(connection: Connection, draft: Draft, found: Judgement) -> None:
    """Store the version, the mapping that leads to it, and who did it."""
    today = installation().today()
    identity = publish_questionnaire(connection, draft.document, today)
    mark_published(connection, draft.id, seen=seen(), questionnaire_id=identity)
    if found.previous_id and found.previous_id != identity and draft.mapping and draft.approved_by:
        store(connection, found.previous_id, identity, draft.mapping, by=draft.approved_by, on=today)
    record(connection, "publish questionnaire", draft.name, identity)


def _expect_no_faults(found: Judgement) -> None:
    if not found.is_publishable:
        raise DraftError("It has faults.")


def _take(draft_id: str, step: Step, words: str) -> Any:
    """Take one step in a transaction; what prevents it is said on the page again, and nothing was written then."""
    if not DeskForm().validate():
        return _page(draft_id, gettext("This page was open for too long. Send it again."))
    draft_or_404(draft_id)
    try:
        with installation().database.write() as connection:
            draft = load_draft(connection, draft_id, lock=True)
            step(connection, draft, judge(connection, draft))
    except DraftConflictError:
        return _page(draft_id, gettext("Somebody changed the draft meanwhile. Look at it again, then decide."))
    except SurveyError as error:
        return _page(draft_id, _obstacle_words(error))
    flash(words)
    return redirect(url_for("desk.review", draft_id=draft_id), 303)


def _obstacle_words(error: SurveyError) -> str:
    """What prevents a step, in the page's language."""
    if isinstance(error, MappingError):
        return str(gettext("The mapping cannot be like this: %(reason)s", reason=error))
    words = {
        "A second person approves: one who made none of its changes.": gettext(
            "A second person approves: one who made none of its changes and did not hand it in."
        ),
        "The draft is in another state by now.": gettext("The draft is in another state by now. Look at it again."),
        "It has faults.": gettext("It has faults. Mend them first."),
    }
    return str(words.get(error.message, error))
