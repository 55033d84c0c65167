"""Random conditions: as text over known answers, and as bare lists that no designer would write."""

from __future__ import annotations

import random
from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from survey.logic import TODAY, Value

COMPARE = ["=", "!=", "<", "<=", ">", ">="]
DAYS = ["2020-02-29", "2020-05", "2021", "1999-12-31", "2026-07-01"]
ODD_TEXTS = ["", "  ", "a", "dk", "2020", "a😀", "😀", "😀😀", "𠮷野家", "é", "e\u0301", "a" + "\u0301" * 41, "ａ", "﷽"]
ODD_TEXTS += ["\ufeffx", "x\u00a0", "\u200fa", "a\r\nb", "a\rb", "\x07", "\x1fa"]
NUMBERS = ["0", "1", "-3", "2.5", "18", "0.000001", "-7.25", "999999999", "999999999.999999"]


@dataclass
class Known:
    """The answers that a condition may read, by what they are."""

    codes: dict[str, list[int]] = field(default_factory=dict)
    sets: dict[str, list[int]] = field(default_factory=dict)
    numbers: list[str] = field(default_factory=list)
    dates: list[str] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)
    held: Known | None = None

    @property
    def before(self) -> Known:
        """What a condition may read here: within a shuffled section only what was known at its start."""
        return self if self.held is None else self.held

    def hold(self, is_held: bool) -> None:
        self.held = None
        self.held = deepcopy(self) if is_held else None

    @property
    def names(self) -> list[str]:
        return [*self.codes, *self.sets, *self.numbers, *self.dates, *self.texts]

    @property
    def is_empty(self) -> bool:
        return not self.names

    def any_name(self, rng: random.Random) -> str:
        return rng.choice(self.names)


def random_condition(rng: random.Random, known: Known, depth: int = 0) -> str:
    """A condition over these answers, mostly one that makes sense."""
    turn = rng.random()
    if depth < 3 and turn < 0.35:
        parts = [random_condition(rng, known, depth + 1) for _ in range(rng.randint(2, 3))]
        return "(" + f" {rng.choice(['and', 'or'])} ".join(parts) + ")"
    if depth < 3 and turn < 0.45:
        return f"not ({random_condition(rng, known, depth + 1)})"
    return rng.choice(_ATOMS)(rng, known) or f"answered(${{{known.any_name(rng)}}})"


def _of_code(rng: random.Random, known: Known) -> str:
    if not known.codes:
        return ""
    name = rng.choice(list(known.codes))
    return f"${{{name}}} {rng.choice(COMPARE)} {rng.choice(known.codes[name])}"


def _of_set(rng: random.Random, known: Known) -> str:
    if not known.sets:
        return ""
    name = rng.choice(list(known.sets))
    if rng.random() < 0.3:
        return f"count-selected(${{{name}}}) {rng.choice(COMPARE)} {rng.randint(1, 3)}"
    return f"selected(${{{name}}}, {rng.choice(known.sets[name])})"


def _of_number(rng: random.Random, known: Known) -> str:
    numbers = [*known.numbers, *known.codes]
    if not numbers:
        return ""
    terms = [rng.choice([f"${{{rng.choice(numbers)}}}", rng.choice(NUMBERS)]) for _ in range(rng.randint(0, 3))]
    total = f" {rng.choice('+-')} ".join([f"${{{rng.choice(numbers)}}}", *terms])
    return f"{total} {rng.choice(COMPARE)} {rng.choice(NUMBERS)}"


def _of_date(rng: random.Random, known: Known) -> str:
    if not known.dates:
        return ""
    other = rng.choice(["today()", f"'{rng.choice(DAYS)}'", f"${{{rng.choice(known.dates)}}}"])
    return f"${{{rng.choice(known.dates)}}} {rng.choice(COMPARE)} {other}"


def _of_text(rng: random.Random, known: Known) -> str:
    if not known.texts:
        return ""
    name = rng.choice(known.texts)
    if rng.random() < 0.5:
        return f"string-length(${{{name}}}) {rng.choice(COMPARE)} {rng.randint(0, 3)}"
    return f"${{{name}}} {rng.choice(COMPARE)} '{rng.choice([*ODD_TEXTS, '320100'])}'"


def _of_anything(rng: random.Random, known: Known) -> str:
    return f"${{{known.any_name(rng)}}} {rng.choice(COMPARE)} ${{{known.any_name(rng)}}}"


_ATOMS: list[Callable[[random.Random, Known], str]] = [_of_code, _of_set, _of_number, _of_date, _of_text, _of_anything]


# --- bare lists -----------------------------------------------------------------------------------------------------

NAMES = ["a", "b", "c", "d", "constructor", "never"]


def random_value(rng: random.Random) -> Value:
    """Any value that an answer can have, within the bounds of the language."""
    return rng.choice(
        (
            None,
            rng.randint(-4, 4),
            rng.choice([-999_999_999, 999_999_999]),
            Decimal(rng.randint(-(10**15) + 1, 10**15 - 1)).scaleb(-6),
            Decimal(rng.randint(-40, 40)).scaleb(-1),
            rng.choice(ODD_TEXTS),
            rng.choice(DAYS),
            tuple(rng.sample(range(5), rng.randint(0, 3))),
        )
    )


def random_answers(rng: random.Random) -> dict[str, Value]:
    found: dict[str, Value] = {name: random_value(rng) for name in NAMES[:-1] if rng.random() < 0.8}
    return found | ({TODAY: rng.choice(DAYS)} if rng.random() < 0.8 else {})


def random_ast(rng: random.Random, depth: int = 0) -> list[Any]:
    """A condition as the parser writes it, sensible or not."""
    turn = rng.random()
    if depth < 4 and turn < 0.35:
        return [rng.choice(["and", "or"]), *(random_ast(rng, depth + 1) for _ in range(rng.randint(2, 3)))]
    if depth < 4 and turn < 0.5:
        return ["not", random_ast(rng, depth + 1)]
    if turn < 0.6:
        return ["answered", _variable(rng)]
    if turn < 0.7:
        return ["selected", _variable(rng), _operand(rng, 0)]
    return [rng.choice(COMPARE), _operand(rng, 0), _operand(rng, 0)]


def _variable(rng: random.Random) -> list[Any]:
    return ["var", rng.choice(NAMES)]


def _operand(rng: random.Random, depth: int) -> list[Any]:
    if depth < 3 and rng.random() < 0.3:
        return [rng.choice("+-"), _operand(rng, depth + 1), _operand(rng, depth + 1)]
    value = random_value(rng)
    constant = ["decimal", f"{value:f}"] if isinstance(value, Decimal) else ["value", value]
    if value is None or isinstance(value, tuple):
        constant = ["today"]
    return rng.choice([_variable(rng), constant, [rng.choice(["count", "length"]), _variable(rng)]])
