"""Exact rounding."""

from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.rounding import half_up, half_up_integer, significant, square_root


@pytest.mark.parametrize(
    ("value", "digits", "text"),
    [
        (Fraction(1, 8), 2, "0.13"),
        (Fraction(-1, 8), 2, "-0.13"),
        (Fraction(-1, 1000), 2, "0.00"),
        (Decimal("89.995"), 2, "90.00"),
        (7, 0, "7"),
        (Fraction(5, 2), 0, "3"),
        (100, 2, "100.00"),
    ],
)
def test_ties_go_away_from_zero(value, digits, text):
    """A tie is rounded away from zero, with all digits printed and no negative zero."""
    assert half_up(value, digits) == text


@given(st.integers(-(10**9), 10**9), st.integers(0, 6), st.integers(0, 6))
def test_half_up_is_the_schoolbook_rule(number, shift, digits):
    """For every finite decimal the result is that of Decimal's ROUND_HALF_UP."""
    value = Decimal(number).scaleb(-shift)
    expected = value.quantize(Decimal(1).scaleb(-digits), rounding=ROUND_HALF_UP)
    assert Decimal(half_up(value, digits)) == expected
    assert half_up_integer(value) == int(value.quantize(Decimal(1), rounding=ROUND_HALF_UP))


def test_square_root_has_fifty_digits():
    """The root is right to 50 digits, not to a float's 16."""
    assert str(square_root(2)) == "1.4142135623730950488016887242096980785696718753769"
    assert square_root(Fraction(9, 4)) == Decimal("1.5")


def test_significant_digits_are_twelve():
    """Variances are printed with 12 significant digits, and short ones stay short."""
    assert significant(Fraction(1, 3)) == "0.333333333333"
    assert significant(Fraction(200000, 3)) == "66666.6666667"
    assert significant(Fraction(3, 2)) == "1.5"
    assert significant(Fraction(1234567890125, 10**12)) == "1.23456789013"
