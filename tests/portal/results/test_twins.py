"""The JSON and CSV of each page say what the page says."""

from __future__ import annotations

import csv
import io

import pytest
from conftest_results import Files, Shelf
from strict_page import StrictPage

from portal.results.twins import Sheet, as_csv, guarded


@pytest.fixture
def full(shelf: Shelf, service: Files) -> Shelf:
    shelf.put(service, "service")
    return shelf


def table(shelf: Shelf, address: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(shelf.client.get(address).text, newline="")))


@pytest.mark.parametrize(
    ("address", "sheet"),
    [
        ("/results", "releases"),
        ("/results/service", "units"),
        ("/results/service/alpha", "figures"),
        ("/results/service/beta-4", "figures"),
        ("/results/service/data", "files"),
    ],
)
@pytest.mark.parametrize("language", ["en", "zh-Hans"])
def test_csv_and_json_agree_cell_by_cell(full: Shelf, address: str, sheet: str, language: str) -> None:
    """Every cell of the CSV is the one of the JSON, in the same order."""
    rows = table(full, f"{address}.csv?lang={language}")
    assert rows
    assert rows == full.client.get(f"{address}.json?lang={language}").get_json()[sheet]


def test_a_units_twin_holds_every_released_figure(full: Shelf, service: Files) -> None:
    """What figures.csv says about a unit stands in its CSV twin, value and status unchanged."""
    released = list(csv.DictReader(io.StringIO(service["figures.csv"].decode())))
    expected = [row for row in released if row["unit"] == "alpha-2"]
    found = table(full, "/results/service/alpha-2.csv")
    assert found[: len(expected)] == expected
    assert {row["status"] for row in found[len(expected) :]} == {"derived"}
    asked = {row["subject"].partition("=")[0] for row in found if row["statistic"] == "answer_share"}
    assert asked == {"q_speed", "q_manner", "q_result"}


def test_the_table_on_the_page_agrees_with_the_twin(full: Shelf) -> None:
    """Score, interval, number of answers and response share of every unit are those of the CSV."""
    page = StrictPage(full.client.get("/results/service?lang=en").text)
    cells = {row[0].strip(): " ".join(row) for rows in page.tables for row in rows}
    scored = [row for row in table(full, "/results/service.csv?lang=en") if row["score"]]
    assert len(scored) == 9
    for row in scored:
        shown = cells[row["title"]].split()
        assert {row["score"], f"{row['low']}–{row['high']}", row["n"], f"{row['response_share']}%"} <= set(shown)


def test_distribution_is_weighted_and_adds_up(full: Shelf, service: Files) -> None:
    """The share of each answer is that of its weighted counts, by hand from the two tables; all are 100 percent."""
    weights = {
        (row["unit"], row["class"]): int(row["weight"])
        for row in csv.DictReader(io.StringIO(service["classes.csv"].decode()))
    }
    counts = [row for row in csv.DictReader(io.StringIO(service["counts.csv"].decode())) if row["item"] == "q_speed"]
    own = [row for row in counts if row["unit"].startswith("beta-") and row["code"].isdigit()]
    heavy = {code: sum(weights[row["unit"], row["class"]] * int(row["n"]) for row in own if row["code"] == code)
             for code in "12345"}  # fmt: skip
    twin = table(full, "/results/service/beta.csv")
    shares = {row["subject"][-1]: row["value"] for row in twin if row["subject"].startswith("q_speed=")
              and row["statistic"] == "answer_share"}  # fmt: skip
    for code, share in shares.items():
        assert abs(float(share) - 100 * heavy[code] / sum(heavy.values())) <= 0.05 + 1e-9
    assert abs(sum(map(float, shares.values())) - 100) < 0.3
    numbers = [int(r["value"]) for r in twin if r["subject"].startswith("q_speed=") and r["statistic"] == "answer_n"]
    valid = next(row["value"] for row in twin if (row["subject"], row["statistic"]) == ("q_speed", "valid_n"))
    assert sum(numbers) == int(valid)


@pytest.mark.parametrize("cell", ["=1+1", "+SUM(A1)", "-2+3", "@x", "\tx", "\rx", "-", "+", "\nx", "＝1+1", "＠x"])
def test_formulas_are_disarmed(cell: str) -> None:
    """A text that a spreadsheet would run begins with an apostrophe."""
    assert guarded(cell) == "'" + cell
    assert "'" in as_csv(Sheet(("a",), ((cell,),)))


@pytest.mark.parametrize("cell", ["-1.25", "+3", "12", "", "a=b", "<30"])
def test_numbers_and_harmless_texts_stay(cell: str) -> None:
    """A negative number is a number and stays one."""
    assert guarded(cell) == cell


def test_twins_carry_their_types(full: Shelf) -> None:
    """JSON and CSV say what they are and in which letters."""
    assert full.client.get("/results/service.json").content_type == "application/json; charset=utf-8"
    assert full.client.get("/results/service.csv").content_type == "text/csv; charset=utf-8"
