"""Texts in several languages, as questionnaires, units and schemes carry them."""

from __future__ import annotations

from collections.abc import Mapping

Texts = Mapping[str, str]


def text_in(texts: Texts, language: str) -> tuple[str, str]:
    """Return the text in the wanted language, else the first one there is, with the language it is really in."""
    if language in texts:
        return texts[language], language
    for tag in texts:
        if tag.split("-")[0] == language.split("-")[0]:
            return texts[tag], tag
    first = next(iter(texts), "")
    return (texts[first], first) if first else ("", language)
