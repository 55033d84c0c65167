"""Old codes to new ones: what equal words suggest, and counts carried over."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from .labels import Code, answer_codes, labels
from .parts import BaseQuestion
from .questions import NpsQuestion, ScaleQuestion

Recoding = tuple[tuple[Code, Code | None], ...]  # each old code with its new one; None: it has no counterpart


class Why(StrEnum):
    """What a proposal rests on; `portal` has the words."""

    TYPE = "type"  # another type of question
    TEXT = "text"  # the question is worded differently
    TEXT_MOVED = "text_moved"  # it carries the words of another question
    CHOICE_TEXTS = "choice_texts"  # choices are worded differently
    NO_SHARED_LANGUAGE = "no_shared_language"
    CODES = "codes"  # the same words under other codes
    REVERSED = "reversed"  # the scale runs the other way
    CHOICES_ADDED = "choices_added"
    CHOICES_REMOVED = "choices_removed"
    NUMBER_OF_LEVELS = "number_of_levels"  # a judged question with more or fewer answers
    NOTHING_IN_COMMON = "nothing_in_common"  # no code or word connects them
    UNIVERSE = "universe"  # others are asked
    MISSING_OPTIONS = "missing_options"  # other ways not to answer are offered
    MEASURE = "measure"  # another unit, precision or limit
    SETTINGS = "settings"  # required, checks, bounds, order, reason tags: values mean the same


@dataclass(frozen=True)
class Guess:
    """What the codes and their words suggest.

    `recoding` is None where each code still means the same, reworded or not, and where nothing can be carried over
    (`is_broken`).
    """

    recoding: Recoding | None = None
    is_broken: bool = False
    reasons: tuple[Why, ...] = ()


def propose_recoding(old: BaseQuestion, new: BaseQuestion) -> Guess:
    """Match the codes of two versions of a question by equal words, then by the code itself."""
    codes = answer_codes(old), answer_codes(new)
    if not codes[0] and not codes[1]:
        return Guess()
    if isinstance(old, ScaleQuestion | NpsQuestion):
        return _points(old, new)
    found = _by_words(old, new)
    if not found and (set(codes[0]) != set(codes[1]) or len(codes[0]) > 1):
        return Guess(is_broken=True, reasons=(Why.NOTHING_IN_COMMON,))
    reasons = [Why.REVERSED] if _fill_reversed(found, codes[0], codes[1]) else []
    has_moved = any(code != to for code, to in found.items())  # then a code by itself proves nothing
    free = set() if has_moved else set(codes[1]) - set(found.values())
    pairs = tuple((code, found.get(code, code if code in free else None)) for code in codes[0])
    reasons += _reasons(old, new, pairs)
    if set(codes[0]) == set(codes[1]) and all(a == b for a, b in pairs):
        return Guess(reasons=tuple(reasons))
    if old.role == "item" and len(codes[0]) != len(codes[1]) and not _is_many(old):
        return Guess(is_broken=True, reasons=(*reasons, Why.NUMBER_OF_LEVELS))
    return Guess(pairs, reasons=tuple(reasons))


def _is_many(question: BaseQuestion) -> bool:
    return getattr(question, "type", "") in ("multiple", "ranking", "place")


def _reasons(old: BaseQuestion, new: BaseQuestion, pairs: Recoding) -> list[Why]:
    texts = labels(old), labels(new)
    reached = {code for _, code in pairs}
    tests = {
        Why.CODES: any(a != b and b is not None for a, b in pairs),
        Why.CHOICE_TEXTS: any(b is not None and not _alike(texts[0].get(a), texts[1].get(b)) for a, b in pairs),
        Why.CHOICES_REMOVED: None in reached,
        Why.CHOICES_ADDED: bool(set(answer_codes(new)) - reached),
    }
    return [reason for reason, holds in tests.items() if holds]


def _by_words(old: BaseQuestion, new: BaseQuestion) -> dict[Code, Code]:
    """Codes whose words are the same in any language that both have; the same code is looked at first."""
    texts = labels(old), labels(new)
    found = {code: code for code in texts[0] if code in texts[1] and _shares(texts[0][code], texts[1][code])}
    for code, text in texts[0].items():
        if code in found:
            continue
        fits = [to for to, words in texts[1].items() if to not in found.values() and _shares(text, words)]
        if len(fits) == 1:
            found[code] = fits[0]
    return found


def _shares(a: Mapping[str, str], b: Mapping[str, str]) -> bool:
    return any(_plain(a[tag]) == _plain(b[tag]) for tag in a if tag in b)


def _alike(a: Mapping[str, str] | None, b: Mapping[str, str] | None) -> bool:
    """Whether the words are the same in every language that both have."""
    if a is None or b is None:
        return a is b
    return all(a[tag] == b[tag] for tag in a if tag in b)


def _plain(text: str) -> str:
    return " ".join(text.casefold().split())


def _fill_reversed(found: dict[Code, Code], old: Sequence[Code], new: Sequence[Code]) -> bool:
    """Whether the two ends changed places; those between are then turned with them, if nothing speaks against it."""
    a, b = ([code for code in codes if isinstance(code, int)] for codes in (old, new))
    if len(a) < 2 or len(a) != len(b) or len(a) != len(old):
        return False
    turned: dict[Code, Code] = dict(zip(sorted(a), sorted(b, reverse=True), strict=True))
    ends = (min(a), max(a))
    if any(found.get(end) != turned[end] for end in ends) or any(turned[code] != to for code, to in found.items()):
        return False
    found.update(turned)
    return True


def _points(old: BaseQuestion, new: BaseQuestion) -> Guess:
    """Scales of as many points, carried over as they stand or turned round, as the words of their ends say."""
    a, b = old.valid_codes(), new.valid_codes()
    if len(a) != len(b):
        return Guess(is_broken=True, reasons=(Why.NUMBER_OF_LEVELS,))
    words = labels(old), labels(new)
    straight = _shares(words[0][a[0]], words[1][b[0]]) or _shares(words[0][a[-1]], words[1][b[-1]])
    turned = _shares(words[0][a[0]], words[1][b[-1]]) and _shares(words[0][a[-1]], words[1][b[0]])
    if not straight and not turned and isinstance(old, ScaleQuestion):
        return Guess(is_broken=True, reasons=(Why.NOTHING_IN_COMMON,))
    to = b[::-1] if turned and not straight else b
    pairs = tuple(zip(a, to, strict=True))
    reasons = _reasons(old, new, pairs)
    if a == to:
        return Guess(reasons=tuple(reasons))
    return Guess(pairs, reasons=(*([Why.REVERSED] if to != b else []), *reasons))


def recoded(counts: Mapping[Code, int], recoding: Recoding) -> tuple[dict[Code, int], int]:
    """Counts by new code, and how many had a code without counterpart."""
    to = dict(recoding)
    found: dict[Code, int] = {}
    n_lost = 0
    for code, n in counts.items():
        target = to.get(code)
        if target is None:
            n_lost += n
        else:
            found[target] = found.get(target, 0) + n
    return found, n_lost


def chained(first: Recoding | None, second: Recoding | None) -> Recoding | None:
    """One recoding after another; None is none at all."""
    if first is None or second is None:
        return second if first is None else first
    to = dict(second)
    return tuple((code, None if middle is None else to.get(middle)) for code, middle in first)
