"""What a scanned code leads to. Remembered for two seconds, so that a busy hall does not ask the database each time."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass

from flask import current_app

from portal.db import Installation, installation
from survey.errors import CodeUnknownError
from survey.fielding import Wave, load_questionnaire, unit_title, wave_at_point
from survey.intake import Place
from survey.points import code_for, find_point, read_code
from survey.questionnaire import Questionnaire

REMEMBERED_FOR = 2.0
REMEMBERED_AT_MOST = 4096


@dataclass(frozen=True)
class Asked:
    """A point, the wave that asks there, its questionnaire, and the names to show."""

    place: Place
    wave: Wave
    questionnaire: Questionnaire
    unit_title: Mapping[str, str]
    point_title: Mapping[str, str]

    @property
    def subject(self) -> str:
        """What a form token issued here is bound to."""
        return f"{self.wave.id}|{self.place.point_key}"


class Places:
    """Look-ups by point key."""

    def __init__(self) -> None:
        self._known: dict[str, tuple[float, Asked]] = {}

    def at(self, place: Installation, key: str) -> Asked:
        """Raises CodeUnknownError, or WaveNotOpenError when nothing runs there."""
        known = self._known.get(key)
        if known is not None and known[0] > time.monotonic():
            return known[1]
        asked = _look_up(place, key)
        if len(self._known) >= REMEMBERED_AT_MOST:
            self._known.clear()
        self._known[key] = (time.monotonic() + REMEMBERED_FOR, asked)
        return asked


def _look_up(place: Installation, key: str) -> Asked:
    with place.database.read() as connection:
        point = find_point(connection, key)
        if not point.is_valid_on(place.today()):
            raise CodeUnknownError("This code has been withdrawn.", got=key, hint="ask at the counter")
        wave, scored_unit = wave_at_point(connection, key, place.now())
        return Asked(
            place=Place(key, scored_unit if wave.population != "residents" else None, point.channel),
            wave=wave,
            questionnaire=load_questionnaire(connection, wave.questionnaire_id),
            unit_title=unit_title(connection, point.unit_id),
            point_title=point.title,
        )


def asked_at(code: str, *, even_closed: bool = False) -> tuple[str, Asked]:
    """The point's own spelling of the code, and what is asked there now; raises what the error pages explain.

    `even_closed` lets a form through whose answer may have been recorded before the wave closed.
    """
    place = installation()
    key = read_code(place.keys, code)
    asked: Asked = current_app.extensions["minyi_places"].at(place, key)
    if not even_closed:
        asked.wave.check_open(place.now())
    return code_for(place.keys, key), asked
