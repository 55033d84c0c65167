"""Commands for waves and points."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from .context import Context, json_option, pass_minyi, say

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


def register(minyi: click.Group) -> None:
    for command in (wave, points):
        minyi.add_command(command)


@click.group()
def wave() -> None:
    """Waves: draft, open and close."""


@wave.command("draft")
@click.argument("wave_id")
@click.option("--questionnaire", "document", required=True, type=FILE, help="A questionnaire document (JSON).")
@click.option("--scheme", required=True, type=FILE, help="A scheme document (JSON), as portal/demo/scheme.json.")
@click.option("--unit", "units", required=True, multiple=True, help="A unit to be scored; may be given several times.")
@click.option("--from", "opens_on", required=True, type=click.DateTime(["%Y-%m-%d"]), help="First day.")
@click.option("--to", "closes_on", required=True, type=click.DateTime(["%Y-%m-%d"]), help="Last day.")
@click.option("--title", "titles", required=True, multiple=True, help="Like zh-Hans=窗口评价; one for each language.")
@click.option("--links", is_flag=True, help="Each transaction gives a one-time link (default: open participation).")
@json_option
@pass_minyi
def wave_draft(context: Context, /, as_json: bool, **given: Any) -> None:
    """Draft a wave of ratings at the points of these units; `minyi wave open` then freezes its plan."""
    from .drafting import draft

    n_points = draft(context.place, **given)
    wave_id = given["wave_id"]
    say({"wave": wave_id, "points": n_points}, as_json, f"{wave_id} is drafted with {n_points} points.")


@wave.command("invite")
@click.argument("wave_id")
@click.option("--count", type=click.IntRange(1, 100_000), default=1, show_default=True, help="How many codes.")
@json_option
@pass_minyi
def wave_invite(context: Context, wave_id: str, count: int, as_json: bool) -> None:
    """Issue one-time codes; each goes at the end of a point's address as ?once=CODE. They are not kept in clear."""
    from survey.codes import grouped, random_code
    from survey.fielding import load_wave
    from survey.intake import invite

    codes = [random_code(12) for _ in range(count)]
    with context.place.database.write() as connection:
        load_wave(connection, wave_id)
        invite(connection, context.place.keys, wave_id, codes)
    shown = [grouped(code) for code in codes]
    say({"wave": wave_id, "codes": shown}, as_json, "\n".join(shown))


@wave.command("open")
@click.argument("wave_id")
@json_option
@pass_minyi
def wave_open(context: Context, wave_id: str, as_json: bool) -> None:
    """Freeze the plan, write its hash into the log, and take answers."""
    from survey.fielding import open_wave

    place = context.place
    with place.database.write() as connection:
        open_wave(connection, place.log, wave_id, place.now())
    say({"wave": wave_id, "state": "opened"}, as_json, f"{wave_id} is open.")


@wave.command("close")
@click.argument("wave_id")
@json_option
@pass_minyi
def wave_close(context: Context, wave_id: str, as_json: bool) -> None:
    """Take no further answers."""
    from survey.fielding import close_wave

    with context.place.database.write() as connection:
        close_wave(connection, wave_id, context.place.now())
    say({"wave": wave_id, "state": "closed"}, as_json, f"{wave_id} is closed.")


@click.group()
def points() -> None:
    """Points: places with a printed code."""


@points.command("poster")
@click.argument("unit_id")
@json_option
@pass_minyi
def points_poster(context: Context, unit_id: str, as_json: bool) -> None:
    """List a unit's codes and the addresses of their print-ready posters."""
    from survey.points import code_for, points_of

    place = context.place
    with place.database.read() as connection:
        found = points_of(connection, [unit_id])
    base = place.settings.base_url
    rows = [
        {
            "key": point.key,
            "code": code_for(place.keys, point.key),
            "address": f"{base}/q/{code_for(place.keys, point.key)}",
            "poster": f"{base}/desk/points/{point.key}/poster",
        }
        for point in found
    ]
    say({"unit": unit_id, "points": rows}, as_json, "\n".join(f"{row['code']}  {row['poster']}" for row in rows))
