"""`python -m portal.bench.server portal|floor PORT`: one measured server."""

from __future__ import annotations

import logging
import sys

from waitress import serve

from portal.db import Installation
from portal.serving import stay_on_one_core
from portal.settings import read_settings

from .floor import floor_app
from .scene import QUESTIONS


def main(kind: str, port: int) -> None:
    stay_on_one_core()
    logging.getLogger("waitress.queue").setLevel(logging.ERROR)
    place = Installation(read_settings())
    if kind == "portal":
        from portal.app import create_app

        app = create_app(place=place)
    else:
        app = floor_app(place.settings.database_url, QUESTIONS)
    serve(app, host="127.0.0.1", port=port, threads=8, ident=None, _quiet=True)


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
