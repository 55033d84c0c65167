"""Where frozen datasets lie."""

from __future__ import annotations

from pathlib import Path


def dataset_folder(folder: Path, wave_id: str, identity: str) -> Path:
    """The folder of one dataset below the folder of all; its name carries the start of its id."""
    return folder / f"{wave_id}-{identity[:12]}"
