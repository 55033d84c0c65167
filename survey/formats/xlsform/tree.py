"""The survey sheet as a tree: groups, repeats and questions, each with what its type says."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from survey.errors import QuestionnaireError
from survey.formats.report import Fate, Report

from .sheets import Row

DEEPEST_GROUP = 30
_CONTROL = re.compile(r"^(begin|end)[ _](lgroup|looped[ _]group|group|repeat|loop)$")
_LISTED = re.compile(
    r"^(?P<kind>add select one prompt using|add select multiple prompt using|select all that apply from|select one from"
    r"|select[ _]one[ _]from[ _]file|select[ _]multiple[ _]from[ _]file|select_one_external|select[ _]one|select1"
    r"|select[ _]multiple[ _]from|select[ _]multiple|select all that apply|rank)(?:\s+(?P<rest>.+))?$",
    re.IGNORECASE,
)
_OTHER = re.compile(r"\s+or[ _](specify[ _])?other$", re.IGNORECASE)
_AROUND = re.compile(r"^(?:q|add|get) (?P<type>.+?)(?: prompt)?$")
_SEVERAL = ("select all", "select_multiple", "select multiple", "add select multiple")
ALIASES = {
    "int": "integer",
    "string": "text",
    "photo": "image",
    "picture": "image",
    "location": "geopoint",
    "gps": "geopoint",
    "date time": "datetime",
    "trigger": "acknowledge",
    "imei": "deviceid",
    "device id": "deviceid",
    "phone number": "phonenumber",
    "start time": "start",
    "end time": "end",
    "subscriber id": "subscriberid",
    "sim id": "simserial",
}


@dataclass(frozen=True)
class Type:
    """What a type cell says: the kind of question, its list, and whether "other" may be specified."""

    kind: str
    list_name: str = ""
    has_other: bool = False


@dataclass
class Node:
    """A question, a group or a repeat, with what stands inside; `last` is the row that ends a group."""

    row: Row
    type: Type
    children: list[Node] = field(default_factory=list)
    last: int = 0

    @property
    def is_group(self) -> bool:
        return self.type.kind in ("group", "repeat")

    @property
    def appearance(self) -> set[str]:
        """The words of its appearance."""
        return set(self.row.get("appearance").lower().split())

    def walk(self) -> Iterator[Node]:
        """Itself and everything inside, in order."""
        yield self
        for child in self.children:
            yield from child.walk()


def read_type(cell: str) -> Type:
    """What a type cell says; a kind that is not known comes as it is written."""
    text = " ".join(cell.split())
    listed = _LISTED.match(text)
    if listed:
        name = listed["kind"].lower()
        rest = listed["rest"] or ""
        if "file" in name or "external" in name:
            return Type("file_list", rest)
        kind = "rank" if name == "rank" else "several" if name.startswith(_SEVERAL) else "single"
        return Type(kind, _OTHER.sub("", rest), bool(_OTHER.search(f" {rest}")))
    lowered = text.lower().removeprefix("uri:")
    around = _AROUND.match(lowered)
    lowered = around["type"] if around else lowered
    return Type(ALIASES.get(lowered, lowered))


def read_tree(rows: tuple[Row, ...], report: Report) -> list[Node]:
    """The outermost questions and groups; rows without a meaning are reported, ends that lack are warned of."""
    top: list[Node] = []
    open_groups: list[Node] = []
    for row in rows:
        control = _CONTROL.match(" ".join(row.get("type").lower().split()))
        if not row.get("type") or row.get("disabled").lower() in ("yes", "true", "1"):
            why = "it is disabled in the file" if row.get("type") else "a row without a type"
            report.add(f"survey row {row.number}", "row", Fate.LEFT_OUT, why)
        elif control and control[1] == "end":
            _close(row, open_groups, report)
        else:
            is_repeat = bool(control) and control is not None and control[2] not in ("group",)
            kind = Type("repeat" if is_repeat else "group") if control else read_type(row.get("type"))
            node = Node(row, kind, last=row.number)
            (open_groups[-1].children if open_groups else top).append(node)
            if control:
                open_groups.append(node)
            if len(open_groups) > DEEPEST_GROUP:
                raise QuestionnaireError(
                    "Groups stand too deep in each other.", got=f"survey row {row.number}", expected=str(DEEPEST_GROUP)
                )
    report.warnings += [f"survey row {node.row.number}: its group is never ended" for node in open_groups]
    return top


def _close(row: Row, open_groups: list[Node], report: Report) -> None:
    if not open_groups:
        report.add(f"survey row {row.number}", "end of a group", Fate.LEFT_OUT, "no group is open there")
        return
    group = open_groups.pop()
    group.last = row.number
