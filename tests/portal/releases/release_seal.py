"""What stands around the tables of a made-up release: documents, log extract, statements, manifest, signature."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from row_figures import Wave

from portal.releases.verifier.build import build
from portal.releases.verifier.facts import release_facts
from portal.releases.verifier.methodology import methodology
from portal.releases.verifier.tables import read_release
from survey import merkle
from survey.canonical import canonical_json, content_id, sha256_hex

Files = dict[str, bytes]


def public_hex(key: Ed25519PrivateKey) -> str:
    return key.public_key().public_bytes_raw().hex()


def sign_again(files: Mapping[str, bytes], manifest: dict[str, Any], key: Ed25519PrivateKey) -> Files:
    """Return the files with manifest hashes, key and signature renewed, as a forger with an own key would."""
    listed = {name: sha256_hex(data) for name, data in files.items() if not name.startswith("manifest.")}
    renewed = {**manifest, "files": listed, "key": public_hex(key)}
    signature = key.sign(b"minyi/release/v1\n" + canonical_json(renewed)).hex()
    return {**files, "manifest.json": canonical_json(renewed), "manifest.sig": signature.encode()}


def questionnaire(items: Iterable[str]) -> dict[str, Any]:
    return {"format": "minyi-questionnaire/1", "questions": [{"id": item, "scale": [1, 2, 3, 4, 5]} for item in items]}


def sealed(wave: Wave, tables: Mapping[str, bytes], key: Ed25519PrivateKey) -> Files:
    """Return all files around the tables: documents, log extract, statements, verifier, signed manifest."""
    files = dict(tables)
    asked = questionnaire([one["name"] for one in wave.dataset["columns"] if one["role"] == "item"])
    parts = {"plan": wave.plan, "scheme": wave.scheme, "questionnaire": asked, "dataset": wave.dataset}
    files.update({f"{name}.json": canonical_json(value) for name, value in parts.items()})
    files["log.json"] = canonical_json(log_of(wave, key))
    for language in ("en", "zh-Hans"):
        files[f"methodology.{language}.md"] = methodology(release_facts(read_release(files)), language).encode()
    files["verify.py"] = built()
    return sign_again(files, manifest_of(wave), key)


@cache
def built() -> bytes:
    return build().encode()


def manifest_of(wave: Wave) -> dict[str, Any]:
    run = {"dataset": content_id(wave.dataset), "code_version": "0.1.0", "scheme": content_id(wave.scheme), "seed": 1}
    return {
        "format": "minyi-release/1",
        "release": "2026-summer",
        "version": 1,
        "wave": wave.plan["wave"],
        "run": run,
        "files": {},
        "published_on": "2026-09-15",
        "key": "",
        "previous": None,
        "reason": "first publication",
    }


def table_text(rows: Iterable[Iterable[str]]) -> bytes:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(rows)
    return text.getvalue().encode()


def log_of(wave: Wave, key: Ed25519PrivateKey, *, logged_as: str = "") -> dict[str, Any]:
    columns = 3
    name = logged_as or wave.plan["wave"]
    margins = {"margins": [row[:columns] for row in wave.tables["margins.csv"][1:]]}
    subjects = {"plan": 3, "margins": 4, "dataset": wave.dataset["ledger"]["received"] + 8}
    values = {"plan": wave.plan, "margins": margins, "dataset": wave.dataset}
    if wave.plan["weighting"]["method"] == "none":
        del subjects["margins"]
    hashes = [merkle.leaf_hash(f"other leaf {n}".encode()) for n in range(subjects["dataset"] + 5)]
    leaves = {}
    for batch, (subject, index) in enumerate(subjects.items(), 1):
        leaf_body = {"log": "log-1", "wave": name, "batch": batch, "type": "anchor", "receipt": None}
        leaves[subject] = {**leaf_body, "commitment": content_id(values[subject])}
        hashes[index] = merkle.leaf_hash(canonical_json(leaves[subject]))
    anchors = [
        {
            "subject": subject,
            "index": index,
            "leaf": leaves[subject],
            "proof": [node.hex() for node in merkle.inclusion_proof(index, hashes)],
        }
        for subject, index in subjects.items()
    ]
    head: dict[str, Any] = {"log": "log-1", "size": len(hashes), "root": merkle.root(hashes).hex()}
    head["at"] = "2026-09-10T08:00Z"
    signature = key.sign(b"minyi/head/v1\n" + canonical_json(head)).hex()
    head.update(key=public_hex(key), signature=signature)
    received = wave.dataset["ledger"]["received"]
    counted = {"response": received - 7, "imported": 7, "erased": 2} if received > 6 else {"response": received}
    counted = {"response": 0, "imported": 0, "erased": 0, **counted}
    return {"log": "log-1", "head": head, "anchors": anchors, "leaves": counted}
