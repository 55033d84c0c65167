"""The clock of a case, against days counted by hand on a calendar."""

from __future__ import annotations

from datetime import date

import pytest

from portal.complaints.clocks import PRESETS, Calendar, Clock, Counting, days_over, due_on

FIVE = PRESETS["five_working"]
MID_AUTUMN = Calendar({date(2026, 9, 25): False, date(2026, 9, 20): True})  # a Friday off, a Sunday worked


@pytest.mark.parametrize(
    ("start", "due"),
    [
        (date(2026, 8, 10), date(2026, 8, 17)),  # Monday: Tue Wed Thu Fri, then Monday
        (date(2026, 8, 14), date(2026, 8, 21)),  # Friday: the whole next week
        (date(2026, 8, 15), date(2026, 8, 21)),  # Saturday: likewise
        (date(2026, 8, 16), date(2026, 8, 21)),  # Sunday: likewise
        (date(2026, 12, 30), date(2027, 1, 6)),  # over the year: Thu Fri, Mon Tue Wed
    ],
    ids=["monday", "friday", "saturday", "sunday", "new year"],
)
def test_five_working_days(start: date, due: date) -> None:
    """The day of filing does not count, nor do Saturdays and Sundays."""
    assert due_on(start, FIVE) == due


def test_holidays_and_make_up_days() -> None:
    """Friday 18 September: Sunday the 20th is worked, Friday the 25th is off: Sun Mon Tue Wed Thu."""
    assert due_on(date(2026, 9, 18), FIVE, MID_AUTUMN) == date(2026, 9, 24)
    assert due_on(date(2026, 9, 21), FIVE, MID_AUTUMN) == date(2026, 9, 29)


def test_natural_days() -> None:
    """Sixty natural days from 10 August: 21 left in August, 30 in September, then the 9th of October."""
    assert due_on(date(2026, 8, 10), PRESETS["sixty_natural"]) == date(2026, 10, 9)


def test_days_over_are_counted_as_the_clock_counts() -> None:
    """Due on a Friday and looked at on Tuesday: two working days over, four natural ones; on the day itself none."""
    due, tuesday = date(2026, 8, 21), date(2026, 8, 25)
    assert days_over(due, tuesday, FIVE) == 2
    assert days_over(due, tuesday, Clock(7, Counting.NATURAL)) == 4
    assert days_over(due, due, FIVE) == 0
