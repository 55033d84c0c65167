"""Plain text questionnaires: everything in the file is accounted for, and what is ruined is refused."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from given_files import given
from survey.answers import replay
from survey.errors import QuestionnaireError
from survey.formats.csv import decode
from survey.formats.plain_text import read_plain_text
from survey.formats.report import Fate, Report
from survey.questionnaire import Questionnaire, read_questionnaire

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
6. 上传附件[上传题]
请用手机拍照
"""


def report(text: str = SMALL, language: str = "zh-Hans") -> Report:
    return read_plain_text(text, name="small", language=language)


def read(text: str = SMALL, language: str = "zh-Hans") -> Questionnaire:
    return read_questionnaire(report(text, language).document)


def short(text: str, language: str = "zh-Hans") -> list[dict[str, Any]]:
    """The questions of a text without their defaults."""
    return [one.model_dump(mode="json", exclude_defaults=True) for one in read(text, language).questions]


def words(texts: Any) -> list[str]:
    return [next(iter(one["text"].values())) for one in texts]


def test_kinds_marks_and_letters_are_read() -> None:
    """Number, star, kind, letters and boxes are signs and not words; don't know is its own missing code."""
    read_document = read()
    kinds = [(question.type, question.required) for question in read_document.questions]
    assert kinds == [("single", True), ("multiple", False), ("single", False), ("text", False), ("ranking", False)]
    first = read_document.questions[0]
    assert (first.text, [choice.text for choice in first.choices]) == (  # type: ignore[union-attr]
        {"zh-Hans": "您的性别"},
        [{"zh-Hans": "男"}, {"zh-Hans": "女"}],
    )
    assert read_document.questions[2].valid_codes() == (1, 2)
    assert read_document.questions[3].text == {"zh-Hans": "您的建议："}
    assert read_document.title == {"zh-Hans": "满意度调查"}


def test_everything_is_accounted_for() -> None:
    """Title, questions, choices, and a kind that is not read with all that stands below it."""
    found = report()
    told = {one.place: one for one in found.constructs if one.fate is not Fate.MAPPED}
    assert told["line 20, question 6"].reason == "上传题 is not read"
    assert told["line 21"].fate is Fate.LEFT_OUT
    assert len(told) == 2
    assert len(found.constructs) == 1 + 6 + 2 + 3 + 3 + 2 + 1


def test_a_jump_to_nowhere_is_no_condition() -> None:
    """It is reported, never silently obeyed or dropped."""
    found = report("1. 去过吗？\n去过\n没去过（请跳至第3题）\n")
    assert [one.fate for one in found.constructs] == [Fate.MAPPED, Fate.MAPPED, Fate.APPROXIMATED]
    told = report("1. 去过吗？如没去过，请跳至第3题\n去过\n没去过\n2. 何时？\n3. 建议？\n")
    assert [one.reason for one in told.constructs if one.kind == "jump"]
    assert [one.show_if for one in read_questionnaire(told.document).questions] == [None, None, None]


@pytest.mark.parametrize("text", ["", "hello\nworld", "???? ????\n1. ????\n????\n????", "1. \ufffd\ufffd\ufffd" * 20])
def test_what_is_no_questionnaire_is_refused(text: str) -> None:
    """No numbered question, or text that lost its letters on the way."""
    with pytest.raises(QuestionnaireError):
        report(text)


@pytest.mark.parametrize(("text", "said"), [("1. a\n" * 70_000, "too long"), ("1. a\n" + "x" * 5000, "Line 2")])
def test_what_nobody_typed_is_refused(text: str, said: str) -> None:
    """Texts and lines without measure."""
    with pytest.raises(QuestionnaireError, match=said):
        report(text)


@pytest.mark.parametrize("name", ["G16_wjx_zh_lixia_culture_services.txt", "G17_wjx_zh_community_governance.txt"])
def test_real_exports_are_read(name: str) -> None:
    """All that stands in a real export is mapped, and the result can be published."""
    path = Path(given("given-questionnaires")) / name
    text, _ = decode(path.read_bytes())
    found = read_plain_text(text, name="given", language="zh-Hans")
    assert found.mapped_share == 1.0, [one for one in found.constructs if one.fate is not Fate.MAPPED]
    assert len(read_questionnaire(found.document).questions) >= 9


# --- parts -----------------------------------------------------------------------------------------------------------

PARTS = """# 居民满意度调查
您好！请您填写。
只需三分钟。

一、基本信息
请如实填写
1. 性别
男
女
=== 分页 ===
二、评价
1. 满意吗？
是
否

说明：以下选答。

2. 建议？

感谢您的参与！
再见
"""


def test_title_introduction_headings_pages_and_thanks() -> None:
    """Headings and pages begin sections, whose questions may be numbered anew; notes are words to read."""
    found = read(PARTS)
    assert (found.title["zh-Hans"], found.introduction, found.closing) == (
        "居民满意度调查",
        {"zh-Hans": "您好！请您填写。\n只需三分钟。"},
        {"zh-Hans": "感谢您的参与！\n再见"},
    )
    assert [(one.title, one.introduction) for one in found.sections] == [
        ({"zh-Hans": "基本信息"}, {"zh-Hans": "请如实填写"}),
        ({"zh-Hans": "评价"}, None),
    ]
    assert [(one.variable, one.type) for one in found.questions] == [
        ("q1", "single"),
        ("q1_2", "single"),
        ("note", "statement"),
        ("q2", "text"),
    ]


@pytest.mark.parametrize(
    "line", ["第一部分：基本", "第二部分 基本", "Part 1: 基本", "Section A. 基本", "【基本】", "## 基本"]
)
def test_headings_of_many_styles(line: str) -> None:
    """A line of its own that is no question and no choice."""
    found = read(f"调查\n{line}\n1. 性别\n男\n女\n")
    assert [one.title for one in found.sections] == [{"zh-Hans": "基本"}]


def test_chinese_numbers_count_questions_where_no_others_do() -> None:
    """Beside Arabic numbers they are headings."""
    assert words(short("调查\n一、性别\nA、男 B、女\n二、年龄？\n十一、建议？\n")) == ["性别", "年龄？", "建议？"]


def test_numbered_choices_are_no_questions() -> None:
    """Counting from one below a question; a line that asks is a question whatever its number."""
    found = short("1. 身份\n1. 学生\n2. 在职\n3. 退休\n2. 满意吗？\n1、是\n2、否\n3、建议？\n")
    assert words(found) == ["身份", "满意吗？", "建议？"]
    assert words(found[0]["choices"]) == ["学生", "在职", "退休"]


def test_questions_without_numbers_are_known_by_their_kind() -> None:
    """As survey sites take them."""
    assert words(short("调查\n您的性别[单选题]\n男\n女\n您的建议[填空题]\n")) == ["您的性别", "您的建议"]


def test_words_of_a_question_may_take_several_lines() -> None:
    """They end with the mark of the kind, as survey sites print them."""
    (one,) = short(
        "1. 您是学生吗？\n(Are you a student?) [单选题] [必答题]\n○ 是\n○ 不是 (请跳至第问卷末尾，提交答卷)\n"
    )
    assert (one["text"], one["required"], one["end_if"]) == (
        {"zh-Hans": "您是学生吗？\n(Are you a student?)"},
        True,
        "${q1} = 2",
    )


def test_choices_on_one_line_are_told_apart() -> None:
    """Behind the question, or all on the next line."""
    found = short("1. 性别：A. 男  B. 女\n2. 满意吗 □是 □否\n3. 年龄\nA、小 B、中 C、大\n4. 国别 U.S. 或 U.K.？\n")
    assert [words(one["choices"]) for one in found[:3]] == [["男", "女"], ["是", "否"], ["小", "中", "大"]]
    assert words(found)[3] == "国别 U.S. 或 U.K.？"


# --- kinds -----------------------------------------------------------------------------------------------------------


def test_must_and_may() -> None:
    """Stars and words, in whatever brackets."""
    marks = {
        "1. *甲": True,
        "1. 甲（必答）": True,
        "1. 甲[必填]": True,
        "1. 甲": False,
        "1. 甲*（选答）": False,
        "1. 5*8小时": False,
    }
    assert {line: read(f"{line}[填空题]\n").questions[0].required for line in marks} == marks
    assert read("1. 5*8小时[填空题]\n").questions[0].text == {"zh-Hans": "5*8小时"}


def test_bounds_of_choices() -> None:
    """At least, at most, between; what no number of choices fits is told."""

    def bounds(mark: str) -> tuple[Any, Any]:
        one = short(f"1. 渠道{mark}\n甲\n乙\n丙\n丁\n")[0]
        assert one["type"] == "multiple", mark
        return one.get("at_least"), one.get("at_most")

    assert bounds("[多选题][最少选2项][最多选3项]") == (2, 3)
    assert bounds("（最多选三项）") == (None, 3)
    assert bounds("（限选2项）") == (None, 2)
    assert bounds("[请选择1-3项]") == (1, 3)
    assert bounds(" (choose at least 2, at most 4)") == (2, 4)
    assert bounds("（可多选）") == (None, None)
    assert short("1. 您最多能等5分钟吗\n能\n不能\n2. 至少3次去过哪里\n甲\n乙\n")[0]["type"] == "single"
    wrong = report("1. 渠道[多选题][最少选9项]\n甲\n乙\n")
    assert [one.fate for one in wrong.constructs if one.kind == "bounds"] == [Fate.LEFT_OUT]


def test_choices_that_stand_alone_or_ask_for_words() -> None:
    """None of these excludes the others where many may be chosen; a blank or "please say" asks for words."""
    found = short(
        "1. 去过哪里（可多选）\n甲\n其他____\n其它（请注明）\n以上都没有\n不清楚\n2. 去过吗\n去过\n以上都没有\n"
    )
    assert found[0]["choices"][1:] == [
        {"code": 2, "text": {"zh-Hans": "其他"}, "specify": True},
        {"code": 3, "text": {"zh-Hans": "其它（请注明）"}, "specify": True},
        {"code": 4, "text": {"zh-Hans": "以上都没有"}, "exclusive": True},
        {"code": 5, "text": {"zh-Hans": "不清楚"}, "missing": "dont_know"},
    ]
    assert "exclusive" not in found[1]["choices"][1]


def test_texts_numbers_and_days() -> None:
    """Each kind as the type of ours that asks for it."""
    found = short(
        "1. 甲[填空题]\n2. 乙[简答题]\n3. 丙[数字题]\n4. 丁[日期题]\n5. 出生年月[日期]\n6. 手机[手机题]\n"
        "7. 邮箱[邮箱题]\n"
        "8. 进度[滑动条]\n9. 省市[下拉题]\n甲\n乙\n10. 先读[段落说明]\n细则\n11. 戊[填空题]\n（请尽量具体）\n"
    )
    kinds = [(one["type"], one.get("lines"), one.get("precision"), one.get("format")) for one in found]
    assert kinds[:7] == [
        ("text", None, None, None),
        ("text", None, None, None),
        ("number", None, None, None),
        ("date", None, None, None),
        ("date", None, "month", None),
        ("text", 1, None, "phone"),
        ("text", 1, None, "email"),
    ]
    assert (found[7]["minimum"], found[7]["maximum"], found[8]["dropdown"]) == (0, 100, True)
    assert (found[9]["type"], found[9]["hint"], found[10]["hint"]) == (
        "statement",
        {"zh-Hans": "细则"},
        {"zh-Hans": "请尽量具体"},
    )


def test_several_blanks_are_several_questions() -> None:
    """Named by the words before them, on the line of the question or below it."""
    assert words(short("1. 请填写[多项填空题]\n姓名：____ 电话：____\n")) == ["请填写 – 姓名", "请填写 – 电话"]
    assert words(short("1. 姓名____，单位____。\n")) == ["姓名", "单位"]


TABLES = {
    "columns first": "很差 一般 很好\n态度\n效率\n",
    "columns last": "1、态度\n2、效率\n很差\t一般\t很好\n",
    "a gap": "态度\n效率\n\n很差\n一般\n很好\n",
    "named": "行：态度；效率\n列：很差；一般；很好\n",
    "listed": "行：\n- 态度\n- 效率\n列：\n- 很差\n- 一般\n- 很好\n",
    "bars": "| 很差 | 一般 | 很好 |\n态度\n效率\n",
}


@pytest.mark.parametrize("table", TABLES.values(), ids=TABLES)
def test_rows_and_columns(table: str) -> None:
    """Columns on one line above or below, behind a gap, or named."""
    (one,) = short(f"1. 评价[矩阵量表题]*\n{table}")
    assert (words(one["rows"]), words(one["choices"])) == (["态度", "效率"], ["很差", "一般", "很好"])
    assert [row["variable"] for row in one["rows"]] == ["q1_1", "q1_2"]


def test_a_matrix_of_points() -> None:
    """The columns are the points."""
    (one,) = short("1. 评价[矩阵量表题]\n1~5\n态度\n效率\n")
    assert (words(one["rows"]), words(one["choices"])) == (["态度", "效率"], ["1", "2", "3", "4", "5"])


def test_a_matrix_that_lost_its_columns_is_told() -> None:
    """Nobody can guess them."""
    found = report("1. 甲[填空题]\n2. 评价[矩阵单选题]\n态度\n效率\n")
    assert [(one.kind, one.fate) for one in found.constructs] == [
        ("填空题", Fate.MAPPED),
        ("矩阵单选题", Fate.LEFT_OUT),
    ]


def test_scales_by_labels_numbers_and_meanings() -> None:
    """A label a line, numbers between two words, or what the question says that they mean."""
    found = short(
        "1. 甲[量表题]\n很不满意\n一般\n很满意\n2. 乙[量表题]\n差 1 2 3 4 5 好\n"
        "3. 丙（0-10分，0=最差，10=最好）[评分题]\n4. 丁[评分题]\n非常满意\n满意\n不满意\n"
        "5. 戊[量表题]\n1分\n2分\n3分\n不了解\n6. rate 1 (bad) to 7 (good)[scale]\n7. 己[量表题]\n0~10\n"
    )
    ends = [(one["first"], one["last"], *one["first_label"].values(), *one["last_label"].values()) for one in found]
    assert ends == [
        (1, 3, "很不满意", "很满意"),
        (1, 5, "差", "好"),
        (0, 10, "最差", "最好"),
        (1, 3, "非常满意", "不满意"),
        (1, 3, "非常不满意", "非常满意"),
        (1, 7, "bad", "good"),
        (0, 10, "非常不满意", "非常满意"),
    ]
    assert [one.get("best") for one in found] == [None, None, None, "first", None, None, None]
    assert len(found[0]["labels"]) == 3
    assert found[4]["missing"] == [{"kind": "dont_know", "text": {"zh-Hans": "不了解"}}]


def test_an_examination_is_no_survey() -> None:
    """Right answers and points are told as left out, and stand in no question."""
    found = report("1. 首都是哪里[单选题][答案：A][分数：5]\nA 北京\nB 上海\n")
    (one,) = read_questionnaire(found.document).questions
    assert one.text == {"zh-Hans": "首都是哪里"}
    assert [one.fate for one in found.constructs if one.kind == "exam"] == [Fate.LEFT_OUT] * 2


def test_would_you_recommend() -> None:
    """0 to 10; where the text names no ends, ours stand there and that is told."""
    found = report("1. 推荐吗[NPS]\n2. 推荐吗（0=不会，10=一定会）[NPS量表题]\n0 1 2 3 4 5 6 7 8 9 10\n")
    read_document = read_questionnaire(found.document)
    assert [one.type for one in read_document.questions] == ["nps", "nps"]
    assert read_document.questions[1].first_label == {"zh-Hans": "不会"}  # type: ignore[union-attr]
    assert [one.fate for one in found.constructs if "NPS" in one.kind] == [Fate.APPROXIMATED, Fate.MAPPED]


# --- jumps and conditions --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "jump",
    [
        "（跳至第4题）",
        "（请直接跳到第4题作答）",
        " → 4",
        " -> 第4题",
        "【跳转到Q4】",
        "，请跳至第4题",
        " (skip to question 4)",
        "（跳过第2-3题）",
    ],
)
def test_jumps_of_many_styles(jump: str) -> None:
    """Who chose it is not asked what lies between; who was not asked at all goes on."""
    found = read(f"1. 去过吗\n去过\n没去过{jump}\n2. 满意吗\n是\n否\n3. 为何？\n4. 建议？\n")
    assert words([one.model_dump() for one in found.questions[0].choices]) == ["去过", "没去过"]  # type: ignore[union-attr]
    assert replay(found, {"q1": ["2"]}).shown == ["q1", "q4"]
    assert replay(found, {"q1": ["1"]}).shown == replay(found, {}).shown == ["q1", "q2", "q3", "q4"]


@pytest.mark.parametrize(
    "end", ["（跳到问卷末尾）", "（结束问卷）", " → 结束", "（终止访问）", " (end survey)", "【跳转到问卷结束】"]
)
def test_ways_out_end_the_questionnaire(end: str) -> None:
    """After the question whose choice says so."""
    found = read(f"1. 是本地人吗\n是\n不是{end}\n2. 满意吗\n是\n否\n")
    assert [(one.end_if, one.show_if) for one in found.questions] == [("${q1} = 2", None), (None, None)]


def test_words_that_only_look_like_a_way_out_stay_words() -> None:
    """The end of a service is no end of the questionnaire."""
    found = read("1. 何时评价\n服务结束\n办理终止后\n2. 建议？\n")
    assert found.questions[0].end_if is None
    assert words([one.model_dump() for one in found.questions[0].choices]) == ["服务结束", "办理终止后"]  # type: ignore[union-attr]


def test_a_jump_behind_a_question_is_taken_by_all_who_were_asked() -> None:
    """Branches that come together again."""
    found = read("1. 用过吗\n甲\n乙（跳至第3题）\n2. 评甲（跳至第4题）\n好\n坏\n3. 评乙\n好\n坏\n4. 建议？\n")
    assert replay(found, {"q1": ["1"], "q2": ["1"]}).shown == ["q1", "q2", "q4"]
    assert replay(found, {"q1": ["2"]}).shown == ["q1", "q3", "q4"]


def test_dependencies_are_conditions() -> None:
    """Below the question, above it behind a gap, or in brackets; joined by and, or by or."""
    text = """1. 甲
a
b
c
2. 乙（可多选）
x
y
3. 丙[填空题]
依赖于第1题第2;3个选项
4. 丁[填空题]

依赖于第1题第1个选项 且 第2题第2个选项
5. 戊[填空题]
6. 己[填空题][依赖于第1题第1个选项或第2题第1个选项]
7. 庚（依赖于第9题第1个选项）[填空题]
"""
    found = report(text)
    assert [one.show_if for one in read_questionnaire(found.document).questions] == [
        None,
        None,
        "${q1} != 1",
        None,
        "${q1} = 1 and selected(${q2}, 2)",
        "${q1} = 1 or selected(${q2}, 1)",
        None,
    ]
    assert [one.fate for one in found.constructs if one.kind == "condition"] == [*[Fate.MAPPED] * 5, Fate.LEFT_OUT]


def test_what_a_condition_asks_for_stays_an_answer() -> None:
    """A missing answer could not be asked for; the report says so."""
    found = report("1. 去过吗\n去过\n不清楚（跳至第3题）\n2. 满意吗\n是\n否\n不清楚\n3. 建议？\n")
    first, second = read_questionnaire(found.document).questions[:2]
    assert (first.valid_codes(), second.valid_codes()) == ((1, 2), (1, 2))
    assert any("stays an answer" in warning for warning in found.warnings)


ENGLISH = """Community survey
Thank you for your time.

Q1. What is your gender? * [single choice]
( ) Male
( ) Female
( ) Prefer not to say

Q2. Which did you use? (Select all that apply)
[ ] Library
[ ] Other (please specify)
[ ] None of the above -> skip to Q4

Q3. How good are they? [matrix]
Bad | OK | Good
Library
Parks

Q4. Any comments?
________

Thank you!
"""


def test_english_texts_are_read_as_well() -> None:
    """The same marks in another language."""
    found = read(ENGLISH, "en")
    assert [(one.variable, one.type) for one in found.questions] == [
        ("q1", "single"),
        ("q2", "multiple"),
        ("q3", "matrix"),
        ("q4", "text"),
    ]
    assert found.closing == {"en": "Thank you!"}
    assert [(one.missing, one.exclusive, one.specify) for one in found.questions[1].choices] == [  # type: ignore[union-attr]
        (None, False, False),
        (None, False, True),
        (None, True, False),
    ]
    assert found.questions[2].show_if == "not answered(${q2}) or not selected(${q2}, 3)"
    assert report(ENGLISH, "en").mapped_share == 1.0
