"""What holds for a whole draft: its name, title, words before and after, languages, order of sections."""

from __future__ import annotations

import copy
import re
from typing import Any

from flask import abort, redirect, render_template, request
from flask_babel import gettext

from portal.access import Permission, requires
from survey import editing
from survey.drafts import Draft
from survey.editing import Document, Node

from ..forms import DeskForm
from ..views import desk
from .changes import put_text, whole
from .drafting import change, draft_or_404
from .language_names import OFFERED, language_name
from .making import add_fault, form_of, line, select, sent_values, tick, words
from .outline import open_draft, outline_at
from .sheet import TICKED, shown, texts

_NAME = re.compile(r"[a-z][a-z0-9_]{0,39}")
_TAG = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*")
TEXTS = ("title", "introduction", "closing")
MOST_LANGUAGES = 40


@desk.route("/questionnaires/drafts/<draft_id>/settings", methods=["GET", "POST"])
@requires(Permission.DESIGN)
def draft_settings(draft_id: str) -> Any:
    """Designers; lands on the outline."""
    found = draft_or_404(draft_id) if request.method == "POST" else open_draft(draft_id)
    if found is None:
        return redirect(outline_at(draft_id), 303)
    document = found.document
    values = sent_values() if request.method == "POST" else _spread(document)
    form = form_of(_fields(document["languages"]), values)
    if request.method == "POST":
        form.validate()
        made = _read(document, form, values)
        if not form.errors:
            return _saved(found, made)
    tags = document["languages"]
    return render_template(
        "desk/designer/settings.html", draft=found, form=form, tags=tags, language_name=language_name
    )


def _fields(tags: list[str]) -> dict[str, Any]:
    others = [(tag, language_name(tag)) for tag in OFFERED if tag not in tags]
    fields = words("title", gettext("Title"), tags)
    fields |= words("introduction", gettext("Words before the first question"), tags, lines=4)
    fields |= words("closing", gettext("Words after sending"), tags, lines=3)
    return fields | {
        "name": line(gettext("Short name"), gettext("Stands in files; small letters, digits and _."), most=40),
        "first": select(
            gettext("First language"),
            [(tag, language_name(tag)) for tag in tags],
            gettext("It is written first; the others are translated from it."),
        ),
        "add": select(gettext("Add a language"), [("", gettext("none")), *others]),
        "add_tag": line(
            gettext("Or its tag"), gettext("For a language that is not in the list, such as fr-CA."), most=35
        ),
        "shuffled_sections": tick(gettext("Sections come in changing order")),
        "seed": line(
            gettext("Number of the orders"),
            gettext("Two questionnaires with the same number mix alike. Leave it empty otherwise."),
            most=16,
            inputmode="numeric",
        ),
    }


def _spread(document: Document) -> dict[str, str]:
    values = {"name": document["name"], "first": document["languages"][0], "seed": shown(document.get("seed"))}
    values["shuffled_sections"] = shown(bool(document.get("shuffled_sections")))
    for name in TEXTS:
        values |= texts(name, document.get(name), document["languages"])
    return values


def _read(document: Document, form: DeskForm, values: dict[str, str]) -> Node:
    """The settings as the form says them; what is wrong is written beside its field."""
    before, tags = _spread(document), document["languages"]
    made = _settings(document)
    for name in TEXTS:
        put_text(made, name, name, values, before, tags)
    made.setdefault("title", {})
    if not made["title"].get(tags[0]):
        add_fault(form, f"title-{tags[0]}", gettext("Fill this in."))
    made["name"] = values.get("name", "").strip()
    if not _NAME.fullmatch(made["name"]):
        add_fault(form, "name", gettext("Use small letters a to z, digits and _ only, a letter first, at most 40."))
    if values.get("shuffled_sections", "") != before["shuffled_sections"]:
        made["shuffled_sections"] = values.get("shuffled_sections") == TICKED
    if values.get("seed", "").strip() != before["seed"]:
        made["seed"] = whole(values["seed"]) if values["seed"].strip() else None
        if isinstance(made["seed"], str) or (made["seed"] is not None and not 0 <= made["seed"] < 2**53):
            add_fault(form, "seed", gettext("A whole number is needed here."))
    made["languages"] = _languages(tags, form, values)
    return made


def _languages(tags: list[str], form: DeskForm, values: dict[str, str]) -> list[str]:
    """The languages with the chosen one first, and those that were added behind."""
    first = values.get("first", tags[0])
    found = [first, *(tag for tag in tags if tag != first)] if first in tags else list(tags)
    for name in ("add", "add_tag"):
        tag = values.get(name, "").strip()
        if tag and not (_TAG.fullmatch(tag) and len(tag) <= 35):
            add_fault(form, name, gettext("This is no language tag such as zh-Hans or en."))
        elif tag and tag not in found:
            found.append(tag)
    if len(found) > MOST_LANGUAGES:
        add_fault(form, "add", gettext("At most %(most)s are allowed.", most=MOST_LANGUAGES))
    return found


def _settings(document: Document) -> Node:
    return {key: copy.deepcopy(part) for key, part in document.items() if key != "sections"}


def _saved(found: Draft, made: Node) -> Any:
    kept = {key: part for key, part in made.items() if part is not None or key in found.document}
    return change(
        found.id,
        lambda document: {**kept, "sections": document["sections"]},
        touches=_settings,
        action="settings",
        to=outline_at(found.id),
        done=gettext("The settings were changed."),
    )


@desk.route("/questionnaires/drafts/<draft_id>/languages/<tag>/remove", methods=["GET", "POST"])
@requires(Permission.DESIGN)
def remove_language(draft_id: str, tag: str) -> Any:
    """Designers, after confirming; lands on the settings without the language and its words."""
    found = draft_or_404(draft_id)
    if tag not in found.document["languages"] or len(found.document["languages"]) < 2:
        abort(404)
    if request.method == "GET":
        n_texts = editing.completeness(found.document)[tag][0]
        return render_template(
            "desk/designer/language.html", draft=found, tag=tag, n_texts=n_texts, name=language_name(tag)
        )
    return change(
        draft_id,
        lambda document: editing.without_language(document, tag),
        touches=lambda document: [node.get(tag) for _, node in editing.texts(document)],
        action=f"language {tag}",
        to=outline_at(draft_id),
        done=gettext("The language was removed."),
    )
