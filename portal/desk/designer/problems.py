"""What keeps a draft from being a questionnaire yet, each beside its question; the full proof is another page."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from flask_babel import gettext, ngettext
from pydantic import ValidationError

from survey.canonical import canonical_json
from survey.editing import RESERVED, Document, Node, names, own_names, texts
from survey.errors import QuestionnaireError
from survey.piping import PIPE
from survey.questionnaire import read_questionnaire

from .language_names import language_name
from .logic_faults import judged
from .loose import ADAPTER, leaves, names_before
from .part_faults import fault_words


class Problem(NamedTuple):
    """One problem: the variable of its question, "section 2", or "" for the whole document."""

    place: str
    words: str


def problems(document: Document) -> list[Problem]:
    """Every problem that can be told beside its place; where none is and the document cannot be read, what it says."""
    found = [*_of_sections(document), *_of_names(document), *_of_texts(document)]
    if not found:
        try:
            read_questionnaire(document)
        except QuestionnaireError as error:
            found = [Problem(_place_in(error.got, document), error.got)]
    return found


def by_place(found: list[Problem]) -> dict[str, list[str]]:
    """The words of all problems by place."""
    sorted_in: dict[str, list[str]] = {}
    for one in found:
        sorted_in.setdefault(one.place, []).append(one.words)
    return sorted_in


def _of_sections(document: Document) -> Iterator[Problem]:
    everywhere = {name for question in _questions(document) for name in leaves(question)}
    for number, section in enumerate(document["sections"], start=1):
        place = f"section {number}"
        if not section["questions"]:
            yield Problem(place, gettext("This section has no question yet."))
        verdict = judged(
            section.get("show_if") or "", before=names_before(document, number - 1, 0), everywhere=everywhere
        )
        if not verdict.is_sound:
            yield Problem(place, gettext("Condition: %(fault)s", fault=verdict.message))
        for at, question in enumerate(section["questions"]):
            before = names_before(document, number - 1, at)
            yield from (Problem(question["variable"], words) for words in of_question(question, before, everywhere))


def of_question(question: Node, before: list[str], everywhere: set[str]) -> Iterator[str]:
    """What is wrong with one question: by itself, and in what it reads."""
    try:
        ADAPTER.validate_json(canonical_json(question))
    except ValidationError as error:
        yield from dict.fromkeys(fault_words(fault) for fault in error.errors())
    for words, text, own in conditions_of(question):
        allowed = [*before, *leaves(question)] if own else before
        verdict = judged(text, before=allowed, everywhere=everywhere, own=own)
        if not verdict.is_sound:
            yield f"{words}{gettext(': ')}{verdict.message}"
    piped = {name for _, text in texts({"": question}) for said in text.values() for name in PIPE.findall(said)}
    for name in sorted(piped - set(before)):
        yield gettext("A text shows the answer to %(name)s, which no earlier question asks.", name=name)


def conditions_of(question: Node) -> Iterator[tuple[str, str, str | None]]:
    """(what it is, the condition, the variable that "." stands for) for each condition of a question."""
    name = question["variable"]
    yield gettext("Condition"), question.get("show_if") or "", None
    yield gettext("End of the survey"), question.get("end_if") or "", name
    for row in question.get("rows") or ():
        yield gettext("Condition of the row %(name)s", name=row["variable"]), row.get("show_if") or "", None
    for number, check in enumerate(question.get("checks") or (), start=1):
        yield gettext("Check %(number)s", number=number), check.get("rule") or "", name


def _of_names(document: Document) -> Iterator[Problem]:
    seen: set[str] = set()
    own = {f"{name}_{ending}" for name in names(document) for ending in ("reasons", "missing")}
    for question in _questions(document):
        for name in own_names(question):
            if name in seen:
                yield Problem(
                    question["variable"], gettext("Another question has the variable %(name)s too.", name=name)
                )
            elif name in RESERVED | own:
                yield Problem(
                    question["variable"], gettext("The name %(name)s is taken by the portal itself.", name=name)
                )
            seen.add(name)


def _of_texts(document: Document) -> Iterator[Problem]:
    """Texts without words: beside their place in the first language, summed up for the languages to translate into."""
    first, *others = document["languages"]
    for question in _questions(document):
        if n := n_lacking({"": question}, first):
            yield Problem(question["variable"], lacking_words(n, first))
    for number, section in enumerate(document["sections"], start=1):
        if n := n_lacking({key: part for key, part in section.items() if key != "questions"}, first):
            yield Problem(f"section {number}", lacking_words(n, first))
    if n := n_lacking({key: part for key, part in document.items() if key != "sections"}, first):
        yield Problem("", lacking_words(n, first))
    for tag in others:
        if n := n_lacking(document, tag):
            yield Problem("", lacking_words(n, tag))


def n_lacking(part: Document, tag: str) -> int:
    """How many texts of a part have no words in a language."""
    return sum(not node.get(tag) for _, node in texts(part))


def lacking_words(n: int, tag: str) -> str:
    return str(
        ngettext(
            "%(num)d text lacks in %(language)s.", "%(num)d texts lack in %(language)s.", n, language=language_name(tag)
        )
    )


def _questions(document: Document) -> Iterator[Node]:
    for section in document["sections"]:
        yield from section["questions"]


def _place_in(message: str, document: Document) -> str:
    """The question that a message names, if it names one."""
    words = set(message.replace(",", " ").replace(":", " ").split())
    return next((question["variable"] for question in _questions(document) if question["variable"] in words), "")
