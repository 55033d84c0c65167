"""What every command works with."""

from __future__ import annotations

import json
from functools import cached_property
from typing import Any

import click
from flask import Flask

from portal.db import Installation, upgrade
from portal.settings import Settings, read_settings


class Context:
    """The installation of this command, opened when it is first needed."""

    @cached_property
    def settings(self) -> Settings:
        return read_settings()

    @cached_property
    def place(self) -> Installation:
        """The installation with its database at the newest schema."""
        upgrade(self.settings.database_url)
        return Installation(self.settings)

    @cached_property
    def app(self) -> Flask:
        from portal.app import create_app

        return create_app(place=self.place)


def say(result: dict[str, Any], as_json: bool, text: str) -> None:
    """Print a result as one JSON object, or as a sentence."""
    click.echo(json.dumps(result, ensure_ascii=False) if as_json else text)


json_option = click.option("--json", "as_json", is_flag=True, help="Print the result as one JSON object.")
pass_minyi = click.make_pass_decorator(Context)
