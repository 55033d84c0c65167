"""Check a release folder: python verify.py [FOLDER] [--key HEX|FINGERPRINT] [--json]."""

from __future__ import annotations

import argparse
import json
import re
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from portal.releases.verifier.checks import (
    PROSE,
    check_anchors,
    check_files,
    check_head,
    check_ids,
    check_key,
    check_ledger,
    check_signature,
    read_manifest,
)
from portal.releases.verifier.consistency import (
    check_classes,
    check_counts,
    check_inputs,
    check_margins,
    check_products,
    check_totals,
    check_weights,
)
from portal.releases.verifier.facts import release_facts
from portal.releases.verifier.figures import Pool, expected_given, pool_units, public_figures, read_given
from portal.releases.verifier.findings import Findings, row_place
from portal.releases.verifier.methodology import methodology
from portal.releases.verifier.scheme import Recipe, read_scheme
from portal.releases.verifier.sums import read_sums
from portal.releases.verifier.tables import LANGUAGES, Release, read_release

SHOWN_FAILURES = 200


def read_folder(folder: Path) -> dict[str, bytes]:
    """Return the bytes of every regular file below ``folder`` by relative path; links are not followed."""
    files = {}
    for path in sorted(folder.rglob("*")):
        if path.is_symlink() or not path.is_dir():
            is_plain = path.is_file() and not path.is_symlink()
            files[path.relative_to(folder).as_posix()] = path.read_bytes() if is_plain else b""
    return files


def verify_files(files: Mapping[str, bytes], key: str | None = None) -> Findings:
    """Return what the verifier finds in these files; ``key`` is a normalised key, fingerprint or start of one."""
    findings = Findings()
    manifest = read_manifest(findings, files)
    if manifest is not None:
        findings.run("files", "manifest.json", lambda: check_files(findings, files, manifest))
        is_signed = check_signature(findings, files, manifest)
        check_key(findings, manifest, key, is_signed)
    read: list[Release] = []
    if not findings.run("tables", "", lambda: read.append(read_release(files))):
        return findings
    release = read[0]
    if manifest is not None:
        findings.run("ids", "", lambda: check_ids(findings, release, manifest))
        findings.run("head", "log.json", lambda: check_head(findings, release, manifest))
    findings.run("anchors", "log.json", lambda: check_anchors(findings, release))
    findings.run("ledger", "ledger.csv", lambda: check_ledger(findings, release))
    findings.run("margins", "margins.csv", lambda: check_margins(findings, release))
    findings.run("weights", "classes.csv", lambda: check_weights(findings, release))
    findings.run("tables", "", lambda: _check_sums(findings, release))
    findings.run("methodology", "", lambda: check_methodology(findings, release, files))
    return findings


def _check_sums(findings: Findings, release: Release) -> None:
    recipe, leaves = read_scheme(release.scheme), read_sums(release)
    findings.run("classes", "classes.csv", lambda: check_classes(findings, release, leaves))
    findings.run("totals", "classes.csv", lambda: check_totals(findings, release, leaves))
    findings.run("counts", "counts.csv", lambda: check_counts(findings, release, leaves, recipe))
    pool = pool_units(release, leaves, recipe)
    findings.run("products", "products.csv", lambda: check_products(findings, leaves, pool, recipe))
    findings.run("given", "", lambda: check_inputs(findings, release, pool, recipe))
    findings.run("figures", "figures.csv", lambda: check_figures(findings, release, pool, recipe))


def check_figures(findings: Findings, release: Release, pool: Pool, recipe: Recipe) -> None:
    """Every figure that must be there is there once, with the recomputed value, and no other is."""
    expected = {key: (value, "public") for key, value in public_figures(release, pool, recipe).items()}
    given = read_given(release)
    sealed = {(unit, "", name): (given[unit, name], "sealed") for unit, name in expected_given(release, pool)}
    expected.update(sealed)
    seen = set()
    for index, row in enumerate(release.tables["figures.csv"]):
        key = row["unit"], row["subject"], row["statistic"]
        figure = row_place(index, *key)
        if key not in expected or key in seen:
            findings.fail("figures", "figures.csv", "repeated, or no figure of this release", figure, row["value"])
            continue
        seen.add(key)
        value, status = expected[key]
        source = "given.csv" if status == "sealed" else "the released tables"
        findings.compare("figures", "figures.csv", figure, row["value"], value, f"differs from {source}")
        findings.compare("figures", "figures.csv", f"{figure}, status", row["status"], status, "wrong status")
    for key in sorted(expected.keys() - seen):
        findings.fail("figures", "figures.csv", "figure is missing", " / ".join(key), "", expected[key][0])
    findings.public, findings.sealed = len(expected) - len(sealed), len(sealed)


def check_methodology(findings: Findings, release: Release, files: Mapping[str, bytes]) -> None:
    """The statement in each language is, byte for byte, the one that the released inputs give."""
    facts = release_facts(release)
    for file, language in [(PROSE[place], language) for place, language in enumerate(LANGUAGES)]:
        expected = methodology(facts, language).encode("utf-8")
        if files[file] == expected:
            continue
        released, recomputed = files[file].split(b"\n"), expected.split(b"\n")
        for number in range(max(len(released), len(recomputed))):
            pair = [
                lines[number].decode("utf-8", "replace") if number < len(lines) else "(no line)"
                for lines in (released, recomputed)
            ]
            if pair[0] != pair[1]:
                findings.fail("methodology", file, "differs from the released inputs", f"line {number + 1}", *pair)


def normalised_key(text: str) -> str:
    """Return a key or fingerprint without spaces, colons and capitals; raise ValueError unless 32 to 64 digits."""
    plain = re.sub(r"[\s:-]", "", text).lower()
    if not re.fullmatch("[0-9a-f]{32,64}", plain):
        raise ValueError("expected a key or fingerprint of 32 to 64 hexadecimal digits")
    return plain


def report(findings: Findings) -> str:
    """Return the verdict for people: the failures, the two counts, and who signed."""
    lines = [f"FAILED {failure.check}: {printable(failure.message)}" for failure in findings.failures[:SHOWN_FAILURES]]
    if len(findings.failures) > SHOWN_FAILURES:
        lines.append(f"... and {len(findings.failures) - SHOWN_FAILURES} more failures")
    lines.append(f"{findings.public} public figures recomputed, {findings.sealed} sealed figures (auditor only)")
    signer = {
        "proven": "signed by the given key",
        "unproven": "self-consistent, signer unproven; compare the key with a copy from outside: --key",
        "wrong": "not signed by the given key",
    }[findings.signer]
    lines.append(f"verified: {signer}" if findings.is_verified else f"NOT verified: {len(findings.failures)} failures")
    return "\n".join(lines)


def printable(text: str) -> str:
    """Return text that cannot move a terminal's cursor or colours."""
    return "".join(sign if sign.isprintable() else ascii(sign)[1:-1] for sign in text)


def main(arguments: Sequence[str] | None = None) -> int:
    """Verify the folder named on the command line; return 0 verified, 1 failed, 2 usage."""
    parser = argparse.ArgumentParser(prog="verify.py", description="Check a release folder without any network.")
    parser.add_argument("folder", nargs="?", type=Path, default=Path(__file__).resolve().parent)
    parser.add_argument("--key", type=normalised_key, help="signing key or its SHA-256 fingerprint (32 digits or more)")
    parser.add_argument("--json", action="store_true", help="print the verdict as JSON")
    options = parser.parse_args(arguments)
    if not options.folder.is_dir():
        parser.error(f"no folder {str(options.folder)!r}")
    findings = verify_files(read_folder(options.folder), options.key)
    text = json.dumps(findings.as_json(), indent=2) if options.json else report(findings)
    encoding = sys.stdout.encoding or "utf-8"
    sys.stdout.write(text.encode(encoding, "backslashreplace").decode(encoding) + "\n")
    return 0 if findings.is_verified else 1
