"""A release folder as the public may read it: only files that its manifest names, checked against their hashes."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import zipfile
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

MANIFEST = "manifest.json"
SIGNATURE = "manifest.sig"


class ReleaseDamagedError(Exception):
    """The folder is not what was published; nothing of it is shown until it is restored."""

    def __init__(self, message: str, *, got: str = "", expected: str = "") -> None:
        super().__init__(f"{message}: got {got or 'nothing'}, expected {expected}")


@dataclass(frozen=True)
class FileEntry:
    """A file of the release as its manifest describes it."""

    path: str
    sha256: str
    size: int


@dataclass(frozen=True)
class Folder:
    """One published version on disk. `manifest_id` is the hash that the release table holds."""

    place: Path
    manifest_id: str

    @cached_property
    def manifest(self) -> dict[str, Any]:
        data = self._bytes(MANIFEST)
        found = hashlib.sha256(data).hexdigest()
        if found != self.manifest_id:
            raise ReleaseDamagedError(f"manifest of {self.place.parent.name}", got=found, expected=self.manifest_id)
        document: dict[str, Any] = json.loads(data)
        return document

    @cached_property
    def entries(self) -> dict[str, FileEntry]:
        listed: dict[str, str] = self.manifest["files"]
        return {name: FileEntry(name, sha256, self._size(name)) for name, sha256 in sorted(listed.items())}

    @cached_property
    def signature(self) -> str:
        """The signature over the manifest, in hexadecimal digits, by the key that the manifest names."""
        return self._bytes(SIGNATURE).decode("ascii", "replace").strip()

    def path_of(self, name: str) -> Path | None:
        """Where a public file lies; None for every name that the manifest does not hold, letter by letter."""
        if name not in self.entries and name not in (MANIFEST, SIGNATURE):
            return None
        path = self.place / name
        inside = path.resolve().is_relative_to(self.place.resolve())
        return path if inside and path.is_file() else None

    def read(self, name: str) -> bytes:
        """A file's bytes, which are those the manifest was signed for."""
        if name not in self.entries:
            raise ReleaseDamagedError(f"{name} of {self.place.parent.name}", expected="a line of the manifest")
        data = self._bytes(name)
        found = hashlib.sha256(data).hexdigest()
        if found != self.entries[name].sha256:
            raise ReleaseDamagedError(
                f"{name} of {self.place.parent.name}", got=found, expected=self.entries[name].sha256
            )
        return data

    def document(self, name: str) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.read(name))
        return found

    def rows(self, name: str) -> list[dict[str, str]]:
        return list(csv.DictReader(io.StringIO(self.read(name).decode("utf-8"), newline=""), strict=True))

    def zipped(self, name: str) -> io.BytesIO:
        """Every public file under one folder of this name, each checked against its hash; the same bytes every time."""
        files = {path: self.read(path) for path in self.entries}
        files |= {path: self._bytes(path) for path in (MANIFEST, SIGNATURE) if self.path_of(path)}
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w") as archive:
            for path, data in files.items():
                entry = zipfile.ZipInfo(f"{name}/{path}")
                entry.external_attr = 0o644 << 16
                archive.writestr(entry, data, zipfile.ZIP_DEFLATED)
        packed.seek(0)
        return packed

    def _size(self, name: str) -> int:
        path = self.place / name
        return path.stat().st_size if path.is_file() else 0

    def _bytes(self, name: str) -> bytes:
        try:
            return (self.place / name).read_bytes()
        except OSError as error:
            raise ReleaseDamagedError(f"{name} of {self.place.parent.name}", expected="a readable file") from error
