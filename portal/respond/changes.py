"""With the edit code: a blank form that replaces the answer, or its withdrawal."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import render_template
from sqlalchemy import select

from portal.db import installation
from survey.codes import grouped, normalise
from survey.commitment import edit_hash
from survey.errors import EditCodeError
from survey.fielding import Wave, all_waves
from survey.intake import find_wave_of_edit_code
from survey.intake import withdraw as withdraw_response
from survey.points import code_for
from survey.storage.tables import response
from survey.walk import Walk

from .pages import again, fresh_token, no_such_edit_code
from .places import asked_at


def begin(form: Mapping[str, str]) -> Any:
    """Show what the code allows: correct, or withdraw after confirmation."""
    place = installation()
    code = normalise(form.get("edit", ""))[:40]
    wave = _wave_of(code)
    if wave is None:
        return no_such_edit_code()
    if form.get("action") == "withdraw":
        return render_template("respond/withdraw.html", edit=grouped(code), wave=wave)
    with place.database.read() as connection:
        query = select(response.c.point_key).where(response.c.edit_hash == edit_hash(place.keys, wave.id, code))
        key = connection.execute(query).scalar_one()
    _, asked = asked_at(code_for(place.keys, key))
    return again(asked, {"token": [fresh_token(asked)]}, Walk(), hidden={"edit": code}, status=200)


def finish_withdrawal(form: Mapping[str, str]) -> Any:
    """Erase the answers of this edit code."""
    place = installation()
    code = normalise(form.get("edit", ""))[:40]
    wave = _wave_of(code)
    if wave is None:
        return no_such_edit_code()
    try:
        with place.database.write() as connection:
            withdraw_response(connection, place.keys, wave.id, code, place.today())
    except EditCodeError:
        return no_such_edit_code()
    return render_template("respond/withdrawn.html")


def _wave_of(code: str) -> Wave | None:
    place = installation()
    with place.database.read() as connection:
        waves = [wave for wave in all_waves(connection) if wave.is_open_at(place.now())]
        return find_wave_of_edit_code(connection, place.keys, waves, code)
