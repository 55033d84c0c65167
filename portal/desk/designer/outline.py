"""The outline of a draft: all sections and questions in order, and the buttons that move them about."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext

from portal.access import Permission, requires
from portal.db import installation
from survey import drafts, editing
from survey.drafts import Draft, DraftConflictError, DraftError
from survey.editing import Document
from survey.errors import QuestionnaireError

from ..forms import DeskForm
from ..views import desk
from .drafting import change, draft_or_404, is_open, obstacle, person, seen, staff_names
from .overview import closed_words, further_pages, others_lately, parts, redo_action, shown_text
from .steps import step_words


@desk.get("/questionnaires/drafts/<draft_id>")
@requires(Permission.DESIGN)
def draft(draft_id: str) -> Any:
    """Designers; leads to every part of the draft, and to its other pages."""
    found = draft_or_404(draft_id)
    place = installation()
    with place.database.read() as connection:
        rows, names = drafts.history(connection, draft_id), staff_names(connection)
    return render_template(
        "desk/designer/outline.html",
        **outline_of(found),
        undo_words=undo_words(found, names),
        redo_words=step_words(redo_action(found, rows)) if found.can_redo else "",
        others=others_lately(rows, names, place.now()),
        further=further_pages(found),
    )


def undo_words(found: Draft, names: Mapping[str, str]) -> str:
    """What undoing would take back, with the name of who did it where that is somebody else; "" for nothing."""
    if not found.can_undo:
        return ""
    words = step_words(found.action)
    return words if found.changed_by == person() else f"{words} ({names.get(found.changed_by, '?')})"


def outline_of(found: Draft, *, read_only: bool = False) -> dict[str, Any]:
    """What the outline of a revision shows."""
    listed, general = parts(found.document)
    of_parts = sum(len(one.problems) + sum(len(item.problems) for item in one.items) for one in listed)
    return {
        "draft": found,
        "parts": listed,
        "general": general,
        "n_problems": len(general) + of_parts,
        "n_questions": sum(len(one.items) for one in listed),
        "is_open": is_open(found) and not read_only,
        "closed_words": closed_words(found),
    }


def outline_at(draft_id: str, anchor: str = "") -> str:
    """The address of a place of the outline."""
    return url_for("desk.draft", draft_id=draft_id, _anchor=anchor or None)


def open_draft(draft_id: str) -> Draft | None:
    """The draft for a page that changes it; None, with the reason said, where it takes no changes."""
    found = draft_or_404(draft_id)
    if is_open(found):
        return found
    flash(gettext("The draft takes no changes in this state."))
    return None


def known_question(found: Draft, variable: str) -> dict[str, Any]:
    """A question of the draft; 404 where there is none."""
    try:
        return editing.question_of(found.document, variable)
    except QuestionnaireError:
        abort(404)


@desk.route("/questionnaires/drafts/<draft_id>/questions/<variable>/move", methods=["GET", "POST"])
@requires(Permission.DESIGN)
def move_question(draft_id: str, variable: str) -> Any:
    """Designers; one up or down, or to a place that is chosen; lands on the question where it stands then."""
    found = draft_or_404(draft_id)
    if request.method == "GET":
        known_question(found, variable)
        if not is_open(found):
            return redirect(outline_at(draft_id, variable))
        return render_template(
            "desk/designer/move.html", draft=found, variable=variable, places=_places(found, variable)
        )
    to = request.form.get("to", "")
    step = {"up": -1, "down": 1}.get(to)
    return change(
        draft_id,
        (lambda document: _stepped(document, variable, step))
        if step
        else lambda document: _moved(document, variable, to),
        touches=(lambda document: editing.question_or_none(document, variable) is None) if step else editing.order,
        action=f"move {variable}",
        to=outline_at(draft_id, variable),
        done=gettext("Moved: %(question)s", question=variable),
    )


def _stepped(document: Document, variable: str, step: int) -> Document:
    """One place up or down; at the end of a section it goes over into the next one."""
    section, at = editing.find(document, variable)
    length = len(document["sections"][section]["questions"])
    if 0 <= at + step < length:
        return editing.move_question(document, variable, section, at + step)
    if not 0 <= section + step < len(document["sections"]):
        return document
    target = section + step
    return editing.move_question(
        document, variable, target, 0 if step > 0 else len(document["sections"][target]["questions"])
    )


def _places(found: Draft, variable: str) -> list[tuple[str, str]]:
    """(value, words) of every place a question can stand at."""
    listed = []
    for number, section in enumerate(found.document["sections"]):
        title = shown_text(section.get("title"))[0] or gettext("section %(number)s", number=number + 1)
        listed.append((f"{number}:", gettext("%(section)s: first", section=title)))
        for question in section["questions"]:
            if question["variable"] != variable:
                words = shown_text(question["text"])[0][:60] or question["variable"]
                listed.append((f"{number}:{question['variable']}", gettext("after “%(question)s”", question=words)))
    return listed


def _moved(document: Document, variable: str, to: str) -> Document:
    """To the place `section:question before it`."""
    section, _, before = to.partition(":")
    if not section.isascii() or not section.isdigit():
        abort(400)
    asked = editing.section_of(document, int(section))["questions"]
    kept = [one["variable"] for one in asked if one["variable"] != variable]
    return editing.move_question(document, variable, int(section), kept.index(before) + 1 if before in kept else 0)


def _neighbours(document: Document, variable: str) -> list[str] | None:
    """The names in a question's section; None where it is gone."""
    return next((names for names in editing.order(document) if variable in names), None)


@desk.post("/questionnaires/drafts/<draft_id>/questions/<variable>/duplicate")
@requires(Permission.DESIGN)
def duplicate_question(draft_id: str, variable: str) -> Any:
    """Designers; lands on the copy, right below."""
    found = draft_or_404(draft_id)
    known_question(found, variable)
    return change(
        draft_id,
        lambda document: editing.duplicate_question(document, variable)[0],
        touches=lambda document: _neighbours(document, variable),
        action=f"copy {variable}",
        to=outline_at(draft_id, editing.free_name(found.document, variable)),
        done=gettext("Duplicated: %(question)s", question=variable),
    )


@desk.post("/questionnaires/drafts/<draft_id>/questions/<variable>/delete")
@requires(Permission.DESIGN)
def delete_question(draft_id: str, variable: str) -> Any:
    """Designers, after confirming where others read it; lands where the question stood."""
    found = draft_or_404(draft_id)
    if editing.question_or_none(found.document, variable) is None:
        flash(gettext("This question is no longer there."))
        return redirect(outline_at(draft_id), 303)
    reading = editing.readers(found.document, [variable])
    if reading and is_open(found) and request.form.get("sure") != "yes":
        return render_template("desk/designer/delete.html", draft=found, variables=[variable], reading=reading)
    section, at = editing.find(found.document, variable)
    left = [name for name in editing.order(found.document)[section] if name != variable]
    return change(
        draft_id,
        lambda document: editing.delete_question(document, variable),
        touches=lambda document: editing.question_or_none(document, variable),
        action=f"delete {variable}",
        to=outline_at(draft_id, left[min(at, len(left) - 1)] if left else f"section-{section + 1}"),
        done=gettext("Deleted: %(question)s", question=variable),
        audited=("delete question", variable),
    )


@desk.post("/questionnaires/drafts/<draft_id>/undo")
@requires(Permission.DESIGN)
def undo(draft_id: str) -> Any:
    """Designers; lands on the outline as it was before."""
    return _step(draft_id, drafts.undo, gettext("Undone."))


@desk.post("/questionnaires/drafts/<draft_id>/redo")
@requires(Permission.DESIGN)
def redo(draft_id: str) -> Any:
    """Designers; lands on the outline as it was before undoing."""
    return _step(draft_id, drafts.redo, gettext("Done again."))


def _step(draft_id: str, step: Callable[..., Draft], words: str) -> Any:
    draft_or_404(draft_id)
    if not DeskForm().validate():
        abort(400)
    try:
        with installation().database.write() as connection:
            step(connection, draft_id, seen=seen())
    except DraftConflictError:
        words = gettext("Somebody changed the draft meanwhile, so nothing was undone. Look at it first.")
    except DraftError as error:
        words = obstacle(error)
    flash(words)
    return redirect(outline_at(draft_id), 303)
