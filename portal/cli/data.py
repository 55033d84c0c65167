"""Commands for answers: import, freeze, log."""

from __future__ import annotations

import json
from pathlib import Path

import click

from survey.log import Head

from .context import Context, json_option, pass_minyi, say


def register(minyi: click.Group) -> None:
    for command in (responses, dataset, log):
        minyi.add_command(command)


@click.group()
def responses() -> None:
    """Finished surveys brought in."""


@responses.command("import")
@click.argument("path", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--map", "map_path", required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--margins", type=click.Path(exists=True, file_okay=False, path_type=Path), help="Folder of the targets.")
@json_option
@pass_minyi
def responses_import(context: Context, path: Path, map_path: Path, margins: Path | None, as_json: bool) -> None:
    """Import FILE through a mapping file; the same file twice changes nothing."""
    from portal.imports import import_responses

    done = import_responses(context.place, path, map_path, margins=margins)
    result = {"wave": done.wave_id, "rows": done.n_rows, "already": done.already, "encoding": done.encoding}
    if done.already:
        text = f"{path.name} was imported into {done.wave_id} before ({done.n_rows} rows). Nothing was changed."
    else:
        text = f"{done.n_rows} responses imported into {done.wave_id} (read as {done.encoding})."
    say(result, as_json, text)


@click.group()
def dataset() -> None:
    """Frozen datasets."""


@dataset.command("freeze")
@click.argument("wave_id")
@json_option
@pass_minyi
def dataset_freeze(context: Context, wave_id: str, as_json: bool) -> None:
    """Write a closed wave's dataset and its hash into the log."""
    from survey.dataset import freeze
    from survey.storage.paths import dataset_folder

    place = context.place
    with place.database.write() as connection:
        place.log.append_due(connection, place.now(), place.today(), force=True)
        identity = freeze(connection, place.log, wave_id, place.settings.datasets_dir, place.now())
    folder = dataset_folder(place.settings.datasets_dir, wave_id, identity)
    say({"wave": wave_id, "dataset": identity, "folder": str(folder)}, as_json, f"{identity} in {folder}")


@click.group()
def log() -> None:
    """The append-only log."""


def _read_head(_context: click.Context, _option: click.Parameter, path: Path | None) -> Head | None:
    """A head as `/log/head.json` gives it."""
    if path is None:
        return None
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
        return Head(**{**found, "size": int(found["size"])})
    except (ValueError, TypeError, LookupError, RecursionError) as error:
        raise click.BadParameter("this is no log head as /log/head.json gives it") from error


@log.command("verify")
@click.option(
    "--head",
    "kept",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    callback=_read_head,
    help="A head kept outside, as /log/head.json gave it: shows a log that was put back to an earlier day.",
)
@json_option
@pass_minyi
def log_verify(context: Context, kept: Head | None, as_json: bool) -> None:
    """Recompute every head and match every answer with its leaf."""
    from portal.complaints.audit import audit_complaints
    from survey.log_audit import audit

    with context.place.database.read() as connection:
        result = audit(connection, public_key=context.place.signer.public_hex, kept=kept)
        cases = audit_complaints(connection, context.place.keys, result)
    counts = {
        "leaves": result.leaves,
        "heads": result.heads,
        "responses": result.responses,
        "complaints": cases,
        "pending": result.pending,
    }
    lines = [f"{name}: {message}" for name, messages in result.faults.items() for message in messages]
    text = ", ".join(f"{n} {name}" for name, n in counts.items())
    say({"sound": result.is_sound, **counts, "faults": result.faults}, as_json, "\n".join([text, *lines]))
    if not result.is_sound:
        raise SystemExit(1)


@log.command("append")
@click.option("--force", is_flag=True, help="Even a small batch, in which answers are easier to tell apart.")
@json_option
@pass_minyi
def log_append(context: Context, force: bool, as_json: bool) -> None:
    """Write what is due into the log, as the worker does."""
    place = context.place
    with place.database.write() as connection:
        n = place.log.append_due(
            connection, place.now(), place.today(), minimum=place.settings.batch_minimum, force=force
        )
    say({"leaves": n}, as_json, f"{n} leaves logged.")
