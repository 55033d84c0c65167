"""Free texts and sets of codes, as far as conditions tell them apart."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import combinations, islice

from survey.logic import Value
from survey.questions import TextQuestion
from survey.reading import read
from survey.walk import Walk

from .domains import Domain, unlike
from .sums import turning_points
from .truth import Atom, Range

MOST_SETS = 600
ALL_SUBSETS_OF = 9  # named codes; of more only small and nearly full sets are tried
_DAYS_AROUND = ("0000", "9999-12-31")
_USUAL_LENGTHS = {"any": 3, "digits": 3, "email": 6, "phone": 11}


@dataclass(frozen=True)
class Words(Domain):
    """Free text of some format."""

    question: TextQuestion

    def range(self, name: str, alone: Sequence[Atom], linked: Sequence[Atom]) -> Range:
        constants = [point for atom in alone for point in turning_points(atom.ast, name) if isinstance(point, str)]
        lengths = [point for atom in alone for point in turning_points(atom.ast, name, "length")]
        texts = [*constants, *self._others(lengths, constants)]
        is_ordered = any(atom.ast[0][0] in "<>" and ["var", name] in atom.ast for atom in (*alone, *linked))
        if is_ordered:
            texts += _DAYS_AROUND
        is_exact = len(linked) < 2 and all(atom.ast[0] in ("=", "!=") for atom in linked) and not is_ordered
        kept = self.near(texts)
        chosen = tuple(dict.fromkeys(kept)) if linked else unlike(name, kept, alone)
        return Range(chosen, False, not is_ordered, is_exact, None, (1, self.question.max_length))

    def near(self, points: Iterable[Value]) -> list[Value]:
        return [point for point in points if isinstance(point, str) and self._takes(point)]

    def _takes(self, text: str) -> bool:
        walk = Walk()
        read(self.question, {self.question.variable: [text]}, walk, None)
        return not walk.faults and walk.texts == {self.question.variable: text}

    def _others(self, lengths: Sequence[Value], constants: Collection[str]) -> list[str]:
        """Texts that no condition names: one of the usual length, and those around each length that one names."""
        most = self.question.max_length
        around = [int(n) + step for n in lengths if isinstance(n, (int, Decimal)) for step in (0, 1, -1)]
        wanted = [min(_USUAL_LENGTHS[self.question.format], most), *around, most if around else 1]
        return [self._text(n, constants) for n in dict.fromkeys(wanted) if 0 < n <= most]

    def _text(self, n: int, constants: Collection[str]) -> str:
        ending = "@b.cc"[-n:] if self.question.format == "email" else ""
        letters = "123" if self.question.format in ("digits", "phone") else "abc"
        made = (letter * (n - len(ending)) + ending for letter in letters)
        return next((text for text in made if text not in constants), letters[:1] * n)


@dataclass(frozen=True)
class Sets(Domain):
    """Several codes out of a list: `together` in any number within the bounds, each of `apart` only by itself."""

    together: tuple[int, ...]
    apart: tuple[int, ...]
    at_least: int
    at_most: int

    def range(self, name: str, alone: Sequence[Atom], linked: Sequence[Atom]) -> Range:
        named = self._named(name, [*alone, *linked])
        is_sized = any("count" in repr(atom.ast) for atom in (*alone, *linked))
        sets = list(islice(self._sets(named, is_sized), MOST_SETS + 1))
        is_whole = len(sets) <= MOST_SETS and len([code for code in self.together if code in named]) <= ALL_SUBSETS_OF
        chosen = tuple(dict.fromkeys(sets)) if linked else unlike(name, sets, alone)
        sizes = (1 if self.apart else self.at_least, max(self.at_most, 1))
        return Range(chosen, False, is_whole, is_whole, None, sizes)

    def near(self, points: Iterable[Value]) -> list[Value]:
        return []

    def _named(self, name: str, atoms: Sequence[Atom]) -> set[int]:
        """The codes that conditions ask for; all where one is asked for by another answer."""
        asked = [atom for atom in atoms if atom.ast[0] == "selected" and atom.ast[1] == ["var", name]]
        if any(atom.names != {name} for atom in asked):
            return {*self.together, *self.apart}
        points = [point for atom in asked for point in turning_points(atom.ast, name)]
        return {code for code in (*self.together, *self.apart) if code in points}

    def _sets(self, named: Collection[int], is_sized: bool) -> Iterator[tuple[int, ...]]:
        free = [code for code in self.together if code not in named]
        for chosen in _subsets([code for code in self.together if code in named]):
            fewest = max(self.at_least, len(chosen))
            most = min(self.at_most, len(chosen) + len(free))
            for size in range(fewest, (most if is_sized else min(most, fewest)) + 1):
                yield tuple(sorted((*chosen, *free[: size - len(chosen)])))
        unnamed = [code for code in self.apart if code not in named][:1]
        yield from ((code,) for code in self.apart if code in named or code in unnamed)


def _subsets(codes: Sequence[int]) -> Iterator[tuple[int, ...]]:
    """All subsets, single codes first and the empty one last; of many codes only the small and the nearly full ones."""
    n = len(codes)
    sizes = range(1, n + 1) if n <= ALL_SUBSETS_OF else (1, n, n - 1, 2)
    for size in sizes:
        yield from combinations(codes, size)
    yield ()
