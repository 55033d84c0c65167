"""From what a form sent to answers on the path: the server replays the path from the start, every time."""

from __future__ import annotations

from collections import ChainMap
from collections.abc import Collection, Iterator
from datetime import date

from .logic import TODAY, Value, evaluate, parse
from .parts import BaseQuestion, ChosenQuestion, Missing
from .questionnaire import Questionnaire
from .questions import RankingQuestion
from .reading import Form, rank_name, read, specified_name
from .walk import Fault, Walk

SURE = "sure"  # the form field that names the soft checks whose "are you sure?" was answered with yes


def replay(questionnaire: Questionnaire, form: Form, *, today: date | None = None) -> Walk:
    """Walk the questionnaire with these form values; answers off the path are dropped, faults are collected."""
    walk = Walk()
    known: ChainMap[str, Value] = ChainMap(walk.answers, walk.texts)  # type: ignore[arg-type]
    if today is not None:
        known = known.new_child({TODAY: today.isoformat()})
    sure = set(form.get(SURE, ()))
    has_ended = False
    for step in questionnaire.steps:
        if has_ended or any(evaluate(condition, known) is not True for condition in step.conditions):
            walk.missing.update((leaf.variable, Missing.NOT_ASKED) for leaf in step.question.leaves())
            continue
        walk.shown.append(step.question.variable)
        for leaf in _asked(step.question, known, walk):
            read(leaf, form, walk, today)
            if leaf.required and walk.missing.get(leaf.variable) is Missing.SKIPPED:
                walk.faults[leaf.variable] = Fault.REQUIRED
        _check(step.question, known, sure, walk)
        has_ended = walk.has_declined or (step.end is not None and evaluate(step.end, known) is True)
    return walk


def _asked(question: BaseQuestion, known: ChainMap[str, Value], walk: Walk) -> Iterator[BaseQuestion]:
    """What of a question is asked: itself, or those of its rows whose conditions hold."""
    for leaf in question.leaves():
        own = leaf is not question and leaf.show_if is not None  # its own condition was looked at with the step
        if own and evaluate(parse(leaf.show_if or ""), known) is not True:
            walk.missing[leaf.variable] = Missing.NOT_ASKED
        else:
            yield leaf


def _check(question: BaseQuestion, known: ChainMap[str, Value], sure: Collection[str], walk: Walk) -> None:
    for place, check in enumerate(question.checks):
        if question.variable in walk.faults or evaluate(parse(check.rule, question.variable), known) is not False:
            continue
        name = f"{question.variable}.{place}"
        if not check.soft:
            walk.faults[question.variable] = Fault.CHECK
            walk.failed[question.variable] = check
        elif name in sure:
            walk.confirmed.append(name)
        else:
            walk.doubts[name] = check


def field_names(questionnaire: Questionnaire) -> list[str]:
    """Every field of a form that carries answers, and no other."""
    found: list[str] = []
    for leaf in questionnaire.leaves:
        name = leaf.variable
        found += [name, f"{name}.missing"] if leaf.missing_options() else [name]
        if isinstance(leaf, RankingQuestion):
            found += [rank_name(name, choice.code) for choice in leaf.choices]
        elif isinstance(leaf, ChosenQuestion):
            found += [f"{name}.reasons"] if leaf.reason_texts() else []
            found += [specified_name(name, choice.code) for choice in leaf.choices if choice.specify]
    return found
