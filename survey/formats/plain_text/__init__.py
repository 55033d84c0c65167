"""Questionnaires as plain text: numbered questions, a choice a line, `*` for required, `[单选题]` for the kind.

The style of text that Chinese survey sites export and people type::

    居民满意度调查
    一、基本信息
    1. 您的性别*[单选题]
    A. 男
    B. 女
    2. 您用过哪些渠道 [多选题][最多选2项]
    窗口
    网上
    其他____
    都没有用过（跳至第4题）

Jumps and "depends on question 1, choice 2" become conditions of the questions that they decide on.
"""

from __future__ import annotations

from typing import Any

from survey.errors import QuestionnaireError
from survey.formats.jumps import Way, tangled
from survey.formats.known import Known
from survey.formats.loose import cut_texts, harmless
from survey.formats.report import Fate, Report
from survey.formats.truth import ALWAYS, NEVER, Choice, TangledError, Truth, answered, both, either, write
from survey.formats.words import plain
from survey.logic import LONGEST_CONDITION

from .lines import Block, Outline, Part, numbered, outline
from .marks import ENDING
from .questions import Node, Questions

FORMAT = "plain text"
LONGEST_PLAIN_TEXT = 300_000  # characters; what is longer was not typed by people
LONGEST_LINE = 4000


def read_plain_text(text: str, *, name: str, language: str) -> Report:
    """Read a questionnaire; raises QuestionnaireError when the text holds no numbered question or is ruined."""
    if text.count("?") + text.count("\ufffd") > max(len(text) // 4, 20) or "????" in text.replace(" ", ""):
        raise QuestionnaireError(
            "The text was ruined before it came here.", got=text[:40], hint="export it again as UTF-8"
        )
    if len(text) > LONGEST_PLAIN_TEXT:
        raise QuestionnaireError("The text is too long.", got=f"{len(text):,}", expected=f"{LONGEST_PLAIN_TEXT:,}")
    longest = max(enumerate(text.splitlines(), start=1), key=lambda line: len(line[1]), default=(0, ""))
    if len(longest[1]) > LONGEST_LINE:
        raise QuestionnaireError(
            f"Line {longest[0]} is too long.",
            got=f"{len(longest[1]):,} characters",
            expected=f"at most {LONGEST_LINE:,}",
        )
    found = outline(text)
    if not any(part.blocks for part in found.parts):
        raise QuestionnaireError(
            "No numbered question was found.", got=text[:60].replace("\n", " "), expected="1. 您的性别*[单选题]"
        )
    try:
        return _Text(found, language).read(name)
    except TangledError as error:
        raise tangled(FORMAT) from error


class _Text:
    def __init__(self, found: Outline, language: str) -> None:
        self.outline, self.language = found, language
        self.report = Report(FORMAT)
        self.blocks = list(numbered(found.parts))
        self.questions = Questions(self.report, language, _steering(self.blocks))
        self.known: dict[int, Known] = {}
        self.way = Way()

    def read(self, name: str) -> Report:
        around = {"title": self._said("title", [self.outline.title]) or {self.language: name}}
        for key in ("introduction", "closing"):
            said = self._said(key, getattr(self.outline, key))
            around |= {key: said} if said else {}
        sections = self._sections()
        if not sections:
            raise QuestionnaireError("The file holds no question that can be taken.", got=FORMAT)
        self.report.document = {
            "format": "minyi-questionnaire/1",
            "name": name,
            "languages": [self.language],
            **around,
            "sections": sections,
        }
        cut_texts(self.report)
        return self.report

    def _said(self, kind: str, lines: list[str]) -> dict[str, str]:
        text = harmless(plain("\n".join(lines)))
        if text:
            self.report.add(kind, kind, Fate.MAPPED)
        return {self.language: text} if text else {}

    def _sections(self) -> list[Node]:
        found: list[Node] = []
        for part in self.outline.parts:
            place = f"line {part.line}"
            nodes = [node for block in part.blocks for node in self._block(block)]
            section = self._around(place, part)
            if nodes:
                found.append(section | {"questions": nodes})
            elif section:
                text = section.pop("title", None) or section.pop("introduction")
                hint = {"hint": section["introduction"]} if "introduction" in section else {}
                words = {"type": "statement", "variable": self.questions.names.take("words"), "text": text, **hint}
                found.append({"questions": [words]})
        return found if any(node["type"] != "statement" for one in found for node in one["questions"]) else []

    def _around(self, place: str, part: Part) -> Node:
        section: Node = {}
        if part.title:
            self.report.add(place, "heading", Fate.MAPPED)
            section["title"] = {self.language: harmless(plain(part.title)) or part.title}
        elif part.line:
            self.report.add(place, "page", Fate.MAPPED)
        if part.introduction:
            self.report.add(f"{place}, introduction", "introduction", Fate.MAPPED)
            section["introduction"] = {self.language: harmless(plain("\n".join(part.introduction))) or "…"}
        return section

    # --- what leads from one question to another ---------------------------------------------------------------------

    def _block(self, block: Block) -> list[Node]:
        place = f"question {block.number}"
        found = self.way.arrive(self._dependency(place, block))
        reached = ALWAYS if found is None else found
        if found is None:
            self.report.add(place, "condition", Fate.LEFT_OUT, "too many jumps lead over it: it is always asked")
        nodes = self.questions.read(block)
        if not nodes:
            self.way.leave()
            return []
        self._know(block, nodes)
        exits = self._exits(place, block, nodes)
        names = [leaf for node in nodes for leaf in _filled(node)]
        self.way.leave(exits, names, self._answered(block, nodes))
        return [self._with(place, node, reached) for node in nodes]

    def _with(self, place: str, node: Node, shown: Truth) -> Node:
        text = write(shown)
        if text is not None and len(text) > LONGEST_CONDITION:
            why = f"longer than {LONGEST_CONDITION} characters: it is always asked"
            self.report.add(place, "condition", Fate.LEFT_OUT, why)
            return node
        return node if text is None else node | {"show_if": text}

    def _know(self, block: Block, nodes: list[Node]) -> None:
        node = nodes[0]
        points = tuple(one["code"] for one in node.get("choices", ()))
        if node["type"] in ("scale", "nps"):
            points = tuple(range(node.get("first", 0), node.get("last", 10) + 1))
        if node["type"] in ("single", "multiple", "scale", "nps"):
            codes = {str(number): code for number, code in enumerate(points, start=1)}
            marked = {one["code"] for one in node.get("choices", ()) if "missing" in one}
            points = tuple(point for point in points if point not in marked)
            self.known[block.number] = Known(node["variable"], codes, points, node["type"] == "multiple")

    def _answered(self, block: Block, nodes: list[Node]) -> Truth | None:
        """What tells that the block was asked."""
        node = nodes[0]
        has_missing = any("missing" in choice for choice in node.get("choices", ())) or "missing" in node
        if len(nodes) > 1 or not node["required"] or has_missing or node["type"] == "matrix":
            return None
        known = self.known.get(block.number)
        if known is None or known.is_multiple:
            return answered(node["variable"])
        return Choice(known.variable, frozenset(known.every), known.every)

    def _dependency(self, place: str, block: Block) -> Truth:
        """When the question is asked, as it says itself: after which choices of earlier ones."""
        parts: list[Truth] = []
        for number, choices in block.marks.depends:
            known = self.known.get(number)
            codes = [known.codes.get(str(choice)) for choice in choices] if known else [None]
            if known is None or None in codes:
                why = f"question {number} has no such choice, or is not asked before it"
                self.report.add(f"{place}, condition", "condition", Fate.LEFT_OUT, why)
                continue
            self.report.add(f"{place}, condition", "condition", Fate.MAPPED)
            parts.append(either(*(known.chosen(code) for code in codes if code is not None)))
        if not parts:
            return ALWAYS
        return (either if block.marks.is_alternative else both)(*parts)

    def _exits(self, place: str, block: Block, nodes: list[Node]) -> list[tuple[Truth, int]]:
        """Where the choices lead, and where everybody goes on."""
        known = self.known.get(block.number)
        found: dict[int, Truth] = {}
        for code, number in self.questions.jumps.items():
            where, target = f"{place}, choice {code}, jump", self._place(number)
            if known is None or target is None or code not in known.every:
                why = "a jump told in words is not a condition: add it by hand"
                self._amend(f"{place}, choice {code}", why)
                continue
            self.report.add(where, "jump", Fate.MAPPED)
            found[target] = either(found.get(target, NEVER), known.chosen(code))
        exits = [(when, target) for target, when in found.items()]
        if block.marks.jump is not None:
            target = self._place(block.marks.jump)
            told = (Fate.LEFT_OUT, "it leads back or nowhere") if target is None else (Fate.MAPPED, "")
            self.report.add(f"{place}, jump", "jump", *told)
            exits += [(ALWAYS, target)] if target is not None else []
        return self._ends(nodes, exits)

    def _ends(self, nodes: list[Node], exits: list[tuple[Truth, int]]) -> list[tuple[Truth, int]]:
        """A way out of the questionnaire ends it behind its question."""
        end = len(self.blocks)
        text = write(either(*(when for when, target in exits if target == end)))
        leads_out = any(target == end for _, target in exits)
        if not leads_out or text is None or len(text) > LONGEST_CONDITION or nodes[-1]["type"] == "statement":
            return exits
        nodes[-1]["end_if"] = text
        return [(when, target) for when, target in exits if target != end]

    def _place(self, number: int) -> int | None:
        """The index of the question with this number that comes next; None where none does."""
        if number == ENDING:
            return len(self.blocks)
        places = range(self.way.here, len(self.blocks))
        return next((place for place in places if self.blocks[place].number == number), None)

    def _amend(self, place: str, why: str) -> None:
        """The choice whose jump leads nowhere is told as approximated."""
        for index, one in enumerate(self.report.constructs):
            if one.place == place and one.kind == "choice":
                self.report.constructs[index] = type(one)(place, one.kind, Fate.APPROXIMATED, why)


def _steering(blocks: list[Block]) -> frozenset[tuple[int, int]]:
    """The choices that conditions ask for: the number of the question and their own."""
    return frozenset((number, code) for block in blocks for number, codes in block.marks.depends for code in codes)


def _filled(node: dict[str, Any]) -> list[str]:
    return [row["variable"] for row in node["rows"]] if "rows" in node else [node["variable"]]
