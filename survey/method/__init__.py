"""The methodology check: what a survey methodologist would ask the designer to look at again. All of it is advice.

Wording and scales are read in simplified Chinese and English by lists of words; in other languages only the structure
is looked at. A word list is no understanding: some findings are wrong, and some faults are not found.
"""

from __future__ import annotations

from collections.abc import Iterator

from survey.findings import Finding, Severity
from survey.logic import parse, variables
from survey.parts import BaseQuestion
from survey.proof import paths
from survey.questionnaire import Questionnaire
from survey.questions import ConsentQuestion, MatrixQuestion, Row, StatementQuestion, TextQuestion

from .answers import answers_offered, changed
from .time import minutes
from .wording import Told, wording

__all__ = ["minutes", "review"]

MOST_MINUTES = 15
FEWEST_TO_COMPARE = 5  # questions below which "everything is required" says little


def review(questionnaire: Questionnaire, previous: Questionnaire | None = None) -> list[Finding]:
    """Advice on wording, scales, choices, order and length, in the order of the questionnaire.

    `previous` is an earlier version: variables whose answers changed their meaning since then are told.
    """
    told = [
        *wording(questionnaire),
        *answers_offered(questionnaire),
        *_of_order(questionnaire),
        *_of_length(questionnaire),
        *(changed(questionnaire, previous) if previous is not None else ()),
    ]
    found: dict[tuple[str, str, str], Finding] = {}
    for rule, place, details in told:
        once = details.get("first", "")  # a list may have several pairs of ranges that do not fit
        found.setdefault((rule, place, once), Finding(rule, Severity.ADVICE, place, details))
    names = [name for question in questionnaire.questions for name in _names(question)]
    places = {name: place for place, name in reversed(list(enumerate(names)))}
    return sorted(found.values(), key=lambda one: places.get(one.place, -1))


def _names(question: BaseQuestion) -> list[str]:
    return [question.variable, *(leaf.variable for leaf in question.leaves())]


def _of_order(read: Questionnaire) -> Iterator[Told]:
    """What is demanded, and what is asked first."""
    asked = [one for one in read.questions if not isinstance(one, ConsentQuestion | StatementQuestion)]
    for question in asked:
        if isinstance(question, TextQuestion) and question.required:
            yield "open_required", question.variable, {}
    if len(asked) >= FEWEST_TO_COMPARE and all(question.required for question in asked):
        yield "all_required", "", {}
    is_early = bool(asked) and asked[0].role == "demographic" and any(question.role == "item" for question in asked)
    if is_early and asked[0].variable not in _read_by_conditions(read):
        yield "demographics_first", asked[0].variable, {}


def _read_by_conditions(read: Questionnaire) -> set[str]:
    """The variables on which it depends who is asked what: those have to be asked early."""
    rows = [parse(row.show_if) for row in _rows(read) if row.show_if is not None]
    ends = [step.end for step in read.steps if step.end is not None]
    conditions = [condition for step in read.steps for condition in step.conditions]
    return {name for condition in (*rows, *ends, *conditions) for name in variables(condition)}


def _rows(read: Questionnaire) -> list[Row]:
    return [row for question in read.questions if isinstance(question, MatrixQuestion) for row in question.rows]


def _of_length(read: Questionnaire) -> Iterator[Told]:
    walk = paths(read)[1].walk if any(step.conditions or step.end for step in read.steps) else None
    for tag in read.languages:
        estimate = minutes(read, tag, walk)
        if estimate > MOST_MINUTES:
            yield "too_long", "", {"minutes": f"{estimate:.0f}", "language": tag, "most": str(MOST_MINUTES)}
            return
