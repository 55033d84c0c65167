"""A client for desk tests: whoever opens a page also checks that the page keeps the rules."""

from __future__ import annotations

import gzip
from html.parser import HTMLParser
from itertools import pairwise
from typing import Any
from urllib.parse import urlsplit

from flask import Flask
from werkzeug.test import TestResponse

LARGEST_PAGE = 60 * 1024
_LABELLED = {"input", "select", "textarea"}
_VOID = {"input", "meta", "br", "hr", "img", "link", "path", "rect"}


class Page(HTMLParser):
    """What the rules need to know of a page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.title = ""
        self.headings: list[tuple[int, str]] = []
        self.ids: list[str] = []
        self.labelled: set[str] = set()
        self.fields: list[tuple[dict[str, str], bool]] = []
        self.forms: list[dict[str, Any]] = []
        self.links: list[str] = []
        self.forbidden: list[str] = []
        self._path: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag not in _VOID:
            self._path.append(tag)
        if "id" in given:
            self.ids.append(given["id"])
        self.forbidden += [f"{tag} {name}" for name in given if name == "style" or name.startswith("on")]
        if tag in ("h1", "h2", "h3"):
            self.headings.append((int(tag[1]), ""))
        elif tag == "label":
            self.labelled.add(given.get("for", ""))
        elif tag == "form":
            self.forms.append({"method": given.get("method", "get"), "action": given.get("action"), "names": {}})
        elif tag == "a":
            self.links.append(given.get("href", ""))
        if tag in _LABELLED:
            self.fields.append((given, "label" in self._path))
            if self.forms and given.get("type") == "hidden":
                self.forms[-1]["names"][given.get("name", "")] = given.get("value", "")

    def handle_endtag(self, tag: str) -> None:
        if tag in self._path:
            while self._path.pop() != tag:
                pass

    def handle_data(self, data: str) -> None:
        if "title" in self._path:
            self.title += data
        if self._path and any(tag in ("h1", "h2", "h3") for tag in self._path) and self.headings:
            level, text = self.headings[-1]
            self.headings[-1] = (level, text + data)

    def token(self) -> str:
        """The session's token from any form of the page."""
        return next((str(form["names"]["csrf_token"]) for form in self.forms if "csrf_token" in form["names"]), "")

    def faults(self, size: int) -> list[str]:
        """Every rule this page breaks."""
        first = [text.strip() for level, text in self.headings if level == 1]
        levels = [level for level, _ in self.headings]
        twice = {one for one in self.ids if self.ids.count(one) > 1}
        unlabelled = [
            given.get("name", "?")
            for given, inside in self.fields
            if given.get("type") not in ("hidden", "submit")
            and not (inside or "aria-label" in given)
            and given.get("id") not in self.labelled
        ]
        naked = [f for f in self.forms if f["method"].lower() == "post" and not _has_token(f)]
        checks = {
            f"{len(first)} h1": len(first) != 1,
            f"title {self.title!r} does not start with {first}": bool(first) and not self.title.startswith(first[0]),
            f"ids used twice: {twice}": bool(twice),
            f"fields without a label: {unlabelled}": bool(unlabelled),
            f"forms without a token: {naked}": bool(naked),
            f"not allowed by the policy: {self.forbidden}": bool(self.forbidden),
            f"headings jump: {levels}": any(b - a > 1 for a, b in pairwise(levels)),
            f"{size} bytes compressed": size > LARGEST_PAGE,
        }
        return [words for words, is_broken in checks.items() if is_broken]


def _has_token(form: dict[str, Any]) -> bool:
    return any(name.endswith("csrf_token") and value for name, value in form["names"].items())


class StrictClient:
    """Opens pages and sends forms as a browser without scripts does."""

    def __init__(self, app: Flask, language: str = "en") -> None:
        self.client = app.test_client()
        self.language = language

    def get(self, address: str, status: int | None = None) -> TestResponse:
        answer = self.client.get(address, headers={"Accept-Language": self.language})
        self._check(address, answer)
        if status is not None:
            assert answer.status_code == status, f"{address}: {answer.status_code}"
        return answer

    def page(self, address: str) -> Page:
        return Page(self.get(address, 200).text)

    def send(self, address: str, data: dict[str, Any] | None = None, *, opened: str = "") -> TestResponse:
        """Open the page (`opened`, else the address itself) and send its form with these values."""
        page = Page(self.get(opened or address).text)
        wanted = urlsplit(address).path
        forms = [f for f in page.forms if f["method"].lower() == "post" and "/logout" not in (f["action"] or "")]
        form = next((f for f in forms if urlsplit(f["action"] or "").path == wanted), None) or next(iter(forms), None)
        hidden, to = (form["names"], form["action"] or address) if form else ({}, address)
        answer = self.client.post(to, data={**hidden, **(data or {})}, headers={"Accept-Language": self.language})
        self._check(address, answer)
        return answer

    def _check(self, address: str, answer: TestResponse) -> None:
        if answer.mimetype == "text/html" and answer.status_code not in (301, 302, 303, 308):
            faults = Page(answer.text).faults(len(gzip.compress(answer.data)))
            assert not faults, f"{address}: {'; '.join(faults)}"
