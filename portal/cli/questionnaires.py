"""Commands for questionnaires: check, import, export."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

import click

from survey.errors import QuestionnaireError
from survey.findings import Finding, Severity
from survey.formats.report import Fate, Report

from .context import Context, json_option, pass_minyi, say

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
OUTPUT = click.Path(dir_okay=False, path_type=Path)
LANGUAGE = click.option(
    "--language", default="zh-Hans", show_default=True, help="The language of a file that names none."
)


def register(minyi: click.Group) -> None:
    minyi.add_command(questionnaire)


@click.group()
def questionnaire() -> None:
    """Questionnaires: documents of ours and files of other programs."""


@questionnaire.command("check")
@click.argument("path", type=FILE)
@LANGUAGE
@json_option
def questionnaire_check(path: Path, language: str, as_json: bool) -> None:
    """Prove the routing of a questionnaire file of any format and weigh its method; 1 where it has faults."""
    from survey.formats.files import read_file
    from survey.method import minutes, review
    from survey.proof import prove
    from survey.questionnaire import questionnaire_id, read_questionnaire

    report = read_file(path.name, path.read_bytes(), language=language)
    read = read_questionnaire(report.document)
    findings = [*prove(read), *review(read)]
    n_faults = sum(one.severity is Severity.FAULT for one in findings)
    result = {
        "id": questionnaire_id(report.document),
        "format": report.format,
        "questions": len(read.questions),
        "languages": list(read.languages),
        "minutes": {tag: round(minutes(read, tag), 1) for tag in read.languages},
        "faults": n_faults,
        "findings": [one.as_json() for one in findings],
    }
    told = f"{n_faults} faults, {len(findings) - n_faults} advice"
    lasts = f"about {result['minutes'][read.languages[0]]} minutes"  # type: ignore[index]
    last = f"{read.name}: {len(read.questions)} questions, {lasts}, {told}, id {result['id']}"
    say(result, as_json, "\n".join([*(_line(one) for one in findings), last]))
    if n_faults:
        raise SystemExit(1)


def _line(finding: Finding) -> str:
    """A finding on one line: how grave, the rule, where, what it is about, and answers that show it."""
    parts = [f"{finding.severity} {finding.rule} {finding.place}".rstrip()]
    parts += [" ".join(f"{name}={text}" for name, text in finding.details.items())] if finding.details else []
    if finding.walk is not None:
        walk = " ".join(f"{name}={';'.join(values)}" for name, values in finding.walk.items())
        parts.append(f"walk: {walk or 'no answers'}")
    return " | ".join(parts)


@questionnaire.command("import")
@click.argument("path", type=FILE)
@click.option("--name", help="The name of the questionnaire (default: made from the file's).")
@LANGUAGE
@click.option("--store", is_flag=True, help="Publish what another format gave; our own JSON always is.")
@click.option("--output", "-o", type=OUTPUT, help="Where the converted document goes.")
@json_option
@pass_minyi
def questionnaire_import(
    context: Context,
    path: Path,
    name: str | None,
    language: str,
    store: bool,
    output: Path | None,
    as_json: bool,
) -> None:
    """Publish our own JSON (twice is one), or convert another format and account for all that stands in it."""
    from survey.formats.files import read_file
    from survey.formats.own import FORMAT, write_own

    report = read_file(path.name, path.read_bytes(), name=name, language=language)
    if output is not None:
        output.write_bytes(write_own(report.document))
    is_own = report.format == FORMAT
    identity = _publish(context, report) if store or is_own else None
    result = report.as_json() | {"share": round(report.mapped_share, 4), "id": identity}
    lines = [] if is_own else _account(report)
    say(result, as_json, "\n".join([*lines, *([f"published as {identity}"] if identity else [])]))


def _publish(context: Context, report: Report) -> str:
    """Freeze the document; one with faults is refused, as it is at the desk."""
    from survey.fielding import publish_questionnaire
    from survey.proof import prove
    from survey.questionnaire import read_questionnaire

    faults = [one for one in prove(read_questionnaire(report.document)) if one.severity is Severity.FAULT]
    if faults:
        raise QuestionnaireError(
            "A questionnaire with faults is not published.",
            got=" / ".join(_line(one) for one in faults[:3]),
            hint="`minyi questionnaire check` tells them all",
        )
    with context.place.database.write() as connection:
        return publish_questionnaire(connection, report.document, context.place.today())


def _account(report: Report) -> list[str]:
    """What became of the constructs: counts by kind, the reasons with the first place of each, warnings, the share."""
    kinds: dict[str, Counter[Fate]] = {}
    reasons: dict[tuple[str, Fate, str], list[str]] = {}
    for one in report.constructs:
        kinds.setdefault(one.kind, Counter())[one.fate] += 1
        if one.fate is not Fate.MAPPED:
            reasons.setdefault((one.kind, one.fate, one.reason), []).append(one.place)
    lines = [f"{'':24} mapped approximated left out"]
    lines += [
        f"{kind[:24]:24} {n[Fate.MAPPED]:6} {n[Fate.APPROXIMATED]:12} {n[Fate.LEFT_OUT]:8}"
        for kind, n in sorted(kinds.items())
    ]
    for (kind, fate, reason), places in reasons.items():
        more = f" and {len(places) - 1} more" if len(places) > 1 else ""
        lines.append(f"{fate.replace('_', ' ')}: {kind} ({places[0]}{more}): {reason}")
    lines += [f"warning: {warning}" for warning in report.warnings]
    return [*lines, f"{report.mapped_share:.0%} of {len(report.constructs)} constructs mapped ({report.format})"]


@questionnaire.command("export")
@click.argument("source", metavar="ID_OR_FILE")
@click.option("--to", "wanted", type=click.Choice(["json", "xlsform", "ddi", "codebook"]), default="json")
@click.option("--output", "-o", type=OUTPUT, help="Where it goes (default: it is printed).")
@LANGUAGE
@pass_minyi
def questionnaire_export(context: Context, source: str, wanted: str, output: Path | None, language: str) -> None:
    """Write a published questionnaire, or a file, as our JSON, an XLSForm, a DDI codebook or a codebook (JSON)."""
    data, notes = _written(_document(context, source, language), wanted)
    for note in notes:
        click.echo(note, err=True)
    if output is not None:
        output.write_bytes(data)
    elif wanted == "xlsform":
        raise click.UsageError("a spreadsheet is not printed: name a file with -o")
    else:
        click.echo(data.decode().rstrip("\n"))


def _document(context: Context, source: str, language: str) -> dict[str, Any]:
    """The document of a file, or of the published questionnaire whose id begins so."""
    from sqlalchemy import select

    from survey.formats.files import read_file
    from survey.storage.tables import questionnaire as table

    if Path(source).is_file():
        return read_file(Path(source).name, Path(source).read_bytes(), language=language).document
    with context.place.database.read() as connection:
        query = select(table.c.body).where(table.c.id.startswith(source, autoescape=True))
        bodies = list(connection.execute(query).scalars())
    if len(bodies) != 1:
        raise QuestionnaireError(
            f"{len(bodies)} questionnaires have this id, and no file has this name.", got=source, expected="exactly one"
        )
    found: dict[str, Any] = json.loads(bodies[0])
    return found


def _written(document: dict[str, Any], wanted: str) -> tuple[bytes, list[str]]:
    """The bytes of the wanted format, and what could not be said in it."""
    from survey.formats.own import write_own
    from survey.questionnaire import questionnaire_id, read_questionnaire

    if wanted == "json":
        return write_own(document), []
    read = read_questionnaire(document)
    if wanted == "xlsform":
        from survey.formats.xlsform_write import write_xlsform

        return write_xlsform(read)
    if wanted == "ddi":
        from survey.formats.ddi import write_ddi

        return write_ddi(read, identity=questionnaire_id(document)), []
    from survey.codebook import codebook

    return json.dumps(codebook(read).as_json(), ensure_ascii=False, indent=1).encode(), []
