"""How a results page travels: cached for five minutes, not sent again when unchanged."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path

from flask import Response, request

from portal.language import TRANSLATIONS, language

PORTAL = Path(__file__).parent.parent
TYPES = {"html": "text/html", "json": "application/json", "csv": "text/csv"}


@lru_cache(maxsize=1)
def edition() -> str:
    """A hash of the code, templates and texts that make these pages, so that an upgrade renews them."""
    pages = [*PORTAL.glob("results/*.py"), *PORTAL.glob("templates/results/*"), PORTAL / "templates" / "base.html"]
    files = [*pages, PORTAL / "static" / "style.css", *TRANSLATIONS.rglob("*.mo")]
    digest = hashlib.sha256()
    for path in sorted(files):
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def deliver(form: str, made_from: list[str], make: Callable[[], str]) -> Response:
    """Send what `make` gives, or 304 when the reader has it already; `made_from` names all that it depends on."""
    address = request.full_path
    source = "\n".join([edition(), language(), address, *made_from])
    etag = hashlib.sha256(source.encode()).hexdigest()[:32]
    if request.if_none_match.contains_weak(etag):
        response = Response(status=304)
    else:
        response = Response(make())
        response.content_type = f"{TYPES[form]}; charset=utf-8"
    response.set_etag(etag, weak=True)
    response.cache_control.public = True
    response.cache_control.max_age = 300
    response.vary.update(["Accept-Language"])
    return response
