"""Which answers the rules of an ONS schema ask for: those choices stay answers, also where they say "don't know"."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from survey.formats.loose import items, mapping, string

from .older import modern

RULES = frozenset({"when", "skip_conditions", "enabled"})
EVERY = "\x00"  # in place of a value: a rule asks whether anything was answered
DEEPEST = 80
Steering = Mapping[str, frozenset[str]]


def steering(document: Any) -> Steering:
    """The values that rules compare each answer with, by the answer's id."""
    found: dict[str, set[str]] = {}
    for identity, value in _asked(document, False, 0):
        found.setdefault(identity, set()).add(value)
    return {identity: frozenset(values) for identity, values in found.items()}


def is_free(asked: Steering, identity: str, value: str) -> bool:
    """Whether no rule asks for this choice."""
    return not {value, EVERY} & asked.get(identity, frozenset())


def _asked(node: Any, is_rule: bool, depth: int) -> Iterator[tuple[str, str]]:
    if depth > DEEPEST:
        return
    if isinstance(node, dict):
        for key, value in node.items():
            if is_rule and isinstance(value, list):
                yield from _compared(value)
            yield from _asked(modern(value) if key == "when" else value, is_rule or key in RULES, depth + 1)
    else:
        for part in items(node):
            yield from _asked(part, is_rule, depth + 1)


def _compared(operands: list[Any]) -> Iterator[tuple[str, str]]:
    """Each answer among the operands with each value among them; null asks for every value, and so does a count."""
    sources = [string(one["identifier"]) for one in map(mapping, operands) if "identifier" in one]
    values = [part for one in operands for part in (one if isinstance(one, list) else [one]) if not mapping(part)]
    for identity in sources:
        yield from ((identity, EVERY if value is None else string(value)) for value in values or [None])
