"""Changing a questionnaire while it is drafted: plain documents in, plain documents out, nothing changed in place.

A draft may be incomplete (a text not translated, a condition that does not parse): `read_questionnaire` judges it
when somebody asks. What is named here by `variable` is a question as it is listed: a matrix is one.
"""

from __future__ import annotations

import copy
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from .errors import QuestionnaireError
from .questionnaire import COLUMNS_OF_DATASETS, FIELDS_OF_FORMS
from .references import reads, renamed

Document = dict[str, Any]
Node = dict[str, Any]

RESERVED = COLUMNS_OF_DATASETS | FIELDS_OF_FORMS
LONGEST_NAME = 40
READ_FIRST = ("title", "introduction", "text", "hint", "unit", "first_label")
TEXTS = frozenset(  # the keys of a document under which texts in several languages stand
    ("title", "introduction", "closing", "text", "hint", "first_label", "last_label", "unit", "agree", "decline")
)


def new_document(name: str, title: Mapping[str, str], languages: Sequence[str] = ()) -> Document:
    """A questionnaire with one empty section, in these languages or those of its title."""
    return {
        "format": "minyi-questionnaire/1",
        "name": name,
        "title": dict(title),
        "languages": list(languages or title),
        "sections": [{"questions": []}],
    }


def questions(document: Document) -> Iterator[Node]:
    """Every question as it is listed."""
    for section in document["sections"]:
        yield from section["questions"]


def find(document: Document, variable: str) -> tuple[int, int]:
    """Section and place of a question, counted from 0; raises QuestionnaireError when it is gone."""
    for section, node in enumerate(document["sections"]):
        for place, question in enumerate(node["questions"]):
            if question["variable"] == variable:
                return section, place
    raise QuestionnaireError("This question is no longer there.", got=variable, hint="somebody may have deleted it")


def question_of(document: Document, variable: str) -> Node:
    """A question by its name; raises QuestionnaireError when it is gone."""
    section, place = find(document, variable)
    found: Node = document["sections"][section]["questions"][place]
    return found


def question_or_none(document: Document, variable: str) -> Node | None:
    """A question by its name, or None."""
    return next((one for one in questions(document) if one["variable"] == variable), None)


def order(document: Document) -> list[list[str]]:
    """The names of the questions, section by section."""
    return [[question["variable"] for question in section["questions"]] for section in document["sections"]]


def own_names(question: Node) -> list[str]:
    """The names a question takes: its own and those of its rows."""
    return [question["variable"], *(row["variable"] for row in question.get("rows") or ())]


def names(document: Document) -> set[str]:
    """Every name that is taken: those of questions and of the rows of matrices."""
    return {name for question in questions(document) for name in own_names(question)}


def free_name(document: Document, wish: str, taken: Iterable[str] = ()) -> str:
    """The wish, or the wish with the first number that makes it a name of its own, and none of `taken`."""
    used = names(document) | RESERVED | set(taken)
    if wish not in used:
        return wish
    parts = re.fullmatch(r"(?P<stem>.+?)(?P<number>\d{1,4})", wish)
    stem, first = (parts["stem"], int(parts["number"])) if parts else (f"{wish}_", 1)
    candidates = (f"{stem[: LONGEST_NAME - 5]}{number}" for number in range(first + 1, first + 10_000))
    return next(name for name in candidates if name not in used)


def add_section(document: Document, at: int) -> Document:
    """The document with an empty section at a place."""
    done = copy.deepcopy(document)
    done["sections"].insert(max(0, at), {"questions": []})
    return done


def set_section(document: Document, at: int, settings: Node) -> Document:
    """The document with other settings (title, introduction, condition …) of one section; its questions stay."""
    done = copy.deepcopy(document)
    kept = section_of(done, at)["questions"]
    done["sections"][at] = {**settings, "questions": kept}
    return done


def move_section(document: Document, at: int, to: int) -> Document:
    """The document with one section at another place."""
    done = copy.deepcopy(document)
    moved = section_of(done, at)
    del done["sections"][at]
    done["sections"].insert(max(0, min(to, len(done["sections"]))), moved)
    return done


def delete_section(document: Document, at: int) -> Document:
    """The document without one section and its questions; instead of the last one an empty one stays."""
    done = copy.deepcopy(document)
    section_of(done, at)
    del done["sections"][at]
    if not done["sections"]:
        done["sections"].append({"questions": []})
    return done


def section_of(document: Document, at: int) -> Node:
    """A section by its place, counted from 0; raises QuestionnaireError when it is gone."""
    if not 0 <= at < len(document["sections"]):
        raise QuestionnaireError(
            "This section is no longer there.", got=str(at + 1), hint="somebody may have deleted it"
        )
    found: Node = document["sections"][at]
    return found


def add_question(document: Document, section: int, at: int, question: Node) -> Document:
    """The document with a further question; raises QuestionnaireError where a name of it is taken."""
    _check_free(names(document), question)
    done = copy.deepcopy(document)
    section_of(done, section)["questions"].insert(max(0, at), copy.deepcopy(question))
    return done


def add_questions(document: Document, section: int, at: int, wanted: Iterable[Node]) -> tuple[Document, list[str]]:
    """The document with further questions, and their names, which are made free; what they read of each other stays."""
    new = copy.deepcopy(list(wanted))
    freed: dict[str, str] = {}
    for name in (name for question in new for name in own_names(question)):
        freed[name] = free_name(document, name, freed.values())
    done = document
    for place, question in enumerate(_named(question, freed) for question in new):
        done = add_question(done, section, at + place, question)
    return done, [freed[question["variable"]] for question in new]


def _named(question: Node, freed: Mapping[str, str]) -> Node:
    """A question under other names, which it also reads itself by."""
    done: Node = renamed(question, freed)
    done["variable"] = freed[done["variable"]]
    for row in done.get("rows") or ():
        row["variable"] = freed[row["variable"]]
    return done


def set_question(
    document: Document, variable: str, question: Node, *, rows: Mapping[str, str] | None = None
) -> Document:
    """The document with another question in the place of one; where names change, all that read them follow.

    `rows` tells new names of its rows. Raises QuestionnaireError where a name is taken, or the question is gone.
    """
    section, place = find(document, variable)
    without = delete_question(document, variable)
    _check_free(names(without), question)
    done = copy.deepcopy(document)
    done["sections"][section]["questions"][place] = copy.deepcopy(question)
    changed = {**(rows or {}), variable: question["variable"]}
    changed = {old: new for old, new in changed.items() if old != new}
    turned: Document = renamed(done, changed) if changed else done
    return turned


def _check_free(taken: set[str], question: Node) -> None:
    own = own_names(question)
    clash = [name for place, name in enumerate(own) if name in taken | RESERVED or name in own[:place]]
    if clash:
        raise QuestionnaireError("Another question has this name.", got=clash[0], hint="choose another name")


def move_question(document: Document, variable: str, section: int, at: int) -> Document:
    """The document with one question at another place, counted without it."""
    done = copy.deepcopy(document)
    source, place = find(done, variable)
    target = section_of(done, section)["questions"]
    moved = done["sections"][source]["questions"].pop(place)
    target.insert(max(0, min(at, len(target))), moved)
    return done


def duplicate_question(document: Document, variable: str) -> tuple[Document, str]:
    """The document with a copy right after a question, and the copy's name. The copy is free of locks."""
    section, place = find(document, variable)
    twin = {key: part for key, part in question_of(document, variable).items() if key not in ("locked", "bank")}
    done, made = add_questions(document, section, place + 1, [twin])
    return done, made[0]


def delete_question(document: Document, variable: str) -> Document:
    """The document without a question. What reads it is told by `readers`, and found again by the check."""
    done = copy.deepcopy(document)
    section, place = find(done, variable)
    del done["sections"][section]["questions"][place]
    return done


def readers(document: Document, variables: Iterable[str]) -> list[str]:
    """The other questions (or "section 2") whose conditions, checks or texts read these questions or their rows."""
    gone = set(variables)
    own = {name for one in questions(document) if one["variable"] in gone for name in own_names(one)}
    found = [one["variable"] for one in questions(document) if one["variable"] not in gone and reads(one, own)]
    for number, section in enumerate(document["sections"], start=1):
        if reads({key: part for key, part in section.items() if key != "questions"}, own):
            found.append(f"section {number}")
    return found


def filled(document: Document) -> Document:
    """The document with each text that lacks in a language shown in another one: for a look at what is not finished."""
    languages = document["languages"]

    def turned(node: Any, key: str = "") -> Any:
        if isinstance(node, dict):
            if key in TEXTS:
                first = next((node[tag] for tag in [*languages, *node] if node.get(tag)), "…")
                return {tag: node.get(tag) or first for tag in languages}
            return {name: turned(value, name) for name, value in node.items()}
        return [turned(part) for part in node] if isinstance(node, list) else node

    done: Document = turned(document)
    return done


def texts(document: Document) -> Iterator[tuple[str, Node]]:
    """Every text with its path, such as `sections/0/questions/2/choices/1/text`, in reading order.

    A text without words in any language is one too.
    """

    def walk(node: Any, path: str, key: str) -> Iterator[tuple[str, Node]]:
        if isinstance(node, dict) and key in TEXTS:
            yield path, node
        elif isinstance(node, dict | list):
            for name, part in sorted(node.items(), key=_reading_order) if isinstance(node, dict) else enumerate(node):
                yield from walk(part, f"{path}/{name}" if path else str(name), str(name))

    yield from walk(document, "", "")


def _reading_order(entry: tuple[str, Any]) -> tuple[int, str]:
    """Words of a part before its parts, in the order in which people meet them; closing words last."""
    name = entry[0]
    return READ_FIRST.index(name) if name in READ_FIRST else 99 if name == "closing" else 50, name


def set_texts(document: Document, changes: dict[str, dict[str, str]]) -> Document:
    """The document with other words at some paths; an empty word takes the language away there."""
    done = copy.deepcopy(document)
    for path, node in texts(done):
        for tag, words in changes.get(path, {}).items():
            if words:
                node[tag] = words
            else:
                node.pop(tag, None)
    return done


def without_language(document: Document, tag: str) -> Document:
    """The document without a language and the words in it; standard items that are locked keep theirs."""
    locked = [
        f"sections/{place}/questions/{at}/"
        for place, section in enumerate(document["sections"])
        for at, question in enumerate(section["questions"])
        if question.get("locked")
    ]
    own = {path: {tag: ""} for path, _ in texts(document) if not path.startswith(tuple(locked))}
    done = set_texts(document, own)
    done["languages"] = [one for one in done["languages"] if one != tag]
    return done


def completeness(document: Document) -> dict[str, tuple[int, int]]:
    """For each language: how many texts it has, of how many."""
    found = [node for _, node in texts(document)]
    return {tag: (sum(bool(node.get(tag)) for node in found), len(found)) for tag in document["languages"]}
