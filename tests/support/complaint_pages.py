"""A client for complaint tests that refuses a page that breaks rules, and the words these tests send."""

from __future__ import annotations

import gzip
import re
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from flask import Flask
from werkzeug.test import TestResponse

from desk_pages import Page
from portal.access import Role

MONDAY = datetime(2026, 8, 10, 4, 0, tzinfo=UTC)  # noon in Shanghai
UNITS = [
    ("city", None, "city", "海州市", "Haizhou City"),
    ("tax", "city", "department", "税务局", "Tax Bureau"),
    ("tax-east", "tax", "office", "税务局东区办税厅", "Tax Office East"),
    ("police", "city", "department", "公安局", "Police"),
]
STAFF = {
    "officer": (Role.OFFICER, "tax"),
    "constable": (Role.OFFICER, "police"),
    "reviewer": (Role.REVIEWER, None),
    "administrator": (Role.ADMINISTRATOR, None),
    "designer": (Role.DESIGNER, None),
}
PASSWORD = "a password of this city"
SECRETS = ("王小明", "13800138000", "wang@example.org", "拍桌子", "tore up my form")
WORDS = {
    "unit_id": "tax-east",
    "kind": "complaint",
    "subject": "Waited three hours",
    "body": "At window 3 the clerk 拍桌子 and tore up my form.",
    "name": "王小明",
    "phone": "13800138000",
    "email": "wang@example.org",
}


class Clock:
    """A clock that tests set; it starts on a Monday at noon in Shanghai."""

    def __init__(self) -> None:
        self.now = MONDAY

    def __call__(self) -> datetime:
        return self.now

    def advance(self, days: int) -> None:
        self.now += timedelta(days=days)


@dataclass
class Client:
    """A browser without scripts. Every page it is given must keep the rules."""

    app: Flask
    language: str = "en"
    browser: Any = field(init=False)

    def __post_init__(self) -> None:
        self.browser = self.app.test_client()

    def get(self, address: str, status: int = 200) -> TestResponse:
        return self._checked(address, self.browser.get(address, headers={"Accept-Language": self.language}), status)

    def post(self, address: str, data: dict[str, Any], status: int = 200) -> TestResponse:
        answer = self.browser.post(address, data=data, headers={"Accept-Language": self.language})
        return self._checked(address, answer, status)

    def press(self, page: str, address: str, data: dict[str, Any] | None = None, status: int = 200) -> TestResponse:
        """Send the form of this page that leads to the address, with its hidden fields."""
        form = next(one for one in Page(page).forms if one["action"] == address)
        return self.post(address, {**form["names"], **(data or {})}, status)

    def _checked(self, address: str, answer: TestResponse, status: int) -> TestResponse:
        assert answer.status_code == status, f"{address}: {answer.status_code} {answer.text[:2000]}"
        if answer.mimetype == "text/html" and status not in (301, 302, 303):
            faults = faults_of(answer)
            assert not faults, f"{address}: {'; '.join(faults)}"
        return answer


def faults_of(answer: TestResponse) -> list[str]:
    page = Page(answer.text)
    faults = page.faults(len(gzip.compress(answer.data)))
    open_forms = [
        form
        for form in page.forms
        if form["method"] == "post"
        and not any(name.endswith("csrf_token") and value for name, value in form["names"].items())
        and not ("token" in form["names"] or form["action"].split("?")[0] == "/complaints/track")
    ]
    faults = [words for words in faults if not words.startswith("forms without a token")]
    faults += [f"a form without a token: {form}" for form in open_forms]
    faults += [f"{link} leads nowhere" for link in page.links if link.startswith("#") and link[1:] not in page.ids]
    for name in re.findall(r'aria-describedby="([^"]+)"', answer.text):
        faults += [f"described by {one}, which is not there" for one in name.split() if one not in page.ids]
    if not re.search(r'<html lang="[^"]+" dir="(ltr|rtl)">', answer.text):
        faults.append("no language")
    return faults


def send_case(client: Client, *, status: int = 200, **words: Any) -> TestResponse:
    """Open the form, fill it in and send it."""
    page = client.get("/complaints/new").text
    return client.press(page, "/complaints/new", {**WORDS, **words}, status)


def code_on(page: str) -> str:
    """The tracking code on a receipt."""
    found = re.search(r'class="code" translate="no">([0-9A-Z-]+)<', page)
    assert found, "the page shows no code"
    return found.group(1)


def number_on(page: str) -> str:
    found = re.search(r"MY-\d{4}-[0-9A-Z]{6}", page)
    assert found, "the page shows no number"
    return found.group()
