"""What went wrong, in plain words: one page for people, one object for programs."""

from __future__ import annotations

import logging
import secrets
from typing import Any

from flask import Flask, jsonify, render_template, request
from flask_babel import gettext
from sqlalchemy.exc import DataError
from werkzeug.exceptions import HTTPException

from survey.errors import (
    CodeTamperedError,
    CodeUnknownError,
    InvitationMissingError,
    SurveyError,
    TokenError,
    WaveNotOpenError,
)

logger = logging.getLogger(__name__)


def _explain(status: int) -> tuple[str, str]:
    """Title and advice for a status code."""
    known = {
        400: (gettext("The request could not be read"), gettext("Go back, check what you entered and send it again.")),
        403: (gettext("This is not yours to open"), gettext("Sign in as somebody who may, or ask an administrator.")),
        404: (gettext("There is no such page"), gettext("Check the address, or start from the front page.")),
        405: (gettext("This cannot be done here"), gettext("Start from the front page.")),
        413: (gettext("That is too much at once"), gettext("Shorten the text and send it again. Nothing was saved.")),
        429: (gettext("Too many requests"), gettext("Wait a minute and try again.")),
    }
    return known.get(status, (gettext("Something went wrong"), gettext("Try again in a moment. Nothing was lost.")))


def error_page(status: int, title: str, advice: str, reference: str = "") -> tuple[Any, int]:
    """The error as a page, or as JSON where the address ends so."""
    if request.path.endswith(".json") or request.path.startswith("/api/"):
        return jsonify({"error": {"status": status, "title": title, "advice": advice, "reference": reference}}), status
    page = render_template("site/error.html", status=status, title=title, advice=advice, reference=reference)
    return page, status


def _http(error: HTTPException) -> Any:
    if error.code is None or error.code < 400:
        return error.get_response()
    title, advice = _explain(error.code)
    return error_page(error.code, title, advice)


def _unexpected(error: Exception) -> Any:
    reference = secrets.token_hex(4).upper()
    logger.error("reference %s", reference, exc_info=error)
    title, advice = _explain(500)
    return error_page(500, title, advice, reference)


def _not_storable(error: DataError) -> Any:
    """A zero byte, or a number beyond the column: the request's fault, though only the database saw it."""
    logger.warning("the database refused a value", exc_info=error)
    return error_page(400, *_explain(400))


def _code_unknown(_error: CodeUnknownError) -> Any:
    return error_page(
        404, gettext("We do not know this code"), gettext("The notice may be old. Ask at the counter for a new one.")
    )


def _code_tampered(_error: CodeTamperedError) -> Any:
    advice = gettext("Scan it again or check each character. If it is printed like this, please report the notice.")
    return error_page(404, gettext("This code was changed or misread"), advice)


def _token(error: TokenError) -> Any:
    return error_page(400, gettext("This form can no longer be sent"), gettext("Open the page again and send it anew."))


def wave_not_open(error: WaveNotOpenError) -> Any:
    """Too early, over, or nothing runs at this place."""
    if error.got == "early":
        advice = gettext("Please come back when it has opened.")
        return error_page(403, gettext("This survey has not opened yet"), advice)
    if error.got == "none":
        advice = gettext("You can still send a complaint or a suggestion.")
        return error_page(404, gettext("No survey runs at this place now"), advice)
    advice = gettext("Thank you for wanting to answer. Its results will be published here.")
    return error_page(410, gettext("This survey is over"), advice)


def _link_missing(_error: InvitationMissingError) -> Any:
    advice = gettext("Open it through the link that you were given. You can still send a complaint or a suggestion.")
    return error_page(403, gettext("This survey is answered through a personal link"), advice)


def _survey(error: SurveyError) -> Any:
    return error_page(400, gettext("This cannot be done"), str(error))


def init_errors(app: Flask) -> None:
    app.register_error_handler(CodeUnknownError, _code_unknown)
    app.register_error_handler(CodeTamperedError, _code_tampered)
    app.register_error_handler(WaveNotOpenError, wave_not_open)
    app.register_error_handler(TokenError, _token)
    app.register_error_handler(InvitationMissingError, _link_missing)
    app.register_error_handler(SurveyError, _survey)
    app.register_error_handler(DataError, _not_storable)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(Exception, _unexpected)
