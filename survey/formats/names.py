"""Names of variables made from whatever strangers call their questions: valid, and each once."""

from __future__ import annotations

import re
import unicodedata

from survey.questionnaire import COLUMNS_OF_DATASETS, FIELDS_OF_FORMS, OWN_COLUMNS

LONGEST_NAME = 40
_OTHER = re.compile(r"[^a-z0-9]+")
_OWN_ENDS = tuple(f"_{own}" for own in OWN_COLUMNS)


def as_name(wish: str) -> str:
    """The wish in the letters that a name may have; "" where none of them is left."""
    plain = unicodedata.normalize("NFKD", wish).encode("ascii", "ignore").decode().casefold()
    return _OTHER.sub("_", plain).strip("_").lstrip("0123456789_")[:LONGEST_NAME].rstrip("_")


class Names:
    """The names given so far in one document."""

    def __init__(self) -> None:
        self._taken = set(COLUMNS_OF_DATASETS | FIELDS_OF_FORMS)

    def take(self, wish: str, otherwise: str = "q") -> str:
        """The wish as a name, with a number behind it where somebody has it already."""
        base = as_name(wish) or as_name(otherwise) or "q"
        while base.endswith(_OWN_ENDS):  # datasets name the reasons of a question so
            base = base[: base.rindex("_")]
        name, number = base, 1
        while name in self._taken:
            number += 1
            name = f"{base[: LONGEST_NAME - 1 - len(str(number))]}_{number}"
        self._taken.add(name)
        return name
