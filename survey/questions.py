"""The types of question. Each says which variables it fills and which codes are an answer to it.

| type | asks for | its answer in a response |
|---|---|---|
| single, five_level | one choice | a code |
| multiple | any number of choices | codes in ascending order |
| scale, nps | a point between two ends | the point |
| matrix | one choice (or several) for each row | each row is a variable of its own |
| ranking | an order of choices | codes, the best first |
| number | a number with a unit | an integer, or a decimal as text |
| date | a day, month or year | an ISO date as text |
| text | words | text, never published |
| place | one of a tree of places or units | the place's own code |
| consent | agreement; who declines is not recorded at all | 1 |
| statement | nothing | nothing |
"""

from __future__ import annotations

from datetime import date
from functools import cached_property
from typing import Annotated, Any, Literal, Self

from pydantic import Field, StringConstraints, model_validator

from .parts import (
    LARGEST_NUMBER,
    BaseQuestion,
    ChosenQuestion,
    Condition,
    Frozen,
    MissingOption,
    Name,
    OpenQuestion,
    PlaceCode,
    TextIn,
    check_bounds,
)


class SingleQuestion(ChosenQuestion):
    """One choice out of several; as a drop-down where there are too many to list."""

    type: Literal["single"]
    dropdown: bool = False


class FiveLevelQuestion(ChosenQuestion):
    """The five-level service rating (5 best), each level with its own reason tags."""

    type: Literal["five_level"]

    @model_validator(mode="after")
    def _five_levels(self) -> Self:
        if sorted(self.valid_codes()) != [1, 2, 3, 4, 5]:
            raise ValueError(f"{self.variable} needs the five levels 1 to 5")
        return self


class MultipleQuestion(ChosenQuestion):
    """Any number of choices, or as many as said."""

    type: Literal["multiple"]
    at_least: Annotated[int, Field(ge=1, le=1000)] | None = None
    at_most: Annotated[int, Field(ge=1, le=1000)] | None = None

    @model_validator(mode="after")
    def _makes_sense(self) -> Self:
        if self.reason_texts():
            raise ValueError(f"{self.variable} takes many choices, so reasons have no one choice to stand under")
        check_bounds(self.variable, self.at_least, self.at_most, len(self.valid_codes()))
        return self


class RankingQuestion(ChosenQuestion):
    """Choices put in order, the best first; `at_most` of them where not all are to be ranked."""

    type: Literal["ranking"]
    at_least: Annotated[int, Field(ge=1, le=60)] | None = None
    at_most: Annotated[int, Field(ge=1, le=60)] | None = None
    missing: tuple[MissingOption, ...] = ()

    @model_validator(mode="after")
    def _makes_sense(self) -> Self:
        if any(one.missing or one.exclusive or one.specify or one.reasons for one in self.choices):
            raise ValueError(f"{self.variable} is ranked: a choice is nothing but a text there")
        check_bounds(self.variable, self.at_least, self.at_most, len(self.choices))
        return self

    def missing_options(self) -> tuple[MissingOption, ...]:
        return self.missing


class PointLabel(Frozen):
    """The words of one point of a scale."""

    code: int
    text: TextIn


class ScaleQuestion(OpenQuestion):
    """A numbered scale of 2 to 11 points with labelled ends, or a label for each point. `best` is the good end."""

    type: Literal["scale"]
    first: Annotated[int, Field(ge=0, le=1)]
    last: Annotated[int, Field(ge=1, le=11)]
    first_label: TextIn
    last_label: TextIn
    labels: tuple[PointLabel, ...] = ()
    best: Literal["first", "last"] = "last"

    @model_validator(mode="after")
    def _points(self) -> Self:
        if not 2 <= len(self.valid_codes()) <= 11:
            raise ValueError(f"{self.variable} needs two to eleven points: last must be above first")
        codes = [label.code for label in self.labels]
        if len(set(codes)) != len(codes) or not set(codes) <= set(self.valid_codes()):
            raise ValueError(f"{self.variable} has labels for points that it has not, or two for one")
        return self

    def valid_codes(self) -> tuple[int, ...]:
        return tuple(range(self.first, self.last + 1))

    def point_labels(self) -> dict[int, TextIn]:
        """The words of the points that have any."""
        ends = {self.first: self.first_label, self.last: self.last_label}
        return ends | {label.code: label.text for label in self.labels}


class NpsQuestion(OpenQuestion):
    """Would you recommend, 0 to 10; the net promoter score is the share of 9 and 10 less that of 0 to 6."""

    type: Literal["nps"]
    first_label: TextIn
    last_label: TextIn

    def valid_codes(self) -> tuple[int, ...]:
        return tuple(range(11))

    def point_labels(self) -> dict[int, TextIn]:
        """The words of the two ends."""
        return {0: self.first_label, 10: self.last_label}


class NumberQuestion(OpenQuestion):
    """A number, with its unit and bounds."""

    type: Literal["number"]
    role: Literal["item", "demographic", "other"] = "other"
    decimals: Annotated[int, Field(ge=0, le=6)] = 0
    minimum: Annotated[int, Field(ge=-LARGEST_NUMBER, le=LARGEST_NUMBER)] | None = None
    maximum: Annotated[int, Field(ge=-LARGEST_NUMBER, le=LARGEST_NUMBER)] | None = None
    unit: TextIn | None = None

    @model_validator(mode="after")
    def _bounds(self) -> Self:
        if self.minimum is not None and self.maximum is not None and self.minimum > self.maximum:
            raise ValueError(f"{self.variable} has a minimum above its maximum")
        return self


class DateQuestion(OpenQuestion):
    """A day, a month or a year; `today` as a bound is the day of the answer."""

    type: Literal["date"]
    role: Literal["item", "demographic", "other"] = "other"
    precision: Literal["day", "month", "year"] = "day"
    earliest: Annotated[str, StringConstraints(pattern=r"^(today|\d{4}-\d\d-\d\d)$")] | None = None
    latest: Annotated[str, StringConstraints(pattern=r"^(today|\d{4}-\d\d-\d\d)$")] | None = None

    @model_validator(mode="after")
    def _bounds(self) -> Self:
        days = [date.fromisoformat(text) for text in (self.earliest, self.latest) if text not in (None, "today")]
        if len(days) == 2 and days[0] > days[1]:
            raise ValueError(f"{self.variable} has its earliest day after its latest")
        return self


class TextQuestion(OpenQuestion):
    """Free text, never published word for word; one line, or several."""

    type: Literal["text"]
    role: Literal["item", "demographic", "other"] = "other"
    max_length: Annotated[int, Field(ge=1, le=4000)] = 1000
    lines: Annotated[int, Field(ge=1, le=20)] = 4
    format: Literal["any", "digits", "email", "phone"] = "any"


class Place(Frozen):
    """A place or unit of the picker; one that others name as parent only groups them."""

    code: PlaceCode
    text: TextIn
    parent: PlaceCode | None = None


class PlaceQuestion(OpenQuestion):
    """One place out of a tree: districts, or the units that serve the public."""

    type: Literal["place"]
    role: Literal["item", "demographic", "other"] = "demographic"
    places: Annotated[tuple[Place, ...], Field(min_length=1, max_length=5000)]

    @cached_property
    def by_code(self) -> dict[str, Place]:
        return {place.code: place for place in self.places}

    @cached_property
    def offered(self) -> tuple[Place, ...]:
        """The places that can be chosen: those that group no others."""
        parents = {place.parent for place in self.places}
        return tuple(place for place in self.places if place.code not in parents)

    @model_validator(mode="after")
    def _is_a_tree(self) -> Self:
        seen: set[str] = set()
        for place in self.places:
            if place.code in seen:
                raise ValueError(f"{self.variable} has the place {place.code} twice")
            if place.parent is not None and place.parent not in seen:
                raise ValueError(f"{self.variable}: the parent of {place.code} must stand before it")
            seen.add(place.code)
        return self


class Row(Frozen):
    """One row of a matrix: a variable of its own."""

    variable: Name
    text: TextIn
    show_if: Condition | None = None
    fixed: bool = False


class MatrixQuestion(ChosenQuestion):
    """The same choices for each row; a list of small questions on a phone, a table where there is room."""

    type: Literal["matrix"]
    rows: Annotated[tuple[Row, ...], Field(min_length=1, max_length=200)]
    multiple: bool = False
    shuffled_rows: bool = False

    @model_validator(mode="after")
    def _plain_choices(self) -> Self:
        if any(choice.reasons or choice.specify for choice in self.choices):
            raise ValueError(f"{self.variable} is a matrix: its choices have neither reasons nor words beside them")
        if self.checks:
            raise ValueError(f"{self.variable} is a matrix: put the check on a question after it")
        return self

    def leaves(self) -> tuple[BaseQuestion, ...]:
        return self.row_questions

    @cached_property
    def row_questions(self) -> tuple[SingleQuestion | MultipleQuestion, ...]:
        """Each row as the question it is; its text is told with that of the matrix."""
        return tuple(self._row_question(row) for row in self.rows)

    def _row_question(self, row: Row) -> SingleQuestion | MultipleQuestion:
        text = {tag: f"{words} – {row.text[tag]}" for tag, words in self.text.items() if tag in row.text}
        common: dict[str, Any] = {
            "variable": row.variable,
            "text": text,
            "required": self.required,
            "show_if": row.show_if,
            "role": self.role,
            "choices": self.choices,
        }
        if self.multiple:
            return MultipleQuestion.model_construct(type="multiple", **common)
        return SingleQuestion.model_construct(type="single", **common)


class ConsentQuestion(BaseQuestion):
    """Agreement asked before the questions that follow. Who declines is thanked, and nothing is recorded."""

    type: Literal["consent"]
    role: Literal["item", "demographic", "other"] = "other"
    required: Literal[True] = True
    agree: TextIn
    decline: TextIn


class StatementQuestion(BaseQuestion):
    """Words to read; asks nothing."""

    type: Literal["statement"]
    role: Literal["item", "demographic", "other"] = "other"
    required: Literal[False] = False

    @model_validator(mode="after")
    def _asks_nothing(self) -> Self:
        if self.checks or self.end_if:
            raise ValueError(f"{self.variable} asks nothing, so there is nothing to check")
        return self

    def leaves(self) -> tuple[BaseQuestion, ...]:
        return ()


Question = Annotated[
    SingleQuestion
    | FiveLevelQuestion
    | MultipleQuestion
    | RankingQuestion
    | MatrixQuestion
    | ScaleQuestion
    | NpsQuestion
    | NumberQuestion
    | DateQuestion
    | TextQuestion
    | PlaceQuestion
    | ConsentQuestion
    | StatementQuestion,
    Field(discriminator="type"),
]
