"""What is wrong with an answer, and what to do about it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from flask_babel import gettext, lazy_gettext, ngettext

from survey.parts import BaseQuestion, ChosenQuestion
from survey.questions import DateQuestion, NumberQuestion, RankingQuestion, TextQuestion
from survey.reading import LONGEST_SPECIFIED
from survey.walk import Fault

from .limits import days, numbers
from .telling import Telling

Words = Any  # of Flask-Babel, which has no types


def fault_words(question: BaseQuestion, fault: Fault, telling: Telling) -> Words:
    """What is wrong with an answer, and what to do about it."""
    always = _ALWAYS.get(fault)
    return _BY_QUESTION[fault](question, telling) if always is None else always


def _required(question: BaseQuestion, _telling: Telling) -> Words:
    if isinstance(question, NumberQuestion | DateQuestion | TextQuestion):
        return gettext("Please answer this question.")
    if isinstance(question, RankingQuestion):
        return gettext("Please number at least one choice.")
    return gettext("Please choose an answer.")


def _too_long(question: BaseQuestion, _telling: Telling) -> Words:
    if isinstance(question, TextQuestion):
        return gettext("Please shorten this to %(count)s characters.", count=question.max_length)
    return gettext("Please shorten your own words to %(count)s characters.", count=LONGEST_SPECIFIED)


def _not_a_number(question: BaseQuestion, _telling: Telling) -> Words:
    if isinstance(question, NumberQuestion) and question.decimals:
        return gettext("Please write a number with at most %(count)s decimals, such as 12.5.", count=question.decimals)
    if isinstance(question, NumberQuestion):
        return gettext("Please write a whole number in digits, such as 12.")
    return gettext("Please write whole numbers: 1, 2, 3 and so on.")


def _not_a_date(question: BaseQuestion, _telling: Telling) -> Words:
    examples = {
        "day": gettext("Please write a day of the calendar, such as 2026-05-31."),
        "month": gettext("Please write the year and the month, such as 2026-05."),
        "year": gettext("Please write the year, such as 2026."),
    }
    return examples[question.precision] if isinstance(question, DateQuestion) else ""


def _out_of_range(question: BaseQuestion, telling: Telling) -> Words:
    if isinstance(question, NumberQuestion):
        first, last = numbers(question, telling)
        only_first = gettext("Please write %(first)s or more.", first=first)
        both = gettext("Please write a number from %(first)s to %(last)s.", first=first, last=last)
        only_last = gettext("Please write %(last)s or less.", last=last)
    else:
        first, last = days(question) if isinstance(question, DateQuestion) else ("", "")
        only_first = gettext("Please give a date that is not before %(first)s.", first=first)
        both = gettext("Please give a date from %(first)s to %(last)s.", first=first, last=last)
        only_last = gettext("Please give a date that is not after %(last)s.", last=last)
    return both if first and last else only_first if first else only_last


def _too_few(question: BaseQuestion, _telling: Telling) -> Words:
    least = getattr(question, "at_least", None) or 1
    return ngettext("Please choose at least %(num)s.", "Please choose at least %(num)s.", least)


def _too_many(question: BaseQuestion, _telling: Telling) -> Words:
    most = getattr(question, "at_most", None) or 1
    return ngettext("Please choose at most %(num)s.", "Please choose at most %(num)s.", most)


def _not_together(question: BaseQuestion, telling: Telling) -> Words:
    answer = telling.walk.answers.get(question.variable) if telling.walk else None
    codes = answer if isinstance(answer, tuple) else ()
    chosen = [question.by_code[code] for code in codes] if isinstance(question, ChosenQuestion) else []
    alone = next((telling.plain(one.text) for one in chosen if one.exclusive), "")
    return gettext("“%(choice)s” cannot be chosen together with other choices.", choice=alone)


def _format(question: BaseQuestion, _telling: Telling) -> Words:
    kinds = {
        "digits": gettext("Please write digits only."),
        "email": gettext("Please write an e-mail address, such as name@example.org."),
        "phone": gettext("Please write a telephone number: digits, and where needed +, hyphens and brackets."),
    }
    return kinds[question.format] if isinstance(question, TextQuestion) and question.format != "any" else ""


_ALWAYS: Mapping[Fault, Any] = {
    Fault.NOT_OFFERED: lazy_gettext("This answer is not one of those offered. Please choose again."),
    Fault.UNREADABLE: lazy_gettext("Some characters arrived broken. Please type them again."),
    Fault.SAME_RANK: lazy_gettext("Two choices have the same number. Please give each a number of its own."),
}
_BY_QUESTION: Mapping[Fault, Callable[[BaseQuestion, Telling], Words]] = {
    Fault.REQUIRED: _required,
    Fault.TOO_LONG: _too_long,
    Fault.NOT_A_NUMBER: _not_a_number,
    Fault.NOT_A_DATE: _not_a_date,
    Fault.OUT_OF_RANGE: _out_of_range,
    Fault.TOO_FEW: _too_few,
    Fault.TOO_MANY: _too_many,
    Fault.NOT_TOGETHER: _not_together,
    Fault.FORMAT: _format,
}
