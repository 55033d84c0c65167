"""What is wrong with the texts: empty ones, ones left untranslated, pipes that differ, choices that look alike."""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping

from survey.findings import Finding, Severity
from survey.parts import BaseQuestion, ChosenQuestion
from survey.piping import PIPE, texts_of
from survey.questions import MatrixQuestion, PlaceQuestion, SingleQuestion

from .conditions import towards
from .walks import Form, Walks

HEAVY_LIST = 300  # places or choices that one page carries
LONG_TEXT = 12  # letters; a shorter text may be a name that is the same in every script
_SCRIPTS = {
    "am": "Ethi", "ar": "Arab", "as": "Beng", "be": "Cyrl", "bg": "Cyrl", "bn": "Beng", "bo": "Tibt", "ckb": "Arab",
    "dv": "Thaa", "dz": "Tibt", "el": "Grek", "fa": "Arab", "gu": "Gujr", "he": "Hebr", "hi": "Deva", "hy": "Armn",
    "ii": "Yiii", "ja": "Jpan", "ka": "Geor", "kk": "Cyrl", "km": "Khmr", "kn": "Knda", "ko": "Kore", "ky": "Cyrl",
    "lo": "Laoo", "mk": "Cyrl", "ml": "Mlym", "mn": "Cyrl", "mr": "Deva", "my": "Mymr", "ne": "Deva", "or": "Orya",
    "pa": "Guru", "ps": "Arab", "ru": "Cyrl", "sd": "Arab", "si": "Sinh", "sr": "Cyrl", "ta": "Taml", "te": "Telu",
    "tg": "Cyrl", "th": "Thai", "ti": "Ethi", "ug": "Arab", "uk": "Cyrl", "ur": "Arab", "yi": "Hebr", "yue": "Hani",
    "za": "Latn", "zh": "Hani",
}  # fmt: skip
_UNWRITTEN = ("todo", "lorem ipsum", "待翻译", "待补充")
_Fault = tuple[str, Severity, str, dict[str, str]]


def texts(walks: Walks) -> Iterator[Finding]:
    """Every fault of the texts, with a walk to the page where they stand."""
    read = walks.model.questionnaire
    whole = [one for one in (read.title, read.introduction, read.closing) if one is not None]
    yield from _told((fault for one in whole for fault in _of_text(one, "")), {})
    for place, section in enumerate(read.sections):
        own = [one for one in (section.title, section.introduction) if one is not None]
        faults = [fault for one in own for fault in _of_text(one, f"section {place + 1}")]
        first = next(stage for stage in walks.stages if stage.section == place)
        yield from _told(faults, towards(walks, first) if faults else {})
    for stage in walks.stages:
        faults = [*_of_question(stage.question), *_alike(stage.question), *_heavy(stage.question)]
        yield from _told(faults, towards(walks, stage) if faults else {})


def _told(faults: Iterable[_Fault], walk: Form) -> Iterator[Finding]:
    """Each of them once."""
    seen: list[_Fault] = []
    for fault in faults:
        if fault not in seen:
            seen.append(fault)
            yield Finding(*fault, walk)


def _of_question(question: BaseQuestion) -> Iterator[_Fault]:
    for where, found in texts_of(question, ""):
        is_row = where.startswith(".rows[")
        yield from _of_text(found, where[6:].partition("]")[0] if is_row else question.variable)


def _of_text(found: Mapping[str, str], place: str) -> Iterator[_Fault]:
    for tag, text in found.items():
        if not _bare(text):
            yield "empty_text", Severity.FAULT, place, {"language": tag}
        elif _bare(text).startswith(_UNWRITTEN):
            yield "untranslated", Severity.ADVICE, place, {"language": tag, "text": _short(text)}
    shown = {tag: set(PIPE.findall(text)) for tag, text in found.items()}
    differing = set().union(*shown.values()) - set.intersection(*shown.values())
    if differing:
        yield "pipes_differ", Severity.FAULT, place, {"variables": ", ".join(sorted(differing))}
    for tag, text in found.items():
        earlier = [other for other in found if other != tag and found[other] == text]
        if earlier and tag > min(earlier) and _letters(text) >= LONG_TEXT and script(tag) != script(min(earlier)):
            yield "untranslated", Severity.ADVICE, place, {"language": tag, "text": _short(text)}


def script(tag: str) -> str:
    """The script in which a language is usually written, by its tag; the two Chinese ones are one here."""
    parts = tag.split("-")
    named = next((part for part in parts[1:] if len(part) == 4 and part.isalpha()), None)
    if named is not None:
        return "Hani" if named in ("Hans", "Hant") else named
    return _SCRIPTS.get(parts[0], "Latn")


def _alike(question: BaseQuestion) -> Iterator[_Fault]:
    """Two things to choose from that read the same."""
    groups: list[list[Mapping[str, str]]] = []
    if isinstance(question, ChosenQuestion):
        groups.append([choice.text for choice in question.choices])
        groups += [[reason.text for reason in choice.reasons] for choice in question.choices]
    if isinstance(question, MatrixQuestion):
        groups.append([row.text for row in question.rows])
    if isinstance(question, PlaceQuestion):
        siblings: dict[str | None, list[Mapping[str, str]]] = defaultdict(list)
        for place in question.places:
            siblings[place.parent].append(place.text)
        groups += siblings.values()
    for group in groups:
        seen: set[tuple[str, str]] = set()
        for tag, text in (pair for found in group for pair in found.items()):
            if (tag, _bare(text)) in seen:
                yield "same_text", Severity.FAULT, question.variable, {"language": tag, "text": _short(text)}
            seen.add((tag, _bare(text)))


def _heavy(question: BaseQuestion) -> Iterator[_Fault]:
    n = len(question.places) if isinstance(question, PlaceQuestion) else 0
    if isinstance(question, SingleQuestion) and question.dropdown:
        n = len(question.choices)
    if n > HEAVY_LIST:
        yield "heavy_page", Severity.ADVICE, question.variable, {"count": str(n)}


def _bare(text: str) -> str:
    """What of a text is seen, for comparing."""
    seen = (char for char in unicodedata.normalize("NFKC", text) if unicodedata.category(char) not in ("Cf", "Cc"))
    return " ".join("".join(seen).casefold().split())


def _letters(text: str) -> int:
    return sum(unicodedata.category(char)[0] == "L" for char in PIPE.sub("", text))


def _short(text: str) -> str:
    words = " ".join(text.split())
    return words if len(words) <= 40 else words[:39] + "…"
