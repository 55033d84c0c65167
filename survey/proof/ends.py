"""Where walks stop: questions that take no answer, ends, surveys that ask nothing; and texts that show nothing."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from survey.findings import Finding, Severity
from survey.logic import Value
from survey.parts import LARGEST_NUMBER
from survey.piping import PIPE, texts_of
from survey.questions import MatrixQuestion

from .domains import Days
from .model import Stage, Variable
from .search import Answers, LastLook, UndecidedError
from .truth import Formula, answered, both, is_false, negation, read_formula
from .truth import is_true as holds
from .turning import turning_values
from .walks import Walks

FIRST_YEAR, LAST_YEAR = "1000", "9000"
FAR_OFF = 1000  # from the largest number there can be


def decided(place: str, found: Iterator[Finding]) -> Iterator[Finding]:
    """These findings, and where a search had to give up, that it did."""
    try:
        yield from found
    except UndecidedError:
        yield Finding("undecided", Severity.ADVICE, place)


def way_on(walks: Walks, stage: Stage) -> Iterator[Finding]:
    """A question that takes no answer: whatever was answered before (a fault), or after some answers (advice)."""
    if not walks.model.demands_of(stage.place):
        return
    name = stage.question.variable
    needed = [walks.model.variables[leaf.variable] for leaf in stage.question.leaves() if leaf.required]
    asked = LastLook((), frozenset(one.name for one in needed), lambda _: True)
    if walks.search((*stage.shown, *stage.passed), stage.place, asked) is None:
        reached = walks.solve(stage.shown, stage.place) or {}
        yield Finding("no_way_on", Severity.FAULT, name, walk=walks.form(reached, stage.place + 1))
    elif len(needed) == 1 and not needed[0].may_be_skipped:
        stuck = _stuck(walks, stage, needed[0])
        if stuck is not None:
            yield Finding("dead_end", Severity.ADVICE, name, walk=walks.form(stuck, stage.place))


def _stuck(walks: Walks, stage: Stage, variable: Variable) -> Answers | None:
    """Answers after which no answer here passes the hard checks, as far as they can be found."""
    atoms = [atom for one in stage.passed for atom in one.atoms() if variable.name in atom.names]
    reading = {name for one in stage.passed for name in one.names} - {variable.name}
    if not reading:
        return None
    linked = [atom for atom in atoms if len(atom.names) > 1]

    def is_stuck(known: Answers) -> bool:
        if any(_is_far_off(walks.model.variables[name], known[name]) for name in reading):
            return False
        points = (point for atom in linked for point in turning_values(atom, variable.name, known, {}))
        values = {*variable.domain.near(points), *walks.model.range(variable.name, atoms).values}
        return not any(_passes(stage, {**known, variable.name: value}) for value in values)

    try:
        look = LastLook(stage.passed, frozenset(reading), is_stuck)
        return walks.search(stage.shown, stage.place, look, walks.spare)
    except UndecidedError:
        return None


def _is_far_off(variable: Variable, value: Value) -> bool:
    """Whether an answer is only so large or small because nobody said how large it may be."""
    if isinstance(value, str):
        return not FIRST_YEAR <= value[:4] <= LAST_YEAR and isinstance(variable.domain, Days)
    return isinstance(value, int | Decimal) and abs(Decimal(value)) > LARGEST_NUMBER - FAR_OFF


def _passes(stage: Stage, known: dict[str, Value]) -> bool:
    return all(one.is_true(known) for one in stage.passed)


def end(walks: Walks, stage: Stage) -> Iterator[Finding]:
    """An end that never comes, or comes for everybody although questions follow."""
    if stage.end is None:
        return
    name, details = stage.question.variable, {"condition": stage.question.end_if or ""}
    passed = walks.solve((*stage.shown, *stage.passed), stage.place)
    if passed is None:
        return
    ended = walks.solve((*stage.shown, *stage.passed, stage.end), stage.place)
    if ended is None:
        yield Finding("end_never", Severity.FAULT, name, details, walks.form(passed, stage.place + 1))
    elif stage.place + 1 < len(walks.stages) and walks.solve((), stage.place + 1) is None:
        yield Finding("end_always", Severity.FAULT, name, details, walks.form(ended, stage.place + 1))


def empty_pipes(walks: Walks, stage: Stage) -> Iterator[Finding]:
    """Texts that show an answer which somebody who reads them never gave."""
    told: set[str] = set()
    for place, texts in texts_of(stage.question, ""):
        wanted, after = _reading(stage, place)
        for name in sorted({name for text in texts.values() for name in PIPE.findall(text)} - told):
            found = walks.solve((*wanted, negation(answered(name))), stage.place)
            if found is not None:
                told.add(name)
                walk = walks.form(found, stage.place + after, doubting=stage.question.variable)
                yield Finding("empty_pipe", Severity.FAULT, stage.question.variable, {"variable": name}, walk)


def _reading(stage: Stage, place: str) -> tuple[tuple[Formula, ...], int]:
    """What is true for whoever reads one text of a question, and 1 where it is read after answering."""
    question = stage.question
    if place.startswith(".rows[") and isinstance(question, MatrixQuestion):
        row = next(one for one in question.rows if one.variable == place[6:].partition("]")[0])
        return (*stage.shown, *([read_formula(row.show_if)] if row.show_if is not None else [])), 0
    if place.startswith(".checks["):
        index = int(place[8:].partition("]")[0])
        earlier = [negation(is_false(rule)) for check, rule in stage.checks[:index] if not check.soft]
        return (*stage.shown, *earlier, is_false(stage.checks[index][1])), 1
    return stage.shown, 0


def asks_nothing(walks: Walks) -> Iterator[Finding]:
    """A walk that comes to its end without a question whose answer is reported."""
    unasked: list[Formula] = []
    for stage in walks.stages:
        if stage.question.role == "item" and stage.question.leaves():
            if not stage.shown:
                return
            unasked.append(negation(both(*(holds(one) for one in stage.shown))))
        ended = () if stage.end is None else (*unasked, *stage.shown, *stage.passed, stage.end)
        found = walks.solve(ended, stage.place) if ended else None
        if found is not None:
            yield Finding("asks_nothing", Severity.ADVICE, "", walk=walks.form(found, stage.place + 1))
            return
    found = walks.solve(unasked, len(walks.stages))
    if found is not None:
        yield Finding("asks_nothing", Severity.ADVICE, "", walk=walks.form(found, len(walks.stages)))
