"""One question of a LimeSurvey file in the making: what becomes of it, and what is told of that."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from survey.formats.report import Fate
from survey.formats.words import missing_kind
from survey.parts import MissingName

from .conditions import Translation
from .expressions import ExpressionError
from .labels import label
from .names import Catalogue, Field, Kind, Names
from .tables import Answer, Part, Question, Words
from .texts import Texts, Wording

MOST_CHOICES = 1000
LARGEST_CODE = 9999
NO_WORDS = "it has no words: its code stands for them"
_CODE = re.compile(r"\d{1,4}", re.ASCII)
_CAN_BE_PIPED = (Kind.CHOICE, Kind.NUMBER, Kind.TEXT, Kind.DATE)


class LeftOutError(Exception):
    """A question that has no counterpart; the message says why."""


@dataclass
class Context:
    """What all questions of one file share."""

    wording: Wording
    names: Names
    catalogue: Catalogue
    numbered: int = 0  # questions whose codes were numbered anew
    own_variables: frozenset[str] = frozenset()  # of the question in the making

    def pipe(self, expression: str) -> str | None:
        """The variable that an expression in a text shows; None where it is more than that."""
        try:
            found = Translation(self.catalogue).field(expression)
        except ExpressionError:
            return None
        is_own = found.variable in self.own_variables  # no text shows the answer to its own question
        return found.variable if found.kind in _CAN_BE_PIPED and not is_own else None

    def texts(self, words: Words, fallback: str = "") -> Texts:
        """A text in every language, with the answers that it shows."""
        return self.wording.texts(words, pipe=self.pipe, fallback=fallback)

    def label(self, name: str) -> Texts:
        """A word that LimeSurvey supplies itself."""
        return {tag: label(name, tag) for tag in self.wording.tags}


@dataclass
class Option:
    """A choice before it has its number: its code there, its text and whatever else our choice has."""

    code: str
    text: Texts
    missing: MissingName | None = None
    more: dict[str, Any] = field(default_factory=dict)


class Making:
    """Our questions for one of LimeSurvey's, with the variables they fill.

    `shown` holds, by the code of a subquestion, what a condition of that subquestion can be put on; `used` the
    attributes that were looked at; `notes` what was not quite taken, by the place behind the question's own.
    """

    def __init__(self, context: Context, source: Question) -> None:
        self.context = context
        self.source = source
        self.questions: list[dict[str, Any]] = []
        self.fields: dict[str, Field] = {}
        self.shown: dict[str, list[dict[str, Any]]] = {}
        self.choices: dict[str, dict[str, Any]] = {}  # of a multiple choice, by the codes there
        self.used: dict[str, tuple[Fate, str]] = {}
        self.notes: dict[str, str] = {}
        self.stem = context.texts(source.words)
        self.hint = context.texts(source.helps)

    def use(self, attribute: str, fate: Fate = Fate.MAPPED, reason: str = "") -> str:
        """The value of an attribute, which is thereby accounted for."""
        value = self.source.value(attribute)
        if value:
            self.used[attribute] = (fate, reason)
        return value

    def add(self, type: str, *suffix: str, text: Texts | None = None, **more: Any) -> dict[str, Any]:
        """One more question of ours; its text is the whole question's unless it has its own."""
        if text is None and not self.stem:
            self.notes[""] = NO_WORDS
            text = self.context.wording.same(self.source.code)
        made = {
            "type": type,
            "variable": self.context.names.take(self.source.code, *suffix),
            "text": text or self.stem,
            **more,
        }
        if self.hint and not self.questions:
            made["hint"] = self.hint
        if self.source.mandatory == "Y" and type != "statement":
            made["required"] = True
        self.questions.append(made)
        return made

    def add_hint(self, made: dict[str, Any], text: Texts) -> None:
        """More words to the hint of a question."""
        made["hint"] = self.context.wording.joined(made.get("hint", {}), text, "\n")

    def part_text(self, part: Part) -> Texts:
        """The words of a subquestion; in arrays and sliders a bar stands between the ends of a scale."""
        texts = self.words(place_of(part), part.words, part.code)
        return {
            tag: " – ".join(piece.strip() for piece in text.split("|") if piece.strip()) or text
            for tag, text in texts.items()
        }

    def words(self, place: str, words: Words, code: str) -> Texts:
        """A text that must not be empty: the code stands for words that are not there."""
        texts = self.context.texts(words)
        if texts:
            return texts
        self.notes[place] = NO_WORDS if not words else "only its code is left of it: it was a picture, or ruined"
        return self.context.wording.same(code or "–")

    # --- choices ------------------------------------------------------------------------------------------------------

    def options(self, listed: Iterable[Answer | Part], *, may_be_missing: bool = True) -> list[Option]:
        """The choices as they are listed; "don't know" and its like are marked."""
        found = []
        for one in listed:
            text = self.words(place_of(one), one.words, one.code)
            kind = next((kind for words in text.values() if (kind := missing_kind(words))), None)
            found.append(Option(one.code, text, kind if may_be_missing else None))
        if all(one.missing for one in found):
            for option in found:
                option.missing = None
        return found

    def labelled(self, **names: str) -> list[Option]:
        """Choices that LimeSurvey supplies itself: code and name of the word."""
        return [Option(code, self.context.label(name)) for code, name in names.items()]

    def points(self, n: int) -> list[Option]:
        """The numbers from 1."""
        return [Option(str(code), self.context.wording.same(str(code))) for code in range(1, n + 1)]

    def other(self, code: str) -> list[Option]:
        """The choice with a field beside it, where there is one."""
        if not self.source.has_other:
            return []
        words = self.source.attributes.get("other_replace_text", {})
        self.use("other_replace_text")
        text = self.context.texts(words) or self.context.label("other")
        return [Option(code, text, None, {"specify": True, "fixed": True})]

    def numbered(self, options: Sequence[Option]) -> list[dict[str, Any]]:
        """Choices with numbers: those of the file where all are numbers, else in their order from 1."""
        if not 2 <= len(options) <= MOST_CHOICES:
            raise LeftOutError(f"it has {len(options)} choices; from 2 to {MOST_CHOICES} can be asked")
        own = [int(one.code) for one in options if _CODE.fullmatch(one.code)]
        extra = [one for one in options if one.more.get("fixed")]
        codes = [*own, *range(max(own, default=0) + 1, max(own, default=0) + 1 + len(extra))]
        if len(own) + len(extra) < len(options) or len(set(own)) < len(own) or max(codes) > LARGEST_CODE:
            self.context.numbered += 1
            codes = list(range(1, len(options) + 1))
        return [
            {"code": code, "text": one.text, **({"missing": one.missing} if one.missing else {}), **one.more}
            for code, one in zip(codes, options, strict=True)
        ]

    def choice_field(self, variable: str, options: Sequence[Option], choices: Sequence[dict[str, Any]]) -> Field:
        """How conditions read one choice out of these."""
        pairs = list(zip(options, choices, strict=True))
        return Field(
            kind=Kind.CHOICE,
            variable=variable,
            codes={option.code: choice["code"] for option, choice in pairs if not option.missing},
            missing=frozenset(option.code for option, _ in pairs if option.missing),
        )


def place_of(one: Answer | Part) -> str:
    """Where an answer option or subquestion stands within its question."""
    code = one.code or "without a code"
    if isinstance(one, Answer):
        return f"answer {code}" + " of the second scale" * bool(one.scale)
    return f"column {code}" if one.scale else f"subquestion {code}"


Maker = Callable[[Making], None]
