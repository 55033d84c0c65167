"""The types of XLSForm questions: what of our document each becomes."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import Any

from survey.errors import QuestionnaireError
from survey.formats.limesurvey.labels import label as portal_words
from survey.formats.names import Names
from survey.formats.report import Fate, Report
from survey.parts import LARGEST_NUMBER
from survey.questionnaire import MOST_VARIABLES

from .asked import Kind, Scope
from .cells import DROPDOWN, TRUE, Draft, Verdict
from .choices import LONGEST_LIST, ChoiceList
from .languages import LONGEST_TEXT, Words
from .tree import Node

MOST_DECIMALS = 6
_PIPE = re.compile(r"\$\{\s*([^{}]*?)\s*\}")
_PARAMETER = re.compile(r"([\w-]+)\s*=\s*([^\s,;]+)")
_DEVICE = "the portal records no time, device or person"
_MEDIA = "it collects a place, a picture or a file, which the portal does not keep of anybody"
LEFT_OUT_TYPES = {
    **dict.fromkeys(
        ("start", "end", "today", "audit", "start-geopoint", "background-audio", "background-geopoint"), _DEVICE
    ),
    **dict.fromkeys(("deviceid", "subscriberid", "simserial", "phonenumber", "username", "email"), _DEVICE),
    **dict.fromkeys(("geopoint", "geotrace", "geoshape", "image", "audio", "video", "file", "barcode", "osm"), _MEDIA),
    "file_list": "its choices are in another file",
    "hidden": "it is never shown",
    "csv-external": "it names another file",
    "xml-external": "it names another file",
}
Codes = Mapping[str, tuple[int, ...]]
Made = tuple[dict[str, Any], Kind, Codes]


@dataclass
class Form:
    """What is known while the document is built."""

    report: Report
    words: Words
    lists: Mapping[str, ChoiceList]
    names: Names = field(default_factory=Names)
    scope: Scope = field(default_factory=Scope)
    used_lists: set[str] = field(default_factory=set)
    n_variables: int = 0
    variables: dict[str, str] = field(default_factory=dict)
    filters: list[str] = field(default_factory=list)
    calculations: list[Node] = field(default_factory=list)
    lost_messages: Counter[str] = field(default_factory=Counter)
    _choice_texts: dict[str, list[dict[str, str]]] = field(default_factory=dict)

    def name_of(self, node: Node, otherwise: str) -> str:
        """The variable of a row; the first row of a name is what others mean by it."""
        self.n_variables += 1
        if self.n_variables > MOST_VARIABLES:
            raise QuestionnaireError("The form has too many questions.", expected=f"at most {MOST_VARIABLES}")
        name = node.row.get("name")
        variable = self.names.take(name, f"{otherwise}_{node.row.number}")
        self.variables.setdefault(name or variable, variable)
        return variable

    def piped(self, texts: dict[str, str], draft: Draft) -> dict[str, str]:
        """Texts whose pipes are variables of earlier questions; others become an ellipsis, and the draft says so."""
        if not any("${" in words for words in texts.values()):
            return texts
        shown = {tag: _PIPE.sub(lambda found: self._pipe(found[1], draft), words) for tag, words in texts.items()}
        return {tag: words[:LONGEST_TEXT] for tag, words in shown.items()}

    def choice_texts(self, name: str) -> list[dict[str, str]]:
        """The texts of the choices of a list, in order; made once."""
        if name not in self._choice_texts:
            choices = self.lists[name].choices
            self._choice_texts[name] = [self.words.text(one.texts) or self.words.same(one.name) for one in choices]
        return self._choice_texts[name]

    def _pipe(self, name: str, draft: Draft) -> str:
        seen: set[str] = set()
        while name not in self.scope.asked and name in self.scope.calculated and name not in seen:
            seen.add(name)
            alias = _PIPE.fullmatch(self.scope.calculated[name].strip())
            name = alias[1] if alias else name
        if name in self.scope.asked:
            self.scope.used |= seen
            return f"${{{self.scope.asked[name].variable}}}"
        draft.note(f"its words show the answer to {name}, which no earlier question asks")
        return "…"


def parameters(node: Node) -> dict[str, str]:
    """The parameters of a row, by name in small letters."""
    return {name.lower(): value for name, value in _PARAMETER.findall(node.row.get("parameters"))}


def why_not(node: Node, form: Form) -> str | None:
    """Why a row cannot be a question here; None if it can."""
    kind, row = node.type.kind, node.row
    if kind in LEFT_OUT_TYPES:
        return LEFT_OUT_TYPES[kind]
    if kind not in MAKERS:
        return f"the type {row.get('type')!r} is not known"
    if kind in ("note", "acknowledge") and not row.texts.get("label"):
        return "a note without words"
    if row.has("calculation") and row.get("read_only").lower() in TRUE:
        return "it only shows a calculated value"
    if kind in ("single", "several", "rank"):
        n = len(form.lists[node.type.list_name].choices) if node.type.list_name in form.lists else 0
        if n < 2:
            return f"its list {node.type.list_name!r} has fewer than two choices"
        return f"{n} choices are more than {LONGEST_LIST}" if n + node.type.has_other > LONGEST_LIST else None
    return None


def choices_of(list_name: str, form: Form, draft: Draft, *, is_plain: bool = False) -> list[dict[str, Any]]:
    """The choices of a list as the document holds them; plain ones carry no mark."""
    made = []
    for one, texts in zip(form.lists[list_name].choices, form.choice_texts(list_name), strict=True):
        choice: dict[str, Any] = {"code": one.code, "text": form.piped(texts, draft)}
        made.append(choice | ({"missing": one.missing} if one.missing and not is_plain else {}))
    return made


def _chosen(node: Node, form: Form, draft: Draft) -> Made:
    kind = node.type.kind
    codes: Codes = form.lists[node.type.list_name].codes
    question: dict[str, Any] = {"type": {"single": "single", "several": "multiple", "rank": "ranking"}[kind]}
    question["choices"] = choices_of(node.type.list_name, form, draft, is_plain=kind == "rank")
    if node.type.has_other and kind != "rank":
        codes = _add_other(question["choices"], codes, form)
    given = parameters(node)
    if given.get("randomize", "").lower() in TRUE:
        question["shuffled"] = True
    if given:
        draft.verdicts["parameters"] = _verdict_of_parameters(given)
    if kind == "single" and node.appearance & DROPDOWN:
        question["dropdown"] = True
    if node.row.has("choice_filter"):
        expression = node.row.get("choice_filter")
        draft.verdicts["choice_filter"] = (
            Fate.APPROXIMATED,
            f"every choice is offered, whatever was answered: {expression}",
        )
    return question, "single" if kind == "single" else "several", codes


def _verdict_of_parameters(given: Mapping[str, str]) -> Verdict:
    if set(given) <= {"randomize"}:
        return Fate.MAPPED, ""
    if "randomize" in given and set(given) <= {"randomize", "seed"}:
        return Fate.MAPPED, "the portal draws its own orders"
    return Fate.LEFT_OUT, "they are for choices in files, or for how others show them"


def _add_other(choices: list[dict[str, Any]], codes: Codes, form: Form) -> Codes:
    """Ask for words beside the choice "other", which is added where the list has none; returns the codes."""
    listed = [choice for choice in choices if choice["code"] in codes.get("other", ()) and "missing" not in choice]
    if listed:
        listed[0]["specify"] = True
        return codes
    taken = {choice["code"] for choice in choices}
    free = next(number for number in range(1, LONGEST_LIST + 2) if number not in taken)
    words = {tag: portal_words("other", tag) for tag in form.words.kept}
    choices.append({"code": free, "text": words, "specify": True})
    return {**codes, "other": (*codes.get("other", ()), free)}


def _number(node: Node, form: Form, draft: Draft) -> Made:
    return {"type": "number", "decimals": MOST_DECIMALS if node.type.kind == "decimal" else 0}, "number", {}


def _range(node: Node, form: Form, draft: Draft) -> Made:
    """A scale where it fits into one, else a number with bounds."""
    given = parameters(node)
    first, last, step = (
        _decimal(given.get(name), default) for name, default in (("start", 1), ("end", 10), ("step", 1))
    )
    if given:
        draft.verdicts["parameters"] = Fate.MAPPED, ""
    if step == 1 and first in (0, 1) and last % 1 == 0 and 2 <= last - first + 1 <= 11 and last <= 11:
        return _scale(int(first), int(last), given.get("tick_labelset", ""), form, draft), "number", {}
    low, high = sorted((int(first), int(last)))
    limits = {"minimum": max(low, -LARGEST_NUMBER), "maximum": min(high, LARGEST_NUMBER)}
    decimals = min(max(-int(step.as_tuple().exponent), -int(first.as_tuple().exponent), 0), MOST_DECIMALS)
    if step not in (Decimal(1), Decimal(1).scaleb(-decimals)) or first % 1 or last % 1:
        draft.note(f"it is a number from {first} to {last}; its steps of {step} are not kept")
    return {"type": "number", "decimals": decimals, **limits}, "number", {}


def _decimal(text: str | None, default: int) -> Decimal:
    try:
        value = Decimal(text or default)
    except InvalidOperation:
        return Decimal(default)
    exponent = value.as_tuple().exponent
    is_usual = isinstance(exponent, int) and -9 < exponent <= 0 and abs(value) < LARGEST_NUMBER
    return value if is_usual else Decimal(default)


def _scale(first: int, last: int, labelled: str, form: Form, draft: Draft) -> dict[str, Any]:
    """A scale whose ends carry the words of a list of labels, or their own numbers."""
    labels: dict[int, dict[str, str]] = {}
    if labelled in form.lists:
        form.used_lists.add(labelled)
        points = {str(point): point for point in range(first, last + 1)}
        for one, texts in zip(form.lists[labelled].choices, form.choice_texts(labelled), strict=True):
            if one.name in points:
                labels[points[one.name]] = form.piped(texts, draft)
    ends = {name: labels.pop(point, form.words.same(str(point))) for name, point in (("first", first), ("last", last))}
    scale: dict[str, Any] = {"type": "scale", "first": first, "last": last}
    scale |= {f"{name}_label": words for name, words in ends.items()}
    return scale | ({"labels": [{"code": code, "text": words} for code, words in labels.items()]} if labels else {})


def _text(node: Node, form: Form, draft: Draft) -> Made:
    return {"type": "text", "lines": 4 if "multiline" in node.appearance else 1}, "text", {}


def _time(node: Node, form: Form, draft: Draft) -> Made:
    draft.note("a time of day is asked for as words")
    return {"type": "text", "lines": 1, "max_length": 20}, "text", {}


def _date(node: Node, form: Form, draft: Draft) -> Made:
    if node.type.kind == "datetime":
        draft.note("only the day is asked for, not the time")
    precision = "month" if "month-year" in node.appearance else "year" if "year" in node.appearance else "day"
    return {"type": "date", "precision": precision}, "date", {}


def _note(node: Node, form: Form, draft: Draft) -> Made:
    return {"type": "statement"}, "text", {}


def _acknowledge(node: Node, form: Form, draft: Draft) -> Made:
    """Agreement where it must be given, else words to read."""
    if node.row.get("required").lower() not in TRUE:
        draft.note("it need not be confirmed, so it is only shown")
        return _note(node, form, draft)
    agree, decline = ({tag: portal_words(name, tag) for tag in form.words.kept} for name in ("agree", "decline"))
    return {"type": "consent", "agree": agree, "decline": decline}, "single", {"OK": (1,)}


MAKERS: dict[str, Callable[[Node, Form, Draft], Made]] = {
    **dict.fromkeys(("single", "several", "rank"), _chosen),
    **dict.fromkeys(("integer", "decimal"), _number),
    "range": _range,
    "text": _text,
    "time": _time,
    **dict.fromkeys(("date", "datetime"), _date),
    "note": _note,
    "acknowledge": _acknowledge,
}
