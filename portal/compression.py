"""Pages travel compressed when the browser asks: a phone on a poor line pays for every kilobyte.

Staff pages do not: they hold session tokens beside what others typed, and compression would let an onlooker guess them.
The answer page and its receipt come compressed already.
"""

from __future__ import annotations

import gzip

from flask import Flask, Response, request

from .accounts.sessions import STAFF_PATHS

TYPES = {"text/html", "text/csv", "application/json"}
SMALLEST = 500
"""Below this many bytes compression gains nothing."""


def init_compression(app: Flask) -> None:
    app.after_request(_compress)


def _compress(response: Response) -> Response:
    if response.mimetype not in TYPES or request.path.startswith(STAFF_PATHS) or response.is_streamed:
        return response
    if "Content-Encoding" in response.headers or response.status_code == 304:
        return response
    response.vary.add("Accept-Encoding")
    if request.accept_encodings["gzip"] and (response.content_length or 0) >= SMALLEST:
        response.set_data(gzip.compress(response.get_data(), 6, mtime=0))
        response.headers["Content-Encoding"] = "gzip"
    return response
