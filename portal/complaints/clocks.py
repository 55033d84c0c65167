"""How long an answer may take. Pure: days in, days out; the day of filing itself never counts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum

SATURDAY = 5


class Counting(StrEnum):
    WORKING = "working"
    NATURAL = "natural"


@dataclass(frozen=True)
class Clock:
    """So many days, counted in one way."""

    days: int
    counting: Counting


@dataclass(frozen=True)
class Calendar:
    """Monday to Friday are worked, but for the days named here: a holiday (False), a make-up working day (True)."""

    exceptions: Mapping[date, bool] = field(default_factory=dict)

    def is_working(self, day: date) -> bool:
        return self.exceptions.get(day, day.weekday() < SATURDAY)


DEFAULT = "five_working"
PRESETS: Mapping[str, Clock] = {
    "five_working": Clock(5, Counting.WORKING),  # Jinan 2018, Weifang 2021: answer within five working days
    "ten_working": Clock(10, Counting.WORKING),  # LGSCO Complaint Handling Code, stage 1
    "twenty_working": Clock(20, Counting.WORKING),  # the same, stage 2
    "seven_natural": Clock(7, Counting.NATURAL),  # Beijing's simple orders
    "fifteen_natural": Clock(15, Counting.NATURAL),  # Beijing's complex orders
    "sixty_natural": Clock(60, Counting.NATURAL),  # Regulations on petitions 2022, Art. 34
}
PLAIN = Calendar()


def due_on(start: date, clock: Clock, calendar: Calendar = PLAIN) -> date:
    """The last day in time. The first counted day is the one after `start`."""
    if clock.counting is Counting.NATURAL:
        return start + timedelta(days=clock.days)
    day, left = start, clock.days
    while left > 0:
        day += timedelta(days=1)
        left -= calendar.is_working(day)
    return day


def days_over(due: date, today: date, clock: Clock, calendar: Calendar = PLAIN) -> int:
    """Days past the due date, counted as the clock counts; 0 while in time."""
    if today <= due:
        return 0
    days = (due + timedelta(days=n) for n in range(1, (today - due).days + 1))
    return sum(1 for day in days if clock.counting is Counting.NATURAL or calendar.is_working(day))
