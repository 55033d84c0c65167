"""`minyi bench`."""

from __future__ import annotations

import json
import os

import click

NAMES = ("page", "submit")
LOCAL_POSTGRES = "postgresql://postgres@127.0.0.1:5432/postgres"


def register(minyi: click.Group) -> None:
    minyi.add_command(bench)


@click.command()
@click.argument("name", required=False, type=click.Choice(NAMES))
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object a line.")
@click.option("--requests", default=2000, show_default=True, help="Requests in each of the ten bursts.")
@click.option("--postgres", default=None, help="A PostgreSQL server's address (default: the local one, if it answers).")
def bench(name: str | None, as_json: bool, requests: int, postgres: str | None) -> None:
    """Measure pages and submissions beside their floors, on SQLite and PostgreSQL."""
    from sqlalchemy.exc import OperationalError

    from portal.bench.measure import BENCHMARKS, scene

    urls = {"sqlite": "", "postgres": postgres or os.environ.get("MINYI_TEST_POSTGRES_URL", LOCAL_POSTGRES)}
    for label, url in urls.items():
        try:
            with scene(url) as now:
                for one in [name] if name else NAMES:
                    _print(BENCHMARKS[one](now, label, requests).document(), as_json)
        except OperationalError as error:
            click.echo(f"not run on {label}: {str(error.orig).splitlines()[0]}", err=True)


def _print(figure: dict[str, object], as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps(figure))
        return
    click.echo(
        "{name:16} {rate:8} a second, floor {floor:8}, ratio {ratio} ({ratio_low}–{ratio_high}), goal {goal}; "
        "server CPU {cpu_ms} ms, floor {floor_cpu_ms} ms".format(**figure)
    )
