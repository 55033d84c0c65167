"""The few constructs a methodology statement uses, as HTML; everything else is text, and all text is escaped."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import groupby

from markupsafe import Markup, escape

_HEADING = re.compile(r"(#{1,4}) +(.+)")
_BULLET = re.compile(r"( *)- +(.+)")
_CELLS = re.compile(r"(?<!\\)\|")


def render(text: str) -> Markup:
    """Headings one level down (the page has its own first), paragraphs, nested lists, and tables with a caption."""
    parts: list[Markup] = []
    heading = ""
    for block in re.split(r"\n\s*\n", text.strip()):
        for kind, lines in groupby(block.splitlines(), _kind):
            if kind == "heading":
                for line in lines:
                    marks, heading = _HEADING.fullmatch(line).groups()  # type: ignore[union-attr]
                    parts.append(Markup("<h{0}>{1}</h{0}>").format(len(marks) + 1, heading))
            elif kind == "bullet":
                parts.append(_list([_BULLET.fullmatch(line).groups() for line in lines]))  # type: ignore[union-attr]
            elif kind == "row":
                parts.append(_table(list(lines), heading))
            else:
                paragraph = " ".join(line.strip() for line in lines)
                heading = paragraph if paragraph.endswith((":", "：")) else heading
                parts.append(Markup("<p>{}</p>").format(paragraph))
    return Markup("\n").join(parts)


def _kind(line: str) -> str:
    if _HEADING.fullmatch(line):
        return "heading"
    if _BULLET.fullmatch(line):
        return "bullet"
    return "row" if line.startswith("|") else "text"


def _list(bullets: list[tuple[str, ...]]) -> Markup:
    def nested(depth: int) -> Iterator[Markup]:
        yield Markup("<ul>")
        while bullets and len(bullets[0][0]) >= depth:
            text = escape(bullets.pop(0)[1])
            deeper = bullets and len(bullets[0][0]) > depth
            below = Markup("").join(nested(len(bullets[0][0]))) if deeper else Markup("")
            yield Markup("<li>{}{}</li>").format(text, below)
        yield Markup("</ul>")

    return Markup("").join(nested(len(bullets[0][0])))


def _table(lines: list[str], caption: str) -> Markup:
    rows = [[cell.strip().replace("\\|", "|") for cell in _CELLS.split(line)[1:-1]] for line in lines]
    head = Markup("").join(Markup('<th scope="col">{}</th>').format(cell) for cell in rows[0])
    body = Markup("").join(
        Markup("<tr>{}</tr>").format(Markup("").join(Markup("<td>{}</td>").format(cell) for cell in row))
        for row in rows[1:]
        if not all(set(cell) <= set("-: ") for cell in row)
    )
    return Markup(
        '<div class="scroll" tabindex="0"><table><caption><span class="hidden">{}</span></caption>'
        "<thead><tr>{}</tr></thead><tbody>{}</tbody></table></div>"
    ).format(caption, head, body)
