"""What is wrong with a part of a questionnaire, as the document model finds it, in the page's language."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from flask_babel import gettext, ngettext

Fault = Mapping[str, Any]  # an error of pydantic: its type, where it stands (loc), what it says


def fault_words(fault: Fault) -> str:
    """The fault in plain words; the model's own words where there are no others."""
    kind, limits = str(fault["type"]), fault.get("ctx") or {}
    if kind == "value_error":
        return _value_words(str(limits.get("error", fault["msg"])))
    found = _PLAIN.get(kind)
    return found(limits) if found else str(fault["msg"])


def _value_words(message: str) -> str:
    for pattern, words in _VALUE_ERRORS:
        match = re.search(pattern, message)
        if match:
            return words(match.groupdict())
    return message


_PLAIN: dict[str, Callable[[Mapping[str, Any]], str]] = {
    "missing": lambda _: gettext("Fill this in."),
    "string_too_short": lambda _: gettext("Fill this in."),
    "string_too_long": lambda ctx: gettext("At most %(most)s characters.", most=ctx["max_length"]),
    "int_type": lambda _: gettext("A whole number is needed here."),
    "int_parsing": lambda _: gettext("A whole number is needed here."),
    "greater_than_equal": lambda ctx: gettext("At least %(least)s.", least=ctx["ge"]),
    "less_than_equal": lambda ctx: gettext("At most %(most)s.", most=ctx["le"]),
    "literal_error": lambda _: gettext("This is not one of the choices."),
    "too_short": lambda ctx: ngettext(
        "At least %(num)d is needed.", "At least %(num)d are needed.", int(ctx["min_length"])
    ),
    "too_long": lambda ctx: gettext("At most %(most)s are allowed.", most=ctx["max_length"]),
    "string_pattern_mismatch": lambda ctx: _pattern_words(str(ctx.get("pattern", ""))),
}


def _pattern_words(pattern: str) -> str:
    if pattern.startswith("^[a-z][a-z0-9_]"):
        return str(gettext("Use small letters a to z, digits and _ only, a letter first, at most 40 characters."))
    if "today" in pattern:
        return str(gettext("Give a day like 2026-01-31, or today."))
    if pattern.startswith("^[A-Za-z0-9]"):
        return str(gettext("A code has letters a to z, digits, points, hyphens and _ only, at most 64."))
    if pattern.startswith("^[a-z]{2,3}"):
        return str(gettext("This is no language tag such as zh-Hans or en."))
    return str(gettext("This is not written as it should be."))


_Words = Callable[[Mapping[str, str]], str]
_VALUE_ERRORS: list[tuple[str, _Words]] = [
    (r"^two choices", lambda _: gettext("Two choices have the same code.")),
    (
        r"^two reasons under choice (?P<code>\d+)",
        lambda at: gettext("Two reasons under choice %(code)s have the same code.", code=at["code"]),
    ),
    (
        r"^reason (?P<code>\d+)",
        lambda at: gettext(
            "Reason %(code)s has different words under two choices; one code means one thing.", code=at["code"]
        ),
    ),
    (r"same reason for no answer", lambda _: gettext("The same reason for no answer is offered twice.")),
    (r"more choices than it", lambda _: gettext("It asks for more choices than it allows or has.")),
    (r"five levels", lambda _: gettext("It needs the five levels with the codes 1 to 5.")),
    (r"takes many choices", lambda _: gettext("Where several choices can be made, no reasons stand under them.")),
    (r"is ranked", lambda _: gettext("A choice that is ranked has a code and words, nothing else.")),
    (r"two to eleven points", lambda _: gettext("A scale has two to eleven points, and its last is above its first.")),
    (r"labels for points", lambda _: gettext("Points have words that the scale does not have.")),
    (r"minimum above", lambda _: gettext("The smallest number is above the largest.")),
    (r"has the place (?P<code>\S+) twice", lambda at: gettext("The place %(code)s comes twice.", code=at["code"])),
    (r"the parent of (?P<code>\S+)", lambda at: gettext("What groups %(code)s must stand before it.", code=at["code"])),
    (
        r"neither reasons nor words",
        lambda _: gettext("The choices of a table have neither reasons nor “please say” beside them."),
    ),
    (r"put the check", lambda _: gettext("A table has no checks: put them on a question after it.")),
    (
        r"asks nothing",
        lambda _: gettext("It asks nothing, so there is nothing to check and nothing that ends the survey."),
    ),
]
