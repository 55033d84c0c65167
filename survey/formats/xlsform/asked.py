"""What XLSForm expressions may read: the questions before them, and in which states their answers can be.

An answer there is empty, a reason such as "don't know", or something that counts. Here the first two are the same: no
answer. So an expression that tells them apart cannot be said, and one that does not is said exactly.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Literal

from survey.formats.truth import ALWAYS, NEVER, NOT_ANSWERED, AllOf, AnyOf, Choice, Rule, State, Truth

from .parsing import ExpressionError

MOST_PARTS = 300  # of one expression, with those of the calculations that it reads
MOST_PARTS_OF_FORM = 50_000
SOMETHING = -1  # the state of an answer of several choices that holds one which is no reason for none
Kind = Literal["single", "several", "number", "text", "date"]


@dataclass(frozen=True)
class Asked:
    """What an expression may know of a question.

    Attributes
    ----------
    codes : Mapping
        The codes of its choices by their names there; a name may stand twice.
    missing : frozenset of int
        Those of them that stand for no answer.
    is_certain : bool
        Everybody is asked and must answer, be it with a reason for no answer.
    is_own : bool
        The expression is only looked at where there is an answer.
    """

    variable: str
    kind: Kind
    codes: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    missing: frozenset[int] = frozenset()
    is_certain: bool = False
    is_own: bool = False

    @cached_property
    def states(self) -> tuple[int, ...]:
        """What an answer can be, beside nothing."""
        if self.kind == "several":
            return (SOMETHING, *sorted(self.missing))
        return tuple(code for codes in self.codes.values() for code in codes)

    @cached_property
    def valid(self) -> tuple[int, ...]:
        """Those that are an answer here."""
        return tuple(code for code in self.states if code not in self.missing)

    @property
    def is_always_answered(self) -> bool:
        return self.is_own or (self.is_certain and not self.missing)

    @property
    def needs(self) -> tuple[str, ...]:
        """The variable, where it may lack an answer."""
        return () if self.is_always_answered else (self.variable,)

    def being(self, *states: State) -> Choice:
        """That the answer is one of these."""
        return Choice(self.variable, frozenset(states), self.states)

    def answered(self, wanted: bool) -> Truth:
        """Whether there is an answer in our sense."""
        if self.is_always_answered:
            return ALWAYS if wanted else NEVER
        if self.kind in ("single", "several"):
            return self.being(*(self.valid if wanted else (NOT_ANSWERED, *self.missing)))
        return Rule(f"answered(${{{self.variable}}})", states=frozenset({1 if wanted else 0}))

    def is_empty(self, wanted: bool) -> Truth:
        """Whether there is none in theirs, where a reason for no answer is one."""
        if self.kind in ("single", "several"):
            return self.being(NOT_ANSWERED) if wanted else self.being(*self.states)
        return self.answered(not wanted)


@dataclass
class Scope:
    """What is known at one place of a form: questions and calculations before it, and why other names mean nothing."""

    asked: dict[str, Asked] = field(default_factory=dict)
    calculated: dict[str, str] = field(default_factory=dict)
    gone: dict[str, str] = field(default_factory=dict)
    days: set[str] = field(default_factory=set)  # names that mean the day of the answer
    used: set[str] = field(default_factory=set)  # calculations that conditions were made of
    own: Asked | None = None
    parts: list[int] = field(default_factory=lambda: [0, 0])  # read so far: in one expression, and in all

    def read_part(self) -> None:
        """Count one more part; raises ExpressionError when they are beyond all measure."""
        self.parts[:] = [count + 1 for count in self.parts]
        if self.parts[0] > MOST_PARTS or self.parts[1] > MOST_PARTS_OF_FORM:
            raise ExpressionError("it has too many parts")

    def within(self, own: Asked) -> Scope:
        """The same, where "." is a question's own answer."""
        return replace(self, own=replace(own, is_own=True))

    def look_up(self, name: str) -> Asked:
        """The question of a name; raises ExpressionError saying why there is none."""
        if name in self.asked:
            return self.asked[name]
        raise ExpressionError(f"it reads {name}, {self.gone.get(name, 'which no earlier question asks')}")

    def settled(self, truth: Truth) -> Truth:
        """The same in states that our conditions know; raises ExpressionError where it tells others apart."""
        known = {one.variable: one for one in (*self.asked.values(), *([self.own] if self.own else []))}
        return _settled(truth, known)


def _settled(truth: Truth, known: Mapping[str, Asked]) -> Truth:
    if isinstance(truth, AllOf):
        return AllOf(tuple(_settled(part, known) for part in truth.parts))
    if isinstance(truth, AnyOf):
        return AnyOf(tuple(_settled(part, known) for part in truth.parts))
    return _settled_choice(truth, known[truth.variable]) if isinstance(truth, Choice) else truth


def _settled_choice(choice: Choice, asked: Asked) -> Truth:
    lacking: frozenset[State] = frozenset()
    if not asked.is_own:
        lacking = asked.missing if asked.is_certain else asked.missing | {NOT_ANSWERED}
    inside = choice.states & lacking
    if inside and inside != lacking:
        raise ExpressionError(f"it tells apart why there is no answer to {asked.variable}")
    valid = frozenset(asked.valid) & choice.states
    if len(valid) == len(asked.valid) and inside == lacking:
        return ALWAYS
    if not valid and not inside:
        return NEVER
    if asked.kind == "several":
        return Rule(f"answered(${{{asked.variable}}})", states=frozenset({1 if valid else 0}))
    return Choice(asked.variable, valid | ({NOT_ANSWERED} if inside else frozenset()), asked.valid)
