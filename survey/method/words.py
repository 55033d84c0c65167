"""Words by which the methodology check knows leading, loaded and joined wordings, in the languages that it reads."""

from __future__ import annotations

import json
import re
from functools import cache
from importlib.resources import files

HAN = re.compile(r"[\u3400-\u9fff]")


def family(tag: str) -> str | None:
    """The language whose words apply, "zh" (simplified Chinese) or "en"; None where there are none."""
    primary, *rest = tag.split("-")
    if primary == "zh":
        return None if {"Hant", "TW", "HK", "MO"} & set(rest) else "zh"
    return "en" if primary == "en" else None


@cache
def words(language: str, kind: str) -> tuple[str, ...]:
    """One list of words, the longest first."""
    return tuple(sorted(_lists()[language][kind], key=lambda word: (-len(word), word)))


@cache
def _lists() -> dict[str, dict[str, list[str]]]:
    text = files("survey").joinpath("library/method_words.json").read_text(encoding="utf-8")
    found: dict[str, dict[str, list[str]]] = json.loads(text)
    return found


@cache
def any_of(language: str, kind: str) -> re.Pattern[str]:
    """Finds the words of one list: whole words in English, in any case."""
    inner = "|".join(re.escape(word) for word in words(language, kind))
    return re.compile(rf"(?<![\w])(?:{inner})(?![\w])" if language == "en" else inner, re.IGNORECASE)


def first_of(language: str, kind: str, text: str) -> str | None:
    """The first of these words in a text."""
    found = any_of(language, kind).search(text)
    return None if found is None else found[0]
