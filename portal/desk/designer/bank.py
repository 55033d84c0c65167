"""The bank of standard items: found by words and topic, taken several at once."""

from __future__ import annotations

from typing import Any

from flask import abort, redirect, render_template, request, url_for
from flask_babel import ngettext

from portal.access import Permission, requires
from survey import editing, library
from survey.drafts import Draft
from survey.editing import Document
from survey.library import BankItem

from ..views import desk
from .drafting import change, draft_or_404
from .kinds import KINDS
from .outline import open_draft, outline_at


@desk.route("/questionnaires/drafts/<draft_id>/bank", methods=["GET", "POST"])
@requires(Permission.DESIGN)
def bank(draft_id: str) -> Any:
    """Designers; lands on the first item that was taken, in the outline."""
    found = draft_or_404(draft_id) if request.method == "POST" else open_draft(draft_id)
    if found is None:
        return redirect(outline_at(draft_id), 303)
    section, at = _place(found)
    wanted = request.form.getlist("item")
    if request.method == "POST" and wanted:
        return _taken(found, section, at, wanted)
    topic, words = request.args.get("topic", ""), request.args.get("words", "").strip()
    items = [one for one in library.bank() if _fits(one, topic, words)]
    topics = {one.topic: one.topic_title for one in library.bank()}
    return render_template(
        "desk/designer/bank.html",
        draft=found,
        section=section,
        at=at,
        items=items,
        topics=topics,
        topic=topic,
        words=words,
        kinds=KINDS,
        nothing_ticked=request.method == "POST",
        used={question.get("bank") for question in editing.questions(found.document)},
        clear=url_for("desk.bank", draft_id=draft_id, section=section, at=at),
    )


def _place(found: Draft) -> tuple[int, int]:
    """Section and place in it, as the address says; the end of the last section where it says none."""
    sections = found.document["sections"]
    texts = [request.args.get(name, "") for name in ("section", "at")]
    numbers = [int(text) for text in texts if text.isascii() and text.isdigit() and len(text) < 5]
    if len(numbers) < 2:
        return len(sections) - 1, len(sections[-1]["questions"])
    if numbers[0] >= len(sections):
        abort(404)
    return numbers[0], numbers[1]


def _fits(item: BankItem, topic: str, words: str) -> bool:
    """Whether an item is of the topic and holds each of the words, in whichever language."""
    if topic and item.topic != topic:
        return False
    texts = [item.name, *item.question["text"].values(), *item.topic_title.values()]
    choices = [text for choice in item.question.get("choices", ()) for text in choice["text"].values()]
    everything = " ".join([*texts, *choices]).casefold()
    return all(word in everything for word in words.casefold().split())


def _taken(found: Draft, section: int, at: int, wanted: list[str]) -> Any:
    known = {one.name: one for one in library.bank()}
    if any(name not in known for name in wanted):
        abort(404)
    items = [library.use(known[name]) for name in dict.fromkeys(wanted)]
    made, names = editing.add_questions(found.document, section, at, items)

    def make(document: Document) -> Document:
        return editing.add_questions(document, section, at, items)[0]

    return change(
        found.id,
        make,
        touches=lambda document: len(document["sections"]),
        action=f"bank {len(items)}",
        to=outline_at(found.id, names[0]),
        mine=[question for question in editing.questions(made) if question["variable"] in names],
        done=ngettext(
            "%(num)d item was taken from the bank: %(names)s",
            "%(num)d items were taken from the bank: %(names)s",
            len(names),
            names=", ".join(names),
        ),
    )
