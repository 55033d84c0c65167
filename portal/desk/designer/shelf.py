"""The shelf: drafts and published versions, beginning a draft, taking one off the shelf and putting it back."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext

from portal.access import Permission, requires
from portal.accounts.security import record
from portal.db import installation
from portal.language import language
from survey import drafts
from survey.drafts import DraftConflictError, DraftError, all_drafts
from survey.editing import Document, completeness, new_document
from survey.errors import SurveyError
from survey.formats.files import read_file
from survey.library import LibraryError, template, templates

from ..forms import DeskForm
from ..menu import requires_any
from ..views import desk
from .beginnings import (
    LARGEST_FILE,
    BlankForm,
    FileForm,
    begin,
    fates,
    languages_first,
    last_asked,
    published,
    share_words,
    versions,
)
from .drafting import draft_or_404, obstacle, seen, staff_names
from .language_names import language_name


@desk.get("/questionnaires")
@requires_any(Permission.DESIGN, Permission.APPROVE_QUESTIONNAIRE)
def questionnaires() -> str:
    """Designers and who approves; leads to each draft, and to beginning one."""
    with installation().database.read() as connection:
        listed, gone = all_drafts(connection), all_drafts(connection, discarded=True)
        names, published_ones = staff_names(connection), versions(connection)
    return render_template(
        "desk/designer/shelf.html",
        drafts=listed,
        gone=gone,
        versions=published_ones,
        names=names,
        complete={one.id: completeness(one.document) for one in listed},
        language_name=language_name,
    )


@desk.route("/questionnaires/new", methods=["GET", "POST"])
@requires(Permission.DESIGN)
def new_draft() -> Any:
    """Designers, after choosing a beginning; lands on the outline, from a file on the report of what became of it."""
    request.max_content_length = LARGEST_FILE
    blank, file = BlankForm(), FileForm()
    blank.language.choices = file.file_language.choices = languages_first(language())
    chosen = request.form.get("beginning", "") if request.method == "POST" else ""
    if chosen and not DeskForm().validate():
        flash(gettext("This page was open for too long. Send it again."))
    elif chosen in BEGINNINGS:
        done = BEGINNINGS[chosen](blank, file)
        if done is not None:
            return done
    with installation().database.read() as connection:
        listed, last = versions(connection), last_asked(connection)
    page = {"templates": templates(), "versions": listed, "last": last, "chosen": chosen}
    return render_template(
        "desk/designer/new.html", blank=blank, file=file, source=request.args.get("from", ""), **page
    )


def _from_template(_blank: BlankForm, _file: FileForm) -> Any:
    try:
        return _begun(template(request.form.get("template", "")))
    except LibraryError:
        abort(404)


def _from_nothing(blank: BlankForm, _file: FileForm) -> Any:
    if not blank.sent():
        return None
    tag = str(blank.language.data)
    return _begun(new_document(str(blank.name.data), {tag: str(blank.title.data)}, [tag]))


def _from_version(_blank: BlankForm, _file: FileForm) -> Any:
    identity = request.form.get("version", "")
    with installation().database.read() as connection:
        document = published(connection, identity)
    return _begun(document, based_on=identity) if document is not None else abort(404)


def _from_file(_blank: BlankForm, file: FileForm) -> Any:
    """The report of what became of the file, beside the draft that was begun with it; None where it cannot be read."""
    sent = file.file.data
    if not sent or not sent.filename:
        file.file.errors = [gettext("Choose a file.")]
        return None
    if not file.sent():
        return None
    try:
        language_of_file = str(file.file_language.data)
        report = read_file(sent.filename, sent.read(), name=file.file_name.data or None, language=language_of_file)
        with installation().database.write() as connection:
            draft_id = begin(connection, report.document, action="import")
    except SurveyError as error:
        file.refusal = error
        return None
    page = {"report": report, "share": share_words(report), "fates": fates(report), "name": sent.filename[:120]}
    return render_template("desk/designer/imported.html", draft=draft_or_404(draft_id), **page)


BEGINNINGS: dict[str, Callable[[BlankForm, FileForm], Any]] = {
    "template": _from_template,
    "nothing": _from_nothing,
    "version": _from_version,
    "file": _from_file,
}


def _begun(document: Document, based_on: str | None = None) -> Any:
    with installation().database.write() as connection:
        draft_id = begin(connection, document, based_on=based_on)
    flash(gettext("The draft was begun. Every change is kept and can be undone."))
    return redirect(url_for("desk.draft", draft_id=draft_id), 303)


@desk.route("/questionnaires/drafts/<draft_id>/discard", methods=["GET", "POST"])
@requires(Permission.DESIGN)
def discard(draft_id: str) -> Any:
    """Designers, after confirming; lands on the shelf, where the draft can be brought back."""
    draft = draft_or_404(draft_id)
    if DeskForm().sent():
        return _shelved(draft_id, draft.name, drafts.discard, "discard draft", gettext("The draft was discarded."))
    return render_template("desk/designer/discard.html", draft=draft)


@desk.post("/questionnaires/drafts/<draft_id>/restore")
@requires(Permission.DESIGN)
def restore(draft_id: str) -> Any:
    """Designers; lands on the shelf with the draft on it again."""
    draft = draft_or_404(draft_id)
    if not DeskForm().validate():
        abort(400)
    return _shelved(draft_id, draft.name, drafts.restore, "restore draft", gettext("The draft is back."))


def _shelved(draft_id: str, name: str, step: Callable[..., None], action: str, words: str) -> Any:
    try:
        with installation().database.write() as connection:
            step(connection, draft_id, seen=seen())
            record(connection, action, draft_id, name)
    except DraftConflictError:
        words = gettext("Somebody changed the draft meanwhile. Nothing was done: look at it first.")
    except DraftError as error:
        words = obstacle(error)
    flash(words)
    return redirect(url_for("desk.questionnaires"), 303)
