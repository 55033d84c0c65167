"""Conditions of a form at their place in the draft: what they can read, whether they hold, also while typing."""

from __future__ import annotations

from collections.abc import Mapping

from flask import Response, abort, jsonify, request

from portal.access import Permission, requires
from survey.editing import Document, find
from survey.errors import QuestionnaireError
from survey.parts import BaseQuestion

from ..forms import DeskForm
from ..views import desk
from .condition_fields import fault_of_rows
from .drafting import draft_or_404
from .logic_faults import Verdict, judged
from .loose import leaves, loosely, names_before
from .making import add_fault
from .picks import decided

Known = dict[str, BaseQuestion]


def known_before(document: Document, section: int, at: int) -> Known:
    """The questions asked before a place, by variable, in their order."""
    read = loosely(document).by_variable
    return {name: read[name] for name in names_before(document, section, at) if name in read}


def everywhere(document: Document) -> set[str]:
    """Every variable of the draft."""
    return {name for section in document["sections"] for question in section["questions"] for name in leaves(question)}


def decide(
    form: DeskForm, name: str, values: Mapping[str, str], known: Known, document: Document, *, own: str | None
) -> None:
    """Put into the form the condition that its rows and text say together; a fault is written beside it."""
    found = decided(values, name, known)
    form[name].data = found.text
    if found.fault:
        add_fault(form, name, fault_of_rows(found.fault))
        return
    verdict = judged(found.text, before=set(known), everywhere=everywhere(document), own=own)
    if not verdict.is_sound:
        add_fault(form, name, verdict.message)


@desk.get("/questionnaires/drafts/<draft_id>/condition")
@requires(Permission.DESIGN)
def check_condition(draft_id: str) -> Response:
    """Designers, while typing or picking; JSON: the condition, whether it holds at its place, and what is wrong."""
    document = draft_or_404(draft_id).document
    values = {name: value[:2000] for name, value in request.args.items()}
    section, at, own = _place(document, values.get("place", ""))
    known = known_before(document, section, at)
    if own and values.get("reads_itself"):
        known |= {name: one for name, one in loosely(document).by_variable.items() if name == own}
    found = decided(values, values.get("name", "show_if"), known)
    if found.fault:
        verdict = Verdict(False, fault_of_rows(found.fault))
    else:
        verdict = judged(
            found.text,
            before=set(known),
            everywhere=everywhere(document),
            own=own if values.get("reads_itself") else None,
        )
    return jsonify(ok=verdict.is_sound, message=verdict.message, position=verdict.position, text=found.text)


def _place(document: Document, text: str) -> tuple[int, int, str | None]:
    """Section and place, and the question that stands there, of `section:2`, `question:overall` or `new:2:5`."""
    kind, _, rest = text.partition(":")
    numbers = [int(part) for part in rest.split(":") if part.isascii() and part.isdigit() and len(part) < 5]
    if kind == "question":
        try:
            return (*find(document, rest), rest)
        except QuestionnaireError:
            abort(404)
    if kind == "section" and len(numbers) == 1:
        return numbers[0], 0, None
    if kind == "new" and len(numbers) == 2:
        return numbers[0], numbers[1], None
    abort(400)
