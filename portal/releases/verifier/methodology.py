"""The methodology statement of a release: plain Markdown, the same bytes for the same facts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from portal.releases.verifier.phrases import LABELS, PHRASES

Facts = Mapping[str, Any]
Lines = list[str]


def methodology(facts: Facts, language: str) -> str:
    """Return the statement in ``en`` or ``zh-Hans``; equal facts give equal bytes."""
    say = Words(language)
    sections = (
        ("asked", _asked),
        ("responses", _responses),
        ("items", _items),
        ("weighting", _weighting),
        ("score", _score),
        ("precision", _precision),
        ("suppression", _suppression),
        ("proves", _proves),
        ("inputs", _inputs),
    )
    blocks = ["# " + say("heading", title=say.title(facts["title"])), say("intro", wave=facts["wave"])]
    for number, (name, write) in enumerate(sections, 1):
        blocks += [f"## {number}. {say(name)}", *write(facts, say)]
    return "\n\n".join(blocks) + "\n"


class Words:
    """The sentences and titles of one language."""

    def __init__(self, language: str) -> None:
        self.language = language
        self.phrases, self.labels = PHRASES[language], LABELS[language]

    def __call__(self, phrase: str, /, **values: Any) -> str:
        """Return a sentence with its places filled; text from the release stays on one line."""
        return self.phrases[phrase].format(**{key: one_line(value) for key, value in values.items()})

    def title(self, titles: Mapping[str, str] | str, otherwise: str = "") -> str:
        """Return a title in this language, or in English, or in the first language that it has."""
        if isinstance(titles, str):
            return titles or otherwise
        for language in (self.language, "en", *sorted(titles)):
            if titles.get(language):
                return titles[language]
        return otherwise

    def join(self, texts: Iterable[Any]) -> str:
        """Return an enumeration, or the word for nothing."""
        return self.phrases["join"].join(one_line(text) for text in texts) or self.phrases["none"]

    def table(self, head: str, rows: Iterable[Iterable[Any]]) -> str:
        """Return a Markdown table with a heading of this language."""
        columns = self.phrases[head].split(" | ")
        lines = [
            columns,
            ["---"] * len(columns),
            *([one_line(cell).replace("|", "\\|") for cell in row] for row in rows),
        ]
        return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def one_line(value: Any) -> str:
    """Return a value as text on one line; an absent value is a dash."""
    return "–" if value is None else " ".join(str(value).split())


def _asked(facts: Facts, say: Words) -> Lines:
    return [
        say(f"population.{facts['population']}"),
        say(f"participation.{facts['participation']}"),
        say("period", opens_on=facts["opens_on"], closes_on=facts["closes_on"]),
        say("coverage", scored_n=facts["scored_n"], shown_n=facts["shown_n"]),
    ]


def _responses(facts: Facts, say: Words) -> Lines:
    ledger, lines = facts["ledger"], [say("modes", log=facts["log"], **facts["modes"])]
    lines += [say("ledger"), say.table("ledger.head", [(say.labels.get(name, name), n) for name, n in ledger.items()])]
    if facts["exclusions"]:
        lines += [say("exclusions"), say.table("exclusions.head", facts["exclusions"])]
    else:
        lines.append(say("exclusions.none"))
    if "population_n" in facts:
        share, total = facts["response_share"], facts["population_n"]
        lines.append(say("response_share", population_n=total, counted=ledger["counted"], response_share=share))
    else:
        lines.append(say("no_response_rate"))
    return lines


def _items(facts: Facts, say: Words) -> Lines:
    rows = []
    for item in facts["items"]:
        unit = say("items.every") if item["unit"] is None else say.title(item["unit"])
        wording = say.title(item["title"], item["name"])
        rows.append((item["name"], wording, unit, item["valid"], *item["missing"].values()))
    return [say("items.text"), say.table("items.head", rows)]


def _weighting(facts: Facts, say: Words) -> Lines:
    lines = [say(f"method.{facts['method']}")]
    if facts["dimensions"]:
        lines += [say("dimensions"), _bullets(_dimension(one, say) for one in facts["dimensions"])]
    else:
        lines.append(say("dimensions.none"))
    lines += [say("margin_total", name=name, total=total) for name, total in facts.get("margin_totals", [])]
    names = ("minimum_class", "cells_n", "classes_n", "collapsed_n")
    lines.append(say("collapse", **{name: facts[name] for name in names}))
    if facts["weights"]:
        lines.append(say("weights", low=facts["weights"][0], high=facts["weights"][1]))
    if "raking" in facts:
        lines.append(say("raking", largest_drift=facts["largest_drift"], **facts["raking"]))
    return [*lines, say.table("units.head", [_unit_row(one, say) for one in facts["units"]])]


def _dimension(one: Mapping[str, Any], say: Words) -> str:
    return say("dimension", name=one["name"], categories=say.join(one["categories"]))


def _unit_row(one: Mapping[str, Any], say: Words) -> list[Any]:
    title = say.title(one["title"], one["id"])
    return [title, one["n"], one["population"], one["classes"], *one["weights"], one["weight_sum"]]


def _score(facts: Facts, say: Words) -> Lines:
    lines: Lines = []
    for step in facts["steps"]:
        if step["op"] == "map":
            points = say.join(say("point", code=code, points=value) for code, value in step["points"].items())
            lines.append(say("map", points=points, satisfied=say.join(step["satisfied"])))
        elif step["op"] == "combine":
            lines += _trees(facts, say)
        elif step["op"] == "grade":
            lines += [say("grade"), _bullets(_cut(cut, say) for cut in step["cuts"])]
    return [*lines, say("rounding", digits=facts["rounding"]["digits"])]


def _cut(cut: Mapping[str, Any], say: Words) -> str:
    name = say.title(cut.get("title") or {}, cut["name"])
    return say("grade.lowest", name=name) if cut["from"] is None else say("grade.from", name=name, start=cut["from"])


def _trees(facts: Facts, say: Words) -> Lines:
    lines = [say("combine")]
    for one in facts["trees"]:
        if one["unit"] is not None:
            lines.append(say("tree.unit", title=say.title(one["unit"])))
        elif len(facts["trees"]) > 1:
            lines.append(say("tree.default"))
        lines.append("\n".join(_node(one["tree"], say, 0)))
    if facts["entries"]:
        rows = [(say.title(unit), entry, value) for unit, entry, value in facts["entries"]]
        lines += [say("entries"), say.table("entries.head", rows)]
    return lines


def _node(node: Mapping[str, Any], say: Words, depth: int) -> Lines:
    kind = next(name for name in ("item", "entry", "operator") if name in node)
    rule = say(f"node.{node['operator']}") if kind == "operator" else say(f"node.{kind}", **{kind: node[kind]})
    size = [say(f"node.{name}", size=node[name]) for name in ("max", "weight") if name in node]
    title = say.title(node.get("title") or {}, node["id"])
    line = "  " * depth + "- " + say("dimension", name=title, categories=say.join([*size, rule]))
    return [line, *(below for branch in node.get("branches", []) for below in _node(branch, say, depth + 1))]


def _precision(facts: Facts, say: Words) -> Lines:
    precision, lines = facts["precision"], []
    for name in ("critical", "kish", "clustering"):
        if precision[name] is None:
            continue
        low, high = precision[name]
        if name == "critical":
            lines.append(say("interval", confidence=precision["confidence"], low=low, high=high))
        elif name == "kish":
            lines.append(say("kish", low=low, high=high))
        else:
            lines.append(say("clustering.psu" if precision["psu"] else "clustering.none", low=low, high=high))
    return [*lines, say("ranked" if precision["ranked"] else "not_ranked")]


def _suppression(facts: Facts, say: Words) -> Lines:
    lines = [say("suppression.text", minimum_n=facts["minimum_n"])]
    if facts["hidden"]:
        return [*lines, say("suppression.hidden", names=say.join(say.title(one) for one in facts["hidden"]))]
    return [*lines, say("suppression.none")]


def _proves(facts: Facts, say: Words) -> Lines:
    return [
        say("proves.public"),
        say("proves.plan", at=facts["head"]["at"], size=facts["head"]["size"]),
        say("proves.dropped"),
        say("proves.altered"),
        say("proves.stuffed"),
        say("proves.signature"),
    ]


def _inputs(facts: Facts, say: Words) -> Lines:
    return [say.table("inputs.head", [(say.labels[name], found) for name, found in facts["ids"].items()])]


def _bullets(lines: Iterable[str]) -> str:
    return "\n".join(f"- {line}" for line in lines)
