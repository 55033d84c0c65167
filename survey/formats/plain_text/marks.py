"""Marks in plain text questionnaires: kinds, "must", bounds, jumps and conditions, in brackets or after an arrow."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

ENDING = 0  # where a jump leads out of the questionnaire; questions are numbered from 1
BLANK = re.compile(r"_{2,}|＿{2,}|﹍{2,}|\{_+\}")
JUMP = re.compile(r"跳[至到转过]|转[至到]第|请跳|skip to|go to (q|question)|jump to", re.IGNORECASE)
_BRACKET = re.compile(r"[\[【［(（〔「]\s*([^\[\]【】［］()（）〔〕「」]{1,80}?)\s*[\]】］)）〕」]")
_ARROW = re.compile(r"(?<!\s)\s*(?:→|⇒|->|=>|—>|--?>|>>)\s*(.{1,40})$")
_BARE = re.compile(
    r"(?<![\s,，;；])[\s,，;；]+((?:请)?(?:直接)?跳[至到转].{1,20}|(?:skip|go|jump) to .{1,30})$", re.IGNORECASE
)
_TARGET = re.compile(
    r"(?:请|直接|并)*(?:跳[至到转过]*[至到]?|转[至到]?|转入|进入|skip to|go to|jump to)"
    r"\s*第?\s*(?:Q|问题|题目?|question)?\s*\.?\s*(\d{1,3})\s*(?:题|问)?\s*(?:继续)?(?:作答|回答|填写)?[。.]?",
    re.IGNORECASE,
)
_PAST = re.compile(r"(?:请)?跳过第?\s*(\d{1,3})(?:\s*[-–—~至到]\s*第?\s*(\d{1,3}))?\s*题[。.]?")
_END = re.compile(
    r"(?:请|直接|并)*(?:(?:跳[至到转]*|转[至到]?)\s*第?(?:本?问卷|调查)?(?:的)?(?:末尾|结尾|最后|结束|尾部|末)(?:页|处)?|"
    r"(?:结束|终止|停止|退出)(?:本?次?)?(?:问卷|答题|作答|调查|访问|填写)?|(?:问卷|访问|调查)(?:到此)?(?:结束|终止))(?:\s*[,，]?\s*(?:并|请)?提交(?:答卷|问卷)?)?[。.!！]?|"
    r"(?:skip to |go to |jump to )?(?:the )?end(?: of| the)*(?: survey| questionnaire)?|terminate|screen out|stop",
    re.IGNORECASE,
)
_DEPENDS = re.compile(r"依赖于?|依赖题目|关联于|显示条件|出现条件|题目关联")
_DEPENDENCY = re.compile(
    r"第\s*(\d{1,3})\s*题(?:的|选择|选中|中)*第?\s*(\d{1,3}(?:\s*[;；,，、/|或]\s*\d{1,3})*)\s*个?(?:选项|项|号)?"
)
_NUMBERS = re.compile(r"\d{1,3}")
_N = r"(\d{1,2}|[一二两三四五六七八九十])"
_CHOOSE = r"(?:应|可|需|请)?(?:选择?|勾选|choose|select)"
_LEAST_WORDS, _MOST_WORDS = (
    "最少|至少|不少于|at least|min(?:imum)?",
    "最多|至多|不超过|不多于|限|at most|up to|max(?:imum)?",
)
# "at least 3" alone may count anything: without a verb of choosing, what is counted must be items
_LEAST, _MOST = (
    re.compile(rf"(?:{words})\s*(?:{_CHOOSE}\s*{_N}|{_N}\s*项|{_N}\s*个?选项)", re.IGNORECASE)
    for words in (_LEAST_WORDS, _MOST_WORDS)
)
_LEAST_ALONE, _MOST_ALONE = (
    re.compile(rf"(?:{words})\s*{_N}\s*[个项条]?", re.IGNORECASE) for words in (_LEAST_WORDS, _MOST_WORDS)
)
_CHOOSE_LEAST, _CHOOSE_MOST = (
    re.compile(rf"{_CHOOSE}\s*(?:{words})\s*{_N}", re.IGNORECASE) for words in (_LEAST_WORDS, _MOST_WORDS)
)
_BETWEEN = re.compile(
    rf"{_CHOOSE}\s*(\d{{1,2}})\s*[-–—~至到]\s*(\d{{1,2}})\s*[个项条]?|^(\d{{1,2}})\s*[-–~]\s*(\d{{1,2}})\s*[个项]$",
    re.IGNORECASE,
)
_COLON = re.compile(r"[：:]\s*(?=[)）】\]])")
_EMPTY = re.compile(r"[(（【\[]\s*[)）】\]]")
_STAR = re.compile(r"^\s*[*＊]+|[*＊]+(?=\s|[(（]|$)")
_COUNTS = {word: number for number, word in enumerate("一二三四五六七八九十", start=1)} | {"两": 2}
MUST = frozenset({"必答", "必填", "必选", "必答题", "required", "mandatory"})
MAY = frozenset({"选答", "选填", "非必填", "非必答", "可选", "可不填", "optional"})
KINDS = {
    "single": (
        "单选题 单选 单项选择题 单选题型 判断题 是非题 选择题 radio single single_choice choose_one select_one yes/no"
    ),
    "dropdown": "下拉题 下拉框 下拉单选 下拉单选题 下拉选择题 下拉列表题 下拉框单选 dropdown drop-down list",
    "multiple": (
        "多选题 多选 多项选择题 不定项选择题 不定项 可多选 可以多选 复选题 checkbox checkboxes multiple "
        "multiple_choice multi-select select_all select_all_that_apply choose_all_that_apply "
        "select_multiple"
    ),
    "text": (
        "填空题 填空 单项填空题 单项填空 简答题 问答题 文本题 开放题 开放式问题 主观题 意见题 单行文本 "
        "多行文本 单行文本题 多行文本题 单行文字 多行文字 姓名题 地址题 地区题 城市题 text open "
        "open-ended open_ended free_text short_answer long_answer comment paragraph"
    ),
    "blanks": "多项填空题 多项填空 横向填空题 横向填空 multiple_text",
    "matrix": (
        "矩阵单选题 矩阵单选 矩阵量表题 矩阵量表 矩阵反向量表题 矩阵评分题 矩阵打分题 矩阵题 表格单选题 "
        "matrix grid matrix_single"
    ),
    "matrix_multiple": "矩阵多选题 矩阵多选 表格多选题 matrix_multiple checkbox_grid",
    "scale": (
        "量表题 量表 评分 评分题 打分题 评分单选 评分单选题 反向量表题 评价题 星级题 五星题 五星评分题 "
        "星级评分题 李克特量表题 scale rating likert stars"
    ),
    "ranking": "排序题 排序 ranking rank rank_order",
    "nps": "nps nps题 nps量表 nps量表题 nps评分 nps评分题 净推荐值 净推荐值题 推荐度 推荐度题",
    "number": "数字题 数值题 数字 整数题 整数 数字填空题 number numeric integer",
    "slider": "滑动条题 滑动条 滑块题 滑块 slider",
    "date": "日期题 日期 日期时间题 年月题 年份题 出生日期题 date month year",
    "phone": "手机题 手机号题 手机 电话题 手机验证题 phone",
    "email": "邮箱题 邮箱 电子邮件题 email e-mail",
    "statement": "段落说明 段落 说明 文字说明 描述说明 描述 说明题 说明文字 statement note text_only instruction",
}
KIND_OF = {name.replace("_", " "): kind for kind, names in KINDS.items() for name in names.split()}
_EXAM = re.compile(r"(?:答案|正确答案|分数|分值|解析)\s*[:：].*")
_UNKNOWN_KIND = re.compile(r"\S{1,10}题|上传文件|文件上传|电子签名|手写签名")


@dataclass
class Marks:
    """What stands in a line beside its words."""

    words: str = ""
    written: str = ""  # the words with their blanks
    kind: str = ""  # one of KINDS, or the mark itself where it is none of them
    named: str = ""  # the mark as it was written
    is_required: bool | None = None
    at_least: int | None = None
    at_most: int | None = None
    jump: int | None = None
    unread_jump: str = ""
    depends: list[tuple[int, list[int]]] = field(default_factory=list)
    is_alternative: bool = False
    exam: list[str] = field(default_factory=list)  # right answers and points


def read_marks(line: str) -> Marks:
    """Take the marks of a question's first line out of it."""
    marks = Marks()
    words = _BRACKET.sub(lambda found: "" if _take(found[1].strip(), marks) else found[0], line)
    if _DEPENDS.search(words):
        before, sign, rest = words.partition((_DEPENDS.search(words) or [""])[0])
        words = before if sign and _take_dependency(rest, marks) else words
    if _STAR.search(words):
        marks.is_required = True if marks.is_required is None else marks.is_required
        words = _STAR.sub("", words)
    _bounds(words, marks)
    if not marks.jump and JUMP.search(words):
        marks.unread_jump = words
    marks.words, marks.written = tidy(words), words
    return marks


def _take(content: str, marks: Marks) -> bool:
    """Read what stands in one pair of brackets; True where it is a mark and no words."""
    name = re.sub(r"^(题型|类型|type)\s*[:：]\s*", "", content, flags=re.IGNORECASE).casefold()
    if name in MUST | MAY:
        marks.is_required = name in MUST
    elif name in KIND_OF:
        marks.kind, marks.named = KIND_OF[name], content
    elif _DEPENDS.search(content):
        return _take_dependency(content, marks)
    elif (target := jump_of(content)) is not None:
        marks.jump = target
    elif _bounds(content, marks):
        if not marks.kind and ("多选" in content or "不定项" in content):
            marks.kind, marks.named = "multiple", content
    elif _EXAM.fullmatch(content):
        marks.exam.append(content)
    elif _UNKNOWN_KIND.fullmatch(content):
        marks.kind = marks.named = content
    else:
        return False
    return True


def _take_dependency(text: str, marks: Marks) -> bool:
    found = [(int(one[1]), [int(number) for number in _NUMBERS.findall(one[2])]) for one in _DEPENDENCY.finditer(text)]
    marks.depends += found
    marks.is_alternative = marks.is_alternative or re.search(r"或者?\s*第\s*\d+\s*题|任[一意]|\bor\b", text) is not None
    return bool(found)


def is_dependency(line: str) -> bool:
    """Whether the line says upon which answers a question depends, and nothing else."""
    return _DEPENDS.match(line.strip("[]【】()（） ")) is not None


def _bounds(text: str, marks: Marks) -> bool:
    """Read how many choices may be made; True where the text says so."""
    between = _BETWEEN.search(text)
    least = _CHOOSE_LEAST.search(text) or _LEAST.search(text)
    most = _CHOOSE_MOST.search(text) or _MOST.search(text)
    for part in re.split(r"[,，;；、]", text):
        least = least or _LEAST_ALONE.fullmatch(part.strip())
        most = most or _MOST_ALONE.fullmatch(part.strip())
    if between:
        marks.at_least, marks.at_most = [int(one) for one in between.groups() if one]
    if least:
        marks.at_least = _count(next(one for one in least.groups() if one))
    if most:
        marks.at_most = _count(next(one for one in most.groups() if one))
    return bool(between or least or most)


def _count(text: str) -> int:
    return int(text) if text.isdecimal() else _COUNTS[text]


def jump_of(content: str) -> int | None:
    """Where the words send somebody: the number of a question, ENDING, or None where they are no jump."""
    text = content.strip()
    if _END.fullmatch(text):
        return ENDING
    past, target = _PAST.fullmatch(text), _TARGET.fullmatch(text)
    if past:
        return int(past[2] or past[1]) + 1
    return int(target[1]) if target else None


def split_jump(line: str) -> tuple[str, int | None, bool]:
    """A choice without its jump, where that leads, and whether something looks like a jump that cannot be read."""
    for pattern in (_BRACKET, _ARROW, _BARE):
        for found in reversed(list(pattern.finditer(line))):
            target = jump_of(found[1])
            if target is None and pattern is _ARROW and found[1].strip().lstrip("Qq第").rstrip("题").isdecimal():
                target = int(found[1].strip().lstrip("Qq第").rstrip("题"))
            if target is not None:
                return f"{line[: found.start()]}{line[found.end() :]}".strip(), target, False
    return line, None, JUMP.search(line) is not None


def tidy(words: str) -> str:
    """Without the blanks, empty brackets and spaces that marks leave behind."""
    bare = _COLON.sub("", BLANK.sub("", words))
    return _EMPTY.sub("", bare).strip() or words.strip()
