"""xiaoju-survey files: every entry is accounted for, and no markup survives."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from given_files import given
from survey.errors import QuestionnaireError
from survey.formats.report import Fate
from survey.formats.xiaoju import is_xiaoju, read_xiaoju
from survey.questionnaire import read_questionnaire

FILE: dict[str, Any] = {
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
            {"type": "textarea", "title": "意见", "valid": "m"},
            {"type": "upload", "title": "附件"},
            {"type": "text", "title": " "},
        ]
    },
    "logicConf": {"showLogicConf": []},
}


def test_every_entry_is_accounted_for() -> None:
    """Kinds that are read, a check that is not made, a choice's own field, and what is left out with its reason."""
    report = read_xiaoju({**FILE, "logicConf": {"rules": [1]}}, name="small", language="zh-Hans")
    fates = [(one.place, one.fate) for one in report.constructs]
    assert fates == [
        ("question 1", Fate.MAPPED),
        ("question 1, choice 1", Fate.MAPPED),
        ("question 1, choice 2", Fate.APPROXIMATED),
        ("question 2", Fate.MAPPED),
        ("question 3", Fate.APPROXIMATED),
        ("question 4", Fate.LEFT_OUT),
        ("question 5", Fate.LEFT_OUT),
        ("logicConf", Fate.LEFT_OUT),
    ]
    assert all(one.reason for one in report.constructs if one.fate is not Fate.MAPPED)


def test_the_document_can_be_published_and_holds_no_markup() -> None:
    """Titles are words; a script in a title is text that lost its tags."""
    report = read_xiaoju(FILE, name="small", language="zh-Hans")
    read = read_questionnaire(report.document)
    assert [question.type for question in read.questions] == ["single", "scale", "text"]
    assert "<" not in json.dumps(report.document, ensure_ascii=False)


def test_a_file_without_questions_is_refused() -> None:
    """Nothing is made of an empty list."""
    with pytest.raises(QuestionnaireError):
        read_xiaoju({"dataConf": {"dataList": []}}, name="empty", language="zh-Hans")


def test_the_real_template_is_read_whole() -> None:
    """The NPS template of the project itself: both questions mapped."""
    path = Path(given("given-questionnaires")) / "G14_xiaoju_nps_zh.json"
    document = json.loads(path.read_text(encoding="utf-8"))
    assert is_xiaoju(document)
    report = read_xiaoju(document, name="nps", language="zh-Hans")
    assert report.mapped_share == 1.0
    assert len(read_questionnaire(report.document).questions) == 2
