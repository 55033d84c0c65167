"""Texts of LimeSurvey files: HTML in several languages with expressions in braces, made plain words with pipes."""

from __future__ import annotations

import html
import re
from collections import Counter
from collections.abc import Callable, Iterable

from survey.formats.report import Fate, Report
from survey.formats.words import plain
from survey.parts import Language
from survey.piping import PIPE, UNKNOWN

from .tables import Document, Words

Texts = dict[str, str]
Pipe = Callable[[str], str | None]  # what stands for an expression; None where nothing can

LONGEST_TEXT = 4000
LONGEST_RAW = 50_000  # of markup; what stands behind it is cut
MOST_LANGUAGES = 40
UNDETERMINED = "und"
_TAG = re.compile(r"^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$")
_EXPRESSION = re.compile(r"(?<!\\)\{([^\s{}](?:[^{}]*[^\s{}])?)\}")
_COUNT = re.compile(r"[\d\s,]+")
_MARKED = re.compile("\ue000(\\d+)\ue001")
_ACTIVE = {
    "scripts": re.compile(r"<script\b|<[^<>]*\son[a-z]{3,20}\s*=|javascript:", re.IGNORECASE),
    "frames of other sites": re.compile(r"<(iframe|frame|object|embed)\b", re.IGNORECASE),
    "pictures, sounds or films": re.compile(r"<(img|picture|video|audio|svg)\b", re.IGNORECASE),
}


def tag_of(code: str) -> Language | None:
    """The BCP 47 tag of one of LimeSurvey's language codes, or None for what is none."""
    first, *rest = code.strip().replace("_", "-").split("-")
    tag = "-".join([first.lower(), *rest])
    return tag if _TAG.fullmatch(tag) else None


def readable(raw: str) -> str:
    """Plain words; "" for nothing and for letters that a wrong encoding turned into question marks."""
    text = plain(raw[:LONGEST_RAW])
    return "" if is_ruined(text) else text


def is_ruined(text: str) -> bool:
    """Whether a text is nothing but question marks where letters were."""
    return "???" in text and not any(char.isalpha() for char in text)


class Wording:
    """The languages that are kept, the base language first, and the texts in each of them."""

    def __init__(self, document: Document, report: Report) -> None:
        self.report = report
        self.title: Texts = {}  # what {SURVEYNAME} stands for
        self.codes = _kept(document, report)  # the file's own code by tag
        self.lacking: Counter[str] = Counter()
        self.active: Counter[str] = Counter()
        self.ruined = 0
        self.cut = 0
        self.piped = 0
        self.lost: list[str] = []  # expressions for which nothing could be put, since they were last taken

    @property
    def tags(self) -> tuple[str, ...]:
        """The languages of the document."""
        return tuple(self.codes)

    def same(self, text: str) -> Texts:
        """One text for every language."""
        return dict.fromkeys(self.codes, text[:LONGEST_TEXT])

    def texts(self, words: Words, *, pipe: Pipe | None = None, fallback: str = "") -> Texts:
        """The words in every language; what lacks is filled from the base language, or else from `fallback`.

        Empty when there are no words and no fallback.
        """
        found = {tag: self._text(words.get(code) or words.get("", ""), tag, pipe) for tag, code in self.codes.items()}
        known = next((text for text in found.values() if text), "")
        known = known or next((text for raw in words.values() if (text := self._text(raw, "", pipe))), "")
        if not known:
            return self.same(fallback) if fallback else {}
        for tag, text in found.items():
            if not text:
                self.lacking[tag] += 1
                found[tag] = known
        return found

    def joined(self, first: Texts, second: Texts, glue: str = " – ") -> Texts:
        """Two texts as one; either may be empty."""
        if not first or not second:
            return first or second
        return {tag: self._shortened(first[tag] + glue + second[tag]) for tag in first}

    def take_expressions(self) -> tuple[int, list[str]]:
        """How many expressions were piped, and which were lost, since this was last asked."""
        taken = self.piped, list(dict.fromkeys(self.lost))
        self.piped, self.lost = 0, []
        return taken

    def _text(self, raw: str, tag: str, pipe: Pipe | None) -> str:
        raw = raw[:LONGEST_RAW].replace("\ue000", "").replace("\ue001", "")
        for kind, pattern in _ACTIVE.items():
            self.active[kind] += bool(pattern.search(raw))
        expressions: list[str] = []

        def mark(found: re.Match[str]) -> str:
            expressions.append(html.unescape(found[1]))
            return f"\ue000{len(expressions) - 1}\ue001"

        text = plain(_EXPRESSION.sub(mark, raw)).replace("\\{", "{").replace("\\}", "}")
        if is_ruined(text):
            self.ruined += 1
            return ""
        allowed: set[str] = set()
        text = _MARKED.sub(lambda found: self._said(expressions[int(found[1])], tag, pipe, allowed), text)
        # what looks like a pipe and is none must not become one
        return self._shortened(PIPE.sub(lambda one: one[0] if one[1] in allowed else f"$ {{{one[1]}}}", text))

    def _said(self, expression: str, tag: str, pipe: Pipe | None, allowed: set[str]) -> str:
        if expression.strip() == "SURVEYNAME" and self.title:
            self.piped += 1
            return self.title.get(tag) or next(iter(self.title.values()))
        if _COUNT.fullmatch(expression):
            return f"{{{expression}}}"  # of a regular expression: a number alone is no answer
        variable = pipe(expression) if pipe else None
        if variable is None:
            self.lost.append(expression)
            return UNKNOWN
        self.piped += 1
        allowed.add(variable)
        return f"${{{variable}}}"

    def _shortened(self, text: str) -> str:
        if len(text) <= LONGEST_TEXT:
            return text
        self.cut += 1
        return text[: LONGEST_TEXT - 1].rstrip() + "…"

    def warnings(self) -> list[str]:
        """What a reader of the texts should know."""
        found = [
            f"{n} texts have no words in {tag}: those of another language stand there"
            for tag, n in sorted(self.lacking.items())
        ]
        found += [f"{n} texts held {kind}: only their words were kept" for kind, n in self.active.items() if n]
        if self.ruined:
            found.append(f"{self.ruined} texts are ruined (question marks where letters were): they count as empty")
        if self.cut:
            found.append(f"{self.cut} texts are longer than {LONGEST_TEXT} characters: the rest was cut")
        return found


def _kept(document: Document, report: Report) -> dict[str, str]:
    """The languages in which questions have words, each with the file's own code, the base language first."""
    counted = Counter(code for words in _question_words(document) for code, raw in words.items() if readable(raw))
    kept: dict[str, str] = {}
    for code in document.languages or tuple(counted):
        tag, place = tag_of(code), f"language {code[:40]}"
        if tag is None or tag in kept or len(kept) == MOST_LANGUAGES:
            report.add(place, "language", Fate.LEFT_OUT, "it is no language tag, or one too many")
        elif not counted[code]:
            report.add(place, "language", Fate.LEFT_OUT, "it is declared, but no question has words in it")
            report.warnings.append(f"the language {tag} is declared but empty: it was not kept")
        else:
            report.add(place, "language", Fate.MAPPED)
            kept[tag] = code
    if not kept:
        tag = next((tag for code in document.languages if (tag := tag_of(code))), UNDETERMINED)
        kept[tag] = next(iter(counted), "")
    return kept


def _question_words(document: Document) -> Iterable[Words]:
    return (question.words for group in document.groups for question in group.questions)
