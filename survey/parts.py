"""What questions are made of: names, texts, choices, checks, and what every question has."""

from __future__ import annotations

from enum import StrEnum
from functools import cached_property
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

Name = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,39}$")]
Language = Annotated[str, StringConstraints(pattern=r"^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$")]
TextIn = dict[Language, Annotated[str, StringConstraints(min_length=1, max_length=4000)]]
Condition = Annotated[str, StringConstraints(min_length=1, max_length=1000)]
PlaceCode = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$")]
MissingName = Literal["dont_know", "not_applicable", "refused"]
LARGEST_NUMBER = 999_999_999


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
# what a form sends where one of these was chosen in place of an answer
MISSING_VALUES = {Missing.DONT_KNOW: "dk", Missing.NOT_APPLICABLE: "na", Missing.REFUSED: "rf"}


class Frozen(BaseModel):
    """A part of a document: read strictly, never changed."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class Reason(Frozen):
    """A reason tag offered under one level of a five-level question."""

    code: Annotated[int, Field(ge=1, le=999)]
    text: TextIn


class Choice(Frozen):
    """One choice. Its reasons are offered where it is the one choice made.

    `missing` marks "don't know" and its like, which leave the denominator; `exclusive` marks "none of these";
    `specify` asks "please say" beside it; `fixed` leaves it in its place when the others are shuffled.
    """

    code: Annotated[int, Field(ge=0, le=9999)]
    text: TextIn
    missing: MissingName | None = None
    exclusive: bool = False
    specify: bool = False
    fixed: bool = False
    reasons: tuple[Reason, ...] = ()


class MissingOption(Frozen):
    """What may be chosen in place of an answer where there are no choices to list it among."""

    kind: MissingName
    text: TextIn


class Check(Frozen):
    """A rule that holds for a good answer; "." stands for the question's own. Unknown passes.

    A soft one asks "are you sure?" and takes the answer when it is sent again.
    """

    rule: Condition
    text: TextIn
    soft: bool = False


class BaseQuestion(Frozen):
    """What every question has. `bank` names the standard item it was taken from; `locked` keeps it as it is there."""

    variable: Name
    text: TextIn
    hint: TextIn | None = None
    required: bool = False
    show_if: Condition | None = None
    end_if: Condition | None = None
    checks: tuple[Check, ...] = ()
    role: Literal["item", "demographic", "other"] = "item"
    bank: Name | None = None
    locked: bool = False
    fixed: bool = False

    def valid_codes(self) -> tuple[int, ...]:
        """The codes that are an answer; none where answers are no codes."""
        return ()

    def leaves(self) -> tuple[BaseQuestion, ...]:
        """The questions that fill one variable each: itself, its rows, or nothing."""
        return (self,)

    def missing_options(self) -> tuple[MissingOption, ...]:
        """What can be chosen in place of an answer, beside its choices."""
        return ()


class ChosenQuestion(BaseQuestion):
    """What every question with listed choices is."""

    choices: Annotated[tuple[Choice, ...], Field(min_length=2, max_length=1000)]
    shuffled: bool = False

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

    @cached_property
    def by_code(self) -> dict[int, Choice]:
        return {choice.code: choice for choice in self.choices}

    def valid_codes(self) -> tuple[int, ...]:
        return tuple(choice.code for choice in self.choices if choice.missing is None)

    def missing_of(self, code: int) -> Missing | None:
        found = self.by_code[code].missing
        return Missing(found) if found else None


class OpenQuestion(BaseQuestion):
    """A question without listed choices; what stands for no answer is listed beside it."""

    missing: tuple[MissingOption, ...] = ()

    @model_validator(mode="after")
    def _kinds_differ(self) -> Self:
        kinds = [option.kind for option in self.missing]
        if len(set(kinds)) != len(kinds):
            raise ValueError(f"{self.variable} offers the same reason for no answer twice")
        return self

    def missing_options(self) -> tuple[MissingOption, ...]:
        return self.missing


def check_bounds(variable: str, at_least: int | None, at_most: int | None, n: int) -> None:
    """Raise ValueError where no number of choices fits both bounds."""
    if (at_least or 1) > (n if at_most is None else min(at_most, n)):
        raise ValueError(f"{variable} asks for more choices than it allows or has")
