"""The questionnaire document: validated once, frozen by its own SHA-256, never edited afterwards."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Annotated, Any, Literal, Self

from pydantic import Field, ValidationError, model_validator

from .canonical import CanonicalError, canonical_json, content_id
from .errors import LogicError, QuestionnaireError
from .logic import Ast, parse, variables
from .parts import BaseQuestion, Condition, Frozen, Language, Name, TextIn
from .piping import pipes, texts_of
from .questions import ConsentQuestion, MatrixQuestion, Question

COLUMNS_OF_DATASETS = frozenset({"unit", "channel", "period", "psu", "order"})
FIELDS_OF_FORMS = frozenset({"token", "seen", "sure", "edit", "once", "own", "earlier", "decision", "action", "main"})
MOST_VARIABLES = 2000
OWN_COLUMNS = ("reasons", "missing")  # datasets add these beside a variable, as `<variable>_reasons`


class Section(Frozen):
    """A titled group of questions: a page where a survey is paged.

    `shuffled` varies the order of its questions; `fixed` leaves it in its place where sections are shuffled.
    """

    title: TextIn | None = None
    introduction: TextIn | None = None
    show_if: Condition | None = None
    shuffled: bool = False
    fixed: bool = False
    questions: Annotated[tuple[Question, ...], Field(min_length=1, max_length=500)]


@dataclass(frozen=True)
class Step:
    """One question on the path: the conditions under which it is asked, and the one that ends the survey after it."""

    question: BaseQuestion
    section: int
    conditions: tuple[Ast, ...]
    end: Ast | None
    deferred: bool  # shown only once earlier answers are known: it has a condition, a pipe, or may come after the end


class Questionnaire(Frozen):
    """A whole document; its id is the SHA-256 of its canonical JSON.

    `shuffled_sections` varies the order of the sections; `seed` makes the orders of two documents alike.
    """

    format: Literal["minyi-questionnaire/1"]
    name: Name
    title: TextIn
    languages: Annotated[tuple[Language, ...], Field(min_length=1, max_length=40)]
    introduction: TextIn | None = None
    closing: TextIn | None = None
    shuffled_sections: bool = False
    seed: Annotated[int, Field(ge=0, le=2**53 - 1)] | None = None
    sections: Annotated[tuple[Section, ...], Field(min_length=1, max_length=200)]

    @cached_property
    def questions(self) -> tuple[Question, ...]:
        """Every question as it is listed; a matrix is one."""
        return tuple(question for section in self.sections for question in section.questions)

    @cached_property
    def leaves(self) -> tuple[BaseQuestion, ...]:
        """Every question that fills a variable; each row of a matrix is one."""
        return tuple(leaf for question in self.questions for leaf in question.leaves())

    @cached_property
    def by_variable(self) -> dict[str, BaseQuestion]:
        return {leaf.variable: leaf for leaf in self.leaves}

    @cached_property
    def listed(self) -> dict[str, Question]:
        """The questions as they are listed, by name."""
        return {question.variable: question for question in self.questions}

    @cached_property
    def deferred(self) -> frozenset[str]:
        """The names of the questions that are shown only once earlier answers are known."""
        return frozenset(step.question.variable for step in self.steps if step.deferred)

    @cached_property
    def conditional_rows(self) -> frozenset[str]:
        """The rows of matrices that only some are asked."""
        rows = (row for one in self.questions if isinstance(one, MatrixQuestion) for row in one.rows)
        return frozenset(row.variable for row in rows if row.show_if is not None)

    @cached_property
    def steps(self) -> tuple[Step, ...]:
        """The questions in order, each with what decides whether it is asked."""
        return tuple(self._steps())

    def _steps(self) -> Iterator[Step]:
        may_have_ended = False
        for place, section in enumerate(self.sections):
            for question in section.questions:
                conditions = tuple(parse(text) for text in (section.show_if, question.show_if) if text is not None)
                end = parse(question.end_if, question.variable) if question.end_if is not None else None
                deferred = bool(conditions or may_have_ended or pipes(question) or _rows_depend(question))
                yield Step(question, place, conditions, end, deferred)
                may_have_ended = may_have_ended or end is not None

    @cached_property
    def arrangements(self) -> dict[int, Questionnaire]:
        """The orders made so far; see `order.arranged`."""
        return {}

    @cached_property
    def is_shuffled(self) -> bool:
        """Whether people meet it in different orders."""
        return self.shuffled_sections or any(
            section.shuffled
            or any(getattr(one, "shuffled", False) or getattr(one, "shuffled_rows", False) for one in section.questions)
            for section in self.sections
        )

    @model_validator(mode="after")
    def _holds_together(self) -> Self:
        _check_names(self)
        _check_reading(self)
        for place, texts in texts_of(self, "questionnaire"):
            lacking = set(self.languages) - set(texts)
            if lacking:
                raise ValueError(f"{place} has no text in {', '.join(sorted(lacking))}")
        return self


def _rows_depend(question: BaseQuestion) -> bool:
    """Whether it may be that no row of a matrix is asked; a matrix with some rows for everybody is always shown."""
    return isinstance(question, MatrixQuestion) and all(row.show_if is not None for row in question.rows)


def _check_names(read: Questionnaire) -> None:
    """Each name once, none that pages or datasets use themselves."""
    names = [name for question in read.questions for name in _names(question)]
    if len(names) > MOST_VARIABLES:
        raise ValueError(f"{len(names)} variables are more than the {MOST_VARIABLES} that one questionnaire may have")
    seen: set[str] = set()
    for name in names:
        if name in COLUMNS_OF_DATASETS | FIELDS_OF_FORMS:
            raise ValueError(f"the variable {name} has a name that pages or datasets use themselves")
        if name in seen:
            raise ValueError(f"two questions share the variable {name}")
        seen.add(name)
    clash = seen & {f"{name}_{own}" for name in seen for own in OWN_COLUMNS}
    if clash:
        raise ValueError(f"the variable {min(clash)} has the name of another question's reasons or missing codes")


def _names(question: BaseQuestion) -> list[str]:
    return [question.variable, *(leaf.variable for leaf in question.leaves() if leaf is not question)]


def _check_reading(read: Questionnaire) -> None:
    """In every order, conditions, checks and pipes read only what was asked before, and an end cuts off the same."""
    filled = [[{leaf.variable for leaf in one.leaves()} for one in section.questions] for section in read.sections]
    moves = [read.shuffled_sections and not section.fixed for section in read.sections]
    for place, section in enumerate(read.sections):
        known: set[str] = set().union(*(set().union(*filled[one]) for one in _before(place, moves)))
        if section.show_if is not None:
            _check_condition("a section", section.show_if, known)
        turns = [section.shuffled and not question.fixed for question in section.questions]
        for at, question in enumerate(section.questions):
            _check_question(question, known.union(*(filled[place][one] for one in _before(at, turns))))
            may_end = question.end_if is not None or isinstance(question, ConsentQuestion)
            if may_end and (_is_among(place, moves) or _is_among(at, turns)):
                raise ValueError(f"{question.variable} may end the survey, so it cannot stand among what is shuffled")


def _before(place: int, moves: list[bool]) -> list[int]:
    """The places that come before this one in every order; those that move change places among themselves."""
    moving = [index for index, one in enumerate(moves) if one]
    if not moving:
        return list(range(place))
    if moves[place]:
        return list(range(min(moving[0], place)))
    return [one for one in range(place) if not moves[one] or moving[-1] < place]


def _is_among(place: int, moves: list[bool]) -> bool:
    """Whether something stands before this place in one order and behind it in another."""
    moving = [index for index, one in enumerate(moves) if one]
    return len(moving) > 1 and moving[0] <= place <= moving[-1]


def _check_question(question: BaseQuestion, before: set[str]) -> None:
    name = question.variable
    if question.show_if is not None:
        _check_condition(name, question.show_if, before)
    rows = question.rows if isinstance(question, MatrixQuestion) else ()
    for row in rows:
        if row.show_if is not None:
            _check_condition(row.variable, row.show_if, before)
    itself = {leaf.variable for leaf in question.leaves()}
    for text in (question.end_if, *(check.rule for check in question.checks)):
        if text is not None:
            _check_condition(name, text, before | itself, own=name)
    unknown = pipes(question) - before
    if unknown:
        raise ValueError(f"a text of {name} shows the answer to {_listed(unknown)}, which no earlier question asks")


def _check_condition(place: str, text: str, before: set[str], own: str | None = None) -> None:
    try:
        unknown = set(variables(parse(text, own))) - before
    except LogicError as error:
        raise ValueError(f"condition of {place}: {error}") from error
    if unknown:
        raise ValueError(f"condition of {place} reads {_listed(unknown)}, which no earlier question asks")


def _listed(names: set[str]) -> str:
    return ", ".join(sorted(names))


def read_questionnaire(document: Any) -> Questionnaire:
    """Validate a document (parsed JSON); raises QuestionnaireError naming the first places at fault."""
    try:
        return Questionnaire.model_validate_json(canonical_json(document))
    except CanonicalError as error:
        raise QuestionnaireError(
            "The questionnaire holds a value that has no place in it.",
            got=str(error),
            expected="texts, whole numbers, lists and objects",
        ) from error
    except ValidationError as error:
        faults = [f"{'.'.join(map(str, fault['loc'])) or 'document'}: {fault['msg']}" for fault in error.errors()[:5]]
        raise QuestionnaireError(
            "The questionnaire cannot be used.", got=" | ".join(faults), hint="mend these places and try again"
        ) from error


def questionnaire_id(document: Any) -> str:
    """The identity of a published questionnaire: the SHA-256 of its canonical JSON."""
    return content_id(document)


def json_schema() -> dict[str, Any]:
    """The JSON Schema of the document, as `survey/questionnaire.schema.json` keeps it."""
    schema = Questionnaire.model_json_schema()
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema}


if __name__ == "__main__":  # python -m survey.questionnaire > survey/questionnaire.schema.json
    print(json.dumps(json_schema(), indent=1, ensure_ascii=False, sort_keys=True))
