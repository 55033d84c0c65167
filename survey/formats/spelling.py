"""Conditions of our own language spelled out from their lists, and their opposites without `not (…)` around them."""

from __future__ import annotations

from decimal import Decimal

from survey.logic import OWN, Ast, parse

_OPPOSITE = {"=": "!=", "!=": "=", "<": ">=", ">=": "<", ">": "<=", "<=": ">"}
_FUNCTIONS = {"count": "count-selected", "length": "string-length"}
_JOINS = {"and": "or", "or": "and"}


def denied(text: str, own: str | None = None) -> str:
    """The opposite: false where the condition was true, unknown where it was; `own` is what "." stands for."""
    return spell(_denied(parse(text, own)), own)


def _denied(ast: Ast) -> Ast:
    kind = ast[0]
    if kind in _OPPOSITE:
        return [_OPPOSITE[kind], *ast[1:]]
    if kind in _JOINS:
        return [_JOINS[kind], *map(_denied, ast[1:])]
    return list(ast[1]) if kind == "not" else ["not", ast]


def spell(ast: Ast, own: str | None = None) -> str:
    """A condition as text, as `survey.logic.parse` reads it."""
    kind = ast[0]
    if kind in _JOINS:
        return f" {kind} ".join(f"({spell(part, own)})" if part[0] in _JOINS else spell(part, own) for part in ast[1:])
    if kind == "not":
        inner = spell(ast[1], own)
        return f"not {inner}" if ast[1][0] in ("answered", "selected") else f"not ({inner})"
    if kind in _OPPOSITE:
        return f"{_value(ast[1], own)} {kind} {_value(ast[2], own)}"
    return f"{kind}({', '.join(_value(part, own) for part in ast[1:])})"


def _value(ast: Ast, own: str | None) -> str:
    kind = ast[0]
    if ast in (["var", own], OWN):
        return "."
    if kind == "var":
        return f"${{{ast[1]}}}"
    if kind == "value" and isinstance(ast[1], str):
        return f'"{ast[1]}"' if "'" in ast[1] else f"'{ast[1]}'"
    if kind in ("value", "decimal"):
        return f"{Decimal(ast[1]):f}"
    if kind in ("+", "-"):
        right = _value(ast[2], own)
        return f"{_value(ast[1], own)} {kind} {f'({right})' if ast[2][0] in ('+', '-') else right}"
    if kind == "today":
        return "today()"
    return f"{_FUNCTIONS[kind]}({_value(ast[1], own)})"
