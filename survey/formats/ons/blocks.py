"""The blocks of ONS schemas: questions and pages to read, and the rules that lead from one to another."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from survey.formats.jumps import Way, taken
from survey.formats.known import Known
from survey.formats.loose import entries, items, mapping, string
from survey.formats.report import Fate, Report
from survey.formats.truth import ALWAYS, NEVER, Choice, TangledError, Truth, answered, both, either, opposite, write
from survey.logic import LONGEST_CONDITION

from .answers import Answers, Node
from .bounds import after
from .older import modern
from .rules import Rules, UnreadRuleError

ASKING = ("Question", "ConfirmationQuestion", "ListCollectorDrivingQuestion")
READING = ("Interstitial", "Introduction")
LISTS = "lists of persons or things, each asked the same, are not kept here"
NOT_ASKED = {
    "ListCollector": LISTS,
    "ListCollectorContent": LISTS,
    "PrimaryPersonListCollector": LISTS,
    "RelationshipCollector": LISTS,
    "UnrelatedQuestion": LISTS,
    "Summary": "all answers are reviewed at the end",
    "SectionSummary": "all answers are reviewed at the end",
    "Confirmation": "all answers are reviewed at the end",
    "CalculatedSummary": "sums are not shown while answering",
    "GrandCalculatedSummary": "sums are not shown while answering",
}
BLOCK_KEYS = frozenset(
    {
        "id",
        "type",
        "page_title",
        "question",
        "question_variants",
        "content",
        "content_variants",
        "skip_conditions",
        "routing_rules",
    }
)
QUESTION_KEYS = frozenset(
    {"id", "type", "title", "description", "guidance", "definitions", "instruction", "warning", "mandatory", "answers"}
)
HINTS = ("description", "warning", "instruction")
MAPPED = (Fate.MAPPED, "")


class Blocks:
    """Reads the blocks of one section after the other."""

    def __init__(self, report: Report, rules: Rules, answers: Answers) -> None:
        self.report, self.rules, self.answers = report, rules, answers
        self.texts = answers.texts

    def read(self, blocks: Sequence[Mapping[str, Any]], is_last: bool) -> list[list[Node]]:
        """The questions of each block of a section, with their conditions."""
        places = {string(block.get("id")): index for index, block in enumerate(blocks)}
        way = Way()
        return [self._block(block, way, places, len(blocks), is_last) for block in blocks]

    def truth(self, place: str, rule: Any, kind: str) -> Truth | None:
        """What a rule says, accounted for; None where it cannot be read."""
        try:
            found = self.rules.read(modern(rule))
        except (UnreadRuleError, TangledError) as error:
            self.report.add(place, kind, Fate.LEFT_OUT, f"not obeyed: {error or 'too tangled'}")
            return None
        notes = "; ".join(dict.fromkeys(self.rules.notes))
        self.report.add(place, kind, Fate.APPROXIMATED if notes else Fate.MAPPED, notes)
        return found

    def condition(self, place: str, truth: Truth) -> str | None:
        """The condition as it is written; one that is too long is reported and not kept."""
        text = write(truth)
        if text is not None and len(text) > LONGEST_CONDITION:
            why = f"longer than {LONGEST_CONDITION} characters: it is always asked"
            self.report.add(place, "condition", Fate.LEFT_OUT, why)
            return None
        return text

    def _block(
        self, block: Mapping[str, Any], way: Way, places: Mapping[str, int], end: int, is_last: bool
    ) -> list[Node]:
        place, kind = f"block {string(block.get('id'))}", string(block.get("type"))
        reached = self._reached(place, way.arrive(self._skipped(place, block)))
        if kind not in ASKING and kind not in READING:
            self._leave_out(place, block, NOT_ASKED.get(kind, "this kind of block has no counterpart"))
            self._exits(place, block, places, end, way.here - 1)
            way.leave()
            return []
        self.report.add(place, f"{kind} block", Fate.MAPPED)
        self.answers.unread(place, block, BLOCK_KEYS | {"primary_content", "preview_content", "secondary_content"})
        nodes = self._nodes(place, block, kind, reached)
        asked = [node for node in nodes if node["type"] != "statement"]
        exits = self._exits(place, block, places, end, way.here - 1)
        if is_last and len(asked) == len(nodes) == 1 and way.here != end:
            exits = self._ends(place, nodes[0], exits, end)
        if not way.leave(exits, [node["variable"] for node in asked], self._answered(nodes)):
            self.report.add(place, "routing rules", Fate.LEFT_OUT, "too tangled to be followed")
        return nodes

    def _reached(self, place: str, found: Truth | None) -> Truth:
        if found is None:
            why = "the jumps over it are too many or too tangled: it is always asked"
            self.report.add(place, "condition", Fate.LEFT_OUT, why)
        return ALWAYS if found is None else found

    def _skipped(self, place: str, block: Mapping[str, Any]) -> Truth:
        conditions = block.get("skip_conditions")
        if not conditions:
            return ALWAYS
        rules = [one.get("when") for one in entries(conditions)] or [mapping(conditions).get("when")]
        found = [self.truth(f"{place}, skip", rule, "skip rule") for rule in rules]
        return opposite(either(*(one for one in found if one is not None)))

    def _nodes(self, place: str, block: Mapping[str, Any], kind: str, reached: Truth) -> list[Node]:
        if kind == "Introduction":
            parts = [*items(block.get("primary_content")), block.get("preview_content")]
            parts += items(block.get("secondary_content"))
            lines = [line for part in parts if part for line in self.texts.lines(place, [part, *_own_lists(part)])]
            return [self._statement(place, string(block.get("id")), lines, reached)] if lines else []
        found: list[Node] = []
        for when, part in self._variants(place, block, "question" if kind in ASKING else "content"):
            shown = both(reached, when)
            if kind in ASKING:
                found += self._question(place, part, string(block.get("id")), shown)
            else:
                title = [self.texts.words(place, part.get("title"))] if "title" in part else []
                lines = [line for line in (*title, *self.texts.lines(place, part.get("contents"))) if line]
                found += [self._statement(place, string(block.get("id")), lines, shown)] if lines else []
        return found

    def _variants(self, place: str, block: Mapping[str, Any], key: str) -> list[tuple[Truth, Mapping[str, Any]]]:
        """Each variant with what makes it the one that is shown."""
        variants = entries(block.get(f"{key}_variants"))
        if not variants:
            return [(ALWAYS, mapping(block.get(key)))] if mapping(block.get(key)) else []
        found: list[tuple[Truth, Mapping[str, Any]]] = []
        earlier: Truth = NEVER
        for number, variant in enumerate(variants, start=1):
            when = self.truth(f"{place}, variant {number}", variant.get("when"), "variant") or NEVER
            found.append((both(opposite(earlier), when), mapping(variant.get(key))))
            earlier = either(earlier, when)
        return found

    def _statement(self, place: str, identity: str, lines: Sequence[str], shown: Truth) -> Node:
        self.report.add(f"{place}, content", "content", Fate.MAPPED)
        say = self.answers.say
        node = {"type": "statement", "variable": self.answers.names.take(identity), "text": say(lines[0])}
        node |= {"hint": say("\n".join(lines[1:]))} if any(lines[1:]) else {}
        return self._with(place, node, shown)

    def _with(self, place: str, node: Node, shown: Truth) -> Node:
        condition = self.condition(f"{place}, {node['variable']}", shown)
        return node | ({"show_if": condition} if condition is not None else {})

    def _question(self, place: str, question: Mapping[str, Any], wish: str, shown: Truth) -> list[Node]:
        where = f"{place}, question {string(question.get('id'))}"
        self.answers.unread(where, question, QUESTION_KEYS)
        title = self.texts.words(where, question.get("title"))
        answers = entries(question.get("answers"))
        if not title or not answers:
            self.report.add(where, "question", Fate.LEFT_OUT, "a question without words or answers")
            return []
        self.report.add(where, "question", Fate.MAPPED)
        common: Node = {"text": self.answers.say(title), "required": bool(question.get("mandatory"))}
        hint = self._hint(where, question)
        common |= {"hint": self.answers.say(hint)} if hint else {}
        exclusive = None
        if question.get("type") == "MutuallyExclusive" and len(answers) > 1:
            *answers, exclusive = answers
        made = self.answers.read(place, answers, common, wish=wish, exclusive=exclusive)
        if question.get("type") == "DateRange" and [node["type"] for node in made] == ["date", "date"]:
            after(made[0]["variable"], made[1], self.answers.language)
        return [self._settled(place, node, shown) for node in made]

    def _settled(self, place: str, node: Node, shown: Truth) -> Node:
        """The node with its condition; a box that must be ticked is known from now on by its page being shown."""
        identity, value = node.pop("_box", (None, ""))
        if identity is not None:
            self.rules.know(identity, Known(node["variable"], {value: 1}, (1,), shown=shown))
        return self._with(place, node, shown)

    def _hint(self, place: str, question: Mapping[str, Any]) -> str:
        lines: list[str] = []
        for key in HINTS:
            if key in question:
                value = question[key]
                lines += self.texts.lines(place, value if isinstance(value, list) else [value])
                self.report.add(f"{place}, {key}", key, Fate.MAPPED)
        if "guidance" in question:
            lines += self.texts.lines(place, mapping(question["guidance"]).get("contents"))
            self.report.add(f"{place}, guidance", "guidance", Fate.MAPPED)
        for number, definition in enumerate(entries(question.get("definitions")), start=1):
            lines += self.texts.lines(place, [{"definition": definition}])
            self.report.add(f"{place}, definition {number}", "definition", Fate.MAPPED)
        return "\n".join(lines)

    def _exits(
        self, place: str, block: Mapping[str, Any], places: Mapping[str, int], end: int, here: int
    ) -> list[tuple[Truth, int]]:
        found: list[tuple[Truth, int]] = []
        for number, rule in enumerate(entries(block.get("routing_rules")), start=1):
            where = f"{place}, rule {number}"
            goto = {**rule, **mapping(rule.get("goto"))}
            target = end if "section" in goto else places.get(string(goto.get("block")))
            if target is None or target <= here:
                why = "it leads back" if target is not None else "it leads out of its section"
                self.report.add(where, "routing rule", Fate.LEFT_OUT, why)
                continue
            if "when" not in goto:
                self.report.add(where, "routing rule", Fate.MAPPED)
                found.append((ALWAYS, target))
                break
            when = self.truth(where, goto["when"], "routing rule")
            if when is not None:
                found.append((when, target))
        return found

    def _ends(self, place: str, node: Node, exits: list[tuple[Truth, int]], end: int) -> list[tuple[Truth, int]]:
        """Let the questionnaire end after its question where the way leads to the end of the last section."""
        ends = either(*(when for when, target in taken(exits) if target == end))
        text = self.condition(place, ends)
        if ends == NEVER or text is None:
            return exits
        node["end_if"] = text
        return [(when, target) for when, target in taken(exits) if target != end]

    def _answered(self, nodes: Sequence[Node]) -> Truth | None:
        """What tells that the block was asked: the answer to its one question, where it must be given."""
        node = nodes[0] if len(nodes) == 1 else {}
        choices = node.get("choices", [])
        if not node.get("required") or node.get("missing") or any("missing" in choice for choice in choices):
            return None
        codes = tuple(choice["code"] for choice in choices)
        is_single = node["type"] == "single"
        return Choice(node["variable"], frozenset(codes), codes) if is_single else answered(node["variable"])

    def _leave_out(self, place: str, node: Mapping[str, Any], reason: str, depth: int = 0) -> None:
        """Account for everything in a block that is not asked."""
        self.report.add(place, string(node.get("type")) or "block", Fate.LEFT_OUT, reason)
        for key, value in node.items():
            is_part = isinstance(value, dict) and {"question", "type", "answers"} & set(value)
            inner = entries([value]) if is_part else []
            inner += entries(value) if key in ("answers", "options", "question_variants") else []
            for number, part in enumerate(inner if depth < 8 else [], start=1):
                self._leave_out(f"{place}, {key} {string(part.get('id')) or number}", part, reason, depth + 1)


def _own_lists(part: Any) -> list[Any]:
    """What an introduction's part holds beside its title."""
    questions = [one for entry in entries(mapping(part).get("questions")) for one in _question_lines(entry)]
    return [*items(mapping(part).get("contents")), *questions]


def _question_lines(entry: Mapping[str, Any]) -> list[Any]:
    return [{"title": entry.get("question")}, *items(entry.get("contents"))]
