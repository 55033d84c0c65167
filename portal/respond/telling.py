"""The words of a questionnaire on one page: in which language, and with what was answered standing in them."""

from __future__ import annotations

from babel import Locale, UnknownLocaleError
from flask import request
from markupsafe import Markup, escape

from portal.language import NAMES, asked_for, language
from survey.logic import Value
from survey.parts import BaseQuestion, ChosenQuestion
from survey.piping import UNKNOWN, fill
from survey.questionnaire import Questionnaire
from survey.questions import ConsentQuestion, NpsQuestion, NumberQuestion, PlaceQuestion, ScaleQuestion
from survey.texts import Texts, text_in
from survey.walk import Walk, plain

SEPARATORS = {"zh": "、", "ja": "、", "ar": "، ", "fa": "، ", "ug": "، ", "ur": "، "}
WITHOUT_SPACES = frozenset({"zh", "ja", "th", "lo", "km", "my"})


def language_of(questionnaire: Questionnaire) -> str:
    """The language it is shown in: what the address asks for, even where the portal itself does not speak it."""
    asked = request.args.get("lang", "")
    return (
        asked
        if asked in questionnaire.languages
        else text_in(dict.fromkeys(questionnaire.languages, ""), language())[1]
    )


def asked_beyond(questionnaire: Questionnaire) -> str | None:
    """The language that the address asks for and only the questionnaire speaks; links on the page must keep it."""
    asked = request.args.get("lang", "")
    return asked if asked in questionnaire.languages and asked_for() is None else None


def direction_of(tag: str) -> str:
    """In which direction a language is written: ltr or rtl."""
    found = _locale(tag)
    return found.text_direction if found else "ltr"


def name_of(tag: str) -> str:
    """What a language calls itself."""
    found = _locale(tag)
    return NAMES.get(tag) or (found.get_display_name(tag.replace("-", "_")) if found else None) or tag


def _locale(tag: str) -> Locale | None:
    try:
        return Locale.parse(tag, sep="-")
    except (UnknownLocaleError, ValueError):
        return None


class Telling:
    """Texts of one questionnaire in one language. Pipes show the answers of a walk, or an ellipsis without it."""

    def __init__(self, questionnaire: Questionnaire, walk: Walk | None, spoken: str | None = None) -> None:
        self.questionnaire = questionnaire
        self.walk = walk
        self.language = spoken or language_of(questionnaire)

    def plain(self, texts: Texts) -> str:
        """As text alone, for attributes and options."""
        return fill(text_in(texts, self.language)[0], self.answer_to)

    def told(self, texts: Texts) -> Markup:
        """As HTML; each pipe is marked, so that a script can keep it up to date."""
        text = str(escape(text_in(texts, self.language)[0]))
        filled = fill(text, self._marked)
        return Markup(filled if filled == text else f"<span>{filled}</span>")  # noqa: S704 – escaped above

    def _marked(self, variable: str) -> str:
        return f'<span data-pipe="{variable}">{escape(self.answer_to(variable) or UNKNOWN)}</span>'

    def answer_to(self, variable: str) -> str | None:
        """The words of an answer, as a text can show them; None where there is none."""
        question = self.questionnaire.by_variable.get(variable)
        if self.walk is None or question is None:
            return None
        answer = self.walk.answers.get(variable)
        return self.walk.texts.get(variable) if answer is None else self._words(question, answer)

    def _words(self, question: BaseQuestion, answer: Value) -> str:
        if isinstance(question, ChosenQuestion):
            codes = answer if isinstance(answer, tuple) else (answer,)
            separator = SEPARATORS.get(self._family, ", ")
            return separator.join(self.plain(question.by_code[int(code)].text) for code in codes if code is not None)
        texts: Texts | None = None
        if isinstance(question, ScaleQuestion | NpsQuestion) and isinstance(answer, int):
            texts = question.point_labels().get(answer)
        elif isinstance(question, PlaceQuestion):
            texts = question.by_code[str(answer)].text
        elif isinstance(question, ConsentQuestion):
            texts = question.agree
        if texts is not None:
            return self.plain(texts)
        return self.measured(str(plain(answer)), question.unit if isinstance(question, NumberQuestion) else None)

    def measured(self, number: str, unit: Texts | None) -> str:
        """A number with its unit."""
        space = "" if self._family in WITHOUT_SPACES else " "
        return number if unit is None else f"{number}{space}{self.plain(unit)}"

    @property
    def _family(self) -> str:
        return self.language.split("-")[0]
