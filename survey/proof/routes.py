"""What the routing of a questionnaire promises and does not keep: one rule after the other, each with its walk."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from survey.findings import Finding, Severity
from survey.logic import TODAY
from survey.questions import MatrixQuestion

from .ends import decided, empty_pipes, end, way_on
from .model import Stage
from .search import Answers, Search, conjuncts
from .truth import Formula, answered, is_false, negation, read_formula
from .truth import is_true as holds
from .walks import Form, Walks


def routing(walks: Walks) -> Iterator[Finding]:
    """Every fault of the conditions, checks and ends, in the order of the questionnaire."""
    for place, section in enumerate(walks.model.questionnaire.sections):
        stages = [stage for stage in walks.stages if stage.section == place]
        first = stages[0]
        own = () if first.section_shown is None else (first.section_shown,)
        spot = _Spot(f"section {place + 1}", section.show_if, (), own, first.place)
        found = list(decided(spot.name, _of_spot(walks, spot)))
        yield from found
        if not any(one.rule == "unreachable" for one in found):
            for stage in stages:
                yield from decided(stage.question.variable, _of_stage(walks, stage))


@dataclass(frozen=True)
class _Spot:
    """A section, question or row: its condition, what is true around it, all that is true where it is met, its step."""

    name: str
    condition: str | None
    around: tuple[Formula, ...]
    met: tuple[Formula, ...]
    place: int


def _of_stage(walks: Walks, stage: Stage) -> Iterator[Finding]:
    name, question = stage.question.variable, stage.question
    around = () if stage.section_shown is None else (stage.section_shown,)
    found = list(_of_spot(walks, _Spot(name, question.show_if, around, stage.shown, stage.place)))
    yield from found
    if any(one.rule == "unreachable" for one in found):
        return
    for row in question.rows if isinstance(question, MatrixQuestion) else ():
        if row.show_if is not None:
            met = (*stage.led, read_formula(row.show_if))
            spot = _Spot(row.variable, row.show_if, stage.led, met, stage.place)
            yield from decided(row.variable, _of_spot(walks, spot))
    checked = [one for place in range(len(stage.checks)) for one in decided(name, _check(walks, stage, place))]
    yield from checked
    if not any(one.rule == "check_always_fails" and one.severity is Severity.FAULT for one in checked):
        yield from decided(name, way_on(walks, stage))
    yield from decided(name, end(walks, stage))
    yield from decided(name, empty_pipes(walks, stage))


def _of_spot(walks: Walks, spot: _Spot) -> Iterator[Finding]:
    """Nobody comes there, perhaps because nothing meets its condition; or everybody, so that it is no condition."""
    condition = None if spot.condition is None else read_formula(spot.condition)
    details = {"condition": spot.condition or ""}
    if condition is not None and _alone(walks, condition) is None:
        yield Finding("contradictory", Severity.FAULT, spot.name, details, nearest(walks, (), spot.place))
    met = walks.solve(spot.met, spot.place)
    if met is None:
        yield Finding("unreachable", Severity.FAULT, spot.name, walk=nearest(walks, spot.met, spot.place))
    elif condition is not None and walks.solve((*spot.around, negation(holds(condition))), spot.place) is None:
        yield Finding("always_true", Severity.FAULT, spot.name, details, walks.form(met, spot.place))


def _alone(walks: Walks, condition: Formula) -> Answers | None:
    """Answers that meet a condition where every question it reads may be asked or not."""
    variables = [walks.model.variables[name] for name in condition.names]
    if any(one.asks_the_day for one in variables):
        variables = list(dict.fromkeys([walks.model.variables[TODAY], *variables]))
    free = [replace(one, asked=(), may_be_skipped=one.may_be_skipped or bool(one.asked)) for one in variables]
    walks.budget.begin()
    return Search(walks.model, sorted(free, key=lambda one: one.place), [condition], walks.budget).first()


def nearest(walks: Walks, wanted: Sequence[Formula], place: int) -> Form:
    """A walk to a place that meets as much as can be met there, or the one that ends as near to it as can be."""
    furthest = walks.furthest(place)
    if furthest < place:
        return walks.form(walks.solve((), furthest) or {}, furthest + 1)
    kept: list[Formula] = []
    answers = walks.solve((), place) or {}
    for part in (part for one in wanted for part in conjuncts(one)):
        found = walks.solve([*kept, part], place)
        if found is not None:
            kept.append(part)
            answers = found
    return walks.form(answers, place)


def _check(walks: Walks, stage: Stage, place: int) -> Iterator[Finding]:
    """A check that nothing fails, or that everything does."""
    name = stage.question.variable
    check, rule = stage.checks[place]
    details = {"check": check.rule}
    earlier = [negation(is_false(one)) for other, one in stage.checks[:place] if not other.soft]
    if walks.solve((*stage.shown, *earlier, is_false(rule)), stage.place) is None:
        if walks.solve((*stage.shown, *earlier), stage.place) is not None:
            yield Finding("check_never_fails", Severity.ADVICE, name, details)
        return
    given = (*stage.shown, answered(name))
    failing = walks.solve((*given, is_false(rule)), stage.place)
    if failing is not None and walks.solve((*given, negation(is_false(rule))), stage.place) is None:
        severity = Severity.ADVICE if check.soft else Severity.FAULT
        walk = walks.form(failing, stage.place + 1, doubting=name)
        yield Finding("check_always_fails", severity, name, details, walk)
