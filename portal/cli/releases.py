"""Commands for scores and releases."""

from __future__ import annotations

import shutil
from pathlib import Path

import click

from survey.errors import SurveyError

from .context import Context, json_option, pass_minyi, say


def register(minyi: click.Group) -> None:
    for command in (score, release):
        minyi.add_command(command)


@click.group()
def score() -> None:
    """Score runs."""


@score.command("run")
@click.argument("wave_id")
@json_option
@pass_minyi
def score_run(context: Context, wave_id: str, as_json: bool) -> None:
    """Freeze a closed wave, weight it and compute its scores."""
    from portal.releases.run import execute
    from portal.releases.runs import load_run, queue_run

    place = context.place
    with place.database.write() as connection:
        run_id = queue_run(connection, place, wave_id, None)
    execute(place, run_id)
    with place.database.read() as connection:
        run = load_run(connection, run_id)
    say({"run": run_id, "state": run.state, "message": run.message}, as_json, f"run {run_id} {run.state} {run.message}")
    if run.state != "finished":
        raise SystemExit(1)


@click.group()
def release() -> None:
    """Releases: publish, export, verify."""


@release.command("publish")
@click.argument("name")
@click.argument("version", type=int)
@click.option("--by", "email", required=True, help="The second person, by e-mail; never who proposed it.")
@json_option
@pass_minyi
def release_publish(context: Context, name: str, version: int, email: str, as_json: bool) -> None:
    """Publish a proposed release in the name of a second person."""
    from portal.access import Permission
    from portal.accounts.security import staff_by_email
    from portal.releases.publish import publish

    second = staff_by_email(context.place, email, who_may=Permission.CONFIRM_RELEASE)
    publish(context.place, name, version, second)
    say({"release": name, "version": version}, as_json, f"{name} version {version} is published.")


@release.command("export")
@click.argument("name")
@click.argument("target", type=click.Path(path_type=Path))
@click.option("--version", type=int, default=None)
@json_option
@pass_minyi
def release_export(context: Context, name: str, target: Path, version: int | None, as_json: bool) -> None:
    """Copy a published release folder to TARGET."""
    shutil.copytree(_folder(context, name, version), target)
    say({"release": name, "folder": str(target)}, as_json, f"{name} copied to {target}")


@release.command("verify")
@click.argument("what")
@click.option("--key", default=None, help="The signer's public key or fingerprint, from a poster or /verify.")
@json_option
@pass_minyi
def release_verify(context: Context, what: str, key: str | None, as_json: bool) -> None:
    """Recompute every public figure of a release folder, or of a published release by its name."""
    from portal.releases.verifier.main import main as run_verifier

    folder = Path(what) if (Path(what) / "manifest.json").is_file() else _folder(context, what, None)
    arguments = [str(folder), *(["--key", key] if key else []), *(["--json"] if as_json else [])]
    raise SystemExit(run_verifier(arguments))


def _folder(context: Context, name: str, version: int | None) -> Path:
    from portal.releases.folder import release_folder
    from portal.releases.publish import all_releases

    with context.place.database.read() as connection:
        found = [one for one in all_releases(connection) if one.name == name and one.state == "published"]
    found = [one for one in found if version in (None, one.version)]
    if not found:
        raise SurveyError("No such release is published.", got=name)
    return release_folder(context.place, name, max(one.version for one in found))
