"""What may stand in a column: codes and their words, and what tells why nothing stands there."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from .labels import Code, answer_codes, labels
from .parts import MISSING_CODES, BaseQuestion, Choice, ChosenQuestion, Missing, TextIn
from .questions import ConsentQuestion, PlaceQuestion, ScaleQuestion

MEANINGS = {
    "en": {
        Missing.NOT_ASKED: "Not asked",
        Missing.SKIPPED: "Asked, not answered",
        Missing.REFUSED: "Refused",
        Missing.DONT_KNOW: "Don't know",
        Missing.NOT_APPLICABLE: "Not applicable",
    },
    "zh-Hans": {
        Missing.NOT_ASKED: "未询问",
        Missing.SKIPPED: "已询问，未作答",
        Missing.REFUSED: "拒绝回答",
        Missing.DONT_KNOW: "不知道",
        Missing.NOT_APPLICABLE: "不适用",
    },
    "zh-Hant": {
        Missing.NOT_ASKED: "未詢問",
        Missing.SKIPPED: "已詢問，未作答",
        Missing.REFUSED: "拒絕回答",
        Missing.DONT_KNOW: "不知道",
        Missing.NOT_APPLICABLE: "不適用",
    },
}
BESIDE = {
    "reasons": {"en": "reasons given", "zh-Hans": "原因", "zh-Hant": "原因"},
    "missing": {"en": "why there is no number", "zh-Hans": "无数值的原因", "zh-Hant": "無數值的原因"},
}
ORDER = {
    "en": "In which order what is shuffled was met",
    "zh-Hans": "随机排列部分的呈现次序",
    "zh-Hant": "隨機排列部分的呈現次序",
}
ANSWERED = {"en": "A number was given", "zh-Hans": "已填写数值", "zh-Hant": "已填寫數值"}


@dataclass(frozen=True)
class Category:
    """One code and its words; `n` is how often it was chosen, where counts were given.

    `end_text` holds the words of the end of a scale whose point has words of its own, `parent` the group of a place.
    """

    code: Code
    text: TextIn
    n: int | None = None
    is_exclusive: bool = False
    specify: bool = False
    end_text: TextIn | None = None
    parent: str | None = None


@dataclass(frozen=True)
class Absence:
    """Why a value is not there, and what stands in its place: a code or a name; None is an empty cell.

    `meaning` tells it in the codebook's words, `texts` are the choices by which people said so.
    """

    kind: Missing
    written: str | None
    meaning: TextIn
    texts: tuple[TextIn, ...] = ()
    n: int | None = None


def codes(leaf: BaseQuestion, counts: Mapping[str, int] | None) -> tuple[Category, ...]:
    """Every code of an answer; a point of a scale without words has none here either."""
    words = labels(leaf)
    return tuple(_category(leaf, code, words.get(code, {}), counts) for code in answer_codes(leaf)) + _declined(leaf)


def _category(leaf: BaseQuestion, code: Code, text: TextIn, counts: Mapping[str, int] | None) -> Category:
    found = Category(code, text, how_often(counts, str(code)))
    if isinstance(leaf, ChosenQuestion):
        choice: Choice = leaf.by_code[int(code)]
        return replace(found, is_exclusive=choice.exclusive, specify=choice.specify)
    if isinstance(leaf, PlaceQuestion):
        return replace(found, parent=leaf.by_code[str(code)].parent)
    if isinstance(leaf, ScaleQuestion):
        end = {leaf.first: leaf.first_label, leaf.last: leaf.last_label}.get(int(code))
        return replace(found, end_text=end if end != text else None)
    return found


def _declined(leaf: BaseQuestion) -> tuple[Category, ...]:
    """The other answer to a consent, of which nothing is recorded."""
    return (Category(0, leaf.decline, None),) if isinstance(leaf, ConsentQuestion) else ()


def groups(leaf: BaseQuestion) -> tuple[Category, ...]:
    """The places that only group others."""
    if not isinstance(leaf, PlaceQuestion):
        return ()
    offered = {place.code for place in leaf.offered}
    return tuple(
        Category(place.code, place.text, parent=place.parent) for place in leaf.places if place.code not in offered
    )


def absences(
    languages: Sequence[str],
    leaf: BaseQuestion,
    role: str | None,
    is_asked_of_all: bool,
    counts: Mapping[str, int] | None,
) -> tuple[Absence, ...]:
    """Every reason for which nothing may stand in a column of this role, in the order of their codes."""
    said: dict[Missing, list[TextIn]] = {} if is_asked_of_all else {Missing.NOT_ASKED: []}
    said[Missing.SKIPPED] = []
    for choice in leaf.choices if isinstance(leaf, ChosenQuestion) else ():
        if choice.missing:
            said.setdefault(Missing(choice.missing), []).append(choice.text)
    for option in leaf.missing_options():
        said.setdefault(Missing(option.kind), []).append(option.text)
    return tuple(
        Absence(
            kind,
            written := _written(role, kind),
            {tag: words[kind] for tag, words in _phrases(languages)},
            tuple(texts),
            how_often(counts, written) if written is not None else None,
        )
        for kind, texts in sorted(said.items(), key=lambda item: -MISSING_CODES[item[0]])
    )


def _written(role: str | None, kind: Missing) -> str | None:
    """Items have negative codes, columns of text the names of the kinds; demographics and numbers stay empty."""
    if role == "item":
        return str(MISSING_CODES[kind])
    return str(kind) if role == "text" else None


def _phrases(languages: Sequence[str]) -> Iterator[tuple[str, Mapping[Missing, str]]]:
    """The words for missing codes in the questionnaire's languages; in English where none of them has any."""
    known = [tag for tag in languages if tag in MEANINGS] or ["en"]
    yield from ((tag, MEANINGS[tag]) for tag in known)


def known(texts: Mapping[str, str], languages: Sequence[str]) -> TextIn:
    """Those of the texts that are in the languages asked for."""
    return {tag: texts[tag] for tag, _ in _phrases(languages)}


def how_often(counts: Mapping[str, int] | None, written: str) -> int | None:
    return None if counts is None else counts.get(written, 0)
