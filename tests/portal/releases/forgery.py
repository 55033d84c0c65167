"""What a forger can do: change one value of a release and renew hashes, head and signature with a key of the own."""

from __future__ import annotations

import csv
import io
import json
import random
import re
from collections.abc import Iterator
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from release_seal import public_hex, sign_again, table_text

from portal.releases.verifier.findings import Findings
from scale import SCALE
from survey.canonical import canonical_json

Files = dict[str, bytes]
FORGER = Ed25519PrivateKey.from_private_bytes(bytes(range(1, 33)))
NUMBERS = {"n", "population", "weight", "sum_a", "sum_b", "sum_ab"}
SIGNATURE_CHECKS = {"files", "signature", "key", "manifest"}


def compiled_verify(key: bytes, message: bytes, signature: bytes) -> bool:
    """Whether a signature holds, by the compiled library."""
    try:
        Ed25519PublicKey.from_public_bytes(key).verify(signature, message)
    except (InvalidSignature, ValueError):
        return False
    return True


def taken_over(files: Files) -> Files:
    """Return a whole release with head and manifest signed by the forger, so that only a change inside can fail."""
    log = json.loads(files["log.json"])
    head = {name: log["head"][name] for name in ("log", "size", "root", "at")}
    signature = FORGER.sign(b"minyi/head/v1\n" + canonical_json(head)).hex()
    log["head"] = {**head, "key": public_hex(FORGER), "signature": signature}
    return forged(files, "log.json", canonical_json(log))


def manifest_of(files: Files) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(files["manifest.json"])
    return found


def forged(files: Files, name: str, data: bytes) -> Files:
    """Return the release with one file replaced and all hashes and the signature renewed with the forger's key."""
    return sign_again({**files, name: data}, manifest_of(files), FORGER)


def changed_text(text: str) -> list[str]:
    """Return other values for a cell: numbers one up and one down in the last digit, other codes, other labels."""
    if re.fullmatch(r"-?[0-9]+(\.[0-9]+)?", text):
        digits = len(text.partition(".")[2])
        units = int(text.replace(".", ""))
        found = []
        for other in (units - 1, units + 1):
            plain = f"{abs(other):0{digits + 1}d}"
            sign = "-" if other < 0 else ""
            found.append(sign + (f"{plain[:-digits]}.{plain[-digits:]}" if digits else plain))
        return found
    swaps = {
        "skipped": "refused",
        "refused": "skipped",
        "not_asked": "dont_know",
        "dont_know": "not_applicable",
        "not_applicable": "not_asked",
        "public": "sealed",
        "sealed": "public",
        "excellent": "good",
        "good": "poor",
        "poor": "good",
        "rank_low": "rank_high",
    }
    return [swaps.get(text, text + "x")]


def csv_mutations(name: str, data: bytes) -> Iterator[tuple[str, bytes]]:
    """Yield every cell of a table changed, the table around it as it was: one other value, or all at full scale."""
    lines = [line.split(",") for line in data.decode().split("\n")[:-1]]
    columns = [list(dict.fromkeys(line[place] for line in lines[1:])) for place in range(len(lines[0]))]
    for row, line in enumerate(lines):
        for column, cell in enumerate(line):
            others = changed_text(cell)
            if row and others[0] == f"{cell}x" and len(columns[column]) > 1:
                values = columns[column]
                others.insert(0, values[(values.index(cell) + 1) % len(values)])
            for other in others if SCALE == 1 else [others[(row + column) % len(others)]]:
                changed = [*lines[:row], [*line[:column], other, *line[column + 1 :]], *lines[row + 1 :]]
                text = "".join(",".join(cells) + "\n" for cells in changed)
                yield f"{name}:{row + 1}:{column + 1} {cell!r} -> {other!r}", text.encode()


def scalars(value: Any, place: tuple[Any, ...] = ()) -> Iterator[tuple[tuple[Any, ...], Any]]:
    """Yield every scalar of a document with its path."""
    if isinstance(value, dict | list):
        for key, below in value.items() if isinstance(value, dict) else enumerate(value):
            yield from scalars(below, (*place, key))
    else:
        yield place, value


def json_mutations(name: str, data: bytes) -> Iterator[tuple[str, bytes]]:
    """Yield every scalar of a document changed, canonical again."""
    for place, value in scalars(json.loads(data)):
        document = json.loads(data)
        at = document
        for key in place[:-1]:
            at = at[key]
        is_hex = isinstance(value, str) and re.fullmatch("[0-9a-f]{64,}", value)
        others: list[Any] = [f"{value}x", "9"]
        if isinstance(value, bool):
            others = [not value]
        elif isinstance(value, int):
            others = [value - 1, value + 1, str(value)]
        elif value is None:
            others = ["x", 0]
        elif is_hex:
            others = [("1" if value[0] == "0" else "0") + value[1:], "00"]
        for other in others if SCALE == 1 else others[:1]:
            at[place[-1]] = other
            yield f"{name}:{'.'.join(map(str, place))} {value!r} -> {other!r}", canonical_json(document)


def prose_mutations(name: str, data: bytes) -> Iterator[tuple[str, bytes]]:
    """Yield every line of prose with its first digit or letter changed, with its end changed, and without it."""
    lines = data.decode().split("\n")
    for number, line in enumerate(lines):
        others = [f"{line} ", re.sub("[0-9]", lambda found: str((int(found[0]) + 1) % 10), line, count=1)]
        wanted = [[one] for one in dict.fromkeys(others) if one != line]
        for other in [*wanted, []] if SCALE == 1 else wanted[-1:]:
            yield f"{name}:{number + 1}", "\n".join([*lines[:number], *other, *lines[number + 1 :]]).encode()


def changed_number(rng: random.Random, data: bytes) -> tuple[str, bytes]:
    """Return a table with one of its counts or sums changed by one, and what was changed."""
    lines = list(csv.reader(io.StringIO(data.decode(), newline="")))
    row = rng.randrange(1, len(lines))
    numbers = [place for place, name in enumerate(lines[0]) if name in NUMBERS and lines[row][place]]
    column = rng.choice(numbers)
    old = int(lines[row][column])
    lines[row][column] = str(old + rng.choice([-1, 1] if old else [1]))
    return f"{','.join(lines[row])}: {lines[0][column]} was {old}", table_text(lines)


def mutations(files: Files) -> Iterator[tuple[str, str, bytes]]:
    for name, data in files.items():
        if name.endswith(".csv"):
            for what, changed in csv_mutations(name, data):
                yield name, what, changed
        elif name.endswith(".json") and name != "manifest.json":
            for what, changed in json_mutations(name, data):
                yield name, what, changed
        elif name.endswith(".md"):
            for what, changed in prose_mutations(name, data):
                yield name, what, changed


def escaped(findings: Findings, name: str) -> bool:
    """Tell whether only hashes, signature or key could have told, or no failure names a file.

    A changed figure or sentence must be named itself. An input may instead be named by what is
    computed from it: a changed count shows as a class that does not sum up, or as a figure that differs.
    """
    inside = [failure for failure in findings.failures if failure.check not in SIGNATURE_CHECKS]
    if name.endswith(".md") or name == "figures.csv":
        inside = [failure for failure in inside if failure.file == name]
    return not any(failure.file and failure.file in failure.message for failure in inside)
