"""Test links: a draft tried out by anybody who has the link, before it is published. Nothing of it counts."""

from __future__ import annotations

from typing import Any

from flask import abort, current_app, render_template, request
from itsdangerous import BadSignature, URLSafeTimedSerializer

from portal.access import public
from portal.db import installation
from survey.answers import replay, unseen
from survey.drafts import DraftError, DraftState, load_draft
from survey.editing import filled
from survey.errors import QuestionnaireError
from survey.questionnaire import Questionnaire, read_questionnaire
from survey.reading import Form
from survey.trials import keep_trial
from survey.walk import Walk

from .sheet import Sheet
from .telling import language_of
from .views import respond

LIFETIME = 14 * 24 * 3600  # seconds


def trial_token(draft_id: str, revision: int) -> str:
    """What stands in the address of a test link to one revision of a draft."""
    return str(_signer().dumps([draft_id, revision]))


def _signer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(str(current_app.secret_key), salt="trial")


@respond.route("/try/<token>", methods=["GET", "POST"])
@public
def try_out(token: str) -> Any:
    """Anybody with a test link; lands on what was read of the answers."""
    draft_id, revision = _read(token)
    read = _revision(draft_id, revision)
    if request.method == "GET":
        return _page(token, read, {}, None)
    place = installation()
    form = request.form.to_dict(flat=False)
    walk = replay(read, form, today=place.today())
    if not walk.has_declined and (walk.faults or walk.doubts or unseen(read, walk, form)):
        return _page(token, read, form, walk), 422 if walk.faults else 200
    with place.database.write() as connection:
        kept = not walk.has_declined and keep_trial(
            connection, draft_id, revision, walk, language=language_of(read), day=place.today()
        )
    sheet = Sheet(read, {}, walk)
    return render_template("respond/tried.html", sheet=sheet, read=read, walk=walk, token=token, kept=kept)


def _read(token: str) -> tuple[str, int]:
    try:
        draft_id, revision = _signer().loads(token, max_age=LIFETIME)
    except (BadSignature, ValueError, TypeError):
        abort(404)
    return str(draft_id), int(revision)


def _revision(draft_id: str, revision: int) -> Questionnaire:
    """The revision of the draft that the link was made for; a discarded draft has no test links."""
    try:
        with installation().database.read() as connection:
            found = load_draft(connection, draft_id, at=revision)
        if found.state is DraftState.DISCARDED:
            abort(404)
        return read_questionnaire(filled(found.document))
    except (DraftError, QuestionnaireError):
        abort(404)


def _page(token: str, read: Questionnaire, form: Form, walk: Walk | None) -> str:
    sheet = Sheet(read, form, walk)
    return render_template(
        "respond/try.html",
        sheet=sheet,
        questionnaire=read,
        walk=walk,
        form=form,
        token=token,
        language=sheet.language,
        text_direction=sheet.direction,
    )
