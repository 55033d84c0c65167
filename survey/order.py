"""Orders: which of sixteen ways a person meets choices, rows, questions and sections that are shuffled.

The number of the order stands in the response; with it and the document the very order can be shown again. Orders
come in rounds: within a round each item stands once at each place, so that no item profits from standing first.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from .parts import BaseQuestion, Choice, ChosenQuestion
from .questionnaire import Questionnaire, Section, questionnaire_id
from .questions import MatrixQuestion

ORDERS = 16
Item = TypeVar("Item")


def order_of(questionnaire: Questionnaire, form_key: bytes) -> int | None:
    """The order that a form shows follows from its own random key; None where nothing is shuffled."""
    return form_key[0] % ORDERS if form_key and questionnaire.is_shuffled else None


def arranged(questionnaire: Questionnaire, order: int | None) -> Questionnaire:
    """The questionnaire as it is met in one order; as it is written where nothing is shuffled or `order` is None."""
    if order is None or not questionnaire.is_shuffled:
        return questionnaire
    made = questionnaire.arrangements
    if order not in made:
        made[order] = _arrange(questionnaire, order)
    return made[order]


def _arrange(questionnaire: Questionnaire, order: int) -> Questionnaire:
    seed = str(questionnaire.seed) if questionnaire.seed is not None else _fingerprint(questionnaire)

    def permute(place: str, items: Sequence[Any], stays: Callable[[Any], bool]) -> tuple[Any, ...]:
        return permuted(items, order, f"{seed}|{place}", stays)

    sections = tuple(_section(section, place, permute) for place, section in enumerate(questionnaire.sections))
    if questionnaire.shuffled_sections:
        sections = permute("sections", sections, lambda section: section.fixed)
    return Questionnaire.model_construct(**{**_fields(questionnaire), "sections": sections})


def permuted(items: Sequence[Item], order: int, seed: str, stays: Callable[[Item], bool]) -> tuple[Item, ...]:
    """The items in one of the orders; those that stay keep their places, the others change theirs."""
    moving = [item for item in items if not stays(item)]
    if len(moving) < 2:
        return tuple(items)
    turn, start = divmod(order, len(moving))
    keys = [hashlib.sha256(f"{seed}|{turn}|{index}".encode()).digest() for index in range(len(moving))]
    ranked = sorted(range(len(moving)), key=keys.__getitem__)
    turned = iter([moving[index] for index in ranked[start:] + ranked[:start]])
    return tuple(item if stays(item) else next(turned) for item in items)


def _section(section: Section, place: int, permute: Callable[..., tuple[Any, ...]]) -> Section:
    questions = tuple(_question(question, permute) for question in section.questions)
    if section.shuffled:
        questions = permute(f"section {place}", questions, lambda one: one.fixed)
    return Section.model_construct(**{**_fields(section), "questions": questions})


def _question(question: BaseQuestion, permute: Callable[..., tuple[Any, ...]]) -> BaseQuestion:
    changed: dict[str, Any] = {}
    if isinstance(question, ChosenQuestion) and question.shuffled:
        changed["choices"] = permute(question.variable, question.choices, _stays)
    if isinstance(question, MatrixQuestion) and question.shuffled_rows:
        changed["rows"] = permute(f"{question.variable} rows", question.rows, lambda row: row.fixed)
    return type(question).model_construct(**{**_fields(question), **changed}) if changed else question


def _stays(choice: Choice) -> bool:
    return choice.fixed or choice.exclusive or choice.missing is not None


def _fields(model: Any) -> dict[str, Any]:
    return {name: getattr(model, name) for name in type(model).model_fields}


def _fingerprint(questionnaire: Questionnaire) -> str:
    """The document's own id: what a later version of this code adds by default does not change old orders."""
    return questionnaire_id(questionnaire.model_dump(mode="json", exclude_unset=True))
