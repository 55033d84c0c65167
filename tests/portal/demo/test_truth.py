"""The published scores of the demonstration against the means its answers were drawn from."""

from __future__ import annotations

import csv
import json
from collections import defaultdict
from statistics import fmean

import pytest

from portal.demo.city import document, offices
from portal.demo.truth import ITEMS, item_weights, level_points
from portal.demo.waves import CLOSED
from portal.releases.folder import release_folder

Figures = dict[str, dict[str, str]]


@pytest.fixture(scope="session")
def published(demo_city) -> Figures:
    found: Figures = defaultdict(dict)
    with (release_folder(demo_city.place, CLOSED, 1) / "figures.csv").open(encoding="utf-8") as stream:
        for row in csv.DictReader(stream):
            if not row["subject"]:
                found[row["unit"]][row["statistic"]] = row["value"]
    return found


@pytest.fixture(scope="session")
def truth(demo_city) -> dict[str, dict[str, float]]:
    path = demo_city.place.settings.data_dir / "demo" / "truth.json"
    return json.loads(path.read_text(encoding="utf-8"))["units"]


@pytest.fixture(scope="session")
def plain_scores(demo_city, published) -> dict[str, float]:
    """The scheme's score of every unit from answers that all count the same."""
    worth = {str(level): points for level, points in enumerate(level_points(), start=1)}
    department, city = {one.id: one.department for one in offices()}, document("city.json")["id"]
    answers: dict[str, dict[str, list[int]]] = defaultdict(lambda: defaultdict(list))
    path = demo_city.place.settings.data_dir / "demo" / f"{CLOSED}.csv"
    with path.open(encoding="utf-8") as stream:
        for row in csv.DictReader(stream):
            if "score" not in published[row["office"]]:
                continue
            for item in ITEMS:
                if row[item] in worth:
                    for unit in (row["office"], department[row["office"]], city):
                        answers[unit][item].append(worth[row[item]])
    return {
        unit: sum(weight * fmean(given[item]) for item, weight in item_weights().items())
        for unit, given in answers.items()
    }


def test_weights_recover_the_truth(published, truth):
    """The weighted score lies within three standard errors of the true one for at least 95 % of the units."""
    near = [
        abs(float(published[unit]["score"]) - true["score"]) <= 3 * float(published[unit]["se"])
        for unit, true in truth.items()
    ]
    assert sum(near) >= 0.95 * len(near)


def test_plain_means_are_wrong(published, truth, plain_scores):
    """Unweighted, the scores are off by two points or more on average; weighted, by less than a quarter of that."""
    plain = fmean(plain_scores[unit] - true["score"] for unit, true in truth.items())
    weighted = fmean(float(published[unit]["score"]) - true["score"] for unit, true in truth.items())
    assert plain > 2
    assert abs(weighted) < plain / 4


def test_truth_is_of_the_units_shown(published, truth):
    """Every unit with a score has a truth, and no other: a unit with fewer than 30 answers is shown without figures."""
    assert set(truth) == {unit for unit, figures in published.items() if "score" in figures}
    assert published["ecology-radiation"] == {"n": "<30"}


def test_peers_are_ranked_in_sets(published):
    """One-time links allow ranks: every department has a range of ranks, and some share a place."""
    departments = [published[one["id"]] for one in document("city.json")["departments"]]
    assert all(1 <= int(one["rank_low"]) <= int(one["rank_high"]) for one in departments)
    assert any(int(one["rank_low"]) < int(one["rank_high"]) for one in departments)


def test_grades_differ(published):
    """The city shows more than one grade, so that a reader sees what a grade is for."""
    assert len({figures["grade"] for figures in published.values() if "grade" in figures}) >= 3
