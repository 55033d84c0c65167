"""The front page, receipt verification, open data and health."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, Response, jsonify, render_template, request, url_for
from flask_babel import gettext
from sqlalchemy import text

from portal.access import public
from portal.addresses import asked_number
from portal.db import installation
from portal.errors import error_page

from .receipts import check_receipt

site = Blueprint("site", __name__)
LEAVES_AT_ONCE = 20_000
"""About five megabytes: what the server can hold for a slow reader without keeping a thread."""


@site.get("/")
@public
def front() -> str:
    """Anybody; leads to answering, results, complaints and verification."""
    return render_template("site/front.html")


@site.route("/verify", methods=["GET", "POST"])
@public
def verify() -> Any:
    """Anybody with a receipt; shows whether it stands in the log, with the proof."""
    code = request.values.get("receipt", "").strip()
    promise = request.form.get("promise", "").strip()
    if len(code) > 200 or len(promise) > 4000:
        return error_page(413, gettext("That is too long for a receipt"), gettext("Copy only the code."))
    lacks_mark = request.method == "GET" and bool(request.args.get("mark"))
    is_asked = bool(code or promise) and not lacks_mark
    answer = check_receipt(code, request.form.get("own", ""), promise) if is_asked else None
    return render_template("site/verify.html", answer=answer, code=code, promise=promise, lacks_mark=lacks_mark)


@site.get("/open-data")
@public
def open_data() -> str:
    """Anybody who wants the data rather than the pages."""
    return render_template("site/open_data.html")


@site.get("/log/leaves.jsonl")
@public
def leaves() -> Response:
    """The public log for whoever watches it: one canonical leaf a line from `?start=`, and a link to what follows."""
    from .feeds import stream_leaves

    place = installation()
    with place.database.read() as connection:
        size = place.log.state(connection)[1]
    start = min(asked_number("start", 0), size)
    end = min(start + LEAVES_AT_ONCE, size)
    response = Response(stream_leaves(place.database, start, end), mimetype="application/x-ndjson")
    if end < size:
        response.headers["Link"] = f'<{url_for(".leaves", start=end)}>; rel="next"'
    return response


@site.get("/log/head.json")
@public
def head() -> Any:
    with installation().database.read() as connection:
        found = installation().log.head(connection)
    return jsonify(found.document() if found else None)


@site.get("/healthz")
@public
def healthz() -> Any:
    """Load balancers: 200 when the database answers."""
    with installation().database.read() as connection:
        connection.execute(text("select 1"))
    return jsonify({"status": "ok"})


@site.app_context_processor
def _for_every_page() -> dict[str, Any]:
    return {"log_head": _log_head, "switch_language": _switch_language, "fingerprint": _fingerprint}


def _log_head() -> Any:
    return installation().recent_head()


def _fingerprint() -> str:
    return installation().signer.fingerprint


def _switch_language(tag: str) -> str:
    """This page in another language."""
    if request.endpoint is None or request.method != "GET":
        return url_for("site.front", lang=tag)
    address = url_for(request.endpoint, **{**(request.view_args or {}), "lang": tag})
    others = [(name, value) for name, value in request.args.items(multi=True) if name != "lang"]
    return f"{address}&{urlencode(others)}" if others else address
