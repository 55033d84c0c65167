"""Which part of the old version is which part of the new one, and which of them stayed in their order."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Hashable, Sequence
from typing import Any

from .questionnaire import Section

Pair = tuple[int | None, int | None]  # places in the old and the new list; None where there is no counterpart


def pair_sections(old: Sequence[Section], new: Sequence[Section]) -> list[Pair]:
    """Sections that share most questions belong together, then those left at the same place.

    Pairs come in the new order, what is gone after them.
    """
    names = [[{question.variable for question in one.questions} for one in sections] for sections in (old, new)]
    shared = sorted(
        (-len(a & b), abs(i - j), i, j) for i, a in enumerate(names[0]) for j, b in enumerate(names[1]) if a & b
    )
    back: dict[int, int] = {}
    for _, _, i, j in [*shared, *((0, 0, place, place) for place in range(min(len(old), len(new))))]:
        if j not in back and i not in back.values():
            back[j] = i
    return _in_new_order(back, len(old), len(new))


def pair_parts(old: Sequence[Any], new: Sequence[Any], ways: Sequence[Callable[[Any], Hashable]]) -> list[Pair]:
    """Parts that are alike in the first way belong together, then those left that are alike in the second, and so on.

    Pairs come in the new order, what is gone after them.
    """
    back: dict[int, int] = {}
    taken: set[int] = set()
    for way in ways:
        left = {way(part): i for i, part in reversed(list(enumerate(old))) if i not in taken}
        for j, part in enumerate(new):
            if j not in back and way(part) in left:
                back[j] = left.pop(way(part))
                taken.add(back[j])
    return _in_new_order(back, len(old), len(new))


def _in_new_order(back: dict[int, int], n_old: int, n_new: int) -> list[Pair]:
    kept = set(back.values())
    gone: list[Pair] = [(i, None) for i in range(n_old) if i not in kept]
    return [(back.get(j), j) for j in range(n_new)] + gone


def unmoved(pairs: Sequence[Pair]) -> set[Pair]:
    """A largest set of pairs that keep their order among themselves; the others count as moved."""
    ordered = sorted((b, a) for a, b in pairs if a is not None and b is not None)
    lowest: list[int] = []  # the lowest old place with which a line of each length ends
    ends: list[int] = []  # and the pair it ends with
    before: list[int | None] = []
    for index, (_, a) in enumerate(ordered):
        length = bisect_left(lowest, a)
        before.append(ends[length - 1] if length else None)
        lowest[length : length + 1] = [a]
        ends[length : length + 1] = [index]
    found: set[Pair] = set()
    at = ends[-1] if ends else None
    while at is not None:
        found.add((ordered[at][1], ordered[at][0]))
        at = before[at]
    return found
