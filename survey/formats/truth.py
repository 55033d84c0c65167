"""Rules of other programs, put together before they are written as conditions.

Other programs know two values: what was not answered is equal to nothing, and "not equal" then holds. Our conditions
know three, and what is unknown is never taken for true. A Truth has two: "not answered" is one of the states that an
answer can be in, so that joining and negating are exact, and what is written says so where it matters.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

State = int | None
NOT_ANSWERED: State = None


@dataclass(frozen=True)
class Choice:
    """The answer is one of these codes; None among them stands for no answer. `codes` are all that it can be."""

    variable: str
    states: frozenset[State]
    codes: tuple[int, ...]

    @property
    def about(self) -> str:
        return self.variable

    @property
    def domain(self) -> frozenset[State]:
        return frozenset(self.codes) | {NOT_ANSWERED}

    def having(self, states: frozenset[State]) -> Choice:
        return Choice(self.variable, states, self.codes)


@dataclass(frozen=True)
class Rule:
    """A rule of our own language holds (state 1) or does not (state 0); it does not while one it needs is missing."""

    text: str
    needs: tuple[str, ...] = ()
    states: frozenset[State] = frozenset({1})

    @property
    def about(self) -> str:
        return self.text

    @property
    def domain(self) -> frozenset[State]:
        return frozenset({0, 1})

    def having(self, states: frozenset[State]) -> Rule:
        return Rule(self.text, self.needs, states)


@dataclass(frozen=True)
class AllOf:
    """Every part holds; without parts it always does."""

    parts: tuple[Truth, ...]


@dataclass(frozen=True)
class AnyOf:
    """One part at least holds; without parts it never does."""

    parts: tuple[Truth, ...]


Atom = Choice | Rule
Truth = Atom | AllOf | AnyOf
Known = dict[str, frozenset[State]]
ALWAYS = AllOf(())
NEVER = AnyOf(())
MOST_STEPS = 3000  # of putting one truth into its simplest form; what needs more is no condition that people read


class TangledError(Exception):
    """A truth with so many parts within parts that no short form of it was found."""


class _Steps:
    """What is left of the steps that one simplification may take."""

    def __init__(self) -> None:
        self._left = MOST_STEPS

    def spend(self, steps: int) -> None:
        self._left -= steps
        if self._left < 0:
            raise TangledError


def both(*parts: Truth) -> Truth:
    """Every one of these, in its simplest form; raises TangledError where none is found."""
    return _simple(AllOf(parts), {}, _Steps())


def either(*parts: Truth) -> Truth:
    """One of these at least, in its simplest form; raises TangledError where none is found."""
    return _simple(AnyOf(parts), {}, _Steps())


def opposite(truth: Truth) -> Truth:
    """What holds exactly when this does not."""
    if isinstance(truth, AllOf):
        return AnyOf(tuple(opposite(part) for part in truth.parts))
    if isinstance(truth, AnyOf):
        return AllOf(tuple(opposite(part) for part in truth.parts))
    return truth.having(truth.domain - truth.states)


def answered(variable: str) -> Rule:
    """Something was answered there."""
    return Rule(f"answered(${{{variable}}})")


def tells(truth: Truth, variables: Iterable[str]) -> bool:
    """Whether it can only hold once one of these variables was answered."""
    names = set(variables)
    if isinstance(truth, AllOf):
        return any(tells(part, names) for part in truth.parts)
    if isinstance(truth, AnyOf):
        return all(tells(part, names) for part in truth.parts)
    if isinstance(truth, Choice):
        return truth.variable in names and NOT_ANSWERED not in truth.states
    return truth.states == {1} and (not names.isdisjoint(truth.needs) or truth in map(answered, names))


def _simple(truth: Truth, known: Known, steps: _Steps) -> Truth:
    """The same under what is known, with less words."""
    if isinstance(truth, AnyOf):  # de Morgan: one rule for both
        return opposite(_simple_all([opposite(part) for part in truth.parts], known, steps))
    if isinstance(truth, AllOf):
        return _simple_all(list(truth.parts), known, steps)
    left = truth.states & known.get(truth.about, truth.domain)
    if not left:
        return NEVER
    return ALWAYS if left == known.get(truth.about, truth.domain) else truth.having(left)


def _simple_all(parts: list[Truth], known: Known, steps: _Steps) -> Truth:
    steps.spend(1 + len(parts))
    atoms: dict[str, Atom] = {}
    rest: list[Truth] = []
    waiting = list(parts)
    while waiting:
        part = waiting.pop(0)
        if isinstance(part, AllOf):
            waiting[:0] = part.parts
        elif isinstance(part, AnyOf):
            if part not in rest:
                rest.append(part)
        else:
            earlier = atoms.get(part.about)
            atoms[part.about] = part if earlier is None else part.having(earlier.states & part.states)
    found = [_simple(atom, known, steps) for atom in atoms.values()]
    inner = known | {atom.about: atom.states & known.get(atom.about, atom.domain) for atom in atoms.values()}
    simpler = [_simple(part, inner, steps) for part in rest]
    if NEVER in found or NEVER in simpler:
        return NEVER
    if any(not isinstance(part, AnyOf) for part in simpler):  # what is left of one may say more about the others
        return _simple_all([*found, *simpler], known, steps)
    return _joined([one for one in (*found, *simpler) if one != ALWAYS], steps)


def _joined(parts: list[Truth], steps: _Steps) -> Truth:
    """AllOf of these, where what several alternatives have in common is said once."""
    choices = [part for part in parts if isinstance(part, AnyOf)]
    for index, part in enumerate(choices):
        steps.spend(len(choices) - index)
        for other in choices[index + 1 :]:
            shared = tuple(one for one in part.parts if one in other.parts)
            if shared:
                remains = AllOf(tuple(_without(one, shared) for one in (part, other)))
                kept = [one for one in parts if one not in (part, other)]
                return _simple_all([*kept, AnyOf((*shared, remains))], {}, steps)
    unique = tuple(dict.fromkeys(parts))
    return unique[0] if len(unique) == 1 else AllOf(unique)


def _without(part: AnyOf, shared: tuple[Truth, ...]) -> Truth:
    left = tuple(one for one in part.parts if one not in shared)
    return left[0] if len(left) == 1 else AnyOf(left)


def write(truth: Truth) -> str | None:
    """The condition in our language; None where it always holds."""
    return None if truth == ALWAYS else _written(truth, frozenset())[0]


def _written(truth: Truth, sure: frozenset[str]) -> tuple[str, str]:
    """The text, and the word that joins its outermost parts ("" where it has only one).

    `sure` are the variables of which it is said elsewhere that they were answered.
    """
    if isinstance(truth, Rule):
        return _written_rule(truth, sure)
    if isinstance(truth, Choice):
        return _written_choice(truth, sure)
    if not truth.parts:
        return ("1 = 1" if isinstance(truth, AllOf) else "1 = 0"), ""
    if isinstance(truth, AnyOf):
        return _join("or", [_written(part, sure) for part in truth.parts])
    names = {name for part in truth.parts for name in _names(part)}
    told = {name: [part for part in truth.parts if tells(part, [name])] for name in names}
    said = sure | {name for name in names if told[name]}
    idle = [part for part in truth.parts if any(part in told[name] and _is_idle(part, told[name]) for name in names)]
    return _join("and", [_written(part, said) for part in truth.parts if part not in idle])


def _is_idle(part: Truth, told: list[Truth]) -> bool:
    """Whether it says only that a variable was answered, and another part says so too."""
    return _is_bare(part) and any(not _is_bare(other) for other in told)


def _is_bare(part: Truth) -> bool:
    if isinstance(part, Choice):
        return part.states == part.domain - {NOT_ANSWERED}
    return isinstance(part, Rule) and part.states == {1} and not part.needs


def _names(truth: Truth) -> Iterator[str]:
    """The variables that it may tell of."""
    if isinstance(truth, (AllOf, AnyOf)):
        for part in truth.parts:
            yield from _names(part)
    elif isinstance(truth, Choice):
        yield truth.variable
    else:
        yield from truth.needs


def _join(word: str, parts: list[tuple[str, str]]) -> tuple[str, str]:
    if len(parts) == 1:
        return parts[0]
    return f" {word} ".join(f"({text})" if inner not in ("", word) else text for text, inner in parts), word


def _written_rule(rule: Rule, sure: frozenset[str]) -> tuple[str, str]:
    if rule.states == {1}:
        return rule.text, ""
    absent = [(f"not answered(${{{name}}})", "") for name in rule.needs if name not in sure]
    is_call = rule.text.endswith(")") and rule.text.count("(") == 1
    return _join("or", [*absent, (f"not {rule.text}" if is_call else f"not ({rule.text})", "")])


def _written_choice(choice: Choice, sure: frozenset[str]) -> tuple[str, str]:
    name = f"${{{choice.variable}}}"
    codes = [code for code in choice.codes if code in choice.states]
    may_lack = NOT_ANSWERED in choice.states and (choice.variable not in sure or not codes)
    absent = [(f"not answered({name})", "")] if may_lack else []
    return _join("or", [*absent, *([_join(*_one_of(name, codes, choice.codes))] if codes else [])])


def _one_of(name: str, codes: list[int], every: tuple[int, ...]) -> tuple[str, list[tuple[str, str]]]:
    """How to say shortest that the answer is one of these codes."""
    others = [code for code in every if code not in codes]
    if not others:
        return "or", [(f"answered({name})", "")]
    if len(others) == 1 and len(codes) > 1:
        return "and", [(f"{name} != {others[0]}", "")]
    if len(codes) > 2 and max(codes) < min(others):
        return "or", [(f"{name} <= {max(codes)}", "")]
    if len(codes) > 2 and min(codes) > max(others):
        return "or", [(f"{name} >= {min(codes)}", "")]
    if len(codes) <= len(others):
        return "or", [(f"{name} = {code}", "") for code in codes]
    return "and", [(f"{name} != {code}", "") for code in others]
