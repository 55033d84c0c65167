"""What changed between two versions, and whether it is a text fix."""

import copy
import random
from collections.abc import Callable
from typing import Any

import pytest

from counter import questionnaire, rating, wish
from question_types import document
from random_documents import random_questionnaire
from scale import scaled
from survey.differences import Change, Difference, Kind, Level, compare, is_wording_only
from survey.questionnaire import Questionnaire, read_questionnaire

YES_NO = [{"code": 1, "text": {"en": "yes"}}, {"code": 2, "text": {"en": "no"}}]


def single(variable: str = "q1", text: str = "Is it?", **more: Any) -> dict[str, Any]:
    return {
        "type": "single",
        "variable": variable,
        "text": {"en": text},
        "choices": more.pop("choices", YES_NO),
        **more,
    }


def read(*questions: dict[str, Any], **more: Any) -> Questionnaire:
    return read_questionnaire(questionnaire(*questions, **more))


def told(old: Questionnaire, new: Questionnaire) -> list[tuple[str, str, str, str]]:
    """Each difference short: change, place, part, field."""
    return [(str(one.change), one.place, one.part, one.field) for one in compare(old, new)]


def test_equal_versions_do_not_differ() -> None:
    """The same document, every type in it, has no differences, and none is no more than wording."""
    one = read_questionnaire(document())
    assert compare(one, read_questionnaire(document())) == []
    assert is_wording_only([])


def test_a_typo_is_wording() -> None:
    """A text corrected in one language is one difference, with both texts, and a text fix."""
    texts = {"en": "How wos it?", "de": "Wie war es?"}
    many = {"title": {"en": "t", "de": "t"}, "languages": ["en", "de"]}
    choices = [{"code": one, "text": {"en": "a", "de": "b"} | {"en": str(one)}} for one in (1, 2)]
    old = read(single(choices=choices) | {"text": texts}, **many)
    new = read(single(choices=choices) | {"text": texts | {"en": "How was it?"}}, **many)
    assert compare(old, new) == [
        Difference(
            Kind.WORDING,
            Change.TEXT_CHANGED,
            Level.QUESTION,
            "q1",
            field="text",
            language="en",
            old="How wos it?",
            new="How was it?",
        )
    ]
    assert is_wording_only(compare(old, new))


def test_a_hint_that_comes_or_goes_is_wording() -> None:
    """A text where there was none, and none where there was one."""
    with_hint = read(single(hint={"en": "Think twice."}))
    (come,) = compare(read(single()), with_hint)
    (gone,) = compare(with_hint, read(single()))
    assert (come.old, come.new, come.is_wording) == (None, "Think twice.", True)
    assert (gone.old, gone.new, gone.is_wording) == ("Think twice.", None, True)


CHANGES: dict[str, tuple[dict[str, Any], tuple[str, str, str, str]]] = {
    "condition": ({"show_if": "${q0} = 1"}, ("setting_changed", "q1", "", "show_if")),
    "end": ({"end_if": ". = 2"}, ("setting_changed", "q1", "", "end_if")),
    "required": ({"required": True}, ("setting_changed", "q1", "", "required")),
    "role": ({"role": "other"}, ("setting_changed", "q1", "", "role")),
    "shuffled": ({"shuffled": True}, ("setting_changed", "q1", "", "shuffled")),
    "check": ({"checks": [{"rule": ". = 1", "text": {"en": "!"}}]}, ("added", "q1", "1", "")),
    "choice added": ({"choices": [*YES_NO, {"code": 3, "text": {"en": "both"}}]}, ("added", "q1", "3", "")),
    "code": ({"choices": [YES_NO[0], {"code": 0, "text": {"en": "no"}}]}, ("code_changed", "q1", "0", "code")),
    "missing": (
        {"choices": [YES_NO[0], YES_NO[1] | {"missing": "dont_know"}]},
        ("setting_changed", "q1", "2", "missing"),
    ),
    "reason": (
        {"choices": [YES_NO[0] | {"reasons": [{"code": 7, "text": {"en": "?"}}]}, YES_NO[1]]},
        ("added", "q1", "1.7", ""),
    ),
}


@pytest.mark.parametrize("name", CHANGES)
def test_what_is_more_than_words_is_structural(name: str) -> None:
    """One change, told at its place, and no text fix."""
    more, expected = CHANGES[name]
    old, new = read(single("q0"), single()), read(single("q0"), single(**more))
    assert told(old, new) == [expected]
    assert not is_wording_only(compare(old, new))


def test_another_type_is_told_as_such() -> None:
    """Five choices that become a five-level question: the type changed, and no choice did."""
    as_single = rating() | {"type": "single"}
    (found,) = compare(read(as_single), read(rating()))
    assert (found.change, found.old, found.new, found.kind) == ("type_changed", "single", "five_level", "structural")


def test_other_words_for_a_unit_are_structural() -> None:
    """Minutes are no hours: the unit of a number is a measure, not wording."""
    number = {"type": "number", "variable": "n", "text": {"en": "?"}, "unit": {"en": "minutes"}}
    (found,) = compare(read(number), read(number | {"unit": {"en": "hours"}}))
    assert (found.field, found.kind) == ("unit", Kind.STRUCTURAL)


def test_swapped_words_are_no_text_fix() -> None:
    """Choices told by their words: yes and no under each other's code changed codes, not texts."""
    swapped = [{"code": 1, "text": {"en": "no"}}, {"code": 2, "text": {"en": "yes"}}]
    found = compare(read(single()), read(single(choices=swapped)))
    assert {(one.change, one.part) for one in found if one.change is Change.CODE_CHANGED} == {
        (Change.CODE_CHANGED, "1"),
        (Change.CODE_CHANGED, "2"),
    }
    assert not is_wording_only(found)


def test_questions_that_swap_words_are_no_text_fix() -> None:
    """Two variables that exchange their questions, and a row that takes another's words, mean other things now."""
    old = read(single("q1", "Was it quick?"), single("q2", "Was it cheap?"))
    new = read(single("q1", "Was it cheap?"), single("q2", "Was it quick?"))
    assert [one.kind for one in compare(old, new)] == [Kind.STRUCTURAL, Kind.STRUCTURAL]
    rows = [{"variable": "a", "text": {"en": "A"}}, {"variable": "b", "text": {"en": "B"}}]
    other = [{"variable": "a", "text": {"en": "B"}}, {"variable": "b", "text": {"en": "C"}}]
    found = compare(read(single(type="matrix", rows=rows)), read(single(type="matrix", rows=other)))
    assert {one.part: one.kind for one in found} == {"a": Kind.STRUCTURAL, "b": Kind.WORDING}


def test_ends_of_a_scale_that_swap_are_no_text_fix() -> None:
    """Never and always exchanged turn the scale round."""
    ends = {"first": 0, "last": 10, "first_label": {"en": "never"}, "last_label": {"en": "always"}}
    scale = {"type": "scale", "variable": "s", "text": {"en": "?"}, **ends}
    turned = scale | {"first_label": {"en": "always"}, "last_label": {"en": "never"}}
    assert [one.kind for one in compare(read(scale), read(turned))] == [Kind.STRUCTURAL] * 2


def test_one_moved_question_is_one_difference() -> None:
    """Of three questions the last is put first: it moved, the others kept their order."""
    questions = [single(f"q{number}") for number in range(3)]
    (found,) = compare(read(*questions), read(questions[2], *questions[:2]))
    assert (found.change, found.place, found.old, found.new) == ("moved", "q2", "1.3", "1.1")


def sections(*groups: list[dict[str, Any]], **more: Any) -> Questionnaire:
    parts = [{"title": {"en": f"Part {group[0]['variable']}"}, "questions": group} for group in groups]
    return read(sections=parts, **more)


def test_sections_are_matched_by_what_they_ask() -> None:
    """Two sections that change places are one move; a question that changes section moved, and nothing came or went."""
    a, b, c, d = (single(name) for name in "abcd")
    moved = compare(sections([a, b], [c, d]), sections([c, d], [a, b]))
    assert [(one.change, one.level) for one in moved] == [(Change.MOVED, Level.SECTION)]
    assert told(sections([a, b], [c, d]), sections([a], [c, d, b])) == [("moved", "b", "", "")]


def test_a_section_that_goes_takes_its_questions_along() -> None:
    """The section is removed and so is each question in it; they stand at the end."""
    a, b, c = (single(name) for name in "abc")
    found = compare(sections([a], [b, c]), sections([a]))
    assert [(one.change, one.level, one.place) for one in found] == [
        ("removed", "section", "section 2"),
        ("removed", "question", "b"),
        ("removed", "question", "c"),
    ]
    assert found[1].old == {"en": "Is it?"}


def test_a_language_is_one_difference() -> None:
    """A language that comes or goes as a whole is told once, not text by text, and is structural."""
    all_three = read_questionnaire(document())
    two = read_questionnaire(document(languages=("zh-Hans", "en")))
    assert [(one.change, one.part, one.kind) for one in compare(all_three, two)] == [("removed", "ar", "structural")]
    assert [(one.change, one.part) for one in compare(two, all_three)] == [("added", "ar")]


def test_a_code_is_followed_though_a_language_came() -> None:
    """Choices are told by the words that both versions have."""
    both = {"title": {"en": "Counter", "de": "Schalter"}, "languages": ["en", "de"]}
    turned = [{"code": 2, "text": {"en": "yes", "de": "ja"}}, {"code": 1, "text": {"en": "no", "de": "nein"}}]
    new = read(single(choices=turned) | {"text": {"en": "Is it?", "de": "Ja?"}}, **both)
    assert [one.change for one in compare(read(single()), new)] == ["added", "code_changed", "code_changed"]


def _leaves(node: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    if isinstance(node, dict):
        return [found for key, value in node.items() for found in _leaves(value, (*path, key))]
    if isinstance(node, list):
        return [found for index, value in enumerate(node) for found in _leaves(value, (*path, index))]
    return [path]


def _changed(node: Any, path: tuple[Any, ...], change: Callable[[Any], Any]) -> Any:
    found = copy.deepcopy(node)
    at = found
    for step in path[:-1]:
        at = at[step]
    at[path[-1]] = change(at[path[-1]])
    return found


def _is_text(path: tuple[Any, ...]) -> bool:
    return path[-1] in ("en", "zh-Hans", "ar")


def test_no_text_of_a_document_is_overlooked() -> None:
    """Any one text changed is exactly one difference in its language, and wording unless it is a unit."""
    old = read_questionnaire(document())
    texts = [path for path in _leaves(document()) if _is_text(path) and "reasons" not in path]  # those stand twice
    for path in texts:
        new = read_questionnaire(_changed(document(), path, lambda text: text + " ¶"))
        (found,) = compare(old, new)
        assert (found.language, found.new[-1]) == (path[-1], "¶"), path
        assert found.is_wording is ("unit" not in path), path
    assert len(texts) > 200


def test_no_setting_of_a_document_is_overlooked() -> None:
    """Whatever else of a document is changed so that it can still be read, something structural is told."""
    old = document()
    seen = 0
    for path in _leaves(old):
        if _is_text(path) or path == ("format",):
            continue
        for change in (lambda value: not value, lambda value: value + 1, lambda value: value + "x"):
            try:
                new = read_questionnaire(_changed(old, path, change))
            except Exception:  # noqa: S112  most changes break the document
                continue
            if new == read_questionnaire(old):
                continue
            seen += 1
            found = compare(read_questionnaire(old), new)
            assert found and not is_wording_only(found), path
    assert seen > 50


def test_comparing_is_orderly_and_finds_nothing_in_itself() -> None:
    """Random documents: none differs from itself, and any two give the same list each time, as JSON too."""
    rng = random.Random(5)
    documents = [random_questionnaire(rng, shuffled=rng.random() < 0.5) for _ in range(scaled(400, least=10))]
    for old, new in zip(documents, [*documents[1:], documents[0]], strict=True):
        assert compare(old, old) == []
        found = compare(old, new)
        assert found == compare(old, new)
        assert {one.as_json()["kind"] for one in found} <= {"wording", "structural"}
        if old.sections != new.sections:
            assert found


def test_long_lists_are_compared_at_once() -> None:
    """Five thousand places that all change their order take no time to speak of."""
    places = [{"code": f"P{number}", "text": {"en": f"Place {number}"}} for number in range(5000)]
    question = {"type": "place", "variable": "where", "text": {"en": "?"}}
    found = compare(read(question | {"places": places}, wish()), read(question | {"places": places[::-1]}, wish()))
    assert len(found) == 4999
