"""A question on its form: what was stored, what was typed, what both make, and what is wrong with it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from survey import editing
from survey.drafts import Draft
from survey.editing import Node
from survey.parts import BaseQuestion

from ..forms import DeskForm
from .changes import Read
from .condition_fields import ConditionField, choices_for_script, condition_field, fault_of_rows
from .conditions import everywhere, known_before
from .kinds import converted, kind_of, related
from .logic_faults import judged
from .loose import sound
from .making import Fields, add_fault, form_of
from .picks import decided
from .question_faults import faults
from .question_fields import fields_of, points
from .rows import MOST_ROWS, turned
from .sheet import MOST_PLACES_SHOWN, Values, has_checks, parts_of, rows_in, spread
from .sheet_reading import gather

OF_LOCKED = ("required", "fixed", "show_if", "end_if")  # what may be changed of a standard item


@dataclass
class QuestionSheet:
    """The form of one question at its place.

    Attributes
    ----------
    stored : dict
        The question in the draft, or what a new one begins with.
    was : str or None
        Its name in the draft; None for a new one.
    kind : str
        The type that the form is for.
    values : dict
        What its fields hold.
    """

    draft: Draft
    section: int
    at: int
    stored: Node
    was: str | None
    kind: str
    values: Values = field(default_factory=dict)

    @property
    def tags(self) -> list[str]:
        found: list[str] = self.draft.document["languages"]
        return found

    @property
    def is_locked(self) -> bool:
        return bool(self.stored.get("locked"))

    @cached_property
    def base(self) -> Node:
        """The stored question in the type of the form."""
        return converted(self.stored, self.kind)

    @cached_property
    def known(self) -> dict[str, BaseQuestion]:
        """What is asked before it."""
        return known_before(self.draft.document, self.section, self.at)

    @cached_property
    def known_after(self) -> dict[str, BaseQuestion]:
        """What is known once it was answered: what its end can read."""
        own = sound(gather(self.values, self.base, self.tags).node)
        return self.known | {leaf.variable: leaf for leaf in (own.leaves() if own is not None else ())}

    def show(self) -> None:
        """Fill the fields from what is stored, with empty rows where a list is new."""
        self.values = spread(self.base, self.tags)
        if self.was is None:
            self.add_blank_rows()

    def add_blank_rows(self) -> None:
        for name in ("choices", "rows"):
            if name in parts_of(self.kind) and not rows_in(self.values, name) and f"{name}-all" not in self.values:
                self.values = turned(self.values, f"more:{name}", self.tags)

    def turn(self, action: str) -> None:
        """Do what a button asks that saves nothing: rows, pasted lines."""
        self.values = turned(self.values, action, self.tags)

    def take_pasted(self) -> None:
        """Lines that were pasted and not taken over yet are taken when the form is saved."""
        for name in ("choices", "rows"):
            if self.values.get(f"{name}-lines", "").strip():
                self.values = turned(self.values, f"lines:{name}", self.tags, MOST_ROWS)

    def become(self, kind: str) -> None:
        """Go over to a related type with all that fits it; conditions stay as they were typed."""
        if kind == self.kind or kind not in related(kind_of(self.stored)):
            return
        typed = gather(self.values, self.base, self.tags).node
        kept = {name: value for name, value in self.values.items() if name.startswith(("show_if", "end_if"))}
        self.kind = kind
        self.__dict__.pop("base", None)
        self.values = spread(converted(typed, kind), self.tags) | kept
        self.add_blank_rows()

    @cached_property
    def read(self) -> Read:
        """The question as the form says it, rows of a table named where no name was given."""
        decisions = {name: decided(self.values, name, self._known_for(name)).text for name in ("show_if", "end_if")}
        values = {**self.values, **decisions}
        if self.is_locked:
            values = spread(self.base, self.tags) | {name: values.get(name, "") for name in OF_LOCKED}
        found = gather(values, self.base, self.tags)
        for place, row in enumerate(found.node.get("rows") or ()):
            if not row["variable"]:
                taken = {one["variable"] for one in found.node["rows"]}
                wish = f"{found.node['variable'][:36] or 'row'}_{place + 1}"
                row["variable"] = editing.free_name(self.draft.document, wish, taken)
        return found

    def _known_for(self, name: str) -> dict[str, BaseQuestion]:
        return self.known_after if name == "end_if" else self.known

    @cached_property
    def form(self) -> DeskForm:
        return form_of(self._fields(), self.values)

    def _fields(self) -> Fields:
        if not self.is_locked:
            return fields_of(self.kind, self.values, self.tags)
        fields = fields_of(self.kind, self.values, self.tags)
        return {name: fields[name] for name in OF_LOCKED if name in fields}

    def holds(self) -> bool:
        """Whether the form can be saved; what is wrong is written beside its fields."""
        form = self.form
        form.validate()
        for name in ("show_if", "end_if"):
            if name in form:
                self._judge(name)
        before = set(self.known)
        for name, message in dict.fromkeys(
            faults(self.read, self.draft.document, self.tags, before=before, was=self.was)
        ):
            if not self.is_locked and message not in (form[name].errors if name in form else form.form_errors):
                add_fault(form, name, message)
        return not form.errors

    def _judge(self, name: str) -> None:
        known = self._known_for(name)
        found = decided(self.values, name, known)
        if found.fault:
            add_fault(self.form, name, fault_of_rows(found.fault))
            return
        own = self.read.node["variable"] if name == "end_if" else None
        verdict = judged(found.text, before=set(known), everywhere=everywhere(self.draft.document), own=own)
        if not verdict.is_sound:
            add_fault(self.form, name, verdict.message)

    def conditions(self) -> dict[str, ConditionField]:
        """The conditions as the form shows them."""
        return {
            name: condition_field(name, self.values, self._known_for(name), self.stored.get(name) or "")
            for name in ("show_if", "end_if")
            if name in self.form
        }

    def script_data(self) -> Mapping[str, Any]:
        return choices_for_script(self.known_after)

    def rows(self, name: str) -> list[tuple[int, Values]]:
        """The rows of a list as they stand in the form."""
        return rows_in(self.values, name)

    def points(self) -> list[int]:
        return points(self.values)

    def hides_places(self) -> bool:
        """Whether it has more places than the form shows."""
        return len(self.base.get("places") or ()) > MOST_PLACES_SHOWN

    def has_checks(self) -> bool:
        return has_checks(self.kind)

    def has_more(self) -> bool:
        """Whether the part of the form that is folded away holds something, or a fault."""
        folded = ("end_if", "fixed", "type", "checks")
        is_set = bool(self.values.get("end_if") or self.values.get("fixed") or self.rows("checks"))
        return is_set or any(name.startswith(folded) for name in self.form.errors if name)
