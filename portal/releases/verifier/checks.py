"""Whether a release is whole and signed, and whether the log holds what it was made from."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from portal.releases.verifier.ed25519 import verify_signature
from portal.releases.verifier.findings import Findings
from portal.releases.verifier.tables import COLUMNS, DOCUMENTS, LANGUAGES, Release
from survey.canonical import canonical_json, content_id, parse_canonical, sha256_hex
from survey.merkle import leaf_hash, verify_inclusion

RELEASE_PREFIX = b"minyi/release/v1\n"
HEAD_PREFIX = b"minyi/head/v1\n"
PROSE = tuple(f"methodology.{language}.md" for language in LANGUAGES)
REQUIRED = (*DOCUMENTS, *COLUMNS, "margins.csv", *PROSE, "verify.py")
RUN_KEYS = {"dataset", "code_version", "scheme", "seed"}
MANIFEST_KEYS = {
    *("format", "release", "version", "wave", "run"),
    *("files", "published_on", "key", "previous", "reason"),
}
MANIFEST_VALUES: dict[str, Callable[[Any], bool]] = {
    "release": lambda value: isinstance(value, str),
    "version": lambda value: type(value) is int and value > 0,
    "wave": lambda value: isinstance(value, str),
    "run": lambda value: isinstance(value, dict) and value.keys() == RUN_KEYS,
    "published_on": lambda value: bool(re.fullmatch("[0-9]{4}-[0-9]{2}-[0-9]{2}", value)),
    "previous": lambda value: value is None or bool(re.fullmatch("[0-9a-f]{64}", value)),
    "reason": lambda value: isinstance(value, str),
}
FORMATS = {
    "plan.json": "minyi-plan/1",
    "scheme.json": "minyi-scheme/1",
    "dataset.json": "minyi-dataset/1",
}
LEDGER = (
    "received",
    "counted",
    "over_quota",
    "quarantined",
    "superseded",
    "withdrawn",
    "spoiled",
    "canary",
    "test",
    "excluded",
)


def read_manifest(findings: Findings, files: Mapping[str, bytes]) -> dict[str, Any] | None:
    """Return the manifest, or None with a failure when it is missing or not in its declared form."""
    found: dict[str, Any] = {}

    def step() -> None:
        found.update(parse_canonical(files["manifest.json"]))
        if found.keys() != MANIFEST_KEYS or found["format"] != "minyi-release/1":
            raise ValueError(f"expected format minyi-release/1 with exactly {', '.join(sorted(MANIFEST_KEYS))}")
        if not re.fullmatch("[0-9a-f]{64}", found["key"]) or not isinstance(found["files"], dict):
            raise ValueError("key or files is not in its declared form")
        odd = [name for name, is_right in MANIFEST_VALUES.items() if not is_right(found[name])]
        if odd:
            raise ValueError(f"not in the declared form: {', '.join(odd)}")

    return found if findings.run("manifest", "manifest.json", step) else None


def check_files(findings: Findings, files: Mapping[str, bytes], manifest: Mapping[str, Any]) -> None:
    """Every file has the hash of the manifest, none is missing and none is there besides."""
    listed: dict[str, Any] = manifest["files"]
    present = files.keys() - {"manifest.json", "manifest.sig"}
    for name in sorted(listed.keys() | present | set(REQUIRED)):
        if name not in present:
            findings.fail("files", name, "missing from the folder")
        elif name not in listed:
            findings.fail("files", name, "in the folder but not in the manifest")
        else:
            digest = sha256_hex(files[name])
            findings.compare("files", name, "", digest, listed[name], "SHA-256 differs from the manifest")


def check_signature(findings: Findings, files: Mapping[str, bytes], manifest: Mapping[str, Any]) -> bool:
    """The manifest is signed by the key that it names."""
    text = files.get("manifest.sig", b"").decode("ascii", "replace")
    if not re.fullmatch("[0-9a-f]{128}\n?", text):
        findings.fail("signature", "manifest.sig", "expected 128 hexadecimal digits")
        return False
    message = RELEASE_PREFIX + canonical_json(manifest)
    if verify_signature(bytes.fromhex(manifest["key"]), message, bytes.fromhex(text.strip())):
        return True
    findings.fail("signature", "manifest.sig", "is no signature of the manifest by the key it names")
    return False


def check_key(findings: Findings, manifest: Mapping[str, Any], wanted: str | None, is_signed: bool) -> None:
    """The signing key is the one that the reader brought along, given as key, fingerprint or start of it."""
    if wanted is None:
        return
    fingerprint = sha256_hex(bytes.fromhex(manifest["key"]))
    if wanted == manifest["key"] or fingerprint.startswith(wanted):
        findings.signer = "proven" if is_signed else "unproven"
    else:
        findings.signer = "wrong"
        findings.fail("key", "manifest.json", "is signed by another key", "key", manifest["key"], wanted)


def check_ids(findings: Findings, release: Release, manifest: Mapping[str, Any]) -> None:
    """Plan, scheme, questionnaire and dataset name one another by their content."""
    plan, dataset, run = release.plan, release.dataset, manifest["run"]
    ids = release.ids
    for name, expected in FORMATS.items():
        found = {"plan.json": plan, "scheme.json": release.scheme, "dataset.json": dataset}[name].get("format")
        findings.compare("ids", name, "format", found, expected, "unknown format")
    for file, figure, found, expected in (
        ("plan.json", "scheme", plan["scheme"], ids["scheme"]),
        ("manifest.json", "run.scheme", run["scheme"], ids["scheme"]),
        ("plan.json", "questionnaire", plan["questionnaire"], ids["questionnaire"]),
        ("dataset.json", "questionnaire", dataset["questionnaire"], ids["questionnaire"]),
        ("manifest.json", "run.dataset", run["dataset"], ids["dataset"]),
        ("manifest.json", "wave", manifest["wave"], plan["wave"]),
        ("dataset.json", "wave", dataset["wave"], plan["wave"]),
        ("dataset.json", "population", dataset["population"], plan["population"]),
    ):
        findings.compare("ids", file, figure, found, expected, "does not name what is in the folder")
    if release.method != "none":
        names = [name for name, _ in release.dimensions]
        findings.compare(
            "ids", "dataset.json", "cell_columns", dataset["cell_columns"], names, "not the plan's dimensions"
        )


def check_head(findings: Findings, release: Release, manifest: Mapping[str, Any]) -> None:
    """The log head is signed by the key that signed the release."""
    head = release.log["head"]
    signed = {name: head[name] for name in ("log", "size", "root", "at")}
    findings.compare("head", "log.json", "head.key", head["key"], manifest["key"], "another key than the manifest's")
    findings.compare("head", "log.json", "head.log", head["log"], release.log["log"], "another log than the extract's")
    if not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}Z", head["at"]):
        findings.fail("head", "log.json", "expected a time like 2026-08-01T12:00Z", "head.at", head["at"])
    message = HEAD_PREFIX + canonical_json(signed)
    if not verify_signature(bytes.fromhex(head["key"]), message, bytes.fromhex(head["signature"])):
        findings.fail("head", "log.json", "is no signature of the head by the key it names", "head.signature")


def check_anchors(findings: Findings, release: Release) -> None:
    """Plan, margins and dataset are leaves under the signed head, the plan before the dataset."""
    log, head = release.log, release.log["head"]
    expected = expected_commitments(release)
    subjects = [anchor["subject"] for anchor in log["anchors"]]
    findings.compare("anchors", "log.json", "subjects", sorted(subjects), sorted(expected), "anchors missing or extra")
    for anchor in log["anchors"]:
        leaf, figure = anchor["leaf"], f"anchor {anchor['subject']}"
        proof, root = [bytes.fromhex(one) for one in anchor["proof"]], bytes.fromhex(head["root"])
        if not verify_inclusion(anchor["index"], head["size"], leaf_hash(canonical_json(leaf)), proof, root):
            findings.fail("anchors", "log.json", "the leaf is not in the log at this place under this head", figure)
        found = {name: leaf[name] for name in ("log", "wave", "type", "receipt", "commitment")}
        wanted = {"log": log["log"], "wave": release.plan["wave"], "type": "anchor", "receipt": None}
        wanted["commitment"] = expected[anchor["subject"]]
        for name, value in found.items():
            findings.compare("anchors", "log.json", f"{figure}, {name}", value, wanted[name], "not what was logged")
    index = {anchor["subject"]: anchor["index"] for anchor in log["anchors"]}
    if not index["plan"] < index["dataset"]:
        findings.fail("anchors", "log.json", "the plan was not logged before the dataset", "anchor plan")


def expected_commitments(release: Release) -> dict[str, str]:
    """Return what the log must hold for the plan, the dataset and, where there is weighting, the margins."""
    columns = (
        ("unit", "cell", "population") if release.method == "poststratify" else ("dimension", "category", "population")
    )
    rows = [[row[name] for name in columns] for row in release.tables["margins.csv"]]
    found = {"plan": release.ids["plan"], "dataset": release.ids["dataset"]}
    return found if release.method == "none" else {**found, "margins": content_id({"margins": rows})}


def check_ledger(findings: Findings, release: Release) -> None:
    """Every response received is accounted for once, and the log, the dataset and the tables say the same."""
    _compare_ledger(findings, "ledger.csv", "category", release, _dataset_ledger(release))
    _compare_ledger(findings, "exclusions.csv", "reason", release, release.dataset["ledger"]["excluded"])
    ledger, leaves = _dataset_ledger(release), release.log["leaves"]
    parts = sum(n for name, n in ledger.items() if name != "received")
    findings.compare("ledger", "ledger.csv", "received", ledger["received"], parts, "is not the sum of its parts")
    logged = leaves["response"] + leaves["imported"]
    findings.compare(
        "ledger", "log.json", "leaves", logged, ledger["received"], "responses logged are not those received"
    )
    findings.compare(
        "ledger", "dataset.json", "n_rows", release.dataset["n_rows"], ledger["counted"], "not the counted"
    )
    if logged + leaves["erased"] + len(release.log["anchors"]) > release.log["head"]["size"]:
        findings.fail("ledger", "log.json", "more leaves than the log has", "leaves")


def _dataset_ledger(release: Release) -> dict[str, int]:
    ledger = dict(release.dataset["ledger"])
    ledger["excluded"] = sum(ledger["excluded"].values())
    return {name: ledger[name] for name in LEDGER}


def _compare_ledger(findings: Findings, file: str, column: str, release: Release, expected: Mapping[str, int]) -> None:
    rows = [(row[column], row["n"]) for row in release.tables[file]]
    wanted = {name: str(n) for name, n in expected.items()}
    for name in sorted({name for name, _ in rows} | wanted.keys()):
        found = [n for other, n in rows if other == name]
        findings.compare(
            "ledger", file, name, ", ".join(found), wanted.get(name, ""), "differs from the dataset's ledger"
        )
