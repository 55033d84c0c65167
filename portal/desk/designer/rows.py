"""Buttons of a form that change its rows and save nothing: more rows, up, down, away, lines that were pasted.

They work on what was typed, so that nothing of it is lost; the page is shown again with it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from .lines import lines_of, read
from .sheet import LONGEST_LIST, Values, rows_in

MORE_ROWS = {"choices": 5, "rows": 5, "checks": 1}
MOST_ROWS = 1000
STEPS = {"up": -1, "down": 1}
_ACTION = re.compile(r"(?P<verb>more|up|down|away|lines):(?P<list>choices|rows|checks)(:(?P<number>\d{1,4}))?")


def turned(values: Mapping[str, str], action: str, tags: Sequence[str], most: int = LONGEST_LIST) -> Values:
    """The typed values after a button was pressed; unchanged where it is none of a row.

    Pasted lines become rows up to `most` of them; the others stay lines, to be taken when the form is saved.
    """
    pressed = _ACTION.fullmatch(action)
    if pressed is None:
        return dict(values)
    name = pressed["list"]
    rows = [row for _, row in rows_in(values, name)]
    place = next((at for at, (number, _) in enumerate(rows_in(values, name)) if str(number) == pressed["number"]), None)
    done = without_rows(values, name)
    if pressed["verb"] == "more":
        rows += [{} for _ in range(MORE_ROWS[name])]
    elif pressed["verb"] == "lines":
        lines, room = lines_of(done.pop(f"{name}-lines", "")), max(0, most - len(rows))
        rows += [_pasted(line, name, tags) for line in lines[:room]]
        done[f"{name}-lines"] = "\n".join(lines[room:])
    elif place is not None and pressed["verb"] == "away":
        del rows[place]
    elif place is not None:
        to = max(0, min(place + STEPS[pressed["verb"]], len(rows) - 1))
        rows.insert(to, rows.pop(place))
    return done | with_rows(name, rows)


def _pasted(line: str, name: str, tags: Sequence[str]) -> Values:
    """A row made of a line; a number before the words of a table's row counts it and is no variable."""
    first, words = read(line, tags)
    named = {"code": first} if name == "choices" else {"variable": "" if first.isdigit() else first}
    return named | {f"text-{tag}": said for tag, said in words.items()}


def without_rows(values: Mapping[str, str], name: str) -> Values:
    """The values that belong to no row of a list."""
    numbers = {number for number, _ in rows_in(values, name)}
    prefixes = tuple(f"{name}-{number}-" for number in numbers)
    return {key: value for key, value in values.items() if not (prefixes and key.startswith(prefixes))}


def with_rows(name: str, rows: Sequence[Values]) -> Values:
    """The rows of a list under the names that they have in the form; one without any value is there all the same."""
    found: Values = {}
    for number, row in enumerate(rows):
        for key, value in (row or {"was": ""}).items():
            found[f"{name}-{number}-{key}"] = value
    return found
