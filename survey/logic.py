"""The condition language: text to JSON AST, and its three-valued evaluation.

A condition is XLSForm-like text: ``${age} >= 18 and (selected(${services}, 3) or not answered(${reason}))``.
It is parsed once to nested lists and evaluated without side effects, loops or failure: whatever the answers are,
the value is True, False or None (unknown, because an answer that it needs is missing). The browser evaluates the same
lists, so everything here is defined such that both agree: numbers are decimals of at most nine digits before and six
behind the point, texts are compared as they are, and only days and months are ordered among texts.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from decimal import Decimal
from functools import lru_cache
from typing import Any

from lark import Lark, Token, Transformer, v_args
from lark.exceptions import UnexpectedInput, UnexpectedToken

from .errors import LogicError

LONGEST_CONDITION = 1000  # characters
MOST_NESTED = 50  # lists within lists; keeps what is evaluated far below any stack
MOST_TERMS = 8  # of one sum, so that a browser's numbers hold it exactly
TODAY = "today()"  # under this name, which no variable can have, the answers hold the day as an ISO date

Value = int | str | Decimal | tuple[int, ...] | None
Ast = list[Any]

GRAMMAR = r"""
?start: either
?either: both ("or" both)*            -> either
?both: negation ("and" negation)*     -> both
?negation: "not" negation             -> negation
         | comparison
?comparison: sum COMPARE sum          -> comparison
           | sum
?sum: term
    | sum "+" term -> plus
    | sum "-" term -> minus
?term: variable
     | NUMBER        -> number
     | "-" NUMBER    -> negative
     | STRING        -> string
     | "today" "(" ")"                      -> today
     | "count-selected" "(" variable ")"    -> count
     | "string-length" "(" variable ")"     -> length
     | "selected" "(" variable "," sum ")"  -> selected
     | "answered" "(" variable ")"          -> answered
     | "(" either ")"
variable: "${" NAME "}" -> variable
        | "."           -> own
NUMBER: /[0-9]+(\.[0-9]+)?(?![0-9.])/
STRING: /'[^']*'|"[^"]*"/
COMPARE: "!=" | "<=" | ">=" | "=" | "<" | ">"
NAME: /[A-Za-z_][A-Za-z0-9_]*/
%import common.WS
%ignore WS
"""
TRUTHS = frozenset({"and", "or", "not", "selected", "answered", "=", "!=", "<", "<=", ">", ">="})
OWN: Ast = ["var", "."]
_SMALL_ENOUGH = re.compile(r"[0-9]{1,9}(\.[0-9]{1,6})?")
_IS_DAY = re.compile(r"\d{4}(-\d\d){0,2}", re.ASCII)
_NUMBERS = (int, Decimal)


@v_args(inline=True)
class _ToAst(Transformer):  # type: ignore[type-arg]
    def either(self, *parts: Ast) -> Ast:
        return ["or", *map(_truth, parts)] if len(parts) > 1 else parts[0]

    def both(self, *parts: Ast) -> Ast:
        return ["and", *map(_truth, parts)] if len(parts) > 1 else parts[0]

    def negation(self, part: Ast) -> Ast:
        return ["not", _truth(part)]

    def comparison(self, left: Ast, operator: Token, right: Ast) -> Ast:
        return [str(operator), _value(left), _value(right)]

    def plus(self, left: Ast, right: Ast) -> Ast:
        return ["+", _value(left), _value(right)]

    def minus(self, left: Ast, right: Ast) -> Ast:
        return ["-", _value(left), _value(right)]

    def selected(self, variable: Ast, code: Ast) -> Ast:
        return ["selected", variable, _value(code)]

    def answered(self, variable: Ast) -> Ast:
        return ["answered", variable]

    def count(self, variable: Ast) -> Ast:
        return ["count", variable]

    def length(self, variable: Ast) -> Ast:
        return ["length", variable]

    def today(self) -> Ast:
        return ["today"]

    def variable(self, name: Token) -> Ast:
        return ["var", str(name)]

    def own(self) -> Ast:
        return OWN

    def number(self, text: Token) -> Ast:
        if not _SMALL_ENOUGH.fullmatch(text):
            raise _SenseError(f"{text} has more than nine digits before the point or six behind it")
        return ["value", int(text)] if "." not in text else ["decimal", str(text)]

    def negative(self, text: Token) -> Ast:
        kind, value = self.number(text)
        return [kind, -value if kind == "value" else f"-{value}"]

    def string(self, text: Token) -> Ast:
        return ["value", unicodedata.normalize("NFC", str(text)[1:-1])]


class _SenseError(Exception):
    """Something that can be read and makes no sense: a value where a truth is needed, or a number too long."""


def _truth(part: Ast) -> Ast:
    if part[0] not in TRUTHS:
        raise _SenseError("a value stands where something true or false is needed; compare it, or ask answered(${q1})")
    return part


def _value(part: Ast) -> Ast:
    if part[0] in TRUTHS:
        raise _SenseError("a comparison stands where a value is needed")
    return part


_PARSER = Lark(GRAMMAR, parser="lalr", transformer=_ToAst())


@lru_cache(maxsize=4096)
def parse(text: str, own: str | None = None) -> Ast:
    """Parse a condition; raises LogicError naming the place where it stops making sense.

    `own` is the variable that "." stands for; without it "." is refused.
    """
    if len(text) > LONGEST_CONDITION:
        raise LogicError(
            "The condition is too long.",
            got=f"{len(text)} characters",
            expected=f"at most {LONGEST_CONDITION}",
            hint="ask a question of its own for a part of it",
        )
    ast = _truth_of(text)
    if _depth(ast) > MOST_NESTED:
        raise LogicError("The condition is nested too deeply.", got=text, expected=f"at most {MOST_NESTED} levels")
    if _longest_sum(ast) > MOST_TERMS:
        raise LogicError("A sum has too many terms.", got=text, expected=f"at most {MOST_TERMS}")
    return _bound(ast, own)


def _truth_of(text: str) -> Ast:
    try:
        return _truth(_PARSER.parse(text))  # type: ignore[arg-type]
    except (UnexpectedInput, _SenseError) as error:
        raise LogicError(
            "The condition cannot be read.",
            got=text,
            expected="for example ${q1} >= 4 and not answered(${q2})",
            hint=str(error) if isinstance(error, _SenseError) else _place(error, text),
        ) from error


def _place(error: UnexpectedInput, text: str) -> str:
    """Where reading stopped, and what stands there."""
    if isinstance(error, UnexpectedToken) and error.token.type == "$END":
        return "it stops at its end: something is missing there"
    place = error.pos_in_stream or 0
    return f"it stops at character {place + 1}: {text[place : place + 12]}"


def _depth(ast: Ast) -> int:
    """How many lists stand within each other; counted level by level, since nothing bounds them yet."""
    depth, level = 0, [ast]
    while level:
        depth += 1
        level = [part for one in level for part in one if isinstance(part, list)]
    return depth


def _bound(ast: Ast, own: str | None) -> Ast:
    if ast == OWN:
        if own is None:
            raise LogicError('"." stands for a question\'s own answer.', got=".", expected="a variable such as ${q1}")
        return ["var", own]
    return [_bound(part, own) if isinstance(part, list) else part for part in ast]


def _longest_sum(ast: Ast) -> int:
    parts = [_longest_sum(part) for part in ast[1:] if isinstance(part, list)]
    return sum(parts) if ast[0] in ("+", "-") else max([1, *parts])


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
        return _negate(_all(_negate(evaluate(part, answers)) for part in ast[1:]))
    if operator == "not":
        return _negate(evaluate(ast[1], answers))
    if operator == "answered":
        return answers.get(ast[1][1]) is not None
    left, right = operand(ast[1], answers), operand(ast[2], answers)
    if left is None or right is None or isinstance(right, tuple):
        return None
    if operator == "selected" and isinstance(left, tuple):
        return right in left
    return _compare("=" if operator == "selected" else operator, left, right)


def operand(ast: Ast, answers: Mapping[str, Value]) -> Value:
    """The value of a variable, a constant, a sum or a function; None when an answer it needs is missing."""
    kind = ast[0]
    if kind == "value":
        constant: int | str = ast[1]
        return constant
    if kind == "decimal":
        return Decimal(ast[1])
    if kind == "today":
        return answers.get(TODAY)
    if kind == "var":
        return answers.get(ast[1])
    if kind in ("count", "length"):
        return _size(kind, answers.get(ast[1][1]))
    left, right = operand(ast[1], answers), operand(ast[2], answers)
    if not isinstance(left, _NUMBERS) or not isinstance(right, _NUMBERS):
        return None
    return left + right if kind == "+" else left - right


def _size(kind: str, value: Value) -> int | None:
    if kind == "length":
        return len(value) if isinstance(value, str) else None
    if isinstance(value, tuple):
        return len(value)
    return None if value is None else 1


def _all(values: Iterator[bool | None]) -> bool | None:
    unknown = False
    for value in values:
        if value is False:
            return False
        unknown = unknown or value is None
    return None if unknown else True


def _negate(value: bool | None) -> bool | None:
    return None if value is None else not value


def _compare(operator: str, left: Any, right: Any) -> bool | None:
    if isinstance(left, tuple):
        return None  # many codes have no order and are no code: `selected` asks for one of them
    if operator in ("=", "!="):
        return (left == right) is (operator == "=")
    if (isinstance(left, str) or isinstance(right, str)) and not (_is_day(left) and _is_day(right)):
        return None
    return bool({"<": left < right, "<=": left <= right, ">": left > right, ">=": left >= right}[operator])


def _is_day(value: Any) -> bool:
    return isinstance(value, str) and _IS_DAY.fullmatch(value) is not None
