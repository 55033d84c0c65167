"""The citizen's way: scan, answer, receipt; correct or withdraw with the edit code."""

from __future__ import annotations

from typing import Any
from urllib.parse import unquote_to_bytes

from flask import Blueprint, current_app, redirect, render_template, request, url_for

from portal.access import public
from survey.codes import grouped, normalise
from survey.errors import InvitationMissingError

from .changes import begin, finish_withdrawal
from .pages import Pages
from .places import Places, asked_at
from .script import given_to_script, has_long_list
from .submission import take

respond = Blueprint("respond", __name__)


@respond.record_once
def _make_memories(state: Any) -> None:
    state.app.extensions["minyi_places"] = Places()
    state.app.extensions["minyi_pages"] = Pages()
    state.app.jinja_env.globals.update(given_to_script=given_to_script, has_long_list=has_long_list)


@respond.get("/q/<code>")
@public
def ask(code: str) -> Any:
    """Anybody with the code of a place; the page to answer, and no cookie."""
    own, asked = asked_at(code)
    if asked.wave.needs_link and not request.args.get("once"):
        raise InvitationMissingError("This wave takes answers through one-time links alone.", got="none")
    return current_app.extensions["minyi_pages"].first(asked, own)


@respond.get("/q")
@public
def typed() -> Any:
    """Anybody who types the code from a poster; lands on the place's page."""
    code = normalise(request.args.get("code", ""))[:40]
    return redirect(url_for(".ask", code=grouped(code)) if code else url_for("site.front"))


@respond.post("/q/<code>")
@public
def submit(code: str) -> Any:
    """Anybody; lands on the receipt, or on the page again with everything kept."""
    _, asked = asked_at(code, even_closed=True)
    is_readable = _is_utf8(request.get_data())
    return take(asked, request.form.to_dict(flat=False), is_readable=is_readable)


@respond.route("/change", methods=["GET", "POST"])
@public
def change() -> Any:
    """Whoever holds an edit code; lands on a blank form, or on a confirmation to withdraw."""
    if request.method == "GET":
        return render_template("respond/change.html", fault="")
    return begin(request.form)


@respond.post("/change/withdraw")
@public
def withdraw() -> Any:
    """Whoever holds an edit code and has confirmed; the answers are erased."""
    return finish_withdrawal(request.form)


def _is_utf8(body: bytes) -> bool:
    """Whether a sent form is text; the framework would keep broken bytes as percent signs."""
    try:
        unquote_to_bytes(body).decode()
    except UnicodeDecodeError:
        return False
    return True


from . import trial  # noqa: E402, F401 - registers its view on this blueprint
