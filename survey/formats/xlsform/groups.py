"""Groups of an XLSForm: the outermost are sections, tables are matrices, the others pass on their conditions."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from survey.formats.report import Fate, Report
from survey.formats.truth import ALWAYS, NEVER, Truth, both

from .asked import Asked, Kind
from .cells import FALSE, TRUE, Draft, leave_out
from .logic import written
from .parsing import ExpressionError
from .questions import Place, forget, hint, label_of, make_question, relevance, remember
from .tree import Node
from .types import Form, choices_of, parameters, why_not

MOST_QUESTIONS = 500  # in one section
MOST_ROWS = 200
Question = dict[str, Any]


def make_sections(top: Sequence[Node], form: Form) -> list[dict[str, Any]]:
    """The sections of the document: each outermost group, and what stands between two of them."""
    sections: list[dict[str, Any]] = []
    loose: list[Question] = []
    for node in top:
        if node.is_group and not _is_matrix(node, form):
            sections += _divided({}, loose)
            loose = []
            sections += _section(node, form)
        else:
            loose += _made(node, form, Place())
    return sections + _divided({}, loose)


def _divided(head: dict[str, Any], questions: list[Question]) -> list[dict[str, Any]]:
    """One section, or several where it has more questions than a section may."""
    parts = [questions[start : start + MOST_QUESTIONS] for start in range(0, len(questions), MOST_QUESTIONS)]
    rest = {"show_if": head["show_if"]} if "show_if" in head else {}
    return [{**(rest if number else head), "questions": part} for number, part in enumerate(parts)]


def _section(node: Node, form: Form) -> list[dict[str, Any]]:
    draft = Draft(node)
    truth = relevance(node, form, draft)
    if truth == NEVER:
        forget(node, form, "its condition never holds")
        return []
    head: dict[str, Any] = {}
    title = form.words.text(node.row.texts.get("label", {}))
    if title is not None:
        head["title"] = _unpiped(title, form, draft)
    introduction = form.words.text(node.row.texts.get("hint", {}))
    if introduction is not None:
        head["introduction"] = _unpiped(introduction, form, draft)
        draft.verdicts["hint"] = Fate.MAPPED, ""
    show_if = written(truth)
    if show_if is not None:
        head["show_if"] = show_if
    questions = _inside(node.children, form, Place(is_conditional=truth != ALWAYS))
    _note_kind(node, form, draft)
    if questions:
        draft.tell(form.report)
    else:
        _tell_empty(node, form.report)
    return _divided(head, questions)


def _unpiped(texts: dict[str, str], form: Form, draft: Draft) -> dict[str, str]:
    """Titles show no answers."""
    if not any("${" in words for words in texts.values()):
        return texts
    draft.note("its title shows an answer, which titles cannot")
    return {tag: words.replace("${", "$ {") for tag, words in form.piped(texts, draft).items()}


def _tell_empty(node: Node, report: Report) -> None:
    leave_out(Node(node.row, node.type, last=node.last), "nothing that stands in it is kept", report)


def _inside(children: Sequence[Node], form: Form, place: Place) -> list[Question]:
    return [question for block in _blocks(children) for question in _block(block, form, place)]


def _blocks(children: Sequence[Node]) -> Iterator[list[Node]]:
    """Each child alone, but a row of labels together with the rows that it labels."""
    block: list[Node] = []
    for node in children:
        follows = bool(block) and "list-nolabel" in node.appearance and node.type.list_name == block[0].type.list_name
        if block and not follows:
            yield block
            block = []
        if follows or (node.type.kind in ("single", "several") and "label" in node.appearance):
            block.append(node)
        else:
            yield [node]
    if block:
        yield block


def _block(block: list[Node], form: Form, place: Place) -> list[Question]:
    if len(block) == 1:
        return _made(block[0], form, place)
    head, rows = block[0], block[1:]
    if _why_no_matrix(rows, form) is None:
        matrix = _matrix(head, rows, form, place)
        return [matrix] if matrix else []
    return [question for node in block for question in _made(node, form, place)]


def _made(node: Node, form: Form, place: Place) -> list[Question]:
    """The questions that a node gives: none, one, or those of a nested group."""
    if node.type.kind == "calculate":
        form.scope.calculated.setdefault(node.row.get("name"), node.row.get("calculation"))
        form.calculations.append(node)
        return []
    if not node.is_group:
        question = make_question(node, form, place)
        return [question] if question else []
    if _is_matrix(node, form):
        matrix = _matrix(node, node.children, form, place)
        return [matrix] if matrix else []
    return _nested(node, form, place)


def _nested(node: Node, form: Form, place: Place) -> list[Question]:
    """A group in a group: its condition goes to its questions, its title stands before them as words to read."""
    draft = Draft(node)
    truth = both(place.truth, relevance(node, form, draft))
    if truth == NEVER:
        forget(node, form, "its condition never holds")
        return []
    _note_kind(node, form, draft)
    if _condition(truth, draft) is None:
        truth = place.truth
    inner = Place(truth, place.is_conditional)
    title = _title(node, form, draft, inner)
    questions = _inside(node.children, form, inner)
    if not questions:
        _tell_empty(node, form.report)
        return []
    draft.tell(form.report)
    return [*title, *questions]


def _title(node: Node, form: Form, draft: Draft, place: Place) -> list[Question]:
    if not node.row.texts.get("label"):
        return []
    statement: Question = {"type": "statement", "variable": form.names.take(node.row.get("name"), f"group_{node.last}")}
    statement["text"] = label_of(node, form, draft)
    show_if = _condition(place.truth, draft)
    return [statement | ({"show_if": show_if} if show_if else {})]


def _note_kind(node: Node, form: Form, draft: Draft) -> None:
    if node.type.kind == "repeat":
        draft.note("a repeated group is asked once")
    if "table-list" in node.appearance:
        draft.note(f"its rows are asked one by one: {_why_no_matrix(node.children, form)}")


def _is_matrix(node: Node, form: Form) -> bool:
    return node.type.kind == "group" and "table-list" in node.appearance and not _why_no_matrix(node.children, form)


def _why_no_matrix(rows: Sequence[Node], form: Form) -> str | None:
    """Why rows are no matrix; None if they are one."""
    kinds = {(node.type.kind, node.type.list_name) for node in rows}
    if len(kinds) != 1 or not rows or rows[0].type.kind not in ("single", "several"):
        return "they do not have one list of choices"
    if why_not(rows[0], form) or len(rows) > MOST_ROWS:
        return "its list of choices cannot be taken, or it has too many rows"
    if any(node.row.has("constraint") or node.type.has_other or parameters(node) for node in rows):
        return "a row has rules of its own"
    required = {node.row.get("required").lower() in TRUE for node in rows}
    if len(required) > 1 or any(node.row.get("required").lower() not in TRUE | FALSE | {""} for node in rows):
        return "only some rows must be answered"
    return None


def _matrix(head: Node, rows: Sequence[Node], form: Form, place: Place) -> Question | None:
    """One question with a row for each of the rows; the head has the words that stand above them."""
    draft = Draft(head)
    truth = both(place.truth, relevance(head, form, draft))
    if truth == NEVER:
        for node in [head] if head.is_group else [head, *rows]:
            forget(node, form, "its condition never holds")
        return None
    matrix: Question = {"type": "matrix", "variable": form.name_of(head, "matrix"), "text": label_of(head, form, draft)}
    show_if = _condition(truth, draft)
    matrix |= {"show_if": show_if} if show_if is not None else {}
    matrix |= {"required": True} if rows[0].row.get("required").lower() in TRUE else {}
    matrix |= {"multiple": True} if rows[0].type.kind == "several" else {}
    matrix["choices"] = choices_of(rows[0].type.list_name, form, draft)
    hint(head, matrix, form, draft)
    is_certain = "required" in matrix and show_if is None and not place.is_conditional
    made = [(node, row) for node in rows if (row := _row(node, form)) is not None]
    if not made:
        _tell_empty(head, form.report)
        return None
    matrix["rows"] = [row for _, row in made]
    for node, row in made:
        remember(node, _asked(node, row, form, is_certain), matrix, form)
    draft.tell(form.report)
    return matrix


def _row(node: Node, form: Form) -> Question | None:
    draft = Draft(node)
    truth = relevance(node, form, draft)
    if truth == NEVER:
        forget(node, form, "its condition never holds")
        return None
    row: Question = {"variable": form.name_of(node, "row"), "text": label_of(node, form, draft)}
    show_if = _condition(truth, draft)
    row |= {"show_if": show_if} if show_if is not None else {}
    draft.verdicts |= {"required": (Fate.MAPPED, ""), "appearance": (Fate.MAPPED, "")}
    draft.verdicts["hint"] = Fate.LEFT_OUT, "rows of a matrix have no hint"
    if node.row.has("choice_filter"):
        draft.verdicts["choice_filter"] = Fate.APPROXIMATED, "every choice is offered, whatever was answered"
    draft.tell(form.report)
    return row


def _asked(node: Node, row: Question, form: Form, is_certain: bool) -> Asked:
    found = form.lists[node.type.list_name]
    kind: Kind = "several" if node.type.kind == "several" else "single"
    return Asked(row["variable"], kind, found.codes, found.missing, is_certain and "show_if" not in row)


def _condition(truth: Truth, draft: Draft) -> str | None:
    try:
        return written(truth)
    except ExpressionError as error:
        draft.verdicts["relevant"] = Fate.APPROXIMATED, f"shown without this condition: {error}"
        return None
