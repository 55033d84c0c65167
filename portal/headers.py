"""Security headers: what a page may load is named by hash; nothing comes from anywhere else."""

from __future__ import annotations

import base64
import hashlib
import re
from functools import lru_cache
from pathlib import Path

from flask import Flask, Response, request

from .db import installation

PRIVATE = ("/desk", "/q/", "/change", "/verify", "/complaints/track", "/login", "/logout")
"""Where pages hold codes, or what only one person may see."""
DESK = "/desk"
STATIC = Path(__file__).parent / "static"
_MARGIN = re.compile(r"^\s*(//.*\n\s*)*", re.MULTILINE)  # of a script: indentation and lines of comment


@lru_cache(maxsize=16)
def inlined(name: str) -> str:
    """A file of the static folder, to be written into a page; what scripts say to their readers does not travel."""
    text = (STATIC / name).read_text(encoding="utf-8")
    return _MARGIN.sub("", text) if name.endswith(".js") else text


@lru_cache(maxsize=16)
def source_hash(name: str) -> str:
    digest = hashlib.sha256(inlined(name).encode()).digest()
    return f"'sha256-{base64.b64encode(digest).decode()}'"


@lru_cache(maxsize=1)
def content_security_policy() -> str:
    styles = " ".join(source_hash(path.name) for path in sorted(STATIC.glob("*.css")))
    scripts = " ".join(source_hash(path.name) for path in sorted(STATIC.glob("*.js")))
    return "; ".join(
        (
            "default-src 'none'",
            f"style-src 'self' {styles}",
            f"script-src {scripts}" if scripts else "script-src 'none'",
            "img-src 'self' data:",
            "form-action 'self'",
            "frame-ancestors 'none'",
            "base-uri 'none'",
        )
    )


def init_headers(app: Flask) -> None:
    app.after_request(_add_headers)
    app.jinja_env.globals["inlined"] = inlined


def _add_headers(response: Response) -> Response:
    headers = response.headers
    headers.extend(_always())
    if request.path.startswith(DESK):  # its scripts ask the portal while somebody types; citizen pages ask nobody
        headers["Content-Security-Policy"] += "; connect-src 'self'"
    if request.path.startswith(PRIVATE):
        headers["Cache-Control"] = "no-store"
    if request.is_secure or installation().settings.is_secure:
        response.headers.setdefault("Strict-Transport-Security", "max-age=31536000; includeSubDomains")
    return response


@lru_cache(maxsize=1)
def _always() -> dict[str, str]:
    return {
        "Content-Security-Policy": content_security_policy(),
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "no-referrer",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    }
