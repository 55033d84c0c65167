"""Piping: ``${variable}`` in a text stands for what was answered there."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping

from pydantic import BaseModel

PIPE = re.compile(r"\$\{([a-z][a-z0-9_]{0,39})\}")
UNKNOWN = "…"


def texts_of(model: BaseModel, place: str) -> Iterator[tuple[str, Mapping[str, str]]]:
    """Every text of a document or a part of it, with the place where it stands."""
    for name in type(model).model_fields:
        value = getattr(model, name)
        here = f"{place}.{name}"
        if isinstance(value, dict):
            yield here, value
        elif isinstance(value, tuple):
            for index, part in enumerate(value):
                if isinstance(part, BaseModel):
                    yield from texts_of(part, f"{here}[{getattr(part, 'variable', index)}]")


def pipes(model: BaseModel) -> set[str]:
    """The variables whose answers stand in the texts of a question."""
    return {name for _, texts in texts_of(model, "") for text in texts.values() for name in PIPE.findall(text)}


def fill(text: str, said: Callable[[str], str | None]) -> str:
    """The text with what `said` tells for each variable; an ellipsis where it tells nothing."""
    return PIPE.sub(lambda found: said(found[1]) or UNKNOWN, text)
