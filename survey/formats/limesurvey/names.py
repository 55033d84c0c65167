"""Names of our variables, and what a LimeSurvey expression may read under which of its own names."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from survey.errors import QuestionnaireError
from survey.questionnaire import COLUMNS_OF_DATASETS, FIELDS_OF_FORMS, MOST_VARIABLES, OWN_COLUMNS

from .nodes import Node

MOST_NAMES = 2 * MOST_VARIABLES  # some are taken for nothing
LONGEST_NAME = 36  # leaves room for a number behind it
_SGQA = re.compile(r"(?:INSERTANS:)?\d+X\d+X(\d+)(.*)", re.DOTALL)


class Kind(StrEnum):
    """What is read: one choice, whether an option was chosen, a number, a text, a day, or nothing that compares."""

    CHOICE = "choice"
    CHOSEN = "chosen"
    NUMBER = "number"
    TEXT = "text"
    DATE = "date"
    ORDER = "order"


@dataclass(frozen=True)
class Field:
    """One of LimeSurvey's variables and where its value stands here.

    `codes` are its answers that are ours; `missing` those that say why there is none; `code` is the option that CHOSEN
    asks for; `condition` is the one under which it is asked.
    """

    kind: Kind
    variable: str
    codes: Mapping[str, int] = field(default_factory=dict)
    missing: frozenset[str] = frozenset()
    code: int = 0
    condition: Node = True


class Names:
    """Variables of one document: each name once, none that pages or datasets use themselves."""

    def __init__(self) -> None:
        self.taken = {*COLUMNS_OF_DATASETS, *FIELDS_OF_FORMS}

    def take(self, *codes: str) -> str:
        """A free name as like to the codes as can be; raises QuestionnaireError when there are far too many."""
        if len(self.taken) > MOST_NAMES:
            raise QuestionnaireError(
                "The file holds more questions than one questionnaire may have.",
                got=f"more than {MOST_NAMES}",
                expected=f"at most {MOST_VARIABLES} variables",
            )
        bare = re.sub(r"[^a-z0-9_]+", "_", "_".join(code for code in codes if code).lower()).strip("_")
        bare = (bare if bare[:1].isalpha() else f"q{'_' * bool(bare)}{bare}")[:LONGEST_NAME]
        bare += "_q" * bare.endswith(tuple(f"_{own}" for own in OWN_COLUMNS))
        name, number = bare, 1
        while name in self.taken:
            number += 1
            name = f"{bare[: LONGEST_NAME - 1]}_{number}"
        self.taken.add(name)
        return name


class Catalogue:
    """The variables that were asked so far, by LimeSurvey's names for them."""

    def __init__(self, codes: Iterable[str]) -> None:
        self.codes = frozenset(codes)  # of all questions of the file
        self.gone: set[str] = set()  # codes of those that were left out
        self.fields: dict[tuple[str, str], Field] = {}
        self.parts: dict[str, list[Field]] = {}
        self.chosen: dict[str, list[Field]] = {}
        self.own = ""  # the code of the question that "self" means
        self.this: Field | None = None  # the part of it that "this" means

    def add(self, code: str, id: str, fields: Mapping[str, Field]) -> None:
        """What one question fills, by the part of the name behind its own."""
        for suffix, one in fields.items():
            self.fields.setdefault((code, suffix), one)
            self.fields.setdefault((f"#{id}", suffix.replace("_0", "#0").replace("_1", "#1")), one)
            self.fields.setdefault((f"#{id}", suffix), one)
        for one in fields.values():
            if one.kind is Kind.CHOSEN:
                self.chosen.setdefault(one.variable, []).append(one)
        parts = [fields[""]] if "" in fields else list(fields.values())  # a comment is no part of what it is on
        self.parts.setdefault(code, parts)
        self.parts.setdefault(f"#{id}", parts)

    def find(self, name: str) -> Field | None:
        """The variable of that name, in either of LimeSurvey's ways to name one."""
        coded = _SGQA.fullmatch(name)
        if coded:
            digits, rest = coded[1], coded[2]
            splits = ((f"#{digits[:at]}", digits[at:] + rest) for at in range(len(digits), 0, -1))
            return next((self.fields[split] for split in splits if split in self.fields), None)
        places = (at for at in range(len(name), 0, -1) if name[at : at + 1] in ("", "_"))
        splits = ((name[:at], name[at + 1 :]) for at in places)
        return next((self.fields[split] for split in splits if split in self.fields), None)

    def whole(self, name: str) -> list[Field] | None:
        """Every variable of a question, for `self` and `that.Q`."""
        coded = _SGQA.fullmatch(name)
        return self.parts.get(f"#{coded[1]}" if coded else name)

    def options(self, one: Field) -> list[Field]:
        """All options of the multiple choice that one of them belongs to."""
        return self.chosen.get(one.variable, [])

    def why_not(self, name: str) -> str:
        """Why a name cannot be read here."""
        coded = _SGQA.fullmatch(name)
        known = [name] if name in self.codes else [code for code in self.codes if name.startswith(f"{code}_")]
        if coded:
            return f"{name} is asked later, not at all, or not in this file"
        if not known:
            return f"{name} is not asked in this file"
        gone = [code for code in known if code in self.gone]
        return f"{name} was left out" if gone else f"{name} is asked later or cannot be read"
