"""What is public, what is not, and how it travels."""

from __future__ import annotations

import gzip
import io
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from conftest_results import Files, Shelf

from portal.db import Installation
from portal.results.gate import published
from survey.canonical import sha256_hex


def test_a_folder_without_a_published_row_is_not_there(shelf: Shelf, service: Files) -> None:
    """Proposed and refused releases answer 404 on every page, twin and file, though their folders exist."""
    shelf.put(service, "proposed", state="proposed")
    shelf.put(service, "refused", state="refused")
    (shelf.settings.releases_dir / "stray" / "v1").mkdir(parents=True)
    for name in ("proposed", "refused", "stray"):
        for rest in ("", ".json", ".csv", "/alpha", "/alpha.json", "/method", "/data", "/data.json", "/data/plan.json"):
            assert shelf.client.get(f"/results/{name}{rest}").status_code == 404, name + rest
    assert shelf.client.get("/results.json").get_json()["releases"] == []


def test_a_proposed_correction_does_not_show(shelf: Shelf, service: Files) -> None:
    """Until it is published, version 2 changes nothing."""
    shelf.put(service, "service", 1)
    shelf.put(service, "service", 2, state="proposed", reason="secret")
    assert shelf.client.get("/results/service.json").get_json()["version"] == 1
    assert "secret" not in shelf.client.get("/results/service").text
    assert shelf.client.get("/results/service?v=2").status_code == 404


@pytest.mark.parametrize("version", ["0", "3", "x", "-1", "01", ""])
def test_versions_that_are_not_public_are_not_there(shelf: Shelf, service: Files, version: str) -> None:
    """?v= takes exactly the number of a published version."""
    shelf.put(service, "service", 1)
    assert shelf.client.get(f"/results/service?v={version}").status_code == 404


def test_the_gate_gives_the_latest_version_unless_asked(shelf: Shelf, service: Files) -> None:
    """One entry for each release, newest first; every version only on request."""
    shelf.put(service, "a", 1, day=1)
    shelf.put(service, "a", 2, day=9, reason="r")
    shelf.put(service, "b", 1, day=5)
    database = Installation(shelf.settings).database
    with database.read() as connection:
        latest = [(one.name, one.version) for one in published(connection)]
        every = [(one.name, one.version) for one in published(connection, every_version=True)]
    database.dispose()
    assert latest == [("a", 2), ("b", 1)]
    assert every == [("a", 2), ("b", 1), ("a", 1)]


def test_units_that_are_not_in_the_release_are_not_there(shelf: Shelf, service: Files) -> None:
    """An unknown unit is 404, in every form."""
    shelf.put(service, "service")
    assert shelf.client.get("/results/service/nobody").status_code == 404
    assert shelf.client.get("/results/service/nobody.json").status_code == 404


def test_units_of_the_plan_without_any_figure_have_no_page(
    shelf: Shelf, service: Files, changed: Callable[..., Files]
) -> None:
    """A unit about which nothing was published, and that has none below it, is 404."""
    ghost = (
        b'"units":[{"id":"ghost","kind":"office","parent":null,"peer_group":null,"scored":false,"title":{"en":"G"}},'
    )
    shelf.put(changed(service, "plan.json", lambda data: data.replace(b'"units":[', ghost)), "service")
    assert shelf.client.get("/results/service/alpha").status_code == 200
    assert shelf.client.get("/results/service/ghost").status_code == 404


@pytest.mark.parametrize(
    "path",
    [
        "../v2/plan.json",
        "..%2f..%2fminyi.db",
        "%2e%2e/%2e%2e/%2e%2e/keys/signing",
        "/etc/passwd",
        "./plan.json",
        "PLAN.json",
        "plan.json/",
        "hidden.txt",
        "outside.json",
        "",
    ],
)
def test_only_files_of_the_manifest_are_given_out(shelf: Shelf, service: Files, path: str) -> None:
    """No way out of the folder, and nothing in it that was not signed for, not even by a link."""
    folder = shelf.put(service, "service")
    (folder / "hidden.txt").write_text("hidden")
    (folder / "outside.json").symlink_to(shelf.settings.data_dir / "minyi.db")
    answer = shelf.client.get(f"/results/service/data/{path}")
    assert answer.status_code in (404, 308)
    assert b"SQLite" not in answer.data


def test_a_link_out_of_the_folder_is_not_followed(shelf: Shelf, service: Files) -> None:
    """Even under a name of the manifest, a file that lies elsewhere is not given out."""
    folder = shelf.put(service, "service")
    (folder / "questionnaire.json").unlink()
    (folder / "questionnaire.json").symlink_to(shelf.settings.data_dir / "minyi.db")
    assert shelf.client.get("/results/service/data/questionnaire.json").status_code == 404


def test_every_file_comes_as_it_was_signed(shelf: Shelf, service: Files) -> None:
    """Each download has the bytes and the name of the folder's file, and is never run by a browser."""
    shelf.put(service, "service")
    for name, data in service.items():
        answer = shelf.client.get(f"/results/service/data/{name}")
        assert answer.data == data
        assert answer.headers["Content-Disposition"] == f"attachment; filename={name}"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        answer.close()
    listed = shelf.client.get("/results/service/data.json").get_json()["files"]
    assert {row["path"]: row["sha256"] for row in listed} == {
        name: sha256_hex(data) for name, data in service.items() if not name.startswith("manifest.")
    }


def test_the_archive_is_a_folder_that_verifies(shelf: Shelf, service: Files, tmp_path: Path) -> None:
    """Unpacked anywhere, it holds every file of the release and its own verifier finds nothing wrong."""
    shelf.put(service, "service")
    answer = shelf.client.get("/results/service/data.zip")
    with zipfile.ZipFile(io.BytesIO(answer.data)) as archive:
        assert {name: archive.read(f"service-v1/{name}") for name in service} == service
        assert len(archive.namelist()) == len(service)
        archive.extractall(tmp_path)
    command = [sys.executable, "-I", tmp_path / "service-v1" / "verify.py"]
    assert subprocess.run(command, capture_output=True, check=False).returncode == 0
    page = shelf.client.get("/results/service/data").text
    assert "/results/service/data.zip" in page
    assert "python3 service-v1/verify.py --key" in page


@pytest.mark.parametrize("name", ["manifest.json", "figures.csv", "plan.json", "classes.csv"])
def test_a_damaged_release_is_not_shown(shelf: Shelf, service: Files, name: str) -> None:
    """One changed byte in a file that pages read, and nothing of the release is shown until it is restored."""
    folder = shelf.put({**service, name: service[name].replace(b"1", b"2", 1)}, "service")
    if name == "manifest.json":
        (folder / name).write_bytes(service[name] + b" ")
    assert shelf.client.get("/results/service").status_code == 503


def test_an_unchanged_page_is_not_sent_again(shelf: Shelf, service: Files, changed: Callable[..., Files]) -> None:
    """The same tag gives 304; another language, form or version has another tag."""
    shelf.put(service, "service")
    first = shelf.client.get("/results/service?lang=en")
    tag = first.headers["ETag"]
    again = shelf.client.get("/results/service?lang=en", headers={"If-None-Match": tag})
    assert (again.status_code, again.data, again.headers["ETag"]) == (304, b"", tag)
    assert "max-age=300" in again.headers["Cache-Control"]
    assert "public" in first.headers["Cache-Control"]
    assert {"Accept-Encoding", "Accept-Language"} <= set(first.headers["Vary"].replace(" ", "").split(","))
    assert "Set-Cookie" not in first.headers
    for other in ("/results/service?lang=zh-Hans", "/results/service.json?lang=en"):
        assert shelf.client.get(other, headers={"If-None-Match": tag}).status_code == 200
    by_header = shelf.client.get("/results/service", headers={"Accept-Language": "en"}).headers["ETag"]
    chinese = {"If-None-Match": by_header, "Accept-Language": "zh-CN"}
    assert shelf.client.get("/results/service", headers=chinese).status_code == 200
    corrected = changed(service, "methodology.en.md", lambda data: data + b"\nMore.\n")
    shelf.put(corrected, "service", 2, reason="More was said.")
    assert shelf.client.get("/results/service?lang=en", headers={"If-None-Match": tag}).status_code == 200


def test_pages_are_compressed_only_when_asked(shelf: Shelf, service: Files) -> None:
    """With and without compression the page is the same."""
    shelf.put(service, "service")
    plain = shelf.client.get("/results/service")
    packed = shelf.client.get("/results/service", headers={"Accept-Encoding": "gzip"})
    refused = shelf.client.get("/results/service", headers={"Accept-Encoding": "gzip;q=0"})
    assert "Content-Encoding" not in plain.headers
    assert "Content-Encoding" not in refused.headers
    assert gzip.decompress(packed.data) == plain.data == refused.data
