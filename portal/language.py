"""Which language a page speaks: what the address asks for, else the browser, else the installation."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from babel import Locale
from babel.dates import get_timezone_name
from flask import Flask, g, has_request_context, request
from flask_babel import Babel, force_locale, format_date, format_datetime, format_decimal, format_percent

from survey.texts import Texts, text_in

from .db import installation
from .settings import LANGUAGES

TRANSLATIONS = Path(__file__).parent.parent / "translations"
NAMES = {"zh-Hans": "中文", "en": "English"}
_ALIASES = {"zh": "zh-Hans", "zh-cn": "zh-Hans", "zh_hans": "zh-Hans", "zh-sg": "zh-Hans"}


def offered(tag: str) -> str | None:
    """The offered language that this tag means, if any."""
    lowered = tag.lower()
    if lowered in _ALIASES:
        return _ALIASES[lowered]
    return next((name for name in LANGUAGES if lowered == name.lower() or lowered.split("-")[0] == name), None)


def asked_for() -> str | None:
    """The language named in the address; links on the page keep it."""
    return offered(request.args.get("lang", "")) if has_request_context() else None


def language() -> str:
    """The language of this page, as a BCP 47 tag."""
    if "language" not in g:
        browser = (offered(tag) for tag, _ in request.accept_languages) if has_request_context() else iter(())
        g.language = asked_for() or next((tag for tag in browser if tag), None) or installation().settings.language
    chosen: str = g.language
    return chosen


@contextmanager
def speaking(tag: str) -> Iterator[None]:
    """Speak another language for a part of a page; one that the portal does not speak changes nothing."""
    before = language()
    g.language = offered(tag) or before
    try:
        with force_locale(str(locale())):
            yield
    finally:
        g.language = before


def locale() -> Locale:
    return Locale.parse(language(), sep="-")


def said(texts: Texts) -> str:
    """A stored text in the page's language."""
    return text_in(texts, language())[0]


def init_language(app: Flask) -> None:
    """Wire Flask-Babel and what templates need to speak."""
    app.config["BABEL_TRANSLATION_DIRECTORIES"] = str(TRANSLATIONS)
    Babel(app, locale_selector=lambda: str(locale()), timezone_selector=_timezone)
    app.url_defaults(_keep_language)
    app.context_processor(_for_templates)


def _timezone() -> str:
    return installation().settings.timezone.key


def zone_words() -> str:
    """The portal's time zone by its name, in the page's language."""
    return get_timezone_name(installation().settings.timezone, locale=locale())


def _keep_language(_endpoint: str, values: dict[str, Any]) -> None:
    asked = asked_for()
    if asked and not _endpoint.endswith("static"):
        values.setdefault("lang", asked)


def _for_templates() -> dict[str, Any]:
    return {
        "said": said,
        "format_date": format_date,
        "format_datetime": format_datetime,
        "format_decimal": format_decimal,
        "format_percent": format_percent,
        "zone_words": zone_words,
        "language": language(),
        "text_direction": locale().text_direction,
        "other_languages": [(tag, NAMES[tag]) for tag in LANGUAGES if tag != language()],
    }
