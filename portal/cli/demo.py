"""The demonstration: an invented city, built once, then served."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys

import click

from portal.demo.city import DemoError

from .context import Context, json_option, pass_minyi

HOST = "127.0.0.1"


def register(minyi: click.Group) -> None:
    minyi.add_command(demo)


@click.command()
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535))
@click.option("--build-only", is_flag=True, help="Build and stop; serve nothing.")
@json_option
@pass_minyi
def demo(context: Context, port: int, build_only: bool, as_json: bool) -> None:
    """Build a demonstration city (once) and serve it on 127.0.0.1."""
    _set_environment(port)
    if build_only:
        _build(context, as_json)
        return
    _check_port(port)
    # in a process of its own, so that the one that serves never loads what statistics need
    command = [sys.executable, "-m", "portal", "demo", "--build-only", "--port", str(port)]
    done = subprocess.run([*command, *(["--json"] if as_json else [])], check=False)
    if done.returncode:
        raise SystemExit(done.returncode)
    _serve(context, port, quiet=as_json)


def _set_environment(port: int) -> None:
    """What the demonstration sets for itself and its worker; a folder or database that was named is kept."""
    os.environ["MINYI_DEMO"] = "1"
    os.environ["MINYI_BATCH_MINIMUM"] = "1"
    os.environ["MINYI_BATCH_SECONDS"] = "15"
    os.environ.setdefault("MINYI_DATA_DIR", os.path.join("var", "demo"))  # noqa: PTH118  a setting, not a path yet
    os.environ.setdefault("MINYI_BASE_URL", f"http://{HOST}:{port}")


def _check_port(port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError as error:
            raise DemoError(
                f"Port {port} cannot be used; nothing was built.",
                got=error.strerror or str(error),
                hint=f"minyi demo --port {port + 1 if port < 65535 else 8000}, or PORT= for make demo",
            ) from error


def _build(context: Context, as_json: bool) -> None:
    from portal.demo.build import Builder

    def tell(line: str) -> None:
        click.echo(line, err=as_json)

    tell(f"Building the demonstration in {context.settings.data_dir}")
    built = Builder(context.place, context.app, tell=tell).build()
    tell(f"{'Built' if built.changed else 'Nothing had to be built'}: {built.seconds} s")
    if as_json:
        click.echo(json.dumps(built.document() | {"addresses": _addresses(context, built.code)}))


def _addresses(context: Context, code: str) -> dict[str, str]:
    base = context.settings.base_url
    pages = {
        "front": "/",
        "rate": f"/q/{code}",
        "results": "/results",
        "release": "/results/counter-2026q3",
        "complaints": "/complaints",
        "verify": "/verify",
        "desk": "/desk",
    }
    return {name: base + path for name, path in pages.items()}


def _serve(context: Context, port: int, *, quiet: bool) -> None:
    from portal.demo.city import offices
    from portal.demo.people import DEMO_STAFF
    from portal.serving import serve_forever
    from survey.points import code_for

    code = code_for(context.place.keys, offices()[0].points()[0][0])
    if not quiet:
        lines = [f"  {name:11}{address}" for name, address in _addresses(context, code).items()]
        lines += ["", "Log-ins of the demonstration (public, so never open this portal to others):"]
        lines += [f"  {email:28}{password:22}{role}" for email, password, role, _ in DEMO_STAFF]
        lines += [
            "",
            "Answers enter the log within 15 seconds here, even a single one. A real portal waits for 20 answers",
            "or the end of the day, so that nobody can tell who answered when.",
            "Ctrl-C stops the demonstration.",
        ]
        click.echo("\n".join(["", "The demonstration is served:", *lines]))
    serve_forever(context.app, host=HOST, port=port, threads=8, with_worker=True)
