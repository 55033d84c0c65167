"""XLSForm expressions (a part of XPath 1.0) as trees; nothing is ever evaluated.

A tree is a list: ["or" | "and", part…], ["compare", operator, left, right], ["sum", first, "+" | "-", next, …],
["product", …], ["call", name, argument…], ["path", text], ["name", variable], ["own"], ["number", text],
["text", words].
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from lark import Lark, Token, Transformer, v_args
from lark.exceptions import LarkError

Tree = list[Any]
LONGEST = 4_000  # characters; with the depth it keeps every walk through a tree far from the stack's end
DEEPEST = 40

_GRAMMAR = r"""
?start: either
either: both (_OR both)*
both: comparison (_AND comparison)*
comparison: sum [COMPARE sum]
sum: product (SIGN product)*
product: term (TIMES term)*
?term: NUMBER           -> number
     | SIGN term        -> signed
     | STRING           -> text
     | VARIABLE         -> name
     | OWN              -> own
     | PATH             -> path
     | NAME "(" [either ("," either)*] ")" -> call
     | "(" either ")"
_OR: /or/i
_AND: /and/i
COMPARE: "!=" | "<=" | ">=" | "=" | "<" | ">"
SIGN: "+" | "-"
TIMES: "*" | "div" | "mod"
NUMBER: /\d+(\.\d+)?|\.\d+/
STRING: /'[^']*'|"[^"]*"|[‘’][^‘’]*[‘’]|[“”][^“”]*[“”]/
VARIABLE: /\$\{[^{}]*\}/
OWN: /\.(?![\d.\/])/
PATH: /(\.{1,2}\/|\/|\.\.|@)[^\s,()=!<>+*'"]*/
NAME: /[A-Za-z_][\w.:-]*/
%ignore /\s+/
"""


class ExpressionError(Exception):
    """An expression that has no meaning here; the text says why."""


@v_args(inline=True)
class _ToTree(Transformer):  # type: ignore[type-arg]
    def either(self, *parts: Tree) -> Tree:
        return ["or", *parts] if len(parts) > 1 else parts[0]

    def both(self, *parts: Tree) -> Tree:
        return ["and", *parts] if len(parts) > 1 else parts[0]

    def comparison(self, left: Tree, operator: Token | None, right: Tree | None) -> Tree:
        return left if operator is None else ["compare", str(operator), left, right]

    def sum(self, *parts: Any) -> Tree:
        return ["sum", *parts] if len(parts) > 1 else parts[0]

    def product(self, *parts: Any) -> Tree:
        return ["product", *parts] if len(parts) > 1 else parts[0]

    def number(self, text: Token) -> Tree:
        return ["number", str(text)]

    def signed(self, sign: Token, term: Tree) -> Tree:
        if term[0] != "number":
            return ["product", sign, term]
        return term if sign == "+" else ["number", term[1][1:] if term[1].startswith("-") else f"-{term[1]}"]

    def text(self, text: Token) -> Tree:
        return ["text", str(text)[1:-1]]

    def name(self, text: Token) -> Tree:
        return ["name", str(text)[2:-1].strip()]

    def own(self, _: Token) -> Tree:
        return ["own"]

    def path(self, text: Token) -> Tree:
        return ["path", str(text)]

    def call(self, name: Token, *arguments: Tree | None) -> Tree:
        return ["call", str(name), *(one for one in arguments if one is not None)]


_PARSER = Lark(_GRAMMAR, parser="lalr", transformer=_ToTree())


@lru_cache(maxsize=1024)
def parse_expression(text: str) -> Tree:
    """The tree of an expression; raises ExpressionError when it is none, or longer or deeper than any honest one."""
    if len(text) > LONGEST or _depth(text) > DEEPEST:
        raise ExpressionError("it is too long or too deep")
    try:
        return _PARSER.parse(text)  # type: ignore[return-value]
    except LarkError as error:
        raise ExpressionError("it is no expression that can be read") from error


def _depth(text: str) -> int:
    """The deepest nesting of brackets and signs that there can be."""
    deepest = depth = signs = 0
    for char in text:
        if char == "(":
            depth += 1
        elif char == ")":
            depth -= 1
        signs = signs + 1 if char in "+-" else signs * char.isspace()
        deepest = max(deepest, depth + signs)
    return deepest
