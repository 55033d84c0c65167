"""xiaoju-survey files: every entry is accounted for, rules become conditions, and no markup survives."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from given_files import given
from survey.answers import replay
from survey.errors import QuestionnaireError
from survey.formats.report import Fate, Report
from survey.formats.xiaoju import is_xiaoju, read_xiaoju
from survey.questionnaire import Questionnaire, read_questionnaire

Node = dict[str, Any]
FILE: Node = {
    "title": "<p>满意度<script>alert(1)</script></p>",
    "dataConf": {
        "dataList": [
            {
                "type": "radio",
                "title": "<b>性别</b>",
                "isRequired": True,
                "options": [{"text": "男"}, {"text": "其他", "others": True}],
            },
            {"type": "radio-nps", "title": "推荐吗", "minMsg": "不会", "maxMsg": "会"},
            {"type": "textarea", "title": "意见", "valid": "licensePlate"},
            {"type": "upload", "title": "附件"},
            {"type": "text", "title": " "},
        ]
    },
    "logicConf": {"showLogicConf": []},
}


def options(*texts: str, **more: Any) -> list[Node]:
    return [{"text": text, "hash": f"h{number}", **more} for number, text in enumerate(texts, start=1)]


def survey(*entries: Node, **more: Any) -> Node:
    named = [{"field": f"f{number}", "title": f"题{number}", **one} for number, one in enumerate(entries, start=1)]
    return {"title": "调查", "dataConf": {"dataList": named}, **more}


def report(*entries: Node, **more: Any) -> Report:
    return read_xiaoju(survey(*entries, **more), name="small", language="zh-Hans")


def read(*entries: Node, **more: Any) -> Questionnaire:
    return read_questionnaire(report(*entries, **more).document)


def only(entry: Node) -> Node:
    return read(entry).questions[0].model_dump(mode="json", exclude_defaults=True)


def rule(target: str, *conditions: tuple[str, str, Any]) -> Node:
    told = [{"field": field, "operator": operator, "value": value} for field, operator, value in conditions]
    return {"conditions": told, "scope": "question", "target": target}


YES_NO: Node = {"type": "radio", "isRequired": True, "options": options("是", "否")}
MANY: Node = {"type": "checkbox", "isRequired": True, "options": options("甲", "乙", "丙")}
WORDS: Node = {"type": "text"}


def test_every_entry_is_accounted_for() -> None:
    """Kinds that are read, a check that is not made, a choice's own field, and what is left out with its reason."""
    found = read_xiaoju({**FILE, "logicConf": {"rules": [1]}}, name="small", language="zh-Hans")
    fates = [(one.place, one.fate) for one in found.constructs]
    assert fates == [
        ("title", Fate.MAPPED),
        ("question 1", Fate.MAPPED),
        ("question 1, choice 1", Fate.MAPPED),
        ("question 1, choice 2", Fate.MAPPED),
        ("question 1, choice 2, others", Fate.MAPPED),
        ("question 2", Fate.MAPPED),
        ("question 3", Fate.MAPPED),
        ("question 3, valid", Fate.LEFT_OUT),
        ("question 4", Fate.LEFT_OUT),
        ("question 5", Fate.LEFT_OUT),
        ("logicConf", Fate.LEFT_OUT),
    ]
    assert all(one.reason for one in found.constructs if one.fate is not Fate.MAPPED)


def test_the_document_can_be_published_and_holds_no_markup() -> None:
    """Titles are words; a script in a title is gone with what it would have done."""
    found = read_xiaoju(FILE, name="small", language="zh-Hans")
    read_document = read_questionnaire(found.document)
    assert [question.type for question in read_document.questions] == ["single", "nps", "text"]
    assert read_document.title == {"zh-Hans": "满意度"}
    assert "<" not in json.dumps(found.document, ensure_ascii=False)


def test_a_file_without_questions_is_refused() -> None:
    """Nothing is made of an empty list."""
    with pytest.raises(QuestionnaireError):
        read_xiaoju({"dataConf": {"dataList": []}}, name="empty", language="zh-Hans")


def test_the_real_template_is_read_whole() -> None:
    """The NPS template of the project itself: both questions mapped."""
    path = Path(given("given-questionnaires")) / "G14_xiaoju_nps_zh.json"
    document = json.loads(path.read_text(encoding="utf-8"))
    assert is_xiaoju(document)
    found = read_xiaoju(document, name="nps", language="zh-Hans")
    assert found.mapped_share == 1.0
    assert len(read_questionnaire(found.document).questions) == 2


# --- types -----------------------------------------------------------------------------------------------------------


def test_texts_and_their_checks() -> None:
    """Mobile numbers, addresses, lengths, and numbers with their bounds."""
    limits = {"textRange": {"min": {"value": 5}, "max": {"value": 80}}}
    assert only({"type": "text", "valid": "e", "placeholder": "工作邮箱"})["format"] == "email"
    assert only({"type": "text", "valid": "m"})["format"] == "phone"
    text = only({"type": "textarea", **limits})
    assert (text["max_length"], [check["rule"] for check in text["checks"]]) == (80, ["string-length(.) >= 5"])
    number = only({"type": "text", "valid": "n", "numberRange": {"min": {"value": 1}, "max": {"value": "9"}}})
    assert (number["type"], number["minimum"], number["maximum"]) == ("number", 1, 9)


def test_stars_and_recommendations() -> None:
    """Their own ends where they have them; a recommendation from 0 to 10 is one that our score knows."""
    assert only({"type": "radio-nps", "nps": {"leftText": "不会", "rightText": "会"}}) == {
        "variable": "q1",
        "type": "nps",
        "text": {"zh-Hans": "题1"},
        "first_label": {"zh-Hans": "不会"},
        "last_label": {"zh-Hans": "会"},
    }
    seven = only({"type": "radio-nps", "min": 1, "max": 7})
    assert (seven["type"], seven["first"], seven["last"]) == ("scale", 1, 7)
    ten = only({"type": "radio-star", "starMin": 1, "starMax": 10})
    assert (ten["type"], ten["first"], ten["last"], ten["last_label"]) == ("scale", 1, 10, {"zh-Hans": "非常满意"})


def test_words_asked_for_beside_single_points() -> None:
    """A question of its own, asked of those who chose these points."""
    config = {
        "1": {"isShowInput": True, "text": "哪里不好", "required": True},
        "2": {"isShowInput": True, "text": "哪里不好"},
    }
    found = read({"type": "radio-star", "rangeConfig": config}, WORDS)
    assert [(one.variable, one.required, one.show_if) for one in found.questions] == [
        ("q1", False, None),
        ("q1_why", True, "${q1} = 1"),
        ("q1_why_2", False, "${q1} = 2"),
        ("q2", False, None),
    ]


def test_choices_with_all_that_belongs_to_them() -> None:
    """Order, bounds, words beside one, fixed ones, those that stand alone and those that are no answer."""
    entry = {
        "type": "checkbox",
        "randomSort": True,
        "minNum": 1,
        "maxNum": "2",
        "options": [*options("甲", "以上都没有", "不清楚"), {"text": "其他", "others": True, "mustOthers": True}],
        "extraOptions": [{"text": "另有", "hash": "x"}],
    }
    found = report(entry)
    one = read_questionnaire(found.document).questions[0].model_dump(mode="json", exclude_defaults=True)
    assert (one["type"], one["shuffled"], one["at_least"], one["at_most"]) == ("multiple", True, 1, 2)
    assert [{key for key in choice if key not in ("code", "text")} for choice in one["choices"]] == [
        set(),
        {"exclusive"},
        {"missing"},
        {"specify"},
        {"fixed"},
    ]
    assert [(one.kind, one.fate) for one in found.constructs if one.fate is not Fate.MAPPED] == [
        ("words beside it", Fate.APPROXIMATED)
    ]


def test_votes_trees_and_matrices() -> None:
    """A vote does not show how others voted; a cascade is a tree of places."""
    vote = report({"type": "vote", "innerType": "checkbox", "options": options("甲", "乙")})
    assert vote.document["sections"][0]["questions"][0]["type"] == "multiple"
    assert [one.fate for one in vote.constructs if one.kind == "vote"] == [Fate.APPROXIMATED]
    leaves = [{"text": "一街", "hash": "a"}, {"text": "二街", "hash": "a"}]
    tree = only({"type": "cascader", "cascaderData": {"children": [{"text": "东区", "hash": "e", "children": leaves}]}})
    assert [(one["code"], one.get("parent")) for one in tree["places"]] == [("e", None), ("a", "e"), ("p1.2", "e")]
    grid = only({"type": "matrix-checkbox", "rows": options("态度", "效率"), "options": options("好", "快")})
    assert (grid["multiple"], [row["variable"] for row in grid["rows"]]) == (True, ["q1_1", "q1_2"])


# --- rules -----------------------------------------------------------------------------------------------------------


def test_rules_for_showing_become_conditions() -> None:
    """All conditions that name a question must hold; one that was not answered holds for nothing."""
    rules = [
        rule("f3", ("f1", "in", ["h1"]), ("f2", "eq", ["h1", "h2"])),
        rule("f4", ("f2", "neq", ["h3"])),
        rule("f5", ("f1", "neq", "")),
    ]
    found = read({**YES_NO, "isRequired": False}, MANY, WORDS, WORDS, WORDS, logicConf={"showLogicConf": rules})
    assert [one.show_if for one in found.questions[2:]] == [
        "${q1} = 1 and selected(${q2}, 1) and selected(${q2}, 2)",
        "answered(${q2}) and not selected(${q2}, 3)",
        "answered(${q1})",
    ]
    assert replay(found, {}).shown == ["q1", "q2"]


def test_jumps_become_conditions_and_ends() -> None:
    """To a later question, or out of the questionnaire."""
    jumps = [rule("f4", ("f1", "in", "h2")), rule("end", ("f2", "in", "h3"))]
    found = read(YES_NO, MANY, WORDS, WORDS, logicConf={"jumpLogicConf": jumps})
    assert replay(found, {"q1": ["2"]}).shown == ["q1", "q4"]
    assert replay(found, {"q1": ["1"], "q2": ["3"]}).shown == ["q1", "q2"]
    assert replay(found, {"q1": ["1"], "q2": ["1"]}).shown == ["q1", "q2", "q3", "q4"]


def test_rules_that_cannot_be_kept_are_told() -> None:
    """Those that ask for what comes later or is not there, and those that lead back."""
    logic = {
        "showLogicConf": [
            rule("f1", ("f2", "in", "h1")),
            rule("f2", ("f1", "in", "nothing")),
            rule("f9", ("f1", "in", "h1")),
        ],
        "jumpLogicConf": [rule("f1", ("f2", "in", "h1"))],
    }
    found = report(YES_NO, MANY, logicConf=logic)
    told = [one for one in found.constructs if one.kind.endswith("rule")]
    assert [one.fate for one in told] == [Fate.LEFT_OUT] * 4
    assert [one.show_if for one in read_questionnaire(found.document).questions] == [None, None]


def test_what_a_rule_asks_for_stays_an_answer() -> None:
    """Elsewhere "not sure" is a missing answer."""
    entry = {"type": "radio", "options": options("是", "不清楚")}
    logic = {"showLogicConf": [rule("f3", ("f1", "in", "h2"))]}
    found = report(entry, entry, WORDS, logicConf=logic)
    first, second = read_questionnaire(found.document).questions[:2]
    assert (first.valid_codes(), second.valid_codes()) == ((1, 2), (1,))
    assert len(found.warnings) == 1


# --- around ----------------------------------------------------------------------------------------------------------


def test_pages_title_and_last_words() -> None:
    """Pages are sections; the banner is title and introduction; looks and times are told as left out."""
    banner = {"titleConfig": {"mainTitle": "<h3>欢迎</h3><p>请您填写</p>", "subTitle": ""}}
    found = read_xiaoju(
        survey(
            WORDS,
            WORDS,
            WORDS,
            title="",
            bannerConf=banner,
            pageConf=[1, 2],
            submitConf={"msgContent": {"msg_200": "提交成功"}, "confirmAgain": {"is_again": True}},
            skinConf={"skinColor": "red"},
            baseConf={"begTime": "2024"},
        ),
        name="small",
        language="zh-Hans",
    )
    read_document = read_questionnaire(found.document)
    assert [len(section.questions) for section in read_document.sections] == [1, 2]
    assert (read_document.title, read_document.introduction, read_document.closing) == (
        {"zh-Hans": "欢迎"},
        {"zh-Hans": "请您填写"},
        {"zh-Hans": "提交成功"},
    )
    assert {one.place for one in found.constructs if one.fate is Fate.LEFT_OUT} == {"skinConf", "baseConf"}


def test_texts_without_measure_are_cut_and_told() -> None:
    """What is longer than a text of ours may be is shortened, and the report says where."""
    found = report({**WORDS, "title": "长" * 9000})
    assert len(read_questionnaire(found.document).questions[0].text["zh-Hans"]) == 4000
    assert found.warnings == ["q1: a text of 9000 characters was cut to 4000"]


def test_what_looks_like_a_pipe_is_none() -> None:
    """Words of strangers never show an answer."""
    found = read({**YES_NO, "title": "甲"}, {**WORDS, "title": "说 ${q1}"})
    assert found.questions[1].text == {"zh-Hans": "说 $ {q1}"}
