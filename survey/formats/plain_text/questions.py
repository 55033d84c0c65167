"""The questions of a plain text as ours, by their kinds."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection
from typing import Any

from survey.formats.choices import is_exclusive
from survey.formats.loose import harmless
from survey.formats.names import Names
from survey.formats.report import Fate, Report
from survey.formats.words import missing_kind, plain

from .choices import cells_of, cleared, several, split_title, table_of
from .lines import Block
from .marks import BLANK, JUMP, split_jump, tidy
from .scales import nps_of, points_of, scale_of

Node = dict[str, Any]
Told = tuple[Fate, str]
MAPPED: Told = (Fate.MAPPED, "")
_ASIDE = re.compile(r"^[(（【\[](?![A-Za-z\d]{1,2}[)）\]】])[^()（）]{4,200}[)）】\]][。.]?$")
_SPECIFY = re.compile(r"请(?:具体)?(?:注明|说明|填写|列出|写明)|please (?:specify|state)|\(specify", re.IGNORECASE)
_MANY = re.compile(r"可多选|多选|可选多项|select all|choose all|all that apply|tick all", re.IGNORECASE)
_RANKS = re.compile(r"排序|rank the|in order of", re.IGNORECASE)
_MONTH, _YEAR = re.compile("年月|month", re.IGNORECASE), re.compile("年份|哪一年|year", re.IGNORECASE)


class Questions:
    """Makes questions of blocks. `steering` holds the choices that conditions ask for: they stay answers."""

    def __init__(self, report: Report, language: str, steering: Collection[tuple[int, int]]) -> None:
        self.report, self.language, self.steering = report, language, steering
        self.names = Names()
        self.jumps: dict[int, int] = {}  # by code, of the question read last

    def say(self, text: str) -> dict[str, str]:
        return {self.language: harmless(plain(text)) or "…"}

    def read(self, block: Block) -> list[Node]:
        """The questions of a block; several where it asks for several things."""
        self.jumps = {}
        split_title(block)
        marks, place = block.marks, f"line {block.line}, question {block.number}"
        kind = marks.kind or _guess(block)
        if not plain(marks.words):
            self.report.add(place, kind, Fate.LEFT_OUT, "a question without words")
            return []
        node: Node = {
            "variable": self.names.take("note" if kind == "statement" else f"q{block.number}"),
            "text": self.say(marks.words),
            "required": bool(marks.is_required),
        }
        for one in marks.exam:
            why = "nobody is marked here: right answers and points are not kept"
            self.report.add(f"{place}, {one[:40]}", "exam", Fate.LEFT_OUT, why)
        made = self._typed(place, kind, block, node)
        if made and marks.unread_jump:
            why = "a jump told in words is not a condition: add it by hand"
            self.report.add(f"{place}, jump", "jump", Fate.APPROXIMATED, why)
        return made

    def _typed(self, place: str, kind: str, block: Block, node: Node) -> list[Node]:
        makers: dict[str, Callable[[str, Block, Node], list[Node]]] = {
            "single": self._chosen,
            "dropdown": self._chosen,
            "multiple": self._chosen,
            "ranking": self._ranked,
            "blanks": self._blanks,
            "matrix": self._matrix,
            "matrix_multiple": self._matrix,
            "statement": self._statement,
            "scale": self._scale,
            "nps": self._scale,
        }
        if kind in makers:
            return makers[kind](place, block, node | {"_kind": kind})
        if kind in SIMPLE:
            told = SLIDER if kind == "slider" else MAPPED
            self.report.add(place, block.marks.named or kind, *told)
            return [self._hinted(block, self._simple(kind, block, node))]
        self.report.add(place, kind, Fate.LEFT_OUT, f"{kind} is not read")
        for number, text in block.said:
            self.report.add(f"line {number}", "line", Fate.LEFT_OUT, f"of a question that is not read: {text[:60]}")
        return []

    # --- words, numbers, days ----------------------------------------------------------------------------------------

    def _simple(self, kind: str, block: Block, node: Node) -> Node:
        made = node | SIMPLE[kind]
        title = f"{block.marks.named} {block.marks.words}"
        if kind == "date":
            made["precision"] = "month" if _MONTH.search(title) else "year" if _YEAR.search(title) else "day"
        if kind == "text" and ("简答" in title or "问答" in title or not BLANK.search(block.marks.written)):
            made["lines"] = 4
        return made

    def _hinted(self, block: Block, node: Node) -> Node:
        """With what stands below a question that has no choices: advice to who answers."""
        lines = []
        for number, text in block.said:
            if not BLANK.sub("", text).strip("()（） "):
                continue
            self.report.add(f"line {number}", "hint", *MAPPED)
            lines.append(tidy(text).strip("()（） "))
        return node | ({"hint": self.say("\n".join(lines))} if lines else {})

    def _blanks(self, place: str, block: Block, node: Node) -> list[Node]:
        """One question for each blank, named by the words before it."""
        text = "\n".join([block.marks.written, *(line for _, line in block.said)])
        labels = [part.strip(" ：:,，;；、。\n") for part in BLANK.split(text)[:-1]]
        title, first = node["text"][self.language], labels[0] if labels else ""
        if len(labels) < 2:
            self.report.add(place, block.marks.named or "text", *MAPPED)
            return [self._hinted(block, _bare(node) | SIMPLE["text"])]
        if "\n" in first:
            title, _, labels[0] = first.rpartition("\n")
        self.report.add(place, block.marks.named or "blanks", *MAPPED)
        made = []
        for number, label in enumerate(labels, start=1):
            name = node["variable"] if number == 1 else self.names.take(f"{node['variable']}_{number}")
            self.report.add(f"{place}, blank {number}", "blank", *MAPPED)
            words = f"{title} – {label}" if label and "\n" in first else label or f"{title} ({number})"
            made.append(_bare(node) | SIMPLE["text"] | {"variable": name, "text": self.say(words)})
        return made

    def _statement(self, place: str, block: Block, node: Node) -> list[Node]:
        self.report.add(place, block.marks.named or "statement", *MAPPED)
        return [self._hinted(block, _bare(node) | {"type": "statement", "required": False})]

    def _scale(self, place: str, block: Block, node: Node) -> list[Node]:
        maker = nps_of if node["_kind"] == "nps" else scale_of
        lines = [cleared(text, index) for index, (_, text) in enumerate(block.said)]
        cells = [cell for line in lines for cell in points_of(line) or cells_of(line)] if len(lines) == 1 else lines
        made, told = maker(block.marks.words, cells, self.language, self.say)
        if made is None:
            return self._chosen(place, block, node | {"_kind": "single"})
        self.report.add(place, block.marks.named or "scale", *told)
        for number, _ in block.said:
            self.report.add(f"line {number}", "points", *MAPPED)
        return [_bare(node) | made]

    # --- choices -----------------------------------------------------------------------------------------------------

    def _chosen(self, place: str, block: Block, node: Node) -> list[Node]:
        kind, lines = str(node["_kind"]), self._choice_lines(block, node)
        if len(lines) < 2:
            why = "a question of choices with fewer than two of them"
            self.report.add(place, block.marks.named or "question", Fate.LEFT_OUT, why)
            return []
        self.report.add(place, block.marks.named or kind, *MAPPED)
        made = _bare(node) | {"type": "multiple" if kind == "multiple" else "single"}
        choices = [self._choice(block, code, text, kind == "multiple") for code, text in enumerate(lines, start=1)]
        if all("missing" in one for one in choices):
            choices = [{key: value for key, value in one.items() if key != "missing"} for one in choices]
        if kind == "dropdown":
            made["dropdown"] = True
        if kind == "multiple":
            self._counts(place, block, made, sum("missing" not in one for one in choices))
        return [made | {"choices": choices}]

    def _choice_lines(self, block: Block, node: Node) -> list[str]:
        """The choices; what is said in brackets above them is advice."""
        said = [text for _, text in block.said]
        if len(said) > 2 and _ASIDE.match(said[0]) and not JUMP.search(said[0]):
            self.report.add(f"question {block.number}, hint", "hint", *MAPPED)
            node["hint"] = self.say(said.pop(0).strip("()（）【】[]"))
        return [choice for text in said for choice in several(text)]

    def _choice(self, block: Block, code: int, line: str, is_multiple: bool) -> Node:
        where = f"question {block.number}, choice {code}"
        text, target, is_unread = split_jump(line)
        has_blank = BLANK.search(text) is not None
        words = tidy(cleared(text, code - 1)) or text
        choice: Node = {"code": code, "text": self.say(words)}
        why = missing_kind(words)
        if has_blank or _SPECIFY.search(words):
            choice["specify"] = True
        elif why and (block.number, code) not in self.steering and target is None:
            choice["missing"] = why
        elif is_multiple and is_exclusive(words):
            choice["exclusive"] = True
        if why and "missing" not in choice and "specify" not in choice:
            self.report.warnings.append(f"{where}: it stays an answer, because a jump or a condition asks for it")
        unread = (Fate.APPROXIMATED, "a jump told in words is not a condition: add it by hand")
        if target is not None:
            self.jumps[code] = target
        self.report.add(where, "choice", *(unread if is_unread else MAPPED))
        return choice

    def _counts(self, place: str, block: Block, made: Node, n: int) -> None:
        least, most = block.marks.at_least, block.marks.at_most
        fits = (least or 1) <= min(n, most or n) and (most or 1) <= n
        if least or most:
            told = MAPPED if fits else (Fate.LEFT_OUT, "no number of choices fits it")
            self.report.add(f"{place}, bounds", "bounds", *told)
        if fits:
            made |= {key: one for key, one in (("at_least", least), ("at_most", most)) if one}

    def _ranked(self, place: str, block: Block, node: Node) -> list[Node]:
        lines = [tidy(cleared(text, index)) for index, text in enumerate(self._choice_lines(block, node))]
        if not 2 <= len(lines) <= 60:
            self.report.add(place, block.marks.named or "ranking", Fate.LEFT_OUT, f"{len(lines)} things to be ranked")
            return []
        self.report.add(place, block.marks.named or "ranking", *MAPPED)
        for code, _ in enumerate(lines, start=1):
            self.report.add(f"question {block.number}, choice {code}", "choice", *MAPPED)
        choices = [{"code": code, "text": self.say(text)} for code, text in enumerate(lines, start=1)]
        made = _bare(node) | {"type": "ranking", "choices": choices}
        self._counts(place, block, made, len(choices))
        return [made]

    # --- rows and columns --------------------------------------------------------------------------------------------

    def _matrix(self, place: str, block: Block, node: Node) -> list[Node]:
        rows, columns = table_of(block)
        if not rows or len(columns) < 2:
            why = "its rows or its columns are not told apart: write the columns on one line"
            self.report.add(place, block.marks.named or "matrix", Fate.LEFT_OUT, why)
            return []
        self.report.add(place, block.marks.named or "matrix", *MAPPED)
        made_rows, choices = [], []
        for number, row in enumerate(rows, start=1):
            self.report.add(f"question {block.number}, row {number}", "row", *MAPPED)
            name = self.names.take(f"{node['variable']}_{number}")
            made_rows.append({"variable": name, "text": self.say(tidy(row))})
        for code, column in enumerate(columns, start=1):
            self.report.add(f"question {block.number}, column {code}", "column", *MAPPED)
            kind = missing_kind(column)
            choices.append({"code": code, "text": self.say(column), **({"missing": kind} if kind else {})})
        if all("missing" in one for one in choices):
            choices = [{key: value for key, value in one.items() if key != "missing"} for one in choices]
        is_multiple = node["_kind"] == "matrix_multiple"
        return [_bare(node) | {"type": "matrix", "rows": made_rows, "choices": choices, "multiple": is_multiple}]


SLIDER: Told = (Fate.APPROXIMATED, "typed as a number from 0 to 100")
SIMPLE: dict[str, Node] = {
    "text": {"type": "text", "lines": 1},
    "phone": {"type": "text", "lines": 1, "format": "phone"},
    "email": {"type": "text", "lines": 1, "format": "email"},
    "number": {"type": "number"},
    "slider": {"type": "number", "minimum": 0, "maximum": 100},
    "date": {"type": "date"},
}


def _bare(node: Node) -> Node:
    return {key: value for key, value in node.items() if key != "_kind"}


def _guess(block: Block) -> str:
    """The kind of a question that names none."""
    words = block.marks.written
    if block.said and all(BLANK.search(text) for _, text in block.said):
        return "blanks"
    if not block.said:
        return "blanks" if len(BLANK.findall(words)) > 1 else "text"
    if _MANY.search(words) or block.marks.at_most or block.marks.at_least:
        return "ranking" if _RANKS.search(words) else "multiple"
    return "single"
