"""The methodology check: what it advises, and where it keeps quiet."""

from __future__ import annotations

from typing import Any

import pytest

from counter import questionnaire
from given_files import given
from survey.findings import Severity
from survey.formats.plain_text import read_plain_text
from survey.library import template, templates
from survey.method import minutes, review
from survey.method.joining import joined
from survey.method.ranges import problems, ranges_of
from survey.method.scales import score
from survey.questionnaire import Questionnaire, read_questionnaire
from wordings import CHINESE, DOUBLE, ENGLISH

AGREE = ("Strongly agree", "Agree", "Neither agree nor disagree", "Disagree", "Strongly disagree")
SATISFIED = ("非常满意", "比较满意", "一般", "不太满意", "非常不满意")
NATIONAL = ("非常满意", "满意", "基本满意", "不满意", "非常不满意")


def choices(*labels: str, tag: str = "en") -> list[dict[str, Any]]:
    return [{"code": code, "text": {tag: label}} for code, label in enumerate(labels, 1)]


def asked(*labels: str, text: str = "How is it?", tag: str = "en", variable: str = "q1", **more: Any) -> dict[str, Any]:
    made = choices(*(labels or ("a", "b")), tag=tag)
    return {"type": "single", "variable": variable, "text": {tag: text}, "choices": made, **more}


def document(*questions: dict[str, Any], tag: str = "en", **more: Any) -> Questionnaire:
    return read_questionnaire(questionnaire(*questions, title={tag: "t"}, languages=[tag], **more))


def rules(*questions: dict[str, Any], tag: str = "en", before: dict[str, Any] | None = None, **more: Any) -> list[str]:
    previous = None if before is None else document(before, tag=tag)
    found = review(document(*questions, tag=tag, **more), previous)
    assert all(one.severity is Severity.ADVICE and one.walk is None for one in found)
    return [one.rule for one in found]


# --- wording ---


@pytest.mark.parametrize(("language", "wordings"), [("zh", CHINESE), ("en", ENGLISH)])
def test_two_things_in_one_item(language: str, wordings: list[tuple[str, bool]]) -> None:
    """At least forty wordings in each language are judged as a methodologist would."""
    assert len(wordings) >= 40
    told = [(text, verdict, joined(text, language) is not None) for text, verdict in wordings]
    assert [text for text, verdict, found in told if verdict is not found] == []
    assert sum(verdict is DOUBLE for _, verdict in wordings) >= 20


def test_two_things_are_looked_for_in_ratings_and_rows_only() -> None:
    """A question about facts may well name two things; a row of ratings may not."""
    joining = "Staff and building"
    assert rules(asked(*AGREE, text=joining)) == ["double_barrelled"]
    assert rules(asked("yes", "no", text=joining)) == []
    rows = [{"variable": "r1", "text": {"en": joining}}, {"variable": "r2", "text": {"en": "Staff"}}]
    matrix = asked(*AGREE) | {"type": "matrix", "rows": rows}
    found = review(document(matrix))
    assert [(one.rule, one.place, one.details["word"]) for one in found] == [("double_barrelled", "r1", "and")]
    assert rules(matrix | {"role": "demographic"}) == []


@pytest.mark.parametrize(
    ("text", "is_leading"),
    [
        ("您是否同意我们优秀的服务团队值得表扬？", True),
        ("难道您不觉得服务很好吗？", True),
        ("众所周知，本市治安良好。您是否满意？", True),
        ("您对我们优质的服务是否满意？", True),
        ("您对我局热情周到的服务打几分？", True),
        ("您认为工作人员是否提供了热情周到的服务？", False),
        ("办事流程是否高效？", False),
        ("您对本次服务是否满意？", False),
        ("工作人员的服务是否贴心？", False),
        ("您对先进制造业的了解程度如何？", False),
    ],
)
def test_leading_chinese(text: str, is_leading: bool) -> None:
    """Appeals and praise of what is to be judged lead; asking whether something was good does not."""
    assert ("leading" in rules(asked(text=text, tag="zh-Hans"), tag="zh-Hans")) is is_leading


@pytest.mark.parametrize(
    ("text", "is_leading"),
    [
        ("Don't you agree that the park is beautiful?", True),
        ("How satisfied were you with our excellent service?", True),
        ("Obviously safety matters. How safe do you feel?", True),
        ("How would you rate our hard-working staff?", True),
        ("How satisfied were you with our service?", False),
        ("Was the service excellent, good or poor?", False),
        ("How friendly was our staff?", False),
        ("How great was the distance?", False),
    ],
)
def test_leading_english(text: str, is_leading: bool) -> None:
    """The same in English."""
    assert ("leading" in rules(asked(text=text))) is is_leading


@pytest.mark.parametrize(
    ("text", "tag", "is_double"),
    [
        ("您不认为这里不安全吗？", "zh-Hans", True),
        ("工作人员没有不耐烦吗？", "zh-Hans", True),
        ("您是不是不满意？", "zh-Hans", False),
        ("您不满意的主要原因是没有及时答复吗？", "zh-Hans", False),
        ("您认为不同部门之间推诿吗？", "zh-Hans", False),
        ("能不能不去窗口办理？", "zh-Hans", False),
        ("Was the clerk not unhelpful?", "en", True),
        ("Don't you think that this is not safe?", "en", True),
        ("How satisfied or dissatisfied are you?", "en", False),
        ("Was it solved or not?", "en", False),
        ("Did you not go?", "en", False),
    ],
)
def test_doubled_negatives(text: str, tag: str, is_double: bool) -> None:
    """Two denials of one thing are told; choosing between yes and no is none."""
    assert ("double_negative" in rules(asked(text=text, tag=tag), tag=tag)) is is_double


def test_absolute_words_in_ratings() -> None:
    """Always and never are told in what people are to agree with, not in "all that apply"."""
    assert rules(asked(*AGREE, text="The staff are always polite.")) == ["absolute"]
    assert rules(asked(*SATISFIED, text="工作人员从不推诿", tag="zh-Hans"), tag="zh-Hans") == ["absolute"]
    assert rules(asked(*AGREE, text="Overall, the staff are polite. Tick all that apply.")) == []
    assert rules(asked("often", "never", text="Have you never been there?")) == []


def test_length_of_texts() -> None:
    """Sixty Chinese characters and thirty-five English words are enough for a question."""
    assert rules(asked(text="长" * 60, tag="zh-Hans"), tag="zh-Hans") == []
    assert rules(asked(text="长" * 61, tag="zh-Hans"), tag="zh-Hans") == ["long_text"]
    assert rules(asked(text="word " * 35)) == []
    assert rules(asked(text="word " * 36)) == ["long_text"]


@pytest.mark.parametrize(
    ("question", "is_told"),
    [
        ({"type": "text", "text": {"zh-Hans": "请填写您的手机号码"}}, True),
        ({"type": "text", "text": {"zh-Hans": "身份证号"}}, True),
        ({"type": "text", "text": {"zh-Hans": "如何联系您"}, "format": "phone"}, True),
        ({"type": "date", "text": {"zh-Hans": "您的出生日期"}}, True),
        ({"type": "text", "text": {"zh-Hans": "您对热线电话有何建议"}}, False),
        ({"type": "number", "text": {"zh-Hans": "您家有几口人"}}, False),
    ],
)
def test_personal_data(question: dict[str, Any], is_told: bool) -> None:
    """Asking in words for what names a person is told; asking about telephones is not."""
    found = rules(asked(tag="zh-Hans"), {"variable": "p", **question}, tag="zh-Hans")
    assert ("personal_data" in found) is is_told


def test_a_service_that_not_everybody_uses() -> None:
    """A rating demanded of all is told; a way out, a condition or freedom to skip answers it."""
    library = asked(*SATISFIED, text="您对图书馆的服务是否满意？", tag="zh-Hans", required=True)
    assert rules(library, tag="zh-Hans") == ["no_not_applicable"]
    assert rules(library | {"required": False}, tag="zh-Hans") == []
    unused = {"code": 9, "text": {"zh-Hans": "没有用过"}, "missing": "not_applicable"}
    assert rules(library | {"choices": [*library["choices"], unused]}, tag="zh-Hans") == []
    first = asked("用过", "没用过", tag="zh-Hans", variable="q0")
    assert rules(first, library | {"show_if": "${q0} = 1"}, tag="zh-Hans") == []
    assert rules(library | {"text": {"zh-Hans": "您对本次服务是否满意？"}}, tag="zh-Hans") == []


# --- scales ---


@pytest.mark.parametrize(
    ("labels", "language", "scores"),
    [
        (SATISFIED, "zh", [3, 1, 0, -1, -3]),
        (NATIONAL, "zh", [3, 2, 1, -2, -3]),
        (("完全符合", "比较符合", "难以确定", "比较不符合", "非常不符合"), "zh", [3, 1, 0, -1, -3]),
        (("很好", "好", "一般", "差", "很差"), "zh", [3, 2, 0, -2, -3]),
        (("远好于预期", "略好于预期", "与预期相符", "略低于预期", "远低于预期"), "zh", [3, 1, 0, -1, -3]),
        (("非常容易", "比较容易", "一般", "比较困难", "非常困难"), "zh", [3, 1, 0, -1, -3]),
        (("男", "女"), "zh", [None, None]),
        (AGREE, "en", [3, 2, 0, -2, -3]),
        (("Excellent", "Very good", "Good", "Fair", "Poor"), "en", [3, 3, 2, 0, -2]),
        (("Not at all satisfied", "Not very satisfied", "Satisfied", "Very satisfied"), "en", [-3, -1, 2, 3]),
        (("Much better than expected", "About the same", "Worse"), "en", [3, 0, -2]),
        (("Yes", "No"), "en", [None, None]),
    ],
)
def test_labels_are_scored(labels: tuple[str, ...], language: str, scores: list[int | None]) -> None:
    """How good a label is follows from its words; what is no judgement has no score."""
    assert [score(label, language) for label in labels] == scores


@pytest.mark.parametrize(
    ("labels", "tag", "found"),
    [
        (SATISFIED, "zh-Hans", []),
        (NATIONAL, "zh-Hans", []),
        (("非常满意", "满意", "基本满意", "一般", "不满意"), "zh-Hans", ["unbalanced_scale"]),
        (("不满意", "基本满意", "非常满意"), "zh-Hans", ["unbalanced_scale"]),
        (("满意", "非常满意", "一般", "不满意", "非常不满意"), "zh-Hans", ["scale_order"]),
        (("从不", "偶尔", "经常"), "zh-Hans", []),
        (AGREE, "en", []),
        (("Excellent", "Very good", "Good", "Fair", "Poor"), "en", ["unbalanced_scale"]),
        (("Not at all important", "Slightly important", "Moderately important", "Very important"), "en", []),
        (("Red", "Green"), "en", []),
    ],
)
def test_balance_and_order(labels: tuple[str, ...], tag: str, found: list[str]) -> None:
    """As many good as bad answers, in order; the national five levels are what the rule says."""
    assert rules(asked(*labels, tag=tag), tag=tag) == found


def test_five_levels_are_exempt_from_balance() -> None:
    """The national rating has three good and two bad levels by rule."""
    levels = [{"code": 6 - code, "text": {"zh-Hans": label}} for code, label in enumerate(NATIONAL, 1)]
    question = {"type": "five_level", "variable": "q1", "text": {"zh-Hans": "您满意吗？"}, "choices": levels}
    assert rules(question, asked(*SATISFIED, tag="zh-Hans", variable="q2"), tag="zh-Hans") == []


def test_a_midpoint_in_one_scale_and_none_in_another() -> None:
    """Only where they differ."""
    without = asked("Very good", "Good", "Bad", "Very bad", variable="q2")
    assert rules(without) == []
    assert rules(asked(*AGREE), without) == ["no_midpoint"]


@pytest.mark.parametrize("labels", [AGREE, ("never", "sometimes", "always"), ("0-10", "11-20", "21-30")])
def test_what_has_an_order_is_not_shuffled(labels: tuple[str, ...]) -> None:
    """Scales, frequencies and ranges keep their order; lists of things may change theirs."""
    assert rules(asked(*labels, shuffled=True)) == ["shuffled_order"]
    assert rules(asked("parks", "buses", shuffled=True)) == []


# --- ranges ---


@pytest.mark.parametrize(
    ("labels", "found"),
    [
        ("18-30|30-45|45-60", ["overlapping_ranges", "overlapping_ranges"]),
        ("18岁以下|18-30岁|31岁及以上", ["unclear_edge"]),
        ("18岁以下|19-30岁|31岁及以上", []),
        ("未满18周岁|18周岁－29周岁|30周岁及以上", []),
        ("1年以下|1-3年|3-5年|5年以上", ["unclear_edge", "overlapping_ranges", "overlapping_ranges"]),
        ("20岁及以下|21—40|41～60|61及以上", []),
        ("18-25|30-40|41以上", ["gap_in_ranges"]),
        ("2万元以下|2-5万元|5万-10万元|10万元以上", ["unclear_edge", "overlapping_ranges", "overlapping_ranges"]),
        ("3000元及以下|3001-5000元|5001-8000元|8001元及以上|不清楚", []),
        ("半年及以下|7-12个月|1-3年", ["overlapping_ranges"]),
        ("0次|1-2次|3-5次|6次及以上", []),
        ("3次|5次|10次|11次及以上", []),
        ("每周1-2次|每月1-2次|每年1-2次", []),
        ("5分 非常满意|4分 满意|1分 非常不满意", []),
        ("under 1000|1000–2000|over 2000", []),
        ("under 18|18 to 24|25-34|35+", []),
        ("Less than $1,000|$1,000 to $2,000|$2,000 or more", ["overlapping_ranges"]),
        ("0-10%|10-20%|more than 20%", ["overlapping_ranges"]),
        ("less than 10|more than 10", ["gap_in_ranges"]),
        ("0-9.9|10-19.9|20 and over", []),
        ("within 14 days|within 48 hours|another reason", []),
    ],
)
def test_ranges(labels: str, found: list[str]) -> None:
    """Who fits two choices or none is told; 以上 includes its number, and 以下 leaves it open."""
    question = document(asked(*labels.split("|"), tag="zh-Hans"), tag="zh-Hans").questions[0]
    assert [one.rule for one in problems(ranges_of(question, "zh-Hans"))] == found


# --- lists, order, length ---


def test_lists_and_matrices_of_a_size_that_people_read() -> None:
    """Fifteen choices, ten rows, seven columns."""
    labels = [f"choice {n}" for n in range(16)]
    assert rules(asked(*labels[:15])) == []
    assert rules(asked(*labels)) == ["long_list"]
    assert rules(asked(*labels, dropdown=True)) == []
    rows = [{"variable": f"r{n}", "text": {"en": f"row {n}"}} for n in range(11)]
    table = asked(*labels[:7]) | {"type": "matrix"}
    assert rules(table | {"rows": rows[:10]}) == []
    assert rules(table | {"rows": rows}) == ["long_matrix"]
    assert rules(asked(*labels[:8]) | {"type": "matrix", "rows": rows[:2]}) == ["long_matrix"]


def test_what_is_demanded() -> None:
    """Words that are demanded are told, and a questionnaire in which all is demanded."""
    text = {"type": "text", "variable": "w", "text": {"en": "Why?"}}
    assert rules(asked(), text) == []
    assert rules(asked(), text | {"required": True}) == ["open_required"]
    five = [asked(variable=f"q{n}", required=True) for n in range(5)]
    assert rules(*five) == ["all_required"]
    assert rules(*five[1:], asked(variable="q0")) == []


def test_questions_about_the_person_come_last() -> None:
    """Unless it depends on them who is asked what."""
    sex = asked(variable="sex", role="demographic")
    assert rules(sex, asked()) == ["demographics_first"]
    assert rules(asked(), sex) == []
    assert rules(sex, asked(show_if="${sex} = 1")) == []
    assert rules(sex | {"end_if": ". = 2"}, asked()) == []


def test_minutes() -> None:
    """Ten Chinese characters take two seconds to read; an open answer takes longer than a code."""
    short, long = (document(asked(text="字" * n, tag="zh-Hans"), tag="zh-Hans") for n in (10, 20))
    assert minutes(long, "zh-Hans") - minutes(short, "zh-Hans") == pytest.approx(2 / 60)
    few, many = (document(asked(text="word " * n)) for n in (10, 20))
    assert minutes(many, "en") - minutes(few, "en") == pytest.approx(3 / 60)
    closed = minutes(document(asked()), "en")
    assert minutes(document(asked(), {"type": "text", "variable": "w", "text": {"en": "a"}}), "en") > closed + 0.5
    rows = [{"variable": f"r{n}", "text": {"en": "x"}} for n in range(5)]
    assert minutes(document(asked() | {"type": "matrix", "rows": rows}), "en") > closed + 10 / 60


def test_minutes_of_a_walk_count_what_is_asked_on_it() -> None:
    """An ordinary closed question takes about ten seconds; what is not asked takes none."""
    labels = ("Very good", "Good", "Neither good nor bad", "Bad", "Very bad")
    read = document(
        *(asked(*labels, text="How do you rate the service?", variable=f"q{n}") for n in range(10)),
        *(asked(*labels, variable=f"p{n}", show_if="${q0} = 5") for n in range(10)),
    )
    assert 5 <= minutes(read, "en", {"q0": ["1"]}) * 6 <= 15
    assert minutes(read, "en", {"q0": ["5"]}) > 1.5 * minutes(read, "en", {"q0": ["1"]})
    assert minutes(read, "en") == minutes(read, "en", {"q0": ["5"]})


def test_too_long() -> None:
    """More than a quarter of an hour on the longest walk; what nobody is asked together does not count together."""
    texts = [{"type": "text", "variable": f"w{n}", "text": {"en": "Why?"}} for n in range(40)]
    assert rules(asked("yes", "no"), *texts) == ["too_long"]
    halves = [one | {"show_if": f"${{q1}} = {1 + n % 2}"} for n, one in enumerate(texts)]
    assert rules(asked("yes", "no"), *halves) == []


# --- versions ---


def test_a_scale_that_runs_the_other_way() -> None:
    """Turned codes and a turned `best` are told; another wording of the same scale is not."""
    now = asked(*AGREE)
    turned = now | {"choices": [one | {"code": 6 - one["code"]} for one in now["choices"]]}
    assert rules(now, before=turned) == ["direction_changed"]
    assert rules(now, before=now) == []
    ends = {"type": "scale", "variable": "s", "text": {"en": "?"}, "first": 0, "last": 10}
    points = {**ends, "first_label": {"en": "worst"}, "last_label": {"en": "best"}}
    assert rules(points | {"best": "first"}, before=points) == ["direction_changed"]
    better = asked("Very good", "Good", "Neither good nor bad", "Bad", "Very bad")
    assert rules(better, before=asked("Very good", "Good", "Neither", "Bad", "Very bad")) == []


@pytest.mark.parametrize(
    ("old", "new", "is_told"),
    [
        (("parks", "buses"), ("buses", "parks"), True),
        (("parks", "buses"), ("parks", "town hall"), True),
        (("public park", "buses"), ("public parks", "buses"), False),
        (("parks", "buses"), ("parks", "buses", "trains"), False),
    ],
)
def test_codes_that_mean_something_else(old: tuple[str, ...], new: tuple[str, ...], is_told: bool) -> None:
    """Another meaning of a code is told, a mended spelling or a further choice is not."""
    assert rules(asked(*new), before=asked(*old)) == (["recoded"] if is_told else [])


def test_an_answer_that_no_longer_counts() -> None:
    """A code that was an answer and now stands for none is recoded."""
    now = asked("yes", "no", "do not know")
    was = now | {"choices": [*now["choices"][:2], now["choices"][2] | {"missing": "dont_know"}]}
    assert rules(now, before=was) == ["recoded"]


# --- on the whole ---


def test_other_languages_get_structural_advice_only() -> None:
    """No word list is applied to a language that it was not made for."""
    french = asked("Très bien", "Bien", "Mal", text="Toujours content de nos excellents services et prix ?", tag="fr")
    assert rules(french, tag="fr") == []
    assert rules(asked(*"abcdefghijklmnop", tag="fr"), tag="fr") == ["long_list"]
    assert rules(asked(text="難道您不同意？", tag="zh-Hant"), tag="zh-Hant") == []


def test_templates_are_told_little() -> None:
    """Questionnaires written with care are left in peace: at most one advice for ten questions."""
    for one in templates():
        read = read_questionnaire(template(one.name))
        told = [finding for finding in review(read) if finding.rule != "long_matrix"]
        assert len(told) <= max(3, len(read.leaves) / 10), one.name


def test_a_real_chinese_questionnaire() -> None:
    """Of a community's own survey: everything required, ranges that overlap, and an age that leaves open who is 18."""
    text = given("given-questionnaires/G17_wjx_zh_community_governance.txt").read_text(encoding="utf-8")
    read = read_questionnaire(read_plain_text(text, name="g17", language="zh-Hans").document)
    found = [one.rule for one in review(read)]
    assert found.count("overlapping_ranges") == 2
    assert {"all_required", "unclear_edge"} <= set(found)
    assert "double_barrelled" not in found
