"""The results pages as readers get them: right in form, honest in content, light on the wire."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from conftest_results import Files, Shelf
from strict_page import StrictPage

BUDGET = 40 * 1024
PAGES = (
    "/results",
    "/results/service",
    "/results/service?v=1",
    "/results/service/city",
    "/results/service/alpha",
    "/results/service/alpha-1",
    "/results/service/beta-4",
    "/results/service/method",
    "/results/service/data",
    "/results/residents",
    "/results/residents/city",
    "/results/residents/police",
    "/results/residents/method",
)


@pytest.fixture
def full(shelf: Shelf, service: Files, residents: Files) -> Shelf:
    """A corrected release of links and an open one."""
    shelf.put(service, "service", 1, day=10)
    shelf.put(service, "service", 2, day=12, reason="Two counters were taken for one.")
    shelf.put(residents, "residents", day=14, title={"en": "Residents", "zh-Hans": "居民"})
    return shelf


def read(shelf: Shelf, address: str, language: str = "en") -> StrictPage:
    answer = shelf.client.get(address, headers={"Accept-Language": language})
    assert answer.status_code == 200, address
    return StrictPage(answer.text)


def status(shelf: Shelf, address: str) -> int:
    with shelf.client.get(address) as answer:
        return answer.status_code


@pytest.mark.parametrize("language", ["en", "zh-Hans"])
@pytest.mark.parametrize("address", PAGES)
def test_every_page_keeps_the_rules(full: Shelf, address: str, language: str) -> None:
    """One h1 that begins the title, unique ids, captions, scopes, named charts, no style and no handler."""
    assert read(full, address, language).faults(language) == []


@pytest.mark.parametrize("address", PAGES)
def test_links_between_results_pages_lead_somewhere(full: Shelf, address: str) -> None:
    """No page links to a results page, twin or file that is not there."""
    links = {link for link in read(full, address).links if link.startswith("/results")}
    dead = {link: code for link in links if (code := status(full, link)) != 200}
    assert links
    assert dead == {}


@pytest.mark.parametrize("language", ["en", "zh-Hans"])
@pytest.mark.parametrize("page", ["", "/b0", "/b0-1", "/city"])
def test_pages_of_a_whole_city_stay_within_the_budget(shelf: Shelf, city: Files, page: str, language: str) -> None:
    """Charts and tables of 55 units, or of twelve questions, fit into 40 KB compressed."""
    shelf.put(city, "city")
    headers = {"Accept-Encoding": "gzip", "Accept-Language": language}
    answer = shelf.client.get(f"/results/city{page}", headers=headers)
    assert answer.headers["Content-Encoding"] == "gzip"
    assert 1_000 < len(answer.data) <= BUDGET


def test_an_empty_portal_says_so(shelf: Shelf) -> None:
    """Before the first release the list explains when something will stand there."""
    assert "Nothing has been published yet" in read(shelf, "/results").text


def test_releases_stand_newest_first_in_their_latest_version(full: Shelf) -> None:
    """Three published versions of two releases give two entries, the newer above."""
    page = read(full, "/results")
    assert [text for level, text in page.headings if level == 2] == ["Residents", "Summer survey"]
    assert "Published on September 12, 2026, version 2" in page.text


def test_links_are_ranked_in_sets_and_ties_are_said(full: Shelf) -> None:
    """Where each transaction gave one link, ranks are published, and units that cannot be told apart are tied."""
    page = read(full, "/results/service")
    records = full.client.get("/results/service.json").get_json()["units"]
    alpha = next(one for one in records if one["unit"] == "alpha")
    assert (alpha["rank_low"], alpha["rank_high"]) == ("1", "2")
    row = next(row for table in page.tables for row in table if row[0].startswith("Alpha unit"))
    assert "1–2" in row[2]
    assert "tied with 1 other" in " ".join(row[2].split())


def test_open_participation_is_not_ranked(full: Shelf) -> None:
    """Nobody is ranked where anybody could answer; the page says why, and on what the scores rest."""
    page = read(full, "/results/residents")
    assert "no ranking" in page.text
    assert "if respondents resemble the others in their class" in page.text
    assert not any("Rank" in cell for table in page.tables for cell in table[0])
    records = full.client.get("/results/residents.json").get_json()["units"]
    assert all(one["rank_low"] == "" for one in records)
    order = [one["unit"] for one in records]
    assert order == ["police", "parks", "transit"], "the order of the plan, not of the scores"


def test_a_suppressed_unit_shows_nothing_but_that(full: Shelf, service: Files) -> None:
    """A unit with too few answers has one row, n < 30: no score, class, question or exact number anywhere."""
    page = read(full, "/results/service/beta-4")
    assert "fewer than 30 answers" in page.text
    assert page.tables == []
    assert page.charts == []
    twin = full.client.get("/results/service/beta-4.json").get_json()
    assert twin["figures"] == [{"unit": "beta-4", "subject": "", "statistic": "n", "value": "<30", "status": "public"}]
    assert twin["classes"] == []
    listed = next(
        one for one in full.client.get("/results/service.json").get_json()["units"] if one["unit"] == "beta-4"
    )
    assert {one["n"] for one in [listed]} == {"<30"}
    assert [listed[name] for name in ("population", "score", "low", "high", "grade", "rank_low")] == [""] * 6


def test_the_ledger_adds_up_on_the_page(full: Shelf) -> None:
    """What was received equals the sum of all that became of it, as printed."""
    page = read(full, "/results/service")
    table = page.tables[[text.startswith("Answers received") for text in page.captions].index(True)]
    numbers = [int(row[1].replace(",", "")) for row in table[1:]]
    assert numbers[0] == sum(numbers[1:]) > 0


def test_the_headline_has_the_real_denominator(full: Shelf, service: Files) -> None:
    """The response share is of all registered events, those of suppressed units included."""
    rows = service["margins.csv"].decode().splitlines()[1:]
    total = sum(int(row.rsplit(",", 1)[1]) for row in rows)
    twin = full.client.get("/results/service.json").get_json()
    assert twin["population_n"] == total
    assert f"{total:,} service events were registered; {twin['response_share']}%" in read(full, "/results/service").text
    assert full.client.get("/results/residents.json").get_json()["response_share"] is None


def test_every_chart_has_its_table(full: Shelf, service: Files) -> None:
    """A unit's page draws each of its three questions and has the numbers of each in a table."""
    page = read(full, "/results/service/alpha-1")
    assert len(page.charts) == page.captions.count("Answers, weighted by class") == 3
    release = read(full, "/results/service")
    assert len(release.charts) == 3
    assert release.captions.count("Scores, intervals and answers") == 4, "the city stands alone, without a chart"


def test_sealed_and_public_figures_are_told_apart(full: Shelf) -> None:
    """Each figure of a unit carries its status; the design effect is sealed, the score is public."""
    page = read(full, "/results/service/alpha-1")
    table = page.tables[page.captions.index("Figures as they were released")]
    rows = [" ".join(" ".join(row).split()) for row in table]
    assert any("Effect of clustering on the variance ● sealed" in row for row in rows)
    assert any("Score ○ public" in row for row in rows)
    assert not any("clustering" in row and "public" in row for row in rows)


def test_older_versions_stay_readable_and_name_their_correction(full: Shelf) -> None:
    """?v=1 shows the first version with a notice; the reason of the correction is listed."""
    old, new = read(full, "/results/service?v=1"), read(full, "/results/service")
    assert "It was corrected by version 2" in old.text
    assert "It was corrected" not in new.text
    assert "Two counters were taken for one." in new.text
    assert any(link.startswith("/results/service/alpha?v=1") for link in old.links)
    assert full.client.get("/results/service/alpha?v=1").status_code == 200


def test_a_unit_page_leads_to_a_complaint_about_that_unit(full: Shelf) -> None:
    """The link names the unit, so that nobody has to look for it again."""
    assert "/complaints/new?unit=alpha-1" in read(full, "/results/service/alpha-1").links


def test_text_from_a_release_is_only_text(shelf: Shelf, service: Files, changed: Callable[..., Files]) -> None:
    """A title that looks like a script is shown letter by letter, in page, chart and statement."""
    hostile = '<script>alert("1")</script>'

    def retitle(data: bytes) -> bytes:
        plan: dict[str, Any] = json.loads(data)
        for unit in plan["units"]:
            unit["title"] = {"en": hostile}
        return json.dumps(plan).encode()

    files = changed(service, "plan.json", retitle)
    files = changed(files, "methodology.en.md", lambda data: data + f"\n{hostile}\n\n| a |\n| {hostile} |\n".encode())
    shelf.put(files, "service", title={"en": hostile})
    for address in ("/results", "/results/service", "/results/service/alpha", "/results/service/method"):
        text = shelf.client.get(address).text
        assert "<script>alert" not in text
        assert "&lt;script&gt;alert" in text
