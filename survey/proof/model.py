"""A questionnaire as the proof sees it: variables with what they can be, and what holds for whoever goes on."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from survey.logic import TODAY
from survey.parts import BaseQuestion, Check, ChosenQuestion
from survey.questionnaire import Questionnaire
from survey.questions import (
    ConsentQuestion,
    DateQuestion,
    MatrixQuestion,
    MultipleQuestion,
    NumberQuestion,
    PlaceQuestion,
    RankingQuestion,
    Row,
    TextQuestion,
)

from .domains import Days, Domain, Listed, days_of, numbers_of
from .open import Sets, Words
from .truth import Atom, Formula, Range, both, either, formula, is_false, is_true, negation, read_formula

FIRST_DAY, LAST_DAY = "2000-01-01", "2099-12-31"  # the days on which a questionnaire is thought to be answered


@dataclass(frozen=True, eq=False)
class Variable:
    """One answer, or the day: when it is asked, and what it can be."""

    name: str
    place: int
    step: int
    question: BaseQuestion | None
    asked: tuple[Formula, ...]
    domain: Domain
    may_be_skipped: bool

    @cached_property
    def above(self) -> tuple[str, ...]:
        """The variables that decide whether it is asked, and what it can be."""
        names = frozenset().union(*(one.names for one in self.asked))
        return (*sorted(names), TODAY) if self.asks_the_day else tuple(sorted(names))

    @cached_property
    def asks_the_day(self) -> bool:
        """Whether the day is a bound of its answers."""
        return self.question is not None and isinstance(self.domain, Days) and self.domain.question is not None


@dataclass(frozen=True, eq=False)
class Stage:
    """One step of the path, its conditions prepared."""

    place: int
    section: int
    question: BaseQuestion
    section_shown: Formula | None
    own_shown: Formula | None
    rows: tuple[Formula, ...]
    checks: tuple[tuple[Check, Formula], ...]
    end: Formula | None

    @cached_property
    def led(self) -> tuple[Formula, ...]:
        """The conditions of the section and the question, each of which must be true."""
        return tuple(one for one in (self.section_shown, self.own_shown) if one is not None)

    @cached_property
    def shown(self) -> tuple[Formula, ...]:
        """All of what must be true for it to be asked; of a matrix, that some row is."""
        return (*self.led, either(*map(is_true, self.rows))) if self.rows else self.led

    @cached_property
    def passed(self) -> tuple[Formula, ...]:
        """What the hard checks demand of its answer."""
        return tuple(negation(is_false(rule)) for check, rule in self.checks if not check.soft)


@dataclass(frozen=True, eq=False)
class Demand:
    """What is true for everybody who goes on past a step.

    `reach` are the answers that decide about it. One that concerns only the answer given there, and that some answer
    always meets, keeps nobody from going on: it matters where that answer is read, and nowhere else.
    """

    step: int
    formula: Formula
    reach: frozenset[str]


@dataclass
class Model:
    """All of it, with what follows from the document alone."""

    questionnaire: Questionnaire
    variables: dict[str, Variable] = field(default_factory=dict)
    demands: dict[int, list[Demand]] = field(default_factory=dict)  # by step: those that can keep people from going on
    demands_on: dict[str, list[Demand]] = field(default_factory=dict)  # the same by the variables they rest on
    own_demands: dict[str, list[Demand]] = field(default_factory=dict)  # those that some answer given there meets
    ranges: dict[tuple[str, frozenset[Atom]], Range] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.variables[TODAY] = Variable(TODAY, -1, -1, None, (), _days_of_answering(self.questionnaire), False)
        for stage in self.stages:
            for leaf in stage.question.leaves():
                self.variables[leaf.variable] = _variable(leaf, len(self.variables), stage)
        for stage in self.stages:
            self._demand(stage)

    @cached_property
    def stages(self) -> tuple[Stage, ...]:
        """The steps in order."""
        return tuple(self._stage(place) for place in range(len(self.questionnaire.steps)))

    def _stage(self, place: int) -> Stage:
        step = self.questionnaire.steps[place]
        question = step.question
        section = self.questionnaire.sections[step.section]
        checks = tuple((check, read_formula(check.rule, question.variable)) for check in question.checks)
        shown = [None if text is None else read_formula(text) for text in (section.show_if, question.show_if)]
        end = None if step.end is None else formula(step.end)
        rows = tuple(read_formula(row.show_if) for row in _rows(question) if row.show_if is not None)
        is_always_asked = len(rows) < len(_rows(question))  # a matrix with a row for everybody
        return Stage(place, step.section, question, shown[0], shown[1], () if is_always_asked else rows, checks, end)

    def _demand(self, stage: Stage) -> None:
        """Note what holds for whoever goes on past this step."""
        asked = [is_true(one) for one in stage.shown]
        wanted = [*stage.passed, *([negation(is_true(stage.end))] if stage.end is not None else [])]
        leaves = [leaf.variable for leaf in stage.question.leaves()]
        own = leaves[0] if len(leaves) == 1 else None
        alone = [one for one in wanted if own is not None and one.names <= {own}]
        for one in wanted:
            self._add(stage.place, negation(both(*asked, negation(one))), own if one in alone else None)
        for name in leaves:
            if not self._can_be_answered(name, alone):
                self._add(stage.place, negation(both(*(is_true(one) for one in self.variables[name].asked))), None)

    def _can_be_answered(self, name: str, alone: Sequence[Formula]) -> bool:
        variable = self.variables[name]
        values = (*self.range(name, [atom for one in alone for atom in one.atoms()]).values, *_nothing(variable))
        return any(all(one.is_true({name: value}) for one in alone) for value in values)

    def _add(self, step: int, wanted: Formula, own: str | None) -> None:
        demand = Demand(step, wanted, frozenset(self._upwards(wanted.names)))
        if own is not None:
            self.own_demands.setdefault(own, []).append(demand)
            return
        self.demands.setdefault(step, []).append(demand)
        for name in demand.reach:
            self.demands_on.setdefault(name, []).append(demand)

    def demands_of(self, step: int) -> Sequence[Demand]:
        """What can keep people from going on past a step."""
        return self.demands.get(step, ())

    def _upwards(self, names: Iterable[str]) -> set[str]:
        """These variables and all that decide whether they are asked."""
        found: set[str] = set()
        waiting = list(names)
        while waiting:
            name = waiting.pop()
            if name not in found:
                found.add(name)
                waiting += self.variables[name].above
        return found

    def cone(self, names: Iterable[str], before: int, most: int) -> tuple[list[Variable], list[Demand]] | None:
        """The variables that can matter for these on the way to a step, in order, and the demands among them.

        None where they are more than `most`.
        """
        found: set[str] = set()
        demands: dict[Demand, None] = {}
        waiting = list(names)
        while waiting:
            name = waiting.pop()
            if name in found:
                continue
            found.add(name)
            if len(found) > most:
                return None
            waiting += self.variables[name].above
            for demand in (*self.demands_on.get(name, ()), *self.own_demands.get(name, ())):
                if demand.step < before and demand not in demands:
                    demands[demand] = None
                    waiting += demand.reach
        return sorted((self.variables[name] for name in found), key=lambda one: one.place), list(demands)

    def day_near(self, day: str) -> str:
        """This day, or the first or last one on which the questionnaire can be answered."""
        low, high = self.variables[TODAY].domain.range(TODAY, (), ()).bounds or (day, day)
        return str(min(max(day, low), high))

    def range(self, name: str, atoms: Iterable[Atom]) -> Range:
        """What a variable can be where these comparisons read it."""
        reading = frozenset(atom for atom in atoms if name in atom.names)
        if (name, reading) not in self.ranges:
            variable = self.variables[name]
            ordered = sorted(reading, key=lambda atom: atom.key)
            alone = [atom for atom in ordered if len(atom.names) == 1]
            found = variable.domain.range(name, alone, [atom for atom in ordered if len(atom.names) > 1])
            found.may_be_missing = variable.may_be_skipped or bool(variable.asked)
            self.ranges[name, reading] = found
        return self.ranges[name, reading]


def _rows(question: BaseQuestion) -> tuple[Row, ...]:
    return question.rows if isinstance(question, MatrixQuestion) else ()


def _nothing(variable: Variable) -> list[None]:
    return [None] if variable.may_be_skipped else []


def _variable(leaf: BaseQuestion, place: int, stage: Stage) -> Variable:
    asked = [*stage.led]
    if leaf is not stage.question and leaf.show_if is not None:
        asked.append(read_formula(leaf.show_if))
    return Variable(leaf.variable, place, stage.place, leaf, tuple(asked), domain_of(leaf), may_be_skipped(leaf))


def may_be_skipped(leaf: BaseQuestion) -> bool:
    """Whether one can go on without an answer: it is not required, or "don't know" and its like are offered."""
    has_codes = isinstance(leaf, ChosenQuestion) and any(choice.missing for choice in leaf.choices)
    return not leaf.required or has_codes or bool(leaf.missing_options())


def domain_of(question: BaseQuestion) -> Domain:
    """The answers that a question takes, whatever the day."""
    if isinstance(question, NumberQuestion):
        return numbers_of(question)
    if isinstance(question, DateQuestion):
        return days_of(question)
    if isinstance(question, TextQuestion):
        return Words(question)
    if isinstance(question, MultipleQuestion | RankingQuestion):
        return _sets(question)
    if isinstance(question, PlaceQuestion):
        return Listed(tuple(place.code for place in question.offered))
    return Listed((1,) if isinstance(question, ConsentQuestion) else question.valid_codes())


def _sets(question: MultipleQuestion | RankingQuestion) -> Sets:
    valid = question.valid_codes()
    together = tuple(code for code in valid if not question.by_code[code].exclusive)
    apart = tuple(code for code in valid if question.by_code[code].exclusive)
    at_most = len(together) if question.at_most is None else min(question.at_most, len(together))
    return Sets(together, apart, question.at_least or 1, at_most)


def _days_of_answering(questionnaire: Questionnaire) -> Days:
    """Days on which every date question whose other bound is the day takes an answer."""
    first, last = FIRST_DAY, LAST_DAY
    for leaf in questionnaire.leaves:
        if isinstance(leaf, DateQuestion) and leaf.latest == "today" and leaf.earliest not in (None, "today"):
            first = max(first, leaf.earliest or first)
        if isinstance(leaf, DateQuestion) and leaf.earliest == "today" and leaf.latest not in (None, "today"):
            last = min(last, leaf.latest or last)
    if first > last:
        first, last = FIRST_DAY, LAST_DAY
    bounds = DateQuestion.model_construct(type="date", variable="day", text={}, earliest=first, latest=last)
    return days_of(bounds)
