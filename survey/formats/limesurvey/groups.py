"""Groups and questions of a LimeSurvey file made sections of ours, with an account of every one."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from survey.formats.report import Construct, Fate, Report

from .attributes import meaningful, n_of_layout, outcomes
from .effects import affixes, check, pattern, shortened
from .filters import (
    ALWAYS,
    Shown,
    never_asked,
    of_conditions,
    parts_shown,
    put_conditions,
    relevance,
    remember,
)
from .making import Context, LeftOutError, Making, place_of
from .nodes import Node, condition
from .orders import Member, Order
from .tables import Answer, Group, Part, Question
from .texts import LONGEST_TEXT
from .types import NAMES, make

Made = tuple[Question, list[dict[str, Any]]]  # a question of the file and ours for it

_IS_GONE = "its question was left out"
_UNNAMED = "question of unknown type"


def listed(question: Question) -> list[Answer | Part]:
    """The subquestions and answer options of a question."""
    return [*question.parts, *question.answers]


@dataclass
class Assembly:
    """Sections in the making."""

    context: Context
    report: Report
    sections: list[dict[str, Any]] = field(default_factory=list)
    orders: list[Order] = field(default_factory=list)  # of questions within a group
    moving: list[Member] = field(default_factory=list)  # groups that change places
    n_of_layout: int = 0
    n_of_conditions: int = 0

    def add_group(self, number: int, group: Group) -> None:
        """One group with its questions; one of which nothing is asked is no section."""
        place = f"group {number}"
        wording = self.context.wording
        shown = relevance(self.context.catalogue, group.relevance)
        if shown.node is False:
            self.report.add(place, "group", Fate.LEFT_OUT, f"its relevance is never true: {shortened(group.relevance)}")
            for question in group.questions:
                self._leave_out(question, "its group is never asked")
            return
        start = len(self.report.constructs)
        wording.take_expressions()
        title = wording.texts(group.titles)
        self._tell_expressions(f"{place}, title")
        first = self._introduction(place, group)
        made = [(question, self._take(question, shown.node)) for question in group.questions]
        ours = [one for _, some in made for one in some]
        if group.is_listed:
            told = (Fate.MAPPED, "") if ours else (Fate.LEFT_OUT, "nothing of it is asked")
            self.report.constructs.insert(start, Construct(place, "group", *told))
        if not ours:
            return
        if shown.outcome:
            self.report.add(f"{place}, relevance", "relevance", *shown.outcome)
        section: dict[str, Any] = {"questions": [*first.get("questions", ()), *ours]}
        text = condition(shown.node)
        given = {"title": title, "introduction": first.get("introduction"), "show_if": text}
        section = {**{name: value for name, value in given.items() if value}, **section}
        self.sections.append(section)
        self._note_orders(place, group, section, made)

    def _introduction(self, place: str, group: Group) -> dict[str, Any]:
        """The description: with answers in it, it is a statement, since only questions show answers."""
        wording = self.context.wording
        text = self.context.texts(group.descriptions)
        piped, lost = wording.take_expressions()
        self._tell_lost(f"{place}, description", piped, lost)
        if not text or not piped:
            return {"introduction": text}
        name = self.context.names.take(place, "text")
        return {"questions": [{"type": "statement", "variable": name, "text": text}]}

    # --- questions ----------------------------------------------------------------------------------------------------

    def _take(self, question: Question, group: Node) -> list[dict[str, Any]]:
        """Our questions for one of the file's; none where it was left out."""
        context = self.context
        self.n_of_layout += n_of_layout(question)
        shown = self._shown(question)
        reason = never_asked(question)
        if shown.node is False:
            reason = f"its relevance is never true: {shortened(question.relevance)}"
        context.wording.take_expressions()
        n_cut = context.wording.cut
        try:
            if reason:
                raise LeftOutError(reason)
            making = Making(context, question)
            make(making)
        except LeftOutError as error:
            self._leave_out(question, str(error))
            return []
        parts = parts_shown(making)
        put_conditions(making, shown.node, parts)
        remember(making, group, shown.node, parts)
        context.catalogue.own = question.code
        context.own_variables = frozenset(one.variable for one in making.fields.values())
        affixes(making)
        attributes = outcomes(making)
        if context.wording.cut > n_cut:
            making.notes.setdefault("", f"its words are cut at {LONGEST_TEXT} characters")
        self._tell(making, shown, parts.outcomes, attributes)
        context.own_variables = frozenset()
        return making.questions

    def _shown(self, question: Question) -> Shown:
        if question.relevance not in ALWAYS or not question.conditions:
            self.n_of_conditions += len(question.conditions)
            return relevance(self.context.catalogue, question.relevance)
        return relevance(self.context.catalogue, of_conditions(self.context.catalogue, question.conditions))

    def _tell(
        self,
        making: Making,
        shown: Shown,
        parts: dict[str, tuple[Fate, str]],
        attributes: dict[str, tuple[Fate, str]],
    ) -> None:
        """Account for a question that was taken, and for everything of it."""
        question, place = making.source, f"question {making.source.code}"
        soft = self._soft(making) if question.mandatory == "S" and question.kind != "X" else None
        mask = pattern(making) if question.pattern else None
        self._add(place, NAMES[question.kind], making.notes.get(""))
        for one in listed(question):
            kind, note = place_of(one).split(" ")[0], making.notes.get(place_of(one))
            self._add(f"{place}, {place_of(one)}", kind, note)
        if question.has_other and making.source.kind in "L!MP":
            self._add(f"{place}, answer other", "answer", None)
        told = {"relevance": shown.outcome, "soft mandatory": soft, "pattern": mask}
        for name, outcome in told.items():
            if outcome:
                self.report.add(f"{place}, {name}", name, *outcome)
        for where, outcome in parts.items():
            self.report.add(f"{place}, {where}", "relevance", *outcome)
        for name, outcome in attributes.items():
            self.report.add(f"{place}, {name}", "attribute", *outcome)
        if question.has_script:
            self.report.add(f"{place}, script", "script", Fate.LEFT_OUT, "no script of a file ever runs")
        self._tell_expressions(place)

    def _soft(self, making: Making) -> tuple[Fate, str]:
        """An answer that is asked for once more and may then be lacking."""
        text = self.context.label("unanswered")
        asked = making.questions[:1] if making.source.kind == "O" else making.questions  # its comment may be lacking
        outcomes = [check(making, made, "answered(.)", text, soft=True) for made in asked]
        lost = any(fate is Fate.LEFT_OUT for fate, _ in outcomes)
        return (Fate.APPROXIMATED, "it may be left open without being asked again") if lost else (Fate.MAPPED, "")

    def _add(self, place: str, kind: str, note: str | None) -> None:
        self.report.add(place, kind, Fate.APPROXIMATED if note else Fate.MAPPED, note or "")

    def _leave_out(self, question: Question, reason: str) -> None:
        """Account for a question that was not taken, and for everything of it."""
        self.context.catalogue.gone.add(question.code)
        place = f"question {question.code}"
        self.report.add(place, NAMES.get(question.kind, _UNNAMED), Fate.LEFT_OUT, reason)
        for one in listed(question):
            self.report.add(f"{place}, {place_of(one)}", place_of(one).split(" ")[0], Fate.LEFT_OUT, _IS_GONE)
        if question.relevance not in ALWAYS or question.conditions:
            self.report.add(f"{place}, relevance", "relevance", Fate.LEFT_OUT, _IS_GONE)
        for name, _ in meaningful(question):
            self.report.add(f"{place}, {name}", "attribute", Fate.LEFT_OUT, _IS_GONE)

    def _tell_expressions(self, place: str) -> None:
        self._tell_lost(place, *self.context.wording.take_expressions())

    def _tell_lost(self, place: str, piped: int, lost: Iterable[str]) -> None:
        """Account for the expressions in the texts of one place."""
        unknown = list(lost)
        where = f"{place}, expressions in texts"
        if unknown:
            reason = f'"…" stands for {"; ".join(shortened(one) for one in unknown[:5])}'
            self.report.add(
                where, "expressions", Fate.APPROXIMATED, reason + f" and {len(unknown) - 5} more" * (len(unknown) > 5)
            )
        elif piped:
            self.report.add(where, "expressions", Fate.MAPPED)

    def _note_orders(self, place: str, group: Group, section: dict[str, Any], made: list[Made]) -> None:
        """Keep in mind what changes places, until everything is there."""
        if group.randomization:
            self.moving.append(Member(group.randomization, f"{place}, randomization group", (section,)))
        members = [
            Member(name, f"question {question.code}, random_group", tuple(ours))
            for question, ours in made
            if ours and (name := question.value("random_group"))
        ]
        if members:
            self.orders.append(Order("attribute", section, "shuffled", section["questions"], members))
