"""Plain text questionnaires: everything in the file is accounted for, and what is ruined is refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from given_files import given
from survey.errors import QuestionnaireError
from survey.formats.csv import decode
from survey.formats.plain_text import read_plain_text
from survey.formats.report import Fate
from survey.questionnaire import read_questionnaire

SMALL = """满意度调查
1. 您的性别*[单选题]
A. 男
B. 女

2、您用过哪些渠道 【多选题】
□ 窗口
□ 网上
□ 其他____

3. 您满意吗？
满意
不满意
不清楚

4. 您的建议：____ [填空题]
5. 请排序[排序题]
甲
乙
"""


def read(text: str = SMALL) -> dict[str, object]:
    return read_plain_text(text, name="small", language="zh-Hans").document


def test_kinds_marks_and_letters_are_read() -> None:
    """Number, star, kind, letters and boxes are signs and not words; don't know is its own missing code."""
    read_document = read_questionnaire(read())
    kinds = [(question.type, question.required) for question in read_document.questions]
    assert kinds == [("single", True), ("multiple", False), ("single", False), ("text", False)]
    first = read_document.questions[0]
    assert (first.text, [choice.text for choice in first.choices]) == (  # type: ignore[union-attr]
        {"zh-Hans": "您的性别"},
        [{"zh-Hans": "男"}, {"zh-Hans": "女"}],
    )
    assert read_document.questions[2].valid_codes() == (1, 2)
    assert read_document.questions[3].text == {"zh-Hans": "您的建议："}


def test_everything_is_accounted_for() -> None:
    """A heading, a kind that is not read and a blank beside a choice are told with their reasons."""
    report = read_plain_text(SMALL, name="small", language="zh-Hans")
    told = {one.place: one for one in report.constructs if one.fate is not Fate.MAPPED}
    assert told["line 1"].reason == "text before the first question"
    assert told["line 17, question 5"].reason == "排序题 is not read yet"
    assert told["question 2, choice 3"].fate is Fate.APPROXIMATED
    assert len(report.constructs) == 1 + 5 + 2 + 3 + 3


def test_a_jump_in_words_is_no_condition() -> None:
    """It is kept as text and reported, never silently obeyed or dropped."""
    report = read_plain_text("1. 去过吗？\n去过\n没去过（请跳至第3题）\n", name="jump", language="zh-Hans")
    assert [one.fate for one in report.constructs] == [Fate.MAPPED, Fate.MAPPED, Fate.APPROXIMATED]


@pytest.mark.parametrize("text", ["", "hello\nworld", "???? ????\n1. ????\n????\n????", "1. \ufffd\ufffd\ufffd" * 20])
def test_what_is_no_questionnaire_is_refused(text: str) -> None:
    """No numbered question, or text that lost its letters on the way."""
    with pytest.raises(QuestionnaireError):
        read(text)


@pytest.mark.parametrize("name", ["G16_wjx_zh_lixia_culture_services.txt", "G17_wjx_zh_community_governance.txt"])
def test_real_exports_are_read(name: str) -> None:
    """At least 85 % of what stands in a real export is mapped, and the result can be published."""
    path = Path(given("given-questionnaires")) / name
    text, _ = decode(path.read_bytes())
    report = read_plain_text(text, name="given", language="zh-Hans")
    assert report.mapped_share >= 0.85, [one for one in report.constructs if one.fate is not Fate.MAPPED]
    assert len(read_questionnaire(report.document).questions) >= 9
