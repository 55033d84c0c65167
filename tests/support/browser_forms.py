"""The forms of a page as a browser without scripts would send them: every field with what it shows."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urljoin

from werkzeug.datastructures import MultiDict
from werkzeug.test import TestResponse

from desk_pages import StrictClient


@dataclass
class Form:
    """One form: where it goes, what it would send, and its buttons with what each adds."""

    method: str
    action: str
    fields: list[tuple[str, str]] = field(default_factory=list)
    buttons: list[dict[str, str]] = field(default_factory=list)


class _Reader(HTMLParser):
    def __init__(self, text: str) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self._open = False
        self._area: str | None = None
        self._words = ""
        self._select: tuple[str, list[tuple[str, bool]]] | None = None
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.forms.append(Form(given.get("method", "get").lower(), given.get("action", "")))
            self._open = True
        elif not self._open or "disabled" in given:
            return
        elif tag == "input" and "name" in given:
            self._input(given)
        elif tag == "textarea":
            self._area, self._words = given["name"], ""
        elif tag == "select":
            self._select = (given["name"], [])
        elif tag == "option" and self._select is not None:
            self._select[1].append((given.get("value", ""), "selected" in given))
        elif tag == "button":
            self.forms[-1].buttons.append(given)

    def _input(self, given: dict[str, str]) -> None:
        kind = given.get("type", "text")
        if kind in ("checkbox", "radio") and "checked" not in given:
            return
        value = given.get("value", "on" if kind == "checkbox" else "")
        if kind in ("text", "search", "email"):
            value = value.replace("\r", "").replace("\n", "")
        if kind != "file":
            self.forms[-1].fields.append((given["name"], value))

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._open = False
        elif tag == "textarea" and self._area is not None:
            words = self._words.removeprefix("\r\n").removeprefix("\n") if self._words[:1] in "\r\n" else self._words
            words = words.replace("\r\n", "\n").replace("\n", "\r\n")
            self.forms[-1].fields.append((self._area, words))
            self._area = None
        elif tag == "select" and self._select is not None:
            name, options = self._select
            chosen = [value for value, is_selected in options if is_selected] or [value for value, _ in options[:1]]
            self.forms[-1].fields += [(name, value) for value in chosen[-1:]]
            self._select = None

    def handle_data(self, data: str) -> None:
        if self._area is not None:
            self._words += data


def forms_of(page: str) -> list[Form]:
    """Every form of a page but that of the log-out."""
    return [form for form in _Reader(page).forms if "/logout" not in form.action]


def form_with(page: str, *names: str) -> Form:
    """The form that has fields of these names."""
    return next(form for form in forms_of(page) if set(names) <= {name for name, _ in form.fields})


def press(
    client: StrictClient,
    address: str,
    page: str,
    form: Form,
    changed: dict[str, Any] | None = None,
    *,
    button: dict[str, str] | None = None,
    without: tuple[str, ...] = (),
) -> TestResponse:
    """Send a form as its button does, with some fields changed; `address` is that of the page."""
    sent = MultiDict([(name, value) for name, value in form.fields if name not in without])
    for name, value in (changed or {}).items():
        sent.setlist(name, value if isinstance(value, list) else [value])
    pressed = button or {}
    if pressed.get("name"):
        sent.add(pressed["name"], pressed.get("value", ""))
    to = urljoin(address, pressed.get("formaction") or form.action or address)
    answer = client.client.post(to, data=sent, headers={"Accept-Language": client.language})
    client._check(to, answer)
    return answer


def button_of(form: Form, **attributes: str) -> dict[str, str]:
    """The button with these attributes, such as value="more:choices"."""
    return next(
        one for one in form.buttons if all(one.get(name, "").endswith(value) for name, value in attributes.items())
    )
