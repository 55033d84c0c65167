"""What the browser needs to walk a questionnaire as `answers.replay` does: conditions, and how to read what they read.

The program is plain JSON: one object for each question that is deferred, that a later condition or pipe reads, that
may end the survey, or that has a choice which stands alone. All others are shown to everybody and are left out.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from .logic import Ast, parse, variables
from .parts import BaseQuestion, ChosenQuestion
from .piping import pipes
from .questionnaire import Questionnaire, Step
from .questions import (
    ConsentQuestion,
    DateQuestion,
    MatrixQuestion,
    MultipleQuestion,
    NumberQuestion,
    PlaceQuestion,
    RankingQuestion,
    TextQuestion,
)

PARTS_OF_DATE = {"year": 1, "month": 2, "day": 3}


def program(questionnaire: Questionnaire) -> list[dict[str, Any]]:
    """The steps that matter to the browser, in the order in which they are met."""
    steps = questionnaire.steps
    waiting = [place for place, step in enumerate(steps) if step.deferred or _has_conditions(step.question)]
    last = waiting[-1] + 1 if waiting else 0
    wanted = {name for step in steps[:last] for name in _wanted(step)}
    made = [_step(step, wanted, is_on_path=place < last) for place, step in enumerate(steps)]
    return [one for one in made if len(one) > 1]


def _wanted(step: Step) -> Iterator[str]:
    """The variables whose answers this step looks at."""
    conditions = [*step.conditions, *(ast for _, ast in _rows(step.question) if ast is not None)]
    for ast in [*conditions, *([step.end] if step.end is not None else [])]:
        yield from variables(ast)
    yield from pipes(step.question)


def _rows(question: BaseQuestion) -> list[tuple[BaseQuestion, Ast | None]]:
    """What of a question is read, each with its own condition if it is a row that has one."""
    leaves = question.leaves()
    if not isinstance(question, MatrixQuestion):
        return [(leaf, None) for leaf in leaves]
    return [(leaf, None if leaf.show_if is None else parse(leaf.show_if)) for leaf in leaves]


def _has_conditions(question: BaseQuestion) -> bool:
    """Whether it has rows that only some are asked."""
    return any(ast is not None for _, ast in _rows(question))


def _step(step: Step, wanted: set[str], *, is_on_path: bool) -> dict[str, Any]:
    """One step: q its name, if its conditions, end what ends the survey after it, leaves what of it is looked at."""
    made: dict[str, Any] = {"q": step.question.variable}
    rows = _rows(step.question)
    declines = is_on_path and isinstance(step.question, ConsentQuestion)
    leaves = [_leaf(leaf, ast, is_read=declines or leaf.variable in wanted) for leaf, ast in rows]
    leaves = [leaf for leaf in leaves if len(leaf) > 1 or _has_conditions(step.question)]
    if step.deferred:
        made["if"] = list(step.conditions)
    if step.end is not None and is_on_path:
        made["end"] = step.end
    return made | ({"leaves": leaves} if leaves else {})


def _leaf(leaf: BaseQuestion, condition: Ast | None, *, is_read: bool) -> dict[str, Any]:
    """One variable: q its name, if its condition, as (and more) how its answer is read, alone its lonely choices."""
    made: dict[str, Any] = {"q": leaf.variable}
    if condition is not None:
        made["if"] = condition
    if isinstance(leaf, MultipleQuestion):
        alone = [choice.code for choice in leaf.choices if choice.exclusive or choice.missing is not None]
        made |= {"alone": alone} if alone else {}
    return made | (_reading(leaf) if is_read else {})


def _reading(leaf: BaseQuestion) -> dict[str, Any]:
    """How the answer is read from the form, as `survey.reading` does."""
    if isinstance(leaf, RankingQuestion):
        return {"as": "rank", "codes": [choice.code for choice in leaf.choices]}
    if isinstance(leaf, ChosenQuestion):
        kind = "codes" if isinstance(leaf, MultipleQuestion) else "code"
        return {"as": kind, "none": [choice.code for choice in leaf.choices if choice.missing is not None]}
    if isinstance(leaf, NumberQuestion):
        return {"as": "number", "places": leaf.decimals}
    if isinstance(leaf, DateQuestion):
        return {"as": "date", "parts": PARTS_OF_DATE[leaf.precision]}
    if isinstance(leaf, TextQuestion):
        return {"as": "text"}
    if isinstance(leaf, PlaceQuestion):
        return {"as": "place"}
    return {"as": "consent"} if isinstance(leaf, ConsentQuestion) else {"as": "code", "none": []}
