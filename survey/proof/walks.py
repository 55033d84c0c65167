"""Walks: answers that lead to a place, completed so that everything asked on the way is answered well enough."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from survey.answers import SURE, replay
from survey.logic import TODAY, Value
from survey.parts import MISSING_VALUES, ChosenQuestion, Missing
from survey.questionnaire import Questionnaire
from survey.questions import RankingQuestion
from survey.reading import missing_name, rank_name

from .model import Demand, Model, Variable
from .search import WORK_OF_ALL, WORK_OF_ONE, Answers, Budget, LastLook, Search, UndecidedError
from .truth import Formula

Form = dict[str, list[str]]
USUAL_DAY = date(2026, 1, 1)  # the day of a walk on which it does not matter


@dataclass(frozen=True, eq=False)
class _Point:
    """Answers that meet the demands of all steps before one; None where nobody comes that far, or where it is open."""

    answers: Answers | None = None
    is_undecided: bool = False


class Walks:
    """Finds walks through one questionnaire.

    `solve` gives the answers that decide, `form` the whole walk as a form. A walk goes to the place it is made for
    and no further. A walk that needs a certain day names it under `logic.TODAY`, which no form field is called.
    """

    def __init__(self, questionnaire: Questionnaire, day: date | None = None) -> None:
        self.model = Model(questionnaire)
        self.stages = self.model.stages
        self.day = self.model.day_near((day or USUAL_DAY).isoformat())
        self.budget = Budget()
        self.spare = Budget(WORK_OF_ALL // 5, WORK_OF_ONE // 10)  # for what need not be known
        self._solved: dict[tuple[object, ...], Answers | type[UndecidedError] | None] = {}
        self._points = [_Point({})]
        for stage in self.stages:
            point = self._points[-1]
            for demand in self.model.demands_of(stage.place):
                point = self._met(point, demand)
            self._points.append(point)

    def solve(self, wanted: Sequence[Formula], before: int) -> Answers | None:
        """Answers to the steps before one for which all of this is true; None where there are none.

        Where `wanted` reads the answer to that step itself, it is among them. Raises UndecidedError.
        """
        steps = [self.model.variables[name].step for one in wanted for name in one.names]
        key = (self._points[before], frozenset(wanted), min(before, max(steps, default=-1) + 1))
        if key not in self._solved:
            try:
                self._solved[key] = self.search(wanted, before)
            except UndecidedError:
                self._solved[key] = UndecidedError
        found = self._solved[key]
        if found is UndecidedError:
            raise UndecidedError
        return found if isinstance(found, dict) else None

    def search(
        self,
        wanted: Sequence[Formula],
        before: int,
        last_look: LastLook | None = None,
        budget: Budget | None = None,
    ) -> Answers | None:
        """The same, not remembered; `last_look` may ask for more, and another budget may be spent."""
        point = self._points[before]
        if point.is_undecided:
            raise UndecidedError
        if point.answers is None:
            return None
        names = {name for one in wanted for name in one.names} | (last_look.names if last_look else set())
        spent = budget or self.budget
        order, demands = self._cone(names, before, spent)
        formulas = [*wanted, *(demand.formula for demand in demands)]
        usual: Answers = {TODAY: self.day, **point.answers}
        found = Search(self.model, order, formulas, spent, usual=usual, last_look=last_look).first()
        return None if found is None else point.answers | found

    def _cone(self, names: Iterable[str], before: int, budget: Budget) -> tuple[list[Variable], list[Demand]]:
        found = self.model.cone(names, before, budget.begin())
        if found is None:
            raise UndecidedError
        return found

    def furthest(self, place: int) -> int:
        """The last step, up to this one, that anybody can come to."""
        return next(step for step in range(place, -1, -1) if self._points[step].answers is not None)

    def _met(self, point: _Point, demand: Demand) -> _Point:
        """The point after one more demand."""
        if point.answers is None:
            return point
        try:
            order, demands = self._cone(demand.reach, demand.step + 1, self.budget)
            formulas = [one.formula for one in dict.fromkeys([demand, *demands])]
            usual = self._kept(point.answers, order)
            answers: Answers | None = usual
            if not all(one.is_true(usual) for one in formulas):
                answers = Search(self.model, order, formulas, self.budget, usual=usual).first()
        except UndecidedError:
            return _Point(is_undecided=True)
        return _Point() if answers is None else _Point(point.answers | answers)

    def _kept(self, earlier: Answers, order: Iterable[Variable]) -> Answers:
        """Earlier answers to these questions, completed by usual ones."""
        known: Answers = {}
        for variable in order:
            known[variable.name] = self._answer(variable, earlier, known)
        return known

    def _answer(self, variable: Variable, chosen: Answers, known: Answers, *, fill: bool = False) -> Value:
        """What is answered here: what was chosen, else nothing, or the first answer with which one can go on."""
        if not all(one.is_true(known) for one in variable.asked):
            return None
        if variable.name in chosen:
            return chosen[variable.name]
        if variable.question is None:
            return self.day
        demands = [demand.formula for demand in self.model.own_demands.get(variable.name, ())]
        atoms = [atom for one in demands for atom in one.atoms() if atom.names == {variable.name}]
        values: list[Value] = list(self.model.range(variable.name, atoms).values)
        if variable.asks_the_day:
            values = list(variable.domain.at(known.get(TODAY, self.day)).range(variable.name, atoms, ()).values)
        nothing: list[Value] = [None] if variable.may_be_skipped else []
        tried = [*values, *nothing] if fill else [*nothing, *values]
        good = (one for one in tried if all(demand.is_true({**known, variable.name: one}) for demand in demands))
        return next(good, tried[0] if tried else None)

    def form(self, answers: Answers, before: int, *, fill: bool = False, doubting: str | None = None) -> Form:
        """A whole walk through the steps before one.

        What does not matter is left out where it may be, or answered with `fill`. Soft checks are confirmed, save
        those of the question `doubting`.
        """
        known: Answers = {TODAY: answers.get(TODAY, self.day)}
        needs_day = TODAY in answers
        form: Form = {}
        for variable in self.model.variables.values():
            if variable.question is None or variable.step >= before:
                continue
            known[variable.name] = self._answer(variable, answers, known, fill=fill)
            if all(one.is_true(known) for one in variable.asked):
                form |= _fields(variable, known[variable.name])
            needs_day = needs_day or (variable.asks_the_day and known[variable.name] is not None)
        if needs_day:
            form[TODAY] = [str(known[TODAY])]
        return self._sure(form, before, doubting)

    def _sure(self, form: Form, before: int, doubting: str | None) -> Form:
        asked = [stage for stage in self.stages[:before] if any(check.soft for check, _ in stage.checks)]
        names = {stage.question.variable for stage in asked} - {doubting}
        if not names:
            return form
        walk = replay(self.model.questionnaire, form, today=day_of(form))
        sure = sorted(doubt for doubt in walk.doubts if doubt.partition(".")[0] in names)
        return form | {SURE: sure} if sure else form


def day_of(form: Form) -> date | None:
    """The day that a walk needs, None where any will do."""
    return date.fromisoformat(form[TODAY][0]) if TODAY in form else None


def _fields(variable: Variable, value: Value) -> Form:
    """An answer as a form sends it."""
    name, question = variable.name, variable.question
    if value is None:
        return _nothing(variable)
    if isinstance(question, RankingQuestion) and isinstance(value, tuple):
        return {rank_name(name, code): [str(rank)] for rank, code in enumerate(value, start=1)}
    if isinstance(value, tuple):
        return {name: [str(code) for code in value]}
    return {name: [f"{value:f}" if isinstance(value, Decimal) else str(value)]}


def _nothing(variable: Variable) -> Form:
    """No answer: nothing at all where that may be, else the first of what is offered in its place."""
    question = variable.question
    if question is None or not question.required:
        return {}
    for option in question.missing_options():
        return {missing_name(variable.name): [MISSING_VALUES[Missing(option.kind)]]}
    choices = question.choices if isinstance(question, ChosenQuestion) else ()
    return next(({variable.name: [str(choice.code)]} for choice in choices if choice.missing is not None), {})
