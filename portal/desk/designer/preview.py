"""The preview: a draft as any respondent meets it, in any language, on a phone, from any question on."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from flask import render_template, request
from flask_babel import gettext

from portal.access import Permission
from portal.db import installation
from portal.language import speaking
from portal.respond.sheet import Sheet
from survey.answers import field_names, replay
from survey.drafts import Draft
from survey.order import ORDERS, arranged
from survey.proof import walk_to
from survey.questionnaire import Questionnaire
from survey.reading import Form
from survey.walk import Walk

from ..menu import requires_any
from ..views import desk
from .drafting import draft_or_404
from .language_names import language_name
from .paper import language_of, shown

LONGEST_WALK = 20_000  # characters of a walk in an address


@desk.route("/questionnaires/drafts/<draft_id>/preview", methods=["GET", "POST"])
@requires_any(Permission.DESIGN, Permission.APPROVE_QUESTIONNAIRE)
def preview(draft_id: str) -> Any:
    """Designers and who approves; nothing typed here is kept."""
    draft, read = draft_or_404(draft_id), shown("drafts", draft_id)
    order = _order(read)
    form = _sent(read)
    walk = None if form is None else replay(arranged(read, order), form, today=installation().today())
    return render_template(
        "desk/designer/preview.html",
        draft=draft,
        read=read,
        tag=language_of(read),
        page=page_in_frame(arranged(read, order), form or {}, walk, language_of(read)),
        walk=walk,
        results=recorded(read, walk) if walk is not None else [],
        language_name=language_name,
        is_wide=request.args.get("width") == "wide",
        order=order,
        orders=range(ORDERS) if read.is_shuffled else (),
        address=_address(draft),
    )


def _address(draft: Draft) -> dict[str, Any]:
    """What links within the preview keep: language, width and order."""
    kept = {name: request.args[name] for name in ("in", "width", "order") if name in request.args}
    return {"draft_id": draft.id, **kept}


def _order(read: Questionnaire) -> int | None:
    text = request.args.get("order", "")
    is_number = text.isascii() and text.isdigit() and len(text) < 3
    return int(text) % ORDERS if is_number and read.is_shuffled else None


def _sent(read: Questionnaire) -> Form | None:
    """What was typed into the preview, or the answers that lead to the place that the address names."""
    if request.method == "POST":
        return {name: values for name, values in request.form.lists() if name in _fields(read)}
    if "walk" in request.args:
        return _from_text(read, request.args["walk"][:LONGEST_WALK])
    wanted = request.args.get("at", "")
    return walk_to(read, wanted) if wanted in read.listed else None


def _fields(read: Questionnaire) -> set[str]:
    return {*field_names(read), "seen", "sure"}


def _from_text(read: Questionnaire, text: str) -> Form | None:
    try:
        found = json.loads(text)
    except ValueError:
        return None
    if not isinstance(found, dict):
        return None
    known = _fields(read)
    return {
        name: [str(one) for one in values]
        for name, values in found.items()
        if name in known and isinstance(values, list)
    }


def page_in_frame(read: Questionnaire, form: Form, walk: Walk | None, tag: str) -> str:
    """The questions as the citizen's page has them, in a language of their own."""
    with speaking(tag):
        sheet = Sheet(read, form, walk, tag)
        return render_template("desk/designer/frame.html", sheet=sheet, questionnaire=read, walk=walk, form=form)


def recorded(read: Questionnaire, walk: Walk) -> list[tuple[str, str, str]]:
    """What would be recorded: variable, value as it is stored, and in words."""
    sheet = Sheet(read, {}, walk, language_of(read))
    document = walk.document()
    return [
        (leaf.variable, _stored(document, leaf.variable), sheet.answer_to(leaf.variable) or "") for leaf in read.leaves
    ]


def _stored(document: Mapping[str, Any], variable: str) -> str:
    for part in ("answers", "texts"):
        if variable in document[part]:
            return str(document[part][variable])
    why = document["missing"].get(variable, "")
    words = {
        "not_asked": gettext("not asked"),
        "skipped": gettext("skipped"),
        "refused": gettext("refused"),
        "dont_know": gettext("don't know"),
        "not_applicable": gettext("not applicable"),
    }
    return str(words.get(why, gettext("at fault")))
