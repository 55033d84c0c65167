"""The wording of questions: two things at once, leading and loaded words, doubled negatives, length, personal data."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from survey.parts import BaseQuestion
from survey.piping import PIPE
from survey.proof.model import may_be_skipped
from survey.questionnaire import Questionnaire
from survey.questions import (
    DateQuestion,
    FiveLevelQuestion,
    MatrixQuestion,
    NpsQuestion,
    NumberQuestion,
    ScaleQuestion,
    TextQuestion,
)

from .joining import joined
from .scales import is_frequency, scale_of
from .words import HAN, any_of, family, first_of, words

LONGEST = {"zh": 60, "en": 35}  # Chinese characters, English words
Told = tuple[str, str, dict[str, str]]  # rule, place, details

_ZH_ASKED_EITHER = re.compile(r"(\w{1,2})不\1")
_ZH_FINE_NOT = re.compile(r"不(?:同|仅|但|断|过|少|足|超过|低于|高于|论|管|知|妨|错|久|便)|没有没有")
_ZH_TWO_NOTS = re.compile(
    r"(?:不|没有|未|并非|从不)(?:(?!的|因为|原因|，|,|。|？|、|或|还是).){0,8}?(?:不|没有|未能|无法)"
)
_EN_NOT = r"(?:\bnot\b|\bnever\b|\bcannot\b|n't\b)"


def texts_of_question(question: BaseQuestion) -> Iterator[tuple[str, Mapping[str, str]]]:
    """The question, then its rows, each with the name of its place."""
    yield question.variable, question.text
    if isinstance(question, MatrixQuestion):
        for row in question.rows:
            yield row.variable, row.text


def is_rating(question: BaseQuestion) -> bool:
    """Whether it asks for a judgement: on a scale, or between labels that are one."""
    if isinstance(question, FiveLevelQuestion | ScaleQuestion | NpsQuestion):
        return True
    return any(scale_of(question, tag) is not None or is_frequency(question, tag) for tag in question.text)


def wording(read: Questionnaire) -> Iterator[Told]:
    """What the texts of the questions themselves make difficult, in the languages that are known."""
    for question in read.questions:
        is_judged = question.role == "item" and is_rating(question)
        for place, texts in texts_of_question(question):
            for tag in read.languages:
                language = family(tag)
                if language is not None:
                    text = PIPE.sub("", texts[tag])
                    yield from _of_text(text, tag, language, place, is_judged)
            if question.role == "item" and is_judged:
                yield from _unused(read, question, place, texts)
        yield from _personal(read, question)


def _of_text(text: str, tag: str, language: str, place: str, is_judged: bool) -> Iterator[Told]:
    found: list[tuple[str, str | None]] = [("leading", _leading(text, language))]
    found.append(("double_negative", _double_negative(text, language)))
    if is_judged:
        found.append(("double_barrelled", joined(text, language)))
        found.append(("absolute", first_of(language, "absolute", any_of(language, "absolute_fine").sub("", text))))
    for rule, word in found:
        if word is not None:
            yield rule, place, {"word": word, "language": tag}
    n = length(text, language)
    if n > LONGEST[language]:
        yield "long_text", place, {"count": str(n), "most": str(LONGEST[language]), "language": tag}


def length(text: str, language: str) -> int:
    """Chinese characters, or words."""
    return len(HAN.findall(text)) if language == "zh" else len(re.findall(r"\w[\w'’-]*", text))


def _leading(text: str, language: str) -> str | None:
    """A word that pushes towards an answer: an appeal, or praise of what is to be judged."""
    plain = first_of(language, "leading", text)
    if plain is not None:
        return plain
    praise, ours = ("|".join(map(re.escape, words(language, kind))) for kind in ("praise", "ours"))
    if language == "zh":
        found = re.search(
            rf"(?:{ours})[^，。？是否]{{0,8}}?({praise})的|^(?:(?!是否|有没有).)*?满意(?:于)?({praise})的", text
        )
    else:
        found = re.search(rf"\b(?:{ours})\s+(?:\w+\s+){{0,2}}?({praise})\s+\w", text, re.IGNORECASE)
    return None if found is None else next(group for group in found.groups() if group)


def _double_negative(text: str, language: str) -> str | None:
    if language == "zh":
        bare = _ZH_FINE_NOT.sub("", _ZH_ASKED_EITHER.sub("", text))
        found = _ZH_TWO_NOTS.search(bare)
    else:
        bare = re.sub(r"\b(?:or|whether) not\b", "", text, flags=re.IGNORECASE)
        negated = "|".join(words("en", "negated"))
        found = re.search(rf"{_EN_NOT}[^,.?;]{{0,25}}?(?:\b(?:{negated})\b|{_EN_NOT})", bare, re.IGNORECASE)
    return None if found is None else found[0]


def _unused(read: Questionnaire, question: BaseQuestion, place: str, texts: Mapping[str, str]) -> Iterator[Told]:
    """A rating of a service that not everybody uses, demanded of everybody."""
    leaf = read.by_variable.get(place)
    conditional = {step.question.variable for step in read.steps if step.conditions}
    if leaf is None or leaf.show_if is not None or may_be_skipped(leaf) or question.variable in conditional:
        return
    for tag in read.languages:
        language = family(tag)
        word = None if language is None else first_of(language, "services", texts[tag])
        if word is not None:
            yield "no_not_applicable", place, {"word": word}
            return


def _personal(read: Questionnaire, question: BaseQuestion) -> Iterator[Told]:
    """Open questions for what names a person."""
    if not isinstance(question, TextQuestion | NumberQuestion | DateQuestion):
        return
    if isinstance(question, TextQuestion) and question.format in ("phone", "email"):
        yield "personal_data", question.variable, {"word": question.format}
        return
    for tag in read.languages:
        language = family(tag)
        word = None if language is None else first_of(language, "open_personal", question.text[tag])
        if word is not None:
            yield "personal_data", question.variable, {"word": word}
            return
