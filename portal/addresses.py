"""Reading numbers from addresses that anybody may have written."""

from __future__ import annotations

from typing import Any

from flask import request
from werkzeug.routing import IntegerConverter, Map

LARGEST_ID = 2**31 - 1
"""What an integer column holds on every database."""
MOST_DIGITS = 18


class IdConverter(IntegerConverter):
    """A number in a path that a database can look for; a larger one is no page."""

    def __init__(self, map: Map, *arguments: Any, **options: Any) -> None:
        super().__init__(map, *arguments, **{"max": LARGEST_ID, **options})


def asked_number(name: str, default: int, *, most: int = LARGEST_ID) -> int:
    """A whole number behind the question mark, at most `most`; the default where there is none, or no such thing."""
    text = request.args.get(name, "")
    is_number = text.isascii() and text.isdigit() and len(text) <= MOST_DIGITS
    return min(int(text), most) if is_number else default
