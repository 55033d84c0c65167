"""Sections of a draft: their settings, their order, new ones, and none."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import abort, redirect, render_template, request
from flask_babel import gettext

from portal.access import Permission, requires
from survey import editing
from survey.drafts import Draft
from survey.editing import Document, Node
from survey.errors import QuestionnaireError

from ..forms import DeskForm
from ..views import desk
from .changes import differs, put_text
from .condition_fields import choices_for_script, condition_field
from .conditions import decide, known_before
from .drafting import change, draft_or_404, is_open
from .making import form_of, line, sent_values, tick, words
from .outline import open_draft, outline_at
from .sheet import TICKED, shown, texts


def section_or_404(found: Draft, at: int) -> Node:
    """A section of the draft by its place, counted from 0."""
    try:
        return editing.section_of(found.document, at)
    except QuestionnaireError:
        abort(404)


@desk.route("/questionnaires/drafts/<draft_id>/sections/<int:at>", methods=["GET", "POST"])
@requires(Permission.DESIGN)
def edit_section(draft_id: str, at: int) -> Any:
    """Designers; lands on the section in the outline."""
    found = draft_or_404(draft_id) if request.method == "POST" else open_draft(draft_id)
    if found is None:
        return redirect(outline_at(draft_id), 303)
    section, tags = section_or_404(found, at), found.document["languages"]
    base = _spread(section, tags)
    values = sent_values() if request.method == "POST" else base
    form, known = _form(tags, values), known_before(found.document, at, 0)
    if request.method == "POST" and request.form.get("do") != "choices":
        form.validate()
        decide(form, "show_if", values, known, found.document, own=None)
        if not form.errors:
            return _saved(found, at, _read(section, values | {"show_if": form["show_if"].data}, base, tags))
    condition = condition_field("show_if", values, known, section.get("show_if") or "")
    return render_template(
        "desk/designer/section.html",
        draft=found,
        at=at,
        form=form,
        tags=tags,
        conditions={"show_if": condition},
        script_data=choices_for_script(known),
    )


def _spread(section: Node, tags: Sequence[str]) -> dict[str, str]:
    values = texts("title", section.get("title"), tags) | texts("introduction", section.get("introduction"), tags)
    return (
        values
        | {name: shown(bool(section.get(name))) for name in ("shuffled", "fixed")}
        | {"show_if": section.get("show_if") or ""}
    )


def _form(tags: Sequence[str], values: dict[str, str]) -> DeskForm:
    fields = words("title", gettext("Title"), tags)
    fields |= words("introduction", gettext("Words before its questions"), tags, lines=3)
    fields |= {
        "show_if": line(gettext("Condition as text"), most=1000),
        "shuffled": tick(gettext("Its questions come in changing order")),
        "fixed": tick(gettext("It stays in its place where sections change theirs")),
    }
    return form_of(fields, values)


def _read(section: Node, values: dict[str, str], base: dict[str, str], tags: Sequence[str]) -> Node:
    """The settings as the form says them; what it does not show stays."""
    made = {key: part for key, part in section.items() if key != "questions"}
    for name in ("title", "introduction"):
        put_text(made, name, name, values, base, tags)
    if differs(values, base, "show_if"):
        made["show_if"] = values["show_if"]
    for name in ("shuffled", "fixed"):
        if values.get(name, "") != base[name]:
            made[name] = values.get(name) == TICKED
    return {key: part for key, part in made.items() if part not in ("", {}) and (part or key in section)}


def _saved(found: Draft, at: int, settings: Node) -> Any:
    return change(
        found.id,
        lambda document: editing.set_section(document, at, settings),
        touches=lambda document: _settings(document, at),
        action=f"edit section {at + 1}",
        to=outline_at(found.id, f"section-{at + 1}"),
        done=gettext("The section was changed."),
    )


def _settings(document: Document, at: int) -> Node | None:
    sections = document["sections"]
    return {key: part for key, part in sections[at].items() if key != "questions"} if at < len(sections) else None


def _names(document: Document) -> list[str]:
    """What tells sections apart when they are moved: how many there are, and the first question of each."""
    return [names[0] if names else "" for names in editing.order(document)]


@desk.post("/questionnaires/drafts/<draft_id>/sections/<int:at>/add")
@requires(Permission.DESIGN)
def add_section(draft_id: str, at: int) -> Any:
    """Designers; lands on the new, empty section."""
    draft_or_404(draft_id)
    return change(
        draft_id,
        lambda document: editing.add_section(document, at),
        touches=_names,
        action=f"add section {at + 1}",
        to=outline_at(draft_id, f"section-{at + 1}"),
        done=gettext("A section was added. Give it a title in its settings."),
    )


@desk.post("/questionnaires/drafts/<draft_id>/sections/<int:at>/move")
@requires(Permission.DESIGN)
def move_section(draft_id: str, at: int) -> Any:
    """Designers; one up or down; lands on the section where it stands then."""
    section_or_404(draft_or_404(draft_id), at)
    to = request.form.get("to", "")
    if to not in (str(at - 1), str(at + 1)):
        abort(400)
    return change(
        draft_id,
        lambda document: editing.move_section(document, at, int(to)),
        touches=_names,
        action=f"move section {at + 1}",
        to=outline_at(draft_id, f"section-{int(to) + 1}"),
        done=gettext("The section was moved."),
    )


@desk.post("/questionnaires/drafts/<draft_id>/sections/<int:at>/delete")
@requires(Permission.DESIGN)
def delete_section(draft_id: str, at: int) -> Any:
    """Designers, after confirming where it has questions; lands where the section stood."""
    found = draft_or_404(draft_id)
    inside = [question["variable"] for question in section_or_404(found, at)["questions"]]
    if inside and is_open(found) and request.form.get("sure") != "yes":
        reading = [name for name in editing.readers(found.document, inside) if name != f"section {at + 1}"]
        return render_template("desk/designer/delete.html", draft=found, variables=inside, reading=reading, at=at)
    return change(
        draft_id,
        lambda document: editing.delete_section(document, at),
        touches=lambda document: document["sections"][at] if at < len(document["sections"]) else None,
        action=f"delete section {at + 1}",
        to=outline_at(draft_id, f"section-{max(at, 1)}"),
        done=gettext("The section was deleted."),
        audited=("delete question", ", ".join(inside)) if inside else None,
    )
