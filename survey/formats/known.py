"""What the rules of a file may ask for, once its questions have become ours."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from .truth import Choice, Rule, Truth, answered, either


@dataclass(frozen=True)
class Known:
    """What became of one answer of the file: the variable it fills and what its values are called there.

    `codes` are those of the file's own choices, `every` all of the variable. `is_open` is an answer without choices,
    and `shown` stands for one that nobody is asked for: a box to tick before going on.
    """

    variable: str
    codes: Mapping[str, int] = field(default_factory=dict)
    every: tuple[int, ...] = ()
    is_multiple: bool = False
    shown: Truth | None = None

    @property
    def is_open(self) -> bool:
        return not self.codes

    def given(self) -> Truth:
        """Something was answered."""
        if self.shown is not None:
            return self.shown
        if self.is_open or (self.is_multiple and len(self.codes) == len(self.every)):
            return answered(self.variable)
        return either(*(self.chosen(code) for code in self.codes.values()))

    def chosen(self, code: int) -> Truth:
        """This choice was made."""
        if self.is_multiple:
            return Rule(f"selected(${{{self.variable}}}, {code})", (self.variable,))
        return Choice(self.variable, frozenset({code}), self.every)
