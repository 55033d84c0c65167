"""The Dataset: a frozen Parquet table with a JSON description, read into coded numpy columns."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from analysis.errors import DatasetError

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa

FORMAT = "minyi-dataset/1"
LEDGER = ("over_quota", "quarantined", "superseded", "withdrawn", "spoiled", "canary", "test")
LABELLED_ROLES = frozenset({"demographic", "unit", "channel", "period", "psu"})
ROLES = LABELLED_ROLES | {"item", "number", "missing", "reasons", "text"}


@dataclass(frozen=True)
class Labels:
    """A column of strings: `codes` point into the sorted `categories`; -1 is unknown.

    Attributes
    ----------
    codes : ndarray of int32, shape (n_rows,)
    categories : tuple of str
    """

    codes: npt.NDArray[np.int32]
    categories: tuple[str, ...]


@dataclass(frozen=True)
class Dataset:
    """Counted responses of one wave.

    Attributes
    ----------
    description : Mapping
        The content of dataset.json.
    items : Mapping of str to ndarray of int8, shape (n_rows,)
        Answer codes; negative codes are the missing codes.
    labels : Mapping of str to Labels
        Units, weighting dimensions, PSUs and demographics.
    """

    description: Mapping[str, Any]
    items: Mapping[str, npt.NDArray[np.int8]]
    labels: Mapping[str, Labels]

    @property
    def n_rows(self) -> int:
        """Number of responses."""
        return int(self.description["n_rows"])

    @property
    def unit_column(self) -> str | None:
        """Column that says which unit a response judges, when it judges one."""
        name = self.description.get("unit_column")
        return None if name is None else str(name)

    @property
    def item_units(self) -> Mapping[str, str] | None:
        """Item to unit, when one response judges many units."""
        mapping: Mapping[str, str] | None = self.description.get("item_units")
        return mapping

    @property
    def psu_column(self) -> str | None:
        """Column of primary sampling units, if the wave was clustered."""
        name = self.description.get("psu_column")
        return None if name is None else str(name)

    @property
    def ledger(self) -> Mapping[str, Any]:
        """What became of every response received."""
        ledger: Mapping[str, Any] = self.description["ledger"]
        return ledger

    def frame(self) -> pd.DataFrame:
        """The items and labels as a pandas frame, for notebooks."""
        import pandas as pd

        columns: dict[str, Any] = dict(self.items)
        for name, labels in self.labels.items():
            columns[name] = pd.Categorical.from_codes(labels.codes, categories=pd.Index(labels.categories))
        return pd.DataFrame(columns)


def _no_float(text: str) -> Any:
    raise DatasetError("dataset.json holds a number that is not an integer", got=text, expected="integers and strings")


def read_dataset(folder: str | Path) -> Dataset:
    """Read a dataset folder and check it against its own description.

    Parameters
    ----------
    folder : path
        Holds dataset.json and responses.parquet.

    Raises
    ------
    DatasetError
        A file is missing, or hash, row count, columns, codes or ledger do not agree; the message names which.
    """
    import pyarrow.parquet as pq

    root = Path(folder)
    for name in ("dataset.json", "responses.parquet"):
        if not (root / name).is_file():
            raise DatasetError(f"the dataset folder has no {name}", got=str(root), expected=name)
    try:
        description = json.loads((root / "dataset.json").read_text(encoding="utf-8"), parse_float=_no_float)
    except ValueError as error:
        raise DatasetError("dataset.json is not JSON", got=str(error)) from error
    if not isinstance(description, dict):
        raise DatasetError("dataset.json is not an object", got=type(description).__name__, expected="object")
    digest = hashlib.sha256((root / "responses.parquet").read_bytes()).hexdigest()
    if description.get("parquet_sha256") != digest:
        raise DatasetError(
            "responses.parquet is not the file that was frozen",
            got=digest,
            expected=str(description.get("parquet_sha256")),
            hint="fetch the dataset again; its hash stands in the log",
        )
    return _assemble(pq.read_table(root / "responses.parquet"), description)


def dataset_from_frame(frame: pd.DataFrame, description: Mapping[str, Any]) -> Dataset:
    """Make a dataset from a pandas frame, for tests and notebooks.

    Parameters
    ----------
    frame : DataFrame
        Items as integers, labels as strings (None = unknown).
    description : Mapping
        As dataset.json; `n_rows`, `columns` (integer column = item, else demographic) and `ledger` are
        filled in when absent.
    """
    import pandas as pd
    import pyarrow as pa

    full: dict[str, Any] = {"format": FORMAT, "n_rows": len(frame), **description}
    if "columns" not in full:
        roles = {str(name): "item" if pd.api.types.is_integer_dtype(frame[name]) else "demographic" for name in frame}
        full["columns"] = [{"name": name, "role": role} for name, role in roles.items()]
    full.setdefault("ledger", {"received": len(frame), "counted": len(frame), "excluded": {}})
    return _assemble(pa.Table.from_pandas(frame, preserve_index=False), full)


def _assemble(table: pa.Table, description: dict[str, Any]) -> Dataset:
    if description.get("format") != FORMAT:
        raise DatasetError("not a dataset of this version", got=repr(description.get("format")), expected=FORMAT)
    if table.num_rows != description.get("n_rows"):
        raise DatasetError(
            "responses.parquet has another number of rows",
            got=str(table.num_rows),
            expected=str(description.get("n_rows")),
        )
    roles = _roles(description)
    _check_columns(list(table.column_names), list(roles))
    _check_references(description, roles)
    _check_ledger(description)
    items = {name: _item_codes(table, name) for name, role in roles.items() if role == "item"}
    labels = {name: _label_codes(table, name) for name, role in roles.items() if role in LABELLED_ROLES}
    return Dataset(description, items, labels)


def _roles(description: Mapping[str, Any]) -> dict[str, str]:
    roles: dict[str, str] = {}
    for position, column in enumerate(description.get("columns") or ()):
        if column.get("role") not in ROLES:
            raise DatasetError(
                f"columns[{position}] has an unknown role",
                got=repr(column.get("role")),
                expected=", ".join(sorted(ROLES)),
            )
        roles[str(column["name"])] = str(column["role"])
    return roles


def _check_columns(got: Sequence[str], declared: Sequence[str]) -> None:
    absent = [name for name in declared if name not in got]
    extra = [name for name in got if name not in declared]
    if absent or extra:
        raise DatasetError(
            "columns of responses.parquet and dataset.json differ",
            got=f"not in the table: {', '.join(absent) or 'none'}; not described: {', '.join(extra) or 'none'}",
        )


def _check_references(description: Mapping[str, Any], roles: Mapping[str, str]) -> None:
    if (description.get("unit_column") is None) == (description.get("item_units") is None):
        raise DatasetError(
            "a dataset says either unit_column or item_units",
            got=f"{description.get('unit_column')!r} and {description.get('item_units')!r}",
            expected="exactly one of the two",
        )
    named = {"unit_column": [description.get("unit_column")], "psu_column": [description.get("psu_column")]}
    named["cell_columns"] = list(description.get("cell_columns") or [])
    for key, names in named.items():
        for name in names:
            if name is not None and roles.get(name) not in LABELLED_ROLES:
                raise DatasetError(f"{key} names no column of labels", got=str(name), expected=", ".join(roles))
    for name in description.get("item_units") or {}:
        if roles.get(name) != "item":
            raise DatasetError("item_units names no item", got=str(name))


def _check_ledger(description: Mapping[str, Any]) -> None:
    ledger = description.get("ledger")
    if not isinstance(ledger, Mapping) or "received" not in ledger or "counted" not in ledger:
        raise DatasetError("the dataset has no ledger", got=repr(ledger), expected="received, counted, ...")
    excluded = sum((ledger.get("excluded") or {}).values())
    parts = ledger["counted"] + excluded + sum(ledger.get(name, 0) for name in LEDGER)
    if ledger["received"] != parts:
        raise DatasetError(
            "the ledger does not add up", got=f"parts {parts}", expected=f"received {ledger['received']}"
        )
    if ledger["counted"] != description["n_rows"]:
        raise DatasetError(
            "the ledger counts another number of responses",
            got=str(ledger["counted"]),
            expected=str(description["n_rows"]),
        )


def _item_codes(table: pa.Table, name: str) -> npt.NDArray[np.int8]:
    import pyarrow as pa

    column = table.column(name)
    if not pa.types.is_integer(column.type):
        raise DatasetError(f"item {name} is not a column of codes", got=str(column.type), expected="int8")
    if column.null_count:
        raise DatasetError(
            f"item {name} has empty cells",
            got=f"{column.null_count} empty",
            expected="a missing code from -1 (not asked) to -5 (not applicable)",
        )
    codes: npt.NDArray[np.int64] = column.to_numpy().astype(np.int64, copy=False)
    wrong = codes[(codes < -5) | (codes > 127)]
    if len(wrong):
        raise DatasetError(
            f"item {name} holds a code that is no answer and no missing code",
            got=f"{int(wrong[0])} ({len(wrong)} rows)",
            expected="-5..127",
        )
    return codes.astype(np.int8)


def _label_codes(table: pa.Table, name: str) -> Labels:
    import pyarrow as pa
    import pyarrow.compute as pc

    column = table.column(name).combine_chunks()
    if not pa.types.is_dictionary(column.type):
        column = pc.dictionary_encode(column.cast(pa.string()))
    if isinstance(column, pa.ChunkedArray):
        column = column.unify_dictionaries().combine_chunks()
    raw = [str(value) for value in column.dictionary.to_pylist()]
    indices = column.indices.fill_null(-1).to_numpy(zero_copy_only=False).astype(np.int64)
    categories = tuple(sorted(set(raw)))
    place = {label: position for position, label in enumerate(categories)}
    lookup = np.array([place[label] for label in raw] + [-1], dtype=np.int32)
    return Labels(lookup[indices], categories)
