"""Every type of question in a browser without scripts: accessible, large enough for a thumb, within the screen."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from flask import Flask
from playwright.sync_api import BrowserContext, Page, Route

import question_types as t
from portal.db import Installation
from town import Town, build_town

SIZES = [320, 1280]
SMALLEST = 44  # CSS pixels, WCAG 2.5.5
TARGETS = "label.choice, input:not([type=radio], [type=checkbox], [type=hidden]), select, textarea, button"
TOO_SMALL = """(elements, least) => elements
    .map((one) => [one.getBoundingClientRect(), one.outerHTML.slice(0, 90)])
    .filter(([box]) => box.width && (box.height < least || box.width < least))
    .map(([box, html]) => `${box.width} x ${box.height}: ${html}`)"""
FAULTY: dict[str, Any] = {"cost": "abc", "born": "1800", "mail": "nobody", "wish": "x" * 60, "minutes": "1000"}


@pytest.fixture
def everything(place: Installation) -> Town:
    return build_town(place, document=t.document())


@pytest.fixture
def open_page(
    phone: Callable[..., BrowserContext], serve: Callable[[Flask], str], app: Flask, everything: Town
) -> Callable[..., Page]:
    """`open_page(width, lang)`: the first page without its scripts; the browser keeps its own, for axe needs them."""
    base = serve(app)

    def opened(width: int, lang: str, **options: Any) -> Page:
        page = phone(locale="en-US", viewport={"width": width, "height": 800}, **options).new_page()
        page.route("**/q/*", without_scripts)
        page.goto(f"{base}/q/{everything.code}?lang={lang}")
        return page

    return opened


def without_scripts(route: Route) -> None:
    answer = route.fetch()
    route.fulfill(response=answer, body=re.sub(r"<script.*?</script>", "", answer.text(), flags=re.S))


def broken(page: Page) -> list[str]:
    """What axe, the width of the screen and the size of a thumb have to say."""
    found = [f"{one['id']}: {one['nodes'][0]['html'][:120]}" for one in Axe().run(page).response["violations"]]
    widths = page.evaluate("[document.documentElement.scrollWidth, document.documentElement.clientWidth]")
    found += [f"wider than the screen: {widths}"] if widths[0] > widths[1] else []
    too_small: list[str] = page.locator(f"main :is({TARGETS})").evaluate_all(TOO_SMALL, SMALLEST)
    return found + too_small


def send_faulty(page: Page) -> None:
    for name, value in FAULTY.items():
        page.locator(f"[name={name}]").fill(value)
    page.locator("[name=consent][value='1']").check()
    page.locator("[name=q_overall][value='1']").check()
    page.locator("form button").click()


@pytest.mark.browser
@pytest.mark.parametrize("width", SIZES)
@pytest.mark.parametrize("lang", ["zh-Hans", "en", "ar"])
def test_every_type_is_accessible_and_fits(open_page: Callable[..., Page], lang: str, width: int) -> None:
    """On the first page and on the page with every fault, from left to right and from right to left."""
    page = open_page(width, lang)
    assert broken(page) == []
    send_faulty(page)
    assert page.locator(".fault a").count() > len(FAULTY)
    assert page.locator("#why textarea").is_visible()
    assert broken(page) == []


@pytest.mark.browser
def test_a_matrix_is_a_list_on_a_phone_and_a_table_on_a_desk(open_page: Callable[..., Page]) -> None:
    """The same fields: one below the other where it is narrow, under common heads where there is room."""

    def boxes(page: Page) -> list[dict[str, float]]:
        found = [one.bounding_box() for one in page.locator("#speed .choice, #advice .choice").all()]
        return [dict(box) for box in found if box]

    narrow, wide = boxes(open_page(320, "en")), open_page(1280, "en")
    assert len({box["x"] for box in narrow}) == 1
    assert len({box["y"] for box in narrow}) == 12
    table = boxes(wide)
    assert len({box["y"] for box in table}) == 2
    assert len({round(box["x"]) for box in table}) == 6
    heads = [one.bounding_box() for one in wide.locator("#aspects .heads span").all()]
    assert [round(box["x"]) for box in heads if box] == [round(box["x"]) for box in table[:6]]


@pytest.mark.browser
def test_eleven_points_stand_in_two_rows_on_the_smallest_phone(open_page: Callable[..., Page]) -> None:
    """Six and five, each wide enough for a thumb; in one row where there is room."""

    def rows(width: int) -> list[float]:
        found = [one.bounding_box() for one in open_page(width, "en").locator("#recommend .scale .choice").all()]
        return [box["y"] for box in found if box]

    narrow = rows(320)
    assert [narrow.count(y) for y in sorted(set(narrow))] == [6, 5]
    assert len(set(rows(1280))) == 1


@pytest.mark.browser
def test_choices_are_told_apart_in_forced_colours(open_page: Callable[..., Page]) -> None:
    """Where the system sets the colours, borders and marks remain."""
    page = open_page(320, "en", forced_colors="active")
    page.locator("[name=way][value='2']").check()
    box = page.locator("#way .choice").first
    assert box.evaluate("(one) => getComputedStyle(one).borderTopStyle") == "solid"
    assert broken(page) == []


@pytest.mark.browser
def test_every_type_is_answered_by_keyboard(open_page: Callable[..., Page]) -> None:
    """Tab leads through all fields in their order; arrows choose among points and in the row of a matrix."""
    page = open_page(1280, "en")
    page.locator("[name=consent]").first.focus()
    met: list[str] = []
    for _ in range(60):
        name = page.evaluate("document.activeElement.name || document.activeElement.tagName")
        met += [name] if name not in met else []
        page.keyboard.press("Tab")
    order = ["consent", "way", "district", "q_overall", "ways", "effort", "recommend", "speed", "advice", "asked"]
    order += ["wishes.rank.1", "minutes", "cost", "visited", "since", "born", "mail", "wish", "home", "SUMMARY"]
    assert [name for name in met if name in order] == order
    page.locator("[name=speed]").first.focus()
    page.keyboard.press("ArrowDown")
    assert page.locator("[name=speed]:checked").get_attribute("value") == "2"


@pytest.mark.browser
def test_only_the_first_heading_of_a_section_shows(open_page: Callable[..., Page]) -> None:
    """Questions that appear one by one bring the heading of their section each; style hides all but one."""
    page = open_page(360, "en")
    page.evaluate("document.querySelectorAll('template').forEach((one) => one.replaceWith(one.content))")
    headings = page.get_by_role("heading", name="What went wrong")
    assert (page.locator("h2:text('What went wrong')").count(), headings.count()) == (2, 1)
