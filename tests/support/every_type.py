"""A questionnaire with a question of every type and every part that a question can have, in two languages."""

from __future__ import annotations

import json
from typing import Any


def both(chinese: str, english: str) -> dict[str, str]:
    return {"zh-Hans": chinese, "en": english}


DONT_KNOW = {"kind": "dont_know", "text": both("不知道", "Don't know")}
REFUSED = {"kind": "refused", "text": both("不愿回答", "Prefer not to say")}
SLOW = {"code": 1, "text": both("等候太久", "Long wait")}
RUDE = {"code": 2, "text": both("态度不好", "Unfriendly staff")}
LEVELS = [
    ("非常满意", "Very satisfied"),
    ("满意", "Satisfied"),
    ("一般", "Fair"),
    ("不满意", "Poor"),
    ("很不满意", "Bad"),
]


def choice(code: int, chinese: str, english: str, **more: Any) -> dict[str, Any]:
    return {"code": code, "text": both(chinese, english), **more}


def levels() -> list[dict[str, Any]]:
    listed = [choice(5 - place, *words) for place, words in enumerate(LEVELS)]
    return [one | ({"reasons": [SLOW, RUDE]} if one["code"] < 3 else {}) for one in listed]


def question(kind: str, variable: str, chinese: str, english: str, **more: Any) -> dict[str, Any]:
    return {"type": kind, "variable": variable, "text": both(chinese, english), **more}


CHANNELS = [
    choice(1, "窗口", "Counter"),
    choice(2, "网上", "Online"),
    choice(3, "其他", "Other", specify=True, fixed=True),
    choice(8, "以上都没有", "None of these", exclusive=True),
    choice(9, "记不清", "Do not remember", missing="dont_know"),
]
PLACES = [
    {"code": "330100", "text": both("杭州市", "Hangzhou")},
    {"code": "330200", "text": both("宁波市", "Ningbo")},
    {"code": "330102", "text": both("上城区", "Shangcheng | old town"), "parent": "330100"},
    {"code": "330203", "text": both("海曙区", "Haishu"), "parent": "330200"},
    {"code": "330105", "text": both("拱墅区", "Gongshu"), "parent": "330100"},
]
RATED = [
    question(
        "consent",
        "agrees",
        "您愿意参加吗？",
        "Do you want to take part?",
        required=True,
        agree=both("愿意", "Yes"),
        decline=both("不愿意", "No"),
    ),
    question("statement", "hello", "以下问题关于您本次办事。", "These questions are about your visit.\nThank you."),
    question(
        "five_level",
        "overall",
        "您对本次服务满意吗？",
        "How satisfied were you?",
        required=True,
        choices=levels(),
        hint=both("请按真实感受选择", "As you felt it"),
    ),
    question(
        "single",
        "first_visit",
        "这是第几次来？",
        "Which visit is this?",
        shuffled=True,
        choices=[choice(1, "第一次", "The first"), choice(2, "多次", "One of several", reasons=[SLOW])],
        checks=[{"rule": ". != 2 or ${overall} >= 1", "text": both("请再看一下", "Please look again"), "soft": True}],
    ),
    question(
        "single",
        "window",
        "哪个窗口？",
        "Which counter?",
        dropdown=True,
        role="other",
        choices=[choice(code, f"{code}号", f"No. {code}") for code in range(1, 121)],
    ),
    question(
        "multiple",
        "channels",
        "您用过哪些渠道？",
        "Which channels did you use?",
        choices=CHANNELS,
        at_most=2,
        show_if="${overall} <= 3 and answered(${first_visit})",
    ),
    question(
        "matrix",
        "aspects",
        "请评价以下方面",
        "Please rate these",
        shuffled_rows=True,
        choices=[
            choice(1, "差", "Poor"),
            choice(2, "好", "Good"),
            choice(9, "不适用", "n/a", missing="not_applicable"),
        ],
        rows=[
            {"variable": "speed", "text": both("速度", "Speed")},
            {"variable": "manner", "text": both("态度", "Manner"), "show_if": "${overall} < 5", "fixed": True},
        ],
    ),
]
ASKED = [
    question(
        "ranking",
        "order_of",
        "请排序",
        "Put these in order",
        at_least=1,
        at_most=2,
        missing=[DONT_KNOW],
        choices=[choice(1, "快", "Fast"), choice(2, "近", "Near"), choice(3, "好", "Kind", fixed=True)],
    ),
    question(
        "scale",
        "effort",
        "办事费力吗？",
        "How much effort was it?",
        first=1,
        last=7,
        best="first",
        first_label=both("很轻松", "Easy"),
        last_label=both("很费力", "Hard"),
        missing=[REFUSED, DONT_KNOW],
        labels=[{"code": 4, "text": both("一般", "Middling")}],
    ),
    question(
        "nps",
        "recommend",
        "您会推荐吗？",
        "Would you recommend it?",
        first_label=both("绝不", "Never"),
        last_label=both("一定", "Certainly"),
    ),
    question(
        "number",
        "minutes",
        "等了多少分钟？",
        "How many minutes did you wait?",
        minimum=0,
        maximum=600,
        decimals=1,
        unit=both("分钟", "minutes"),
        missing=[DONT_KNOW],
        end_if=". > 500",
    ),
    question("date", "visited", "哪天来的？", "When was it?", earliest="2026-01-01", latest="today", precision="day"),
    question("place", "lives", "您住在哪里？", "Where do you live?", places=PLACES, missing=[REFUSED]),
    question(
        "text",
        "wish",
        "您的建议？",
        "What do you wish, after ${minutes} minutes?",
        max_length=400,
        lines=2,
        show_if="${overall} = 1 and (${minutes} > 30 or selected(${channels}, 1))",
        format="any",
        fixed=True,
    ),
]


def every_type() -> dict[str, Any]:
    """The document; each call makes its own, of which no part stands in two places."""
    document: dict[str, Any] = json.loads(
        json.dumps(
            {
                "format": "minyi-questionnaire/1",
                "name": "every_type",
                "title": both("办事满意度", "Service rating"),
                "languages": ["zh-Hans", "en"],
                "introduction": both("感谢参与", "Thank you for taking part"),
                "sections": [
                    {"title": both("评价", "Rating"), "questions": RATED},
                    {"title": both("关于您", "About you"), "show_if": "${overall} >= 1", "questions": ASKED},
                ],
            }
        )
    )
    return document
