"""Every type of question, and a questionnaire of them all in three languages, one of them from right to left."""

from __future__ import annotations

from typing import Any

LANGUAGES = ("zh-Hans", "en", "ar")


def said(en: str, zh: str, ar: str) -> dict[str, str]:
    return {"en": en, "zh-Hans": zh, "ar": ar}


def choice(code: int, en: str, zh: str, ar: str, **more: Any) -> dict[str, Any]:
    return {"code": code, "text": said(en, zh, ar), **more}


DONT_KNOW = {"kind": "dont_know", "text": said("I don't know", "不知道", "لا أعرف")}
REFUSED = {"kind": "refused", "text": said("I'd rather not say", "不愿回答", "أفضل عدم الإجابة")}
NO = choice(2, "No", "否", "لا")
WAYS = [
    choice(1, "At the counter", "窗口", "عند الشباك"),
    choice(2, "Online", "网上", "عبر الإنترنت"),
    choice(3, "By telephone", "电话", "بالهاتف"),
    choice(7, "Another way", "其他方式", "بطريقة أخرى", specify=True),
    choice(8, "None of these", "以上都没有", "لا شيء مما سبق", exclusive=True),
    choice(9, "Does not apply", "不适用", "لا ينطبق", missing="not_applicable"),
]
GRADES = [
    choice(1, "Very good", "很好", "جيد جدا"),
    choice(2, "Good", "好", "جيد"),
    choice(3, "Fair", "一般", "مقبول"),
    choice(4, "Poor", "差", "ضعيف"),
    choice(5, "Very poor", "很差", "ضعيف جدا"),
    choice(9, "Cannot judge", "无法评价", "لا أستطيع الحكم", missing="dont_know"),
]
LEVELS = [
    choice(5, "Very satisfied", "非常满意", "راض جدا"),
    choice(4, "Satisfied", "满意", "راض"),
    choice(3, "Fairly satisfied", "基本满意", "راض إلى حد ما"),
    choice(2, "Dissatisfied", "不满意", "غير راض"),
    choice(1, "Very dissatisfied", "非常不满意", "غير راض إطلاقا"),
]
SLOW = [{"code": 21, "text": said("Long wait", "等候太久", "انتظار طويل")}]
UNLIKELY = {
    "rule": ". <= 100",
    "soft": True,
    "text": said("Is this really more than 100?", "确实超过100吗？", "هل هو أكثر من 100 حقا؟"),
}
NOT_LATER = {
    "rule": "${before} >= .",
    "text": said("This cannot be later than the visit.", "不能晚于办理日期。", "لا يمكن أن يكون بعد الزيارة."),
}

CONSENT = {"type": "consent", "variable": "consent", "required": True}
CONSENT |= {"text": said("May we record your answers?", "是否同意记录您的作答？", "هل نسجل إجاباتك؟")}
CONSENT |= {"agree": said("I agree", "同意", "أوافق"), "decline": said("I do not agree", "不同意", "لا أوافق")}
STATEMENT = {"type": "statement", "variable": "welcome"}
STATEMENT |= {"text": said("About <today>.\nTake your time.", "关于<今天>。\n请慢慢填写。", "عن <اليوم>.")}
SINGLE = {"type": "single", "variable": "way", "text": said("How did you come?", "您是如何办理的？", "كيف جئت؟")}
SINGLE |= {"choices": WAYS, "hint": said("The last time.", "最近一次。", "المرة الأخيرة."), "required": True}
DROPDOWN = {"type": "single", "variable": "district", "dropdown": True, "role": "demographic"}
DROPDOWN |= {"text": said("Which way was shown?", "选择一种方式", "اختر طريقة"), "choices": WAYS}
RATING = {"type": "five_level", "variable": "q_overall", "text": said("How satisfied?", "是否满意？", "ما مدى رضاك؟")}
RATING |= {"choices": [*LEVELS[:3], *({**level, "reasons": SLOW} for level in LEVELS[3:])]}
MULTIPLE = {"type": "multiple", "variable": "ways", "text": said("Which ways?", "哪些方式？", "أي الطرق؟")}
MULTIPLE |= {"choices": WAYS, "at_least": 2, "at_most": 3}
SCALE = {"type": "scale", "variable": "effort", "first": 0, "last": 10, "missing": [DONT_KNOW]}
SCALE |= {"text": said("How easy was it?", "办理有多容易？", "ما مدى السهولة؟")}
SCALE |= {"first_label": said("Very hard", "非常困难", "صعب جدا")}
SCALE |= {"last_label": said("Very easy", "非常容易", "سهل جدا")}
LABELLED = {**SCALE, "variable": "clarity", "first": 1, "last": 3, "missing": []}
LABELLED |= {"text": said("How clear was it?", "是否清楚？", "ما مدى الوضوح؟")}
LABELLED |= {"labels": [{"code": 2, "text": said("In between", "一般", "بين بين")}]}
NPS = {"type": "nps", "variable": "recommend", "missing": [DONT_KNOW, REFUSED]}
NPS |= {"text": said("Would you recommend us?", "您会推荐吗？", "هل توصي بنا؟")}
NPS |= {"first_label": said("Never", "绝不会", "أبدا"), "last_label": said("Certainly", "一定会", "بالتأكيد")}
MATRIX = {"type": "matrix", "variable": "aspects", "choices": GRADES, "required": True}
MATRIX |= {"text": said("Please judge each:", "请逐项评价：", "قيم كل بند:")}
MATRIX |= {
    "rows": [
        {"variable": "speed", "text": said("Speed of handling", "办理速度", "سرعة الإنجاز")},
        {"variable": "advice", "text": said("Advice", "咨询解答", "الإرشاد")},
        {"variable": "site", "text": said("The site", "网站", "الموقع"), "show_if": "${way} = 2"},
    ]
}
GRID = {"type": "matrix", "variable": "grid", "multiple": True, "choices": WAYS[:3]}
GRID |= {"text": said("Where did you do it?", "在哪里办理？", "أين تم ذلك؟")}
GRID |= {
    "rows": [
        {"variable": "asked", "text": said("Asking", "咨询", "السؤال")},
        {"variable": "paid", "text": said("Paying", "缴费", "الدفع")},
    ]
}
RANKING = {"type": "ranking", "variable": "wishes", "at_most": 2, "missing": [DONT_KNOW]}
RANKING |= {"text": said("What matters most?", "最重要的是什么？", "ما الأهم؟"), "choices": WAYS[:3]}
NUMBER = {"type": "number", "variable": "minutes", "minimum": 0, "maximum": 600, "missing": [DONT_KNOW]}
NUMBER |= {"text": said("How long did it take?", "用了多长时间？", "كم استغرق؟")}
NUMBER |= {"unit": said("minutes", "分钟", "دقيقة"), "checks": [UNLIKELY], "required": True}
DECIMAL = {"type": "number", "variable": "cost", "decimals": 2, "minimum": -5}
DECIMAL |= {"text": said("What did it cost?", "花费多少？", "كم كلف؟")}
DAY = {"type": "date", "variable": "visited", "earliest": "2026-01-01", "latest": "today"}
DAY |= {"text": said("When was it?", "何时办理？", "متى كان ذلك؟")}
MONTH = {"type": "date", "variable": "since", "precision": "month", "missing": [DONT_KNOW]}
MONTH |= {"text": said("Since which month?", "从哪个月开始？", "منذ أي شهر؟")}
YEAR = {"type": "date", "variable": "born", "precision": "year", "earliest": "1900-01-01", "latest": "2026-12-31"}
YEAR |= {"text": said("Year of birth?", "出生年份？", "سنة الميلاد؟"), "role": "demographic"}
LINE = {"type": "text", "variable": "mail", "lines": 1, "format": "email", "max_length": 80}
LINE |= {"text": said("Your e-mail?", "电子邮箱？", "بريدك؟")}
TEXT = {"type": "text", "variable": "wish", "max_length": 50, "missing": [REFUSED]}
TEXT |= {"text": said("What do you wish?", "您有什么建议？", "ماذا تتمنى؟")}
PLACE = {"type": "place", "variable": "home", "missing": [REFUSED]}
PLACE |= {"text": said("Where do you live?", "您住在哪里？", "أين تسكن؟")}
PLACE |= {
    "places": [
        {"code": "na", "text": said("Abroad", "境外", "في الخارج")},
        {"code": "e", "text": said("East", "东区", "الشرق")},
        {"code": "e1", "text": said("Lake", "湖滨街道", "البحيرة"), "parent": "e"},
        {"code": "e2", "text": said("Old town", "老城街道", "المدينة القديمة"), "parent": "e"},
        {"code": "e2a", "text": said("Bridge", "桥头社区", "الجسر"), "parent": "e2"},
    ]
}
EVERY = [CONSENT, STATEMENT, SINGLE, DROPDOWN, RATING, MULTIPLE, SCALE, LABELLED, NPS, MATRIX, GRID, RANKING]
EVERY += [NUMBER, DECIMAL, DAY, MONTH, YEAR, LINE, TEXT, PLACE]
WHY = {"type": "text", "variable": "why", "show_if": "${q_overall} <= 2"}
WHY |= {"text": said("You chose “${way}”. Why?", "您选择了“${way}”，为什么？", "اخترت «${way}». لماذا؟")}
SORRY = {"type": "statement", "variable": "sorry", "show_if": "${q_overall} = 1"}
SORRY |= {"text": said("We are sorry.", "深表歉意。", "نأسف.")}


def document(*questions: dict[str, Any], languages: tuple[str, ...] = LANGUAGES, **more: Any) -> dict[str, Any]:
    """These questions, or all of them, in two sections; the second only for some."""
    sections: list[dict[str, Any]] = [{"questions": list(questions or EVERY)}]
    if not questions:
        sections[0]["title"] = said("Your visit", "本次办理", "زيارتك")
        sections[0]["introduction"] = said("All of it.", "全部题目。", "كلها.")
        sections.append({"title": said("What went wrong", "问题", "ما المشكلة"), "questions": [WHY, SORRY]})
    whole = {
        "format": "minyi-questionnaire/1",
        "name": "question_types",
        "title": said("Every type of question", "各种题型", "كل أنواع الأسئلة"),
        "introduction": said("For trying it out.", "供测试。", "للتجربة."),
        "closing": said("Thank you for trying.", "感谢参与测试。", "شكرا على التجربة."),
        "languages": list(languages),
        "sections": sections,
        **more,
    }
    found: dict[str, Any] = _in_languages(whole, languages)
    return found


def _in_languages(part: Any, languages: tuple[str, ...]) -> Any:
    if isinstance(part, list):
        return [_in_languages(one, languages) for one in part]
    if not isinstance(part, dict):
        return part
    if set(part) == set(LANGUAGES):
        return {tag: part[tag] for tag in languages}
    return {name: _in_languages(one, languages) for name, one in part.items()}
