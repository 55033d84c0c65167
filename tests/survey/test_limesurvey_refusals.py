"""LimeSurvey files that are refused: attacks, broken files, and files of something else."""

from __future__ import annotations

import pytest

from limesurvey_files import archive, question, read, survey, xml
from survey.errors import QuestionnaireError
from survey.formats.limesurvey import read_limesurvey
from survey.questionnaire import read_questionnaire

GOOD = survey([question("S", "S")])
BOMB = b'<!DOCTYPE d [<!ENTITY a "aaaaaaaaaa">%s]><document>&%s;</document>'
LAUGHS = BOMB % (b"".join(b'<!ENTITY %c "%s">' % (98 + n, b"&%c;" % (97 + n) * 10) for n in range(9)), b"j")
OUTSIDE = b'<!DOCTYPE d [<!ENTITY x SYSTEM "file:///etc/passwd">]><document>&x;</document>'


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "empty"),
        (b"  \n", "empty"),
        (LAUGHS, "entities"),
        (OUTSIDE, "entities"),
        (b'<!DOCTYPE document SYSTEM "http://example.org/x.dtd"><document/>', "document type"),
        (GOOD[: len(GOOD) // 2], "broken"),
        (GOOD.replace(b"utf-8", b"no-such-8"), "broken"),
        (b"\x00\x01\x02", "broken"),
        (b"<html><body/></html>", "not a LimeSurvey survey"),
        (b"<document><LimeSurveyDocType>Label set</LimeSurveyDocType></document>", "not a LimeSurvey survey"),
        (xml("Responses", ["en"], {}), "not a LimeSurvey survey"),
        (survey(), "no question"),
        (survey([question("F", "|")]), "no question"),
        (b"PK\x03\x04 and no archive", "archive is broken"),
        (archive({"responses.lsr": b"<document/>"}), "archive holds no survey"),
        (archive({}), "archive holds no survey"),
        (archive({"a.lss": b"<document/>", "b.lsr": b"0" * 50_000_000}), "beyond all measure"),
        (archive({"a.lss": LAUGHS}), "entities"),
        (archive({"a.lss": GOOD})[:-30], "archive is broken"),
        (archive({"a.lss": GOOD})[:35] + b"\x00" + archive({"a.lss": GOOD})[36:], "archive is broken"),
        (survey([question("S", "S")] * 4001), "more questions than one questionnaire"),
        (survey([question("S", "*", parts=[("SQ1", "Row")] * 20_001)]), "more questions"),
        (survey(*([question("S", "K", parts=[("SQ1", "Row")] * 500)] for _ in range(9))), "more questions"),
    ],
)
def test_refused(data: bytes, says: str) -> None:
    """Each with a sentence that says what it is."""
    with pytest.raises(QuestionnaireError, match=says):
        read_limesurvey(data, name="imported")


def test_what_the_file_is_instead_is_named() -> None:
    """So that its owner knows which button was pressed."""
    with pytest.raises(QuestionnaireError) as caught:
        read_limesurvey(xml("Responses", ["en"], {}), name="imported")
    assert "Responses" in caught.value.got


def test_an_archive_is_its_survey_alone() -> None:
    """Answers that people gave are never opened, not even broken ones, and a warning says that they are there."""
    secret = b"<document><responses>Erika Mustermann"
    report = read_limesurvey(archive({"survey_1.LSS": GOOD, "survey_1_responses.lsr": secret}), name="imported")
    assert read_questionnaire(report.document).questions[0].variable == "s"
    assert any("were not read" in warning for warning in report.warnings)
    assert "Erika" not in str(report)


def test_the_first_of_several_surveys_is_read() -> None:
    """And a warning counts them."""
    report = read_limesurvey(archive({"a.lss": GOOD, "b.lss": GOOD}), name="imported")
    assert "the archive holds 2 surveys: the first one was read" in report.warnings


def test_codes_that_pages_or_datasets_use_get_other_names() -> None:
    """token, unit and order are taken; reasons and missing codes have columns of their own; names are cut at 40."""
    codes = [
        "token",
        "unit",
        "order",
        "why",
        "why_reasons",
        "why_missing",
        "a" * 40,
        "a" * 39 + "b",
        "1st",
        "Ä",
        "A",
        "a",
    ]
    made, _ = read([question(code, "S") for code in codes])
    names = [one.variable for one in made.questions]
    assert len(set(names)) == len(codes)
    assert names[:6] == ["token_2", "unit_2", "order_2", "why", "why_reasons_q", "why_missing_q"]


def test_questions_with_the_same_code_are_both_there() -> None:
    """Broken files have such; conditions read the first."""
    made, _ = read([question("Q", "Y"), question("Q", "S"), question("R", "S", relevance='Q == "Y"')])
    assert [one.variable for one in made.questions] == ["q", "q_2", "r"]
    assert made.questions[2].show_if == "${q} = 1"


@pytest.mark.parametrize(
    ("kind", "lists"),
    [
        ("L", {}),
        ("L", {"answers": [("A1", "Only")]}),
        ("L", {"answers": [(f"A{n}", "One of many") for n in range(1001)]}),
        ("M", {}),
        ("R", {"answers": [("A1", "Only")]}),
        ("F", {"parts": [("SQ1", "Row")], "answers": [("A1", "Only")]}),
        ("F", {"answers": [("A1", "Good"), ("A2", "Bad")]}),
        ("A", {"parts": [(f"SQ{n}", "Row") for n in range(201)]}),
        ("1", {"parts": [("SQ1", "Row")], "answers": [("A1", "Good"), ("A2", "Bad")]}),
        ("K", {}),
        (";", {"parts": [("SQ1", "Row")]}),
    ],
)
def test_questions_without_enough_or_with_too_much_are_left_out(kind: str, lists: dict[str, object]) -> None:
    """Fewer than two choices, no rows, more than our documents hold: the others stay."""
    made, report = read([question("Q", kind, **lists), question("S", "S")])
    assert [one.variable for one in made.questions] == ["s"]
    (lost,) = [one for one in report.constructs if one.place == "question Q"]
    assert (str(lost.fate), bool(lost.reason)) == ("left_out", True)
