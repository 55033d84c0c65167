"""Freezing: what counts becomes a table that the analysis reads, and the balance adds up."""

import hashlib
import json
import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from sqlalchemy import insert, select

import question_types
from analysis.dataset import read_dataset
from counter import NOW, TODAY, Counter, questionnaire, rating, scheme, wish
from survey.answers import replay
from survey.canonical import content_id
from survey.errors import FieldingError
from survey.fielding import load_questionnaire, load_wave
from survey.intake import Place, prepare, response_document, withdraw
from survey.order import arranged
from survey.storage.paths import dataset_folder
from survey.storage.tables import exclusion, log_leaf, response, wave

YES_NO = [{"code": 1, "text": {"en": "yes"}}, {"code": 2, "text": {"en": "no"}}]
MANY = {"type": "multiple", "variable": "services", "text": {"en": "Which?"}, "choices": YES_NO}
SEX = {"type": "single", "variable": "sex", "role": "demographic", "text": {"en": "Sex?"}, "choices": YES_NO}
HOW = {"type": "single", "variable": "how", "role": "other", "text": {"en": "How?"}, "choices": YES_NO}
EVERYTHING = questionnaire(rating(), rating("q_speed"), wish(), MANY, SEX, HOW)
WEIGHTING = {
    "method": "poststratify",
    "dimensions": [
        {"name": "channel", "source": "channel", "categories": ["window", "online"]},
        {"name": "period", "source": "month", "categories": ["2026-07"]},
        {"name": "gender", "variable": "sex", "categories": ["f", "m"], "codes": {"1": "f", "2": "m"}},
    ],
    "minimum_class": 10,
}


def frozen(counter: Counter, folder: Path) -> Path:
    """Log what is pending, close, freeze; the dataset's folder."""
    counter.settle()
    counter.close()
    return dataset_folder(folder, "w1", counter.freeze(folder))


def described(folder: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((folder / "dataset.json").read_text())
    return found


def exclude(counter: Counter, response_id: str, *, by: str, confirmed_by: str | None) -> None:
    with counter.database.write() as connection:
        values = {"response_id": response_id, "reason": "staff", "proposed_by": by, "confirmed_by": confirmed_by}
        connection.execute(insert(exclusion).values(values))


@pytest.fixture
def datasets(tmp_path: Path) -> Path:
    """A folder in which nothing else lies."""
    return tmp_path / "datasets"


def test_a_frozen_wave_is_frozen_once(counter: Counter, datasets: Path) -> None:
    """Freezing again gives the same id, writes nothing and logs nothing."""
    counter.cast(5)
    folder = frozen(counter, datasets)
    before = counter.counts(), sorted(path.name for path in datasets.rglob("*"))
    assert dataset_folder(datasets, "w1", counter.freeze(datasets)) == folder
    assert (counter.counts(), sorted(path.name for path in datasets.rglob("*"))) == before
    assert sorted(path.name for path in datasets.rglob("*")) == ["dataset.json", "responses.parquet", folder.name]


def test_a_freeze_that_was_rolled_back_is_done_again(counter: Counter, datasets: Path) -> None:
    """The files of the first try are the very same: the id is, and nothing half-made lies about."""
    counter.cast(5)
    counter.settle()
    counter.close()

    class PowerCutError(Exception):
        pass

    from survey.dataset import freeze

    with pytest.raises(PowerCutError), counter.database.write() as connection:
        first = freeze(connection, counter.log, "w1", datasets, NOW)
        raise PowerCutError
    assert counter.freeze(datasets) == first
    assert [path.name for path in datasets.iterdir()] == [f"w1-{first[:12]}"]


def test_hashes_lead_from_the_log_to_the_table(counter: Counter, tmp_path: Path) -> None:
    """The log holds the description's id, the description holds the table's hash."""
    counter.cast(5)
    folder = frozen(counter, tmp_path)
    row = counter.rows(wave)[0]
    leaf = counter.rows(None, log_leaf.c.index.label("at"), log_leaf.c.type, log_leaf.c.commitment)[row.dataset_index]
    assert (leaf.type, leaf.commitment) == ("anchor", row.dataset_id)
    assert content_id(described(folder)) == row.dataset_id
    table_hash = hashlib.sha256((folder / "responses.parquet").read_bytes()).hexdigest()
    assert described(folder)["parquet_sha256"] == table_hash
    assert counter.audit().faults == {}


def test_an_open_wave_is_not_frozen(counter: Counter, tmp_path: Path) -> None:
    """It still takes answers."""
    with pytest.raises(FieldingError, match="opened"):
        counter.freeze(tmp_path)
    assert list(tmp_path.glob("w1-*")) == []


def test_answers_that_wait_for_the_log_hold_the_freeze_up(counter: Counter, tmp_path: Path) -> None:
    """What the citizen was promised comes first."""
    counter.cast(5)
    counter.close()
    with pytest.raises(FieldingError, match="1 answers are not in the log"):
        counter.freeze(tmp_path)


def test_the_balance_adds_up(open_wave_with: Callable[..., Counter], tmp_path: Path) -> None:
    """Every response received is counted once: as counted, or under the reason why it is not."""
    counter = open_wave_with(quota=6)
    done = [counter.cast(4).prepared for _ in range(8)]
    with counter.database.write() as connection:
        withdraw(connection, counter.keys, "w1", done[0].codes.edit, TODAY)
    exclude(counter, done[1].response_id, by="ann", confirmed_by="bob")
    ledger = described(frozen(counter, tmp_path))["ledger"]
    nothing = dict.fromkeys(("quarantined", "spoiled", "canary", "test", "superseded"), 0)
    assert ledger == nothing | {
        "received": 8,
        "counted": 4,
        "over_quota": 2,
        "withdrawn": 1,
        "excluded": {"staff": 1},
    }


@pytest.mark.parametrize(("confirmed_by", "counted"), [("bob", 1), (None, 2), ("ann", 2)])
def test_an_exclusion_needs_two_persons(
    counter: Counter, tmp_path: Path, confirmed_by: str | None, counted: int
) -> None:
    """Proposed alone, or confirmed by who proposed it, it excludes nobody."""
    one = counter.cast(1).prepared
    counter.cast(5)
    exclude(counter, one.response_id, by="ann", confirmed_by=confirmed_by)
    assert described(frozen(counter, tmp_path))["ledger"]["counted"] == counted


def test_rows_are_in_no_order_of_arrival(counter: Counter, tmp_path: Path) -> None:
    """Rows stand by their salted commitments. 60 answers rising from 1 to 5: 5.5 deviations is one in ten million."""
    levels = sorted(random.Random(1).choices(range(1, 6), k=60))
    for level in levels:
        counter.cast(level)
    folder = frozen(counter, tmp_path)
    found = pq.read_table(folder / "responses.parquet").column("q_overall").to_pylist()
    assert sorted(found) == levels
    mean, place_mean = sum(levels) / 60, 59 / 2
    covariance = sum((level - mean) * (place - place_mean) for place, level in enumerate(found))
    spread = sum((level - mean) ** 2 for level in levels) * sum((place - place_mean) ** 2 for place in range(60))
    assert abs(covariance / spread**0.5) * 59**0.5 < 5.5


def test_every_column_is_described_and_typed(open_wave_with: Callable[..., Counter], tmp_path: Path) -> None:
    """Items are codes, the rest strings; free text is left out; the description says what each column is for."""
    counter = open_wave_with(document=EVERYTHING, weighting=WEIGHTING)
    counter.cast(2, wish="Mr Smith was rude", sex="2", services="1", how="1", **{"q_overall.reasons": "2"})
    counter.cast(9)
    folder = frozen(counter, tmp_path)
    table = pq.read_table(folder / "responses.parquet")
    roles = {column["name"]: column["role"] for column in described(folder)["columns"]}
    assert roles == {
        "q_overall": "item",
        "q_overall_reasons": "reasons",
        "q_speed": "item",
        "q_speed_reasons": "reasons",
        "services": "text",
        "sex": "demographic",
        "how": "text",
        "channel": "channel",
        "period": "period",
        "gender": "demographic",
        "unit": "unit",
        "psu": "psu",
    }
    assert table.column_names == list(roles)
    assert {str(table.schema.field(name).type) for name, role in roles.items() if role == "item"} == {"int8"}
    assert {str(table.schema.field(name).type) for name, role in roles.items() if role != "item"} == {"string"}
    assert table.to_pylist() == [
        {
            "q_overall": 2,
            "q_overall_reasons": "2",
            "q_speed": -2,
            "q_speed_reasons": "",
            "services": "1",
            "sex": "2",
            "how": "1",
            "channel": "window",
            "period": "2026-07",
            "gender": "m",
            "unit": "tax",
            "psu": "K7K7K7K7|2026-07-15",
        }
    ]
    labels = {column["name"]: column["labels"] for column in described(folder)["columns"]}
    assert labels["gender"] == {"f": {"en": "yes"}, "m": {"en": "no"}}
    assert labels["q_overall"]["5"] == {"en": "very good"}
    assert labels["q_overall_reasons"] == {"1": {"en": "slow"}, "2": {"en": "rude"}}
    assert described(folder)["ledger"]["excluded"] == {"unknown_class": 1}
    assert b"Smith" not in (folder / "responses.parquet").read_bytes()


@pytest.mark.parametrize(("reasons", "cell"), [([], ""), (["2"], "2"), (["2", "1"], "1;2")], ids=["none", "one", "two"])
def test_reasons_are_joined(counter: Counter, tmp_path: Path, reasons: list[str], cell: str) -> None:
    """Codes of the chosen level's tags in rising order, joined by semicolons; nothing where none was given."""
    send(counter, {"q_overall": ["1"], "q_overall.reasons": reasons})
    table = pq.read_table(frozen(counter, tmp_path) / "responses.parquet")
    assert table.column("q_overall_reasons").to_pylist() == [cell]


def send(counter: Counter, form: dict[str, list[str]], *, order: int | None = None) -> None:
    """Cast what a form says, met in an order."""
    found = counter.wave
    with counter.database.read() as connection:
        asked = load_questionnaire(connection, found.questionnaire_id)
    walk = replay(arranged(asked, order), form, today=TODAY)
    assert walk.faults == {}
    place = Place("K7K7K7K7", "tax", "window")
    document = response_document(found, place, walk, language="en", mode="web", day=TODAY, order=order)
    counter.cast_prepared(prepare(counter.keys, found, document, form_key=counter.form_key(), day=TODAY))


SHUFFLED = {**question_types.MULTIPLE, "shuffled": True}
TYPES = [one for one in question_types.EVERY if one["variable"] != "ways"] + [SHUFFLED]
HOMES = {"name": "district", "variable": "home", "categories": ["east", "abroad"]}
HOMES |= {"codes": {"e1": "east", "e2a": "east", "na": "abroad"}}
FULL: dict[str, list[str]] = {
    "consent": ["1"],
    "way": ["7"],
    "way.say.7": ["secret one"],
    "q_overall": ["1"],
    "q_overall.reasons": ["21"],
    "ways": ["2", "1"],
    "effort": ["dk"],
    "recommend": ["10"],
    "speed": ["2"],
    "advice": ["9"],
    "asked": ["2", "1"],
    "wishes.rank.3": ["1"],
    "wishes.rank.1": ["2"],
    "minutes": ["35"],
    "cost": ["12.50"],
    "visited": ["2026-07-01"],
    "since.missing": ["dk"],
    "born": ["1980"],
    "mail": ["secret@two.example"],
    "wish": ["secret three"],
    "home": ["e2a"],
}
LITTLE = {"consent": ["1"], "way": ["2"], "speed": ["1"], "advice": ["1"], "site": ["5"], "minutes.missing": ["dk"]}
LITTLE |= {"home": ["na"]}
CELLS: dict[str, tuple[str, Any, Any]] = {
    "way": ("item", 7, 2),
    "q_overall": ("item", 1, -2),
    "q_overall_reasons": ("reasons", "21", ""),
    "effort": ("item", -4, -2),
    "clarity": ("item", -2, -2),
    "recommend": ("item", 10, -2),
    "speed": ("item", 2, 1),
    "advice": ("item", -4, 1),
    "site": ("item", -1, 5),
    "asked": ("text", "1;2", "skipped"),
    "paid": ("text", "skipped", "skipped"),
    "wishes": ("text", "3;1", "skipped"),
    "minutes": ("number", 35.0, None),
    "minutes_missing": ("missing", 0, -4),
    "cost": ("number", 12.5, None),
    "cost_missing": ("missing", 0, -2),
    "visited": ("text", "2026-07-01", "skipped"),
    "since": ("text", "dont_know", "skipped"),
    "born": ("text", "1980", "skipped"),
    "home": ("demographic", "e2a", "na"),
    "ways": ("text", "1;2", "skipped"),
    "district": ("demographic", "east", "abroad"),
    "order": ("text", "3", "12"),
}


def test_every_type_has_its_columns(open_sqlite_with: Callable[..., Counter], tmp_path: Path) -> None:
    """Each type of question in one table, which the analysis reads; own words stand nowhere in it."""
    document = question_types.document(*TYPES, languages=("en",))
    document["sections"][0]["questions"] = [
        one for one in document["sections"][0]["questions"] if one["variable"] != "district"
    ]
    weighting = {"method": "poststratify", "dimensions": [HOMES], "minimum_class": 1}
    counter = open_sqlite_with(document=document, weighting=weighting)
    send(counter, FULL, order=3)
    send(counter, LITTLE, order=12)
    folder = frozen(counter, tmp_path)
    columns = {column["name"]: column for column in described(folder)["columns"]}
    rows = sorted(pq.read_table(folder / "responses.parquet").to_pylist(), key=lambda row: -row["way"])
    found = {name: (columns[name]["role"], *(row[name] for row in rows)) for name in CELLS}
    assert found == CELLS
    assert set(columns) == {*CELLS, "unit", "psu"}
    assert columns["recommend"]["labels"] == {"0": {"en": "Never"}, "10": {"en": "Certainly"}}
    assert columns["clarity"]["labels"]["2"] == {"en": "In between"}
    assert columns["district"]["labels"] == {"east": {"en": "Lake"}, "abroad": {"en": "Abroad"}}
    assert set(columns["home"]["labels"]) == {"na", "e1", "e2a"}
    assert not any(b"secret" in path.read_bytes() for path in folder.iterdir())
    read = read_dataset(folder)
    assert {name for name, (role, *_) in CELLS.items() if role == "item"} == set(read.items)
    assert set(read.labels["district"].categories) == {"east", "abroad"}
    assert "district" not in read.items


def test_the_analysis_reads_what_was_frozen(open_wave_with: Callable[..., Counter], tmp_path: Path) -> None:
    """The two packages share only the folder, and agree on it."""
    counter = open_wave_with(document=EVERYTHING, weighting=WEIGHTING)
    for level in (1, 5, 5):
        counter.cast(level, sex="1")
    read = read_dataset(frozen(counter, tmp_path))
    assert read.n_rows == 3
    assert sorted(read.items["q_overall"].tolist()) == [1, 5, 5]
    assert read.labels["gender"].categories == ("f",)
    assert set(read.items) == {"q_overall", "q_speed"}
    assert read.unit_column == "unit"


def test_a_wave_of_residents_maps_items_to_units(open_wave_with: Callable[..., Counter], tmp_path: Path) -> None:
    """One response judges many: the description says which question judges which unit, and no row has a unit."""
    trees = {"tax": {"id": "t", "branches": [{"item": "q_overall"}, {"branches": [{"item": "q_speed"}]}]}}
    counter = open_wave_with(document=EVERYTHING, recipe=scheme(trees=trees), population="residents")
    counter.cast(4)
    folder = frozen(counter, tmp_path)
    found = described(folder)
    assert (found["unit_column"], found["psu_column"]) == (None, None)
    assert found["item_units"] == {"q_overall": "tax", "q_speed": "tax"}
    assert read_dataset(folder).item_units == found["item_units"]


def test_a_wave_of_residents_without_trees_does_not_open(open_wave_with: Callable[..., Counter]) -> None:
    """It is said before the field, not after it."""
    with pytest.raises(FieldingError, match="does not say which question judges which"):
        open_wave_with(population="residents")


def test_a_frozen_wave_loses_nothing(counter: Counter, tmp_path: Path) -> None:
    """The dataset's rows stay in the database with their salts, so that the log can still be opened."""
    counter.cast(4)
    frozen(counter, tmp_path)
    with counter.database.read() as connection:
        assert load_wave(connection, "w1").state == "frozen"
        assert connection.execute(select(response.c.salt)).scalar_one() is not None
