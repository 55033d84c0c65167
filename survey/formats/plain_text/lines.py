"""The lines of a plain text questionnaire: title, headings, questions with what stands below them, and page breaks."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice

from .marks import KIND_OF, Marks, is_dependency, read_marks

_NUMBER = re.compile(
    r"^\s*(?:\*\*)?(?:Q|问题|题目|第)?\s*(?P<number>\d{1,3})\s*(?:[.．:：](?!\d)|[、)）]|题[.、．:：\s]?)\s*(?P<rest>\S.*)$",
    re.IGNORECASE,
)
_CHINESE = re.compile(r"^\s*[(（]?(?P<number>[一二三四五六七八九十]{1,3})(?:[、.．]|[)）])\s*(?P<rest>\S.*)$")
_HEADING = re.compile(
    r"^\s*(?:#{1,6}\s+(?P<hash>\S.*)|"
    r"第\s*[一二三四五六七八九十\d]{1,3}\s*(?:部分|部份|章|节|单元|模块)[\s：:、.]*(?P<part>.*)|"
    r"(?:Part|Section)\s+(?:[A-Z]|\d{1,2}|[IVX]{1,4})\s*[.:)—–-]?\s*(?P<english>.*)|"
    r"(?:模块|板块)\s*[A-Za-z\d一二三四五六七八九十]{1,2}\s*[：:](?P<module>.*)|[A-Z]\s*部分[\s：:、.]*(?P<letter>.*))$"
)
_PAGE = re.compile(
    r"^[=\-—*#~\s]*[\[【]?\s*(?:分页栏?|分页符|换页|page ?break|new page)\s*[\]】]?[=\-—*#~\s]*$|^\s*[=\-—*#~]{3,}\s*$",
    re.IGNORECASE,
)
_THANKS = re.compile(
    r"^\W*(?:再次|衷心|非常|最后)?(?:感谢|谢谢|多谢|祝您|祝你)|^\W*(?:本?问卷|调查|访问)(?:到此|已经?)?(?:结束|完毕)|"
    r"^\W*(?:many )?thank(?:s| you)",
    re.IGNORECASE,
)
_MARKS_AT_END = re.compile(r"(?<!\s)(?:\s*[\[【［][^\[\]【】［］]{2,16}[\]】］]\s?\*?)+\s*$")
_MARK = re.compile(r"[\[【［]\s*([^\[\]【】［］]{2,16}?)\s*[\]】］]")
_NOTE = re.compile(r"^(?:说明|提示|注|备注|note)\s*[:：]\s*\S", re.IGNORECASE)
_ASKS = re.compile(r"[？?：:]\s*$|[*＊]|_{2,}")
_OWN_LINE = re.compile(r"^\s*【([^【】]{2,30})】\s*$")
LONGEST_TITLE = 120
CHINESE = "一二三四五六七八九十"


@dataclass
class Block:
    """A question as it stands in the text: its first line and those below it, empty ones for empty lines."""

    number: int
    line: int
    marks: Marks
    lines: list[tuple[int, str]] = field(default_factory=list)
    has_numbers: bool = False  # its choices are numbered themselves
    n_said: int = 0  # lines that say something

    @property
    def said(self) -> list[tuple[int, str]]:
        """The lines below that say something."""
        return [(number, text) for number, text in self.lines if text]


@dataclass
class Part:
    """Questions under one heading, or on one page."""

    title: str = ""
    line: int = 0
    introduction: list[str] = field(default_factory=list)
    blocks: list[Block] = field(default_factory=list)


@dataclass
class Outline:
    """The whole text in its parts."""

    title: str = ""
    introduction: list[str] = field(default_factory=list)
    closing: list[str] = field(default_factory=list)
    parts: list[Part] = field(default_factory=list)


class Lines:
    """Reads the lines one after another."""

    def __init__(self, text: str) -> None:
        self._lines = [line.strip().replace("\u3000", " ") for line in text.replace("\ufeff", "").splitlines()]
        self._is_counted = any(_NUMBER.match(line) for line in self._lines)
        self._outline = Outline(parts=[Part()])
        self._before: list[tuple[int, str]] = []
        self._block: Block | None = None  # the one that was begun last
        self._pending: Marks | None = None  # a dependency that stands above its question
        self._is_fresh = True  # a heading or a page stands right above: numbers may begin anew

    def read(self) -> Outline:
        for number, line in enumerate(self._lines, start=1):
            self._line(number, line)
        self._open()
        self._close()
        self._outline.parts = [part for part in self._outline.parts if part.blocks or part.introduction or part.title]
        return self._outline

    def _line(self, number: int, line: str) -> None:
        heading = self._heading(number, line)
        started = None if heading is not None or self._goes_on(line) else self._start(line)
        if line and _PAGE.match(line):
            self._part("", number)
        elif heading is not None:
            self._part(heading, number)
        elif started is not None:
            self._begin(number, *started)
        elif is_dependency(line):
            self._depend(number, line)
        elif self._block is not None and self._goes_on(line):
            _extend(self._block, line)
        elif self._outline.parts[-1].blocks:
            self._below(self._outline.parts[-1].blocks[-1], number, line)
        elif line and self._block is None and len(self._outline.parts) == 1:
            self._before.append((number, line))
        elif line:
            self._outline.parts[-1].introduction.append(line)

    def _part(self, title: str, number: int) -> None:
        last = self._outline.parts[-1]
        if title and not last.blocks and not last.title and len(self._outline.parts) > 1:
            last.title, last.line = title, number  # a page that begins with a heading
        else:
            self._outline.parts.append(Part(title, number))
        self._is_fresh = True

    def _goes_on(self, line: str) -> bool:
        """Whether the words of the question above end only here, with the mark of its kind."""
        block = self._block
        if block is None or self._is_fresh or block.marks.kind or not 0 <= block.n_said < 3:
            return False
        return _NUMBER.match(line) is None and _kind_at_end(line) is not None

    def _begin(self, number: int, count: int, words: str) -> None:
        block = Block(count, number, read_marks(words))
        if self._pending is not None:
            _add_dependency(block, self._pending)
        self._outline.parts[-1].blocks.append(block)
        self._block = block
        self._is_fresh, self._pending = False, None

    def _depend(self, number: int, line: str) -> None:
        """Upon what the question depends below which this stands, or that which follows at once after a gap."""
        is_apart = number == 1 or not self._lines[number - 2] or not self._outline.parts[-1].blocks
        block = self._block
        if block is None or (is_apart and number < len(self._lines) and self._start(self._lines[number]) is not None):
            self._pending = read_marks(line)
        else:
            _add_dependency(block, read_marks(line))

    def _below(self, block: Block, number: int, line: str) -> None:
        counted = _NUMBER.match(line)
        if counted and int(counted["number"]) == 1 and block.n_said == 0:
            block.has_numbers = True
        block.lines.append((number, line))
        block.n_said += bool(line)

    @property
    def _is_between(self) -> bool:
        """Whether a gap below a question was read last."""
        block = self._block
        return block is not None and (self._is_fresh or (len(block.lines) > 1 and not block.lines[-1][1]))

    def _heading(self, number: int, line: str) -> str | None:
        """The words of a heading; None for any other line."""
        found = _HEADING.match(line)
        is_title = (
            found and found["hash"] and not self._before and self._block is None and len(self._outline.parts) == 1
        )
        if found and not is_title:
            return (next((words for words in found.groups() if words), "") or line).strip()
        chinese = _CHINESE.match(line) if self._is_counted else None
        if chinese and not _kind_at_end(line) and not line.endswith(("？", "?")) and not line.startswith(("(", "（")):
            return chinese["rest"].strip()
        alone = _OWN_LINE.match(line)
        if alone and alone[1].casefold() not in KIND_OF and self._asks_next(number):
            return alone[1].strip()
        return None

    def _asks_next(self, number: int) -> bool:
        """Whether the next line that says something is a question."""
        following = next((line for line in islice(self._lines, number, number + 20) if line), "")
        return _NUMBER.match(following) is not None

    def _start(self, line: str) -> tuple[int, str] | None:
        """Number and words of a question that begins here."""
        found = _NUMBER.match(line)
        block = None if self._is_fresh else self._block
        if found is not None:
            number, rest = int(found["number"]), found["rest"].replace("**", "")
            return None if self._is_choice(block, number, rest) else (number, rest)
        last = self._block.number if self._block else 0
        opened = _MARK.match(line)
        kind = (KIND_OF.get(opened[1].casefold()) if opened and len(line) > len(opened[0]) else None) or _kind_at_end(
            line
        )
        if kind and _MARKS_AT_END.sub("", line).strip():
            return (last if kind == "statement" else last + 1), line
        if _NOTE.match(line) and self._is_between:
            return last, f"{line}[statement]"
        chinese = None if self._is_counted else _CHINESE.match(line)
        if chinese is None:
            return None
        number = _chinese_number(chinese["number"])
        return (number, chinese["rest"]) if block is None or number > block.number else None

    def _is_choice(self, block: Block | None, number: int, rest: str) -> bool:
        """Whether a numbered line is a choice of the question above it."""
        if block is None:
            return False
        if number <= block.number:
            return True
        asks = _ASKS.search(rest) is not None or _kind_at_end(rest) is not None
        return block.has_numbers and number == block.n_said + 1 and not asks

    def _open(self) -> None:
        """Title and introduction: what stands above the first question."""
        before = self._before
        if before and len(before[0][1]) <= LONGEST_TITLE:
            self._outline.title = before[0][1].strip("#* ")
            before = before[1:]
        self._outline.introduction = [line for _, line in before]

    def _close(self) -> None:
        """Thanks below the last question end the questionnaire."""
        last = self._outline.parts[-1]
        if not last.blocks and self._block is not None and not last.title:
            self._outline.closing = self._outline.parts.pop().introduction
            return
        block = self._block
        if block is None:
            return
        place = next((index for index, (_, line) in enumerate(block.lines) if _THANKS.match(line)), None)
        if place is not None:
            self._outline.closing = [line for _, line in block.lines[place:] if line]
            del block.lines[place:]


def _extend(block: Block, line: str) -> None:
    """What was said below the question so far, and this line, are words of its own."""
    earlier = block.marks
    block.marks = read_marks("\n".join([earlier.written, *(text for _, text in block.said), line]))
    block.marks.is_required = block.marks.is_required or earlier.is_required
    block.marks.depends += earlier.depends
    block.lines, block.n_said = [], 0


def _kind_at_end(line: str) -> str | None:
    """The kind that the marks behind a line name."""
    marks = _MARKS_AT_END.search(line)
    found = (KIND_OF.get(mark.casefold()) for mark in _MARK.findall(marks[0])) if marks else iter(())
    return next((kind for kind in found if kind), None)


def _add_dependency(block: Block, marks: Marks) -> None:
    block.marks.depends += marks.depends
    block.marks.is_alternative = block.marks.is_alternative or marks.is_alternative


def _chinese_number(text: str) -> int:
    """一 to 九十九 as a number."""
    tens, sign, ones = text.rpartition("十")
    ten = (CHINESE.index(tens[0]) + 1 if tens else 1) if sign else 0
    return 10 * ten + (CHINESE.index(ones[0]) + 1 if ones and ones[0] in CHINESE else 0)


def outline(text: str) -> Outline:
    """The parts of a text."""
    return Lines(text).read()


def numbered(parts: list[Part]) -> Iterator[Block]:
    """Every question in its order."""
    for part in parts:
        yield from part.blocks
