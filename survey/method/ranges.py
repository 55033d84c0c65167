"""Choices that are ranges of numbers: who fits two of them, who fits none.

Read are ranges with any dash, words such as 以下 and 以上 or "under" and "over", thousands, 万, and units of time that
differ. 以上 includes the number that it names and 以下 does by law too (Civil Code of China, article 1259), though
statistics often mean "less than": what that leaves open is told apart from true overlaps.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise

from survey.parts import BaseQuestion

from .scales import valid_choices

_NUMBER = (
    r"[¥$£€]?\s*(?P<{0}>\d+(?:,\d{{3}})*(?:\.\d+)?)\s*(?P<{0}_times>万|千|百|亿|k|m(?![a-z]))?"
    r"\s*(?P<{0}_unit>[^\d\s,;(~至到–—-]{{0,8}}?)"
)
_DASH = r"(?:-|~|—|–|―|−|至|到|\bto\b|\band\b)+"
_ONE = re.compile(rf"^(?P<before>[^\d]*?)\s*{_NUMBER.format('a')}\s*(?P<after>[^\d]*)$")
_TWO = re.compile(
    rf"^(?P<before>[^\d]*?)\s*{_NUMBER.format('a')}\s*(?P<open>\(?不含\)?)?\s*{_DASH}\s*"
    rf"(?P<under>不足|不满|低于|under|below|less than)?\s*{_NUMBER.format('b')}\s*(?P<after>[^\d]*)$"
)
_TIMES = {"百": 100, "千": 1000, "万": 10_000, "亿": 100_000_000, "k": 1000, "m": 1_000_000}
_TIME = (
    ("个月", 1),
    ("月", 1),
    ("month", 1),
    ("年", 12),
    ("year", 12),
    ("分钟", 1),
    ("minute", 1),
    ("小时", 60),
    ("hour", 60),
)
_SIDES = (  # how a word beside a number is read: which side is open, whether the number itself counts
    (re.compile(r"不少于|不低于|至少|at least|no less than|not less than|≥|>="), "over", True),
    (re.compile(r"及以下|或以下|不超过|不多于|最多|至多|up to|at most|no more than|not more than|≤|<="), "under", True),
    (re.compile(r"(?:or|and) (?:less|under|fewer|below|younger)"), "under", True),
    (
        re.compile(r"不足|不满|未满|未到|低于|少于|小于|不到|under|below|less than|fewer than|younger than|<"),
        "under",
        False,
    ),
    (re.compile(r"以下|以内|之内|之下|within"), "under", None),
    (re.compile(r"及以上|或以上|以上|起|满(?!意)|\+|(?:or|and) (?:more|over|older|above|longer|up)"), "over", True),
    (re.compile(r"超过|多于|高于|大于|over|more than|above|older than|longer than|>"), "over", False),
)
_LOWEST = Decimal("-Infinity")
_HALVES = {
    "半年": "6个月",
    "半小时": "30分钟",
    "半个小时": "30分钟",
    "half a year": "6 months",
    "half an hour": "30 minutes",
}


@dataclass(frozen=True)
class Interval:
    """The numbers of one choice, after the words `before` them.

    An end is None where it is open; `is_vague` where nobody knows whether the upper end counts.
    """

    label: str
    before: str
    low: Decimal | None
    high: Decimal | None
    has_low: bool = True
    has_high: bool = True
    is_vague: bool = False
    step: Decimal = Decimal(1)


@dataclass(frozen=True)
class Problem:
    """Two neighbouring choices that overlap, leave a gap, or may both be meant by one value."""

    rule: str
    first: str
    second: str


def interval(label: str) -> Interval | None:
    """The numbers that a choice stands for; None where it is no range."""
    text = unicodedata.normalize("NFKC", label).casefold().strip()
    for word, number in _HALVES.items():
        text = text.replace(word, number)
    two = _TWO.match(text)
    if two is not None:
        return _between(label, two)
    one = _ONE.match(text)
    return None if one is None else _to_one_side(label, one)


def _between(label: str, found: re.Match[str]) -> Interval:
    unit = found["b_unit"] + found["after"]
    factor = _factor(unit)
    high = _number(found["b"], found["b_times"]) * factor
    low = _number(found["a"], found["a_times"]) * (_factor(found["a_unit"]) if found["a_unit"] else factor)
    if found["a_times"] is None and low * _TIMES.get(found["b_times"] or "", 1) <= high:
        low *= _TIMES.get(found["b_times"] or "", 1)  # 1-3万
    has_high = not found["under"] and "不含" not in found["after"]
    step = _step(found["a"], found["b"]) * factor
    return Interval(label, found["before"], low, high, not found["open"], has_high, step=step)


def _to_one_side(label: str, found: re.Match[str]) -> Interval:
    around = f"{found['before']} {found['a_unit']}{found['after']}"
    factor = _factor(around)
    value, step = _number(found["a"], found["a_times"]) * factor, _step(found["a"]) * factor
    for pattern, side, counts in _SIDES:
        if pattern.search(around):
            is_vague = counts is None and "含" not in around
            counts = (True if counts is None else counts) and "不含" not in around
            before = pattern.sub("", found["before"])
            if side == "under":
                return Interval(label, before, None, value, has_high=counts, is_vague=is_vague, step=step)
            return Interval(label, before, value, None, has_low=counts, step=step)
    return Interval(label, found["before"], value, value, step=step)


def _number(number: str, times: str | None) -> Decimal:
    return Decimal(number.replace(",", "")) * _TIMES.get(times or "", 1)


def _factor(words: str) -> int:
    """Months for years and minutes for hours, so that labels in both can be compared."""
    return next((factor for name, factor in _TIME if name in words), 1)


def _step(*numbers: str) -> Decimal:
    """How far apart two neighbouring values are, as the numbers are written."""
    decimals = max(len(number.partition(".")[2]) for number in numbers)
    return Decimal(1).scaleb(-decimals)


def ranges_of(question: BaseQuestion, tag: str) -> list[Interval]:
    """The ranges among the choices, the lowest first; none where the choices are something else."""
    labels = [choice.text.get(tag, "") for choice in valid_choices(question)]
    found = [one for one in map(interval, labels) if one is not None]
    n_wide = sum(one.low != one.high for one in found)
    is_one_measure = len({one.before.strip(" (") for one in found} - {""}) < 2
    n_open = max(sum(one.low is None for one in found), sum(one.high is None for one in found))
    if n_open > 1 or n_wide < 2 or 2 * n_wide < len(labels) or 3 * len(found) < 2 * len(labels) or not is_one_measure:
        return []
    return sorted(
        found, key=lambda one: (_LOWEST if one.low is None else one.low, _LOWEST if one.high is None else one.high)
    )


def problems(ranges: Sequence[Interval]) -> Iterator[Problem]:
    """What is wrong between neighbours."""
    for one, two in pairwise(ranges):
        rule = _wrong_between(one, two)
        if rule is not None:
            yield Problem(rule, one.label, two.label)


def _wrong_between(one: Interval, two: Interval) -> str | None:
    if one.high is None or two.low is None or one.high > two.low:
        return "overlapping_ranges"
    if one.high < two.low:
        return "gap_in_ranges" if two.low - one.high > max(one.step, two.step) else None
    if one.has_high and two.has_low:
        return "unclear_edge" if one.is_vague else "overlapping_ranges"
    return None if one.has_high or two.has_low else "gap_in_ranges"
