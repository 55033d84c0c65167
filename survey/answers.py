"""From what a form sent to answers on the path: the server replays the path from the start, every time."""

from __future__ import annotations

import unicodedata
from collections import ChainMap
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from .logic import Value, evaluate, parse
from .questionnaire import (
    FiveLevelQuestion,
    Missing,
    MultipleQuestion,
    Question,
    Questionnaire,
    ScaleQuestion,
    SingleQuestion,
    TextQuestion,
)

Form = Mapping[str, Sequence[str]]
DONT_KNOW = "dk"
MOST_MARKS = 30  # on one letter, as in UAX 15's stream-safe text


class Fault(StrEnum):
    """What keeps an answer from being taken; each has its own message to the citizen."""

    REQUIRED = "required"
    NOT_OFFERED = "not_offered"
    TOO_LONG = "too_long"
    UNREADABLE = "unreadable"


@dataclass
class Walk:
    """One replay of the path: answers on it, why others are missing, and what is at fault."""

    answers: dict[str, Value] = field(default_factory=dict)
    texts: dict[str, str] = field(default_factory=dict)
    reasons: dict[str, tuple[int, ...]] = field(default_factory=dict)
    missing: dict[str, Missing] = field(default_factory=dict)
    faults: dict[str, Fault] = field(default_factory=dict)
    shown: list[str] = field(default_factory=list)

    def document(self) -> dict[str, Any]:
        """The answers as they are committed to: integers, lists and strings only."""
        answers = {name: list(value) if isinstance(value, tuple) else value for name, value in self.answers.items()}
        return {
            "answers": answers,
            "missing": {name: str(why) for name, why in self.missing.items()},
            "reasons": {name: list(codes) for name, codes in self.reasons.items()},
            "texts": dict(self.texts),
        }


def replay(questionnaire: Questionnaire, form: Form) -> Walk:
    """Walk the questionnaire with these form values; answers off the path are dropped, faults are collected."""
    walk = Walk()
    known: ChainMap[str, Value] = ChainMap(walk.answers, walk.texts)  # type: ignore[arg-type]
    for question in questionnaire.questions:
        if question.show_if is not None and evaluate(parse(question.show_if), known) is not True:
            walk.missing[question.variable] = Missing.NOT_ASKED
            continue
        walk.shown.append(question.variable)
        _read(question, form, walk)
        if question.required and walk.missing.get(question.variable) is Missing.SKIPPED:
            walk.faults[question.variable] = Fault.REQUIRED
    return walk


def _read(question: Question, form: Form, walk: Walk) -> None:
    values = [value for value in form.get(question.variable, ()) if value != ""]
    if isinstance(question, TextQuestion):
        _read_text(question, values, walk)
    elif not values:
        walk.missing[question.variable] = Missing.SKIPPED
    elif isinstance(question, MultipleQuestion):
        _read_multiple(question, values, walk)
    elif isinstance(question, ScaleQuestion):
        _read_scale(question, values[-1], walk)
    else:
        _read_single(question, values[-1], form, walk)


def _read_text(question: TextQuestion, values: Sequence[str], walk: Walk) -> None:
    text = clean_text(values[-1]) if values else ""
    if len(text) > question.max_length:
        walk.faults[question.variable] = Fault.TOO_LONG
    if "\ufffd" in text:
        walk.faults[question.variable] = Fault.UNREADABLE
    if text:
        walk.texts[question.variable] = text
    else:
        walk.missing[question.variable] = Missing.SKIPPED


def _read_scale(question: ScaleQuestion, value: str, walk: Walk) -> None:
    if value == DONT_KNOW and question.dont_know is not None:
        walk.missing[question.variable] = Missing.DONT_KNOW
        return
    code = _code(value)
    if code in question.valid_codes():
        walk.answers[question.variable] = code
    else:
        walk.faults[question.variable] = Fault.NOT_OFFERED


def _read_single(question: SingleQuestion | FiveLevelQuestion, value: str, form: Form, walk: Walk) -> None:
    code = _code(value)
    if code is None or code not in {choice.code for choice in question.choices}:
        walk.faults[question.variable] = Fault.NOT_OFFERED
        return
    why = question.missing_of(code)
    if why is not None:
        walk.missing[question.variable] = why
        return
    walk.answers[question.variable] = code
    choice = next(choice for choice in question.choices if choice.code == code)
    offered = {reason.code for reason in choice.reasons}
    sent = {_code(tag) for tag in form.get(f"{question.variable}.reasons", ())}
    chosen = tuple(sorted(tag for tag in sent if tag in offered and tag is not None))
    if chosen:
        walk.reasons[question.variable] = chosen


def _read_multiple(question: MultipleQuestion, values: Sequence[str], walk: Walk) -> None:
    offered = {choice.code for choice in question.choices}
    codes = {_code(value) for value in values}
    if not codes <= offered:
        walk.faults[question.variable] = Fault.NOT_OFFERED
        return
    valid = tuple(sorted(code for code in codes if code in question.valid_codes() and code is not None))
    if valid:
        walk.answers[question.variable] = valid
        return
    walk.missing[question.variable] = question.missing_of(next(code for code in codes if code is not None)) or (
        Missing.SKIPPED
    )


def _code(value: str) -> int | None:
    """A small non-negative integer in plain ASCII digits, or None."""
    return int(value) if value.isascii() and value.isdigit() and len(value) <= 3 else None


def clean_text(value: str) -> str:
    """Normalise line ends and Unicode form, drop control and unpaired surrogate characters, trim."""
    text = unicodedata.normalize("NFC", _stream_safe(value.replace("\r\n", "\n").replace("\r", "\n")))
    kept = (char for char in text if char == "\n" or unicodedata.category(char) not in {"Cc", "Cs"})
    return "".join(kept).strip()


def _stream_safe(text: str) -> str:
    """Drop all but the first marks of a heap: normalising puts each heap in order, in the square of its length."""
    if len(text) <= MOST_MARKS:
        return text
    kept: list[str] = []
    heap = 0
    for char in text:
        heap = heap + 1 if unicodedata.category(char)[0] == "M" else 0
        if heap <= MOST_MARKS:
            kept.append(char)
    return "".join(kept)
