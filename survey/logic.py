"""The condition language: text to JSON AST, and its three-valued evaluation.

A condition is XLSForm-like text: ``${age} >= 18 and (selected(${services}, 3) or not answered(${reason}))``.
It is parsed once to nested lists and evaluated without side effects, loops or failure: whatever the answers are,
the value is True, False or None (unknown, because an answer that it needs is missing).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any

from lark import Lark, Transformer, v_args
from lark.exceptions import LarkError

from .errors import LogicError

LONGEST_CONDITION = 1000  # characters; keeps the depth of what is evaluated far below any stack

Value = int | str | tuple[int, ...] | None
Ast = list[Any]

GRAMMAR = r"""
?start: either
?either: both ("or" both)*            -> either
?both: negation ("and" negation)*     -> both
?negation: "not" negation             -> negation
         | comparison
?comparison: operand COMPARE operand  -> comparison
           | "selected" "(" variable "," operand ")" -> selected
           | "answered" "(" variable ")"             -> answered
           | "(" either ")"
?operand: variable | number | string
variable: "${" NAME "}"
number: SIGNED_INT
string: /'[^']*'/
COMPARE: "!=" | "<=" | ">=" | "=" | "<" | ">"
NAME: /[A-Za-z_][A-Za-z0-9_]*/
%import common.SIGNED_INT
%import common.WS
%ignore WS
"""


@v_args(inline=True)
class _ToAst(Transformer):  # type: ignore[type-arg]
    def either(self, *parts: Ast) -> Ast:
        return ["or", *parts] if len(parts) > 1 else parts[0]

    def both(self, *parts: Ast) -> Ast:
        return ["and", *parts] if len(parts) > 1 else parts[0]

    def negation(self, part: Ast) -> Ast:
        return ["not", part]

    def comparison(self, left: Ast, operator: str, right: Ast) -> Ast:
        return [str(operator), left, right]

    def selected(self, variable: Ast, code: Ast) -> Ast:
        return ["selected", variable, code]

    def answered(self, variable: Ast) -> Ast:
        return ["answered", variable]

    def variable(self, name: str) -> Ast:
        return ["var", str(name)]

    def number(self, text: str) -> Ast:
        return ["value", int(text)]

    def string(self, text: str) -> Ast:
        return ["value", str(text)[1:-1]]


_PARSER = Lark(GRAMMAR, parser="lalr", transformer=_ToAst())


@lru_cache(maxsize=4096)
def parse(text: str) -> Ast:
    """Parse a condition; raises LogicError naming the place where it stops making sense."""
    if len(text) > LONGEST_CONDITION:
        raise LogicError(
            "The condition is too long.",
            got=f"{len(text)} characters",
            expected=f"at most {LONGEST_CONDITION}",
            hint="ask a question of its own for a part of it",
        )
    try:
        return _PARSER.parse(text)  # type: ignore[return-value]
    except LarkError as error:
        line = str(error).split("\n", 1)[0]
        raise LogicError(
            "The condition cannot be read.",
            got=text,
            expected="for example ${q1} >= 4 and not answered(${q2})",
            hint=line,
        ) from error


def variables(ast: Ast) -> Iterator[str]:
    """Every variable that the condition reads, in order of appearance."""
    if ast[0] == "var":
        yield ast[1]
        return
    for part in ast[1:]:
        if isinstance(part, list):
            yield from variables(part)


def evaluate(ast: Ast, answers: Mapping[str, Value]) -> bool | None:
    """Evaluate with Kleene's three values: a missing answer makes a comparison unknown, never false."""
    operator = ast[0]
    if operator == "and":
        return _all(evaluate(part, answers) for part in ast[1:])
    if operator == "or":
        inverted = _all(_negate(evaluate(part, answers)) for part in ast[1:])
        return _negate(inverted)
    if operator == "not":
        return _negate(evaluate(ast[1], answers))
    if operator == "answered":
        return answers.get(ast[1][1]) is not None
    left, right = _operand(ast[1], answers), _operand(ast[2], answers)
    if left is None or right is None:
        return None
    if operator == "selected":
        return right in left if isinstance(left, tuple) else left == right
    return _compare(operator, left, right)


def _all(values: Iterator[bool | None]) -> bool | None:
    unknown = False
    for value in values:
        if value is False:
            return False
        unknown = unknown or value is None
    return None if unknown else True


def _negate(value: bool | None) -> bool | None:
    return None if value is None else not value


def _operand(ast: Ast, answers: Mapping[str, Value]) -> Value:
    return answers.get(ast[1]) if ast[0] == "var" else ast[1]


def _compare(operator: str, left: Any, right: Any) -> bool | None:
    if operator in ("=", "!="):
        return (left == right) is (operator == "=")
    if type(left) is not type(right) or isinstance(left, tuple):
        return None
    return bool({"<": left < right, "<=": left <= right, ">": left > right, ">=": left >= right}[operator])
