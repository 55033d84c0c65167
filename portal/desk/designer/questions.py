"""One question: a new one of a type, or one of the draft; its form saves nothing before it holds."""

from __future__ import annotations

from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext

from portal.access import Permission, requires
from portal.db import installation
from survey import editing
from survey.drafts import Draft
from survey.editing import Document
from survey.units import read_tree

from ..views import desk
from .drafting import change, draft_or_404
from .kinds import KINDS, kind_of, related, skeleton
from .language_names import language_name
from .lines import written
from .making import sent_values
from .outline import known_question, open_draft, outline_at
from .question_sheet import QuestionSheet
from .sheet import parts_of


@desk.route("/questionnaires/drafts/<draft_id>/questions/new", methods=["GET", "POST"])
@requires(Permission.DESIGN)
def new_question(draft_id: str) -> Any:
    """Designers, after choosing a type; lands on the new question in the outline."""
    found = draft_or_404(draft_id) if request.method == "POST" else open_draft(draft_id)
    if found is None:
        return redirect(outline_at(draft_id), 303)
    section, at = _number("section"), _number("at")
    if section >= len(found.document["sections"]):
        abort(404)
    kind = request.args.get("type", "")
    if kind not in KINDS:
        return render_template("desk/designer/types.html", draft=found, section=section, at=at, kinds=KINDS)
    stored = skeleton(kind, found.document["languages"]) | {"variable": editing.free_name(found.document, "q1")}
    sheet = QuestionSheet(found, section, at, stored, None, kind)
    return _page(sheet) if request.method == "GET" else _sent(sheet)


def _number(name: str) -> int:
    text = request.args.get(name, "0")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 5 else 0


@desk.route("/questionnaires/drafts/<draft_id>/questions/<variable>", methods=["GET", "POST"])
@requires(Permission.DESIGN)
def edit_question(draft_id: str, variable: str) -> Any:
    """Designers; lands on the question in the outline."""
    found = draft_or_404(draft_id) if request.method == "POST" else open_draft(draft_id)
    if found is None:
        return redirect(outline_at(draft_id, variable), 303)
    if request.method == "POST" and editing.question_or_none(found.document, variable) is None:
        return _gone(found, variable)
    stored = known_question(found, variable)
    section, at = editing.find(found.document, variable)
    sheet = QuestionSheet(found, section, at, stored, variable, kind_of(stored))
    return _page(sheet) if request.method == "GET" else _sent(sheet)


def _gone(found: Draft, variable: str) -> Any:
    """Somebody deleted or renamed the question meanwhile: what was typed is shown, and can be made a question anew."""
    kind = request.form.get("kind", "")
    stored = skeleton(kind if kind in KINDS else "single")
    last = len(found.document["sections"]) - 1
    sheet = QuestionSheet(found, last, 9999, stored | {"variable": variable}, None, kind_of(stored))
    sheet.values = sent_values()
    flash(gettext("Somebody deleted or renamed this question meanwhile. Saving adds it again, at the end."))
    return _page(sheet, action=url_for("desk.new_question", draft_id=found.id, section=last, at=9999, type=sheet.kind))


def _sent(sheet: QuestionSheet) -> Any:
    """Save, or do what another button asks, which saves nothing."""
    sheet.values = sent_values()
    if sheet.values.get("kind") in related(kind_of(sheet.stored)):
        sheet.kind = sheet.values["kind"]
    wanted = sheet.values.get("type", sheet.kind)
    asked = request.form.get("do", "")
    if wanted != sheet.kind and wanted in related(sheet.kind) and not sheet.is_locked:
        sheet.become(wanted)
        flash(gettext("Another type: look it over, then save."))
        return _page(sheet)
    if asked:
        sheet.turn(asked)
        if asked == "units":
            sheet.values["places-all"] = _units_below(sheet)
        return _page(sheet)
    sheet.take_pasted()
    return _saved(sheet) if sheet.holds() else _page(sheet)


def _page(sheet: QuestionSheet, action: str = "") -> Any:
    if request.method == "GET":
        sheet.show()
    with installation().database.read() as connection:
        tree = read_tree(connection) if "places" in parts_of(sheet.kind) else None
    return render_template(
        "desk/designer/question.html",
        draft=sheet.draft,
        sheet=sheet,
        form=sheet.form,
        tags=sheet.tags,
        kind=KINDS[sheet.kind],
        tree=tree,
        action=action,
        language_name=language_name,
    )


def _units_below(sheet: QuestionSheet) -> str:
    """The units below the chosen one, or all of them, as the lines of places."""
    with installation().database.read() as connection:
        tree = read_tree(connection)
    top = request.form.get("units_top") or None
    today = installation().today()
    living = [(depth, one) for depth, one in tree.walk(top) if one.is_valid_on(today)]
    return "\n".join("  " * depth + written(one.id, one.title, sheet.tags) for depth, one in living)


def _saved(sheet: QuestionSheet) -> Any:
    node, renamed, was = sheet.read.node, sheet.read.renamed, sheet.was
    name = node["variable"]

    def make(document: Document) -> Document:
        if was is None or editing.question_or_none(document, was) is None:
            return editing.add_questions(document, sheet.section, sheet.at, [node])[0]
        return editing.set_question(document, was, node, rows=renamed)

    return change(
        sheet.draft.id,
        make,
        touches=lambda document: editing.question_or_none(document, was or name),
        action=f"{'add' if was is None else 'edit'} {name}",
        to=outline_at(sheet.draft.id, name),
        mine=node,
        done=gettext("Saved: %(question)s", question=name),
    )


@desk.post("/questionnaires/drafts/<draft_id>/questions/<variable>/unlock")
@requires(Permission.DESIGN)
def unlock_question(draft_id: str, variable: str) -> Any:
    """Designers, warned that comparison ends; lands on the question's form, every part of it open."""
    found = draft_or_404(draft_id)
    stored = known_question(found, variable)
    free: dict[str, Any] = {key: part for key, part in stored.items() if key not in ("locked", "bank")}
    return change(
        draft_id,
        lambda document: editing.set_question(document, variable, free),
        touches=lambda document: editing.question_or_none(document, variable),
        action=f"unlock {variable}",
        to=url_for("desk.edit_question", draft_id=draft_id, variable=variable),
        done=gettext("The question is unlocked: it is your own now."),
    )
