"""Scales in plain text: points told by numbers, by a label each, or by what their ends mean."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Any

from survey.formats.report import Fate
from survey.formats.words import missing_kind

Node = dict[str, Any]
Told = tuple[Fate, str]
Say = Callable[[str], dict[str, str]]
MAPPED: Told = (Fate.MAPPED, "")
OURS: Told = (Fate.APPROXIMATED, "the words at its ends are ours: it tells none")
ENDS = {"zh": ("非常不满意", "非常满意"), "en": ("Very dissatisfied", "Very satisfied")}
NPS_ENDS = {"zh": ("极不可能", "极有可能"), "en": ("Not at all likely", "Extremely likely")}
_MEANS = re.compile(
    r"(\d{1,2})\s*分?\s*(?:=|＝|表示|代表|为|是|：|:|means|-|—|–)\s*[“\"']?([^\d,，;；、。.)）(（”\"'=]{1,20})",
    re.IGNORECASE,
)
_ASIDES = re.compile(r"(?<!\d)(\d{1,2})\s*分?\s*[(（]([^()（）\d]{1,24})[)）]")
_RANGE = re.compile(r"(?<!\d)([01])\s*(?:分)?\s*[-–—~～至到]\s*(\d{1,2})\s*分?(?!\d)")
_POINT = re.compile(r"^(\d{1,2})\s*分?[\s.、:：=＝-]*(.*)$")
_NUMBERS = re.compile(r"^(\D*)(\d{1,2}(?:\s+\d{1,2}){2,})\s*(\D*)$")
_BAD = re.compile(r"不|差|糟|反对|很低|never|\bnot\b|dis|poor|bad|unlikely|worst|strongly disagree", re.IGNORECASE)
_GOOD = re.compile(r"满意|好|同意|优|愿意|高|符合|satisf|good|agree|excellent|likely|always|best", re.IGNORECASE)


def scale_of(title: str, cells: Sequence[str], language: str, say: Say) -> tuple[Node | None, Told]:
    """A scale of at most eleven points; None where its lines are choices and no points."""
    missing = [{"kind": kind, "text": say(cell)} for cell in cells if (kind := missing_kind(cell)) is not None]
    kept = [cell for cell in cells if missing_kind(cell) is None]
    points = _points(kept)
    meant = _meant(title)
    ranged = _RANGE.search(title)
    low, high = ENDS["zh" if language.startswith("zh") else "en"]
    if points is None or len(points) > 11:
        return None, MAPPED
    if not points:
        first, last = (int(ranged[1]), int(ranged[2])) if ranged else (min([1, *meant]), max([5, *meant]))
        points = dict.fromkeys(range(first, last + 1), "")
    if min(points) not in (0, 1) or not 2 <= len(points) <= 11 or max(points) != min(points) + len(points) - 1:
        return None, MAPPED
    points = {point: words or meant.get(point, "") for point, words in points.items()}
    first, last = min(points), max(points)
    node: Node = {"type": "scale", "first": first, "last": last}
    node |= {"first_label": say(points[first] or low), "last_label": say(points[last] or high)}
    if all(points.values()):
        node["labels"] = [{"code": point, "text": say(points[point])} for point in sorted(points)]
    if _is_bad(points[last]) and not _is_bad(points[first]) and _GOOD.search(points[first]):
        node["best"] = "first"
    if len({one["kind"] for one in missing}) == len(missing) > 0:
        node["missing"] = missing
    return node, MAPPED if points[first] and points[last] else OURS


def nps_of(title: str, cells: Sequence[str], language: str, say: Say) -> tuple[Node | None, Told]:
    """Would you recommend, 0 to 10."""
    meant, points = _meant(title), _points(cells) or {}
    ends = [cell for cell in cells if not _POINT.match(cell)]
    low, high = NPS_ENDS["zh" if language.startswith("zh") else "en"]
    bottom = points.get(0) or meant.get(0) or (ends[0] if len(ends) == 2 else "")
    top = points.get(10) or meant.get(10) or (ends[-1] if len(ends) == 2 else "")
    made = {"type": "nps", "first_label": say(bottom or low), "last_label": say(top or high)}
    return made, MAPPED if bottom and top else OURS


def points_of(line: str) -> list[str]:
    """The points that stand on one line as numbers, with the words before and behind them; none where they do not."""
    found = _NUMBERS.match(line)
    if found is None:
        return []
    return [part for part in (found[1].strip(), *found[2].split(), found[3].strip()) if part]


def spread(cell: str) -> list[str]:
    """The points of "1~5" one by one."""
    found = _RANGE.fullmatch(cell.strip())
    return [str(point) for point in range(int(found[1]), min(int(found[2]), 20) + 1)] if found else []


def _meant(title: str) -> dict[int, str]:
    """What the words of a question say that its points mean."""
    found = [*_MEANS.findall(title), *_ASIDES.findall(title)]
    return {int(number): words.strip() for number, words in found if int(number) <= 11}


def _points(cells: Sequence[str]) -> dict[int, str] | None:
    """Each point with its label: from a line each, from "1~5", or from numbers between words.

    Empty where there are no lines, None where they are no points.
    """
    read = [_POINT.match(cell) for cell in cells]
    numbers = [int(found[1]) for found in read if found]
    if len(cells) == 1 and spread(cells[0]):
        return dict.fromkeys(map(int, spread(cells[0])), "")
    if len(numbers) == len(cells):
        points = {int(found[1]): found[2].strip() for found in read if found}
        return points if len(points) == len(cells) else None
    if len(cells) == len(numbers) + 2 and read[0] is None and read[-1] is None and len(numbers) > 1:
        points = dict.fromkeys(numbers, "")  # "very bad 1 2 3 4 5 very good"
        return points | {numbers[0]: cells[0], numbers[-1]: cells[-1]} if len(points) == len(numbers) else None
    return dict(enumerate(cells, start=1)) if not numbers and len(cells) > 1 else None


def _is_bad(words: str) -> bool:
    return _BAD.search(words) is not None
