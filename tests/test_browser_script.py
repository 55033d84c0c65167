"""The answer page with its scripts in Chromium: the same answers as without them, and fewer pages on the way."""

from __future__ import annotations

import gzip
import json
import re
from collections.abc import Callable, Iterator
from datetime import datetime
from html import unescape
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from flask import Flask
from playwright.sync_api import BrowserContext, Page, expect
from sqlalchemy import select
from werkzeug.datastructures import MultiDict

from portal.db import Installation
from portal.respond.trial import trial_token
from survey.drafts import create_draft
from survey.storage.tables import response
from town import Town, build_town, questionnaire, rating

LARGEST = 6 * 1024  # bytes of script and program, compressed


def said(zh: str, en: str) -> dict[str, str]:
    return {"zh-Hans": zh, "en": en}


def choice(code: int, zh: str, en: str, **more: Any) -> dict[str, Any]:
    return {"code": code, "text": said(zh, en), **more}


WAY = {
    "type": "single",
    "variable": "way",
    "text": said("您怎么办理的？", "How did you do it?"),
    "choices": [choice(1, "窗口", "Counter"), choice(2, "网上", "Online"), choice(9, "其他", "Other", specify=True)],
}
WHY = {
    "type": "text",
    "variable": "why",
    "text": said("为什么选择${way}？", "Why ${way}?"),
    "show_if": "answered(${way}) and ${way} != 1",
    "lines": 1,
}
WANTED = {
    "type": "multiple",
    "variable": "wanted",
    "text": said("您要什么？", "What do you want?"),
    "choices": [
        choice(2, "水", "Water"),
        choice(1, "椅子", "Chairs"),
        choice(3, "以上都不要", "None of these", exclusive=True),
        choice(4, "不知道", "Don't know", missing="dont_know"),
    ],
}
GOODS = {
    "type": "matrix",
    "variable": "goods",
    "text": said("请评价", "Please rate"),
    "choices": [choice(1, "好", "Good"), choice(2, "差", "Bad")],
    "rows": [
        {"variable": "chairs", "text": said("椅子", "Chairs"), "show_if": "selected(${wanted}, 1)"},
        {"variable": "water", "text": said("水", "Water"), "show_if": "selected(${wanted}, 2)"},
    ],
}
WAIT = {
    "type": "number",
    "variable": "wait",
    "text": said("等了多久？", "How long did you wait?"),
    "unit": said("分钟", "minutes"),
    "decimals": 1,
    "missing": [{"kind": "dont_know", "text": said("不清楚", "Not sure")}],
}
ECHO = {
    "type": "statement",
    "variable": "echo",
    "text": said("${why}：等了${wait}，要${wanted}。", "${why}: waited ${wait}, wants ${wanted}."),
    "show_if": "${wait} > 10",
}
WHERE = {
    "type": "place",
    "variable": "district",
    "text": said("哪个区？", "Which district?"),
    "places": [{"code": side, "text": said(zh, en)} for side, zh, en in (("e", "东部", "East"), ("w", "西部", "West"))]
    + [
        {"code": f"{side}{n}", "parent": side, "text": said(f"{zh}{n}区", f"{en} {n}")}
        for side, zh, en in (("e", "东", "Sunrise"), ("w", "西", "Sunset"))
        for n in range(1, 9)
    ],
}
MORE = {"type": "text", "variable": "more", "text": said("在${district}怎样？", "How is ${district}?"), "lines": 2}


@pytest.fixture
def town_with(place: Installation) -> Callable[..., Town]:
    """`town_with(*questions, later=...)`: who waited more than 20 minutes sees the section "Later"."""

    def build(*questions: dict[str, Any], later: dict[str, Any] | None = None) -> Town:
        document = questionnaire(*questions)
        if later:
            section = {"title": said("后来", "Later"), "show_if": "${wait} > 20", "questions": [later]}
            document["sections"].append(section)
        return build_town(place, document=document)

    return build


@pytest.fixture
def whole_town(town_with: Callable[..., Town]) -> Town:
    return town_with(rating(), WAY, WHY, WANTED, GOODS, WAIT, ECHO, WHERE, later=MORE)


@pytest.fixture
def visit(
    phone: Callable[..., BrowserContext], serve: Callable[[Flask], str], app: Flask
) -> Iterator[Callable[..., Page]]:
    """`visit(town, lang="en", javascript=True)`: its answer page; what the browser complains of fails the test."""
    complaints: list[str] = []

    def go(town: Town, *, lang: str = "en", javascript: bool = True, **options: Any) -> Page:
        page = phone(javascript=javascript, **options).new_page()
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("console", lambda message: complaints.append(message.text))
        page.goto(f"{serve(app)}/q/{town.code}?lang={lang}")
        return page

    yield go
    assert [one for one in complaints if not one.startswith("Failed to load resource")] == []


def send(page: Page) -> None:
    page.locator("form button[type=submit]").click()


# --- what is shown ---------------------------------------------------------------------------------------------------


@pytest.mark.browser
def test_a_question_appears_and_keeps_what_was_typed(visit: Callable[..., Page], whole_town: Town) -> None:
    """It comes the moment its condition holds, goes when it does not, and is as it was when it comes back."""
    page = visit(whole_town)
    why = page.locator("[name=why]")
    expect(why).to_have_count(0)
    page.get_by_label("Online").check()
    why.fill("faster")
    page.get_by_label("Counter").check()
    expect(why).to_have_count(0)
    page.get_by_label("Other", exact=True).check()
    expect(why).to_have_value("faster")


@pytest.mark.browser
def test_without_a_script_it_comes_after_sending(visit: Callable[..., Page], whole_town: Town) -> None:
    """What waits is not shown to those without scripts until the server knows that it is for them."""
    page = visit(whole_town, javascript=False)
    page.get_by_label("Very satisfied").check()
    page.get_by_label("Online").check()
    expect(page.locator("[name=why]")).to_have_count(0)
    send(page)
    expect(page.locator("[name=why]")).to_be_visible()


@pytest.mark.browser
def test_rows_and_sections_appear(visit: Callable[..., Page], whole_town: Town) -> None:
    """A row comes with its own condition, a heading with the first question of its section."""
    page = visit(whole_town)
    expect(page.locator("#goods")).to_have_count(0)
    page.get_by_label("Water").check()
    expect(page.locator("#water")).to_be_visible()
    expect(page.locator("#chairs")).to_have_count(0)
    page.get_by_label("Chairs").check()
    page.locator("#chairs").get_by_label("Bad").check()
    assert page.locator("#goods .line").evaluate_all("lines => lines.map(line => line.id)") == ["chairs", "water"]
    expect(page.get_by_role("heading", name="Later")).to_have_count(0)
    page.locator("[name=wait]").fill("21")
    expect(page.get_by_role("heading", name="Later")).to_be_visible()
    page.locator("[name=wait]").fill("20")
    expect(page.get_by_role("heading", name="Later")).to_have_count(0)


@pytest.mark.browser
@pytest.mark.parametrize(
    ("lang", "echo", "after"),
    [
        ("en", "<b>x</b>: waited 21.5 minutes, wants Chairs, Water.", "How is Sunset 3?"),
        ("zh-Hans", "<b>x</b>：等了21.5分钟，要椅子、水。", "在西3区怎样？"),
    ],
)
def test_pipes_tell_what_was_answered(
    visit: Callable[..., Page], app: Flask, whole_town: Town, lang: str, echo: str, after: str
) -> None:
    """Labels, typed words and numbers with their unit stand in later texts, as the server would write them."""
    page = visit(whole_town, lang=lang)
    page.locator("[name=way][value='2']").check()
    page.locator("[name=wait]").fill("２１，5")
    expect(page.locator("#echo")).to_contain_text("…")
    page.locator("[name=why]").fill(" <b>x</b> ")
    page.locator("[name=wanted][value='2']").check()
    page.locator("[name=wanted][value='1']").check()
    page.locator("[name=district]").select_option("w3")
    assert [page.locator("#echo").inner_text(), page.locator("#more label").inner_text()] == [echo, after]
    answers = page.evaluate("[...new FormData(document.querySelector('form'))]")
    written = app.test_client().post(f"/q/{whole_town.code}?lang={lang}", data=MultiDict(answers)).text
    assert [words_in(written, "echo"), words_in(written, "more")] == [echo, after]


def words_in(html: str, name: str) -> str:
    """The first paragraph or label of a question, without its tags."""
    found = re.search(rf'id="{name}">\s*<(p|label)[^>]*>(.*?)</\1>', html, re.DOTALL)
    assert found
    return unescape(re.sub(r"<[^>]+>", "", found[2]))


@pytest.mark.browser
def test_choices_that_stand_alone(visit: Callable[..., Page], whole_town: Town) -> None:
    """ "None of these" and "don't know" untick the others, and others untick them."""
    page = visit(whole_town)
    ticked = lambda: page.locator("[name=wanted]:checked").evaluate_all("all => all.map(one => one.value)")  # noqa: E731
    page.get_by_label("Water").check()
    page.get_by_label("Chairs").check()
    assert ticked() == ["2", "1"]
    page.get_by_label("None of these").check()
    assert ticked() == ["3"]
    expect(page.locator("#goods")).to_have_count(0)
    page.get_by_label("Don't know").check()
    assert ticked() == ["4"]
    page.get_by_label("Chairs").check()
    assert ticked() == ["1"]


@pytest.mark.browser
def test_words_beside_a_choice_come_with_it(visit: Callable[..., Page], whole_town: Town) -> None:
    """ "Please say" is there for those who chose what it is about, and keeps their words."""
    page = visit(whole_town)
    words = page.locator("[name='way.say.9']")
    expect(words).to_have_count(0)
    page.get_by_label("Other", exact=True).check()
    words.fill("by post")
    page.get_by_label("Counter").check()
    expect(words).to_have_count(0)
    page.get_by_label("Other", exact=True).check()
    expect(words).to_have_value("by post")


@pytest.mark.browser
def test_a_long_list_can_be_searched(visit: Callable[..., Page], whole_town: Town) -> None:
    """Typing narrows the list by places and by what they belong to; what is chosen stays; Enter takes the only one."""
    page = visit(whole_town)
    page.locator("[name=wait]").fill("30")
    field, places = page.get_by_role("searchbox", name="Search: Which district?"), page.locator("[name=district]")
    offered = lambda: places.locator("option").all_inner_texts()  # noqa: E731
    whole = offered()
    assert len(whole) == 17
    field.fill("set 3")
    assert offered() == [whole[0], "Sunset 3"]
    assert places.locator("optgroup").count() == 1
    expect(page.get_by_role("status")).to_have_text("1 / 16")
    field.press("Enter")
    expect(places).to_be_focused()
    expect(places).to_have_value("w3")
    expect(page.locator("#more label")).to_have_text("How is Sunset 3?")
    expect(page.get_by_role("alert")).to_have_count(0)  # nothing was sent
    field.fill("ＥＡＳＴ")
    assert offered() == [whole[0], *(f"Sunrise {n}" for n in range(1, 9)), "Sunset 3"]
    expect(places).to_have_value("w3")
    field.fill("")
    assert offered() == whole
    expect(places).to_have_value("w3")


@pytest.mark.browser
def test_one_answer_can_open_several_questions(visit: Callable[..., Page], town_with: Callable[..., Town]) -> None:
    """A question that comes back with its answer brings at once what hangs on it, a long list with its search too."""
    town = town_with(
        WAY, {**WAIT, "show_if": "${way} = 2"}, {**WHERE, "show_if": "${wait} > 10"}, {**MORE, "text": WHY["text"]}
    )
    page = visit(town)
    page.get_by_label("Online").check()
    page.locator("[name=wait]").fill("11")
    page.get_by_role("searchbox").fill("3")
    page.locator("[name=district]").select_option("w3")
    page.get_by_label("Counter").check()
    expect(page.locator("[name=wait], [name=district]")).to_have_count(0)
    page.get_by_label("Online").check()
    expect(page.locator("[name=district]")).to_have_value("w3")


@pytest.mark.browser
def test_today_is_the_day_of_the_portal(
    phone: Callable[..., BrowserContext], serve: Callable[[Flask], str], app: Flask, town_with: Callable[..., Town]
) -> None:
    """A traveller's own clock may say another day; the server's zone counts, as it will when the form is sent."""
    born = {"type": "date", "variable": "day", "text": said("哪一天？", "Which day?")}
    town = town_with(born, {**WHY, "text": said("为什么？", "Why?"), "show_if": "${day} = today()"})
    page = phone(timezone_id="America/New_York").new_page()
    page.clock.set_fixed_time(datetime.fromisoformat("2026-07-01T16:30:00+00:00"))  # past midnight in Shanghai
    page.goto(f"{serve(app)}/q/{town.code}?lang=en")
    page.locator("[name=day]").fill("2026-07-01")
    expect(page.locator("[name=why]")).to_have_count(0)
    page.locator("[name=day]").fill("2026-07-02")
    expect(page.locator("[name=why]")).to_be_visible()


# --- with the server -------------------------------------------------------------------------------------------------


def fill_in(page: Page, *, javascript: bool) -> int:
    """Answer everything; without a script each step is sent to see the next. Gives how often it was sent."""
    n_sent = 0

    def step() -> int:
        if not javascript:
            send(page)
        return 0 if javascript else 1

    page.get_by_label("Very satisfied").check()
    page.get_by_label("Other", exact=True).check()
    page.locator("[name='way.say.9']").fill("by post")
    page.get_by_label("Water").check()
    page.locator("[name=wait]").fill("30")
    page.locator("[name=district]").select_option("e1")
    n_sent += step()
    page.locator("[name=why]").fill("far away")
    page.locator("#water").get_by_label("Good").check()
    page.locator("[name=more]").fill("fine\n🙂")
    send(page)
    return n_sent + 1


@pytest.mark.browser
def test_the_same_answers_give_the_same_document(
    visit: Callable[..., Page], place: Installation, whole_town: Town
) -> None:
    """What is recorded does not depend on scripts; they only save a page."""
    sent = []
    for javascript in (True, False):
        page = visit(whole_town, javascript=javascript)
        sent.append(fill_in(page, javascript=javascript))
        expect(page.locator(".code")).to_have_count(2)
    assert sent == [1, 2]
    with place.database.read() as connection:
        first, second = [json.loads(body) for body in connection.execute(select(response.c.body)).scalars()]
    assert first["texts"] == {"more": "fine\n🙂", "way.say.9": "by post", "why": "far away"}
    assert first == second


@pytest.mark.browser
def test_after_a_fault_the_script_goes_on(visit: Callable[..., Page], whole_town: Town) -> None:
    """On a page that comes back, what the server shows already still leaves when its condition no longer holds."""
    page = visit(whole_town)
    page.get_by_label("Online").check()
    page.locator("[name=why]").fill("faster")
    page.locator("[name=wait]").fill("30")
    page.get_by_label("Water").check()
    send(page)  # the required rating is missing
    expect(page.get_by_role("alert")).to_be_visible()
    expect(page.locator("[name=why]")).to_have_value("faster")
    expect(page.locator("#echo")).to_have_text("faster: waited 30 minutes, wants Water.")
    page.locator("[name=wait]").fill("5")
    expect(page.locator("#echo")).to_have_count(0)
    expect(page.get_by_role("heading", name="Later")).to_be_hidden()
    page.locator("[name=wanted][value='2']").uncheck()
    page.locator("[name=wanted][value='1']").check()
    assert page.locator("#goods .line").evaluate_all("lines => lines.map(line => line.id)") == ["chairs"]
    page.locator("[name=way][value='1']").check()
    expect(page.locator("[name=why]")).to_have_count(0)
    page.get_by_label("Very satisfied").check()
    send(page)
    expect(page.locator(".code")).to_have_count(2)


@pytest.mark.browser
@pytest.mark.parametrize("way", ["reload", "back"])
def test_what_the_browser_restores_is_looked_at(visit: Callable[..., Page], whole_town: Town, way: str) -> None:
    """After reload and Back the page shows what follows from the values that stand in it."""
    page = visit(whole_town)
    page.get_by_label("Online").check()
    if way == "reload":
        page.reload()
    else:
        page.goto("about:blank")
        page.go_back()
    is_restored = page.locator("[name=way][value='2']").is_checked()
    expect(page.locator("[name=why]")).to_have_count(1 if is_restored else 0)
    page.evaluate("document.querySelector('[name=way][value=\"2\"]').checked = true")
    page.evaluate("dispatchEvent(new Event('pageshow'))")
    expect(page.locator("[name=why]")).to_have_count(1)


@pytest.mark.browser
def test_a_draft_is_tried_out_with_the_same_scripts(
    phone: Callable[..., BrowserContext], serve: Callable[[Flask], str], app: Flask, place: Installation
) -> None:
    """A test link shows the page as citizens will meet it, though its form has no token."""
    with place.database.write() as connection:
        draft_id = create_draft(connection, questionnaire(WAY, WHY), by="designer", now=place.now())
    with app.app_context():
        address = f"/try/{trial_token(draft_id, 1)}?lang=en"
    page = phone().new_page()
    page.goto(serve(app) + address)
    page.get_by_label("Online").check()
    expect(page.get_by_text("Why Online?")).to_be_visible()


# --- the page itself -------------------------------------------------------------------------------------------------


@pytest.mark.browser
@pytest.mark.parametrize("lang", ["zh-Hans", "en"])
def test_the_page_with_everything_open_is_accessible_and_fits(
    visit: Callable[..., Page], whole_town: Town, lang: str
) -> None:
    """axe finds nothing, and nothing is wider than the phone."""
    page = visit(whole_town, lang=lang)
    page.locator("[name=way][value='9']").check()
    page.locator("[name=wait]").fill("30")
    for box in (1, 2):
        page.locator(f"[name=wanted][value='{box}']").check()
    page.get_by_role("searchbox").fill("1")
    assert page.locator("main [name=more]").count() == 1
    violations = Axe().run(page).response["violations"]
    assert [f"{one['id']}: {one['nodes'][0]['html'][:120]}" for one in violations] == []
    assert page.evaluate("document.documentElement.scrollWidth") <= 360


@pytest.mark.browser
def test_scripts_ask_for_nothing_and_store_nothing(
    phone: Callable[..., BrowserContext], serve: Callable[[Flask], str], app: Flask, whole_town: Town
) -> None:
    """One request, no cookie, nothing in any storage."""
    context = phone()
    page, asked = context.new_page(), []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(f"{serve(app)}/q/{whole_town.code}?lang=en")
    page.get_by_label("Online").check()
    expect(page.locator("[name=why]")).to_be_visible()
    assert len(asked) == 1
    assert context.cookies() == []
    assert page.evaluate("localStorage.length + sessionStorage.length") == 0


def scripts_of(app: Flask, town: Town) -> str:
    page = app.test_client().get(f"/q/{town.code}").text
    return "".join(re.findall(r"<script.*?</script>", page, re.DOTALL))


def test_scripts_are_small(app: Flask, whole_town: Town) -> None:
    """Both scripts with the program of a survey that uses all of them stay within their share of the page."""
    found = scripts_of(app, whole_town)
    assert found.count("<script") == 3
    assert len(gzip.compress(found.encode(), 9)) <= LARGEST


@pytest.mark.parametrize(
    ("questions", "n_scripts"),
    [
        ([rating()], 0),
        ([WAIT, {**WANTED, "choices": WANTED["choices"][:2]}], 0),
        ([WAY], 2),
        ([WANTED], 2),
        ([WHERE], 1),
    ],
    ids=["rating", "plain", "words beside", "alone", "long list"],
)
def test_a_page_that_needs_no_script_has_none(
    app: Flask, town_with: Callable[..., Town], questions: list[dict[str, Any]], n_scripts: int
) -> None:
    """Only what has something to do travels: usual ratings are not heavier for it."""
    assert scripts_of(app, town_with(*questions)).count("<script") == n_scripts
