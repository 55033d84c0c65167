"""Bringing a finished survey in, for commands and jobs."""

from __future__ import annotations

from pathlib import Path

from survey.imports import Imported, Importer, Progress

from .db import Installation


def import_responses(
    place: Installation,
    path: str | Path,
    map_path: str | Path,
    *,
    margins: Path | None = None,
    progress: Progress = lambda done, total: None,
) -> Imported:
    """Import a file in one transaction; raises ImportRefusedError and then nothing is written."""
    importer = Importer(place.keys, place.log, place.now(), place.settings.timezone, progress)
    with place.database.write() as connection:
        return importer.run(connection, Path(path), Path(map_path), margins=margins)
