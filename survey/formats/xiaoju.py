"""Questionnaires of xiaoju-survey (JSON): each entry of `dataConf.dataList` is a question."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from survey.errors import QuestionnaireError
from survey.logic import LONGEST_CONDITION

from .jumps import Way, tangled
from .known import Known
from .loose import cut_texts, entries, items, mapping, string, whole
from .report import Fate, Report
from .truth import ALWAYS, NEVER, Choice, TangledError, Truth, answered, both, either, opposite, write
from .xiaoju_questions import Node, Questions, words

FORMAT = "xiaoju-survey"
LOOKS = {"skinConf": "pages look as this portal does", "bottomConf": "pages look as this portal does"}
OTHER_PARTS = {**LOOKS, "baseConf": "a wave says when and how often it may be answered"}
END = "end"


def is_xiaoju(document: Any) -> bool:
    """Whether parsed JSON is such a questionnaire."""
    return isinstance(_inner(document).get("dataConf"), dict)


def _inner(document: Any) -> Mapping[str, Any]:
    """The questionnaire, or the one inside what the program's interface answers."""
    node = mapping(document)
    return mapping(node.get("code")) if "dataConf" not in node and "code" in node else node


def read_xiaoju(document: Mapping[str, Any], *, name: str, language: str) -> Report:
    """Read a questionnaire; raises QuestionnaireError when no question of it can be taken."""
    try:
        return _Survey(_inner(document), language).read(name)
    except TangledError as error:
        raise tangled(FORMAT) from error


class _Survey:
    def __init__(self, document: Mapping[str, Any], language: str) -> None:
        self.document, self.language = document, language
        self.report = Report(FORMAT)
        self.entries = entries(mapping(document.get("dataConf")).get("dataList"))
        self.logic = mapping(document.get("logicConf"))
        self.questions = Questions(self.report, language, frozenset(self._steering()))
        self.known: dict[str, Known] = {}

    def read(self, name: str) -> Report:
        title, introduction = self._title(name)
        pages = self._pages()
        sections = [{"questions": page} for page in pages if page]
        if not sections:
            raise QuestionnaireError("The file holds no question that can be taken.", got=FORMAT)
        closing = self._around()
        self.report.document = {
            "format": "minyi-questionnaire/1",
            "name": name,
            "title": {self.language: title},
            "languages": [self.language],
            **({"introduction": {self.language: introduction}} if introduction else {}),
            **({"closing": {self.language: closing}} if closing else {}),
            "sections": sections,
        }
        cut_texts(self.report)
        return self.report

    def _title(self, name: str) -> tuple[str, str]:
        banner = mapping(mapping(self.document.get("bannerConf")).get("titleConfig"))
        shown = words(banner.get("mainTitle"))
        lines = [*shown.splitlines(), *words(banner.get("subTitle")).splitlines()]
        if lines:
            self.report.add("bannerConf", "title", Fate.MAPPED)
        title = words(self.document.get("title")) or words(mapping(self.document.get("metaData")).get("title"))
        if title:
            self.report.add("title", "title", Fate.MAPPED)
            return title, "\n".join(line for line in lines if line != title)
        return (lines[0], "\n".join(lines[1:])) if lines else (name, "")

    # --- questions and what leads from one to another ----------------------------------------------------------------

    def _steering(self) -> Iterator[tuple[str, str]]:
        """The choices that rules ask for: a field and a value, "" for every one of it."""
        for rule in [*entries(self.logic.get("showLogicConf")), *entries(self.logic.get("jumpLogicConf"))]:
            for condition in entries(rule.get("conditions")):
                values = condition.get("value") or [""]
                for value in values if isinstance(values, list) else [values]:
                    yield string(condition.get("field")), string(value)

    def _pages(self) -> list[list[Node]]:
        """The questions of each page, with the conditions that rules give them."""
        lengths = [whole(length) or 0 for length in items(self.document.get("pageConf"))]
        if len(lengths) > 1:
            self.report.add("pageConf", "pages", Fate.MAPPED)
        pages: list[list[Node]] = [[]]
        way = Way()
        for index, entry in enumerate(self.entries):
            if lengths and sum(lengths[: len(pages)]) <= index and len(pages) < len(lengths):
                pages.append([])
            pages[-1] += self._entry(index, entry, way)
        self._account_for_rules()
        return pages

    def _entry(self, index: int, entry: Mapping[str, Any], way: Way) -> list[Node]:
        place, field = f"question {index + 1}", string(entry.get("field"))
        found = way.arrive(self._shown(field))
        reached = ALWAYS if found is None else found
        if found is None:
            self.report.add(place, "condition", Fate.LEFT_OUT, "too many jumps lead over it: it is always asked")
        node, known = self.questions.read(place, index + 1, entry)
        if node is None:
            way.leave()
            return []
        if known is not None:
            self.known[field] = known
        exits = self._exits(field, index, node)
        way.leave(exits, [node["variable"]], self._answered(node, known))
        extra = self.questions.beside(place, entry, node, reached)
        return [self._with(place, one, shown) for one, shown in [(node, reached), *extra]]

    def _with(self, place: str, node: Node, shown: Truth) -> Node:
        text = write(shown)
        if text is not None and len(text) > LONGEST_CONDITION:
            why = f"longer than {LONGEST_CONDITION} characters: it is always asked"
            self.report.add(place, "condition", Fate.LEFT_OUT, why)
            return node
        return node if text is None else node | {"show_if": text}

    def _answered(self, node: Node, known: Known | None) -> Truth | None:
        """What tells that it was asked."""
        if not node["required"] or known is None or any("missing" in one for one in node.get("choices", ())):
            return None
        if node["type"] == "single":
            return Choice(node["variable"], frozenset(known.every), known.every)
        return answered(node["variable"])

    def _shown(self, field: str) -> Truth:
        """What rules say about showing a question: all conditions that name it must hold."""
        found: list[Truth] = []
        for number, rule in enumerate(entries(self.logic.get("showLogicConf")), start=1):
            if field and string(rule.get("target")) == field and rule.get("scope", "question") == "question":
                found.append(self._conditions(f"show rule {number}", rule, both))
        return both(*found)

    def _exits(self, field: str, index: int, node: Node) -> list[tuple[Truth, int]]:
        places = {string(entry.get("field")): place for place, entry in enumerate(self.entries)}
        places[END] = len(self.entries)
        found: list[tuple[Truth, int]] = []
        for number, rule in enumerate(entries(self.logic.get("jumpLogicConf")), start=1):
            fields = [string(one.get("field")) for one in entries(rule.get("conditions"))]
            if not field or not fields or max(fields, key=lambda one: places.get(one, -1)) != field:
                continue
            target = places.get(string(rule.get("target")), -1)
            if target <= index:
                self.report.add(f"jump rule {number}", "jump rule", Fate.LEFT_OUT, "it leads back or nowhere")
                continue
            when = self._conditions(f"jump rule {number}", rule, either)
            found += [(when, target)] if when != NEVER else []
        ends = write(either(*(when for when, to in found if to == len(self.entries)))) or ""
        if not any(to == len(self.entries) for _, to in found) or not 0 < len(ends) <= LONGEST_CONDITION:
            return found
        node["end_if"] = ends
        return [one for one in found if one[1] < len(self.entries)]

    def _conditions(self, place: str, rule: Mapping[str, Any], join: Any) -> Truth:
        conditions = entries(rule.get("conditions"))
        read = [self._condition(condition) for condition in conditions]
        kind = place.rpartition(" ")[0]
        lacking = [string(one.get("field")) for one, made in zip(conditions, read, strict=True) if made is None]
        if lacking or not read:
            why = f"it reads {', '.join(lacking) or 'nothing'}, which is not asked before it"
            self.report.add(place, kind, Fate.LEFT_OUT, why)
            return ALWAYS if join is both else NEVER
        self.report.add(place, kind, Fate.MAPPED)
        found: Truth = join(*read)
        return found

    def _condition(self, condition: Mapping[str, Any]) -> Truth | None:
        known = self.known.get(string(condition.get("field")))
        if known is None:
            return None
        value, operator = condition.get("value"), condition.get("operator")
        if value in ("", None, []):
            return known.given() if operator == "neq" else opposite(known.given())
        values = [string(one) for one in value] if isinstance(value, list) else [string(value)]
        if known.is_open or any(one not in known.codes for one in values):
            return None
        chosen = [known.chosen(known.codes[one]) for one in values]
        if operator in ("in", "eq"):
            return (either if operator == "in" else both)(*chosen)
        if operator in ("nin", "neq"):  # the program takes an unanswered question for no match
            return both(known.given(), (either if operator == "nin" else both)(*(opposite(one) for one in chosen)))
        return None

    # --- what stands around ------------------------------------------------------------------------------------------

    def _account_for_rules(self) -> None:
        told = {one.place for one in self.report.constructs}
        for key, kind in (("showLogicConf", "show rule"), ("jumpLogicConf", "jump rule")):
            for number, _ in enumerate(entries(self.logic.get(key)), start=1):
                if f"{kind} {number}" not in told:
                    self.report.add(f"{kind} {number}", kind, Fate.LEFT_OUT, "no question of this file is meant")
        if any(value for key, value in self.logic.items() if key not in ("showLogicConf", "jumpLogicConf")):
            self.report.add("logicConf", "logic", Fate.LEFT_OUT, "rules of another kind")

    def _around(self) -> str:
        """Account for what stands around the questions; returns the words said at the end."""
        for key, why in OTHER_PARTS.items():
            if self.document.get(key):
                self.report.add(key, key, Fate.LEFT_OUT, why)
        submit = mapping(self.document.get("submitConf"))
        closing = words(mapping(submit.get("msgContent")).get("msg_200"))
        if closing:
            self.report.add("submitConf.msgContent", "closing", Fate.MAPPED)
        if mapping(submit.get("confirmAgain")).get("is_again"):
            self.report.add("submitConf.confirmAgain", "confirmation", Fate.APPROXIMATED, "answers are reviewed first")
        return closing
