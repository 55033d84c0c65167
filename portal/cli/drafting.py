"""Drafting a first wave from documents and the units that stand in the database."""

from __future__ import annotations

import json
from datetime import datetime, time, timedelta
from pathlib import Path
from typing import Any

import click

from portal.db import Installation
from survey.fielding import draft_wave, publish_questionnaire
from survey.planning import first_plan, living_points
from survey.units import read_tree


def draft(
    place: Installation,
    *,
    wave_id: str,
    document: Path,
    scheme: Path,
    units: tuple[str, ...],
    opens_on: datetime,
    closes_on: datetime,
    titles: tuple[str, ...],
    links: bool,
) -> int:
    """Write the draft; returns how many points it has. Raises what the documents or the units do not allow."""
    from analysis.scheme import parse_scheme

    recipe: dict[str, Any] = json.loads(scheme.read_text(encoding="utf-8"))
    parse_scheme(recipe)
    first, last, zone = opens_on.date(), closes_on.date(), place.settings.timezone
    with place.database.write() as connection:
        tree = read_tree(connection)
        questionnaire_id = publish_questionnaire(
            connection, json.loads(document.read_text(encoding="utf-8")), place.today()
        )
        points = living_points(connection, tree, units, max(first, place.today()))
        plan = first_plan(
            tree,
            wave_id=wave_id,
            title=_titles(titles),
            questionnaire_id=questionnaire_id,
            scheme=recipe,
            scored=units,
            channels={channel for _, channel in points.values()},
            opens_on=first,
            closes_on=last,
            participation="links" if links else "open",
        )
        draft_wave(
            connection,
            wave_id=wave_id,
            plan=plan,
            scheme=recipe,
            opens_at=datetime.combine(first, time(), zone),
            closes_at=datetime.combine(last + timedelta(days=1), time(), zone),
            points={key: unit_id for key, (unit_id, _) in points.items()},
        )
    return len(points)


def _titles(given: tuple[str, ...]) -> dict[str, str]:
    pairs = [text.partition("=") for text in given]
    if not all(tag and text for tag, _, text in pairs):
        raise click.BadParameter("give each as LANGUAGE=TITLE", param_hint="--title")
    return {tag.strip(): text.strip() for tag, _, text in pairs}
