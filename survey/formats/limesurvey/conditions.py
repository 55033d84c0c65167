"""From LimeSurvey's expressions to our conditions, with its two truth values kept.

There, what is unanswered is an empty text: it differs from every code and is above no number. Here, a comparison with
what is unanswered is unknown, which counts as false; so each negation says in words that the answer may be lacking.
A variable without `.NAOK` makes the whole expression false where its question is not asked.
"""

from __future__ import annotations

from decimal import Decimal
from itertools import combinations
from math import comb

from .comparisons import (
    INVERSE,
    answered,
    holds,
    is_numeric,
    mirrored,
    number,
    ours,
    with_constant,
    with_empty,
    with_other,
)
from .expressions import ATTRIBUTES, FREE_OF_RELEVANCE, Ast, ExpressionError, parse
from .names import Catalogue, Field, Kind
from .nodes import Node, all_of, answered_by, any_of

MOST_COMBINATIONS = 30  # of "at least k of these are answered"
MOST_STEPS = 1000  # of one expression; "if" within "if" doubles them each time
SUMS_NEED_ALL = "a sum is compared only once all of its parts are answered"
_CONSTANTS = ("number", "string")
_SAME_VALUE = ("floatval", "intval", "trim")  # of what is answered here, they change nothing


class Translation:
    """Expressions translated against what was asked before; `notes` say where it is not quite the same."""

    def __init__(self, catalogue: Catalogue) -> None:
        self.catalogue = catalogue
        self.notes: list[str] = []
        self._strict: list[Field] = []
        self._steps = 0

    def of(self, expression: str) -> Node:
        """The condition under which the expression is true; raises ExpressionError for what cannot be said here."""
        node = self._truth(parse(expression), True)
        said = answered_by(node)
        return all_of([*(one.condition for one in self._strict if one.variable not in said), node])

    def field(self, expression: str) -> Field:
        """The one variable that an expression consists of, for a pipe."""
        ast = parse(expression)
        if ast[0] != "name":
            raise ExpressionError("it is more than one answer")
        return self._field(ast if ast[2] != "shown" else (*ast[:2], "NAOK"))

    def amount(self, expression: str) -> str:
        """A number, or a sum of answers, as an operand of our conditions."""
        return self._sum(parse(expression))

    def _truth(self, ast: Ast, wanted: bool) -> Node:
        self._steps += 1
        if self._steps > MOST_STEPS:
            raise ExpressionError("it is too long")
        kind = ast[0]
        if kind in ("and", "or"):
            parts = [self._truth(part, wanted) for part in ast[1]]
            return all_of(parts) if (kind == "and") is wanted else any_of(parts)
        if kind == "not":
            return self._truth(ast[1], not wanted)
        if kind == "compare":
            return self._compare(ast[1], self._bare(ast[2]), self._bare(ast[3]), wanted)
        if kind == "number":
            return (Decimal(ast[1]) != 0) is wanted
        if kind == "string":
            return (ast[1] not in ("", "0")) is wanted
        if kind == "name":
            return self._alone(self._field(ast), wanted)
        if kind == "call":
            return self._call(ast[1], ast[2], wanted)
        raise ExpressionError("a sum stands where something true or false is needed")

    def _alone(self, one: Field, wanted: bool) -> Node:
        """A variable by itself is true when it is answered with anything but 0."""
        zero = 0 if one.kind is Kind.NUMBER else one.codes.get("0")
        if zero is None:
            return answered(one, wanted, self.notes)
        return with_empty(one.variable, "!=", str(zero), empty=False, wanted=wanted)

    def _call(self, name: str, arguments: tuple[Ast, ...], wanted: bool) -> Node:
        if name in ("is_empty", "empty") and len(arguments) == 1:
            return answered(self._field(self._bare(arguments[0])), not wanted, self.notes)
        if name == "count":
            return self._at_least(self._fields(arguments), 1, wanted)
        if name == "if" and len(arguments) == 3:
            test, then, other = arguments
            cases = ((self._truth(test, True), then), (self._truth(test, False), other))
            return any_of(all_of([case, self._truth(result, wanted)]) for case, result in cases)
        raise ExpressionError(f"the function {name}() has no counterpart")

    def _bare(self, ast: Ast) -> Ast:
        """An operand without the functions that change nothing here."""
        while ast[0] == "call" and ast[1] in _SAME_VALUE and len(ast[2]) == 1:
            ast = ast[2][0]
        return ast

    # --- comparisons --------------------------------------------------------------------------------------------------

    def _compare(self, operator: str, left: Ast, right: Ast, wanted: bool) -> Node:
        if left[0] in _CONSTANTS and right[0] in _CONSTANTS:
            return holds(operator, left[1], right[1]) is wanted
        is_other_way = left[0] in _CONSTANTS or (left[0] == "name" and right[0] == "call")
        if is_other_way:
            operator, left, right = mirrored(operator), right, left
        if left[0] == "call" and left[1] in ("count", "strlen", "date"):
            return self._call_compared(operator, left, right, wanted)
        if left[0] == "name" and right[0] in _CONSTANTS:
            return with_constant(self._field(left), operator, right[1], wanted, self.notes)
        if left[0] == right[0] == "name":
            return with_other(self._field(left), operator, self._field(right), wanted)
        return self._sums(operator, left, right, wanted)

    def _call_compared(self, operator: str, call: Ast, right: Ast, wanted: bool) -> Node:
        _, name, arguments = call
        if name == "date":
            return self._today(operator, arguments, right, wanted)
        if right[0] != "number" or not right[1].isdigit():
            raise ExpressionError(f"{name}() is compared with something else than a whole number")
        if name == "strlen" and len(arguments) == 1:
            one = self._field(arguments[0])
            if one.kind is not Kind.TEXT:
                raise ExpressionError("it takes the length of what is no text")
            length = f"string-length(${{{one.variable}}})"
            is_empty = holds(operator, "0", right[1])
            return with_empty(one.variable, operator, number(right[1]), empty=is_empty, wanted=wanted, left=length)
        return self._counted(operator, self._fields(arguments), int(number(right[1])), wanted)

    def _today(self, operator: str, arguments: tuple[Ast, ...], right: Ast, wanted: bool) -> Node:
        """The day of the answer, left of the operator, and a date right of it."""
        if len(arguments) != 1 or right[0] != "name":
            raise ExpressionError("it reckons with dates")
        one = self._field(right)
        if one.kind is not Kind.DATE:
            raise ExpressionError("it compares a date with something else")
        turned = mirrored(operator)
        return with_empty(one.variable, turned, "today()", empty=turned == "!=", wanted=wanted)

    def _counted(self, operator: str, fields: list[Field], n: int, wanted: bool) -> Node:
        if operator in ("==", "!="):
            is_equal = (operator == "==") is wanted
            parts = [self._at_least(fields, n, is_equal), self._at_least(fields, n + 1, not is_equal)]
            return all_of(parts) if is_equal else any_of(parts)
        least = n + (operator in (">", "<="))
        return self._at_least(fields, least, wanted is (operator in (">=", ">")))

    def _at_least(self, fields: list[Field], n: int, wanted: bool) -> Node:
        """That `n` of them, or more, are answered; or that fewer are."""
        if n <= 0 or n > len(fields):
            return (n <= 0) is wanted
        variables = {one.variable for one in fields}
        if len(variables) == 1 and len(fields) > 1 and len(fields) == len(self.catalogue.options(fields[0])):
            if any(one.missing for one in fields):
                self.notes.append("the reasons for no answer are not counted")
            (variable,) = variables
            return with_empty(
                variable, ">=", str(n), empty=False, wanted=wanted, left=f"count-selected(${{{variable}}})"
            )
        size = n if wanted else len(fields) - n + 1
        if comb(len(fields), size) > MOST_COMBINATIONS:
            raise ExpressionError("it counts answers to several questions")
        each = [answered(one, wanted, self.notes) for one in fields]
        return any_of(all_of(some) for some in combinations(each, size))

    # --- sums ---------------------------------------------------------------------------------------------------------

    def _sums(self, operator: str, left: Ast, right: Ast, wanted: bool) -> Node:
        self.notes.append(SUMS_NEED_ALL)
        sign = ours(operator if wanted else INVERSE[operator])
        return f"{self._sum(left)} {sign} {self._sum(right)}"

    def _sum(self, ast: Ast) -> str:
        ast = self._bare(ast)
        if ast[0] == "number":
            return number(ast[1])
        if ast[0] == "sum":
            (_, first), *others = ast[1]
            return "(" + self._sum(first) + "".join(f" {sign} {self._sum(term)}" for sign, term in others) + ")"
        fields = self._fields(ast[2] if ast[:2] == ("call", "sum") else (ast,))
        if not fields or not all(is_numeric(one) for one in fields):
            raise ExpressionError("it reckons with what is no number here")
        terms = " + ".join(f"${{{one.variable}}}" for one in fields)
        return f"({terms})" if len(fields) > 1 else terms

    # --- names --------------------------------------------------------------------------------------------------------

    def _fields(self, arguments: tuple[Ast, ...]) -> list[Field]:
        return [one for ast in arguments for one in self._named(self._bare(ast))]

    def _field(self, ast: Ast) -> Field:
        found = self._named(ast)
        if len(found) != 1:
            raise ExpressionError(f"{ast[1]} stands for several answers")
        return found[0]

    def _named(self, ast: Ast) -> list[Field]:
        if ast[0] != "name":
            raise ExpressionError("it reckons where an answer is needed")
        _, name, attribute = ast
        if attribute and attribute not in ATTRIBUTES:
            raise ExpressionError(f".{attribute} has no counterpart")
        found = self._whole(name)
        if attribute not in FREE_OF_RELEVANCE:
            self._strict += found
        return found

    def _whole(self, name: str) -> list[Field]:
        first, _, rest = name.partition(".")
        found: list[Field] | None
        if name == "this":
            found = [self.catalogue.this] if self.catalogue.this else None
        elif first == "that" or name == "self":
            found = self.catalogue.whole(rest or self.catalogue.own)
        else:
            written = f"{self.catalogue.own}_{rest.removeprefix('sq_')}" if first == "self" else name
            one = self.catalogue.find(written)
            found = [one] if one else None
        if not found:
            raise ExpressionError(self.catalogue.why_not(rest if first in ("self", "that") else name))
        return found
