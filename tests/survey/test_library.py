"""The library: templates that can be published as they are, and standard items that stay word for word."""

import copy
import json
import re
from collections.abc import Iterator
from importlib import resources
from typing import Any

import pytest

from survey import roster
from survey.findings import Severity
from survey.library import (
    BankItem,
    LibraryError,
    bank,
    bank_item,
    is_as_in_bank,
    locked_changes,
    template,
    templates,
    use,
)
from survey.proof import prove
from survey.questionnaire import questionnaire_id, read_questionnaire

TEMPLATES = [one.name for one in templates()]
ITEMS = {one.name: one for one in bank()}
CHINESE = re.compile("[\u4e00-\u9fff]")


def whole(*questions: dict[str, Any]) -> dict[str, Any]:
    title = {"zh-Hans": "试", "en": "Trial"}
    return {
        "format": "minyi-questionnaire/1",
        "name": "trial",
        "title": title,
        "languages": list(title),
        "sections": [{"questions": list(questions)}],
    }


def texts(node: Any) -> Iterator[dict[str, str]]:
    if isinstance(node, dict):
        if "zh-Hans" in node or "en" in node:
            yield node
        else:
            for part in node.values():
                yield from texts(part)
    elif isinstance(node, list | tuple):
        for part in node:
            yield from texts(part)


def test_what_the_library_promises_is_there() -> None:
    """The templates by name, and more than forty items with names of their own."""
    assert TEMPLATES == [
        "business_survey",
        "complaint_check",
        "haochaping_counter",
        "haochaping_online",
        "minzhu_ceping",
        "resident_general",
        "service_quality",
    ]
    assert len(ITEMS) == len(bank()) > 40
    assert sum(item.locked for item in bank()) > 40


@pytest.mark.parametrize("name", TEMPLATES)
def test_each_template_can_be_published(name: str) -> None:
    """Valid in Chinese and English, without a fault in its routing, its standard items as they are in the bank."""
    document = template(name)
    read = read_questionnaire(document)
    assert read.languages == ("zh-Hans", "en")
    assert [one for one in prove(read) if one.severity is Severity.FAULT] == []
    assert locked_changes(document) == []
    assert document["name"] == name


@pytest.mark.parametrize("name", ITEMS)
def test_each_item_can_be_used(name: str) -> None:
    """A question of its own, valid in both languages, and as it is in the bank."""
    question = use(bank_item(name))
    read = read_questionnaire(whole(question))
    assert read.questions[0].bank == name and read.questions[0].locked is ITEMS[name].locked
    assert is_as_in_bank(question)
    assert set(ITEMS[name].populations) <= {"residents", "service_events", "customers", "roster"}


def test_both_languages_are_written_in_their_own_script() -> None:
    """Chinese texts are Chinese or figures, English ones hold no Chinese; none is empty or has space around it."""
    everything = [template(name) for name in TEMPLATES] + [use(item) for item in bank()]
    everything += [[item.source, item.advice, item.topic_title] for item in bank()]
    found = [one for part in everything for one in texts(part)]
    assert len(found) > 500
    for one in found:
        assert set(one) == {"zh-Hans", "en"}, one
        assert CHINESE.search(one["zh-Hans"]) and not CHINESE.search(one["en"]), one
        assert all(text == text.strip() for text in one.values())
        assert not re.search("[,;?!]", one["zh-Hans"]), one


def test_judged_items_have_balanced_scales_but_for_the_national_one() -> None:
    """Five levels: two good, one between, two bad; only the national levels lean."""
    leaning = {item.name for item in bank() if "national" in item.name}
    for item in bank():
        levels = [choice for choice in item.question.get("choices", ()) if not choice.get("missing")]
        if item.question["type"] == "five_level":
            middle = next(choice["text"]["zh-Hans"] for choice in levels if choice["code"] == 3)
            assert (middle == "基本满意") is (item.name in leaning), item.name


def test_who_cannot_judge_may_say_so() -> None:
    """Judged items that are not for everybody offer a way out; nobody must tell about themselves."""
    for item in bank():
        ways = [choice.get("missing") for choice in item.question.get("choices", ()) if choice.get("missing")]
        ways += [option["kind"] for option in item.question.get("missing", ())]
        if item.topic == "person":
            assert "refused" in ways, item.name
        if (
            item.topic in ("staff", "facilities", "digital", "trust", "business")
            and item.question["type"] == "five_level"
        ):
            assert ways, item.name


def test_no_two_items_ask_the_same() -> None:
    """Two items with the same words would split what should be compared."""
    asked = [json.dumps(item.question["text"], sort_keys=True, ensure_ascii=False) for item in bank()]
    assert len(set(asked)) == len(asked)


def test_the_resident_survey_is_a_whole_one() -> None:
    """At least twenty-five questions, a matrix, conditions and demographics."""
    read = read_questionnaire(template("resident_general"))
    assert len(read.questions) >= 25
    assert any(question.type == "matrix" for question in read.questions)
    assert sum(question.show_if is not None for question in read.questions) >= 5
    assert sum(question.role == "demographic" for question in read.questions) >= 5


def test_the_counter_rating_asks_reasons_at_every_level() -> None:
    """The five national levels, the lowest two with reasons of their own, and only the first question required."""
    read = read_questionnaire(template("haochaping_counter"))
    overall = read.listed["overall"]
    assert [choice.text["zh-Hans"] for choice in overall.choices] == [
        "非常满意",
        "满意",
        "基本满意",
        "不满意",
        "非常不满意",
    ]
    assert all(choice.reasons for choice in overall.choices)
    assert [question.variable for question in read.questions if question.required] == ["overall"]


def test_a_roster_of_any_size() -> None:
    """Four by twenty-five as the template has it; other dimensions, units and levels where they are given."""
    assert template("minzhu_ceping") == roster.roster()
    read = read_questionnaire(roster.roster())
    assert (len(read.questions), len(read.leaves)) == (4, 100)
    own = roster.roster(
        [("plan", {"zh-Hans": "规划", "en": "Planning"})],
        [("tax", {"zh-Hans": "税务局", "en": "Tax office"}), ("civil", {"zh-Hans": "民政局", "en": "Civil affairs"})],
        [(2, {"zh-Hans": "满意", "en": "Content"}), (1, {"zh-Hans": "不满意", "en": "Not content"})],
    )
    read = read_questionnaire(own)
    assert list(read.by_variable) == ["plan_tax", "plan_civil"]
    assert read.by_variable["plan_tax"].valid_codes() == (2, 1)
    assert roster.OWN_UNIT["missing"] == "not_applicable", "nobody rates their own unit"


def test_what_is_handed_out_is_nobodys_but_the_askers() -> None:
    """Changing a template or an item in hand does not change the library."""
    before = questionnaire_id(template("resident_general"))
    document = template("resident_general")
    document["sections"][0]["questions"][0]["text"]["en"] = "Changed"
    question = use(bank_item("courtesy"))
    question["choices"][0]["text"]["en"] = "Changed"
    assert questionnaire_id(template("resident_general")) == before
    assert use(bank_item("courtesy"))["choices"][0]["text"]["en"] == "Very good"


def test_what_is_not_there_is_refused() -> None:
    """By name, with an error of its own."""
    with pytest.raises(LibraryError):
        template("nothing")
    with pytest.raises(LibraryError):
        bank_item("nothing")


# --- the lock ---------------------------------------------------------------------------------------------------------

ALLOWED: dict[str, dict[str, Any]] = {
    "variable": {"variable": "friendly"},
    "required": {"required": True},
    "condition": {"show_if": "${x} = 1"},
    "check": {"checks": [{"rule": ". > 0", "text": {"en": "!"}}]},
    "place": {"fixed": True},
    "role": {"role": "other"},
    "another language": {
        "text": {
            "zh-Hans": "工作人员的服务态度如何？",
            "en": "How was the manner in which staff treated you?",
            "de": "Wie war man zu Ihnen?",
        }
    },
    "one language only": {"text": {"zh-Hans": "工作人员的服务态度如何？"}},
}
FORBIDDEN: dict[str, dict[str, Any]] = {
    "words": {"text": {"zh-Hans": "工作人员的服务态度好吗？", "en": "How was the manner in which staff treated you?"}},
    "no language in common": {"text": {"de": "Wie war man zu Ihnen?"}},
    "a hint": {"hint": {"zh-Hans": "请如实回答。"}},
    "type": {"type": "multiple"},
    "order": {"shuffled": True},
    "another item": {"bank": "competence"},
    "an item that is not there": {"bank": "nothing"},
    "no item": {"bank": None},
    "a broken question": {"choices": []},
}


def changed(item: BankItem, **more: Any) -> dict[str, Any]:
    found = copy.deepcopy({**use(item), **more})
    if more.get("text") and "zh-Hans" in more["text"] and "en" not in more["text"]:
        for choice in found["choices"]:
            choice["text"].pop("en")
    return found


@pytest.mark.parametrize("name", ALLOWED)
def test_placing_an_item_leaves_it_as_it_is(name: str) -> None:
    """Where it stands, who is asked and in which other languages is the designer's."""
    question = changed(bank_item("courtesy"), **ALLOWED[name])
    assert is_as_in_bank(question)
    assert locked_changes(whole(question)) == []


@pytest.mark.parametrize("name", FORBIDDEN)
def test_changing_an_item_is_told(name: str) -> None:
    """What is asked is the item's; a locked question that differs is named, an unlocked one is not."""
    question = changed(bank_item("courtesy"), **FORBIDDEN[name])
    assert not is_as_in_bank(question)
    assert locked_changes(whole(question)) == ["courtesy"]
    assert locked_changes(whole(question | {"locked": False})) == []


@pytest.mark.parametrize("name", [item.name for item in bank() if item.locked and item.question.get("choices")])
def test_choices_belong_to_the_item(name: str) -> None:
    """A word, a code, an order, a choice more or less: each is a change; reason tags are not."""
    for spoil in (
        lambda choices: choices[0]["text"].update({"zh-Hans": "另一个"}),
        lambda choices: choices[0].update({"code": 77, "missing": None}),
        lambda choices: choices.reverse(),
        lambda choices: choices.pop(),
    ):
        question = use(bank_item(name))
        spoil(question["choices"])
        assert locked_changes(whole(question)) == [name]
    question = use(bank_item(name))
    if question["type"] in ("single", "five_level"):
        question["choices"][0]["reasons"] = [{"code": 1, "text": {"zh-Hans": "快", "en": "Quick"}}]
        assert locked_changes(whole(question)) == []


def test_points_and_units_belong_to_the_item() -> None:
    """Fewer points, other ends, another unit or bound."""
    for name, more in (
        ("satisfaction_points", {"last": 9}),
        ("satisfaction_points", {"first_label": {"zh-Hans": "不满意", "en": "Not satisfied"}}),
        ("satisfaction_points", {"missing": []}),
        ("waiting_minutes", {"unit": {"zh-Hans": "小时", "en": "hours"}}),
        ("waiting_minutes", {"maximum": 60}),
    ):
        assert locked_changes(whole({**use(bank_item(name)), **more})) == [name], more


def test_a_draft_may_be_in_any_state() -> None:
    """Sections without questions, questions without a variable: nothing is said of them."""
    assert locked_changes({}) == []
    assert locked_changes({"sections": [{}, {"questions": [{"type": "text"}]}]}) == []


def test_every_file_is_part_of_the_package() -> None:
    """The pattern of the package data reaches each of them."""
    files = [path.name for path in (resources.files("survey") / "library").iterdir()]
    assert files and all(name.endswith(".json") for name in files)
