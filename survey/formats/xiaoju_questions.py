"""The types of xiaoju-survey's questions as ours."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from typing import Any

from .choices import is_exclusive
from .known import Known
from .loose import entries, harmless, items, mapping, string, whole
from .names import Names
from .report import Fate, Report
from .truth import Truth, both, either
from .words import missing_kind, plain

Node = dict[str, Any]
Told = tuple[Fate, str]
MAPPED: Told = (Fate.MAPPED, "")
CHOSEN = {"radio": "single", "binary-choice": "single", "checkbox": "multiple", "vote": "single"}
TREES = {"cascader": "cascaderData", "multilevel": "multilevelData"}
MATRICES = {"matrix-checkbox": True, "matrix-radio": False}
FORMATS = {"e": "email", "m": "phone"}
MOST_PLACES = 5000
ENDS = {
    "radio-star": {"zh": ("非常不满意", "非常满意"), "en": ("Very dissatisfied", "Very satisfied")},
    "radio-nps": {"zh": ("极不可能", "极有可能"), "en": ("Not at all likely", "Extremely likely")},
}
SHORT = {"zh": "请至少填写 {n} 个字。", "en": "Write at least {n} characters."}
WHY = {"zh": "请说明原因", "en": "Please say why"}
_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")


def words(value: Any) -> str:
    """Words without markup, as they may stand in our texts."""
    return harmless(plain(string(value)))


class Questions:
    """Makes questions of entries. `steering` holds the choices that rules ask for: they stay answers."""

    def __init__(self, report: Report, language: str, steering: Collection[tuple[str, str]]) -> None:
        self.report, self.language, self.steering = report, language, steering
        self.names = Names()

    def say(self, text: str) -> dict[str, str]:
        return {self.language: text}

    def own(self, texts: Mapping[str, Any]) -> Any:
        """Words of our own, in the language of the questionnaire where we have them."""
        return texts["zh" if self.language.startswith("zh") else "en"]

    def read(self, place: str, number: int, entry: Mapping[str, Any]) -> tuple[Node | None, Known | None]:
        """The question of an entry, and what rules may ask of it; nothing where it cannot be taken."""
        kind = string(entry.get("type")) or "question"
        title = words(entry.get("title"))
        if not title:
            self.report.add(place, kind, Fate.LEFT_OUT, "a question without words")
            return None, None
        node: Node = {
            "variable": self.names.take(f"q{number}"),
            "text": self.say(title),
            "required": bool(entry.get("isRequired")),
        }
        made = self._typed(place, kind, entry, node)
        if made is None:
            return None, None
        for key in ("placeholder", "desc"):
            if words(entry.get(key)):
                made["hint"] = self.say(words(entry[key]))
        return made, self._known(entry, made)

    def _typed(self, place: str, kind: str, entry: Mapping[str, Any], node: Node) -> Node | None:
        if kind in ("text", "textarea"):
            return self._text(place, kind, entry, node)
        if kind in ENDS:
            return self._scale(place, kind, entry, node)
        if kind in CHOSEN:
            return self._chosen(place, kind, entry, node)
        if kind in TREES:
            return self._places(place, kind, entry, node)
        if kind in MATRICES:
            return self._matrix(place, kind, entry, node)
        self.report.add(place, kind, Fate.LEFT_OUT, "this kind of question is not read")
        return None

    def _known(self, entry: Mapping[str, Any], node: Node) -> Known | None:
        """What its values are called in rules: the hashes of choices, the points of scales."""
        name = node["variable"]
        if node["type"] in ("single", "multiple"):
            options = [*_options(entry.get("options")), *_options(entry.get("extraOptions"))]
            codes = {string(option.get("hash")): code for code, option in enumerate(options, start=1)}
            every = tuple(one["code"] for one in node["choices"] if "missing" not in one)
            return Known(name, codes, every, node["type"] == "multiple")
        if node["type"] in ("scale", "nps"):
            points = tuple(range(node.get("first", 0), node.get("last", 10) + 1))
            return Known(name, {str(point): point for point in points}, points)
        return None if node["type"] == "matrix" else Known(name)

    # --- texts and numbers -------------------------------------------------------------------------------------------

    def _text(self, place: str, kind: str, entry: Mapping[str, Any], node: Node) -> Node:
        valid = string(entry.get("valid"))
        if valid == "n":
            return self._number(place, kind, entry, node)
        self.report.add(place, kind, *MAPPED)
        node |= {"type": "text", "lines": 1 if kind == "text" else 4}
        if valid in FORMATS:
            node["format"] = FORMATS[valid]
            self.report.add(f"{place}, valid", "check", *MAPPED)
        elif valid not in ("", "*"):
            self.report.add(f"{place}, valid", "check", Fate.LEFT_OUT, f"the check {valid!r} is not made")
        limits = mapping(entry.get("textRange"))
        most = whole(mapping(limits.get("max")).get("value")) or 1000
        least = whole(mapping(limits.get("min")).get("value")) or 0
        node["max_length"] = min(max(most, 1), 4000)
        if 1 < least <= node["max_length"]:
            text = self.own(SHORT).format(n=least)
            node["checks"] = [{"rule": f"string-length(.) >= {least}", "text": self.say(text)}]
        if limits:
            self.report.add(f"{place}, textRange", "length", *MAPPED)
        return node

    def _number(self, place: str, kind: str, entry: Mapping[str, Any], node: Node) -> Node:
        limits = mapping(entry.get("numberRange"))
        lowest = whole(mapping(limits.get("min")).get("value"))
        highest = whole(mapping(limits.get("max")).get("value"))
        self.report.add(place, kind, *MAPPED)
        node |= {"type": "number", "decimals": 2, "minimum": 0 if lowest is None else lowest}
        if highest is not None and highest >= node["minimum"]:
            node["maximum"] = highest
        if limits:
            self.report.add(f"{place}, numberRange", "bounds", *MAPPED)
        return node

    # --- scales ------------------------------------------------------------------------------------------------------

    def _scale(self, place: str, kind: str, entry: Mapping[str, Any], node: Node) -> Node:
        low, high = self.own(ENDS[kind])
        older = mapping(entry.get("nps")) if kind == "radio-nps" else {}
        first = whole(entry.get("min" if kind == "radio-nps" else "starMin"))
        last = whole(entry.get("max" if kind == "radio-nps" else "starMax"))
        first = first if first in (0, 1) else (0 if kind == "radio-nps" else 1)
        default = 10 if kind == "radio-nps" else whole(entry.get("star")) or 5
        last = last if last is not None and first < last <= 11 else min(max(default, first + 1), 11)
        bottom = words(entry.get("minMsg")) or words(older.get("leftText")) or _label(entry.get("starMin")) or low
        top = words(entry.get("maxMsg")) or words(older.get("rightText")) or _label(entry.get("starMax")) or high
        self.report.add(place, kind, *MAPPED)
        node |= {"first_label": self.say(bottom), "last_label": self.say(top)}
        if kind == "radio-nps" and (first, last) == (0, 10):
            return node | {"type": "nps"}
        return node | {"type": "scale", "first": first, "last": last}

    def beside(self, place: str, entry: Mapping[str, Any], node: Node, shown: Truth) -> list[tuple[Node, Truth]]:
        """Words that are asked for beside single points of a scale, as questions of their own."""
        known = self._known(entry, node) if node["type"] in ("scale", "nps") else None
        if known is None:
            return []
        asked: dict[tuple[str, bool], list[int]] = {}
        for point, config in mapping(entry.get("rangeConfig")).items():
            if point in known.codes and mapping(config).get("isShowInput"):
                text = words(mapping(config).get("text")) or self.own(WHY)
                asked.setdefault((text, bool(mapping(config).get("required"))), []).append(known.codes[point])
        found: list[tuple[Node, Truth]] = []
        for (text, is_required), points in asked.items():
            self.report.add(f"{place}, points {points}", "words beside points", *MAPPED)
            name = self.names.take(f"{node['variable']}_why")
            extra = {"variable": name, "text": self.say(text), "required": is_required, "type": "text"}
            found.append((extra, both(shown, either(*(known.chosen(point) for point in points)))))
        return found

    # --- choices -----------------------------------------------------------------------------------------------------

    def _chosen(self, place: str, kind: str, entry: Mapping[str, Any], node: Node) -> Node | None:
        options = _options(entry.get("options"))
        extra = _options(entry.get("extraOptions"))
        if len(options) + len(extra) < 2:
            self.report.add(place, kind, Fate.LEFT_OUT, "a question of choices with fewer than two of them")
            return None
        ours = "multiple" if entry.get("innerType") == "checkbox" else CHOSEN[kind]
        vote = (Fate.APPROXIMATED, "how others voted is not shown")
        self.report.add(place, kind, *(vote if kind == "vote" else MAPPED))
        field = string(entry.get("field"))
        choices = [self._choice(place, code, option, ours, field) for code, option in enumerate(options, start=1)]
        for code, option in enumerate(extra, start=len(options) + 1):
            choices.append(self._choice(place, code, option, ours, field) | {"fixed": True})
        if all("missing" in one for one in choices):
            choices = [{key: value for key, value in one.items() if key != "missing"} for one in choices]
        node |= {"type": ours, "choices": choices}
        if entry.get("randomSort"):
            node["shuffled"] = True
            self.report.add(f"{place}, randomSort", "order", *MAPPED)
        if entry.get("checked"):
            self.report.add(f"{place}, checked", "default", Fate.LEFT_OUT, "nothing is chosen for people beforehand")
        if ours == "multiple":
            self._counts(place, entry, node)
        return node

    def _choice(self, place: str, code: int, option: Mapping[str, Any], kind: str, field: str) -> Node:
        text, where = words(option.get("text")), f"{place}, choice {code}"
        self.report.add(where, "choice", *MAPPED)
        choice: Node = {"code": code, "text": self.say(text)}
        why = missing_kind(text)
        is_free = not {(field, string(option.get("hash"))), (field, "")} & set(self.steering)
        if option.get("others"):
            choice["specify"] = True
            must = (Fate.APPROXIMATED, "its words may be left out")
            self.report.add(f"{where}, others", "words beside it", *(must if option.get("mustOthers") else MAPPED))
        elif why and is_free:
            choice["missing"] = why
        elif kind == "multiple" and (option.get("exclude") or option.get("exclusive") or is_exclusive(text)):
            choice["exclusive"] = True
        if why and not is_free:
            self.report.warnings.append(f"{where}: it stays an answer, because a rule asks for it")
        for key in ("imageUrl", "quota"):
            if option.get(key):
                self.report.add(f"{where}, {key}", key, Fate.LEFT_OUT, "choices are words, and have no limits here")
        return choice

    def _counts(self, place: str, entry: Mapping[str, Any], node: Node) -> None:
        n = sum("missing" not in one for one in node["choices"])
        least, most = whole(entry.get("minNum")) or 0, whole(entry.get("maxNum")) or 0
        for key, count in (("minNum", least), ("maxNum", most)):
            if count > 0:
                fits = count <= n and (key == "minNum" or count >= least)
                wrong = (Fate.LEFT_OUT, "no number of choices fits it")
                self.report.add(f"{place}, {key}", "bounds", *(MAPPED if fits else wrong))
                if fits:
                    node["at_least" if key == "minNum" else "at_most"] = count

    def _matrix(self, place: str, kind: str, entry: Mapping[str, Any], node: Node) -> Node | None:
        rows = next((_options(entry[key]) for key in ("rows", "rowList", "rowTitles") if items(entry.get(key))), [])
        options = _options(entry.get("options"))
        if not rows or len(options) < 2:
            self.report.add(place, kind, Fate.LEFT_OUT, "a matrix without rows or without choices")
            return None
        self.report.add(place, kind, *MAPPED)
        made = []
        for number, row in enumerate(rows, start=1):
            self.report.add(f"{place}, row {number}", "row", *MAPPED)
            name = self.names.take(f"{node['variable']}_{number}")
            made.append({"variable": name, "text": self.say(words(row.get("text")))})
        choices = []
        for code, option in enumerate(options, start=1):
            self.report.add(f"{place}, choice {code}", "choice", *MAPPED)
            choices.append({"code": code, "text": self.say(words(option.get("text")))})
        return node | {"type": "matrix", "rows": made, "choices": choices, "multiple": MATRICES[kind]}

    # --- trees -------------------------------------------------------------------------------------------------------

    def _places(self, place: str, kind: str, entry: Mapping[str, Any], node: Node) -> Node | None:
        tree = list(_flat(mapping(entry.get(TREES[kind])).get("children"), None, "", 0))
        if not tree or len(tree) > MOST_PLACES:
            self.report.add(place, kind, Fate.LEFT_OUT, f"a choice of {len(tree)} places")
            return None
        self.report.add(place, kind, *MAPPED)
        taken: dict[str, str] = {}
        places = []
        for path, parent, option in tree:
            self.report.add(f"{place}, place {path}", "place", *MAPPED)
            wish = string(option.get("hash"))
            taken[path] = wish if _CODE.fullmatch(wish) and wish not in taken.values() else f"p{path}"
            made: Node = {"code": taken[path], "text": self.say(words(option.get("text")))}
            places.append(made | ({"parent": taken[parent]} if parent else {}))
        return node | {"type": "place", "places": places}


def _flat(
    options: Any, parent: str | None, prefix: str, depth: int
) -> Iterator[tuple[str, str | None, Mapping[str, Any]]]:
    """Every place of a tree after its parent: its path, its parent's, and itself."""
    for number, option in enumerate(_options(options), start=1):
        path = f"{prefix}{number}"
        yield path, parent, option
        if depth < 10:
            yield from _flat(option.get("children"), path, f"{path}.", depth + 1)


def _options(value: Any) -> list[Mapping[str, Any]]:
    """The choices that have words."""
    return [option for option in entries(value) if words(option.get("text"))]


def _label(value: Any) -> str:
    return "" if whole(value) is not None else words(value)
