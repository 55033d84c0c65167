"""Exact numbers to printed decimals: fractions until the end, half up, square roots to fifty digits."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from decimal import ROUND_HALF_UP, Context, Decimal, localcontext
from fractions import Fraction


@contextmanager
def fifty_digits() -> Iterator[None]:
    """Compute decimals with fifty digits inside, whatever the caller's context is."""
    with localcontext(Context(prec=50, rounding=ROUND_HALF_UP)):
        yield


def rounded(value: Fraction | int, digits: int) -> str:
    """Return an exact value as a decimal with ``digits`` places, halves away from zero, never ``-0``."""
    scale = 10**digits
    units = (abs(value.numerator) * scale * 2 + value.denominator) // (2 * value.denominator)
    whole, part = divmod(units, scale)
    sign = "-" if value < 0 and units else ""
    return f"{sign}{whole}.{part:0{digits}d}" if digits else f"{sign}{whole}"


def rounded_decimal(value: Decimal, digits: int) -> str:
    """Return a decimal with ``digits`` places, halves away from zero."""
    return format(value.quantize(Decimal(1).scaleb(-digits), rounding=ROUND_HALF_UP), "f")


def as_decimal(value: Fraction) -> Decimal:
    """Return a fraction in the digits of the present context."""
    return Decimal(value.numerator) / Decimal(value.denominator)


def plain_digits(value: Fraction) -> str:
    """Return a value with twelve significant digits."""
    with fifty_digits():
        return format(as_decimal(value), ".12g")


def square_root(value: Fraction) -> Decimal:
    """Return the square root in the digits of the present context."""
    return as_decimal(value).sqrt()
