"""The questionnaire document: validated once, frozen by its own SHA-256, never edited afterwards."""

from __future__ import annotations

from enum import StrEnum
from functools import cached_property
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError, model_validator

from .canonical import CanonicalError, canonical_json, content_id
from .errors import LogicError, QuestionnaireError
from .logic import parse, variables

Name = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,39}$")]
Language = Annotated[str, StringConstraints(pattern=r"^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$")]
TextIn = dict[Language, Annotated[str, StringConstraints(min_length=1, max_length=2000)]]


COLUMNS_OF_DATASETS = frozenset({"unit", "channel", "period", "psu"})
FIELDS_OF_FORMS = frozenset({"token", "seen", "edit", "once", "own", "earlier", "decision", "action"})


class Missing(StrEnum):
    """Why an answer is not there; each has its own code and none is ever satisfaction."""

    NOT_ASKED = "not_asked"
    SKIPPED = "skipped"
    REFUSED = "refused"
    DONT_KNOW = "dont_know"
    NOT_APPLICABLE = "not_applicable"


MISSING_CODES = {
    Missing.NOT_ASKED: -1,
    Missing.SKIPPED: -2,
    Missing.REFUSED: -3,
    Missing.DONT_KNOW: -4,
    Missing.NOT_APPLICABLE: -5,
}


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class Reason(_Frozen):
    """A reason tag offered under one level of a five-level question."""

    code: Annotated[int, Field(ge=1, le=999)]
    text: TextIn


class Choice(_Frozen):
    """One choice; `missing` marks "don't know" and its like, which leave the denominator.

    Its reasons are offered where it is the one choice made.
    """

    code: Annotated[int, Field(ge=0, le=99)]
    text: TextIn
    missing: Literal["dont_know", "not_applicable", "refused"] | None = None
    reasons: tuple[Reason, ...] = ()


class _Question(_Frozen):
    variable: Name
    text: TextIn
    hint: TextIn | None = None
    required: bool = False
    show_if: str | None = None
    role: Literal["item", "demographic", "other"] = "item"

    def valid_codes(self) -> tuple[int, ...]:
        return ()


class ChosenQuestion(_Question):
    """What every question with listed choices is."""

    choices: Annotated[tuple[Choice, ...], Field(min_length=2, max_length=60)]

    @model_validator(mode="after")
    def _codes_differ(self) -> Self:
        codes = [choice.code for choice in self.choices]
        if len(set(codes)) != len(codes):
            raise ValueError(f"two choices of {self.variable} have the same code")
        for choice in self.choices:
            tags = [reason.code for reason in choice.reasons]
            if len(set(tags)) != len(tags):
                raise ValueError(f"two reasons under choice {choice.code} of {self.variable} have the same code")
        self.reason_texts()
        return self

    def reason_texts(self) -> dict[int, TextIn]:
        """Every reason tag of the question by its code, which means the same under every choice."""
        found: dict[int, TextIn] = {}
        for reason in (reason for choice in self.choices for reason in choice.reasons):
            if found.setdefault(reason.code, reason.text) != reason.text:
                raise ValueError(f"reason {reason.code} of {self.variable} has two texts")
        return found

    def valid_codes(self) -> tuple[int, ...]:
        return tuple(choice.code for choice in self.choices if choice.missing is None)

    def missing_of(self, code: int) -> Missing | None:
        found = next(choice.missing for choice in self.choices if choice.code == code)
        return Missing(found) if found else None


class SingleQuestion(ChosenQuestion):
    """One choice out of several."""

    type: Literal["single"]


class FiveLevelQuestion(ChosenQuestion):
    """The five-level service rating (5 best), each level with its own reason tags."""

    type: Literal["five_level"]

    @model_validator(mode="after")
    def _five_levels(self) -> Self:
        if sorted(self.valid_codes()) != [1, 2, 3, 4, 5]:
            raise ValueError(f"{self.variable} needs the five levels 1 to 5")
        return self


class MultipleQuestion(ChosenQuestion):
    """Any number of choices."""

    type: Literal["multiple"]

    @model_validator(mode="after")
    def _no_reasons(self) -> Self:
        if self.reason_texts():
            raise ValueError(f"{self.variable} takes many choices, so reasons have no one choice to stand under")
        return self


class ScaleQuestion(_Question):
    """A numbered scale with labelled ends."""

    type: Literal["scale"]
    first: Annotated[int, Field(ge=0, le=1)]
    last: Annotated[int, Field(ge=2, le=11)]
    first_label: TextIn
    last_label: TextIn
    dont_know: TextIn | None = None

    def valid_codes(self) -> tuple[int, ...]:
        return tuple(range(self.first, self.last + 1))


class TextQuestion(_Question):
    """Free text, never published word for word."""

    type: Literal["text"]
    role: Literal["item", "demographic", "other"] = "other"
    max_length: Annotated[int, Field(ge=1, le=4000)] = 1000


Question = Annotated[
    SingleQuestion | FiveLevelQuestion | MultipleQuestion | ScaleQuestion | TextQuestion,
    Field(discriminator="type"),
]


class Section(_Frozen):
    """A titled group of questions."""

    title: TextIn | None = None
    questions: Annotated[tuple[Question, ...], Field(min_length=1)]


class Questionnaire(_Frozen):
    """A whole document; `id` is the SHA-256 of its canonical JSON."""

    format: Literal["minyi-questionnaire/1"]
    name: Name
    title: TextIn
    languages: Annotated[tuple[Language, ...], Field(min_length=1)]
    introduction: TextIn | None = None
    sections: Annotated[tuple[Section, ...], Field(min_length=1)]

    @cached_property
    def questions(self) -> tuple[Question, ...]:
        return tuple(question for section in self.sections for question in section.questions)

    @cached_property
    def by_variable(self) -> dict[str, Question]:
        return {question.variable: question for question in self.questions}

    @model_validator(mode="after")
    def _holds_together(self) -> Self:
        seen: set[str] = set()
        for question in self.questions:
            if question.variable in COLUMNS_OF_DATASETS | FIELDS_OF_FORMS:
                raise ValueError(f"the variable {question.variable} has a name that pages or datasets use themselves")
            if question.variable in seen:
                raise ValueError(f"two questions share the variable {question.variable}")
            if question.show_if is not None:
                self._check_condition(question, seen)
            seen.add(question.variable)
        clash = seen & {f"{name}_reasons" for name in seen}
        if clash:
            raise ValueError(f"the variable {min(clash)} has the name of another question's reasons")
        for place, texts in _texts(self, "questionnaire"):
            lacking = set(self.languages) - set(texts)
            if lacking:
                raise ValueError(f"{place} has no text in {', '.join(sorted(lacking))}")
        return self

    def _check_condition(self, question: _Question, earlier: set[str]) -> None:
        try:
            names = set(variables(parse(question.show_if or "")))
        except LogicError as error:
            raise ValueError(f"condition of {question.variable}: {error}") from error
        unknown = names - earlier
        if unknown:
            raise ValueError(
                f"condition of {question.variable} reads {', '.join(sorted(unknown))}, which no earlier question asks"
            )


def _texts(model: BaseModel, place: str) -> list[tuple[str, dict[str, str]]]:
    """Every text of the document with the place where it stands."""
    found: list[tuple[str, dict[str, str]]] = []
    for name in type(model).model_fields:
        value = getattr(model, name)
        here = f"{place}.{name}"
        if isinstance(value, dict):
            found.append((here, value))
        elif isinstance(value, tuple):
            for index, part in enumerate(value):
                if isinstance(part, BaseModel):
                    label = getattr(part, "variable", index)
                    found.extend(_texts(part, f"{here}[{label}]"))
    return found


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
