"""CSV in and out: any common encoding is read, and nothing written can run as a formula."""

from __future__ import annotations

import csv
import io
import re
from dataclasses import dataclass
from pathlib import Path

from survey.errors import ImportRefusedError

_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True)
class Sheet:
    """A read file: its header, its rows (each as long as the header), the line each ends on, and its encoding."""

    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    encoding: str
    lines: tuple[int, ...]


def read_csv(path: Path, *, encoding: str = "auto", delimiter: str = ",") -> Sheet:
    """Read a whole file; raises ImportRefusedError naming the line that does not fit the header."""
    text, used = decode(path.read_bytes(), encoding)
    try:
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
        found = [(reader.line_num, line) for line in reader if any(cell.strip() for cell in line)]
    except csv.Error as error:
        raise ImportRefusedError(
            f"{path.name} is not a CSV file.", got=str(error), hint="save it as CSV again"
        ) from error
    if not found:
        raise ImportRefusedError(f"{path.name} is empty.", expected="a header line and one line per response")
    header = tuple(name.strip() for name in found[0][1])
    problems = [
        f"line {number}: {len(line)} fields, the header has {len(header)}"
        for number, line in found[1:]
        if len(line) != len(header)
    ]
    twice = sorted({name for name in header if header.count(name) > 1 and name})
    problems += [f"two columns are called {name}" for name in twice]
    if problems:
        raise ImportRefusedError(f"{path.name} has lines that do not fit its header.", problems=problems)
    rows = tuple(tuple(line) for _, line in found[1:])
    return Sheet(header, rows, used, tuple(number for number, _ in found[1:]))


def decode(data: bytes, encoding: str = "auto") -> tuple[str, str]:
    """Text and the encoding it was in. `auto` tries the byte order mark, UTF-8, then GB 18030 and Windows-1252.

    Of the last two it tries first the one that the runs of bytes above ASCII look like: Chinese characters are pairs
    of such bytes, accented letters mostly stand alone.
    """
    if encoding != "auto":
        candidates = [encoding]
    elif data.startswith((b"\xff\xfe", b"\xfe\xff")):
        candidates = ["utf-16"]
    else:
        runs = re.findall(rb"[\x80-\xff]+", data)
        pairs = sum(len(run) % 2 == 0 for run in runs)
        candidates = ["utf-8-sig", *(("gb18030", "cp1252") if 2 * pairs > len(runs) else ("cp1252", "gb18030"))]
    for name in candidates:
        try:
            text = data.decode(name)
        except (UnicodeDecodeError, LookupError):
            continue
        if "\x00" not in text:
            return text, name
    raise ImportRefusedError(
        "The file's encoding is not recognised.",
        got=f"bytes {data[:16].hex(' ')} …",
        expected=" or ".join(candidates),
        hint="save the file as UTF-8, or name its encoding in the map",
    )


def safe_cell(value: str) -> str:
    """A cell that a spreadsheet will show and never run."""
    return f"'{value}" if value.startswith(_FORMULA_STARTS) and not _is_number(value) else value


def _is_number(value: str) -> bool:
    try:
        float(value)
    except ValueError:
        return False
    return value[0] in "+-0123456789."
