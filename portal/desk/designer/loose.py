"""A draft read as far as it can be: its sound questions with their words, whatever else is unfinished."""

from __future__ import annotations

from typing import Any

from pydantic import TypeAdapter, ValidationError

from survey.canonical import CanonicalError, canonical_json
from survey.editing import Document, Node, own_names
from survey.questionnaire import Questionnaire, Section
from survey.questions import Question

ADAPTER: TypeAdapter[Any] = TypeAdapter(Question)


def sound(node: Node) -> Question | None:
    """A question of a draft, or None where it is at fault by itself."""
    try:
        read: Question = ADAPTER.validate_json(canonical_json(node))
        return read
    except (ValidationError, CanonicalError):
        return None


def loosely(document: Document) -> Questionnaire:
    """The draft's sound questions as a questionnaire: nothing was checked between them."""
    sections = tuple(
        Section.model_construct(
            title=section.get("title"),
            questions=tuple(read for node in section["questions"] if (read := sound(node)) is not None),
        )
        for section in document["sections"]
    )
    kept = {name: document[name] for name in ("format", "name", "title")}
    return Questionnaire.model_construct(**kept, languages=tuple(document["languages"]), sections=sections)


def names_before(document: Document, section: int, at: int) -> list[str]:
    """The names of what is asked before a place, in the order of the draft."""
    found: list[str] = []
    for place, one in enumerate(document["sections"][: section + 1]):
        asked = one["questions"] if place < section else one["questions"][:at]
        found += [name for question in asked if question["type"] != "statement" for name in leaves(question)]
    return found


def leaves(question: Node) -> list[str]:
    """The variables that a question fills: its own, or those of its rows."""
    if question["type"] == "matrix":
        return [row["variable"] for row in question.get("rows") or ()]
    return own_names(question)
