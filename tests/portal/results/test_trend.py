"""Scores over time: joined only where nothing broke, in the same words and numbers on the page and in its twins."""

from __future__ import annotations

import csv
import io
import json
import re
from dataclasses import replace
from typing import Any

import pytest
from conftest_results import Files, Shelf
from waves_in_time import (
    FIRST,
    ITEMS,
    REWORDED,
    TURNED,
    TWICE,
    Document,
    asked,
    page_of,
    review,
    told,
    town,
    trend_of,
    wave,
)

from survey.mapping import Relation, VariableMapping

UNIT = "/results/third/alpha-1"
SAME = ("70.00", "65.00", "75.00")


def three(shelf: Shelf, base: Files, *versions: Document, **plan: Any) -> None:
    """Three releases that ended in March, June and September, the last of them first published."""
    days = ("2026-03-31", "2026-06-30", "2026-09-30")
    for name, day, questions in zip(("first", "second", "third"), days, versions, strict=True):
        shelf.put(wave(base, day, questions=questions, **plan), name, day=30 - int(day[5:7]))


def words(text: str) -> str:
    return " ".join(text.split())


def joins(shelf: Shelf, address: str) -> int:
    """How many lines of the drawing join two points."""
    return len(re.findall(r'stroke-width="1.5"', shelf.client.get(address).text))


# --- one line, or several ---------------------------------------------------------------------------------------------


def test_waves_of_one_questionnaire_are_one_line_in_the_order_of_their_days(shelf: Shelf, service: Files) -> None:
    """The same questions under the same rule compare without any review, whenever they were published."""
    three(shelf, service, FIRST, FIRST, FIRST)
    assert told(shelf, UNIT) == [("1", "", "", ""), ("1", "", "", "unclear"), ("1", "", "", "unclear")]
    assert [one["closes_on"] for one in trend_of(shelf, UNIT)] == ["2026-03-31", "2026-06-30", "2026-09-30"]
    page = page_of(shelf, UNIT)
    assert "Over time" in [text for level, text in page.headings if level == 2]
    assert "The line breaks" not in page.text
    assert joins(shelf, UNIT) == 2


def test_a_reviewed_rewording_keeps_the_line_and_is_told(shelf: Shelf, service: Files) -> None:
    """The point is marked, and the question that was reworded is named."""
    review(shelf, FIRST, REWORDED)
    three(shelf, service, FIRST, FIRST, REWORDED)
    assert told(shelf, UNIT)[2] == ("1", "reworded=q_speed", "", "unclear")
    page = page_of(shelf, UNIT)
    assert "* Jan" not in page.text
    assert "Reworded since the point before, and reviewed as comparable. How satisfied" in words(page.text)
    assert joins(shelf, UNIT) == 2


def test_a_version_that_nobody_reviewed_breaks_the_line_until_somebody_does(shelf: Shelf, service: Files) -> None:
    """Without a mapping nothing is joined and no change is claimed; the review makes it another page."""
    three(shelf, service, FIRST, FIRST, REWORDED)
    shelf.put(wave(service, "2026-10-31", questions=REWORDED, score=("90.00", "88.00", "92.00")), "fourth")
    assert told(shelf, UNIT)[2] == ("2", "", "unreviewed=q_speed+q_manner+q_result", "")
    assert [one["segment"] for one in trend_of(shelf, UNIT)] == ["1", "1", "2", "2"]
    before = shelf.client.get(UNIT)
    page = page_of(shelf, UNIT)
    rows = page.tables[page.captions.index("Score of each release")]
    assert "// 1 Cannot be compared. Nobody has reviewed" in words(rows[3][3])
    assert "Higher than before: the intervals do not overlap." in rows[4][3]
    assert joins(shelf, UNIT) == 2
    assert before.text.count("stroke-dasharray") == 1
    review(shelf, FIRST, REWORDED)
    again = shelf.client.get(UNIT, headers={"If-None-Match": before.headers["ETag"]})
    assert (again.status_code, joins(shelf, UNIT)) == (200, 3)


def test_versions_in_between_may_have_stayed_at_home(shelf: Shelf, service: Files) -> None:
    """Two reviews lead from the first to the third version, though the second was never fielded."""
    review(shelf, FIRST, REWORDED)
    review(shelf, REWORDED, TWICE)
    three(shelf, service, FIRST, FIRST, TWICE)
    assert told(shelf, UNIT)[2] == ("1", "reworded=q_speed+q_manner", "", "unclear")


def test_reviews_lead_one_way(shelf: Shelf, service: Files) -> None:
    """Nobody said that answers to the old words compare with those to the new ones before them."""
    review(shelf, FIRST, REWORDED)
    three(shelf, service, FIRST, REWORDED, FIRST)
    assert [one["segment"] for one in trend_of(shelf, UNIT)] == ["1", "1", "2"]


def test_one_broken_question_breaks_the_score(shelf: Shelf, service: Files) -> None:
    """Two of three questions are the same; the score rests on the third as well, which is named."""

    def broken(one: VariableMapping) -> VariableMapping:
        return replace(one, relation=Relation.BROKEN) if one.variable == "q_speed" else one

    review(shelf, FIRST, REWORDED, broken)
    three(shelf, service, FIRST, FIRST, REWORDED)
    assert told(shelf, UNIT)[2] == ("2", "", "broken=q_speed", "")
    text = words(page_of(shelf, UNIT).text)
    assert "Apr 1 – Jun 30, 2026" not in text
    assert "// 1 Jun 1 – 30, 2026 and Sep 1 – 30, 2026" in text
    assert "their answers cannot be compared. How satisfied | were you with q_speed?" in text


def test_a_question_that_was_not_asked_before_breaks_the_score(shelf: Shelf, service: Files) -> None:
    """A new variable has no past."""
    shorter = town.questionnaire(*(town.rating(name) for name in ITEMS[:2]))
    review(shelf, shorter, FIRST)
    three(shelf, service, shorter, FIRST, FIRST)
    assert told(shelf, UNIT)[1] == ("2", "", "absent=q_result", "")


# --- other codes ------------------------------------------------------------------------------------------------------


def recoded(one: VariableMapping) -> VariableMapping:
    """The same codes as before, decided as a recoding."""
    if one.variable != "q_manner" or one.relation is Relation.RECODED:
        return one
    return replace(one, relation=Relation.RECODED, recoding=tuple((code, code) for code in (5, 4, 3, 2, 1)))


def test_a_recoding_breaks_the_score(shelf: Shelf, service: Files) -> None:
    """Turned round, code 5 earns the points of the worst answer: the published score is not one of the new codes."""
    turned = asked(q_speed={"choices": TURNED})
    review(shelf, FIRST, turned)
    three(shelf, service, FIRST, FIRST, turned)
    assert told(shelf, UNIT)[2] == ("2", "", "codes=q_speed", "")
    assert "a published score is not computed again." in page_of(shelf, UNIT).text


def test_a_recoding_that_changes_no_code_keeps_the_line(shelf: Shelf, service: Files) -> None:
    """Where each code is carried to itself the points are those of before; the mark tells of it."""
    review(shelf, FIRST, REWORDED, recoded)
    three(shelf, service, FIRST, FIRST, REWORDED)
    assert told(shelf, UNIT)[2] == ("1", "reworded=q_speed;recoded=q_manner", "", "unclear")
    assert "each still means what it meant" in page_of(shelf, UNIT).text


def test_a_harmless_recoding_does_not_hide_another(shelf: Shelf, service: Files) -> None:
    """One question keeps its codes, the other is turned round: the score breaks, and only that one is named."""
    turned = asked(q_result={"choices": TURNED}, q_speed={"text": {"en": "Fast?", "zh-Hans": "快吗？"}})
    review(shelf, FIRST, turned, recoded)
    three(shelf, service, FIRST, FIRST, turned)
    assert told(shelf, UNIT)[2] == ("2", "", "codes=q_result", "")


def test_a_level_that_is_added_breaks_the_score(shelf: Shelf, service: Files) -> None:
    """The old codes stay what they were, but people who had five levels to choose from now have six."""
    levels = town.rating()["choices"]
    five = [{"code": one["code"], "text": one["text"]} for one in levels]
    six = [*five, {"code": 6, "text": {"en": "Beyond all praise", "zh-Hans": "无可挑剔"}}]
    old, new = (asked(q_manner={"type": "single", "choices": some}) for some in (five, six))
    review(shelf, old, new, recoded)
    three(shelf, service, old, old, new)
    assert told(shelf, UNIT)[2] == ("2", "", "codes=q_manner", "")


# --- other rules ------------------------------------------------------------------------------------------------------


def stricter(scheme: Document) -> Document:
    """The same scheme by name, with other points."""
    scheme["steps"][0]["points"]["3"] = 40
    return scheme


def test_another_scoring_rule_breaks_the_line(shelf: Shelf, service: Files) -> None:
    """The questions are the same, the scheme's name too; what an answer earns is not."""
    three(shelf, service, FIRST, FIRST, FIRST)
    shelf.put(wave(service, "2026-12-31", scheme=stricter), "fourth")
    assert told(shelf, UNIT)[3] == ("2", "", "scheme", "")
    assert "The scoring rule changed." in page_of(shelf, UNIT).text


@pytest.mark.parametrize(
    ("plan", "reason"),
    [
        ({"participation": "open"}, "participation"),
        ({"weighting": {"method": "none", "dimensions": [], "minimum_class": 10}}, "weighting"),
    ],
)
def test_another_way_of_asking_breaks_the_line(shelf: Shelf, service: Files, plan: Document, reason: str) -> None:
    """A sample and whoever came, or weighted and plain answers, do not stand for the same."""
    three(shelf, service, FIRST, FIRST, FIRST)
    shelf.put(wave(service, "2026-12-31", **plan), "fourth")
    assert told(shelf, UNIT)[3] == ("2", "", reason, "")


def test_other_series_stay_out(shelf: Shelf, service: Files) -> None:
    """Another scheme's name, another population or another questionnaire is another line."""
    three(shelf, service, FIRST, FIRST, FIRST)
    shelf.put(wave(service, "2026-10-31", scheme=lambda found: found | {"id_name": "other"}), "scheme")
    shelf.put(wave(service, "2026-11-30", population="customers"), "population")
    shelf.put(wave(service, "2026-12-31", questions=FIRST | {"name": "hotline"}), "questionnaire")
    assert [one["release"] for one in trend_of(shelf, UNIT)] == ["first", "second", "third"]
    assert trend_of(shelf, "/results/scheme/alpha-1") == []


def test_a_unit_is_judged_by_its_own_questions(shelf: Shelf, residents: Files) -> None:
    """Where each unit has its tree, a question about the parks says nothing about the police."""
    names = [f"q5_0{n}" for n in range(1, 6)]
    old = town.questionnaire(*map(town.rating, names))
    new = town.questionnaire(*(town.rating(one, **({"choices": TURNED} if one == "q5_03" else {})) for one in names))
    review(shelf, old, new)
    for name, day, questions in (("first", "2026-06-30", old), ("third", "2026-09-30", new)):
        shelf.put(wave(residents, day, questions=questions, unit="police"), name)
    assert told(shelf, "/results/third/police")[1] == ("1", "", "", "unclear")
    assert told(shelf, "/results/third/parks")[1] == ("2", "", "codes=q5_03", "")
    assert trend_of(shelf, "/results/third") == [], "nothing stands for the whole"


# --- what may be said -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("score", "change", "sentence"),
    [
        (("80.00", "75.01", "85.00"), "higher", "Higher than before: the intervals do not overlap."),
        (("80.00", "75.00", "85.00"), "unclear", "No clear change: the intervals overlap."),
        (("60.00", "55.00", "65.00"), "unclear", "No clear change: the intervals overlap."),
        (("9.50", "8.00", "9.99"), "lower", "Lower than before: the intervals do not overlap."),
        (("100.00", "100.00", "100.00"), "higher", "Higher than before: the intervals do not overlap."),
    ],
)
def test_a_change_is_claimed_only_between_intervals_that_do_not_touch(
    shelf: Shelf, service: Files, score: tuple[str, str, str], change: str, sentence: str
) -> None:
    """Compared as numbers, not as texts, against 65.00 to 75.00; touching is overlapping."""
    shelf.put(wave(service, "2026-06-30", score=SAME), "first")
    shelf.put(wave(service, "2026-09-30", score=score), "third")
    assert told(shelf, UNIT)[1][3] == change
    page = page_of(shelf, UNIT)
    assert page.tables[page.captions.index("Score of each release")][2][3].strip() == sentence
    assert not re.search(r"\b(better|worse|improve|decline)", page.text.lower())


def test_page_json_and_csv_carry_one_series(shelf: Shelf, service: Files) -> None:
    """Every cell of the CSV is the one of the JSON; period, score, interval and answers on the page are theirs."""
    three(shelf, service, FIRST, REWORDED, REWORDED)
    for address in (UNIT, "/results/third"):
        twin = trend_of(shelf, address)
        text = shelf.client.get(f"{address}.csv?sheet=trend").text
        assert list(csv.DictReader(io.StringIO(text, newline=""))) == twin
        page = page_of(shelf, address)
        rows = page.tables[page.captions.index("Score of each release")][1:]
        for row, one in zip(rows, twin, strict=True):
            assert words(row[1]) == f"{one['score']} {one['low']}–{one['high']}"
            assert row[2].strip() == one["n"]
        assert any(link.startswith("/results/first") for link in page.links)
    assert [one["score"] for one in trend_of(shelf, UNIT)] == ["70.00"] * 3


def test_a_sheet_is_asked_for_by_name(shelf: Shelf, service: Files) -> None:
    """Every sheet of the JSON is there as CSV; one that is not there is 404."""
    shelf.put(service, "service")
    document = shelf.client.get("/results/service.json").get_json()
    text = shelf.client.get("/results/service.csv?sheet=ledger").text
    assert list(csv.DictReader(io.StringIO(text, newline=""))) == document["ledger"]
    assert shelf.client.get("/results/service.csv?sheet=secrets").status_code == 404


def test_a_single_score_is_no_trend(shelf: Shelf, service: Files) -> None:
    """No section, no rows; nor for a unit that has too few answers."""
    shelf.put(service, "third")
    assert "Over time" not in page_of(shelf, UNIT).text
    assert trend_of(shelf, UNIT) == []
    shelf.put(wave(service, "2026-12-31", questions=json.loads(service["questionnaire.json"])), "fourth")
    assert len(trend_of(shelf, UNIT)) == 2
    assert trend_of(shelf, "/results/third/beta-4") == []
    assert "Over time" not in page_of(shelf, "/results/third/beta-4").text


# --- which releases ---------------------------------------------------------------------------------------------------


def test_only_the_latest_public_version_of_a_release_counts(shelf: Shelf, service: Files) -> None:
    """A corrected score stands in place of the old one; what is proposed does not; an old version tells no trend."""
    shelf.put(wave(service, "2026-06-30"), "first", 1, day=1)
    shelf.put(wave(service, "2026-06-30", score=("71.00", "66.00", "76.00")), "first", 2, day=2)
    shelf.put(wave(service, "2026-06-30", score=("72.00", "67.00", "77.00")), "first", 3, state="proposed")
    shelf.put(wave(service, "2026-09-30"), "third")
    shelf.put(wave(service, "2026-12-31"), "hidden", state="proposed")
    assert [(one["release"], one["version"], one["score"]) for one in trend_of(shelf, UNIT)] == [
        ("first", "2", "71.00"),
        ("third", "1", "70.00"),
    ]
    old = shelf.client.get("/results/first/alpha-1.json?v=1").get_json()
    assert old["trend"] == []


def test_a_wave_is_one_point(shelf: Shelf, service: Files) -> None:
    """Released under two names, it counts once: as the release that is read, else as the newest."""
    shelf.put(wave(service, "2026-06-30"), "early", day=1)
    shelf.put(wave(service, "2026-06-30"), "late", day=2)
    shelf.put(wave(service, "2026-09-30"), "third", day=3)
    assert [one["release"] for one in trend_of(shelf, UNIT)] == ["late", "third"]
    assert [one["release"] for one in trend_of(shelf, "/results/early/alpha-1")] == ["early", "third"]


def test_a_damaged_release_leaves_the_others_readable(shelf: Shelf, service: Files) -> None:
    """Its point is missing and the page says that one may be; its own page is closed as ever."""
    three(shelf, service, FIRST, FIRST, FIRST)
    path = shelf.settings.releases_dir / "second" / "v1" / "figures.csv"
    path.write_bytes(path.read_bytes().replace(b"70.00", b"99.00"))
    assert shelf.client.get("/results/second/alpha-1").status_code == 503
    assert [one["release"] for one in trend_of(shelf, UNIT)] == ["first", "third"]
    assert "its score may be missing here" in page_of(shelf, UNIT).text


@pytest.mark.parametrize("language", ["en", "zh-Hans"])
def test_a_long_trend_keeps_rules_and_budget(shelf: Shelf, city: Files, language: str) -> None:
    """Ten years of quarters with a break a year: one page that keeps the rules, within 40 KB compressed."""
    items = [f"q_{n:02d}" for n in range(1, 13)]
    for number in range(40):
        text = {"en": f"As in {number // 4}?", "zh-Hans": f"第{number // 4}版？"}
        questions = town.questionnaire(*(town.rating(one, text=text) for one in items))
        day = f"{2016 + number // 4}-{3 * (number % 4) + 3:02d}-28"
        shelf.put(wave(city, day, questions=questions, unit="b0-1"), f"r{number}")
    for address in ("/results/r39/b0-1", "/results/r39"):
        page = page_of(shelf, address, language)
        assert max(map(len, page.tables)) > 40
        answer = shelf.client.get(address, headers={"Accept-Encoding": "gzip", "Accept-Language": language})
        assert answer.headers["Content-Encoding"] == "gzip"
        assert len(answer.data) <= 40 * 1024
        assert shelf.client.get(address).text.count("stroke-dasharray") == 9
