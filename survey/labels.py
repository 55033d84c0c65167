"""The words that a question gives to the codes of its answers."""

from __future__ import annotations

from .parts import BaseQuestion, ChosenQuestion, TextIn
from .questions import ConsentQuestion, NpsQuestion, PlaceQuestion, ScaleQuestion

Code = int | str


def labels(question: BaseQuestion) -> dict[Code, TextIn]:
    """The words of each labelled code that is an answer; codes of places are texts, all others numbers."""
    if isinstance(question, ChosenQuestion):
        return {choice.code: choice.text for choice in question.choices if choice.missing is None}
    if isinstance(question, PlaceQuestion):
        return {place.code: place.text for place in question.offered}
    if isinstance(question, ScaleQuestion | NpsQuestion):
        return dict(sorted(question.point_labels().items()))
    if isinstance(question, ConsentQuestion):
        return {1: question.agree}
    return {}


def answer_codes(question: BaseQuestion) -> tuple[Code, ...]:
    """Every code that is an answer, labelled or not; none where answers are numbers, dates or words."""
    if isinstance(question, PlaceQuestion | ConsentQuestion):
        return tuple(labels(question))
    return question.valid_codes()
