"""Commands for the installation: serve, worker, database, staff."""

from __future__ import annotations

import click

from portal.access import Role
from portal.settings import VARIABLES

from .context import Context, json_option, pass_minyi, say


def register(minyi: click.Group) -> None:
    for command in (serve, worker, db, user, settings):
        minyi.add_command(command)


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8000, show_default=True, type=int)
@click.option("--threads", default=8, show_default=True, type=int)
@click.option("--with-worker/--without-worker", default=True, show_default=True, help="Start the worker beside.")
@pass_minyi
def serve(context: Context, host: str, port: int, threads: int, with_worker: bool) -> None:
    """Serve the portal: the web with threads, and the worker as a second process."""
    from portal.serving import serve_forever

    click.echo(f"Minyi on http://{host}:{port}")
    serve_forever(context.app, host=host, port=port, threads=threads, with_worker=with_worker)


@click.command()
@pass_minyi
def worker(context: Context) -> None:
    """Do background work: log batches, score runs, imports."""
    from portal.jobs import work

    work(context.place)


@click.group()
def db() -> None:
    """The database."""


@db.command("upgrade")
@json_option
@pass_minyi
def db_upgrade(context: Context, as_json: bool) -> None:
    """Bring the database to the newest schema."""
    url = context.place.database.engine.url.render_as_string(hide_password=True)
    say({"database": url}, as_json, f"{url} is at the newest schema.")


@click.group()
def user() -> None:
    """Staff log-ins."""


@user.command("add")
@click.argument("email")
@click.option("--name", default="", help="The person's name (default: the part before @).")
@click.option("--role", type=click.Choice([str(role) for role in Role]), default=str(Role.ADMINISTRATOR))
@click.option("--unit", default=None, help="The unit an officer acts for, with all below it.")
@click.option("--password", prompt=True, hide_input=True, confirmation_prompt=True, envvar="MINYI_NEW_PASSWORD")
@json_option
@pass_minyi
def user_add(
    context: Context, email: str, name: str, role: str, unit: str | None, password: str, as_json: bool
) -> None:
    """Add a log-in; the first one is the administrator who adds the others."""
    from portal.accounts.security import StaffExistsError, add_staff

    if len(password) < 12:
        raise click.BadParameter("use at least 12 characters", param_hint="password")
    if role == Role.OFFICER and not unit:
        raise click.BadParameter("an officer acts for a unit; name it with --unit", param_hint="--unit")
    try:
        add_staff(
            context.app, email=email, name=name or email.split("@")[0], password=password, role=Role(role), unit_id=unit
        )
    except StaffExistsError as error:
        raise click.BadParameter(f"{email} has a log-in already", param_hint="email") from error
    say({"email": email, "role": role}, as_json, f"{email} can sign in as {role}.")


@click.command()
def settings() -> None:
    """List every setting with its meaning."""
    for name, meaning in VARIABLES.items():
        click.echo(f"{name:22} {meaning}")
