"""XLSForm expressions in our condition language.

There an answer that was not given is an empty text: equal to nothing, unequal to everything. Here it is unknown, and
what is unknown is not true. What is made here is therefore true on exactly the answers on which the expression is.
"""

from __future__ import annotations

from dataclasses import replace

from survey.errors import LogicError
from survey.formats.spelling import denied
from survey.formats.truth import ALWAYS, NEVER, Rule, Truth, both, either, opposite, write
from survey.logic import parse

from .asked import Asked, Scope
from .parsing import ExpressionError, Tree, parse_expression
from .values import (
    MIRRORED,
    OPPOSITE,
    TODAY,
    Value,
    alike,
    as_number,
    check_kinds,
    compares,
    constant,
    holds_for_blank,
    value_of,
)

DEEPEST_CALCULATIONS = 8
_TRUTHS = (["call", "true"], ["call", "false"])


def condition(text: str | Tree, scope: Scope) -> Truth:
    """What holds exactly when the expression does; raises ExpressionError saying why that cannot be said."""
    return both(scope.settled(_understood(text, scope)))


def _understood(text: str | Tree, scope: Scope) -> Truth:
    tried = replace(scope, used=set())
    tried.parts[0] = 0
    truth = _truth(read_tree(text) if isinstance(text, str) else text, tried, DEEPEST_CALCULATIONS)
    scope.used |= tried.used
    return truth


def check_rule(text: str | Tree, scope: Scope) -> str | None:
    """The rule of a check that fails where the expression does and there is an answer; None if it never fails.

    A check lets pass what is unknown, so the rule is the opposite of what holds exactly when the expression does not.
    """
    understood = _understood(text, scope)
    truth = both(scope.settled(understood))
    own = scope.own.variable if scope.own else None
    if truth == NEVER:
        raise ExpressionError("it never holds")
    plain = written(truth, own)
    if plain is None or "${" not in plain:
        return plain
    fault = written(both(scope.settled(opposite(understood))), own)
    return denied(fault, own) if fault else None


def written(truth: Truth, own: str | None = None) -> str | None:
    """The condition as text, None where it always holds; raises ExpressionError where our language has no room."""
    text = write(truth)
    if text is None:
        return None
    text = text if own is None else text.replace(f"${{{own}}}", ".")
    try:
        parse(text, own)
    except LogicError as error:
        raise ExpressionError(f"it cannot be written here: {error.message.lower()}") from error
    return text


def read_tree(text: str) -> Tree:
    """The tree of an expression; a cell may also hold a bare true or false."""
    lowered = text.strip().lower()
    if lowered in ("true", "false"):
        return ["call", lowered]
    return parse_expression(text.strip())


def _truth(tree: Tree, scope: Scope, depth: int, wanted: bool = True) -> Truth:
    """What holds exactly when the tree is true (or, if `wanted` is False, not true)."""
    scope.read_part()
    kind = tree[0]
    if kind in ("and", "or"):
        parts = [_truth(part, scope, depth, wanted) for part in tree[1:]]
        return both(*parts) if (kind == "and") is wanted else either(*parts)
    if kind == "number":
        return ALWAYS if (float(tree[1]) != 0) is wanted else NEVER
    if kind == "compare" and tree[1] in ("=", "!=") and tree[3] in _TRUTHS:
        return _truth(tree[2], scope, depth, ((tree[1] == "=") is (tree[3] == _TRUTHS[0])) is wanted)
    if kind == "compare":
        return _comparison(tree[1], _value(tree[2], scope, depth), _value(tree[3], scope, depth), wanted)
    if kind == "call" and tree[1] in ("true", "false", "not", "boolean", "selected"):
        return _call(tree, scope, depth, wanted)
    if kind == "name" and _is_calculated(tree[1], scope):
        return _truth(_calculation(tree[1], scope, depth), replace(scope, own=None), depth - 1, wanted)
    value = _value(tree, scope, depth)
    if value.asked is not None:
        return _has_answer(value.asked, wanted)
    raise ExpressionError("a value stands where something true or false is needed")


def _call(tree: Tree, scope: Scope, depth: int, wanted: bool) -> Truth:
    name, arguments = tree[1], tree[2:]
    if name in ("true", "false"):
        return ALWAYS if (name == "true") is wanted else NEVER
    if name == "selected":
        return _selected(arguments, scope, depth, wanted)
    if len(arguments) != 1:
        raise ExpressionError(f"{name}() is asked about {len(arguments)} things")
    return _truth(arguments[0], scope, depth, wanted is (name == "boolean"))


def _is_calculated(name: str, scope: Scope) -> bool:
    return name in scope.calculated and name not in scope.asked


def _calculation(name: str, scope: Scope, depth: int) -> Tree:
    scope.used.add(name)
    if depth <= 0:
        raise ExpressionError(f"it reads {name}, which is calculated from too many others")
    return read_tree(scope.calculated[name])


def _value(tree: Tree, scope: Scope, depth: int) -> Value:
    scope.read_part()
    if tree[0] == "name" and tree[1] in scope.days:
        return TODAY
    if tree[0] == "name" and _is_calculated(tree[1], scope):
        return _value(_calculation(tree[1], scope, depth), replace(scope, own=None), depth - 1)
    if tree[0] in ("name", "own"):
        asked = scope.look_up(tree[1]) if tree[0] == "name" else _own(scope)
        return Value(f"${{{asked.variable}}}", asked.kind, (asked,))
    return value_of(tree, lambda inner: _value(inner, scope, depth))


def _own(scope: Scope) -> Asked:
    if scope.own is None:
        raise ExpressionError('"." stands for nothing here')
    return scope.own


def _has_answer(asked: Asked, wanted: bool) -> Truth:
    """A variable alone: whether it holds anything; a number must not be 0 either."""
    if asked.kind != "number":
        return asked.is_empty(not wanted)
    is_other = Rule(f"${{{asked.variable}}} {'!=' if wanted else '='} 0", asked.needs)
    return is_other if wanted else either(asked.answered(False), is_other)


def _selected(arguments: list[Tree], scope: Scope, depth: int, wanted: bool) -> Truth:
    if len(arguments) == 2 and arguments[0][0] in ("name", "own"):
        asked = _value(arguments[0], scope, depth).asked
        name = constant(_value(arguments[1], scope, depth))
        if asked is not None and name is not None and asked.kind in ("single", "several"):
            return _chosen(asked, name, wanted)
    raise ExpressionError("selected() is not asked about a question and one of its choices")


def _chosen(asked: Asked, name: str, wanted: bool) -> Truth:
    """Whether a choice was made, alone or among others."""
    codes = asked.codes.get(name)
    if codes is None:
        raise ExpressionError(f"{name!r} is no choice of {asked.variable}")
    if asked.kind == "single":
        is_it = asked.being(*codes)
        return is_it if wanted else opposite(is_it)
    if asked.missing & set(codes):
        if asked.is_own:
            return NEVER if wanted else ALWAYS
        raise ExpressionError(f"{name!r} beside other choices stands for no answer to {asked.variable}")
    texts = [f"selected(${{{asked.variable}}}, {code})" for code in codes]
    if wanted:
        return either(*(Rule(text, asked.needs) for text in texts))
    return either(asked.answered(False), both(*(Rule(f"not {text}", asked.needs) for text in texts)))


def _comparison(operator: str, left: Value, right: Value, wanted: bool) -> Truth:
    for one, other, sign in ((left, right, operator), (right, left, MIRRORED[operator])):
        words = constant(other)
        if one.asked is not None and words is not None:
            if words == "" and operator in ("=", "!="):
                return one.asked.is_empty((operator == "=") is wanted)
            if one.kind in ("single", "several"):
                return _choices(one.asked, sign, words, wanted)
    left, right = alike(left, right), alike(right, left)
    check_kinds(operator, left, right)
    asked = tuple({one.variable: one for one in left.reads + right.reads}.values())
    if operator in ("=", "!=") and left.asked and right.asked:
        return _same(left.asked, right.asked, (operator == "=") is wanted)
    needs = tuple(name for one in asked for name in one.needs)
    rule = Rule(f"{left.text} {operator if wanted else OPPOSITE[operator]} {right.text}", needs)
    if holds_for_blank(operator, left, right) is not wanted:
        return rule
    return either(*(one.answered(False) for one in asked), rule)


def _choices(asked: Asked, operator: str, words: str, wanted: bool) -> Truth:
    """An answer compared with the name of a choice: of several choices, with that one made alone."""
    if operator not in ("=", "!="):
        return _ordered(asked, operator, words, wanted)
    is_equal = (operator == "=") is wanted
    if asked.kind == "several" and asked.missing & set(asked.codes.get(words, ())):
        is_it = asked.being(*asked.codes[words])
        return is_it if is_equal else opposite(is_it)
    chosen = _chosen(asked, words, is_equal)
    if asked.kind == "single":
        return chosen
    alone = Rule(f"count-selected(${{{asked.variable}}}) {'=' if is_equal else '!='} 1", asked.needs)
    return both(chosen, alone) if is_equal else either(chosen, alone)


def _ordered(asked: Asked, operator: str, words: str, wanted: bool) -> Truth:
    """Choices whose names are numbers, compared with a number; names that are none are never above or below."""
    limit = as_number(words)
    if asked.kind != "single" or limit is None:
        raise ExpressionError("it puts in order what has none")
    found = [codes for name, codes in asked.codes.items() if compares(as_number(name), operator, limit)]
    if not found:
        raise ExpressionError(f"no choice of {asked.variable} is {operator} {words}")
    is_one = asked.being(*(code for codes in found for code in codes))
    return is_one if wanted else opposite(is_one)


def _same(left: Asked, right: Asked, wanted: bool) -> Truth:
    """Two answers compared; two that were not given are the same."""
    if left.kind == "several" or dict(left.codes) != dict(right.codes) or left.missing or right.missing:
        raise ExpressionError(f"{left.variable} and {right.variable} cannot be compared")
    text = f"${{{left.variable}}} {'=' if wanted else '!='} ${{{right.variable}}}"
    rule = Rule(text, left.needs + right.needs)
    neither = both(left.answered(False), right.answered(False))
    if wanted:
        return either(rule, neither)
    one_only = [both(one.answered(False), other.answered(True)) for one, other in ((left, right), (right, left))]
    return either(rule, *one_only)
