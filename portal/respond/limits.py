"""What an answer must keep to, said before it is given: how many, from where to where, how long."""

from __future__ import annotations

from datetime import date

from flask_babel import format_date, gettext, ngettext

from survey.parts import BaseQuestion
from survey.questions import DateQuestion, MultipleQuestion, NumberQuestion, RankingQuestion, TextQuestion

from .telling import Telling

SHAPES = {"day": "YYYY-MM-DD", "month": "YYYY-MM", "year": "YYYY"}


def limits(question: BaseQuestion, telling: Telling) -> list[str]:
    """What is to be known before answering, beyond the question's own words."""
    if isinstance(question, MultipleQuestion):
        return _how_many(question)
    if isinstance(question, RankingQuestion):
        return [gettext("Number the choices: 1 is the most important."), *_how_many(question)]
    if isinstance(question, NumberQuestion):
        first, last = numbers(question, telling)
        return _between(first, last, gettext("At least %(first)s", first=first), gettext("At most %(last)s", last=last))
    if isinstance(question, DateQuestion):
        example = [gettext("Year and month, such as 2026-05")] if question.precision == "month" else []
        first, last = days(question)
        before = gettext("Not before %(first)s", first=first)
        return example + _between(first, last, before, gettext("Not after %(last)s", last=last))
    if isinstance(question, TextQuestion):
        return [ngettext("At most %(num)s character", "At most %(num)s characters", question.max_length)]
    return []


def _how_many(question: MultipleQuestion | RankingQuestion) -> list[str]:
    least, most = question.at_least, question.at_most
    if least is not None and least == most:
        return [ngettext("Choose exactly %(num)s", "Choose exactly %(num)s", least)]
    if least is not None and most is not None:
        return [gettext("Choose %(least)s to %(most)s", least=least, most=most)]
    if most is not None:
        return [ngettext("Choose up to %(num)s", "Choose up to %(num)s", most)]
    if least is not None and least > 1:
        return [ngettext("Choose at least %(num)s", "Choose at least %(num)s", least)]
    return []


def _between(first: str, last: str, only_first: str, only_last: str) -> list[str]:
    if first and last:
        return [gettext("From %(first)s to %(last)s", first=first, last=last)]
    return [only_first] if first else [only_last] if last else []


def numbers(question: NumberQuestion, telling: Telling) -> tuple[str, str]:
    """The bounds as they are said, '' where there is none; the unit stands behind the last number said."""
    lowest, highest = ["" if one is None else str(one) for one in (question.minimum, question.maximum)]
    if highest:
        return lowest, telling.measured(highest, question.unit)
    return (telling.measured(lowest, question.unit) if lowest else ""), ""


def days(question: DateQuestion) -> tuple[str, str]:
    """The bounds as they are said, '' where there is none."""
    return _day(question, question.earliest), _day(question, question.latest)


def _day(question: DateQuestion, bound: str | None) -> str:
    if bound is None:
        return ""
    if bound == "today":
        now = {"day": gettext("today"), "month": gettext("this month"), "year": gettext("this year")}
        return str(now[question.precision])
    found = date.fromisoformat(bound)
    return str(format_date(found)) if question.precision == "day" else bound[: len(SHAPES[question.precision])]
