"""Editing a draft's document: what each step does, what follows it, and that nothing is changed in place."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

import pytest

from every_type import every_type
from survey import editing
from survey.editing import Document, question_of
from survey.errors import QuestionnaireError
from survey.questionnaire import read_questionnaire
from survey.shape import check_shape


@pytest.fixture
def document() -> Document:
    return every_type()


def ask(variable: str, **more: Any) -> dict[str, Any]:
    return {"type": "text", "variable": variable, "text": {"zh-Hans": "？", "en": "?"}, **more}


STEPS: dict[str, Callable[[Document], Any]] = {
    "add section": lambda d: editing.add_section(d, 1),
    "set section": lambda d: editing.set_section(d, 0, {"shuffled": True}),
    "move section": lambda d: editing.move_section(d, 0, 1),
    "delete section": lambda d: editing.delete_section(d, 1),
    "add question": lambda d: editing.add_question(d, 0, 2, ask("new")),
    "add questions": lambda d: editing.add_questions(d, 0, 2, [ask("wish"), ask("new")]),
    "set question": lambda d: editing.set_question(d, "overall", {**question_of(d, "overall"), "variable": "total"}),
    "move question": lambda d: editing.move_question(d, "overall", 1, 0),
    "duplicate question": lambda d: editing.duplicate_question(d, "aspects"),
    "delete question": lambda d: editing.delete_question(d, "overall"),
    "filled": editing.filled,
    "set texts": lambda d: editing.set_texts(d, {"title": {"en": "Other"}}),
    "without language": lambda d: editing.without_language(d, "en"),
}


@pytest.mark.parametrize("step", STEPS)
def test_no_step_changes_its_document(document: Document, step: str) -> None:
    """The document that was given is the same afterwards, to its last part, and the new one shares no list with it."""
    before = copy.deepcopy(document)
    made = STEPS[step](document)
    made = made[0] if isinstance(made, tuple) else made
    assert document == before
    made["sections"][0]["questions"].clear()
    assert document == before


@pytest.mark.parametrize("step", ["add section", "move section", "set texts", "duplicate question", "set question"])
def test_steps_keep_the_shape(document: Document, step: str) -> None:
    """What a step makes can be edited on: its parts are sound."""
    made = STEPS[step](document)
    check_shape(made[0] if isinstance(made, tuple) else made)


def test_a_new_name_is_followed_by_all_that_read_it(document: Document) -> None:
    """Conditions of questions, rows and sections, checks and texts read the new name; the document still holds."""
    made = editing.set_question(document, "overall", {**question_of(document, "overall"), "variable": "total"})
    assert question_of(made, "channels")["show_if"] == "${total} <= 3 and answered(${first_visit})"
    assert question_of(made, "first_visit")["checks"][0]["rule"] == ". != 2 or ${total} >= 1"
    assert question_of(made, "aspects")["rows"][1]["show_if"] == "${total} < 5"
    assert made["sections"][1]["show_if"] == "${total} >= 1"
    read_questionnaire(made)


def test_new_names_of_rows_are_followed(document: Document) -> None:
    """A row that gets another name is read under it."""
    question_of(document, "wish")["show_if"] = "${speed} = 1 and ${manner} = 2"
    table = copy.deepcopy(question_of(document, "aspects"))
    table["rows"][0]["variable"], table["rows"][1]["variable"] = "manner", "speed"
    made = editing.set_question(document, "aspects", table, rows={"speed": "manner", "manner": "speed"})
    assert question_of(made, "wish")["show_if"] == "${manner} = 1 and ${speed} = 2"


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        ("${ overall } = 1", "${total} = 1"),
        ("${overall} = '${overall}'", "${total} = '${overall}'"),
        ("${overall_2} = 1", "${overall_2} = 1"),
        ("${overall} = 'unfinished", "${total} = 'unfinished"),
    ],
)
def test_only_references_are_renamed(document: Document, condition: str, expected: str) -> None:
    """Space within a reference does not hide it; words in quotes and longer names are none; a draft may be unsound."""
    question_of(document, "wish")["show_if"] = condition
    made = editing.set_question(document, "overall", {**question_of(document, "overall"), "variable": "total"})
    assert question_of(made, "wish")["show_if"] == expected


def test_texts_are_no_conditions(document: Document) -> None:
    """In a text only ${name} is a reference: with space it is what somebody wrote."""
    question_of(document, "wish")["text"]["en"] = "${minutes} and ${ minutes }"
    made = editing.set_question(document, "minutes", {**question_of(document, "minutes"), "variable": "waited"})
    assert question_of(made, "wish")["text"]["en"] == "${waited} and ${ minutes }"


@pytest.mark.parametrize("name", ["wish", "speed", "aspects", "token", "unit"])
def test_a_name_that_is_taken_is_refused(document: Document, name: str) -> None:
    """Names of questions, of rows, and those that pages and datasets use themselves."""
    with pytest.raises(QuestionnaireError, match="name"):
        editing.add_question(document, 0, 0, ask(name))
    with pytest.raises(QuestionnaireError, match="name"):
        editing.set_question(document, "overall", {**question_of(document, "overall"), "variable": name})


def test_a_row_has_another_name_than_its_matrix(document: Document) -> None:
    """Both are names of the document."""
    with pytest.raises(QuestionnaireError, match="name"):
        editing.set_question(document, "aspects", {**question_of(document, "aspects"), "variable": "speed"})


@pytest.mark.parametrize(
    ("wish", "made"),
    [("new", "new"), ("wish", "wish_2"), ("q1", "q1"), ("token", "token_2"), ("x" * 40, "x" * 40)],
)
def test_free_names(document: Document, wish: str, made: str) -> None:
    """A wish that is free is granted, another gets a number."""
    assert editing.free_name(document, wish) == made


def test_numbered_names_count_on(document: Document) -> None:
    """q1 is followed by q2, and a name is never longer than a name may be."""
    document = editing.add_question(document, 0, 0, ask("q1"))
    assert editing.free_name(document, "q1") == "q2"
    document = editing.add_question(document, 0, 0, ask("x" * 40))
    assert len(editing.free_name(document, "x" * 40)) <= 40


def test_a_copy_reads_itself_and_is_free(document: Document) -> None:
    """A copy has names of its own, reads itself where the first did, and is no standard item any more."""
    first = question_of(document, "minutes")
    first |= {"end_if": "${minutes} > 500", "locked": True, "bank": "minutes"}
    made, name = editing.duplicate_question(document, "minutes")
    twin = question_of(made, name)
    assert (name, twin["end_if"]) == ("minutes_2", "${minutes_2} > 500")
    assert "locked" not in twin
    assert "bank" not in twin
    assert editing.order(made)[1][4] == "minutes_2"


def test_the_copy_of_a_matrix_has_new_rows(document: Document) -> None:
    """Rows are variables, so their copies get names of their own."""
    made, name = editing.duplicate_question(document, "aspects")
    assert [row["variable"] for row in question_of(made, name)["rows"]] == ["speed_2", "manner_2"]
    read_questionnaire(made)


def test_questions_taken_together_keep_reading_each_other(document: Document) -> None:
    """Where names had to be changed, what one of them reads of another follows."""
    new = [ask("wish"), ask("follow_up", show_if="answered(${wish})")]
    made, names = editing.add_questions(document, 1, 99, new)
    assert names == ["wish_2", "follow_up"]
    assert question_of(made, "follow_up")["show_if"] == "answered(${wish_2})"


def test_readers_of_a_question(document: Document) -> None:
    """Questions and sections that read it, or one of its rows, in conditions, checks or texts."""
    assert editing.readers(document, ["overall"]) == ["first_visit", "channels", "aspects", "wish", "section 2"]
    assert editing.readers(document, ["minutes"]) == ["wish"]
    question_of(document, "wish")["show_if"] = "${speed} = 1"
    assert editing.readers(document, ["aspects"]) == ["wish"]
    assert editing.readers(document, ["overall", "first_visit", "aspects", "channels", "wish"]) == ["section 2"]


def test_the_last_section_leaves_an_empty_one() -> None:
    """A questionnaire has a section always."""
    document = editing.new_document("a", {"en": "A"})
    assert editing.delete_section(document, 0)["sections"] == [{"questions": []}]


GONE: dict[str, Callable[[Document], Any]] = {
    "move question": lambda d: editing.move_question(d, "gone", 0, 0),
    "delete question": lambda d: editing.delete_question(d, "gone"),
    "set question": lambda d: editing.set_question(d, "gone", ask("gone")),
    "delete section": lambda d: editing.delete_section(d, 9),
    "move section": lambda d: editing.move_section(d, -1, 0),
    "add question": lambda d: editing.add_question(d, 9, 0, ask("new")),
}


@pytest.mark.parametrize("step", GONE)
def test_what_is_gone_is_named(document: Document, step: str) -> None:
    """Somebody else may have deleted it: the error says so, and nothing else is raised."""
    with pytest.raises(QuestionnaireError, match="no longer there"):
        GONE[step](document)


def test_completeness_counts_every_text(document: Document) -> None:
    """A text emptied in every language is still a text that lacks; it can be filled again."""
    have, of = editing.completeness(document)["en"]
    assert have == of
    path = next(path for path, _ in editing.texts(document) if path.endswith("hint"))
    emptied = editing.set_texts(document, {path: {"en": "", "zh-Hans": ""}})
    assert editing.completeness(emptied)["en"] == (of - 1, of)
    assert editing.set_texts(emptied, {path: {"en": "As you felt it", "zh-Hans": "请按真实感受选择"}}) == document


def test_filled_shows_another_language(document: Document) -> None:
    """An unfinished draft can be shown: each text has words in each language."""
    document["languages"].append("fr")
    del question_of(document, "wish")["text"]["zh-Hans"]
    read_questionnaire(editing.filled(document))


def test_a_language_goes_with_its_words(document: Document) -> None:
    """Except those of locked standard items, which stay as they are in the bank."""
    question_of(document, "overall")["locked"] = True
    made = editing.without_language(document, "en")
    assert made["languages"] == ["zh-Hans"]
    assert "en" not in made["title"]
    assert "en" not in question_of(made, "wish")["text"]
    assert question_of(made, "overall") == question_of(document, "overall")


@pytest.mark.parametrize(
    "wrong",
    [None, [], "text", {}, {"sections": []}, {**editing.new_document("a", {"en": "A"}), "sections": [{}]}],
)
def test_what_cannot_be_edited_is_refused(wrong: Any) -> None:
    """Any JSON value that is no questionnaire is refused with a named error."""
    with pytest.raises(QuestionnaireError):
        check_shape(wrong)


def test_an_unfinished_document_can_be_edited(document: Document) -> None:
    """An empty section, a name twice, a condition on nothing: a draft may be so."""
    document["sections"].append({"questions": []})
    question_of(document, "wish")["show_if"] = "${nothing} ="
    check_shape(document)
    question_of(document, "channels")["choices"][0]["code"] = "one"
    with pytest.raises(QuestionnaireError, match="code"):
        check_shape(document)
