"""How long a questionnaire takes: an estimate from reading speeds and the effort of each type of answer."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence

from survey.answers import replay
from survey.logic import TODAY
from survey.parts import BaseQuestion, Missing
from survey.piping import texts_of
from survey.proof.walks import day_of
from survey.questionnaire import Questionnaire
from survey.questions import MatrixQuestion, RankingQuestion, SingleQuestion, TextQuestion

CHARACTERS_A_MINUTE = 300  # Chinese and Japanese
WORDS_A_MINUTE = 200
LETTERS_A_WORD = 5  # where words are not set apart
MOST_CHOICES_READ = 12  # of a list in which one searches
SECONDS: dict[str, float] = {
    "single": 3,
    "five_level": 3,
    "scale": 3,
    "nps": 3,
    "multiple": 6,
    "number": 6,
    "date": 8,
    "place": 8,
    "consent": 4,
    "statement": 0,
}
SECONDS_A_ROW = 3.0
SECONDS_A_RANK = 4.0
SECONDS_A_LINE, SECONDS_OF_WRITING = 12.0, 40.0
_IDEOGRAPH = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]")
_UNSPACED = re.compile(r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u0f00-\u0fff]")


def minutes(questionnaire: Questionnaire, language: str, walk: Mapping[str, Sequence[str]] | None = None) -> float:
    """An estimate of the minutes that a walk takes in one language; without a walk, that everything asked would take.

    Notes
    -----
    Reading: 300 characters or 200 words a minute. Adults read English silently at 238 words a minute, most of them at
    175 to 300 (Brysbaert 2019, Journal of Memory and Language 109, 104047); aloud at 184 on average over 17 languages,
    young readers with good eyes (Trauzettel-Klosinski and Dietz 2012, Investigative Ophthalmology & Visual Science 53,
    5452). Surveys are answered by slower readers too. Answering: seconds by type, set such that an ordinary closed
    question with its reading takes about ten seconds, as Pew Research Center reports for its panel ("How we keep our
    online surveys from running too long", 2022). It is not measured on this portal: real durations differ by a factor
    of two between people.
    """
    shown, rows = _asked(questionnaire, walk)
    seconds = 0.0
    for text in _frame(questionnaire, language, shown):
        seconds += _reading(text)
    for name in shown:
        question = questionnaire.listed[name]
        seconds += sum(_reading(text) for text in _texts(question, language, rows)) + _answering(question, rows)
    return seconds / 60


def _asked(read: Questionnaire, walk: Mapping[str, Sequence[str]] | None) -> tuple[list[str], set[str]]:
    """The names of the questions that are asked, and of the variables."""
    if walk is None:
        return list(read.listed), set(read.by_variable)
    found = replay(read, walk, today=day_of({name: list(values) for name, values in walk.items() if name == TODAY}))
    not_asked = {name for name, why in found.missing.items() if why is Missing.NOT_ASKED}
    return found.shown, set(read.by_variable) - not_asked


def _frame(read: Questionnaire, language: str, shown: Sequence[str]) -> Iterator[str]:
    for texts in (read.title, read.introduction, read.closing):
        yield (texts or {}).get(language, "")
    for section in read.sections:
        if any(question.variable in shown for question in section.questions):
            yield (section.title or {}).get(language, "")
            yield (section.introduction or {}).get(language, "")


def _texts(question: BaseQuestion, language: str, asked: set[str]) -> Iterator[str]:
    """What is read of a question: not its checks, nor the reasons under other choices, nor the whole of a long list."""
    n_choices = 0
    for place, texts in texts_of(question, ""):
        if place.startswith((".checks", ".places[")) or ".reasons" in place:
            continue
        if place.startswith(".rows[") and place[6:].partition("]")[0] not in asked:
            continue
        n_choices += place.startswith(".choices[")
        if n_choices <= MOST_CHOICES_READ or not place.startswith(".choices["):
            yield texts.get(language, "")


def _reading(text: str) -> float:
    """Seconds to read a text."""
    n_characters = len(_IDEOGRAPH.findall(text))
    unspaced = sum(unicodedata.category(char)[0] == "L" for char in _UNSPACED.findall(text))
    n_words = len(re.findall(r"\w+", _UNSPACED.sub(" ", _IDEOGRAPH.sub(" ", text)))) + unspaced / LETTERS_A_WORD
    return 60 * (n_characters / CHARACTERS_A_MINUTE + n_words / WORDS_A_MINUTE)


def _answering(question: BaseQuestion, asked: set[str]) -> float:
    """Seconds to decide and to answer."""
    if isinstance(question, MatrixQuestion):
        return SECONDS_A_ROW * sum(row.variable in asked for row in question.rows)
    if isinstance(question, RankingQuestion):
        return SECONDS_A_RANK * (question.at_most or len(question.choices))
    if isinstance(question, TextQuestion):
        return SECONDS_A_LINE if question.lines == 1 else SECONDS_OF_WRITING
    if isinstance(question, SingleQuestion) and question.dropdown:
        return SECONDS["place"]
    return SECONDS[str(getattr(question, "type", "single"))]
