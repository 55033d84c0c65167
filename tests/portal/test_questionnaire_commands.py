"""`minyi questionnaire`: any file is checked, converted, stored and written again by command."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import select

from given_files import given, given_or_none
from portal.cli.context import Context
from portal.cli.main import minyi
from portal.db import Installation
from survey.canonical import canonical_json
from survey.errors import QuestionnaireError
from survey.questionnaire import questionnaire_id, read_questionnaire
from survey.storage.tables import questionnaire as table
from town import questionnaire

ROOT = Path(__file__).parents[2]
FOLDER = given_or_none("given-questionnaires")
REAL = sorted(path.name for path in FOLDER.iterdir() if path.name[0] == "G") if FOLDER else []
TEXT = "满意度调查\n1. 去过吗*[单选题]\n去过\n没去过（跳至第3题）\n2. 满意吗[单选题]\n满意\n不满意\n3. 建议[填空题]\n"
BROKEN = {
    "format": "minyi-questionnaire/1",
    "name": "broken",
    "title": {"en": "Broken"},
    "languages": ["en"],
    "sections": [
        {
            "questions": [
                {
                    "type": "single",
                    "variable": "used",
                    "text": {"en": "Did you use it?"},
                    "required": True,
                    "choices": [{"code": 1, "text": {"en": "Yes"}}, {"code": 2, "text": {"en": "No"}}],
                },
                {
                    "type": "text",
                    "variable": "why",
                    "text": {"en": "Why?"},
                    "show_if": "${used} = 1 and ${used} = 2",
                },
            ]
        }
    ],
}


def run(place: Installation | None, *words: str | Path) -> Result:
    context = Context()
    if place is not None:
        context.__dict__["place"] = place
    return CliRunner().invoke(minyi, ["questionnaire", *map(str, words)], obj=context, catch_exceptions=False)


def written(folder: Path, name: str, content: Any) -> Path:
    path = folder / name
    path.write_text(content if isinstance(content, str) else json.dumps(content), encoding="utf-8")
    return path


def stored(place: Installation) -> list[str]:
    with place.database.read() as connection:
        return list(connection.execute(select(table.c.body)).scalars())


# --- check -----------------------------------------------------------------------------------------------------------


def test_a_sound_questionnaire_of_any_format_passes(tmp_path: Path) -> None:
    """Exit code 0, and the questionnaire in one line."""
    for name, content in (("own.json", questionnaire()), ("text.txt", TEXT)):
        done = run(None, "check", written(tmp_path, name, content))
        assert done.exit_code == 0, done.output
        assert "0 faults" in done.output
        assert "minutes" in done.output


def test_a_fault_is_told_with_the_answers_that_show_it(tmp_path: Path) -> None:
    """A question that nobody can reach is a fault: exit code 1."""
    done = run(None, "check", written(tmp_path, "broken.json", BROKEN))
    assert done.exit_code == 1
    assert any(line.startswith("fault ") and " why" in line for line in done.output.splitlines()), done.output


def test_findings_are_there_for_programs_too(tmp_path: Path) -> None:
    """One JSON object, with the id that publication would give."""
    done = run(None, "check", written(tmp_path, "broken.json", BROKEN), "--json")
    found = json.loads(done.output)
    assert done.exit_code == 1
    assert found["faults"] >= 1
    assert found["id"] == questionnaire_id(BROKEN)
    assert {"rule", "severity", "place", "details", "walk"} <= set(found["findings"][0])


def test_a_file_that_is_not_read_is_refused(tmp_path: Path) -> None:
    """The reason is told, and `minyi` then ends with 1."""
    with pytest.raises(QuestionnaireError, match="PDF"):
        run(None, "check", written(tmp_path, "a.pdf", "%PDF-1.7"))
    done = command("check", tmp_path / "a.pdf")
    assert done.returncode == 1
    assert "PDF is not read" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("name", [name for name in REAL if not name.startswith(("G12", "G13"))])
def test_real_files_are_checked(name: str) -> None:
    """Whatever is wrong with them is told; what our readers make of ONS, xiaoju and plain text has no fault."""
    done = run(None, "check", given("given-questionnaires") / name, "--json")
    found = json.loads(done.output)
    assert done.exit_code == (1 if found["faults"] else 0)
    assert found["questions"] > 1
    if name.startswith(("G10", "G11", "G14", "G16", "G17")):
        assert found["faults"] == 0, found["findings"]


def test_checking_loads_no_statistics(tmp_path: Path) -> None:
    """It is run again and again while somebody writes a questionnaire."""
    script = (
        "import sys\n"
        "from portal.cli.main import minyi\n"
        f"minyi(['questionnaire', 'check', {str(written(tmp_path, 'q.txt', TEXT))!r}], standalone_mode=False)\n"
        "print(sorted({'pandas', 'numpy', 'pyarrow', 'statsmodels', 'scipy'} & set(sys.modules)))\n"
    )
    done = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.stdout.splitlines()[-1] == "[]", done.stdout + done.stderr


def command(*words: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "portal", "questionnaire", *map(str, words)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )


# --- import ----------------------------------------------------------------------------------------------------------


def test_our_own_json_is_published_and_twice_is_one(place: Installation, tmp_path: Path) -> None:
    """As it is, byte for byte."""
    path = written(tmp_path, "q.json", questionnaire())
    first, second = run(place, "import", path), run(place, "import", path, "--json")
    identity = questionnaire_id(questionnaire())
    assert first.output.strip() == f"published as {identity}"
    assert json.loads(second.output)["id"] == identity
    assert stored(place) == [canonical_json(questionnaire()).decode()]


def test_another_format_is_converted_and_accounted_for(place: Installation, tmp_path: Path) -> None:
    """Counts by kind, reasons, the share; the document goes to a file, and into the database only when asked."""
    path, output = written(tmp_path, "Town Survey.txt", TEXT + "4. 附件[上传题]\n"), tmp_path / "out.json"
    done = run(place, "import", path, "-o", output)
    assert done.exit_code == 0
    assert any(line.split() == ["choice", "4", "0", "0"] for line in done.output.splitlines()), done.output
    assert "left out: 上传题 (line 9, question 4): 上传题 is not read" in done.output
    assert done.output.splitlines()[-1] == "90% of 10 constructs mapped (plain text)"
    document = json.loads(output.read_bytes())
    assert output.read_bytes() == canonical_json(document)
    assert read_questionnaire(document).name == "town_survey"
    assert stored(place) == []


def test_a_converted_document_is_stored_when_asked(place: Installation, tmp_path: Path) -> None:
    """Under the name and in the language that were given."""
    path = written(tmp_path, "a.txt", "1. Did you?\nYes\nNo\n")
    done = run(place, "import", path, "--store", "--name", "mine", "--language", "en", "--json")
    found = json.loads(done.output)
    (body,) = stored(place)
    assert found["id"] == questionnaire_id(json.loads(body))
    assert (found["share"], found["warnings"]) == (1.0, [])
    assert (json.loads(body)["name"], json.loads(body)["languages"]) == ("mine", ["en"])


def test_a_questionnaire_with_faults_is_not_stored(place: Installation, tmp_path: Path) -> None:
    """The fault is named, and nothing is written."""
    with pytest.raises(QuestionnaireError, match="faults"):
        run(place, "import", written(tmp_path, "broken.json", BROKEN))
    assert stored(place) == []


# --- export ----------------------------------------------------------------------------------------------------------


def test_what_was_published_is_printed_as_it_was_frozen(place: Installation, tmp_path: Path) -> None:
    """By the beginning of its id."""
    run(place, "import", written(tmp_path, "q.json", questionnaire()))
    done = run(place, "export", questionnaire_id(questionnaire())[:12])
    assert done.output == canonical_json(questionnaire()).decode() + "\n"
    with pytest.raises(QuestionnaireError, match="0 questionnaires"):
        run(place, "export", "beef")


def test_a_file_is_written_in_every_format(tmp_path: Path) -> None:
    """Text formats are printed; a spreadsheet needs a file."""
    path = written(tmp_path, "a.txt", TEXT)
    assert json.loads(run(None, "export", path, "--to", "json").output)["format"] == "minyi-questionnaire/1"
    assert "<codeBook" in run(None, "export", path, "--to", "ddi").output
    assert "q1" in {
        one["name"] for one in json.loads(run(None, "export", path, "--to", "codebook").output)["variables"]
    }
    done = command("export", path, "--to", "xlsform")
    assert (done.returncode, "-o" in done.stderr) == (2, True)
    output = tmp_path / "out.xlsx"
    run(None, "export", path, "--to", "xlsform", "-o", output)
    assert output.read_bytes().startswith(b"PK")
    again = json.loads(run(None, "export", output, "--to", "json").output)
    assert [one["variable"] for one in again["sections"][0]["questions"]] == ["q1", "q2", "q3"]
