"""Conditions in the making: parts of our condition language, joined by "and" and "or"."""

from __future__ import annotations

import re
from collections.abc import Iterable

from survey.errors import LogicError
from survey.logic import parse
from survey.piping import PIPE

from .expressions import ExpressionError

Node = str | bool | tuple[str, tuple["Node", ...]]  # a comparison, always or never, or all or any of several

_UNANSWERED = re.compile(r"not answered\(")


def all_of(parts: Iterable[Node]) -> Node:
    """All of them; always where there are none."""
    return _joined("and", parts, True)


def any_of(parts: Iterable[Node]) -> Node:
    """One of them at least; never where there are none."""
    return _joined("or", parts, False)


def _joined(word: str, parts: Iterable[Node], neutral: bool) -> Node:
    flat: list[Node] = []
    for part in parts:
        flat += part[1] if isinstance(part, tuple) and part[0] == word else (part,)
    kept = tuple(dict.fromkeys(part for part in flat if part is not neutral))
    if any(part is (not neutral) for part in kept):
        return not neutral
    return (word, kept) if len(kept) > 1 else kept[0] if kept else neutral


def answered_by(node: Node) -> frozenset[str]:
    """The variables that are answered whenever the condition is true."""
    if isinstance(node, tuple):
        sets = [answered_by(part) for part in node[1]]
        return frozenset.union(*sets) if node[0] == "and" else frozenset.intersection(*sets)
    if isinstance(node, bool) or _UNANSWERED.match(node):
        return frozenset()
    return frozenset(PIPE.findall(node))


def condition(node: Node) -> str | None:
    """The text of a condition, None for always; raises ExpressionError when it is never true or cannot be said."""
    if node is True:
        return None
    if node is False:
        raise ExpressionError("it is never true")
    text = _written(node)
    try:
        parse(text)
    except LogicError as error:
        raise ExpressionError(f"our condition would be at fault: {error.message}") from error
    return text


def _written(node: Node, outer: str = "or") -> str:
    if not isinstance(node, tuple):
        return str(node)
    text = f" {node[0]} ".join(_written(part, node[0]) for part in node[1])
    return f"({text})" if node[0] != outer and outer == "and" else text
