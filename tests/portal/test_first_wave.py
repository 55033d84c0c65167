"""A town's first wave: from units and points in the database to a page that asks, by command."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner
from flask import Flask
from sqlalchemy import select

from portal.cli.context import Context
from portal.cli.main import minyi
from portal.db import Installation
from survey.errors import FieldingError
from survey.fielding import load_wave
from survey.storage.tables import invitation
from town import Town, answer, questionnaire, scheme


def draft(place: Installation, tmp_path: Path, *more: str) -> object:
    (tmp_path / "q.json").write_text(json.dumps(questionnaire()), encoding="utf-8")
    (tmp_path / "s.json").write_text(json.dumps(scheme()), encoding="utf-8")
    context = Context()
    context.__dict__["place"] = place
    words = [
        "wave",
        "draft",
        "first",
        "--questionnaire",
        str(tmp_path / "q.json"),
        "--scheme",
        str(tmp_path / "s.json"),
    ]
    words += ["--from", "2026-07-01", "--to", "2026-08-15", "--title", "en=First", *more]
    return CliRunner().invoke(minyi, words, obj=context, catch_exceptions=False)


def test_a_draft_takes_the_points_of_its_units(place: Installation, app: Flask, town: Town, tmp_path: Path) -> None:
    """One unit is scored with everything above it, its points take part, its months and channels are the classes."""
    done = draft(place, tmp_path, "--unit", "land-hall")
    assert "1 points" in done.output  # type: ignore[attr-defined]
    with place.database.read() as connection:
        found = load_wave(connection, "first")
    assert [(one["id"], one["scored"]) for one in found.plan["units"]] == [("land", False), ("land-hall", True)]
    assert [one["categories"] for one in found.plan["weighting"]["dimensions"]] == [["window"], ["2026-07", "2026-08"]]
    assert found.plan["participation"] == "open"


def test_unknown_units_are_named(place: Installation, app: Flask, town: Town, tmp_path: Path) -> None:
    """Nothing is written when a unit does not exist."""
    with pytest.raises(FieldingError, match="nowhere"):
        draft(place, tmp_path, "--unit", "nowhere")


def test_codes_are_issued_once_and_open_the_wave(place: Installation, app: Flask, town: Town) -> None:
    """The printed codes count, each once; only their keyed hash is kept."""
    context = Context()
    context.__dict__["place"] = place
    done = CliRunner().invoke(minyi, ["wave", "invite", town.wave_id, "--count", "2"], obj=context)
    first, second = done.output.split()
    client = app.test_client()
    assert [answer(client, town.code, 5, once=code).status_code for code in (first, first, second)] == [200, 409, 200]
    with place.database.read() as connection:
        assert first.replace("-", "") not in repr(connection.execute(select(invitation)).all())
