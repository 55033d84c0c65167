"""What is wrong with a condition, in the page's language, and where."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass

from flask_babel import gettext

from survey.errors import LogicError
from survey.logic import LONGEST_CONDITION, parse, variables

_STOPS = re.compile(r"it stops at character (\d+)", re.ASCII)


@dataclass(frozen=True)
class Verdict:
    """Whether a condition holds water; `position` counts characters from 1, None where no single one is at fault."""

    is_sound: bool
    message: str = ""
    position: int | None = None


SOUND = Verdict(True)


def judged(text: str, *, before: Collection[str], everywhere: Collection[str], own: str | None = None) -> Verdict:
    """A condition at its place: `before` are the variables asked earlier, `everywhere` all there are."""
    if not text:
        return SOUND
    try:
        read = list(dict.fromkeys(variables(parse(text, own))))
    except LogicError as error:
        return explained(error, text)
    allowed = {*before, own}
    for name in (one for one in read if one not in allowed):
        position = text.find(f"${{{name}}}") + 1 or None
        if name in everywhere:
            return Verdict(
                False, gettext("%(name)s is asked here or later, so it is not known yet.", name=name), position
            )
        return Verdict(False, gettext("No question has the variable %(name)s.", name=name), position)
    return SOUND


def explained(error: LogicError, text: str) -> Verdict:
    """What the parser says, in plain words."""
    stops = _STOPS.match(error.hint)
    if stops:
        place = int(stops[1])
        found = text[place - 1 : place + 11]
        return Verdict(
            False, gettext("It cannot be read from character %(place)s on: %(text)s", place=place, text=found), place
        )
    for beginning, words in _words().items():
        if beginning in (error.message + error.hint):
            return Verdict(False, words)
    return Verdict(False, gettext("It cannot be read: %(reason)s", reason=error.hint or error.message))


def _words() -> dict[str, str]:
    example = "${q1} >= 4"
    return {
        "it stops at its end": gettext("Something lacks at its end. An example: %(example)s", example=example),
        "too long": gettext("It is too long: at most %(most)s characters.", most=LONGEST_CONDITION),
        "too deeply": gettext("It has too many brackets within brackets."),
        "too many terms": gettext("A sum in it has too many terms."),
        "own answer": gettext("The point stands for a question’s own answer and makes no sense here."),
        "a value stands": gettext("A value must be compared with something. An example: %(example)s", example=example),
        "a comparison stands": gettext("A comparison stands where a value belongs."),
        "nine digits": gettext("A number may have nine digits before the point and six behind it."),
    }
