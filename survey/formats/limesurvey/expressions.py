"""LimeSurvey's expressions (relevance, validation, conditions): from text to nested tuples, nothing evaluated.

| tuple | means |
|---|---|
| `("or", parts)`, `("and", parts)`, `("not", part)` | what they say |
| `("compare", operator, left, right)` | one of `== != < <= > >=` |
| `("sum", terms)` | terms, each `("+", operand)` or `("-", operand)` |
| `("call", name, arguments)` | a function, its name in small letters |
| `("name", name, attribute)` | a variable; the attribute is what stands behind a dot, such as `NAOK` |
| `("number", text)`, `("string", text)` | constants |
"""

from __future__ import annotations

import html
import re
from functools import lru_cache
from typing import Any

from lark import Lark, Token, Transformer, v_args
from lark.exceptions import LarkError

Ast = tuple[Any, ...]

LONGEST_EXPRESSION = 3000
DEEPEST_NESTING = 60  # what is nested deeper is nobody's condition and would exhaust the stack
_GRAMMAR = r"""
?start: either
?either: both (OR both)*
?both: equality (AND equality)*
?equality: relation
         | relation EQUAL relation        -> compare
?relation: sum
         | sum RELATION sum               -> compare
?sum: term (SIGN term)*
?term: NOT term                           -> negation
     | SIGN NUMBER                        -> signed
     | NUMBER                             -> number
     | STRING                             -> string
     | NAME "(" [either ("," either)*] ")" -> call
     | NAME                               -> name
     | "(" either ")"
OR: "||" | /or\b/i
AND: "&&" | /and\b/i
EQUAL: "==" | "!=" | "<>" | /eq\b/i | /ne\b/i
RELATION: "<=" | ">=" | "<" | ">" | /le\b/i | /ge\b/i | /lt\b/i | /gt\b/i
NOT.3: /!(?!=)/ | /not\b/i
SIGN: "+" | "-"
NUMBER.2: /\d+(\.\d+)?(?![A-Za-z0-9_.])/
STRING: /"(\\.|[^"\\])*"|'(\\.|[^'\\])*'/s
NAME: /TOKEN:\w+|(INSERTANS:)?[A-Za-z0-9_][A-Za-z0-9_#]*(\.[A-Za-z0-9_]+)*/
%import common.WS
%ignore WS
"""
_OPERATORS = {"eq": "==", "ne": "!=", "<>": "!=", "lt": "<", "le": "<=", "gt": ">", "ge": ">="}
_ESCAPED = re.compile(r"\\(.)", re.DOTALL)
ATTRIBUTES = ("NAOK", "code", "value", "valueNAOK")  # they stand for the value itself
FREE_OF_RELEVANCE = ("NAOK", "valueNAOK")


class ExpressionError(Exception):
    """An expression that cannot be had here; the message says why."""


@v_args(inline=True)
class _ToAst(Transformer):  # type: ignore[type-arg]
    def either(self, *parts: Any) -> Ast:
        return ("or", parts[::2])

    def both(self, *parts: Any) -> Ast:
        return ("and", parts[::2])

    def compare(self, left: Ast, operator: Token, right: Ast) -> Ast:
        written = str(operator).lower()
        return ("compare", _OPERATORS.get(written, written), left, right)

    def sum(self, *parts: Any) -> Ast:
        return (
            "sum",
            (("+", parts[0]), *((str(sign), term) for sign, term in zip(parts[1::2], parts[2::2], strict=True))),
        )

    def negation(self, _: Token, part: Ast) -> Ast:
        return ("not", part)

    def signed(self, sign: Token, number: Token) -> Ast:
        return ("number", f"-{number}" if sign == "-" else str(number))

    def number(self, text: Token) -> Ast:
        return ("number", str(text))

    def string(self, text: Token) -> Ast:
        return ("string", _ESCAPED.sub(r"\1", str(text)[1:-1]))

    def call(self, name: Token, *arguments: Ast | None) -> Ast:
        return ("call", str(name).lower(), tuple(one for one in arguments if one is not None))

    def name(self, text: Token) -> Ast:
        words = str(text).removeprefix("INSERTANS:").split(".")
        if words[0] in ("self", "this", "that"):
            count = 2 if words[0] == "that" or (len(words) > 1 and words[1] not in ATTRIBUTES) else 1
            return ("name", ".".join(words[:count]), ".".join(words[count:]))
        return ("name", words[0], ".".join(words[1:]))


_PARSER = Lark(_GRAMMAR, parser="lalr", transformer=_ToAst())


@lru_cache(maxsize=1024)
def parse(text: str) -> Ast:
    """Parse an expression; raises ExpressionError for what is none, or is too long or too deep."""
    written = html.unescape(text).strip()
    depth = written.count("(") + written.count("!") - written.count("!=") + len(re.findall(r"(?i)\bnot\b", written))
    if len(written) > LONGEST_EXPRESSION or depth > DEEPEST_NESTING:
        raise ExpressionError("it is too long or too deep")
    try:
        return _PARSER.parse(written)  # type: ignore[return-value]
    except LarkError as error:
        raise ExpressionError("it cannot be read") from error
