"""The citizen's way on a phone of 360 × 640, in each language, with and without scripts."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from flask import Flask
from playwright.sync_api import BrowserContext, Page

from portal.db import Installation
from town import LEVELS, LEVELS_EN, Town, build_town, questionnaire, rating

EVERYTHING = [
    rating(),
    {
        "type": "scale",
        "variable": "recommend",
        "text": {"zh-Hans": "您会推荐网上办理吗？", "en": "Would you recommend doing this online?"},
        "first": 0,
        "last": 10,
        "first_label": {"zh-Hans": "绝不", "en": "Never"},
        "last_label": {"zh-Hans": "一定", "en": "Certainly"},
        "missing": [{"kind": "dont_know", "text": {"zh-Hans": "不知道", "en": "Don't know"}}],
    },
    {
        "type": "multiple",
        "variable": "channels",
        "text": {"zh-Hans": "您用过哪些渠道？", "en": "Which channels have you used?"},
        "choices": [
            {"code": 1, "text": {"zh-Hans": "窗口", "en": "Counter"}},
            {"code": 2, "text": {"zh-Hans": "网上", "en": "Online"}},
            {"code": 9, "text": {"zh-Hans": "以上都没有", "en": "None of these"}, "missing": "not_applicable"},
        ],
    },
    {
        "type": "text",
        "variable": "why",
        "text": {"zh-Hans": "哪里需要改进？", "en": "What should be better?"},
        "show_if": "${q_overall} <= 2",
    },
]
SENTENCES = {
    "zh-Hans": {"send": "提交", "recorded": "已记录"},
    "en": {"send": "Send", "recorded": "Your answer is recorded"},
}


@pytest.fixture
def whole_town(place: Installation) -> Town:
    return build_town(place, document=questionnaire(*EVERYTHING))


def open_phone(phone: Callable[..., BrowserContext], *, javascript: bool) -> Page:
    page = phone(javascript=javascript, locale="zh-CN").new_page()
    page.on("pageerror", lambda error: pytest.fail(f"script error: {error}"))
    return page


@pytest.mark.browser
@pytest.mark.parametrize("lang", ["zh-Hans", "en"])
@pytest.mark.parametrize("javascript", [True, False], ids=["script", "no-script"])
def test_scan_answer_and_verify_on_a_phone(
    phone: Callable[..., BrowserContext],
    serve: Callable[[Flask], str],
    app: Flask,
    place: Installation,
    whole_town: Town,
    lang: str,
    javascript: bool,
) -> None:
    """A citizen answers every kind of question, follows a condition, and finds the receipt in the log."""
    levels = LEVELS if lang == "zh-Hans" else LEVELS_EN
    base, page = serve(app), open_phone(phone, javascript=javascript)
    page.goto(f"{base}/q/{whole_town.code}?lang={lang}")
    page.get_by_label(levels[4], exact=True).check()
    reason = "等候太久" if lang == "zh-Hans" else "Long wait"
    page.locator(".r1").get_by_label(reason).check()
    page.get_by_label("7", exact=True).check()
    page.get_by_label("网上" if lang == "zh-Hans" else "Online", exact=True).check()
    if not javascript:  # with scripts the further question is there at once, without them after a first try to send
        page.get_by_role("button", name=SENTENCES[lang]["send"]).click()
    page.locator("textarea[name=why]").fill("少跑一次")
    page.get_by_role("button", name=SENTENCES[lang]["send"]).click()
    assert SENTENCES[lang]["recorded"] in page.locator("h1").inner_text()
    receipt = page.locator(".code").first.inner_text()
    with place.database.write() as connection:
        assert place.log.append_due(connection, place.now(), place.today(), force=True) == 1
    page.goto(f"{base}/verify?lang={lang}")
    page.locator("#receipt").fill(receipt)
    page.locator("form[method=post] button").click()
    assert page.locator(".done").count() == 1


@pytest.mark.browser
@pytest.mark.parametrize("lang", ["zh-Hans", "en"])
def test_citizen_pages_are_accessible_and_fit(
    phone: Callable[..., BrowserContext],
    serve: Callable[[Flask], str],
    app: Flask,
    whole_town: Town,
    lang: str,
) -> None:
    """axe finds nothing on any page a citizen meets, and none is wider than the phone."""
    base, page = serve(app), open_phone(phone, javascript=True)
    paths = ["/", f"/q/{whole_town.code}", "/verify", "/change", "/results", "/complaints", "/complaints/new"]
    paths += ["/complaints/track", "/open-data", "/login", "/q/XXXX-XXXX-XXXX"]
    found = {}
    for path in paths:
        page.goto(f"{base}{path}?lang={lang}")
        assert page.evaluate("document.documentElement.scrollWidth") <= 360, path
        violations = Axe().run(page).response["violations"]
        found[path] = [f"{one['id']}: {one['nodes'][0]['html'][:120]}" for one in violations]
    assert {path: faults for path, faults in found.items() if faults} == {}


@pytest.mark.browser
def test_reasons_open_with_their_level_without_a_script(
    phone: Callable[..., BrowserContext], serve: Callable[[Flask], str], app: Flask, whole_town: Town
) -> None:
    """The tags of a level show when it is chosen and hide when another is, by style alone."""
    base, page = serve(app), open_phone(phone, javascript=False)
    page.goto(f"{base}/q/{whole_town.code}")
    assert not page.locator(".r1").is_visible()
    page.get_by_label(LEVELS[4], exact=True).check()
    assert page.locator(".r1").is_visible()
    page.get_by_label(LEVELS[0], exact=True).check()
    assert not page.locator(".r1").is_visible()


@pytest.mark.browser
def test_the_answer_page_works_by_keyboard(
    phone: Callable[..., BrowserContext], serve: Callable[[Flask], str], app: Flask, whole_town: Town
) -> None:
    """Tab, arrows and Enter are enough to answer and send."""
    base, page = serve(app), open_phone(phone, javascript=False)
    page.goto(f"{base}/q/{whole_town.code}")
    page.locator("input[name=q_overall]").first.focus()
    page.keyboard.press("ArrowDown")
    assert page.locator("input[name=q_overall]:checked").get_attribute("value") == "4"
    page.keyboard.press("Enter")
    page.locator(".code").first.wait_for()
    assert page.locator(".code").count() == 2
