"""What a revision changed, in words: for undo, redo and the history."""

from __future__ import annotations

from flask_babel import gettext

from .language_names import language_name


def step_words(action: str) -> str:
    """A step as drafts store it ("edit overall"), in the page's language."""
    verb, _, subject = action.partition(" ")
    kind, _, number = subject.partition(" ")
    if kind == "section" and number:
        return str(_section_words(number).get(verb, action))
    if verb == "translate" and subject:
        return str(gettext("translate into %(language)s", language=language_name(subject)))
    return str(_question_words(subject).get(verb, action))


def _section_words(number: str) -> dict[str, str]:
    return {
        "add": gettext("add section %(number)s", number=number),
        "edit": gettext("change section %(number)s", number=number),
        "move": gettext("move section %(number)s", number=number),
        "delete": gettext("delete section %(number)s", number=number),
    }


def _question_words(subject: str) -> dict[str, str]:
    return {
        "begin": gettext("begin"),
        "settings": gettext("change the settings"),
        "language": gettext("remove the language %(language)s", language=language_name(subject) if subject else ""),
        "add": gettext("add %(question)s", question=subject),
        "edit": gettext("change %(question)s", question=subject),
        "copy": gettext("duplicate %(question)s", question=subject),
        "move": gettext("move %(question)s", question=subject),
        "delete": gettext("delete %(question)s", question=subject),
        "unlock": gettext("unlock %(question)s", question=subject),
        "bank": gettext("take %(number)s from the bank", number=subject),
        "return": gettext("go back to revision %(number)s", number=subject),
        "import": gettext("begin from a file"),
    }
