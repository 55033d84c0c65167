"""Choices, rows and columns in plain text: without the signs and letters that count them, one from another."""

from __future__ import annotations

import re

from .lines import Block
from .scales import spread

_LETTER = re.compile(r"^\s*[(（]?([A-Za-z])\s*[).、．)）:：]\s*")
_SPACED = re.compile(r"^([A-Z])\s+(?=[^\x00-\x7f])")
_COUNT = re.compile(r"^\s*[(（]?(\d{1,2})\s*[).、．)）:：]\s*")
_SIGN = re.compile(r"^\s*(?:[○□◯●■☐◻▢◆◇•·①-⑳]|\[[ xX√]?\]|\(\s?\)|（\s*）|[-*+]\s)\s*")
_INSIDE = re.compile(r"(?:(?<=[\s？?：:）)])|^)[(（]?([A-Z])\s*[).、．)）:：]\s*")
_SIGNS_INSIDE = re.compile(r"[○□◯☐◻▢]\s*")
_CELLS = re.compile(r"\t+|\s{2,}|\s*[|｜]\s*|(?<=[^\x00-\x7f])\s+(?=[^\x00-\x7f])")
_ROWS = re.compile(r"^(行|行标题|题目|项目|rows?)\s*[:：]\s*", re.IGNORECASE)
_COLUMNS = re.compile(r"^(列|列标题|选项|columns?)\s*[:：]\s*", re.IGNORECASE)


def split_title(block: Block) -> None:
    """Choices that stand on the line of the question go below it."""
    if block.said:
        return
    for pattern in (_INSIDE, _SIGNS_INSIDE):
        found = list(pattern.finditer(block.marks.words))
        if len(found) > 1 and (pattern is _SIGNS_INSIDE or _is_run([one[1] for one in found])):
            words = block.marks.words
            block.lines = [(block.line, text) for text in _parts(words, found)]
            block.marks.words = words[: found[0].start()].strip()
            return


def several(line: str) -> list[str]:
    """The choices that stand on one line."""
    letters, signs = list(_INSIDE.finditer(line)), list(_SIGNS_INSIDE.finditer(line))
    if len(letters) > 1 and letters[0].start() == 0 and len({one[1] for one in letters}) == len(letters):
        return _parts(line, letters)
    return _parts(line, signs) if len(signs) > 1 and signs[0].start() == 0 else [line]


def _parts(line: str, found: list[re.Match[str]]) -> list[str]:
    ends = [*(one.start() for one in found[1:]), len(line)]
    return [
        line[one.end() : end].strip() for one, end in zip(found, ends, strict=True) if line[one.end() : end].strip()
    ]


def _is_run(letters: list[str]) -> bool:
    return [ord(letter) for letter in letters] == list(range(65, 65 + len(letters)))


def cleared(line: str, index: int) -> str:
    """A choice without the sign, the letter or the number of its place."""
    bare = _SIGN.sub("", line)
    letter, count = _LETTER.match(bare), _COUNT.match(bare)
    spaced = _SPACED.match(bare)
    if letter and ord(letter[1].upper()) - 65 == index % 26:
        bare = bare[letter.end() :]
    elif spaced and ord(spaced[1]) - 65 == index:
        bare = bare[spaced.end() :]
    elif count and int(count[1]) == index + 1:
        bare = bare[count.end() :]
    return bare.strip() or line


def cells_of(line: str) -> list[str]:
    """The cells of a line that is a row of a table."""
    return [cell.strip() for cell in _CELLS.split(line.strip("|｜ ")) if cell.strip()]


def table_of(block: Block) -> tuple[list[str], list[str]]:
    """Rows and columns: columns stand on one line, above or below the rows, or behind an empty line."""
    under = _under(block)
    if under is not None:
        return under
    said = [text for _, text in block.said]
    named = [(_ROWS.match(text), _COLUMNS.match(text), text) for text in said]
    if any(row for row, _, _ in named) and any(column for _, column, _ in named):
        rows = [cell for row, _, text in named if row for cell in _listed(text[row.end() :])]
        return rows, [cell for _, column, text in named if column for cell in _listed(text[column.end() :])]
    ranged = [index for index, text in enumerate(said) if spread(text)]
    if len(ranged) == 1 and len(said) > 1:
        rows = [text for index, text in enumerate(said) if index not in ranged]
        return [cleared(text, index) for index, text in enumerate(rows)], spread(said[ranged[0]])
    wide = [index for index, text in enumerate(said) if len(cells_of(text)) > 1]
    if wide in ([0], [len(said) - 1]) and len(said) > 1:
        rows = [
            cleared(text, index) for index, text in enumerate(text for at, text in enumerate(said) if at not in wide)
        ]
        return rows, cells_of(said[wide[0]])
    groups: list[list[str]] = [[]]
    for _, text in block.lines:
        groups += [[]] if not text else []
        groups[-1] += [text] if text else []
    filled = [group for group in groups if group]
    if len(filled) != 2:
        return [], []
    return tuple([cleared(text, index) for index, text in enumerate(group)] for group in filled)  # type: ignore[return-value]


def _under(block: Block) -> tuple[list[str], list[str]] | None:
    """Rows and columns as lists below "rows:" and "columns:"; None where they are not told so."""
    parts: dict[str, list[str]] = {}
    current: list[str] | None = None
    for _, text in block.said:
        row, column = _ROWS.fullmatch(text), _COLUMNS.fullmatch(text)
        if row or column:
            current = parts.setdefault("rows" if row else "columns", [])
        elif current is not None:
            current.append(cleared(text, len(current)))
    return (parts["rows"], parts["columns"]) if len(parts) == 2 and all(parts.values()) else None


def _listed(text: str) -> list[str]:
    cells = re.split(r"[;；,，、|｜\t]|\s{2,}|\s+", text.strip())
    return [cell.strip() for cell in cells if cell.strip()]
