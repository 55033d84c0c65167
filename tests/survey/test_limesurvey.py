"""LimeSurvey files: each type of question becomes ours, each attribute does its work, each loss is told."""

from __future__ import annotations

import json
from typing import Any

import pytest

from limesurvey_files import fates, question, read, reasons, survey, xml
from survey.formats.limesurvey import read_limesurvey
from survey.formats.limesurvey.types import MAKERS, NAMES, NOT_TAKEN
from survey.formats.report import Fate
from survey.parts import Choice
from survey.questionnaire import read_questionnaire
from survey.questions import MatrixQuestion, Question

AB = [("A1", "Good"), ("A2", "Bad")]
ROWS = [("SQ1", "Tea"), ("SQ2", "Milk")]
MARKED = [("1", "Yes"), ("2", "Don't know")]


def only(*questions: dict[str, Any], **more: Any) -> list[Question]:
    """The questions of ours for those of one group."""
    made, _ = read(questions, **more)
    return list(made.questions)


def said(choices: tuple[Choice, ...], language: str = "en") -> list[tuple[int, str]]:
    return [(choice.code, choice.text[language]) for choice in choices]


# --- types ------------------------------------------------------------------------------------------------------------


def test_every_type_has_a_name_and_is_either_taken_or_told_why_not() -> None:
    """A letter that NAMES does not know would be an unknown type in every report."""
    assert set(MAKERS) | set(NOT_TAKEN) == set(NAMES)


@pytest.mark.parametrize("kind", ["L", "!", "O"])
def test_lists_are_single_choices(kind: str) -> None:
    """Codes that are no numbers count from 1; a drop-down stays one; a comment is a question of its own."""
    made = only(question("Q", kind, answers=AB))
    assert (made[0].type, made[0].dropdown) == ("single", kind == "!")
    assert said(made[0].choices) == [(1, "Good"), (2, "Bad")]
    assert [one.type for one in made[1:]] == (["text"] if kind == "O" else [])


@pytest.mark.parametrize(
    ("kind", "english", "german"),
    [
        ("Y", [(1, "Yes"), (2, "No")], [(1, "Ja"), (2, "Nein")]),
        ("G", [(1, "Female"), (2, "Male")], [(1, "Weiblich"), (2, "Männlich")]),
        ("5", [(n, str(n)) for n in range(1, 6)], [(n, str(n)) for n in range(1, 6)]),
    ],
)
def test_choices_that_limesurvey_supplies_stand_in_each_language(
    kind: str, english: list[tuple[int, str]], german: list[tuple[int, str]]
) -> None:
    """The file does not hold these words; "de-informal" is German too."""
    (made,) = only(question("Q", kind, {"en": "How?", "de-informal": "Wie?"}), languages=("en", "de-informal"))
    assert said(made.choices) == english
    assert said(made.choices, "de-informal") == german
    assert made.role == ("demographic" if kind == "G" else "item")


def test_an_unknown_language_gets_english_labels_and_a_warning() -> None:
    """Nobody knows the Faroese word for yes here."""
    _, report = read([question("Q", "Y", {"fo": "Hvussu?"})], languages=("fo",))
    assert any("not known in fo" in warning for warning in report.warnings)


def test_numeric_codes_are_kept_and_other_follows_them() -> None:
    """7, 3 and then 8 for the choice with a field beside it."""
    (made,) = only(question("Q", "L", answers=[("7", "Seven"), ("3", "Three")], other="Y"))
    assert said(made.choices) == [(7, "Seven"), (3, "Three"), (8, "Other")]
    assert made.choices[2].specify


def test_the_words_of_other_can_be_replaced() -> None:
    """`other_replace_text`, and the choice is an answer in the report."""
    made, report = read(
        [question("Q", "L", answers=AB, other="Y", attributes={"other_replace_text": {"en": "Something else"}})]
    )
    assert said(made.questions[0].choices)[2] == (3, "Something else")
    assert fates(report)["question Q, answer other"] == "mapped"


def test_reasons_for_no_answer_are_marked() -> None:
    """Missing data is never satisfaction: "don't know" leaves the denominator."""
    (made,) = only(question("Q", "L", answers=[*MARKED, ("3", "No")]))
    assert [choice.missing for choice in made.choices] == [None, "dont_know", None]


@pytest.mark.parametrize("kind", ["M", "P"])
def test_multiple_choices(kind: str) -> None:
    """With comments, each choice has its field."""
    (made,) = only(question("Q", kind, parts=ROWS, other="Y"))
    assert made.type == "multiple"
    assert [choice.specify for choice in made.choices] == [kind == "P", kind == "P", True]


def test_a_single_box_to_tick_gets_a_no_beside_it() -> None:
    """A choice needs two; the report says so."""
    made, report = read([question("Q", "M", parts=[("SQ1", "I agree")], mandatory="Y")])
    assert said(made.questions[0].choices) == [(1, "I agree"), (2, "No")]
    assert fates(report)["question Q"] == "approximated"


def test_ranking_with_its_bounds() -> None:
    """Mandatory ranking asks for all ranks, unless bounds say otherwise."""
    bounded = question("R1", "R", answers=AB, attributes={"min_answers": "1", "max_answers": "2", "random_order": "1"})
    first, second = only(bounded, question("R2", "R", answers=AB, mandatory="Y"))
    assert (first.type, first.at_least, first.at_most, first.shuffled, first.required) == ("ranking", 1, 2, True, True)
    assert (second.at_least, second.at_most) == (2, None)


@pytest.mark.parametrize("kind", ["S", "T", "U"])
def test_texts(kind: str) -> None:
    """One line, several, many; a limit of characters holds."""
    (made,) = only(question("Q", kind, attributes={"maximum_chars": "50"}))
    assert (made.type, made.max_length) == ("text", 50)
    assert made.lines == {"S": 1, "T": 5, "U": 12}[kind]


def test_several_texts_and_numbers_are_questions_of_their_own() -> None:
    """Each named and worded with its part."""
    made = only(question("Q", "Q", "Names", parts=ROWS), question("K", "K", "Ages", parts=ROWS))
    assert [(one.type, one.variable, one.text["en"]) for one in made] == [
        ("text", "q_sq1", "Names – Tea"),
        ("text", "q_sq2", "Names – Milk"),
        ("number", "k_sq1", "Ages – Tea"),
        ("number", "k_sq2", "Ages – Milk"),
    ]


def test_numbers_with_bounds_and_unit() -> None:
    """Whole numbers, from 1 to 9, in euros a day."""
    attributes = {
        "num_value_int_only": "1",
        "min_num_value_n": "1",
        "max_num_value_n": "9",
        "prefix": {"en": "€"},
        "suffix": {"en": "a day"},
    }
    (made,) = only(question("Q", "N", attributes=attributes))
    assert (made.decimals, made.minimum, made.maximum, made.unit) == (0, 1, 9, {"en": "€ … a day"})


def test_bounds_that_are_no_whole_numbers_are_checks() -> None:
    """A fraction, and the answer to an earlier question."""
    attributes = {"min_num_value_n": "0.5", "max_num_value_n": "AGE"}
    _, made = only(question("AGE", "N"), question("Q", "N", attributes=attributes))
    assert [check.rule for check in made.checks] == [". >= 0.5", ". <= ${age}"]


def test_sums_are_checked_at_the_last_number() -> None:
    """Exactly so when all are required, else once all are answered."""
    attributes = {"min_num_value": "10", "equals_num_value": "30"}
    made, report = read(
        [
            question("K1", "K", parts=ROWS, mandatory="Y", attributes=attributes),
            question("K2", "K", parts=ROWS, attributes=attributes),
        ]
    )
    rules = [check.rule for check in made.questions[1].checks]
    assert rules == ["${k1_sq1} + ${k1_sq2} >= 10", "${k1_sq1} + ${k1_sq2} = 30"]
    assert fates(report)["question K1, min_num_value"] == "mapped"
    assert fates(report)["question K2, min_num_value"] == "approximated"


@pytest.mark.parametrize(
    ("written", "precision"), [("", "day"), ("dd/mm/yyyy", "day"), ("mm/yyyy", "month"), ("yyyy", "year")]
)
def test_dates(written: str, precision: str) -> None:
    """As precise as the format says."""
    (made,) = only(question("Q", "D", attributes={"date_format": written}))
    assert (made.type, made.precision) == ("date", precision)


def test_bounds_of_dates() -> None:
    """A year, a day, the day of the answer, and an earlier answer."""
    first, second = only(
        question("D1", "D", attributes={"date_min": "1910", "date_max": "date('Y-m-d')"}),
        question("D2", "D", attributes={"date_min": "D1", "dropdown_dates_year_max": "2030"}),
    )
    assert (first.earliest, first.latest) == ("1910-01-01", "today")
    assert (second.checks[0].rule, second.latest) == (". >= ${d1}", "2030-12-31")


def test_a_time_of_the_day_is_told() -> None:
    """A format with hours loses them; hours alone cannot be asked."""
    _, report = read(
        [
            question("D1", "D", attributes={"date_format": "yyyy-mm-dd HH:MM"}),
            question("D2", "D", attributes={"date_format": "HH:MM"}),
        ]
    )
    assert fates(report)["question D1, date_format"] == "approximated"
    assert fates(report)["question D2"] == "left_out"


@pytest.mark.parametrize(
    ("kind", "choices"),
    [
        ("A", [(n, str(n)) for n in range(1, 6)]),
        ("B", [(n, str(n)) for n in range(1, 11)]),
        ("C", [(1, "Yes"), (2, "Uncertain"), (3, "No")]),
        ("E", [(1, "Increase"), (2, "Same"), (3, "Decrease")]),
        ("F", [(1, "Good"), (2, "Bad")]),
        ("H", [(1, "Good"), (2, "Bad")]),
    ],
)
def test_arrays_are_matrices(kind: str, choices: list[tuple[int, str]]) -> None:
    """Rows are variables of their own; a bar in a row stands between two ends."""
    (made,) = only(question("Q", kind, parts=[("SQ1", "cold|hot"), ("SQ2", "Milk")], answers=AB))
    assert isinstance(made, MatrixQuestion)
    assert said(made.choices) == choices
    assert [(row.variable, row.text["en"]) for row in made.rows] == [("q_sq1", "cold – hot"), ("q_sq2", "Milk")]


def test_two_scales_are_two_matrices() -> None:
    """Each with its header and its answers."""
    headers = {"dualscale_headerA": {"en": "How often"}, "dualscale_headerB": {"en": "How well"}}
    often, well = only(question("Q", "1", "Drinks", parts=ROWS, answers=AB, second=AB[::-1], attributes=headers))
    assert (often.text["en"], well.text["en"]) == ("Drinks – How often", "Drinks – How well")
    assert [said(one.choices)[0] for one in (often, well)] == [(1, "Good"), (1, "Bad")]
    assert [row.variable for one in (often, well) for row in one.rows] == ["q_sq1_0", "q_sq2_0", "q_sq1_1", "q_sq2_1"]


def test_cells_are_asked_one_by_one_when_they_are_few() -> None:
    """Four cells are asked, twenty-one are not; numbers of a list run from 1 to 10 where nothing else is said."""
    many = [(f"SQ{n}", f"Row {n}") for n in range(21)]
    column = [("C1", "Cups")]
    made, report = read(
        [
            question("Q1", ";", parts=ROWS, columns=column),
            question("Q2", ":", parts=ROWS, columns=column),
            question("Q3", ";", parts=many, columns=column),
        ]
    )
    assert [(one.type, one.variable) for one in made.questions] == [
        *(("text", f"q1_sq{n}_c1") for n in (1, 2)),
        *(("number", f"q2_sq{n}_c1") for n in (1, 2)),
    ]
    assert (made.questions[2].minimum, made.questions[2].maximum) == (1, 10)
    assert "21 cells" in reasons(report)["question Q3"]


def test_boxes_in_a_table_are_a_matrix_with_several_choices() -> None:
    """`multiflexible_checkbox`."""
    (made,) = only(question("Q", ":", parts=ROWS, columns=AB, attributes={"multiflexible_checkbox": "1"}))
    assert (made.type, made.multiple, len(made.rows), len(made.choices)) == ("matrix", True, 2, 2)


def test_texts_to_read_are_statements() -> None:
    """Never required, whatever the file says."""
    (made,) = only(question("Q", "X", "<p>Welcome</p>", mandatory="Y", help="Read on"))
    assert (made.type, made.text, made.hint) == ("statement", {"en": "Welcome"}, {"en": "Read on"})


@pytest.mark.parametrize("kind", ["*", "|", "I", "ß", ""])
def test_what_has_no_counterpart_is_left_out_with_a_reason(kind: str) -> None:
    """Equations, files, language switches and letters that nobody knows, with all that belongs to them."""
    asked = question("Q", kind, parts=ROWS, answers=AB, relevance="X == 1")
    made, report = read([asked, question("S", "S")])
    assert [one.variable for one in made.questions] == ["s"]
    lost = {place for place, fate in fates(report).items() if fate == "left_out"}
    assert {"question Q", "question Q, subquestion SQ1", "question Q, answer A1", "question Q, relevance"} <= lost


def test_hidden_questions_are_not_asked() -> None:
    """Nobody ever saw them; the same holds for a relevance that is never true."""
    made, report = read(
        [question("Q", "S", attributes={"hidden": "1"}), question("R", "S", relevance="0"), question("S", "S")]
    )
    assert [one.variable for one in made.questions] == ["s"]
    assert fates(report)["question Q"] == fates(report)["question R"] == "left_out"


# --- attributes -------------------------------------------------------------------------------------------------------


def test_mandatory_is_required_and_soft_asks_once_more() -> None:
    """A soft one is a soft check, which an array cannot have."""
    made, report = read(
        [
            question("Q", "S", mandatory="Y"),
            question("R", "S", mandatory="S"),
            question("A", "A", parts=ROWS, mandatory="S"),
        ]
    )
    first, second, _ = made.questions
    assert (first.required, second.required) == (True, False)
    assert (second.checks[0].rule, second.checks[0].soft) == ("answered(.)", True)
    assert fates(report)["question A, soft mandatory"] == "approximated"


def test_a_comment_may_be_lacking_and_is_not_what_self_means() -> None:
    """Of a list with comment, the choice is what is mandatory and what an expression reads."""
    attributes = {"em_validation_q": "self != 'A2'"}
    choice, comment = only(question("Q", "O", answers=AB, mandatory="S", attributes=attributes))
    assert [check.rule for check in choice.checks] == ["not answered(${q}) or ${q} = 1", "answered(.)"]
    assert comment.checks == ()
    _, comment = only(question("Q", "O", answers=AB, mandatory="Y"))
    assert not comment.required


def test_orders_and_exclusive_choices() -> None:
    """Random order of choices and rows; "none of these" excludes all others."""
    multiple, array = only(
        question("M", "M", parts=ROWS, attributes={"random_order": "1", "exclude_all_others": "SQ2"}),
        question("F", "F", parts=ROWS, answers=AB, attributes={"random_order": "1", "answer_order": "random"}),
    )
    assert (multiple.shuffled, [choice.exclusive for choice in multiple.choices]) == (True, [False, True])
    assert (array.shuffled_rows, array.shuffled) == (True, True)


def test_how_many_choices() -> None:
    """A minimum makes the question required; a bound that depends on an answer is a check."""
    _, second, third = only(
        question("N", "N"),
        question("M1", "M", parts=ROWS, attributes={"min_answers": "1", "max_answers": "2"}),
        question("M2", "M", parts=ROWS, attributes={"max_answers": "N"}),
    )
    assert (second.at_least, second.at_most, second.required) == (1, 2, True)
    assert third.checks[0].rule == "count-selected(.) <= ${n}"


def test_bounds_that_nobody_could_meet_are_left_out() -> None:
    """Three of two choices, and a maximum under the minimum."""
    made, report = read(
        [
            question("M", "M", parts=ROWS, attributes={"min_answers": "3"}),
            question("N", "N", attributes={"min_num_value_n": "9", "max_num_value_n": "1"}),
        ]
    )
    assert made.questions[0].at_least is None
    assert [fates(report)[f"question {place}"] for place in ("M, min_answers", "N, max_num_value_n")] == [
        "left_out"
    ] * 2


def test_validation_expressions_are_checks_with_their_tip() -> None:
    """Of the whole question and of its parts; a function without a counterpart is told."""
    tip = {"em_validation_q_tip": {"en": "At least 5"}}
    made, report = read(
        [
            question("N", "N", attributes={"em_validation_q": "self >= 5", **tip}),
            question("K", "K", parts=ROWS, attributes={"em_validation_sq": "this < 9"}),
            question("S", "S", attributes={"em_validation_q": "regexMatch('/a/', self)"}),
        ]
    )
    first, second, third, _ = made.questions
    assert [(check.rule, check.text["en"]) for check in first.checks] == [("${n} >= 5", "At least 5")]
    assert [one.checks[0].rule for one in (second, third)] == ["${k_sq1} < 9", "${k_sq2} < 9"]
    assert "regexmatch()" in reasons(report)["question S, em_validation_q"]


@pytest.mark.parametrize(
    ("pattern", "format", "fate"),
    [("/^\\d+$/", "digits", "mapped"), ("/.+@.+/", "email", "approximated"), ("/^a|b$/", "any", "left_out")],
)
def test_patterns(pattern: str, format: str, fate: str) -> None:
    """Digits and addresses have a counterpart."""
    made, report = read([question("S", "S", preg=pattern)])
    assert made.questions[0].format == format
    assert fates(report)["question S, pattern"] == fate


def test_rows_are_filtered_by_an_earlier_choice() -> None:
    """Chosen there, asked here; or the other way round; a choice that cannot be filtered is told."""
    source = question("M", "M", parts=ROWS)
    made, report = read(
        [
            source,
            question("A", "A", parts=ROWS, attributes={"array_filter": "M"}),
            question("K", "K", parts=ROWS, attributes={"array_filter_exclude": "M"}),
            question("P", "P", parts=ROWS, attributes={"array_filter": "M"}),
            question("B", "B", parts=ROWS, attributes={"array_filter": "LATER"}),
        ]
    )
    _, array, number, _, _, unfiltered = made.questions
    assert [row.show_if for row in array.rows] == ["selected(${m}, 1)", "selected(${m}, 2)"]
    assert array.show_if == "selected(${m}, 1) or selected(${m}, 2)"
    assert number.show_if == "not answered(${m}) or not selected(${m}, 1)"
    assert [row.show_if for row in unfiltered.rows] == [None, None]
    told = [fates(report)[f"question {place}"] for place in ("A, array_filter", "P, array_filter", "B, array_filter")]
    assert told == ["mapped", "approximated", "approximated"]


def test_subquestions_have_their_own_relevance() -> None:
    """Rows and parts are asked when it holds; an option of a list is offered all the same."""
    parts = [("SQ1", "Tea", 'Y == "Y"'), ("SQ2", "Milk")]
    made, report = read([question("Y", "Y"), question("A", "A", parts=parts), question("M", "M", parts=parts)])
    assert [row.show_if for row in made.questions[1].rows] == ["${y} = 1", None]
    assert fates(report)["question A, subquestion SQ1, relevance"] == "mapped"
    assert fates(report)["question M, subquestion SQ1, relevance"] == "approximated"


def test_layout_is_one_warning_and_no_construct() -> None:
    """A reader wants to know what of the questionnaire was lost."""
    _, report = read([question("S", "S", attributes={"css_class": "wide", "hide_tip": "1", "text_input_width": "6"})])
    assert any(warning.startswith("3 settings of layout") for warning in report.warnings)
    assert not any("css_class" in one.place for one in report.constructs)


# --- groups and survey ------------------------------------------------------------------------------------------------


def test_groups_are_sections_in_their_order() -> None:
    """With title, description and relevance; an empty one is told."""
    about = [
        {"group_order": "3"},
        {"grelevance": "S == 'x'", "group_order": "4", "description": "About <b>you</b>"},
        {"group_order": "1"},
    ]
    made, report = read([question("S", "S")], [question("T", "S")], [], about=about)
    assert [section.title for section in made.sections] == [{"en": "Group 1"}, {"en": "Group 2"}]
    assert (made.sections[1].show_if, made.sections[1].introduction) == ("${s} = 'x'", {"en": "About you"})
    assert fates(report)["group 1"] == "left_out"  # the one without questions comes first by its order


def test_answers_in_a_description_make_it_a_statement() -> None:
    """Only questions show answers."""
    made, _ = read([question("NAME", "S")], [question("T", "S")], about=[{}, {"description": "Dear {NAME}"}])
    assert made.sections[1].questions[0].text == {"en": "Dear ${name}"}


def test_random_groups_change_places_unless_a_condition_reads_across() -> None:
    """Two groups of one set are shuffled, the third stays; a condition between them undoes it and is told."""
    about = [{}, {"randomization_group": "r"}, {"randomization_group": "r"}]
    groups = [[question("A", "S")], [question("B", "S")], [question("C", "S")]]
    made, _ = read(*groups, about=about)
    assert made.shuffled_sections
    assert [section.fixed for section in made.sections] == [True, False, False]
    made, report = read(groups[0], groups[1], [question("C", "S", relevance="!is_empty(B)")], about=about)
    assert not made.shuffled_sections
    assert fates(report)["group 3, randomization group"] == "left_out"


def test_random_questions_change_places() -> None:
    """Those of one set, the others stay; a question in pieces would part."""
    moving = {"random_group": "r"}
    made, _ = read([question("A", "S"), *(question(code, "S", attributes=moving) for code in "BC")])
    assert (made.sections[0].shuffled, [one.fixed for one in made.questions]) == (True, [True, False, False])
    made, report = read([question("B", "S", attributes=moving), question("C", "Q", parts=ROWS, attributes=moving)])
    assert not made.sections[0].shuffled
    assert fates(report)["question C, random_group"] == "left_out"


def test_the_survey_itself() -> None:
    """Title, welcome and end; the notice on data is a consent; the end address leads nowhere."""
    texts = {
        "description": "About <b>tea</b>",
        "welcometext": "Welcome to {SURVEYNAME}",
        "endtext": "Thank you",
        "url": "http://example.org",
        "policy_notice": "We keep nothing.",
        "policy_notice_label": "Fine",
    }
    made, report = read([question("S", "S")], language_settings=texts, settings={"showsurveypolicynotice": "2"})
    assert (made.title, made.closing) == ({"en": "Survey"}, {"en": "Thank you"})
    assert made.introduction == {"en": "About tea\n\nWelcome to Survey"}
    consent = made.questions[0]
    assert (consent.type, consent.agree, consent.decline) == ("consent", {"en": "Fine"}, {"en": "I do not agree"})
    assert fates(report)["survey, end address"] == "left_out"


def test_what_stands_beside_the_questions_is_told() -> None:
    """Quotas, default values, address parameters, assessments, and rows that belong to nothing."""
    tables: dict[str, list[dict[str, str]]] = {
        "quota": [{"id": "1", "name": "Old people"}],
        "defaultvalues": [{"qid": "11", "sqid": "0", "scale_id": "0", "language": one} for one in ("en", "de")],
        "survey_url_parameters": [{"parameter": "source"}],
        "answers": [{"aid": "7", "qid": "999", "code": "A7"}],
    }
    _, report = read([question("S", "S")], tables=tables, settings={"assessments": "Y"})
    lost = [one.place for one in report.constructs if one.fate is Fate.LEFT_OUT]
    assert lost == [
        "question S, default answer",
        "quota Old people",
        "address parameter source",
        "assessment 1",
        "answer A7",
    ]


def test_names_and_addresses_are_not_taken_over() -> None:
    """Whoever ran the survey stays out of the document and of the report."""
    settings = {
        "admin": "Erika Mustermann",
        "adminemail": "erika@example.org",
        "bounce_email": "b@example.org",
        "faxto": "12345",
    }
    report = read_limesurvey(survey([question("S", "S")], settings=settings), name="imported")
    written = json.dumps([report.document, report.as_json()])
    assert not any(value in written for value in settings.values())
    assert any("names and addresses" in warning for warning in report.warnings)


# --- the older form ---------------------------------------------------------------------------------------------------


def test_the_older_form_has_a_row_for_each_language() -> None:
    """No `*_l10ns` tables: texts stand in the rows, which repeat for each language."""
    tables = {
        "groups": [{"gid": "1", "group_name": name, "language": tag} for tag, name in (("en", "One"), ("fr", "Un"))],
        "questions": [
            {"qid": "5", "gid": "1", "parent_qid": "0", "type": "L", "title": "Q", "question": text, "language": tag}
            for tag, text in (("en", "Which?"), ("fr", "Lequel ?"))
        ],
        "answers": [
            {"qid": "5", "code": code, "answer": f"{code} {tag}", "language": tag, "scale_id": "0", "sortorder": code}
            for tag in ("en", "fr")
            for code in ("2", "1")
        ],
        "surveys": [{"language": "en", "additional_languages": "fr"}],
        "surveys_languagesettings": [
            {"surveyls_title": title, "surveyls_language": tag} for tag, title in (("en", "Tea"), ("fr", "Thé"))
        ],
    }
    made = read_questionnaire(read_limesurvey(xml("Survey", ["en", "fr"], tables), name="old").document)
    assert made.title == {"en": "Tea", "fr": "Thé"}
    assert made.sections[0].title == {"en": "One", "fr": "Un"}
    assert made.questions[0].text == {"en": "Which?", "fr": "Lequel ?"}
    assert [(one.code, one.text["fr"]) for one in made.questions[0].choices] == [(1, "1 fr"), (2, "2 fr")]


@pytest.mark.parametrize("kind", ["Group", "Question"])
def test_groups_and_questions_are_files_too(kind: str) -> None:
    """Without a survey around them they are called as they are imported, and the file's languages hold."""
    data = survey([question("S", "S", {"en": "How?", "hr": ""})], kind=kind, languages=("en", "hr"))
    report = read_limesurvey(data, name="from_a_colleague")
    assert report.document["title"] == {"en": "from_a_colleague"}
    assert report.document["languages"] == ["en"]
    assert fates(report)["language hr"] == "left_out"
    assert any("hr is declared but empty" in warning for warning in report.warnings)
