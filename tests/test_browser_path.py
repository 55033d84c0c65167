"""The whole way in a real browser, with and without scripts: answer, close, weigh, score, publish by two, complain."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pytest
from flask import Flask
from playwright.sync_api import BrowserContext, Page

from portal.access import Role
from portal.accounts.security import add_staff
from portal.db import Installation
from portal.jobs import Jobs
from portal.releases.runs import all_runs
from town import LEVELS_EN, Town, answer

PASSWORD = "long enough for anybody"
PEOPLE = {
    "admin@example.org": (Role.ADMINISTRATOR, None),
    "analyst@example.org": (Role.ANALYST, None),
    "reviewer@example.org": (Role.REVIEWER, None),
    "officer@example.org": (Role.OFFICER, "tax"),
}
MARGINS = "unit,cell,population\ntax-hall,window,400\nland-hall,window,100\n"


@dataclass
class Walk:
    """One portal, and a fresh phone for each person."""

    base: str
    phone: Callable[..., BrowserContext]
    javascript: bool

    def visit(self, path: str) -> Page:
        page = self.phone(javascript=self.javascript, locale="en").new_page()
        page.goto(self.base + path)
        return page

    def desk(self, email: str, path: str) -> Page:
        """Sign in and land on the page that was asked for."""
        page = self.visit(path)
        page.get_by_label("E-mail").fill(email)
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("button", name="Log in").click()
        assert page.url.split("?")[0] == self.base + path
        return page


@pytest.mark.browser
@pytest.mark.parametrize("javascript", [True, False], ids=["script", "no-script"])
def test_from_the_phone_to_the_published_score_and_a_complaint(
    phone: Callable[..., BrowserContext],
    serve: Callable[[Flask], str],
    app: Flask,
    place: Installation,
    town: Town,
    javascript: bool,
) -> None:
    """Citizens, administrator, analyst, reviewer and officer each do their part on a phone of 360 × 640."""
    for email, (role, unit) in PEOPLE.items():
        add_staff(app, email=email, name=email.split("@")[0], password=PASSWORD, role=role, unit_id=unit)
    walk = Walk(serve(app), phone, javascript)
    for level in (5, 5, 4, 3):
        for code in town.codes.values():
            answer(app.test_client(), code, level)
    _one_citizen_answers(walk, town)
    _the_administrator_closes_and_weighs(walk)
    _the_analyst_scores_and_proposes(walk, place)
    _the_reviewer_publishes(walk)
    _everybody_reads(walk)
    _a_complaint_is_answered(walk)


def _one_citizen_answers(walk: Walk, town: Town) -> None:
    page = walk.visit(f"/q/{town.code}")
    page.get_by_label(LEVELS_EN[0], exact=True).check()
    page.get_by_role("button", name="Send").click()
    assert page.locator("h1").inner_text() == "Your answer is recorded"


def _the_administrator_closes_and_weighs(walk: Walk) -> None:
    page = walk.desk("admin@example.org", "/desk/waves/summer")
    page.get_by_role("link", name="Close the wave").click()
    page.get_by_role("button", name="Close the wave now").click()
    page.get_by_role("link", name="Margins").click()
    page.get_by_label("Rows").fill(MARGINS)
    page.get_by_role("button", name="Check the table").click()
    page.get_by_role("button", name="Set these margins for good").click()
    assert "2 rows" in page.locator("main").inner_text()


def _the_analyst_scores_and_proposes(walk: Walk, place: Installation) -> None:
    page = walk.desk("analyst@example.org", "/desk/waves/summer/run")
    page.get_by_role("button", name="Freeze the answers").click()
    with place.database.read() as connection:
        run = all_runs(connection)[0]
    assert Jobs(place).run_score(run.id)  # what the worker does when it finds the job
    page.goto(f"{walk.base}/desk/runs/{run.id}")
    page.get_by_label("Short name").fill("summer")
    page.get_by_label("Title in English").fill("Summer satisfaction")
    page.get_by_role("button", name="Propose").click()
    assert page.get_by_role("button", name="Publish").count() == 0


def _the_reviewer_publishes(walk: Walk) -> None:
    page = walk.desk("reviewer@example.org", "/desk/releases/summer/1")
    page.get_by_role("button", name="Publish version 1").click()
    page.get_by_role("link", name="See it in public").click()
    assert page.locator("h1").inner_text() == "Summer satisfaction"


def _everybody_reads(walk: Walk) -> None:
    page = walk.visit("/results/summer/tax-hall")
    assert "85.00" in page.locator("main").inner_text()  # (100 + 100 + 75 + 50 + 100) / 5, one class
    page.get_by_role("link", name="Results").first.click()
    assert page.get_by_role("link", name="Summer satisfaction").count() == 1


def _a_complaint_is_answered(walk: Walk) -> None:
    page = walk.visit("/complaints/new")
    page.get_by_label("Office", exact=False).first.select_option("tax-hall")
    page.locator("[name=kind][value=complaint]").check()
    page.locator("[name=subject]").fill("Three hours")
    page.locator("[name=body]").fill("I waited for three hours.")
    page.get_by_role("button", name="Send").click()
    shown = page.locator(".code").all_inner_texts()
    number = next(text for text in shown if text.startswith("MY-"))
    code = next(text for text in shown if not text.startswith("MY-"))

    desk = walk.desk("officer@example.org", f"/desk/complaints/{number}")
    desk.get_by_role("button", name="Accept the case").click()
    desk.locator("[name$=outcome]").first.check()
    desk.locator("#answer-text").fill("We have opened a second window.")
    desk.get_by_role("button", name="Send the answer").click()

    page.goto(f"{walk.base}/complaints/track")
    page.locator("[name=code]").fill(code)
    page.locator("main form button").first.click()
    assert "We have opened a second window." in page.locator("main").inner_text()
