"""The types of question as the designer offers them, what each form asks for, and changes from one type to another.

A single choice shown as a drop-down list is offered as a type of its own, `dropdown`.
"""

from __future__ import annotations

import copy
from collections.abc import Sequence
from typing import Any, NamedTuple

from flask_babel import lazy_gettext as _

from survey.editing import Node

DROPDOWN = "dropdown"


class Kind(NamedTuple):
    """A type: its name, what it is for, and the parts of its form besides those that every question has."""

    words: Any
    purpose: Any
    parts: tuple[str, ...] = ()


KINDS: dict[str, Kind] = {
    "five_level": Kind(
        _("Service rating"),
        _("Five levels from very bad to very good, each with its reasons."),
        ("choices", "shuffled"),
    ),
    "single": Kind(_("One choice"), _("One of several choices, all in view."), ("choices", "shuffled")),
    DROPDOWN: Kind(_("One choice from a list"), _("For many choices: a list that folds out."), ("choices", "shuffled")),
    "multiple": Kind(
        _("Several choices"), _("Any number of choices, or as many as you say."), ("choices", "shuffled", "bounds")
    ),
    "ranking": Kind(
        _("Order of choices"), _("Choices put in order, the best first."), ("choices", "shuffled", "bounds", "missing")
    ),
    "matrix": Kind(
        _("Table"), _("The same choices for several rows; each row is a variable."), ("rows", "choices", "shuffled")
    ),
    "scale": Kind(_("Scale"), _("A point between two ends, such as 1 to 7."), ("ends", "scale", "missing")),
    "nps": Kind(_("Would you recommend"), _("0 to 10, counted as the net promoter score."), ("ends", "missing")),
    "number": Kind(_("A number"), _("A number with its unit and bounds."), ("number", "missing")),
    "date": Kind(_("Date"), _("A day, a month or a year."), ("date", "missing")),
    "text": Kind(_("Own words"), _("Free text, never published word for word."), ("text", "missing")),
    "place": Kind(
        _("Place or unit"), _("One of a tree of places, or of the units that serve the public."), ("places", "missing")
    ),
    "consent": Kind(_("Consent"), _("Agreement before what follows; who declines is not recorded."), ("consent",)),
    "statement": Kind(_("Words to read"), _("Asks nothing."), ()),
}
RELATED = (
    ("single", DROPDOWN, "multiple", "ranking"),
    ("five_level", "single", DROPDOWN),
    ("scale", "nps"),
)
ROLES = {
    "item": _("It is judged: its answers go into scores"),
    "demographic": _("It is about the person: it forms groups"),
    "other": _("Neither of these"),
}
DEFAULT_ROLE = {"number": "other", "date": "other", "text": "other", "place": "demographic", "consent": "other"}
DEFAULT_ROLE["statement"] = "other"
LEVELS = {  # from very satisfied to very dissatisfied, as the national rating of services words them
    "zh-Hans": ("非常满意", "满意", "基本满意", "不满意", "非常不满意"),
    "zh-Hant": ("非常滿意", "滿意", "基本滿意", "不滿意", "非常不滿意"),
    "en": ("Very satisfied", "Satisfied", "Basically satisfied", "Dissatisfied", "Very dissatisfied"),
}
_OF_CHOICES = frozenset({"choices", "shuffled"})
_OF_ALL = frozenset(
    {"variable", "text", "hint", "required", "show_if", "end_if", "checks", "role", "bank", "locked", "fixed"}
)
_OWN = {
    "single": _OF_CHOICES | {"dropdown"},
    "five_level": _OF_CHOICES,
    "multiple": _OF_CHOICES | {"at_least", "at_most"},
    "ranking": _OF_CHOICES | {"at_least", "at_most", "missing"},
    "scale": frozenset({"first", "last", "first_label", "last_label", "labels", "best", "missing"}),
    "nps": frozenset({"first_label", "last_label", "missing"}),
}


def kind_of(node: Node) -> str:
    """The type under which a question is offered."""
    return DROPDOWN if node["type"] == "single" and node.get("dropdown") else str(node["type"])


def related(kind: str) -> list[str]:
    """The types that a question of this type can become, itself first."""
    found = [other for group in RELATED if kind in group for other in group if other != kind]
    return [kind, *dict.fromkeys(found)]


def skeleton(kind: str, tags: Sequence[str] = ()) -> Node:
    """A new question of a type, before anything was said about it; a service rating has its usual levels."""
    node: Node = {"type": "single" if kind == DROPDOWN else kind, "variable": "", "text": {}}
    if kind == DROPDOWN:
        node["dropdown"] = True
    if kind == "scale":
        node |= {"first": 1, "last": 5}
    if kind == "consent":
        node["required"] = True
    if kind == "five_level":
        node["choices"] = [
            {"code": 5 - place, "text": {tag: LEVELS[tag][place] for tag in tags if tag in LEVELS}}
            for place in range(5)
        ]
    return node


def converted(node: Node, kind: str) -> Node:
    """The question as another type, with all that fits it; the same question where it has the type already."""
    if kind_of(node) == kind:
        return node
    target = "single" if kind == DROPDOWN else kind
    done = {key: copy.deepcopy(part) for key, part in node.items() if key in _OF_ALL | _OWN.get(target, frozenset())}
    done["type"] = target
    done.pop("dropdown", None)
    if kind == DROPDOWN:
        done["dropdown"] = True
    if target == "ranking":
        _rank(done)
    elif node["type"] == "ranking":
        _unrank(done, node)
    if target == "multiple":
        for choice in done.get("choices", ()):
            choice.pop("reasons", None)
    if target == "scale" and node["type"] == "nps":
        done |= {"first": 0, "last": 10}
    return done


def _rank(done: Node) -> None:
    """Choices that stand for no answer move beside the others; what a ranked choice cannot have is left out."""
    kept = [choice for choice in done.get("choices", ()) if not choice.get("missing")]
    aside = {choice["missing"]: choice["text"] for choice in done.get("choices", ()) if choice.get("missing")}
    done["choices"] = [{key: one[key] for key in ("code", "text", "fixed") if key in one} for one in kept]
    if aside:
        done["missing"] = [{"kind": kind, "text": text} for kind, text in aside.items()]


def _unrank(done: Node, node: Node) -> None:
    """What stood beside the ranked choices becomes choices among the others."""
    codes = [choice["code"] for choice in node.get("choices", ()) if isinstance(choice["code"], int)]
    for place, option in enumerate(node.get("missing") or (), start=1):
        code = max([90, *codes]) + place
        done["choices"].append({"code": code, "text": copy.deepcopy(option["text"]), "missing": option["kind"]})
