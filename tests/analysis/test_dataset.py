"""Reading a frozen dataset and refusing one that is not what it says."""

import hashlib
import json

import numpy as np
import pandas as pd
import pytest

from analysis.dataset import dataset_from_frame, read_dataset
from analysis.errors import DatasetError


def description(**changes):
    """A dataset description of three rows."""
    return {
        "format": "minyi-dataset/1",
        "wave": "w",
        "population": "service_events",
        "questionnaire": "0" * 64,
        "n_rows": 3,
        "columns": [
            {"name": "q1", "role": "item", "labels": {}, "title": {}},
            {"name": "unit", "role": "unit", "labels": {}, "title": {}},
        ],
        "unit_column": "unit",
        "item_units": None,
        "cell_columns": [],
        "psu_column": None,
        "ledger": {"received": 5, "counted": 3, "spoiled": 1, "excluded": {"unknown_class": 1}},
    } | changes


def frame(**changes):
    """Three answers."""
    columns = {"q1": np.array([5, -2, 3], dtype=np.int8), "unit": ["b", None, "a"]} | changes
    return pd.DataFrame(columns)


def write(folder, *, table=None, **changes):
    """A dataset folder as the survey package writes it."""
    path = folder / "responses.parquet"
    (frame() if table is None else table).to_parquet(path, index=False)
    digest = {"parquet_sha256": hashlib.sha256(path.read_bytes()).hexdigest()}
    (folder / "dataset.json").write_text(json.dumps(description(**(digest | changes))), encoding="utf-8")
    return folder


def test_reads_what_was_frozen(tmp_path):
    """Codes, labels and unknowns come back as they were frozen, dictionary encoded or plain."""
    plain = read_dataset(write(tmp_path))
    table = frame()
    table["unit"] = pd.Categorical(table["unit"], categories=["z", "b", "a"])
    coded = read_dataset(write(tmp_path, table=table))
    for dataset in (plain, coded):
        assert dataset.items["q1"].tolist() == [5, -2, 3]
        unit = dataset.labels["unit"]
        names = [unit.categories[code] if code >= 0 else None for code in unit.codes]
        assert names == ["b", None, "a"]
        assert dataset.frame()["unit"].isna().tolist() == [False, True, False]


def test_a_changed_file_is_refused(tmp_path):
    """One other byte in the Parquet file, and the dataset is not read."""
    write(tmp_path)
    with (tmp_path / "responses.parquet").open("ab") as file:
        file.write(b"x")
    with pytest.raises(DatasetError, match="not the file that was frozen"):
        read_dataset(tmp_path)


@pytest.mark.parametrize("name", ["dataset.json", "responses.parquet"])
def test_a_missing_file_is_named(tmp_path, name):
    """The error says which file is missing."""
    (write(tmp_path) / name).unlink()
    with pytest.raises(DatasetError, match=name):
        read_dataset(tmp_path)


@pytest.mark.parametrize("text", ["[]", "{", '{"n_rows": 1.5}'])
def test_a_malformed_description_is_refused(tmp_path, text):
    """The description is an object of integers and texts, or nothing."""
    (write(tmp_path) / "dataset.json").write_text(text, encoding="utf-8")
    with pytest.raises(DatasetError, match=r"dataset\.json"):
        read_dataset(tmp_path)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"format": "minyi-dataset/2"}, "version"),
        ({"n_rows": 4}, "number of rows"),
        ({"columns": [{"name": "q1", "role": "item"}]}, "not described: unit"),
        ({"columns": [{"name": "q1", "role": "mystery"}]}, "unknown role"),
        ({"unit_column": None}, "exactly one"),
        ({"item_units": {"q1": "a"}}, "exactly one"),
        ({"unit_column": None, "item_units": {"q9": "a"}}, "no item.*q9"),
        ({"unit_column": "q1"}, "unit_column"),
        ({"psu_column": "point"}, "psu_column.*point"),
        ({"cell_columns": ["channel"]}, "cell_columns.*channel"),
        ({"ledger": None}, "no ledger"),
        ({"ledger": {"received": 9, "counted": 3}}, "does not add up"),
        ({"ledger": {"received": 2, "counted": 2}}, "another number of responses"),
    ],
)
def test_a_contradiction_is_named(changes, message):
    """Description and table must agree; the error says in what they do not."""
    with pytest.raises(DatasetError, match=message):
        dataset_from_frame(frame(), description(**changes))


@pytest.mark.parametrize(
    ("column", "message"),
    [
        ([5.0, None, 3.0], "not a column of codes"),
        (pd.array([5, None, 3], dtype="Int8"), "1 empty"),
        ([5, -6, 3], "-6"),
        ([5, 300, 3], "300"),
    ],
)
def test_an_undeclared_answer_is_refused(column, message):
    """An item holds answer codes and missing codes only, in every row."""
    with pytest.raises(DatasetError, match=message):
        dataset_from_frame(frame(q1=column), description())


def test_a_frame_needs_little_description():
    """Notebooks may leave columns, row count and ledger to be filled in."""
    dataset = dataset_from_frame(frame(), {"unit_column": "unit"})
    assert list(dataset.items) == ["q1"] and list(dataset.labels) == ["unit"]
    assert dataset.n_rows == 3
