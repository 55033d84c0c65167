"""Commands for questionnaires, waves and points."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click

from survey.errors import QuestionnaireError
from survey.formats.report import Report

from .context import Context, json_option, pass_minyi, say

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


def register(minyi: click.Group) -> None:
    for command in (questionnaire, wave, points):
        minyi.add_command(command)


@click.group()
def questionnaire() -> None:
    """Questionnaire documents."""


def _document(path: Path) -> object:
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except (ValueError, UnicodeDecodeError) as error:
        raise QuestionnaireError(f"{path.name} is not JSON in UTF-8.", got=str(error)) from error


@questionnaire.command("check")
@click.argument("path", type=FILE)
@json_option
def questionnaire_check(path: Path, as_json: bool) -> None:
    """Say whether a questionnaire could be published, and its identity."""
    from survey.questionnaire import questionnaire_id, read_questionnaire

    document = _document(path)
    read = read_questionnaire(document)
    result = {"id": questionnaire_id(document), "questions": len(read.questions), "languages": list(read.languages)}
    say(result, as_json, f"{read.name}: {len(read.questions)} questions, id {result['id']}")


@questionnaire.command("import")
@click.argument("path", type=FILE)
@click.option("--language", default="zh-Hans", show_default=True, help="The language of a plain text.")
@click.option("--output", type=click.Path(dir_okay=False, path_type=Path), help="Where a converted document goes.")
@json_option
@pass_minyi
def questionnaire_import(context: Context, path: Path, language: str, output: Path | None, as_json: bool) -> None:
    """Publish our own JSON (twice is one), or convert another format and account for all of it."""
    if (report := _foreign(path, language)) is not None:
        return _say_report(report, output, as_json)
    from survey.fielding import publish_questionnaire

    with context.place.database.write() as connection:
        identity = publish_questionnaire(connection, _document(path), context.place.today())
    say({"id": identity}, as_json, f"published as {identity}")


def _foreign(path: Path, language: str) -> Report | None:
    """What another program's file gives; None for our own documents."""
    from survey.formats.csv import decode
    from survey.formats.plain_text import read_plain_text
    from survey.formats.xiaoju import is_xiaoju, read_xiaoju

    if path.suffix == ".txt":
        return read_plain_text(decode(path.read_bytes())[0], name="imported", language=language)
    document = _document(path)
    return read_xiaoju(document, name="imported", language=language) if is_xiaoju(document) else None  # type: ignore[arg-type]


def _say_report(report: Report, output: Path | None, as_json: bool) -> None:
    from survey.questionnaire import read_questionnaire

    read_questionnaire(report.document)
    if output is not None:
        output.write_text(json.dumps(report.document, ensure_ascii=False, indent=1), encoding="utf-8")
    lines = [f"{one.place}: {one.kind}: {one.fate}, {one.reason}" for one in report.constructs if one.reason]
    lines.append(f"{report.mapped_share:.0%} of {len(report.constructs)} constructs mapped ({report.format})")
    say(report.as_json(), as_json, "\n".join(lines))


@questionnaire.command("export")
@click.argument("identity")
@pass_minyi
def questionnaire_export(context: Context, identity: str) -> None:
    """Print a published questionnaire, byte for byte as it was frozen."""
    from sqlalchemy import select

    from survey.storage.tables import questionnaire as table

    with context.place.database.read() as connection:
        query = select(table.c.body).where(table.c.id.startswith(identity, autoescape=True))
        bodies = list(connection.execute(query).scalars())
    if len(bodies) != 1:
        raise QuestionnaireError(f"{len(bodies)} questionnaires have this id.", got=identity, expected="exactly one")
    click.echo(bodies[0])


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
