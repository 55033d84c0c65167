"""The command line: exit code 0 done, 1 refused or failed, 2 wrong use."""

from __future__ import annotations

import sys

import click

from portal.settings import SettingsError
from survey.errors import ImportRefusedError, SurveyError

from . import bench, data, demo, installation, questionnaires, releases, waves
from .context import Context


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.pass_context
def minyi(context: click.Context) -> None:
    """Minyi: citizen surveys whose published scores anyone can recompute."""
    context.obj = context.obj or Context()


for group in (installation, questionnaires, waves, data, releases, bench, demo):
    group.register(minyi)


def main() -> None:
    """Run a command; what is refused on purpose is told in words, never as a traceback."""
    try:
        minyi(standalone_mode=False)
    except click.exceptions.Abort:
        sys.exit(1)
    except click.ClickException as error:
        error.show()
        sys.exit(2)
    except SettingsError as error:
        click.echo(f"These settings cannot be used:\n{error}", err=True)
        sys.exit(2)
    except ImportRefusedError as error:
        click.echo(str(error), err=True)
        for problem in error.problems:
            click.echo(f"  - {problem}", err=True)
        sys.exit(1)
    except SurveyError as error:
        click.echo(str(error), err=True)
        sys.exit(1)
