"""The answers of ONS questions as questions of ours: each asks for one thing."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from survey.formats.known import Known
from survey.formats.loose import entries, items, mapping, string, whole
from survey.formats.names import Names
from survey.formats.report import Fate, Report
from survey.formats.words import missing_kind

from .bounds import date_bounds, number_bounds
from .rules import Rules
from .steering import Steering, is_free
from .text import Texts

Node = dict[str, Any]
CHOSEN = {"Radio": "single", "Dropdown": "single", "Relationship": "single", "Checkbox": "multiple"}
NUMBERS = ("Number", "Currency", "Percentage", "Unit")
DATES = {"Date": "day", "MonthYearDate": "month", "YearDate": "year"}
TEXTS = {"TextField": 1, "TextArea": 4, "MobileNumber": 1, "Address": 3}
ANSWER_KEYS = frozenset(
    {
        "id",
        "type",
        "label",
        "description",
        "mandatory",
        "options",
        "minimum",
        "maximum",
        "decimal_places",
        "max_length",
        "rows",
        "units",
        "unit",
        "unit_length",
        "currency",
        "guidance",
        "instruction",
        "q_code",
        "visible",
    }
)
OPTION_KEYS = frozenset({"label", "value", "description", "detail_answer", "q_code"})
NO = {"en": "No", "cy": "Na", "zh": "否"}  # beside a box that may stay empty


class Answers:
    """Makes questions of answers. `steering` holds the choices that rules ask for: they stay answers."""

    def __init__(self, report: Report, rules: Rules, language: str, codes: Mapping[str, str]) -> None:
        self.report, self.rules, self.language, self.codes = report, rules, language, codes
        self.texts = Texts(report, rules)
        self.names = Names()
        self.steering: Steering = {}

    def say(self, words: str) -> dict[str, str]:
        return {self.language: words}

    def unread(self, place: str, node: Mapping[str, Any], known: Collection[str]) -> None:
        """Account for the keys of a node that nothing is made of."""
        for key in sorted(str(key) for key in node if key not in known and node[key] not in (None, [], {}, "")):
            self.report.add(f"{place}, {key}", key, Fate.LEFT_OUT, "it has no counterpart")

    def read(
        self,
        place: str,
        answers: Sequence[Mapping[str, Any]],
        common: Node,
        *,
        wish: str,
        exclusive: Mapping[str, Any] | None = None,
    ) -> list[Node]:
        """The questions made of the answers of one question; `exclusive` is the answer that excludes the others."""
        found: list[Node] = []
        for answer in answers:
            identity = string(answer.get("id"))
            made = self._one(f"{place}, answer {identity}", answer, common, len(answers) > 1, wish, exclusive)
            exclusive = None if made else exclusive
            found += made
        if exclusive is not None:
            where = f"{place}, answer {string(exclusive.get('id'))}"
            self.report.add(where, "exclusive answer", Fate.LEFT_OUT, "nothing is left that it excludes")
        return found

    def _one(
        self,
        place: str,
        answer: Mapping[str, Any],
        common: Node,
        is_one_of_many: bool,
        wish: str,
        exclusive: Mapping[str, Any] | None,
    ) -> list[Node]:
        kind, identity = string(answer.get("type")), string(answer.get("id"))
        self.unread(place, answer, ANSWER_KEYS)
        label = self.texts.words(place, answer.get("label"))
        code = self.codes.get(identity) or string(answer.get("q_code"))
        node = dict(common)
        node["variable"] = self.names.take(code, wish if not is_one_of_many else f"{wish[:20]}_{identity[:19]}")
        node["required"] = bool(answer.get("mandatory")) or (bool(common.get("required")) and not is_one_of_many)
        hints = [common["hint"][self.language]] if "hint" in common else []
        if is_one_of_many and label:
            node["text"] = self.say(f"{common['text'][self.language]} – {label}")
        elif label:
            hints.append(label)
        hints += self._hints(place, answer)
        if hints:
            node["hint"] = self.say("\n".join(hints))
        if kind in CHOSEN:
            return self._chosen(place, answer, node, exclusive)
        made = self._open(place, kind, answer, node)
        if made:
            self.rules.know(identity, Known(made[0]["variable"]))
            if exclusive is not None:
                self._instead(place, exclusive, made[0])
        return made

    def _hints(self, place: str, answer: Mapping[str, Any]) -> list[str]:
        found = [self.texts.words(place, answer[key]) for key in ("description", "instruction") if key in answer]
        if "guidance" in answer:
            guidance = mapping(answer["guidance"])
            found += [self.texts.words(place, guidance["show_guidance"])] if "show_guidance" in guidance else []
            found += self.texts.lines(place, guidance.get("contents"))
            self.report.add(place, "guidance", Fate.MAPPED)
        return [hint for hint in found if hint]

    def _open(self, place: str, kind: str, answer: Mapping[str, Any], node: Node) -> list[Node]:
        if kind in NUMBERS:
            return [self._number(place, kind, answer, node)]
        if kind in DATES:
            self.report.add(place, kind, Fate.MAPPED)
            node |= {"type": "date", "precision": DATES[kind]}
            date_bounds(place, answer, node, self.rules, self.report, self.language)
            return [node]
        if kind in TEXTS:
            return [self._text(place, kind, answer, node)]
        if kind == "Duration":
            return self._duration(place, answer, node)
        self.report.add(place, kind or "answer", Fate.LEFT_OUT, "this kind of answer is not asked for here")
        return []

    def _number(self, place: str, kind: str, answer: Mapping[str, Any], node: Node) -> Node:
        decimals = min(max(whole(answer.get("decimal_places")) or 0, 0), 6)
        node |= {"type": "number", "decimals": decimals}
        unit = {"Percentage": "%", "Currency": string(answer.get("currency"))}.get(kind, "")
        unit = unit or string(answer.get("unit")).rpartition("-")[2]
        if unit:
            node["unit"] = self.say(unit)
        self.report.add(place, kind, Fate.MAPPED)
        number_bounds(place, answer, node, self.rules, self.report, self.language)
        return node

    def _text(self, place: str, kind: str, answer: Mapping[str, Any], node: Node) -> Node:
        is_address = kind == "Address"
        self.report.add(place, kind, *((Fate.APPROXIMATED, "one text in place of its parts") if is_address else MAPPED))
        lines = min(max(whole(answer.get("rows")) or TEXTS[kind], 1), 20)
        length = min(max(whole(answer.get("max_length")) or 1000, 1), 4000)
        phone = {"format": "phone"} if kind == "MobileNumber" else {}
        return node | {"type": "text", "max_length": length, "lines": lines, **phone}

    def _duration(self, place: str, answer: Mapping[str, Any], node: Node) -> list[Node]:
        units = [unit for unit in items(answer.get("units")) if isinstance(unit, str) and unit][:6] or ["years"]
        split = (Fate.APPROXIMATED, "asked as one number for each unit") if len(units) > 1 else MAPPED
        self.report.add(place, "Duration", *split)
        made = []
        for index, unit in enumerate(units):
            name = node["variable"] if index == 0 else self.names.take(f"{node['variable'][:30]}_{unit}")
            made.append(node | {"type": "number", "variable": name, "minimum": 0, "unit": self.say(unit)})
        return made

    def _instead(self, place: str, exclusive: Mapping[str, Any], node: Node) -> None:
        """What may be chosen in place of an answer that has no choices."""
        where = f"{place}, answer {string(exclusive.get('id'))}"
        options = entries(exclusive.get("options"))
        self.report.add(where, "exclusive answer", Fate.MAPPED if len(options) == 1 else Fate.APPROXIMATED, "")
        taken: dict[str, Node] = {}
        for option in options:
            words = self.texts.words(where, option.get("label"))
            kind = missing_kind(words)
            fate = (Fate.APPROXIMATED, "it counts as not applicable") if kind is None else MAPPED
            taken.setdefault(kind or "not_applicable", {"kind": kind or "not_applicable", "text": self.say(words)})
            self.report.add(f"{where}, choice {words[:40]}", "choice", *fate)
        node["missing"] = list(taken.values())

    def _chosen(
        self, place: str, answer: Mapping[str, Any], node: Node, exclusive: Mapping[str, Any] | None
    ) -> list[Node]:
        identity, kind = string(answer.get("id")), string(answer.get("type"))
        options = entries(answer.get("options"))
        others = entries(mapping(exclusive).get("options")) if exclusive is not None else []
        if len(options) + len(others) < 2:
            return self._box(place, answer, node, options)
        self.report.add(place, kind, Fate.MAPPED)
        choices = [self._choice(place, code, one, identity) for code, one in enumerate(options, start=1)]
        if exclusive is not None:
            where = f"{place}, answer {string(exclusive.get('id'))}"
            self.report.add(where, "exclusive answer", Fate.MAPPED)
            self.unread(where, exclusive, ANSWER_KEYS)
            other = string(exclusive.get("id"))
            more = [self._choice(where, len(options) + n, one, other) for n, one in enumerate(others, start=1)]
            alone = CHOSEN[kind] == "multiple"
            choices += [one if "missing" in one or not alone else one | {"exclusive": True} for one in more]
        if all("missing" in one for one in choices):
            choices = [{key: value for key, value in one.items() if key != "missing"} for one in choices]
        node |= {"type": CHOSEN[kind], "choices": choices}
        if kind == "Dropdown":
            node["dropdown"] = True
        self._know_choices(node, identity, options, string(mapping(exclusive).get("id")), others)
        return [node]

    def _know_choices(
        self,
        node: Node,
        identity: str,
        options: list[Mapping[str, Any]],
        other: str,
        others: list[Mapping[str, Any]],
    ) -> None:
        every = tuple(one["code"] for one in node["choices"] if "missing" not in one)
        is_multiple = node["type"] == "multiple"
        values = [_value(one) for one in (*options, *others)]
        own = {value: code for code, value in enumerate(values[: len(options)], start=1)}
        self.rules.know(identity, Known(node["variable"], own, every, is_multiple))
        if other:
            rest = {value: code for code, value in enumerate(values[len(options) :], start=len(options) + 1)}
            self.rules.know(other, Known(node["variable"], rest, every, is_multiple))

    def _choice(self, place: str, code: int, option: Mapping[str, Any], identity: str) -> Node:
        words = self.texts.words(place, option.get("label")) or self.texts.words(place, _value(option)) or str(code)
        where = f"{place}, choice {words[:40]}"
        self.unread(where, option, OPTION_KEYS)
        self.report.add(where, "choice", Fate.MAPPED)
        why = missing_kind(words) or missing_kind(_value(option))
        extra = self.texts.words(where, option["description"]) if "description" in option else ""
        choice: Node = {"code": code, "text": self.say(f"{words} – {extra}" if extra else words)}
        if why and is_free(self.steering, identity, _value(option)):
            choice["missing"] = why
        elif why:
            self.report.warnings.append(f"{where}: it stays an answer, because a rule asks for it")
        detail = mapping(option.get("detail_answer"))
        if detail:
            choice["specify"] = True
            choice.pop("missing", None)
            is_plain = detail.get("type") in ("TextField", "TextArea") and not detail.get("mandatory")
            loose = (Fate.APPROXIMATED, "asked for as words that may be left out")
            self.report.add(f"{where}, {string(detail.get('id'))}", "detail answer", *(MAPPED if is_plain else loose))
        return choice

    def _box(self, place: str, answer: Mapping[str, Any], node: Node, options: list[Mapping[str, Any]]) -> list[Node]:
        """One box to tick: words to read where it must be ticked, else yes or no."""
        identity = string(answer.get("id"))
        if not options:
            self.report.add(place, string(answer.get("type")), Fate.LEFT_OUT, "it has no choices of its own")
            return []
        words, value = self.texts.words(place, options[0].get("label")) or "✓", _value(options[0])
        if node["required"]:
            why = "a page to read: its one box, which must be ticked, is not asked"
            made = node | {"type": "statement", "required": False}
        else:
            why = "one box to tick became a question of two choices"
            no = NO.get(self.language.split("-")[0], "–")
            pair = [{"code": 1, "text": self.say(words)}, {"code": 2, "text": self.say(no)}]
            made = node | {"type": "single", "choices": pair}
            self.rules.know(identity, Known(node["variable"], {value: 1}, (1, 2)))
        self.report.add(place, string(answer.get("type")), Fate.APPROXIMATED, why)
        self.report.add(f"{place}, choice {words[:40]}", "choice", Fate.APPROXIMATED, why)
        return [made | {"_box": (identity, value)} if node["required"] else made]


MAPPED = (Fate.MAPPED, "")


def _value(option: Mapping[str, Any]) -> str:
    label = option.get("label")
    return string(option.get("value")) or (label if isinstance(label, str) else "")
