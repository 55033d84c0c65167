"""From "go to" to "show if": under which condition each stop of a way with forward jumps is reached."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice

from survey.errors import QuestionnaireError

from .truth import (
    ALWAYS,
    NEVER,
    NOT_ANSWERED,
    AllOf,
    AnyOf,
    Choice,
    TangledError,
    Truth,
    both,
    either,
    opposite,
    tells,
    write,
)

MOST_STOPS = 2000
MOST_JUMPS = 60  # over one stop; more make a condition that nobody could read and that is too long to keep
MOST_EFFORT = 6_000  # jumps looked at, over all stops; far more than questionnaires of people need
MOST_TRIED = 4  # earlier stops from which a shorter condition is sought
ROUNDS = 2  # of asking whether "not answered" can be said by what led past a question
NOWHERE = 10**9
Exit = tuple[Truth, int]


@dataclass
class _Stop:
    shown: Truth
    reached: Truth | None
    landing: int  # of the jumps over this stop that which lands first
    leaps: list[Exit] = field(default_factory=list)
    variables: tuple[str, ...] = ()
    answered: Truth | None = None

    @property
    def furthest(self) -> int:
        """Where the longest jump from here leads."""
        return max((to for _, to in self.leaps), default=-1)


def tangled(got: str) -> QuestionnaireError:
    """The refusal of a file whose rules no conditions of ours can say."""
    return QuestionnaireError("The rules of this questionnaire are too tangled to be read.", got=got)


def taken(exits: Iterable[Exit]) -> list[Exit]:
    """Each exit with what makes it the one that is taken: it holds, and none before it does."""
    found: list[Exit] = []
    none_before: Truth = ALWAYS
    for when, target in exits:
        found.append((both(none_before, when), target))
        none_before = both(none_before, opposite(when))
    return found


def _cost(truth: Truth) -> int:
    """How hard a condition is to read: its length, and more where it says only that something was answered."""
    text = write(truth) or ""
    return len(text) + 15 * text.count("answered(")


class Way:
    """The stops in their order, each a question or several that stand on one page."""

    def __init__(self) -> None:
        self._stops: list[_Stop] = []
        self._required: dict[str, _Stop] = {}
        self._effort = 0

    @property
    def here(self) -> int:
        """The index of the stop that comes next."""
        return len(self._stops)

    def arrive(self, shown: Truth = ALWAYS) -> Truth | None:
        """Come to the next stop, which is left out unless `shown` holds; returns when it is asked.

        None where the jumps that lead over it are too many or too tangled to be said in one condition.
        """
        if self.here >= MOST_STOPS:
            raise QuestionnaireError("The questionnaire has too many questions.", expected=f"at most {MOST_STOPS}")
        reached = self._reached(self.here, shown)
        over = [to for stop in self._stops for _, to in stop.leaps if to > self.here]
        self._stops.append(_Stop(shown, reached, min(over, default=NOWHERE)))
        return reached

    def leave(self, exits: Iterable[Exit] = (), variables: Sequence[str] = (), answered: Truth | None = None) -> bool:
        """Say where the way leads from this stop; False where its exits are too tangled to be followed.

        The first exit that holds names the index of the next stop, which must lie ahead; where none holds, or where
        the stop is not asked, the next one follows. `variables` are what the stop fills, and `answered` holds exactly
        when it was asked, if its answers tell so; those of a required question do.
        """
        stop, index = self._stops[-1], len(self._stops) - 1
        stop.variables, stop.answered = tuple(variables), answered
        if isinstance(answered, Choice):
            self._required[answered.about] = stop
        try:
            stop.leaps = [(when, to) for when, to in taken(exits) if to > index + 1 and when != NEVER]
        except TangledError:
            return False
        return True

    def _reached(self, index: int, shown: Truth) -> Truth | None:
        over = [place for place, stop in enumerate(self._stops) if stop.furthest > index]
        if not over:
            return shown
        gates = (place for place in range(index - 1, -1, -1) if self._is_gate(place, index))
        best: Truth | None = None
        least = NOWHERE
        for gate in [*islice(gates, MOST_TRIED), -1]:
            for truth in self._from(gate, index, shown, [place for place in over if place >= gate]):
                cost = _cost(truth)
                best, least = (truth, cost) if cost < least else (best, least)
            if isinstance(best, Choice) and "answered" not in (write(best) or ""):
                break
        return best

    def _from(self, gate: int, index: int, shown: Truth, over: Sequence[int]) -> Iterator[Truth]:
        """When a stop is reached from a gate that leads to it (-1: from the start), said in several ways."""
        self._effort += len(over)
        if len(over) > MOST_JUMPS or self._effort > MOST_EFFORT:
            return
        gone = self._stops[gate].answered if gate >= 0 else None
        try:
            truth = both(shown, gone or ALWAYS, *(opposite(self._leapt(place, index)) for place in over))
            yield truth
            for _ in range(ROUNDS):
                truth = both(self._grounded(truth))
                yield truth
        except TangledError:
            return

    def _leapt(self, place: int, index: int) -> Truth:
        """When the way leads from one stop over another: the jump is taken, by who was at that stop at all."""
        stop = self._stops[place]
        goes = either(*(when for when, to in stop.leaps if to > index))
        if tells(goes, stop.variables):
            return goes
        was_there = stop.answered or stop.reached
        if was_there is None:
            raise TangledError
        return both(was_there, goes)

    def _is_gate(self, place: int, index: int) -> bool:
        """Whether jumps start there, and every way to the other stop leads through it, as its answer tells."""
        stop = self._stops[place]
        return stop.answered is not None and stop.shown == ALWAYS and bool(stop.leaps) and stop.landing > index

    def _grounded(self, truth: Truth) -> Truth:
        """The same, where "no answer to a required question" is said as "it was not asked"."""
        if isinstance(truth, (AllOf, AnyOf)):
            return type(truth)(tuple(self._grounded(part) for part in truth.parts))
        stop = self._required.get(truth.about)
        if stop is None or stop.reached is None or NOT_ANSWERED not in truth.states:
            return truth
        return AnyOf((opposite(stop.reached), truth.having(truth.states - {NOT_ANSWERED})))
