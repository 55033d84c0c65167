"""The verifier of a release folder: what is whole passes, and one changed value anywhere is found and named."""

from __future__ import annotations

import importlib
import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from portal.releases.verifier import checks
from portal.releases.verifier.main import main, verify_files
from survey.canonical import canonical_json, sha256_hex

sys.path.insert(0, str(Path(__file__).parent))
release_fixture: Any = importlib.import_module("release_fixture")
release_seal: Any = importlib.import_module("release_seal")
forgery: Any = importlib.import_module("forgery")

Files = dict[str, bytes]
KINDS = ("service", "residents", "plain")
OWNER = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
FORGER: Ed25519PrivateKey = forgery.FORGER


@pytest.fixture(scope="module")
def releases() -> dict[str, Files]:
    return {kind: release_fixture.make_release(kind, OWNER) for kind in KINDS}


@pytest.fixture
def fast_signatures(monkeypatch: pytest.MonkeyPatch) -> None:
    """Check signatures with the compiled library, which another test holds equal to the verifier's own."""
    monkeypatch.setattr(checks, "verify_signature", forgery.compiled_verify)


def forger_release(kind: str) -> Files:
    """Return a release that the forger made and signed, head and all, so that only a change inside can fail."""
    found: Files = release_fixture.make_release(kind, FORGER)
    return found


def put(folder: Path, files: Files) -> Path:
    for name, data in files.items():
        (folder / name).write_bytes(data)
    return folder


@pytest.mark.parametrize("kind", KINDS)
def test_a_whole_release_is_verified(kind: str, releases: dict[str, Files]) -> None:
    """Figures made row by row from respondents are the ones that the verifier makes from the tables."""
    files = releases[kind]
    findings = verify_files(files)
    rows = [line.rsplit(b",", 1)[1] for line in files["figures.csv"].splitlines()[1:]]
    assert findings.failures == []
    assert (findings.public, findings.sealed) == (rows.count(b"public"), rows.count(b"sealed"))
    assert findings.public > 50
    assert findings.signer == "unproven"


@pytest.mark.parametrize("shorten", [64, 32])
def test_the_key_from_outside_proves_the_signer(shorten: int, releases: dict[str, Files]) -> None:
    """The key, its fingerprint or the first half of the fingerprint prove the signer; another key does not."""
    files, key = releases["service"], release_fixture.public_hex(OWNER)
    assert verify_files(files, key).signer == "proven"
    assert verify_files(files, sha256_hex(bytes.fromhex(key))[:shorten]).signer == "proven"
    wrong = verify_files(files, sha256_hex(b"another")[:shorten])
    assert (wrong.signer, [failure.check for failure in wrong.failures]) == ("wrong", ["key"])


def test_a_release_by_another_signer_needs_the_key_to_be_seen(releases: dict[str, Files]) -> None:
    """A release forged as a whole is self-consistent; only the key tells, which is why the verdict says unproven."""
    files = forger_release("service")
    assert verify_files(files).is_verified
    assert verify_files(files, release_fixture.public_hex(OWNER)).signer == "wrong"


@pytest.mark.parametrize("kind", KINDS)
def test_any_changed_byte_without_a_new_signature_breaks_a_hash(
    kind: str, releases: dict[str, Files], fast_signatures: None
) -> None:
    """Each file is hashed in the manifest, and the manifest is signed."""
    files = releases[kind]
    for name, data in files.items():
        changed = verify_files({**files, name: data[:-2] + bytes([data[-2] ^ 1]) + data[-1:]})
        assert not changed.is_verified, name
        expected = "signature" if name.startswith("manifest.") else "files"
        assert {failure.check for failure in changed.failures} & {expected, "manifest"}, name


def test_missing_and_extra_files_are_named(releases: dict[str, Files]) -> None:
    """A file that is gone and a file that is new are both failures with the file's name."""
    files = dict(releases["service"])
    del files["given.csv"]
    files["notes.txt"] = b"x"
    named = {failure.file for failure in verify_files(files).failures if failure.check == "files"}
    assert named == {"given.csv", "notes.txt"}
    unsigned = {name: data for name, data in releases["service"].items() if name != "manifest.sig"}
    assert [failure.check for failure in verify_files(unsigned).failures] == ["signature"]


@pytest.mark.parametrize("kind", KINDS)
def test_one_changed_value_fails_by_recomputation(kind: str, fast_signatures: None) -> None:
    """Every cell, scalar and line of prose is held by the others, even when hashes and signature are renewed."""
    files, escapes, count = forger_release(kind), [], 0
    assert verify_files(files).is_verified
    for name, what, data in forgery.mutations(files):
        count += 1
        if data == files[name] or forgery.escaped(verify_files(forgery.forged(files, name, data)), name):
            escapes.append(what)
    assert escapes == []
    assert count > 800


def test_a_changed_figure_is_named_with_both_values(releases: dict[str, Files]) -> None:
    """The message has the file, the row, the figure, what was released and what follows from the tables."""
    files = forger_release("service")
    text = files["figures.csv"].decode()
    row = next(n for n, line in enumerate(text.split("\n"), 1) if line.startswith("alpha-2,,score,"))
    value = text.split("\n")[row - 1].split(",")[3]
    changed = text.replace(f"alpha-2,,score,{value},", "alpha-2,,score,99.99,").encode()
    findings = verify_files(forgery.forged(files, "figures.csv", changed))
    failure = next(one for one in findings.failures if one.check == "figures")
    assert (failure.file, failure.released, failure.recomputed) == ("figures.csv", "99.99", value)
    assert f"figures.csv, row {row} (alpha-2 / - / score)" in failure.message
    assert f"released 99.99, recomputed {value}" in failure.message


def test_a_changed_number_in_the_prose_is_named(releases: dict[str, Files]) -> None:
    """A number changed in the methodology fails by file and line."""
    files = forger_release("residents")
    changed = files["methodology.en.md"].replace(b"counted | 96", b"counted | 97")
    findings = verify_files(forgery.forged(files, "methodology.en.md", changed))
    failure = next(one for one in findings.failures if one.check == "methodology")
    assert (failure.file, failure.released, failure.recomputed) == (
        "methodology.en.md",
        "| counted | 97 |",
        "| counted | 96 |",
    )


def run_built(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-I", str(folder / "verify.py"), *arguments]
    return subprocess.run(command, capture_output=True, text=True, encoding="utf-8", cwd="/")


@pytest.mark.parametrize("kind", KINDS)
def test_the_built_verifier_runs_alone(kind: str, releases: dict[str, Files], tmp_path: Path) -> None:
    """The folder's own verify.py gives the same verdict in a bare interpreter, for people and for machines."""
    folder, key = put(tmp_path, releases[kind]), release_fixture.public_hex(OWNER)
    plain = run_built(folder)
    assert (plain.returncode, plain.stderr) == (0, "")
    assert "signer unproven" in plain.stdout
    spaced = ":".join(re.findall("..", key)).upper()
    known = run_built(folder, str(folder), "--key", spaced, "--json")
    expected = verify_files(releases[kind], key).as_json()
    assert (known.returncode, json.loads(known.stdout)) == (0, expected)
    assert sorted(path.name for path in folder.iterdir()) == sorted(releases[kind])
    (folder / "counts.csv").write_bytes(releases[kind]["counts.csv"].replace(b",1,", b",2,", 1))
    broken = run_built(folder)
    assert broken.returncode == 1
    assert "FAILED counts" in broken.stdout or "FAILED tables" in broken.stdout
    assert "NOT verified" in broken.stdout


@pytest.mark.parametrize("arguments", [["--key", "12"], ["--nonsense"], ["/no/such/folder"]])
def test_a_wrong_command_ends_with_2(arguments: list[str], releases: dict[str, Files], tmp_path: Path) -> None:
    """A mistyped key, option or folder is a usage error and no verdict."""
    assert run_built(put(tmp_path, releases["residents"]), *arguments).returncode == 2


def test_nonsense_is_a_verdict_and_never_a_crash(
    releases: dict[str, Files], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Whatever one file is replaced by, the verifier says what fails and ends with 1."""
    for name in releases["service"]:
        for data in (b"", b"\xff", b"[]", b"{}", b'{"files":[],"run":null}', b"unit\n", b"[" * 5000):
            assert not verify_files(forgery.forged(releases["service"], name, data)).is_verified
            if name != "manifest.json":
                assert not verify_files({**releases["service"], name: data}).is_verified
    assert main([str(tmp_path)]) == 1
    assert "FAILED manifest" in capsys.readouterr().out


def test_links_are_not_followed(releases: dict[str, Files], tmp_path: Path) -> None:
    """A link in the folder is not read through: it fails its hash."""
    folder = tmp_path / "release"
    folder.mkdir()
    put(folder, releases["residents"])
    (folder / "given.csv").rename(tmp_path / "given.csv")
    (folder / "given.csv").symlink_to(tmp_path / "given.csv")
    assert run_built(folder).returncode == 1


def test_anchors_of_another_wave_do_not_count(fast_signatures: None) -> None:
    """Whoever watches the log looks for a wave by its name: a plan logged under another one was hidden from them."""
    log = release_seal.log_of(release_fixture.service_wave(), FORGER, logged_as="decoy")
    findings = verify_files(forgery.forged(forger_release("service"), "log.json", canonical_json(log)))
    assert {failure.check for failure in findings.failures} == {"anchors"}


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("release", ["2026-summer"]),
        ("version", "1"),
        ("version", 0),
        ("version", True),
        ("published_on", 20260915),
        ("previous", "v1"),
        ("reason", {"en": "first"}),
        ("run", {"dataset": "x"}),
    ],
)
def test_a_manifest_has_one_form(name: str, value: Any, fast_signatures: None) -> None:
    """Programs read it: a value of another kind is a failure, whoever signed it."""
    files = forger_release("plain")
    odd = release_seal.sign_again(files, {**forgery.manifest_of(files), name: value}, FORGER)
    assert {failure.check for failure in verify_files(odd).failures} == {"manifest"}
