"""Real LimeSurvey files: what is mapped of each, and what a few of their questions become."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import pytest

from given_files import given
from limesurvey_files import fates
from survey.formats.limesurvey import read_limesurvey
from survey.formats.limesurvey.types import NAMES
from survey.formats.report import Fate, Report
from survey.questionnaire import read_questionnaire


def imported(prefix: str) -> Report:
    (path,) = Path(given("given-questionnaires")).glob(f"{prefix}_*")
    return read_limesurvey(path.read_bytes(), name="imported")


@pytest.mark.parametrize(
    ("prefix", "n_questions", "least"),
    [("G01", 114, 0.92), ("G02", 30, 0.88), ("G03", 57, 0.94), ("G04", 2, 0.71), ("G05", 4, 0.88)],
)
def test_real_files_are_read_whole(prefix: str, n_questions: int, least: float) -> None:
    """Valid documents, every question told of, and no less mapped than when this was written."""
    report = imported(prefix)
    read_questionnaire(report.document)
    kinds = Counter(one.kind for one in report.constructs)
    assert sum(kinds[name] for name in set(NAMES.values())) == n_questions
    assert report.mapped_share >= least
    assert all(one.reason for one in report.constructs if one.fate is not Fate.MAPPED)
    assert "<" not in json.dumps([one["title"] for one in report.document["sections"] if "title" in one])


def test_every_subquestion_and_answer_of_the_largest_file_is_told() -> None:
    """321 subquestions (rows and columns) and 98 answers, and those of the other choices."""
    report = imported("G01")
    kinds = Counter(one.kind for one in report.constructs)
    assert kinds["subquestion"] + kinds["column"] == 321
    assert kinds["answer"] == 98 + sum(one.place.endswith("answer other") for one in report.constructs)


def test_routing_of_a_household_survey() -> None:
    """Groups for up to four people, each asked where there are as many."""
    document = read_questionnaire(imported("G02").document)
    assert [section.show_if for section in document.sections[:4]] == [
        None,
        "${cohabs} > 0",
        "${cohabs} > 1 and answered(${p1rel})",
        "${cohabs} > 2 and answered(${p2rel})",
    ]
    assert document.listed["p1age"].text == {"en": "How old is ${p1name}?"}


def test_five_languages_are_kept_and_gaps_are_counted() -> None:
    """The base language first; what lacks in one is counted."""
    report = imported("G03")
    assert report.document["languages"] == ["en", "fr", "de-informal", "it", "ru"]
    lacking = [warning for warning in report.warnings if "have no words in" in warning]
    assert len(lacking) == 5
    assert "opensurvey" not in json.dumps(report.document).casefold()


def test_a_group_that_reads_what_it_does_not_hold_is_always_asked() -> None:
    """Its condition is about a question of another group; Croatian is declared, but empty."""
    report = imported("G04")
    told = fates(report)
    assert (told["group 1"], told["group 1, relevance"], told["language hr"]) == ("mapped", "approximated", "left_out")


def test_answers_of_an_archive_stay_unread() -> None:
    """The archive holds responses: a warning says so; its quota belongs to a wave."""
    report = imported("G05")
    assert any("were not read" in warning for warning in report.warnings)
    assert fates(report)["quota dark colors"] == "left_out"
