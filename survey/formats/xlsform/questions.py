"""Survey rows as questions of our document: conditions, checks, hints and the words around them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from survey.formats.limesurvey.labels import label as portal_words
from survey.formats.report import Fate
from survey.formats.truth import ALWAYS, NEVER, Truth, both

from .asked import Asked
from .bounds import apply, bounds_of, without_patterns
from .cells import FALSE, TRUE, Draft, leave_out
from .logic import check_rule, condition, read_tree, written
from .parsing import ExpressionError
from .tree import Node
from .types import MAKERS, Form, why_not


@dataclass(frozen=True)
class Place:
    """Where a question stands: under which conditions of its groups, and whether everybody comes there."""

    truth: Truth = ALWAYS
    is_conditional: bool = False


def relevance(node: Node, form: Form, draft: Draft) -> Truth:
    """When a row is relevant; always, and told in the draft, where that cannot be said in our language."""
    text = node.row.get("relevant")
    if not text:
        return ALWAYS
    try:
        truth = condition(text, form.scope)
        if truth != NEVER:
            written(truth)
    except ExpressionError as error:
        draft.verdicts["relevant"] = Fate.APPROXIMATED, f"shown without this condition: {error}: {text}"
        return ALWAYS
    draft.verdicts["relevant"] = Fate.MAPPED, ""
    return truth


def shown_if(truth: Truth, place: Place, draft: Draft) -> str | None:
    """The condition of a question in its groups; that of the groups alone where both are too long together."""
    try:
        return written(both(place.truth, truth))
    except ExpressionError as error:
        draft.verdicts["relevant"] = Fate.APPROXIMATED, f"shown without this condition: with those around it {error}"
        return written(place.truth)


def make_question(node: Node, form: Form, place: Place) -> dict[str, Any] | None:
    """The question that a row is, or None; either way it is reported, and later expressions know what became of it."""
    draft = Draft(node)
    why = why_not(node, form)
    truth = ALWAYS if why else relevance(node, form, draft)
    if why is None and both(place.truth, truth) == NEVER:
        why = "its condition never holds"
    if why is not None:
        forget(node, form, why)
        return None
    made, kind, codes = MAKERS[node.type.kind](node, form, draft)
    question: dict[str, Any] = {"type": made.pop("type"), "variable": form.name_of(node, _otherwise(node))}
    question |= {"text": label_of(node, form, draft)} | made
    condition_text = shown_if(truth, place, draft)
    if condition_text is not None:
        question["show_if"] = condition_text
    _require(node, question, form, draft)
    is_certain = bool(question.get("required")) and condition_text is None and not place.is_conditional
    missing = frozenset(choice["code"] for choice in question.get("choices", ()) if "missing" in choice)
    asked = Asked(question["variable"], kind, codes, missing, is_certain)
    _constrain(node, asked, question, form, draft)
    hint(node, question, form, draft)
    draft.tell(form.report)
    remember(node, asked, question, form)
    return question


def _otherwise(node: Node) -> str:
    return "note" if node.type.kind == "note" else "q"


def label_of(node: Node, form: Form, draft: Draft) -> dict[str, str]:
    """The words of a row; its hint or its name where it has none."""
    for column in ("label", "hint"):
        texts = form.words.text(node.row.texts.get(column, {}))
        if texts is not None:
            if column == "hint":
                draft.note("it has no words: its hint stands in their place")
            return form.piped(texts, draft)
    draft.note("it has no words: its name stands in their place")
    return form.words.same(node.row.get("name") or f"({node.row.number})")


def hint(node: Node, question: dict[str, Any], form: Form, draft: Draft) -> None:
    """Put the hint of a row beside its question."""
    texts = form.words.text(node.row.texts.get("hint", {}))
    if texts is not None:
        if node.row.texts.get("label"):
            question["hint"] = form.piped(texts, draft)
        draft.verdicts["hint"] = Fate.MAPPED, ""


def remember(node: Node, asked: Asked, question: dict[str, Any], form: Form) -> None:
    """Let later expressions read a question."""
    name = node.row.get("name")
    if question["type"] == "statement":
        form.scope.gone.setdefault(name, "which asks nothing")
    elif name and name not in form.scope.asked:
        form.scope.asked[name] = asked
    if node.type.list_name:
        form.used_lists.add(node.type.list_name)
    form.filters.append(node.row.get("choice_filter"))


def forget(node: Node, form: Form, why: str) -> None:
    """Report a row or group as left out, and tell later expressions so."""
    leave_out(node, why, form.report)
    for one in node.walk():
        form.scope.gone.setdefault(one.row.get("name"), "which is left out")
        if one.type.kind == "today" and one.row.get("name"):
            form.scope.days.add(one.row.get("name"))


def _require(node: Node, question: dict[str, Any], form: Form, draft: Draft) -> None:
    text = node.row.get("required")
    if not text or text.lower() in FALSE or question["type"] == "statement":
        if question["type"] == "statement" and node.type.kind == "acknowledge" and text:
            draft.verdicts["required"] = Fate.MAPPED, ""
        return
    if text.lower() not in TRUE:
        draft.verdicts["required"] = Fate.APPROXIMATED, f"never required: it was so under a condition: {text}"
        return
    question["required"] = True
    draft.verdicts["required"] = Fate.MAPPED, ""
    if node.row.texts.get("required_message"):
        form.lost_messages["required_message"] += 1
        draft.verdicts["required"] = Fate.MAPPED, "the portal asks for the answer in its own words"


def _constrain(node: Node, asked: Asked, question: dict[str, Any], form: Form, draft: Draft) -> None:
    text = node.row.get("constraint")
    if not text or question["type"] in ("statement", "consent"):
        return
    try:
        tree = read_tree(text)
        found, parts = without_patterns(tree) if question["type"] == "text" else ({}, [tree])
        rule = check_rule(["and", *parts] if parts else read_tree("true()"), form.scope.within(asked))
    except ExpressionError as error:
        draft.verdicts["constraint"] = Fate.APPROXIMATED, f"this check is not made: {error}: {text}"
        return
    question |= found
    bounds, rest = bounds_of(rule, question) if rule else ({}, None)
    draft.verdicts["constraint"] = Fate.MAPPED, ""
    apply(bounds, question)
    if rest is not None:
        question["checks"] = [{"rule": rest, "text": _message(node, form, draft)}]
    elif node.row.texts.get("constraint_message"):
        form.lost_messages["constraint_message"] += 1
        draft.verdicts["constraint"] = Fate.MAPPED, "the portal tells the bounds in its own words"


def _message(node: Node, form: Form, draft: Draft) -> dict[str, str]:
    texts = form.words.text(node.row.texts.get("constraint_message", {}))
    if texts is not None:
        return form.piped(texts, draft)
    draft.verdicts["constraint"] = Fate.MAPPED, "it has no message: the portal's own words stand for it"
    return {tag: portal_words("check", tag) for tag in form.words.kept}
