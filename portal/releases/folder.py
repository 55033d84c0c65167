"""The release folder: every released input, the figures, the log's proofs, the method in words, and the verifier."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, func, select

from portal.db import Installation
from survey.canonical import canonical_json, sha256_hex
from survey.errors import SurveyError
from survey.keys import RELEASE_DOMAIN
from survey.storage.paths import dataset_folder
from survey.storage.tables import log_leaf, questionnaire, wave

from .runs import Run, load_run
from .tables import release as release_table
from .verifier.build import build
from .verifier.facts import release_facts
from .verifier.main import read_folder, verify_files
from .verifier.methodology import methodology
from .verifier.tables import COLUMNS, LANGUAGES, read_release

if TYPE_CHECKING:
    from .publish import Release


class ReleaseBrokenError(SurveyError):
    """A release that its own verifier does not accept; it is not published."""


def release_folder(place: Installation, name: str, version: int) -> Path:
    return place.settings.releases_dir / name / f"v{version}"


def write_folder(place: Installation, connection: Connection, found: Release, folder: Path) -> str:
    """Write and sign everything; returns the manifest's id."""
    run = load_run(connection, found.run_id)
    files = _documents(place, connection, run)
    files |= {name: (place.runs_dir(run.id) / name).read_bytes() for name in (*COLUMNS, "margins.csv")}
    facts = release_facts(read_release(files))
    files |= {f"methodology.{tag}.md": methodology(facts, tag).encode() for tag in LANGUAGES}
    files["verify.py"] = build().encode()
    manifest = _manifest(place, connection, found, run, files)
    files["manifest.json"] = canonical_json(manifest)
    files["manifest.sig"] = place.signer.sign(RELEASE_DOMAIN, manifest).encode()
    folder.mkdir(parents=True)
    for name, content in files.items():
        (folder / name).write_bytes(content)
    return sha256_hex(files["manifest.json"])


def check_folder(place: Installation, folder: Path) -> None:
    """Run the verifier over a folder before anybody else can; raises ReleaseBrokenError with its first findings."""
    findings = verify_files(read_folder(folder), place.signer.public_hex)
    if not findings.is_verified:
        messages = "; ".join(failure.message for failure in findings.failures[:3])
        raise ReleaseBrokenError("The release does not verify and was not published.", got=messages)


def _documents(place: Installation, connection: Connection, run: Run) -> dict[str, bytes]:
    row = connection.execute(
        select(wave, questionnaire.c.body)
        .join(questionnaire, questionnaire.c.id == wave.c.questionnaire_id)
        .where(wave.c.id == run.wave_id)
    ).one()
    dataset = dataset_folder(place.settings.datasets_dir, row.id, row.dataset_id) / "dataset.json"
    return {
        "plan.json": row.plan.encode(),
        "scheme.json": row.scheme.encode(),
        "questionnaire.json": row.body.encode(),
        "dataset.json": dataset.read_bytes(),
        "log.json": canonical_json(_log_document(place, connection, row)),
    }


def _log_document(place: Installation, connection: Connection, row: Any) -> dict[str, Any]:
    head = place.log.head(connection)
    if head is None:
        raise ReleaseBrokenError("The log has no head yet.", hint="write the log's first batch")
    subjects = {"plan": row.plan_index, "margins": row.margins_index, "dataset": row.dataset_index}
    anchors = [
        {
            "subject": subject,
            "index": index,
            "leaf": place.log.leaf(connection, index).document,
            "proof": place.log.proof(connection, index, head.size),
        }
        for subject, index in subjects.items()
        if index is not None
    ]
    query = select(log_leaf.c.type, func.count()).where(log_leaf.c.wave_id == row.id).group_by(log_leaf.c.type)
    counted = {str(kind): int(n) for kind, n in connection.execute(query)}
    leaves = {kind: counted.get(kind, 0) for kind in ("response", "imported", "erased")}
    return {"log": head.log, "head": head.document(), "anchors": anchors, "leaves": leaves}


def _manifest(
    place: Installation, connection: Connection, found: Release, run: Run, files: dict[str, bytes]
) -> dict[str, Any]:
    previous = connection.execute(
        select(release_table.c.manifest_id)
        .where(release_table.c.name == found.name, release_table.c.state == "published")
        .order_by(release_table.c.version.desc())
        .limit(1)
    ).scalar()
    return {
        "format": "minyi-release/1",
        "release": found.name,
        "version": found.version,
        "wave": run.wave_id,
        "run": {
            "dataset": run.dataset_id,
            "code_version": run.code_version,
            "scheme": run.scheme_id,
            "seed": run.seed,
        },
        "files": {name: sha256_hex(content) for name, content in files.items()},
        "published_on": place.today().isoformat(),
        "key": place.signer.public_hex,
        "previous": previous,
        "reason": found.reason,
    }
