"""The search for answers that make conditions true, in the order in which they are asked."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from survey.logic import TODAY, Value

from .model import Model, Variable
from .truth import TRUE, Atom, Both, Formula, Has
from .turning import turning_values

WORK_OF_ALL = 1_000_000  # comparisons looked at before searches are cut short; one to two seconds
WORK_OF_ONE = 60_000
WORK_AFTER_ALL = 300  # what each search may still do then
WORK_OF_SETTING_UP = 3  # for each variable
Answers = dict[str, Value]


class UndecidedError(Exception):
    """Neither an example was found nor its absence proved within the budget."""


@dataclass
class Budget:
    """How many comparisons may still be looked at: in all, and in one search."""

    left: int = WORK_OF_ALL
    most: int = WORK_OF_ONE
    left_of_one: int = 0

    def begin(self) -> int:
        """A new search; tells how many variables it may concern."""
        self.left_of_one = self.most if self.left > 0 else WORK_AFTER_ALL
        return self.left_of_one // WORK_OF_SETTING_UP

    def spend(self, n: int) -> None:
        """Look at some more; raises UndecidedError when that is too many."""
        self.left -= n
        self.left_of_one -= n
        if self.left_of_one < 0:
            raise UndecidedError


@dataclass(frozen=True)
class LastLook:
    """What is asked of complete answers beyond what conditions say: by what it judges, and what it looks at."""

    formulas: tuple[Formula, ...]
    names: frozenset[str]
    accepts: Callable[[Answers], bool]


@dataclass(frozen=True)
class Blame:
    """Why something is impossible: the answers that have to do with it.

    `pinned` are those among them that conditions compare with other answers, so that the very value may matter;
    `is_open` says that not all values of one of them were tried.
    """

    names: frozenset[str] = frozenset()
    pinned: frozenset[str] = frozenset()
    is_open: bool = False

    def __or__(self, other: Blame) -> Blame:
        return Blame(self.names | other.names, self.pinned | other.pinned, self.is_open or other.is_open)


NOTHING = Blame()


class Search:
    """Answers to these variables, in the order of the questionnaire, for which all of `wanted` is true.

    Where no answer to a question fits, the earlier answers to blame are remembered as a conflict, and the search goes
    back to the last of them, so that questions which have nothing to do with it are not tried in vain. `usual` answers
    are tried first. Already setting it up is work, so that UndecidedError may be raised at once.
    """

    def __init__(
        self,
        model: Model,
        order: Sequence[Variable],
        wanted: Sequence[Formula],
        budget: Budget,
        *,
        usual: Answers | None = None,
        last_look: LastLook | None = None,
    ) -> None:
        budget.spend(WORK_OF_SETTING_UP * len(order))
        self.order = order
        self.wanted = [part for one in wanted for part in conjuncts(one)]
        self.budget = budget
        self.usual = usual or {}
        self.last_look = last_look
        self.known: Answers = {}
        self.is_exact = True
        self.place = {variable.name: at for at, variable in enumerate(order)}
        self.conflicts: dict[int, dict[Blame, set[tuple[Value, ...]]]] = {}
        self.blamed: dict[int, Blame] = {}
        self.closed: dict[int, list[str]] = {}
        self.reasons: dict[str, Blame] = {}
        self.reading = {one.name: [wish for wish in self.wanted if one.name in wish.names] for one in order}
        self.asked_after: dict[str, list[Variable]] = {one.name: [] for one in order}
        for variable in order:
            for name in variable.above:
                self.asked_after[name].append(variable)
        self.work = {name: self._work(name) for name in self.place}
        self._read_ranges(model)

    def _read_ranges(self, model: Model) -> None:
        """Note which comparisons read which variable, and what each variable can be where they do."""
        asked = [one for variable in self.order for one in variable.asked]
        judged = () if self.last_look is None else self.last_look.formulas
        atoms = dict.fromkeys(atom for one in (*self.wanted, *asked, *judged) for atom in one.atoms())
        self.atoms_on: dict[str, list[Atom]] = {name: [] for name in self.place}
        for atom in atoms:
            for name in atom.names:
                self.atoms_on.setdefault(name, []).append(atom)
        self.ranges = {name: model.range(name, found) for name, found in self.atoms_on.items()}

    def first(self) -> Answers | None:
        """The first answers found, None where there are none; raises UndecidedError when that cannot be said."""
        if not all(one.mask({}, self.ranges) & TRUE for one in self.wanted):
            return None
        if self._walk():
            return dict(self.known)
        if not self.is_exact:
            raise UndecidedError
        return None

    def _walk(self) -> bool:
        """Try answers to one question after the other, and go back to where the blame lies when nothing fits."""
        trail: list[tuple[int, Iterator[Value]]] = []
        here: int | None = self._next_open(-1)
        while here is not None:
            if not trail or trail[-1][0] < here:
                trail.append((here, self._values(self.order[here])))
                self.blamed[here] = NOTHING
            if self._try(here, trail[-1][1]):
                here = self._next_open(here)
                continue
            back = self._conflict(here)
            while trail and trail[-1][0] > back:
                self._forget(trail.pop()[0])
            if back < 0:
                return False
            here = back
        return True

    def _next_open(self, here: int) -> int | None:
        places = range(here + 1, len(self.order))
        return next((place for place in places if self.order[place].name not in self.known), None)

    def _try(self, here: int, values: Iterator[Value]) -> bool:
        """Put the next value that excludes nothing wanted in place of the last one."""
        self._forget(here)
        for value in values:
            wrong = self._take(here, value)
            if wrong is None:
                return True
            because = self._because(wrong)
            self._forget(here)
            if self.order[here].name not in because.names:
                self.blamed[here] = because  # whatever is answered here
                return False
            self.blamed[here] |= because
        return False

    def _take(self, here: int, value: Value) -> Blame | None:
        """Answer a question; tells which answers together are impossible then, None where all is well.

        Later questions that can no longer be asked are closed with it, which may close others.
        """
        name = self.order[here].name
        self.known[name] = value
        waiting = [name]
        while waiting:
            name = waiting.pop()
            self.budget.spend(self.work[name])
            for one in self.reading[name]:
                if not one.mask(self.known, self.ranges) & TRUE:
                    return blame(one)
            for variable in self.asked_after[name]:
                failing = None if variable.name in self.known else self._unmet(variable)
                if failing is not None:
                    self.known[variable.name] = None
                    self.reasons[variable.name] = self._because(blame(failing))
                    self.closed.setdefault(here, []).append(variable.name)
                    waiting.append(variable.name)
        return self._known_conflict(here)

    def _work(self, name: str) -> int:
        """How much is looked at when this question is answered."""
        later = (one for variable in self.asked_after[name] for one in variable.asked)
        return 1 + sum(len(atom.names) for one in (*self.reading[name], *later) for atom in one.atoms())

    def _unmet(self, variable: Variable) -> Formula | None:
        return next((one for one in variable.asked if not one.mask(self.known, self.ranges) & TRUE), None)

    def _known_conflict(self, here: int) -> Blame | None:
        after = self._next_open(here)
        if after is None:
            look = self.last_look
            return None if look is None or look.accepts(self.known) else Blame(look.names, look.names)
        for conflict, states in self.conflicts.get(after, {}).items():
            if tuple(self.known[name] for name in sorted(conflict.names)) in states:
                return conflict
        return None

    def _because(self, why: Blame) -> Blame:
        """The answers given that stand behind these: a question that was closed is closed because of others."""
        found = Blame(frozenset(), why.pinned & self.known.keys() - self.reasons.keys(), why.is_open)
        for name in why.names & self.known.keys():
            found |= self.reasons.get(name) or Blame(frozenset([name]))
        return found

    def _forget(self, here: int) -> None:
        for name in (self.order[here].name, *self.closed.pop(here, ())):
            self.known.pop(name, None)
            self.reasons.pop(name, None)

    def _conflict(self, here: int) -> int:
        """Remember why nothing fits here, and say where to go back to; -1 where nothing can be done."""
        variable, blamed = self.order[here], self.blamed[here]
        found = self.ranges[variable.name]
        was_asked = all(one.is_true(self.known) for one in variable.asked)
        is_open = was_asked and not (found.is_exact if variable.name in blamed.pinned else found.is_whole)
        asked = Blame(frozenset(variable.above), is_open=is_open and variable.name in blamed.names)
        for one in variable.asked:
            asked |= blame(one)
        why = self._because(asked) | blamed
        why = Blame(why.names - {variable.name}, why.pinned - {variable.name}, why.is_open)
        state = tuple(self.known[name] for name in sorted(why.names))
        self.conflicts.setdefault(here, {}).setdefault(why, set()).add(state)
        back = max((self.place[name] for name in why.names), default=-1)
        if back >= 0:
            self.blamed[back] |= why
        else:
            self.is_exact = not why.is_open
        return back

    def _values(self, variable: Variable) -> Iterator[Value]:
        """What can be answered here after what was answered before; None where it is not asked or skipped."""
        if not all(one.is_true(self.known) for one in variable.asked):
            yield None
            return
        usual = self.usual.get(variable.name)
        if usual is not None or (variable.may_be_skipped and variable.name in self.usual):
            yield usual
        found = self.ranges[variable.name]
        domain = variable.domain.at(self.known[TODAY]) if variable.asks_the_day else variable.domain
        linked = self._linked(variable.name)
        points = [point for atom in linked for point in turning_values(atom, variable.name, self.known, self.ranges)]
        values = [*domain.near(points), *found.values]
        if variable.asks_the_day:
            edges = domain.range(variable.name, (), ()).values
            values = [value for value in domain.near(values) if value in values] + list(edges)
        yield from dict.fromkeys(values)
        if variable.may_be_skipped:
            yield None

    def _linked(self, name: str) -> list[Atom]:
        """The comparisons of this answer with others."""
        return [atom for atom in self.atoms_on[name] if len(atom.names) > 1]


@lru_cache(maxsize=8192)
def blame(one: Formula) -> Blame:
    """The variables of a condition, and those among them that it compares with others."""
    pinned = (name for atom in one.atoms() if len(atom.names) > 1 for name in atom.names)
    return Blame(one.names, frozenset(pinned))


def conjuncts(one: Formula) -> list[Formula]:
    """The parts that must each be true for the whole to be true."""
    if isinstance(one, Has) and one.value == TRUE:
        return conjuncts(one.part)
    return [part for inner in one.parts for part in conjuncts(inner)] if isinstance(one, Both) else [one]
