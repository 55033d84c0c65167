"""The answer page as a browser without scripts has it: its fields, their labels, and what sending it would send."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser

VOID = frozenset({"meta", "br", "input", "link", "img"})
_SANE = {"date": re.compile(r"\d{4}-\d\d-\d\d"), "month": re.compile(r"\d{4}-\d\d")}


@dataclass
class Field:
    """One input, select or textarea; `question` is the id of the element around it that is no part of another."""

    tag: str
    given: dict[str, str]
    question: str
    group: str
    text: str = ""
    around: dict[str, str] = field(default_factory=dict)
    label: str = ""
    options: list[tuple[str, str]] = field(default_factory=list)
    chosen: str = ""

    @property
    def kind(self) -> str:
        return self.given.get("type", "text") if self.tag == "input" else self.tag

    @property
    def value(self) -> str | None:
        """What a browser would send of it; None where it sends nothing. A date field drops what is no date."""
        if self.tag == "textarea":
            return self.text
        if self.tag == "select":
            return self.chosen
        value = self.given.get("value", "")
        if self.kind in ("radio", "checkbox"):
            return value if "checked" in self.given else None
        sane = _SANE.get(self.kind)
        return value if sane is None or sane.fullmatch(value) else ""


class FormPage(HTMLParser):
    """A parsed answer page. What stands in a template is apart: a browser neither shows nor sends it."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.fields: list[Field] = []
        self.waiting: list[Field] = []
        self.templates: list[str] = []
        self.ids: list[str] = []
        self.names: dict[str, str] = {}
        self.described: list[str] = []
        self.root: dict[str, str] = {}
        self._open: list[tuple[str, dict[str, str]]] = []
        self._words: dict[str, str] = {}
        self.feed(text)
        for one in [*self.fields, *self.waiting]:
            own = one.given.get("id", "")
            one.label = " ".join(((own and self._words.get(own)) or one.around.get("words", "")).split())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        self.root = given if tag == "html" else self.root
        self.ids += [given["id"]] if "id" in given else []
        self.described += given.get("aria-describedby", "").split() + given.get("aria-labelledby", "").split()
        if tag == "template":
            self.templates.append(given["data-q"])
        if tag in ("input", "select", "textarea"):
            self._add(Field(tag, given, self._question(), self._group()))
        elif tag == "option":
            self._last.options.append((given.get("value", ""), ""))
            self._last.chosen = given["value"] if "selected" in given else self._last.chosen
        if tag not in VOID:
            self._open.append((tag, given))

    def _add(self, found: Field) -> None:
        self._last = found
        found.around = next((given for tag, given in reversed(self._open) if tag == "label"), {})
        (self.waiting if self._is_in("template") else self.fields).append(found)

    def handle_endtag(self, tag: str) -> None:
        opened, given = self._open.pop()
        if opened != tag:
            raise ValueError(f"</{tag}> closes <{opened} {given}>")
        if tag == "textarea":
            self._last.text = self._last.text.removeprefix("\n")

    def handle_data(self, data: str) -> None:
        if self._is_in("textarea"):
            self._last.text += data
        elif self._is_in("option"):
            value, words = self._last.options[-1]
            self._last.options[-1] = (value, words + data)
        elif self._is_in("label") and not self._is_in("select"):
            label = next(given for tag, given in reversed(self._open) if tag == "label")
            label["words"] = label.get("words", "") + data
            self._words[label.get("for", "")] = label["words"]

    def _is_in(self, tag: str) -> bool:
        return any(opened == tag for opened, _ in self._open)

    def _question(self) -> str:
        return next((given["id"] for _, given in reversed(self._open) if "id" in given), "")

    def _group(self) -> str:
        roles = ((tag, given.get("role", "")) for tag, given in reversed(self._open))
        return next((role or tag for tag, role in roles if tag == "fieldset" or role in ("group", "radiogroup")), "")

    def of(self, question: str) -> list[Field]:
        """The fields of one question, hidden ones left out."""
        return [one for one in self.fields if one.question == question and one.kind != "hidden"]

    def named(self, name: str) -> list[Field]:
        return [one for one in self.fields if one.given.get("name") == name]

    def sent(self) -> dict[str, list[str]]:
        """The form as a browser would send it."""
        found: dict[str, list[str]] = {}
        for one in self.fields:
            if one.value is not None and "name" in one.given:
                found.setdefault(one.given["name"], []).append(one.value)
        return found
