"""Conditions in words, in the page's language."""

from __future__ import annotations

from portal.language import language
from survey.errors import LogicError
from survey.questionnaire import Questionnaire
from survey.universe import condition_in_words


def condition_words(text: str, read: Questionnaire | None, own: str | None = None) -> str:
    """A condition in words; the text itself where it cannot be read, or the document cannot."""
    if read is None:
        return text
    try:
        return condition_in_words(text, read, language(), own)
    except (LogicError, KeyError):  # it names what is no longer there
        return text
