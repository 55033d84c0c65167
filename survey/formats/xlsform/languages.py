"""The languages of an XLSForm: which tags their names stand for, which are complete enough, and texts in those."""

from __future__ import annotations

import re
import string
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from functools import lru_cache

from babel import Locale

LEAST_SHARE = Fraction(3, 4)  # of questions, and of choices, that must have words in a language that is kept
LONGEST_TEXT = 4000
_TAG = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*", re.ASCII)
_BRACKETED = re.compile(r"\(([^()]*)\)\s*$")
_HAN, _KANA = re.compile("[\u4e00-\u9fff]"), re.compile("[\u3040-\u30ff]")
_WORD = re.compile(r"[^\W\d_]+")
_ENGLISH = frozenset(
    (
        "the",
        "of",
        "and",
        "is",
        "are",
        "do",
        "does",
        "did",
        "you",
        "your",
        "what",
        "how",
        "which",
        "have",
        "please",
        "why",
    )
)
_NATIVE = "ar am az bn bo de en es fa fr ha hi id it ja ka kk km ko ky lo mn ms my ne nl om pl ps pt ru so sw ta tg"
_NATIVE_MORE = "th ti tk tr ug uk ur uz vi"
_OTHER_NAMES = {
    "dari": "prs",
    "farsi": "fa",
    "kiswahili": "sw",
    "tigrigna": "ti",
    "tigirigna": "ti",
    "oromiffa": "om",
    "oromifa": "om",
    "afaan oromoo": "om",
    "amarigna": "am",
    "mandarin": "zh-Hans",
    "中文": "zh-Hans",
    "汉语": "zh-Hans",
    "简体": "zh-Hans",
    "简体中文": "zh-Hans",
    "中文(简体)": "zh-Hans",
    "繁體": "zh-Hant",
    "繁體中文": "zh-Hant",
    "中文(繁體)": "zh-Hant",
    "chinese (simplified)": "zh-Hans",
    "chinese (traditional)": "zh-Hant",
    "castellano": "es",
    "tagalog": "tl",
    "creole": "ht",
    "kurmanji": "kmr",
    "sorani": "ckb",
}
_SAME_TAG = {"zh": "zh-Hans", "zh-CN": "zh-Hans", "zh-SG": "zh-Hans", "zh-Hans-CN": "zh-Hans", "fa-AF": "prs"}
_SAME_TAG |= dict.fromkeys(("zh-TW", "zh-HK", "zh-MO", "zh-Hant-TW", "zh-Hant-HK"), "zh-Hant")


def tag_of(name: str) -> str | None:
    """The BCP 47 tag of a language as forms call it: "English (en)", "Kiswahili", "zh-CN"; None if nobody knows it."""
    known = _tags_by_name()
    text = " ".join(name.split())
    if text.casefold() in known:
        return known[text.casefold()]
    bracketed = _BRACKETED.search(text)
    bare = _BRACKETED.sub("", text).strip()
    named = known.get(bare.casefold()) or (_as_tag(bare) if _is_code(bare) else None)
    if bracketed and (named is None or bracketed[1].strip()[:2].islower()):  # "(UK)" is a country
        return _as_tag(bracketed[1]) or named
    return named


def _as_tag(text: str) -> str | None:
    """A tag in its usual letters, or None for what is no tag."""
    first, *rest = text.strip().replace("_", "-").split("-")
    usual = {2: str.upper, 4: str.title}
    tag = "-".join([first.lower(), *(usual.get(len(part), str)(part) for part in rest)])
    return _SAME_TAG.get(tag, tag) if _TAG.fullmatch(tag) else None


def _is_code(text: str) -> bool:
    return text.replace("_", "-").split("-")[0].lower() in Locale("en").languages


@lru_cache(maxsize=1)
def _tags_by_name() -> Mapping[str, str]:
    """Languages by their names in English and in themselves."""
    names = {str(name).casefold(): _as_tag(code) or code for code, name in Locale("en").languages.items()}
    for code in (*_NATIVE.split(), *_NATIVE_MORE.split()):
        names.setdefault((Locale(code).get_language_name() or code).casefold(), code)
    return {name: tag for name, tag in names.items() if _TAG.fullmatch(tag)} | _OTHER_NAMES


def guessed(labels: Iterable[str]) -> str:
    """The language of words for which nobody names one: Chinese or English if they look like it, else `und`."""
    words = " ".join(labels).casefold()
    if _HAN.search(words) and not _KANA.search(words):
        return "zh-Hans"
    found = _WORD.findall(words)
    return "en" if sum(word in _ENGLISH for word in found) * 8 > len(found) else "und"


@dataclass
class Words:
    """Texts in the languages that are kept, the first of which is the default; counts what had to be filled in.

    `tags` tells the tag of each language as headers call it, "" being the words whose column names none.
    """

    tags: Mapping[str, str]
    kept: tuple[str, ...]
    filled: Counter[str] = field(default_factory=Counter)

    @property
    def default(self) -> str:
        return self.kept[0]

    def text(self, texts: Mapping[str, str]) -> dict[str, str] | None:
        """The text in every kept language, in the words of the default where one lacks; None without any words."""
        by_tag: dict[str, str] = {}
        for name, words in sorted(texts.items(), key=lambda item: item[0] == ""):
            by_tag.setdefault(self.tags.get(name, name), words)
        ready = next((by_tag[tag] for tag in (*self.kept, *by_tag) if tag in by_tag), None)
        if ready is None:
            return None
        self.filled.update(tag for tag in self.kept if tag not in by_tag)
        return {tag: _cut(by_tag.get(tag, ready)) for tag in self.kept}

    def same(self, words: str) -> dict[str, str]:
        """The same words in every language."""
        return {tag: _cut(words) for tag in self.kept}


def _cut(words: str) -> str:
    return words if len(words) <= LONGEST_TEXT else words[: LONGEST_TEXT - 1] + "…"


@dataclass(frozen=True)
class Coverage:
    """How much of a form has words in one language."""

    name: str
    tag: str
    questions: tuple[int, int]
    choices: tuple[int, int]

    @property
    def is_enough(self) -> bool:
        """At least three quarters of the questions and of the choices; every text then stands in the document."""
        return all(of == 0 or Fraction(have, of) >= LEAST_SHARE for have, of in (self.questions, self.choices))


Labels = Sequence[Mapping[str, str]]


def coverages(names: Iterable[str], tags: Mapping[str, str], questions: Labels, choices: Labels) -> list[Coverage]:
    """For each language how many of the labels have words in it."""
    found = []
    for name in names:
        same = {other for other in tags if tags[other] == tags[name]}
        counts = [(sum(bool(same & label.keys()) for label in part), len(part)) for part in (questions, choices)]
        found.append(Coverage(name, tags[name], counts[0], counts[1]))
    return found


def tags_of(names: Sequence[str]) -> tuple[dict[str, str], list[str]]:
    """A tag for each language, and a warning for each that nobody knows: those get tags of private use, `qaa` first."""
    tags: dict[str, str] = {}
    warnings: list[str] = []
    private = (f"q{first}{second}" for first in "abcdefghijklmnopqrst" for second in string.ascii_lowercase)
    for name in names:
        found = tag_of(name)
        if found is None:
            found = next(private)
            warnings.append(
                f"the language {name!r} is not known: it is called {found}; write its tag, as in “English (en)”"
            )
        tags[name] = found
    return tags, warnings
