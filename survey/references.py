"""Which parts of a draft read a question, and what becomes of them when it gets another name.

A condition may have space around a name and texts in quotes, which are no references; in other texts only ``${name}``
itself is one.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from typing import Any

from .piping import PIPE

CONDITIONS = frozenset({"show_if", "end_if", "rule"})  # the keys of a document under which conditions stand
_IN_CONDITION = re.compile(r"""'[^']*'|"[^"]*"|\$\{\s*(?P<name>[A-Za-z_][A-Za-z0-9_]*)\s*\}""")


def names_read(node: Any, key: str = "") -> Iterator[str]:
    """Every variable that the conditions and texts of a part read."""
    if isinstance(node, str):
        if key in CONDITIONS:
            yield from (found["name"] for found in _IN_CONDITION.finditer(node) if found["name"])
        else:
            yield from PIPE.findall(node)
    elif isinstance(node, dict):
        for name, part in node.items():
            yield from names_read(part, name)
    elif isinstance(node, list):
        for part in node:
            yield from names_read(part)


def reads(node: Any, variables: Collection[str]) -> bool:
    """Whether a part reads one of these variables."""
    return any(name in variables for name in names_read(node))


def renamed(node: Any, names: Mapping[str, str], key: str = "") -> Any:
    """A part with every reading of a variable under its new name; all names change at once."""
    if isinstance(node, str):
        pattern = _IN_CONDITION if key in CONDITIONS else PIPE
        return pattern.sub(lambda found: _turned(found, names), node)
    if isinstance(node, dict):
        return {name: renamed(part, names, name) for name, part in node.items()}
    return [renamed(part, names) for part in node] if isinstance(node, list) else node


def _turned(found: re.Match[str], names: Mapping[str, str]) -> str:
    name = found[1]
    return f"${{{names[name]}}}" if name in names else found[0]
