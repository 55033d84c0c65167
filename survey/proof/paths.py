"""The shortest and the longest walk: all ways at once, a limited number of them kept after each question."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from survey.logic import TODAY, Value

from .model import Stage, Variable
from .search import Answers
from .truth import Atom, Formula
from .turning import turning_values
from .walks import Form, Walks

WAYS_KEPT = 8_000  # in all, spread over the questions
FEWEST_WAYS = 20
MOST_ANSWERS = 24  # tried for one question


@dataclass(frozen=True)
class Path:
    """A whole walk, and how many questions (a matrix is one, a statement none) are on it."""

    n_questions: int
    walk: Form


@dataclass(frozen=True)
class _Way:
    n: int
    answers: Answers


class _Map:
    """Which answers each stage reads, and until where each is needed."""

    def __init__(self, walks: Walks) -> None:
        self.walks = walks
        self.kept = max(FEWEST_WAYS, WAYS_KEPT // len(walks.stages))
        variables = walks.model.variables
        self.needed_until: dict[str, int] = {}
        self.atoms_on: dict[str, list[Atom]] = {}
        for variable in variables.values():
            self._note(variable.asked, variable.step)
            if variable.asks_the_day:
                self.needed_until[TODAY] = len(walks.stages)
        for stage in walks.stages:
            self._note((*stage.shown, *stage.passed, *(() if stage.end is None else (stage.end,))), stage.place)
        self.ranges = {name: walks.model.range(name, atoms) for name, atoms in self.atoms_on.items()}
        self.on_stage: dict[int, list[Variable]] = {}
        for name in [one for one in variables if one in self.needed_until]:
            self.on_stage.setdefault(variables[name].step, []).append(variables[name])

    def _note(self, formulas: tuple[Formula, ...], step: int) -> None:
        for one in formulas:
            for name in one.names:
                self.needed_until[name] = max(step, self.needed_until.get(name, step))
            for atom in one.atoms():
                for name in atom.names:
                    known = self.atoms_on.setdefault(name, [])
                    known += [] if atom in known else [atom]

    def values(self, variable: Variable, known: Answers) -> Iterator[Value]:
        """Answers worth trying after these."""
        if not all(one.is_true(known) for one in variable.asked):
            yield None
            return
        atoms = self.atoms_on.get(variable.name, [])
        domain = variable.domain.at(known[TODAY]) if variable.asks_the_day else variable.domain
        linked = [atom for atom in atoms if len(atom.names) > 1]
        points = [point for atom in linked for point in turning_values(atom, variable.name, known, self.ranges)]
        found = self.ranges.get(variable.name)
        if found is None or variable.asks_the_day:
            found = domain.range(variable.name, atoms, ())
        if variable.may_be_skipped:
            yield None
        yield from islice(dict.fromkeys([*domain.near(points), *found.values]), MOST_ANSWERS)


def path(walks: Walks, *, longest: bool) -> Path:
    """The walk with the most questions, or with the fewest; an empty one where no walk comes to its end."""
    reads = _Map(walks)
    sign = -1 if longest else 1
    first = _Way(0, {})
    ways = [_Way(0, {TODAY: value}) for value in reads.values(walks.model.variables[TODAY], {})]
    ways = ways if TODAY in reads.needed_until else [first]
    best: tuple[_Way, int] | None = None
    for stage in walks.stages:
        going: dict[tuple[Value, ...], _Way] = {}
        for way in (after for one in ways for after in _after(reads, stage, one)):
            if stage.end is not None and _shown(stage, way.answers) and stage.end.is_true(way.answers):
                best = way_of(best, way, stage.place + 1, sign)
                continue
            state = tuple(value for name, value in way.answers.items() if reads.needed_until[name] > stage.place)
            if state not in going or sign * way.n < sign * going[state].n:
                going[state] = way
        ways = sorted(going.values(), key=lambda way: sign * way.n)[: reads.kept]
    for way in ways:
        best = way_of(best, way, len(walks.stages), sign)
    return Path(0, {}) if best is None else Path(best[0].n, walks.form(best[0].answers, best[1]))


def way_of(best: tuple[_Way, int] | None, way: _Way, before: int, sign: int) -> tuple[_Way, int]:
    """The better of the best one so far and this one."""
    return (way, before) if best is None or sign * way.n < sign * best[0].n else best


def _after(reads: _Map, stage: Stage, way: _Way) -> Iterator[_Way]:
    """The ways that lead on from one through a stage."""
    is_shown = _shown(stage, way.answers)
    open_ways = [way.answers]
    for variable in reads.on_stage.get(stage.place, ()):
        open_ways = [{**one, variable.name: value} for one in open_ways for value in reads.values(variable, one)]
        open_ways = open_ways[: reads.kept * MOST_ANSWERS]
    n = way.n + (is_shown and bool(stage.question.leaves()))
    for answers in open_ways:
        if not is_shown or all(one.is_true(answers) for one in stage.passed):
            yield _Way(n, answers)


def _shown(stage: Stage, known: Answers) -> bool:
    return all(one.is_true(known) for one in stage.shown)
