"""Texts of ONS schemas: a text, or one with places that earlier answers fill."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from survey.formats.loose import entries, harmless, items, mapping, string
from survey.formats.report import Fate, Report
from survey.formats.words import plain
from survey.piping import UNKNOWN

from .rules import Rules

_HELD = re.compile("\ue000(\\d+)\ue001")  # stands for a filled place while markup is taken out
LITERALS = ("telephone_number", "email_address", "link_text", "unhashed_ui_value")


class Texts:
    """Reads the texts of one schema and accounts for the places in them."""

    def __init__(self, report: Report, rules: Rules) -> None:
        self._report = report
        self._rules = rules

    def words(self, place: str, value: Any) -> str:
        """The words of a text; what earlier answers fill becomes a pipe."""
        node = mapping(value)
        if not node:
            return harmless(plain(string(value)))
        text = string(node.get("text"))
        if "text_plural" in node:
            text = string(mapping(mapping(node["text_plural"]).get("forms")).get("other"))
            self._report.add(place, "plural", Fate.APPROXIMATED, "the text for many is always shown")
        filled: list[str] = []
        seen: set[str] = set()
        for one in entries(node.get("placeholders")):
            name = string(one.get("placeholder"))
            text = text.replace(f"{{{name}}}", f"\ue000{len(filled)}\ue001")
            filled.append(self._filling(place, name, one) if name not in seen else "")
            seen.add(name)
        shown = harmless(plain(text))
        return _HELD.sub(lambda found: filled[int(found[1])] if int(found[1]) < len(filled) else UNKNOWN, shown)

    def _filling(self, place: str, name: str, node: Mapping[str, Any]) -> str:
        """What stands in the place of one name."""
        where = f"{place}, place {{{name}}}"
        sources = list(_sources(node))
        pipes = [self._pipe(source) for source in sources]
        shown = [pipe for pipe in pipes if pipe]
        literals = list(_literals(node))
        if shown and "value" in node and len(self._rules.answers[str(sources[0].get("identifier"))]) == 1:
            self._report.add(where, "placeholder", Fate.MAPPED)
        elif shown:
            self._report.add(where, "placeholder", Fate.APPROXIMATED, "the answer is shown as it was given")
        elif literals and not sources:
            self._report.add(where, "placeholder", Fate.MAPPED)
        else:
            told = ", ".join(sorted({string(one.get("identifier")) for one in sources})) or "it"
            reason = f"nothing tells {told} here: an ellipsis stands in its place"
            self._report.add(where, "placeholder", Fate.APPROXIMATED, reason)
        return " ".join(shown) or (harmless(literals[0]) if literals else UNKNOWN)

    def _pipe(self, source: Mapping[str, Any]) -> str | None:
        if source.get("source") != "answers":
            return None
        known = self._rules.answers.get(str(source.get("identifier")), [])
        asked = next((one for one in known if one.shown is None), None)
        return None if asked is None else f"${{{asked.variable}}}"

    def lines(self, place: str, contents: Any) -> list[str]:
        """The paragraphs of a list of contents, each on a line of its own."""
        found: list[str] = []
        for part in items(contents):
            if not isinstance(part, dict) or "text" in part or "text_plural" in part:
                found.append(self.words(place, part))
                continue
            for key in ("title", "description", "example"):
                if key in part:
                    found.append(self.words(place, part[key]))
            found += [f"• {self.words(place, one)}" for one in items(part.get("list"))]
            for key in ("guidance", "definition", "panel"):
                node = mapping(part.get(key))
                found += [self.words(place, node["title"])] if "title" in node else []
                found += self.lines(place, node.get("contents"))
        return [line for line in found if line]


def _sources(node: Any, depth: int = 0) -> Iterator[Mapping[str, Any]]:
    if isinstance(node, dict) and "source" in node:
        yield node
    elif depth < 20:
        for part in list(node.values()) if isinstance(node, dict) else items(node):
            yield from _sources(part, depth + 1)


def _literals(node: Mapping[str, Any]) -> Iterator[str]:
    for transform in entries(node.get("transforms")):
        arguments = mapping(transform.get("arguments"))
        yield from (arguments[name] for name in LITERALS if isinstance(arguments.get(name), str))
