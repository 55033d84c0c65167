"""The file of ratings: drawn from the truth with a fixed seed, written as another system would hand it over."""

from __future__ import annotations

import csv
import random
from bisect import bisect
from calendar import monthrange
from collections.abc import Iterator
from datetime import date
from pathlib import Path

from .city import document, offices
from .truth import ANSWERED, CUTS, ITEMS, OFFSETS, SEED, SPREAD, Cell, cells

HEADER = ("rating", "office", "channel", "point", "day", *ITEMS, "tags", "comment", "improve", "visitor")
SATURDAY = 5
COMMENTS = (
    "排队一个多小时，只开了一个窗口。",
    "网上指南写三份材料，到窗口又要第四份。",
    "系统提交后一直显示处理中，没有人联系我。",
    "来了三次才办成，每次说法都不一样。",
    "自助机没有纸，也没有人来处理。",
    "The website has no English guide for this form.",
    "老人不会用手机，希望保留人工窗口。",
    "电话一直占线，打了一上午。",
    "上传的照片被退回五次，没有说明原因。",
    "Opening hours end before people leave work.",
    "收件后承诺五个工作日，实际等了三周。",
    "指示牌不清楚，走错了两个大厅。",
)


def write_ratings(path: Path, scale: float) -> int:
    """Write the file whole or not at all; returns the number of ratings."""
    rows = list(_rows(scale))
    random.Random(SEED).shuffle(rows)
    making = path.with_suffix(".making")
    with making.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(HEADER)
        writer.writerows([f"r{number:06d}", *row] for number, row in enumerate(rows, start=1))
    making.replace(path)
    return len(rows)


def _rows(scale: float) -> Iterator[list[str]]:
    by_id = {office.id: office for office in offices()}
    tags = _tags()
    for cell in cells():
        rng = random.Random(f"{SEED}/{cell.office}/{cell.key}")
        places = [key for key, _, channel in by_id[cell.office].points() if channel == cell.channel]
        yield from _cell_rows(rng, cell, places, scale, tags)


def _cell_rows(
    rng: random.Random, cell: Cell, places: list[str], scale: float, tags: dict[int, list[str]]
) -> Iterator[list[str]]:
    days = service_days(cell.month, cell.channel)
    moods: dict[tuple[str, str], float] = {}
    for _ in range(cell.n_answers(scale)):
        where = (rng.choice(places), rng.choice(days))
        mood = moods.setdefault(where, rng.gauss(0, 1))
        answers = _answers(rng, cell, mood)
        level = int(answers[0])
        yield [cell.office, cell.channel, *where, *answers, _chosen_tags(rng, tags[level]), *_more(rng, level)]


def _answers(rng: random.Random, cell: Cell, mood: float) -> list[str]:
    a, b, c = SPREAD
    shared = cell.centre + a * mood + b * rng.gauss(0, 1)
    answers = []
    for item in ITEMS:
        level = 1 + bisect(CUTS, shared + OFFSETS[item] + c * rng.gauss(0, 1))
        likely = ANSWERED[item][cell.channel]
        answers.append(str(level) if rng.random() < likely else "" if likely > 0.9 else "NA")
    return answers


def _chosen_tags(rng: random.Random, offered: list[str]) -> str:
    n = rng.choices((0, 1, 2), (50, 38, 12))[0]
    return ";".join(rng.sample(offered, n))


def _more(rng: random.Random, level: int) -> tuple[str, str, str]:
    comment = rng.choice(COMMENTS) if level <= 2 and rng.random() < 0.3 else ""
    wishes, weights = ("", "1", "2", "3", "4", "5", "9"), (40, 16, 10, 10, 8, 4, 12)
    visitor = rng.choices(("1", "2", "3", "R", ""), (68, 20, 8, 2, 2))[0]
    return comment, rng.choices(wishes, weights)[0], visitor


def _tags() -> dict[int, list[str]]:
    """The reason tags offered under each level of the overall question."""
    questions = [one for section in document("questionnaire.json")["sections"] for one in section["questions"]]
    overall = next(one for one in questions if one["variable"] == "overall")
    return {choice["code"]: [str(tag["code"]) for tag in choice["reasons"]] for choice in overall["choices"]}


def service_days(month: str, channel: str) -> list[str]:
    """Every day online, else Monday to Friday."""
    year, number = map(int, month.split("-"))
    every = [date(year, number, day) for day in range(1, monthrange(year, number)[1] + 1)]
    return [day.isoformat() for day in every if channel == "online" or day.weekday() < SATURDAY]
