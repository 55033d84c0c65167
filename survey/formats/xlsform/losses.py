"""What XLSForm has no room for, question by question."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from survey.parts import BaseQuestion, Choice, ChosenQuestion
from survey.piping import pipes
from survey.questions import (
    ConsentQuestion,
    FiveLevelQuestion,
    MatrixQuestion,
    NpsQuestion,
    NumberQuestion,
    PlaceQuestion,
    ScaleQuestion,
    StatementQuestion,
)


def losses_of(question: BaseQuestion, questions: Mapping[str, BaseQuestion]) -> list[str]:
    """A line for each thing that does not come through, or comes through otherwise."""
    lost = [f"{question.variable}: {what}" for what in _lost(question)]
    shown = sorted(name for name in pipes(question) if isinstance(questions.get(name), ChosenQuestion))
    return lost + [f"{question.variable}: its words show the code chosen in {name}, not its words" for name in shown]


def _lost(question: BaseQuestion) -> Iterator[str]:
    if isinstance(question, FiveLevelQuestion):
        yield "the five-level rating is a plain choice of one"
    if isinstance(question, NpsQuestion):
        yield "the recommendation score is a scale from 0 to 10"
    if isinstance(question, ChosenQuestion):
        yield from _lost_of_choices(question.choices)
    if isinstance(question, MatrixQuestion) and question.shuffled_rows:
        yield "its rows keep their order"
    if question.missing_options():
        yield "the reasons for no answer beside it are not offered"
    if isinstance(question, ScaleQuestion) and question.best == "first":
        yield "that its first point is the best is not told"
    if isinstance(question, PlaceQuestion) and any(place.parent for place in question.places):
        yield "its tree of places is one list"
    if isinstance(question, NumberQuestion) and question.unit:
        yield "its unit stands in the hint"
    if isinstance(question, ConsentQuestion):
        yield "the words for agreeing and declining are those of the program that shows it"
    if any(check.soft for check in question.checks):
        yield "its soft checks are left out: answers are refused or taken there, never doubted"
    if question.end_if is not None:
        yield "its end of the survey is a condition of every later question"
    if isinstance(question, StatementQuestion):
        return
    if question.bank or question.locked or question.role != type(question).model_fields["role"].default:
        yield "its role and its standard item are not told"


def _lost_of_choices(choices: tuple[Choice, ...]) -> Iterator[str]:
    if any(choice.reasons for choice in choices):
        yield "the reasons under its choices are left out"
    if any(choice.missing for choice in choices):
        yield "choices that stand for no answer look like any other"
    if any(choice.fixed for choice in choices):
        yield "choices that keep their place are shuffled with the others"
