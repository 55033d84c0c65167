"""The library that questionnaires are made from: templates, and a bank of standard items with fixed wording.

Items and templates are JSON files beside this module. A template names items of the bank by `use`, a question names
shared choices by `scale`; what is handed out is a plain document without either. A locked item stays word for word as
it is in the bank, for only then can its results be compared with those of others.
"""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from typing import Any

from pydantic import TypeAdapter, ValidationError

from . import roster
from .canonical import CanonicalError, canonical_json
from .errors import SurveyError
from .parts import BaseQuestion
from .questions import Question

Document = dict[str, Any]
# what a designer decides where an item is used; all else belongs to the item
PLACING = frozenset(
    {"variable", "role", "required", "show_if", "end_if", "checks", "bank", "locked", "fixed", "dropdown", "lines"}
)
ADDED = frozenset({"reasons"})  # tags under a choice may be a template's own
_QUESTION: TypeAdapter[BaseQuestion] = TypeAdapter(Question)


class LibraryError(SurveyError):
    """Something asked for that is not in the library."""


@dataclass(frozen=True)
class BankItem:
    """A standard item.

    Attributes
    ----------
    topic, topic_title
        What it is about.
    locked : bool
        Whether its wording must not change.
    populations : tuple of str
        Where it may be used, as plans name populations.
    source, advice : texts or None
        What it is based on, and how to use it.
    question : dict
        The question as documents have it, without a variable.
    """

    name: str
    topic: str
    topic_title: Mapping[str, str]
    locked: bool
    populations: tuple[str, ...]
    source: Mapping[str, str] | None
    advice: Mapping[str, str] | None
    question: Mapping[str, Any]


@dataclass(frozen=True)
class Template:
    """A whole questionnaire to start from; `population` is the one it is meant for."""

    name: str
    title: Mapping[str, str]
    purpose: Mapping[str, str]
    population: str


def bank() -> list[BankItem]:
    """Every standard item, topic by topic."""
    return list(_bank().values())


def bank_item(name: str) -> BankItem:
    """One standard item; raises LibraryError where there is none of this name."""
    if name not in _bank():
        raise LibraryError("The bank has no such item.", got=name)
    return _bank()[name]


def use(item: BankItem, variable: str | None = None) -> Document:
    """The item as a question of a document; its variable is its own name unless another is given."""
    question = copy.deepcopy(dict(item.question))
    return {
        "type": question.pop("type"),
        "variable": variable or item.name,
        "bank": item.name,
        "locked": item.locked,
        **question,
    }


def templates() -> list[Template]:
    """Every template, by name."""
    return [_template(raw) for _, raw in sorted(_templates().items())]


def template(name: str) -> Document:
    """A template as a document of its own; raises LibraryError where there is none of this name."""
    if name not in _templates():
        raise LibraryError("The library has no such template.", got=name)
    return _resolved(_templates()[name]["document"])


def is_as_in_bank(question: Mapping[str, Any]) -> bool:
    """Whether a question asks what the bank item it names asks: same type, words and codes in every shared language.

    A question that cannot be read, or names no item of the bank, does not.
    """
    item = _bank().get(str(question.get("bank")))
    if item is None:
        return False
    given, standard = _core(question), _core(use(item))
    languages = set(_tags(given)) & set(_tags(standard))
    return bool(languages) and _in(given, languages) == _in(standard, languages)


def locked_changes(document: Mapping[str, Any]) -> list[str]:
    """The variables of locked questions that no longer are as in the bank; the document may be a draft."""
    return [
        str(question.get("variable", ""))
        for section in document.get("sections", ())
        for question in section.get("questions", ())
        if question.get("locked") and not is_as_in_bank(question)
    ]


def _core(question: Mapping[str, Any]) -> Any:
    """What makes the item: the question as it is read, without what its user decides; None where it cannot be read."""
    try:
        read = _QUESTION.validate_json(canonical_json({**question, "variable": "q"}))
    except (ValidationError, CanonicalError):
        return None
    found = read.model_dump(mode="json", exclude=set(PLACING))
    for choice in found.get("choices", ()):
        for name in ADDED:
            choice.pop(name, None)
    return found


def _tags(node: Any) -> list[str]:
    """The languages of a question's own text."""
    return list(node["text"]) if node else []


def _in(node: Any, languages: set[str]) -> Any:
    """The same with the texts in these languages only."""
    if isinstance(node, list):
        return [_in(one, languages) for one in node]
    if not isinstance(node, dict):
        return node
    return {key: _in(value, languages) for key, value in node.items() if key in languages or not _is_tag(key)}


def _is_tag(key: str) -> bool:
    """Keys of texts are language tags: two or three letters, or with a hyphen; no field of a question is."""
    return len(key) <= 3 or "-" in key


@lru_cache(maxsize=1)
def _bank() -> dict[str, BankItem]:
    found: dict[str, BankItem] = {}
    for raw in _files("bank_"):
        for entry in raw["items"]:
            found[entry["name"]] = BankItem(
                entry["name"],
                raw["topic"],
                raw["title"],
                entry["locked"],
                tuple(entry["use_in"]),
                entry.get("source"),
                entry.get("advice"),
                _with_choices(entry["question"]),
            )
    return found


@lru_cache(maxsize=1)
def _templates() -> dict[str, Document]:
    found = {raw["name"]: raw for raw in _files("template_")}
    made = {"name": roster.NAME, "title": roster.TITLE, "purpose": roster.PURPOSE, "population": "roster"}
    return found | {roster.NAME: made | {"document": roster.roster()}}


def _template(raw: Mapping[str, Any]) -> Template:
    return Template(raw["name"], raw["title"], raw["purpose"], raw["population"])


def _resolved(document: Mapping[str, Any]) -> Document:
    """The document with every item and every shared list of choices written out."""
    found = copy.deepcopy(dict(document))
    for section in found["sections"]:
        section["questions"] = [_question(question) for question in section["questions"]]
    return found


def _question(given: Mapping[str, Any]) -> Document:
    if "use" not in given:
        return _with_choices(given)
    question = use(bank_item(given["use"]), given.get("variable"))
    for choice in question.get("choices", ()):
        reasons = given.get("reasons", {}).get(str(choice["code"]))
        choice.update({"reasons": copy.deepcopy(reasons)} if reasons else {})
    return question | {name: value for name, value in given.items() if name in PLACING}


def _with_choices(question: Mapping[str, Any]) -> Document:
    """The question with its shared list of choices, and those that it adds, written out."""
    found = copy.deepcopy(dict(question))
    if isinstance(found.get("choices"), dict):
        named = found["choices"]
        found["choices"] = copy.deepcopy([*_scales()[named["scale"]], *named.get("also", ())])
    return found


@lru_cache(maxsize=1)
def _scales() -> Document:
    found: Document = json.loads((_folder() / "scales.json").read_text(encoding="utf-8"))
    return found


def _files(prefix: str) -> Iterator[Document]:
    for path in sorted(_folder().iterdir(), key=lambda path: path.name):
        if path.name.startswith(prefix) and path.name.endswith(".json"):
            yield json.loads(path.read_text(encoding="utf-8"))


def _folder() -> Any:
    return resources.files("survey") / "library"
