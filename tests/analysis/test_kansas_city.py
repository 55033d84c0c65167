"""The Kansas City resident survey of March 2022, raked to sex and age."""

import csv

import numpy as np
import pandas as pd
import pytest

from analysis.dataset import dataset_from_frame
from analysis.run import score
from analysis.weights import rake

AGES = ["18-24", "25-34", "35-44", "45-54", "55-64", "65+"]
ITEMS = ("q2_01", "q3_03", "q3_01")


def whole(text):
    """An answer code; 9 and blank are don't know."""
    return int(float(text)) if text not in ("", "9", "9.0") else -4


@pytest.fixture
def survey(given_folder):
    """Respondents of known sex and age (932 of 984) and the two one-way margins."""
    folder = given_folder("data/given-kcmo-resident-survey")
    with (folder / "kcmo_2022q3_mar.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    known = [row for row in rows if whole(row["q41_w"]) in (1, 2) and 1 <= whole(row["q40_w"]) <= 6]
    assert (len(rows), len(known)) == (984, 932)
    columns = {
        "sex": [("Male", "Female")[whole(row["q41_w"]) - 1] for row in known],
        "age": [AGES[whole(row["q40_w"]) - 1] for row in known],
    }
    columns |= {item: np.array([whole(row[item]) for row in known], dtype=np.int8) for item in ITEMS}
    margins = {"sex": dict.fromkeys(("Male", "Female"), 0), "age": dict.fromkeys(AGES, 0)}
    with (folder / "margins_tidy_sex_age_18plus_2021.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            margins["sex"][row["sex"]] += int(row["population"])
            margins["age"][row["age_band_q40_w"]] += int(row["population"])
    return pd.DataFrame(columns), margins


def test_raked_weights_are_the_published_ones(survey):
    """Largest weight 3.9875, Kish effect 1.3099, and the shares move as the independent check says."""
    frame, margins = survey
    raked = rake(frame[["sex", "age"]], margins=margins)
    assert raked.report.largest_weight == pytest.approx(3.9875, abs=5e-5)
    assert raked.report.kish_effect == pytest.approx(1.3099, abs=5e-5)
    expected = {"q2_01": (55.952, 55.117), "q3_03": (18.642, 18.410), "q3_01": (48.144, 45.049)}
    for item, (before, after) in expected.items():
        valid, satisfied = frame[item].to_numpy() > 0, frame[item].to_numpy() >= 4
        assert 100 * satisfied.sum() / valid.sum() == pytest.approx(before, abs=5e-4)
        share = 100 * raked.weights[satisfied].sum() / raked.weights[valid].sum()
        assert share == pytest.approx(after, abs=5e-4)


def test_official_weights_stay_close(survey, make_plan, make_scheme):
    """Scored as a wave, official class weights keep the satisfied shares within 0.1 point of the raked ones."""
    frame, margins = survey
    units = dict(zip(ITEMS, ("city-services", "streets", "police"), strict=True))
    description = {"wave": "2022", "unit_column": None, "item_units": units, "cell_columns": ["sex", "age"]}
    dimensions = [("sex", ["Male", "Female"]), ("age", AGES)]
    plan = make_plan(list(units.values()), method="rake", dimensions=dimensions, participation="sample")
    trees = {unit: {"id": unit, "item": item} for item, unit in units.items()}
    rows = [
        {"dimension": name, "category": category, "population": population}
        for name, margin in margins.items()
        for category, population in margin.items()
    ]
    scored = score(dataset_from_frame(frame, description), plan=plan, scheme=make_scheme(trees=trees), margins=rows)
    figures = {row[:3]: row[3] for row in scored.figures}
    for item, share in {"q2_01": 55.117, "q3_03": 18.410, "q3_01": 45.049}.items():
        assert float(figures[units[item], item, "satisfied_share"]) == pytest.approx(share, abs=0.1)
    assert figures["", "", "largest_raked_weight"] == "3.9875"
    assert figures["", "", "kish_raked"] == "1.3099"
