"""Texts of LimeSurvey files: no markup survives, languages are filled honestly, answers are shown where they can be."""

from __future__ import annotations

import json

import pytest

from limesurvey_files import fates, question, read, reasons, survey
from survey.formats.limesurvey import read_limesurvey
from survey.formats.limesurvey.labels import LABELS, NAMES, label
from survey.formats.limesurvey.texts import is_ruined, tag_of

AB = [("A1", "Good"), ("A2", "Bad")]
LOADED = '<p onclick="x()">How<script>alert(1)</script> <iframe src="http://x">are</iframe> <img src="a.png"/>you?</p>'


def test_markup_scripts_and_pictures_are_gone_and_told() -> None:
    """Words stay, nothing of the rest, and a warning for each kind of it."""
    made, report = read([question("S", "S", LOADED, script="alert(2)", help="<style>p{color:red}</style>Help")])
    asked = made.questions[0]
    assert (asked.text, asked.hint) == ({"en": "How are you?"}, {"en": "Help"})
    assert "alert" not in json.dumps(report.document)
    assert fates(report)["question S, script"] == "left_out"
    for kind in ("scripts", "frames of other sites", "pictures"):
        assert any(kind in warning for warning in report.warnings)


def test_a_picture_alone_leaves_the_code() -> None:
    """A choice must have words: its code, and the report says so; a text display without words is left out."""
    answers = [("A1", '<img src="fire.png"/>'), ("A2", "Water")]
    made, report = read([question("L", "L", "", answers=answers), question("X", "X", "<img/>")])
    assert made.questions[0].text == {"en": "L"}
    assert made.questions[0].choices[0].text == {"en": "A1"}
    assert fates(report)["question L"] == fates(report)["question L, answer A1"] == "approximated"
    assert fates(report)["question X"] == "left_out"


def test_texts_that_lack_are_filled_from_the_base_language_and_counted() -> None:
    """Two texts have no French: the question and one answer; a hint that is French alone is shown to all."""
    answers = [("A1", {"en": "Good", "fr": "Bon"}), ("A2", {"en": "Bad"})]
    asked = question("L", "L", {"en": "How?"}, answers=answers, help={"fr": "Une seule"})
    other = question("S", "S", {"en": "Who?", "fr": "Qui ?"})
    made, report = read([asked, other], languages=("en", "fr"), title={"en": "Tea", "fr": "Thé"})
    assert made.questions[0].text == {"en": "How?", "fr": "How?"}
    assert made.questions[0].choices[1].text["fr"] == "Bad"
    assert made.questions[0].hint == {"en": "Une seule", "fr": "Une seule"}
    assert "2 texts have no words in fr: those of another language stand there" in report.warnings
    assert "1 texts have no words in en: those of another language stand there" in report.warnings


def test_ruined_texts_count_as_empty() -> None:
    """Question marks where letters were are no words in any language."""
    made, report = read([question("S", "S", {"en": "Who?", "ru": "???? ??? ?"})], languages=("en", "ru"))
    assert made.languages == ("en",)
    made, report = read(
        [question("S", "S", {"en": "Who?", "ru": "Кто?"}), question("T", "S", {"en": "Why?", "ru": "??????"})],
        languages=("en", "ru"),
    )
    assert made.questions[1].text == {"en": "Why?", "ru": "Why?"}
    assert any("ruined" in warning for warning in report.warnings)
    assert not is_ruined("Really???")


def test_long_texts_are_cut_and_told() -> None:
    """At 4,000 characters, alone or joined with the words of a part."""
    made, report = read([question("S", "S", "a" * 5000), question("Q", "Q", "b" * 3999, parts=[("SQ1", "Tea")])])
    assert [len(one.text["en"]) for one in made.questions] == [4000, 4000]
    assert fates(report)["question S"] == fates(report)["question Q"] == "approximated"


@pytest.mark.parametrize(
    ("code", "tag"),
    [("de-informal", "de-informal"), ("zh-Hans", "zh-Hans"), ("pt_BR", "pt-BR"), ("EN", "en"), ("x", None), ("", None)],
)
def test_language_codes_become_tags(code: str, tag: str | None) -> None:
    """Or are told to be none."""
    assert tag_of(code) == tag


def test_a_language_that_is_no_tag_is_left_out() -> None:
    """The others stay."""
    made, report = read([question("S", "S")], languages=("en", "klingonisch-"))
    assert made.languages == ("en",)
    assert fates(report)["language klingonisch-"] == "left_out"


def test_labels_are_complete_in_every_language() -> None:
    """A word that lacks would be an error when a file is read."""
    assert all(set(words) == set(NAMES) and all(words.values()) for words in LABELS.values())
    assert (label("yes", "zh-Hant-TW"), label("yes", "zh-Hans"), label("yes", "de-easy")) == ("是", "是", "Ja")
    assert label("other", "zh-TW") != label("yes", "zh-TW")


@pytest.mark.parametrize(
    ("text", "shown", "fate"),
    [
        ("Dear {NAME}", "Dear ${name}", "mapped"),
        ("Dear {NAME.shown}", "Dear ${name}", "mapped"),
        ("You are {INSERTANS:1X1X11} and {1X1X11.NAOK}", "You are ${name} and ${name}", "mapped"),
        ("You said {L.shown}", "You said ${l}", "mapped"),
        ("Dear {TOKEN:FIRSTNAME}", "Dear …", "approximated"),
        ("{if(NAME == 'x', 'Hi', 'Ho')}!", "…!", "approximated"),
        ("{LATER} and {S}", "… and …", "approximated"),
        ("{ NAME } is not an expression, nor is \\{NAME\\}", "{ NAME } is not an expression, nor is {NAME}", None),
        ("a{2,3} is a pattern", "a{2,3} is a pattern", None),
        ("Costs ${name}", "Costs …", None),
        ("Costs $\\{name\\}", "Costs $ {name}", None),
        ("Costs &#36;&#123;name&#125;", "Costs $ {name}", None),
    ],
)
def test_expressions_in_texts(text: str, shown: str, fate: str | None) -> None:
    """An earlier answer is shown; what is more than that becomes an ellipsis; nothing becomes a pipe by accident."""
    made, report = read(
        [question("NAME", "S"), question("L", "L", answers=AB), question("S", "S", text), question("LATER", "S")]
    )
    found = made.questions[2].text["en"]
    assert found == shown or (fate is None and found.replace("$…", "…") == shown)
    if fate:
        assert fates(report)["question S, expressions in texts"] == fate


def test_lost_expressions_are_named() -> None:
    """The reader of the report sees what stood there."""
    _, report = read([question("S", "S", "Dear {TOKEN:FIRSTNAME}")])
    assert "TOKEN:FIRSTNAME" in reasons(report)["question S, expressions in texts"]


def test_addresses_in_texts_are_pointed_out() -> None:
    """They may belong to somebody who should not be asked."""
    report = read_limesurvey(survey([question("S", "S", "Write to me@example.org")]), name="imported")
    assert any("e-mail addresses stand in its texts" in warning for warning in report.warnings)
