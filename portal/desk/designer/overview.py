"""A draft as its outline shows it: each section and question with what can be told of it in a line."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from flask import current_app, url_for
from flask_babel import gettext

from portal.language import language
from survey.drafts import Draft
from survey.editing import Document, Node
from survey.questionnaire import Questionnaire
from survey.texts import text_in

from ..menu import may_open
from .condition_words import condition_words
from .drafting import person
from .kinds import KINDS, kind_of
from .loose import loosely
from .problems import by_place, problems

RECENTLY = timedelta(minutes=10)


@dataclass(frozen=True)
class Item:
    """One question of the outline.

    `text` comes with the language it is really in, "" where that is the page's own.
    """

    variable: str
    kind: Any
    text: str
    tag: str
    node: Node
    asked_if: str
    ends_if: str
    problems: list[str]

    @property
    def n_choices(self) -> int:
        return len(self.node.get("choices") or self.node.get("places") or ())


@dataclass(frozen=True)
class Part:
    """One section of the outline; `number` counts from 1, as does `first`, the number of its first question."""

    number: int
    first: int
    title: str
    tag: str
    node: Node
    asked_if: str
    problems: list[str]
    items: list[Item]


def parts(document: Document) -> tuple[list[Part], list[str]]:
    """The sections in order, and the problems that belong to none of them."""
    read, found = loosely(document), by_place(problems(document))
    listed: list[Part] = []
    for number, section in enumerate(document["sections"], start=1):
        title, tag = shown_text(section.get("title"))
        items = [_item(question, read, found) for question in section["questions"]]
        asked_if = condition_words(section["show_if"], read) if section.get("show_if") else ""
        first = 1 + sum(len(one.items) for one in listed)
        listed.append(Part(number, first, title, tag, section, asked_if, found.get(f"section {number}", []), items))
    return listed, found.get("", [])


def _item(question: Node, read: Questionnaire, found: Mapping[str, list[str]]) -> Item:
    text, tag = shown_text(question.get("text"))
    name = question["variable"]
    return Item(
        variable=name,
        kind=KINDS[kind_of(question)].words,
        text=text,
        tag=tag,
        node=question,
        asked_if=condition_words(question["show_if"], read) if question.get("show_if") else "",
        ends_if=condition_words(question["end_if"], read, name) if question.get("end_if") else "",
        problems=found.get(name, []),
    )


def shown_text(text: Mapping[str, str] | None) -> tuple[str, str]:
    """A text with the language it is shown in, "" where that is the page's own."""
    words, tag = text_in(text or {}, language())
    return words, "" if tag == language() else tag


def others_lately(rows: list[Any], names: Mapping[str, str], now: datetime) -> list[tuple[str, datetime]]:
    """Who else changed the draft within the last minutes, and when last."""
    found: dict[str, datetime] = {}
    for row in rows:
        if row.changed_by != person() and now - row.changed_at < RECENTLY:
            found[row.changed_by] = max(row.changed_at, found.get(row.changed_by, row.changed_at))
    return [(names.get(one) or str(gettext("somebody who has left")), at) for one, at in found.items()]


def redo_action(draft: Draft, rows: list[Any]) -> str:
    """What redoing would do again."""
    following = [row for row in rows if row.parent == draft.revision]
    return max(following, key=lambda row: row.number).action if following else ""


def further_pages(draft: Draft) -> list[tuple[str, str]]:
    """(address, words) of the other pages about a draft that exist and that this person may open."""
    offered = (
        ("desk.preview", gettext("Preview")),
        ("desk.translate", gettext("Translate")),
        ("desk.check_draft", gettext("Check it")),
        ("desk.trials", gettext("Try out")),
        ("desk.compare", gettext("Changes")),
        ("desk.paper", gettext("Paper form")),
        ("desk.codebook", gettext("Codebook")),
        ("desk.review", gettext("Review and publish")),
    )
    return [(_address(endpoint, draft), words) for endpoint, words in offered if may_open(endpoint)]


def _address(endpoint: str, draft: Draft) -> str:
    wanted = next(current_app.url_map.iter_rules(endpoint)).arguments
    values: dict[str, Any] = {"draft_id": draft.id, "identity": draft.id, "kind": "drafts"}
    return url_for(endpoint, **{name: value for name, value in values.items() if name in wanted})


def closed_words(draft: Draft) -> str:
    """Why a draft takes no changes, and what to do."""
    words = {
        "in_review": gettext("It was handed in and waits for a second person. To change it, take it back from review."),
        "approved": gettext(
            "It was approved and can be published. To change it, give it back: it is reviewed again then."
        ),
        "published": gettext("It was published and never changes. To change it, begin a new draft from that version."),
        "discarded": gettext(
            "It was discarded. Bring it back from the end of the list of questionnaires to change it."
        ),
    }
    return str(words.get(draft.state, ""))
