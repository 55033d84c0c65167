"""Exact rounding: the one place where a rational number becomes a printed decimal."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Context, Decimal, localcontext
from fractions import Fraction

PRECISION = 50
CONTEXT = Context(prec=PRECISION, rounding=ROUND_HALF_UP)

Exact = Fraction | Decimal | int


def half_up_integer(value: Exact | float) -> int:
    """Round an exact value to the nearest integer, ties away from zero.

    Parameters
    ----------
    value : Fraction, Decimal, int or float
        A float counts as the binary fraction it is.
    """
    exact = Fraction(value)
    size = abs(exact)
    rounded = (2 * size.numerator + size.denominator) // (2 * size.denominator)
    return rounded if exact >= 0 else -rounded


def half_up(value: Exact | float, digits: int) -> str:
    """Print an exact value with `digits` decimals, ties away from zero; never "-0.00".

    Examples
    --------
    >>> half_up(Fraction(1, 8), 2)
    '0.13'
    """
    scaled = half_up_integer(Fraction(value) * 10**digits)
    text = str(abs(scaled)).rjust(digits + 1, "0")
    sign = "-" if scaled < 0 else ""
    return f"{sign}{text[:-digits]}.{text[-digits:]}" if digits else f"{sign}{text}"


def decimal(value: Exact) -> Decimal:
    """The value as a Decimal of 50 significant digits."""
    exact = Fraction(value)
    return CONTEXT.divide(Decimal(exact.numerator), Decimal(exact.denominator))


def square_root(value: Exact) -> Decimal:
    """Square root with 50 significant digits of a value >= 0.

    Notes
    -----
    The quotient is taken to 50 digits first, then its root, so that any decimal library repeats it.
    """
    return CONTEXT.sqrt(decimal(value))


def significant(value: Exact, digits: int = 12) -> str:
    """Print with `digits` significant digits: ``format(x, '.12g')`` of the 50-digit decimal."""
    with localcontext(CONTEXT):
        return format(decimal(value), f".{digits}g")
