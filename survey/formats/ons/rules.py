"""The rules of ONS schemas (`when`): JSON logic over answers, where a missing answer equals nothing but null."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from survey.formats.known import Known
from survey.formats.loose import items, mapping
from survey.formats.truth import NEVER, Rule, Truth, answered, both, either, opposite
from survey.parts import LARGEST_NUMBER

COMPARISONS = {">": ">", "<": "<", ">=": ">=", "<=": "<="}
MOST_NESTED = 40


class UnreadRuleError(Exception):
    """A rule that has no counterpart; its words say why."""


class Rules:
    """Reads rules; `notes` collects what was taken for granted in the one read last."""

    def __init__(self) -> None:
        self.answers: dict[str, list[Known]] = {}
        self.notes: list[str] = []

    def know(self, identity: str, known: Known) -> None:
        """From now on rules may ask for this answer."""
        self.answers.setdefault(identity, []).append(known)

    def read(self, rule: Any) -> Truth:
        """The truth of a rule; raises UnreadRuleError."""
        self.notes = []
        return self._truth(rule, 0)

    def _truth(self, rule: Any, depth: int) -> Truth:
        node = mapping(rule)
        if len(node) != 1 or depth > MOST_NESTED:
            raise UnreadRuleError("a rule of another kind")
        ((operator, operands),) = node.items()
        parts = items(operands)
        if operator in ("and", "or") and parts:
            return (both if operator == "and" else either)(*(self._truth(part, depth + 1) for part in parts))
        if operator == "not" and len(parts) == 1:
            return opposite(self._truth(parts[0], depth + 1))
        if len(parts) != 2:
            raise UnreadRuleError(f"the operator {operator!r} is not known")
        if operator in ("==", "!="):
            same = self._equal(*parts)
            return same if operator == "==" else opposite(same)
        if operator == "in":
            return self._in(*parts)
        if operator in ("any-in", "all-in"):
            return self._among(either if operator == "any-in" else both, *parts)
        if operator in COMPARISONS:
            return self._compared(COMPARISONS[operator], *parts)
        raise UnreadRuleError(f"the operator {operator!r} is not known")

    def _found(self, source: Any) -> list[Known] | None:
        """What is known of an answer that is asked for; none for what nobody tells; None where it is no source."""
        node = mapping(source)
        if "source" not in node:
            return None
        if node["source"] == "metadata":
            self.notes.append(f"{node.get('identifier')} is told by another system: taken as not given")
            return []
        if node["source"] != "answers" or "selector" in node or "list_item_selector" in node:
            raise UnreadRuleError(f"it reads {node.get('source')}, which is not kept here")
        identity = str(node.get("identifier"))
        if identity not in self.answers:
            raise UnreadRuleError(f"it reads the answer {identity}, which is not asked before it")
        return self.answers[identity]

    def _equal(self, left: Any, right: Any) -> Truth:
        found = self._found(left)
        value = right
        if found is None:
            found, value = self._found(right), left
        if found is None or isinstance(value, (dict, list)):
            raise UnreadRuleError("two answers, or none, are compared")
        if value is None:
            return both(*(opposite(known.given()) for known in found))
        return either(*(self._is(known, value) for known in found))

    def _is(self, known: Known, value: Any) -> Truth:
        if not known.is_open:
            if str(value) not in known.codes:
                self.notes.append(f"{value!r} is none of the choices")
                return NEVER
            return known.given() if known.shown is not None else known.chosen(known.codes[str(value)])
        return Rule(f"${{{known.variable}}} = {_constant(value)}", (known.variable,))

    def _in(self, left: Any, right: Any) -> Truth:
        if isinstance(right, list):
            return either(*(self._equal(left, value) for value in right))
        return self._equal(right, left)

    def _among(self, join: Callable[..., Truth], left: Any, right: Any) -> Truth:
        values, source = (left, right) if isinstance(left, list) else (right, left)
        if not isinstance(values, list):
            raise UnreadRuleError("two lists are compared")
        return join(*(self._equal(source, value) for value in values))

    def _compared(self, operator: str, left: Any, right: Any) -> Truth:
        first, needs, counted = self._operand(left)
        second, more, other = self._operand(right)
        if first is None or second is None:
            return NEVER
        if counted and other:
            raise UnreadRuleError("two counts are compared")
        rule = Rule(f"{first} {operator} {second}", (*needs, *(name for name in more if name not in needs)))
        if (counted or other) and _holds_for_none(operator, first, second):
            return either(rule, opposite(answered(counted or other)))
        return rule

    def _operand(self, part: Any) -> tuple[str | None, tuple[str, ...], str]:
        """Its text (None where nobody tells it), the variables it needs, and the one that is counted, if any."""
        node = mapping(part)
        if "count" in node and len(items(node["count"])) == 1:
            known = self._one(node["count"][0])
            if known is not None and not known.is_multiple:
                raise UnreadRuleError("a count of what is no list")
            return (f"count-selected(${{{known.variable}}})", (known.variable,), known.variable) if known else NOBODY
        if "+" in node:
            return self._sum(items(node["+"]))
        if "source" not in node:
            return _constant(part), (), ""
        known = self._one(node)
        if known is not None and not known.is_open:
            raise UnreadRuleError("choices have no order")
        return (f"${{{known.variable}}}", (known.variable,), "") if known else NOBODY

    def _sum(self, parts: list[Any]) -> tuple[str | None, tuple[str, ...], str]:
        read = [self._operand(part) for part in parts]
        if not read or any(text is None or counted for text, _, counted in read):
            raise UnreadRuleError("a sum of what is not asked here")
        names = dict.fromkeys(name for _, needs, _ in read for name in needs)
        return " + ".join(str(text) for text, _, _ in read), tuple(names), ""

    def _one(self, source: Any) -> Known | None:
        found = self._found(source)
        if found is None or len(found) > 1:
            raise UnreadRuleError("an answer that is asked in several ways is compared")
        if found and found[0].shown is not None:
            raise UnreadRuleError("a box to tick has no number")
        return found[0] if found else None


NOBODY: tuple[None, tuple[str, ...], str] = (None, (), "")


def _holds_for_none(operator: str, first: str, second: str) -> bool:
    """Whether the comparison holds when the counted list is empty."""
    left = 0 if first.startswith("count") else int(first) if first.isdecimal() else 1
    right = 0 if second.startswith("count") else int(second) if second.isdecimal() else 1
    return {">": left > right, "<": left < right, ">=": left >= right, "<=": left <= right}[operator]


def _constant(value: Any) -> str:
    if isinstance(value, (int, float)) and not isinstance(value, bool) and abs(value) <= LARGEST_NUMBER:
        text = f"{value:.6f}".rstrip("0").rstrip(".")
        if float(text) == value:
            return text
    if isinstance(value, str) and len(value) <= 200:
        quote = "'" if "'" not in value else '"'
        if quote not in value and "\n" not in value:
            return f"{quote}{value}{quote}"
    raise UnreadRuleError("it compares with what conditions cannot hold")
