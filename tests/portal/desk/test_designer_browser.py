"""The designer in a browser: with the keyboard alone and no script, with its script, and judged by axe on each page."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, Page, expect

from desk_city import DRAFT, NOW, PASSWORDS, settings_in
from portal.app import create_app
from portal.db import Installation
from survey import drafts
from survey.editing import Document, question_of

expect.set_options(timeout=15_000)
SHELF = "/desk/questionnaires"
BASE = f"{SHELF}/drafts/{DRAFT}"
FORMS = "agrees hello overall window channels aspects order_of effort minutes visited lives wish".split()  # noqa: SIM905
PAGES = [SHELF, f"{SHELF}/new", BASE, f"{BASE}/settings", f"{BASE}/sections/1", f"{BASE}/questions/new", f"{BASE}/bank"]
PAGES += [f"{BASE}/history", f"{BASE}/history/1", f"{BASE}/discard", f"{BASE}/languages/en/remove"]
PAGES += [f"{BASE}/questions/wish/move", *(f"{BASE}/questions/{name}" for name in FORMS)]


@pytest.fixture
def place(city_folder: Path, tmp_path: Path) -> Iterator[Installation]:
    """The city, served without encryption as on one's own machine, so that a browser keeps the session."""
    folder = tmp_path / "data"
    shutil.copytree(city_folder, folder)
    opened = Installation(settings_in(folder, MINYI_BASE_URL="http://127.0.0.1"), clock=lambda: NOW)
    yield opened
    opened.database.dispose()


@pytest.fixture
def address(serve: Callable[[Flask], str], place: Installation) -> str:
    return serve(create_app(place=place))


def signed_in(context: BrowserContext, address: str) -> Page:
    page = context.new_page()
    page.on("pageerror", lambda error: pytest.fail(f"script error: {error}"))
    page.goto(f"{address}/login?next={SHELF}")
    page.fill("#email", "designer@example.org")
    page.fill("#password", PASSWORDS["designer"])
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: "/login" not in url)
    return page


def stored(place: Installation) -> Document:
    with place.database.read() as connection:
        return drafts.load_draft(connection, DRAFT).document


@pytest.mark.browser
@pytest.mark.parametrize(("locale", "width"), [("zh-CN", 360), ("en-US", 1280)])
def test_pages_are_accessible_and_fit(browser: Browser, address: str, locale: str, width: int) -> None:
    """axe finds nothing on any page of the designer, and none is wider than the screen."""
    context = browser.new_context(viewport={"width": width, "height": 800}, locale=locale)
    page, found = signed_in(context, address), {}
    for path in PAGES:
        page.goto(f"{address}{path}")
        assert page.evaluate("document.documentElement.scrollWidth") <= width, path
        violations = Axe().run(page).response["violations"]
        found[path] = [f"{one['id']}: {one['nodes'][0]['html'][:120]}" for one in violations]
    context.close()
    assert {path: faults for path, faults in found.items() if faults} == {}


@pytest.mark.browser
def test_a_question_is_made_with_the_keyboard_alone(
    phone: Callable[..., BrowserContext], address: str, place: Installation
) -> None:
    """No mouse and no script: from the outline to a saved question, and undone again."""
    page = signed_in(phone(javascript=False, locale="en-US"), address)
    page.goto(f"{address}{BASE}")
    page.get_by_role("link", name="New question section 2").focus()
    page.keyboard.press("Enter")
    page.get_by_role("link", name="One choice", exact=True).focus()
    page.keyboard.press("Enter")
    page.locator("#text-zh-Hans").focus()
    page.keyboard.type("新问题？")
    for name, words in (("choices-0", "是"), ("choices-1", "否")):
        page.locator(f"#{name}-text-zh-Hans").focus()
        page.keyboard.type(words)
    page.keyboard.press("Enter")
    page.wait_for_url(f"**{BASE}#q1")
    made = question_of(stored(place), "q1")
    assert [one["text"]["zh-Hans"] for one in made["choices"]] == ["是", "否"]
    assert page.locator("#q1").is_visible()
    page.get_by_role("button", name="Undo: add q1").focus()
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Redo: add q1").wait_for()
    assert page.locator("#q1").count() == 0


@pytest.mark.browser
def test_rows_keep_the_place_on_the_page(phone: Callable[..., BrowserContext], address: str) -> None:
    """A button that adds rows shows the form where the rows are, not its top."""
    page = signed_in(phone(javascript=False, locale="en-US"), address)
    page.goto(f"{address}{BASE}/questions/channels")
    page.get_by_role("button", name="Add 5 more rows").click()
    page.wait_for_url("**#choices")
    assert page.locator("[name$=-code]").count() == 10
    assert page.locator("#choices").evaluate("one => Math.abs(one.getBoundingClientRect().top)") < 60


@pytest.mark.browser
def test_picking_shows_choices_and_text_at_once(
    phone: Callable[..., BrowserContext], address: str, place: Installation
) -> None:
    """With the script the choices of a question appear when it is picked, and the condition writes itself."""
    page = signed_in(phone(locale="en-US"), address)
    page.goto(f"{address}{BASE}/questions/minutes")
    assert page.get_by_role("button", name="Show choices").count() == 0
    page.select_option("#show_if-0-variable", "overall")
    assert page.locator("#show_if-0-value option").count() == 6
    page.select_option("#show_if-0-relation", "most")
    page.select_option("#show_if-0-value", "2")
    expect(page.locator("#show_if")).to_have_value("${overall} <= 2")
    page.select_option("#show_if-1-variable", "channels")
    page.select_option("#show_if-1-value", "1")
    expect(page.locator("#show_if")).to_have_value("${overall} <= 2 and selected(${channels}, 1)")
    page.get_by_role("button", name="Save").last.click()
    page.wait_for_url(f"**{BASE}#minutes")
    assert question_of(stored(place), "minutes")["show_if"] == "${overall} <= 2 and selected(${channels}, 1)"


@pytest.mark.browser
def test_a_typed_condition_is_judged_while_typing(phone: Callable[..., BrowserContext], address: str) -> None:
    """The fault stands below the field, where screen readers hear it; mended, it goes."""
    page = signed_in(phone(locale="en-US"), address)
    page.goto(f"{address}{BASE}/questions/minutes")
    page.locator("#show_if-group summary").click()
    page.fill("#show_if", "${overall} >= ")
    verdict, text = page.locator("#show_if-group .verdict"), page.locator("#show_if")
    expect(verdict).to_contain_text("Something lacks at its end.")
    expect(verdict).to_have_attribute("role", "status")
    expect(text).to_have_attribute("aria-invalid", "true")
    text.fill("${overall} >= 3")
    expect(verdict).to_have_text("")
    expect(text).to_have_attribute("aria-invalid", "false")
