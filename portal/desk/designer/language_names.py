"""Languages by their names in the page's language, and those that are offered for questionnaires."""

from __future__ import annotations

from babel import Locale, UnknownLocaleError

from portal.language import language

OFFERED = tuple(  # what most questionnaires need; any other is typed as its tag
    "zh-Hans zh-Hant en bo ug mn-Mong ii za ko kk ja vi th my lo id ms hi ur fa ar tr ru fr de es pt it sw".split()  # noqa: SIM905
)


def language_name(tag: str) -> str:
    """A language by its name and tag; the tag alone where it has no name."""
    named = short_name(tag)
    return f"{named} ({tag})" if named != tag else tag


def short_name(tag: str) -> str:
    """A language by its name alone, for the labels of many fields."""
    try:
        return Locale.parse(tag, sep="-").get_display_name(language().replace("-", "_")) or tag
    except (UnknownLocaleError, ValueError):
        return tag


def direction(tag: str) -> str:
    """The direction of writing, for the fields in which the language is typed."""
    try:
        return "rtl" if Locale.parse(tag, sep="-").text_direction == "rtl" else "ltr"
    except (UnknownLocaleError, ValueError):
        return "auto"
