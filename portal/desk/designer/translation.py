"""Side-by-side translation: every text of a draft beside its words in another language."""

from __future__ import annotations

from typing import Any, NamedTuple

from flask import render_template, request, url_for
from flask_babel import gettext

from portal.access import Permission, requires
from survey.drafts import Draft
from survey.editing import Document, completeness, set_texts, texts
from survey.piping import PIPE

from ..views import desk
from .drafting import change, draft_or_404, is_open
from .language_names import language_name

TEXTS_AT_A_TIME = 60


class Line(NamedTuple):
    """One text: its path, where it stands, its words in both languages, and whether pipes differ between them."""

    path: str
    place: str
    source: str
    target: str
    is_locked: bool
    lost_pipes: str


@desk.route("/questionnaires/drafts/<draft_id>/translate", methods=["GET", "POST"])
@requires(Permission.DESIGN)
def translate(draft_id: str) -> Any:
    """Designers; two languages side by side; what is sent is kept, and lands on the same texts again."""
    draft = draft_or_404(draft_id)
    return _saved(draft) if request.method == "POST" else _page(draft)


def _page(draft: Draft) -> str:
    source, target = _pair(draft.document)
    only_open = request.args.get("show") == "open"
    lines = [line for line in _lines(draft.document, source, target) if not (only_open and line.target)]
    first = min(_number("from"), max(len(lines) - 1, 0)) // TEXTS_AT_A_TIME * TEXTS_AT_A_TIME
    return render_template(
        "desk/designer/translate.html",
        draft=draft,
        source=source,
        target=target,
        lines=lines[first : first + TEXTS_AT_A_TIME],
        first=first,
        n_lines=len(lines),
        step=TEXTS_AT_A_TIME,
        only_open=only_open,
        complete=completeness(draft.document),
        language_name=language_name,
        is_open=is_open(draft),
    )


def _saved(draft: Draft) -> Any:
    """Keep the words that were changed."""
    _, target = _pair(draft.document)
    known = {path: node.get(target, "") for path, node in texts(draft.document)}
    typed = {name.removeprefix("t:"): value.strip()[:4000] for name, value in request.form.items() if name[:2] == "t:"}
    was = {name.removeprefix("was:"): value for name, value in request.form.items() if name[:4] == "was:"}
    locked = locked_paths(draft.document)
    changed = {
        path: {target: words}
        for path, words in typed.items()
        if path in known
        and path not in locked
        and words.replace("\r\n", "\n") != was.get(path, "").replace("\r\n", "\n")
    }
    asked: dict[str, Any] = request.args.to_dict()
    here = url_for("desk.translate", draft_id=draft.id, **asked)
    return change(
        draft.id,
        lambda document: set_texts(document, changed),
        touches=lambda document: [node for path, node in texts(document) if path in changed],
        action=f"translate {target}",
        to=here,
    )


def _pair(document: Document) -> tuple[str, str]:
    """The two languages of the page: as the address says, else the first one and the least complete other."""
    tags = document["languages"]
    source = request.args.get("source", "")
    source = source if source in tags else tags[0]
    done = {tag: have for tag, (have, _) in completeness(document).items() if tag != source}
    target = request.args.get("target", "")
    if target in tags and target != source:
        return source, target
    return source, min(done, key=lambda tag: done[tag], default=source)


def _number(name: str) -> int:
    text = request.args.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 6 else 0


def _lines(document: Document, source: str, target: str) -> list[Line]:
    locked = locked_paths(document)
    return [
        Line(
            path,
            place_words(document, path),
            node.get(source, ""),
            node.get(target, ""),
            path in locked,
            _lost_pipes(node.get(source, ""), node.get(target, "")),
        )
        for path, node in texts(document)
    ]


def _lost_pipes(source: str, target: str) -> str:
    """The pipes of one text that its translation lacks, or has beyond it."""
    if not source or not target:
        return ""
    return ", ".join(f"${{{name}}}" for name in sorted(set(PIPE.findall(source)) ^ set(PIPE.findall(target))))


def locked_paths(document: Document) -> set[str]:
    """The paths of texts that belong to locked standard items and have words: those are not for translators."""
    found = set()
    for path, node in texts(document):
        parts = path.split("/")
        if parts[0] == "sections" and len(parts) > 3 and parts[2] == "questions":
            question = document["sections"][int(parts[1])]["questions"][int(parts[3])]
            if question.get("locked") and all(node.get(tag) for tag in document["languages"]):
                found.add(path)
    return found


def place_words(document: Document, path: str) -> str:
    """Where a text stands, in words: "overall, choice 3"."""
    parts = path.split("/")
    if parts[0] != "sections":
        return _part_words(parts[0])
    section = gettext("section %(number)s", number=int(parts[1]) + 1)
    if parts[2] != "questions":
        return f"{section}, {_part_words(parts[2])}"
    question = document["sections"][int(parts[1])]["questions"][int(parts[3])]
    rest = [_part_words(part) if not part.isdigit() else str(int(part) + 1) for part in parts[4:]]
    if rest and rest[-1] == _part_words("text") and len(rest) > 1:
        rest.pop()
    return ", ".join([question["variable"], " ".join(rest)]).rstrip(", ")


def _part_words(part: str) -> str:
    words = {
        "title": gettext("title"),
        "introduction": gettext("introduction"),
        "closing": gettext("closing words"),
        "text": gettext("question text"),
        "hint": gettext("hint"),
        "choices": gettext("choice"),
        "reasons": gettext("reason"),
        "rows": gettext("row"),
        "checks": gettext("check"),
        "missing": gettext("in place of an answer"),
        "places": gettext("place"),
        "labels": gettext("point of the scale"),
        "first_label": gettext("first end of the scale"),
        "last_label": gettext("last end of the scale"),
        "unit": gettext("unit of the number"),
        "agree": gettext("agreement"),
        "decline": gettext("refusal"),
    }
    return str(words.get(part, part))
