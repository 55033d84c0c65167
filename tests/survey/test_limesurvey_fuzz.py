"""Files of strangers: whatever they hold, there is an error in words or a valid document, and no question is lost."""

from __future__ import annotations

import json
from collections import Counter
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from limesurvey_files import archive, question, survey
from scale import scaled
from survey.errors import QuestionnaireError
from survey.formats.limesurvey import read_limesurvey
from survey.formats.limesurvey.attributes import ATTRIBUTES
from survey.formats.limesurvey.tables import clean_code
from survey.formats.limesurvey.types import NAMES
from survey.formats.report import Fate
from survey.questionnaire import read_questionnaire

XML = st.characters(min_codepoint=32, codec="utf-8", exclude_categories=["Cc", "Cs", "Cn"])  # what XML can hold
CODES = st.one_of(
    st.sampled_from(["Q1", "Q2", "Q3", "q1", "SQ1", "SQ2"]),
    st.sampled_from(["1", "2", "01", "", "token", "unit", "why_reasons", "Ä" * 50, "a b", "other", "-oth-"]),
    st.text(XML, max_size=6),
)
TEXTS = st.one_of(
    st.just("How?"),
    st.sampled_from(
        [
            *(
                "",
                "Don't know",
                "N/A",
                "????",
                "<script>alert(1)</script>",
                "<img src='x'>",
                "${q1}",
                "{Q1}",
                "{Q2.shown}",
            ),
            *("$\\{q1\\}", "{SURVEYNAME}", "{if(Q1=='Y','a','b')}", "a|b", "\ue0000\ue001", "x" * 4100, "<<a>script>"),
        ]
    ),
    st.text(XML, max_size=12),
)
WORDS = st.one_of(TEXTS, st.fixed_dictionaries({"en": TEXTS, "fr": TEXTS}))
EXPRESSIONS = st.one_of(
    st.sampled_from(["", "1"]),
    st.sampled_from(
        [
            *("0", 'Q1 == "Y"', "is_empty(Q2)", "Q1_SQ1", "count(that.Q1) > 1", "Q2 > 3", "self > 1", "this < 5", "Q3"),
            *("Q1 != Q2", "sum(self) == 10", "!Q1.NAOK and Q2", "if(Q1, Q2, Q1)", "1X1X11 == 'A'", "((", "Q1_1 == 2"),
            *("Q2_SQ2 != 'Y'", "Q1 == 1 or Q3 != 'x'", "count(Q1_SQ1, Q2_SQ2, Q3) < 2", "Q1_SQ1 + Q1_SQ2 > 3"),
        ]
    ),
    st.text(XML, max_size=10),
)
NUMBERS = st.sampled_from(["1", "0", "N", "2", "-5", "0.5", "9" * 12, "Q1", "SQ1;SQ2", "random", "2020-02-31", "1999"])
VALUES = st.one_of(NUMBERS, EXPRESSIONS)
OPTIONS = st.one_of(
    st.just([("SQ1", "Tea"), ("SQ2", "Milk"), ("3", "Don't know")]),
    st.lists(st.tuples(CODES, WORDS), max_size=4),
)
ATTRIBUTED = st.dictionaries(st.sampled_from([*ATTRIBUTES, "hidden", "random_group", "css_class"]), VALUES, max_size=5)


@st.composite
def questions(draw: st.DrawFn) -> dict[str, Any]:
    """One question of any type with anything in it."""
    kind = draw(st.sampled_from([*NAMES, *NAMES, "", "Z"]))
    parts = [(code, words, draw(EXPRESSIONS)) for code, words in draw(OPTIONS)]
    lists = {name: draw(OPTIONS) for name in ("columns", "answers", "second")}
    flags = {"other": draw(st.sampled_from("NY")), "mandatory": draw(st.sampled_from(["N", "Y", "S", ""]))}
    texts = {"help": draw(WORDS), "preg": draw(st.sampled_from(["", "/^\\d{2,3}$/", "/@/", "/x/"]))}
    return question(
        draw(CODES),
        kind,
        draw(WORDS),
        parts=parts,
        attributes=draw(ATTRIBUTED),
        relevance=draw(EXPRESSIONS),
        **lists,
        **flags,
        **texts,
    )


@st.composite
def files(draw: st.DrawFn) -> tuple[bytes, list[dict[str, Any]]]:
    """A survey of groups, and the questions that it holds; one of them can always be taken."""
    groups = draw(st.lists(st.lists(questions(), max_size=4), min_size=1, max_size=3))
    parts = [("SQ1", "Tea"), ("SQ2", "Milk")]
    groups[0][:0] = [question("Q1", "M", parts=parts), question("Q2", "N"), question("Q3", "S")]
    groups[-1].append(question("LAST", "Y"))
    about = [
        {
            "group_name": draw(TEXTS),
            "description": draw(TEXTS),
            "grelevance": draw(EXPRESSIONS) if number < len(groups) else "",
            "randomization_group": draw(st.sampled_from(["", "", "r", "s"])),
        }
        for number, _ in enumerate(groups, start=1)
    ]
    languages = draw(st.sampled_from([("en",), ("en", "fr"), ("fr", "en", "de"), ("??",)]))
    data = survey(*groups, about=about, languages=languages, language_settings={"description": draw(TEXTS)})
    return data, [one for group in groups for one in group]


@settings(max_examples=scaled(3000, least=150))
@given(files())
def test_no_question_is_lost_and_every_document_is_valid(made: tuple[bytes, list[dict[str, Any]]]) -> None:
    """Each question is mapped, approximated or left out, with a reason where it is not mapped; no markup survives."""
    data, asked = made
    report = read_limesurvey(data, name="imported")
    document = read_questionnaire(report.document)
    told = Counter(one.place for one in report.constructs if one.kind in {*NAMES.values(), "question of unknown type"})
    assert sum(told.values()) == len(asked)
    for one in asked:
        if code := clean_code(one["title"]):
            assert told[f"question {code}"]
    n_listed = sum(len(one.get(name, ())) for one in asked for name in ("parts", "columns"))
    assert sum(one.kind in ("subquestion", "column") for one in report.constructs) == n_listed
    assert all(one.reason for one in report.constructs if one.fate is not Fate.MAPPED)
    assert "<script" not in json.dumps(report.document)
    assert document.questions


@settings(max_examples=scaled(3000, least=150))
@given(st.data())
def test_broken_bytes_are_an_error_in_words(data: st.DataObject) -> None:
    """Bytes cut out, doubled or changed anywhere, in XML and in archives."""
    good = survey(
        [question("Q1", "L", answers=[("A1", "Yes"), ("A2", "No")]), question("Q2", "S", relevance="Q1 == 'A1'")]
    )
    whole = bytearray(data.draw(st.sampled_from([good, archive({"a.lss": good, "b.lsr": b"<document/>"})])))
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(whole)))
        whole[at : at + data.draw(st.integers(0, 40))] = data.draw(st.binary(max_size=8))
    try:
        report = read_limesurvey(bytes(whole), name="imported")
    except QuestionnaireError as error:
        assert str(error)
        return
    assert read_questionnaire(report.document).questions
