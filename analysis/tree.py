"""The tree of a composite: nodes, and their parser that names the path of what is wrong."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from analysis.errors import SchemeError


class Operator(StrEnum):
    """How a node is made from its branches."""

    SUM_OF_MAXIMA = "sum_of_maxima"
    WEIGHTED_MEAN = "weighted_mean"


SHARE_KEY = {Operator.SUM_OF_MAXIMA: "max", Operator.WEIGHTED_MEAN: "weight"}


@dataclass(frozen=True)
class Node:
    """One node of a composite: a survey item, an entered figure, or an operator over branches.

    Attributes
    ----------
    share : int or None
        The node's maximum (`sum_of_maxima` parent) or weight (`weighted_mean` parent); None at the root.
    """

    id: str
    item: str | None = None
    entry: str | None = None
    operator: Operator | None = None
    branches: tuple[Node, ...] = ()
    share: int | None = None

    def walk(self) -> list[Node]:
        """The node and everything below it, parents first, in declared order."""
        return [self, *(node for branch in self.branches for node in branch.walk())]

    def items(self) -> tuple[str, ...]:
        """Survey items in declared order, each once."""
        return tuple(dict.fromkeys(node.item for node in self.walk() if node.item is not None))

    def entries(self) -> tuple[str, ...]:
        """Entered figures in declared order, each once."""
        return tuple(dict.fromkeys(node.entry for node in self.walk() if node.entry is not None))


def scheme_error(path: str, message: str, *, got: object = "", expected: str = "", hint: str = "") -> SchemeError:
    """The error for a place inside a scheme document."""
    return SchemeError(f"scheme {path}: {message}", got=str(got), expected=expected, hint=hint)


def is_integer(value: object) -> bool:
    """True for integers that are not booleans."""
    return isinstance(value, int) and not isinstance(value, bool)


def read_object(value: Any, path: str) -> Mapping[str, Any]:
    """The value as an object, or a SchemeError."""
    if not isinstance(value, Mapping):
        raise scheme_error(path, "is not an object", got=repr(value), expected="object")
    return value


def read_list(value: Any, path: str) -> Sequence[Any]:
    """The value as a filled list, or a SchemeError."""
    if not isinstance(value, list | tuple) or not value:
        raise scheme_error(path, "is not a filled list", got=repr(value), expected="list")
    return value


def read_text(value: Any, path: str) -> str:
    """The value as a filled text, or a SchemeError."""
    if not isinstance(value, str) or not value:
        raise scheme_error(path, "is not a text", got=repr(value), expected="text")
    return value


def check_known(document: Mapping[str, Any], keys: str, path: str) -> None:
    """Refuse keys other than `keys` (written with blanks between)."""
    extra = sorted(set(document) - set(keys.split()))
    if extra:
        raise scheme_error(f"{path}.{extra[0]}", "is not known here", got=extra[0], expected=keys)


def _parse_node(document: Any, path: str, *, share_key: str | None) -> Node:
    source = read_object(document, path)
    check_known(source, "id title item entry operator branches policy max weight", path)
    identity = read_text(source.get("id"), f"{path}.id")
    share = _share(source, path, share_key)
    kinds = [kind for kind in ("item", "entry", "operator") if kind in source]
    if len(kinds) != 1:
        raise scheme_error(path, "must be one of item, entry, operator", got=", ".join(kinds) or "none of them")
    if kinds[0] == "item":
        return Node(identity, item=read_text(source["item"], f"{path}.item"), share=share)
    if kinds[0] == "entry":
        return Node(identity, entry=read_text(source["entry"], f"{path}.entry"), share=share)
    if source["operator"] not in set(SHARE_KEY):
        raise scheme_error(
            f"{path}.operator", "is unknown", got=repr(source["operator"]), expected=", ".join(SHARE_KEY)
        )
    operator = Operator(source["operator"])
    rows = read_list(source.get("branches"), f"{path}.branches")
    branches = tuple(
        _parse_node(row, f"{path}.branches[{position}]", share_key=SHARE_KEY[operator])
        for position, row in enumerate(rows)
    )
    target = share if share_key == "max" and operator is Operator.SUM_OF_MAXIMA and share else 100
    _check_sum(source, path, operator=operator, branches=branches, target=target)
    return Node(identity, operator=operator, branches=branches, share=share)


def _share(source: Mapping[str, Any], path: str, share_key: str | None) -> int | None:
    for key in ("max", "weight"):
        if key in source and key != share_key:
            raise scheme_error(
                f"{path}.{key}", "does not belong under this parent", got=key, expected=share_key or "no share"
            )
    if share_key is None:
        return None
    value = source.get(share_key)
    if not is_integer(value) or int(value or 0) <= 0:
        raise scheme_error(
            f"{path}.{share_key}", "is not a positive integer", got=repr(value), expected="an integer > 0"
        )
    return value


def _check_sum(
    source: Mapping[str, Any], path: str, *, operator: Operator, branches: Sequence[Node], target: int
) -> None:
    policy = source.get("policy")
    if policy not in (None, "normalise"):
        raise scheme_error(f"{path}.policy", "is unknown", got=repr(policy), expected="normalise")
    total = sum(branch.share or 0 for branch in branches)
    if total != target and policy is None:
        raise scheme_error(
            path,
            f"{SHARE_KEY[operator]} of the branches do not sum to {target}",
            got=total,
            expected=str(target),
            hint='correct them, or declare "policy": "normalise"',
        )


def parse_tree(document: Any, path: str) -> Node:
    """Parse a tree; every node id must be its own.

    Raises
    ------
    SchemeError
        Naming the path of the node.
    """
    tree = _parse_node(document, path, share_key=None)
    seen: set[str] = set()
    for node in tree.walk():
        if node.id in seen:
            raise scheme_error(path, "a node id is used twice", got=node.id, expected="ids of their own")
        seen.add(node.id)
    return tree
