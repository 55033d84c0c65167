"""A questionnaire designed at the desk in a real browser: drafted, translated, tried, approved, published."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from flask import Flask
from playwright.sync_api import BrowserContext, Page
from pyxform.xls2xform import convert

from portal.access import Role
from portal.accounts.security import add_staff
from portal.db import Installation
from survey.fielding import load_questionnaire
from survey.formats.xlsform_write import write_xlsform

PASSWORD = "long enough for anybody"
PEOPLE = {"designer@example.org": Role.DESIGNER, "second@example.org": Role.ADMINISTRATOR}
WORDS = {
    "zh-Hans": {
        "title": "办事服务评价",
        "met": "这次事情办成了吗？",
        "choices": ["办成了", "没有办成"],
        "why": "没有办成的原因是什么？",
        "reasons": ["材料不全", "系统故障", "工作人员不在"],
    },
    "en": {
        "title": "Rating of a service",
        "met": "Did you get done what you came for?",
        "choices": ["Yes, it was done", "No, it was not done"],
        "why": "Why was it not done?",
        "reasons": ["Papers were lacking", "A system failed", "Nobody was there"],
    },
}


@dataclass
class Desk:
    """One portal in one language of the desk, with or without scripts; `seen` are the pages looked at by axe."""

    base: str
    phone: Callable[..., BrowserContext]
    javascript: bool
    language: str
    seen: dict[str, list[Any]] = field(default_factory=dict)

    def sign_in(self, email: str) -> Page:
        page = self.phone(javascript=self.javascript, locale=self.language).new_page()
        page.goto(self.base + "/desk/questionnaires")
        page.locator("input[name=email]").fill(email)
        page.locator("input[name=password]").fill(PASSWORD)
        page.locator("main button").click()
        page.wait_for_url("**/desk/questionnaires*")
        return page

    def look(self, page: Page, name: str) -> None:
        """What axe finds, where scripts may run."""
        wide = page.evaluate("document.documentElement.scrollWidth") if self.javascript else 0
        assert wide <= 360, f"{name} is {wide} wide"
        if self.javascript:
            self.seen[name] = Axe().run(page).response["violations"]


def at(page: Page, part: str) -> None:
    """Follow the link of the page to a part of the draft, with the keyboard."""
    link = page.locator(f"main a[href*='/{part}']").first
    with page.expect_navigation():
        link.press("Enter")


def save(page: Page) -> None:
    """Save the form as the Enter key does."""
    page.locator("main form button:not(.hidden):not(.link):not([name=do])").last.click()


def fill_choices(page: Page, words: list[str], tag: str) -> None:
    for number, text in enumerate(words):
        page.locator(f"#choices-{number}-text-{tag}").fill(text)


@pytest.mark.browser
@pytest.mark.parametrize(
    ("tag", "javascript"), [("zh-Hans", True), ("en", False)], ids=["chinese-script", "english-no-script"]
)
def test_a_questionnaire_is_designed_translated_tried_approved_and_published(
    phone: Callable[..., BrowserContext],
    serve: Callable[[Flask], str],
    app: Flask,
    place: Installation,
    tag: str,
    javascript: bool,
) -> None:
    """On a phone of 360 pixels, with skip logic, by two persons; then exported to XLSForm, which pyxform accepts."""
    for email, role in PEOPLE.items():
        add_staff(app, email=email, name=email.split("@")[0], password=PASSWORD, role=role)
    desk = Desk(serve(app), phone, javascript, tag)
    other = "en" if tag == "zh-Hans" else "zh-Hans"
    designer = desk.sign_in("designer@example.org")
    _begin(desk, designer, tag)
    _add_questions(desk, designer, tag)
    _translate(desk, designer, tag, other)
    _try(desk, designer, other)
    _hand_in(desk, designer)
    identity = _approve_and_publish(desk, designer)
    assert desk.seen == {name: [] for name in desk.seen}, "axe"
    with place.database.read() as connection:
        read = load_questionnaire(connection, identity)
    assert set(read.languages) == {"zh-Hans", "en"}
    assert read.questions[0].text == {one: WORDS[one]["met"] for one in WORDS}
    assert read.questions[1].show_if == "${met} = 2"
    workbook, losses = write_xlsform(read)
    assert all("title" in one for one in losses), losses  # a form there has one title, in one language
    assert "met" in convert(BytesIO(workbook), validate=False, file_type=".xlsx").xform


def _begin(desk: Desk, page: Page, tag: str) -> None:
    desk.look(page, "shelf")
    at(page, "questionnaires/new")
    desk.look(page, "new")
    form = page.locator("form:has(input[value=nothing])")
    form.locator("#title").fill(str(WORDS[tag]["title"]))
    form.locator("#language").select_option(tag)
    form.locator("#name").fill("service_visit")
    form.locator("button").last.click()
    assert "/drafts/" in page.url
    desk.look(page, "outline")


def _add_questions(desk: Desk, page: Page, tag: str) -> None:
    draft = page.url.split("?")[0].split("#")[0]
    for variable, text, choices in (("met", "met", "choices"), ("why", "why", "reasons")):
        page.goto(f"{draft}/questions/new?section=0&at=9&type=single")
        page.locator(f"#text-{tag}").fill(str(WORDS[tag][text]))
        fill_choices(page, list(WORDS[tag][choices]), tag)
        page.locator("#variable").fill(variable)
        if variable == "why":
            _pick_condition(page)
            desk.look(page, "question")
        save(page)
        assert "/questions/" not in page.url, page.locator("main").inner_text()[:600]
    assert str(WORDS[tag]["choices"][1]) in page.locator("main").inner_text()  # the condition in words
    desk.look(page, "outline with questions")


def _pick_condition(page: Page) -> None:
    """Asked only if `met` is its second choice: by picking; without scripts the choices are asked for first."""
    page.locator("#show_if-0-variable").select_option("met")
    value = page.locator("#show_if-0-value")
    if value.evaluate("one => one.tagName") != "SELECT":
        page.locator("button[name=do][value=choices]").first.click()
    page.locator("#show_if-0-relation").select_option("is")
    page.locator("#show_if-0-value").select_option("2")


def _translate(desk: Desk, page: Page, tag: str, other: str) -> None:
    """The other language is added in the settings, then every text is filled in beside its source."""
    at(page, "settings")
    desk.look(page, "settings")
    page.locator("#add").select_option(other)
    save(page)
    if "/settings" in page.url:
        page.goto(page.url.split("/settings")[0])
    at(page, "translate")
    desk.look(page, "translate")
    known = {
        _own(part): _own(WORDS[other][key], place) for key in WORDS[tag] for place, part in _parts(WORDS[tag][key])
    }
    for side in page.locator(".side").all():
        source = side.locator("p.said").first.inner_text().strip()
        side.locator("textarea").fill(known[source])
    save(page)
    assert page.locator(".tag.warn").count() == 0
    page.goto(page.url.split("/translate")[0])


def _parts(words: str | list[str]) -> list[tuple[int | None, str]]:
    return [(None, words)] if isinstance(words, str) else list(enumerate(words))


def _own(words: Any, place: int | None = None) -> str:
    return str(words if place is None else words[place])


def _try(desk: Desk, page: Page, tag: str) -> None:
    """On the phone frame in the other language: the follow-up appears only after "no"."""
    at(page, "preview")
    page.locator("#in").select_option(tag)
    page.locator("form.filter button").click()
    frame = page.locator("form.phone")
    assert frame.locator("#met").inner_text().startswith(str(WORDS[tag]["met"]))
    assert frame.locator("#why").count() == 0
    frame.get_by_label(str(WORDS[tag]["choices"][1])).check()
    page.locator("form.phone button[type=submit]").click()
    assert page.locator("form.phone #why").is_visible()
    desk.look(page, "preview")
    page.goto(page.url.split("/preview")[0])
    at(page, "check")
    desk.look(page, "check")
    assert page.locator("li.fault").count() == 0
    page.goto(page.url.split("/check")[0])


def _hand_in(desk: Desk, page: Page) -> None:
    at(page, "review")
    desk.look(page, "review")
    page.locator("form[action*='/submit'] button").click()
    assert page.locator("form[action*='/approve']").count() == 0


def _approve_and_publish(desk: Desk, designer: Page) -> str:
    """The second person approves, the designer publishes; returns the identity of the version."""
    second = desk.sign_in("second@example.org")
    second.goto(designer.url)
    desk.look(second, "review of another")
    second.locator("form[action*='/approve'] button").click()
    designer.reload()
    designer.locator("form[action*='/publish'] button").click()
    desk.look(designer, "version")
    return designer.url.split("/versions/")[1].split("?")[0]
