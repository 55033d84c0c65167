"""What changed between two versions of a questionnaire, part by part.

Questions and rows are matched by variable, sections by the questions they share, choices by their words and then by
their code. A change of words alone is a text fix, if a person says so; all else is structural and needs a reviewed
mapping. Words that change places, as when "yes" and "no" are swapped, are structural too: codes mean something else.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import partial
from typing import Any

from pydantic import BaseModel

from .matching import pair_parts, pair_sections, unmoved
from .parts import BaseQuestion, Check, Choice, MissingOption, Reason
from .questionnaire import Questionnaire, Section
from .questions import Place, PointLabel, Row


class Kind(StrEnum):
    """Whether a change can touch what the data mean."""

    WORDING = "wording"
    STRUCTURAL = "structural"


class Change(StrEnum):
    """What happened to a part, or to one field of it."""

    ADDED = "added"
    REMOVED = "removed"
    MOVED = "moved"
    TEXT_CHANGED = "text_changed"
    TYPE_CHANGED = "type_changed"
    CODE_CHANGED = "code_changed"
    SETTING_CHANGED = "setting_changed"


class Level(StrEnum):
    """What kind of part it is."""

    DOCUMENT = "document"
    LANGUAGE = "language"
    SECTION = "section"
    QUESTION = "question"
    ROW = "row"
    CHOICE = "choice"
    REASON = "reason"
    LABEL = "label"
    PLACE = "place"
    OPTION = "option"
    CHECK = "check"


@dataclass(frozen=True)
class Difference:
    """One change.

    Attributes
    ----------
    kind, change, level
        What sort of change it is, and of what.
    place : str
        "" for the document, "section 2" (counted from 1, in the new version; in the old one where it was removed), or
        the variable of the question as it is listed.
    part : str
        Which part of the question: the variable of a row, the code of a choice, label or place, "1.11" for reason 11
        under choice 1, the kind of an option, the number of a check (from 1), the tag of a language; "" the question.
    field : str
        The field that changed, such as "text" or "show_if"; "" where a part was added, removed or moved.
    language : str
        Of a text; else "".
    old, new : Any
        Values as JSON has them. Of what was added or removed: its texts by language. Of what moved: its place, counted
        from 1, for a question with its section ("2.3").
    """

    kind: Kind
    change: Change
    level: Level
    place: str
    part: str = ""
    field: str = ""
    language: str = ""
    old: Any = None
    new: Any = None

    @property
    def is_wording(self) -> bool:
        """Whether only words changed."""
        return self.kind is Kind.WORDING

    def as_json(self) -> dict[str, Any]:
        """For programs."""
        return {name: _plain(getattr(self, name)) for name in self.__dataclass_fields__}


def is_wording_only(differences: Iterable[Difference]) -> bool:
    """Whether nothing changed but words, so that a person may publish the new version as a text fix."""
    return all(one.is_wording for one in differences)


def compare(old: Questionnaire, new: Questionnaire) -> list[Difference]:
    """Every difference in the order of the new version; what was removed stands after what it stood beside."""
    return _marked(list(_document(old, new)))


LISTS: dict[type[BaseModel], tuple[Level, Callable[[Any], Hashable]]] = {
    Row: (Level.ROW, lambda part: part.variable),
    Choice: (Level.CHOICE, lambda part: part.code),
    Reason: (Level.REASON, lambda part: part.code),
    PointLabel: (Level.LABEL, lambda part: part.code),
    Place: (Level.PLACE, lambda part: part.code),
    MissingOption: (Level.OPTION, lambda part: part.kind),
}
NAMED = (Level.ROW, Level.OPTION)  # they keep their name whatever their words are
OWN_TEXTS = frozenset({"text", "first_label", "last_label", "agree", "decline"})  # those that say what a code means
NO_TEXTS = frozenset({"unit"})  # words that are a measure: other words are another measure


@dataclass(frozen=True)
class _Spot:
    """Where the parts that are being compared stand."""

    skipped: Collection[str]  # languages that one version lacks as a whole
    level: Level
    place: str
    part: str = ""

    def difference(self, change: Change, kind: Kind = Kind.STRUCTURAL, **more: Any) -> Difference:
        return Difference(kind, change, self.level, self.place, self.part, **more)

    def within(self, level: Level, key: Hashable) -> _Spot:
        part = f"{self.part}.{key}" if self.part else str(key)
        return replace(self, level=level, part=part)


def _document(old: Questionnaire, new: Questionnaire) -> Iterator[Difference]:
    spot = _Spot(set(old.languages) ^ set(new.languages), Level.DOCUMENT, "")
    yield from _languages(old, new, spot)
    yield from _fields(old, new, spot, leave=("languages", "sections"))
    pairs = pair_sections(old.sections, new.sections)
    stayed = unmoved(pairs)
    homes = {a: b for a, b in pairs if a is not None and b is not None}
    for a, b in pairs:
        here = replace(spot, level=Level.SECTION, place=f"section {(a if b is None else b) + 1}")  # type: ignore[operator]
        before = old.sections[a] if a is not None else None
        after = new.sections[b] if b is not None else None
        if before is None or after is None:
            yield _come_or_gone(before, after, here)
        else:
            if (a, b) not in stayed:
                yield here.difference(Change.MOVED, old=str(a + 1), new=str(b + 1))  # type: ignore[operator]
            yield from _fields(before, after, here, leave=("questions",))
        yield from _questions(old, new, (a, b), homes, here)


def _languages(old: Questionnaire, new: Questionnaire, spot: _Spot) -> Iterator[Difference]:
    here = replace(spot, level=Level.LANGUAGE)
    for tag in new.languages:
        if tag not in old.languages:
            yield replace(here.difference(Change.ADDED), part=tag)
    for tag in old.languages:
        if tag not in new.languages:
            yield replace(here.difference(Change.REMOVED), part=tag)
    kept = [[tag for tag in one.languages if tag not in spot.skipped] for one in (old, new)]
    if kept[0] != kept[1]:
        yield spot.difference(
            Change.SETTING_CHANGED, field="languages", old=list(old.languages), new=list(new.languages)
        )


def _questions(
    old: Questionnaire,
    new: Questionnaire,
    sections: tuple[int | None, int | None],
    homes: Mapping[int, int],
    here: _Spot,
) -> Iterator[Difference]:
    """The questions of one section; those that came from another section are told as moved."""
    was, now = _places(old), _places(new)
    in_old = old.sections[sections[0]].questions if sections[0] is not None else ()
    in_new = new.sections[sections[1]].questions if sections[1] is not None else ()
    at_home = [one.variable for one in in_new if one.variable in was and homes.get(was[one.variable][0]) == sections[1]]
    stayed = unmoved([(was[name][1], now[name][1]) for name in at_home])
    for question in in_new:
        name = question.variable
        spot = replace(here, level=Level.QUESTION, place=name)
        if name not in was:
            yield _come_or_gone(None, question, spot)
            continue
        if name not in at_home or (was[name][1], now[name][1]) not in stayed:
            yield spot.difference(Change.MOVED, old=_numbered(was[name]), new=_numbered(now[name]))
        yield from _question(old.listed[name], question, spot)
    for question in in_old:
        if question.variable not in now:
            yield _come_or_gone(question, None, replace(here, level=Level.QUESTION, place=question.variable))


def _places(questionnaire: Questionnaire) -> dict[str, tuple[int, int]]:
    return {
        question.variable: (i, j)
        for i, section in enumerate(questionnaire.sections)
        for j, question in enumerate(section.questions)
    }


def _numbered(place: tuple[int, int]) -> str:
    return f"{place[0] + 1}.{place[1] + 1}"


def _question(old: BaseQuestion, new: BaseQuestion, spot: _Spot) -> Iterator[Difference]:
    if type(old) is not type(new):
        a, b = (getattr(one, "type", "") for one in (old, new))
        yield spot.difference(Change.TYPE_CHANGED, field="type", old=a, new=b)
    yield from _fields(old, new, spot, leave=("type", "variable"))


def _fields(old: BaseModel, new: BaseModel, spot: _Spot, leave: Collection[str] = ()) -> Iterator[Difference]:
    """Each field that both have: texts by language, lists part by part, settings as they are."""
    for name in type(new).model_fields:
        if name in leave or name not in type(old).model_fields:
            continue
        a, b = getattr(old, name), getattr(new, name)
        if isinstance(a, dict) or isinstance(b, dict):
            yield from _text(a or {}, b or {}, spot, name)
        elif _is_parts(a) or _is_parts(b):
            yield from _parts(a, b, spot)
        elif a != b:
            yield spot.difference(Change.SETTING_CHANGED, field=name, old=_plain(a), new=_plain(b))


def _is_parts(value: Any) -> bool:
    return isinstance(value, tuple) and bool(value) and isinstance(value[0], BaseModel)


def _text(old: Mapping[str, str], new: Mapping[str, str], spot: _Spot, name: str) -> Iterator[Difference]:
    kind = Kind.STRUCTURAL if name in NO_TEXTS else Kind.WORDING
    for tag in [tag for tag in {**new, **old} if tag not in spot.skipped]:
        if old.get(tag) != new.get(tag):
            yield spot.difference(
                Change.TEXT_CHANGED, kind, field=name, language=tag, old=old.get(tag), new=new.get(tag)
            )


def _parts(old: Sequence[BaseModel], new: Sequence[BaseModel], spot: _Spot) -> Iterator[Difference]:
    """Parts in a list: come, gone, moved, under another code, or changed in themselves."""
    if isinstance((*old, *new)[0], Check):
        yield from _checks(old, new, spot)
        return
    level, key = LISTS[type((*old, *new)[0])]
    words = partial(_words, spot.skipped, key)
    pairs = pair_parts(old, new, [key] if level in NAMED else [lambda part: (key(part), words(part)), words, key])
    stayed = unmoved(pairs)
    for a, b in pairs:
        before, after = old[a] if a is not None else None, new[b] if b is not None else None
        here = spot.within(level, key(after if after is not None else before))
        if before is None or after is None:
            yield _come_or_gone(before, after, here)
            continue
        if key(before) != key(after):
            yield here.difference(Change.CODE_CHANGED, field="code", old=key(before), new=key(after))
        if (a, b) not in stayed:
            yield here.difference(Change.MOVED, old=str(a + 1), new=str(b + 1))  # type: ignore[operator]
        yield from _fields(before, after, here, leave=("variable", "code", "kind"))


def _words(skipped: Collection[str], key: Callable[[Any], Hashable], part: Any) -> Hashable:
    """The words in the languages of both versions; where there are none, the key itself."""
    return tuple(sorted((tag, words) for tag, words in part.text.items() if tag not in skipped)) or key(part)


def _checks(old: Sequence[Any], new: Sequence[Any], spot: _Spot) -> Iterator[Difference]:
    """Checks have no name: they are compared in order."""
    for place in range(max(len(old), len(new))):
        before, after = (one[place] if place < len(one) else None for one in (old, new))
        here = spot.within(Level.CHECK, place + 1)
        if before is None or after is None:
            yield _come_or_gone(before, after, here)
        else:
            yield from _fields(before, after, here)


def _come_or_gone(old: Any, new: Any, spot: _Spot) -> Difference:
    if old is None:
        return spot.difference(Change.ADDED, new=_texts(new))
    return spot.difference(Change.REMOVED, old=_texts(old))


def _texts(part: Any) -> dict[str, str] | None:
    found: Mapping[str, str] | None = part.title if isinstance(part, Section) else part.text
    return None if found is None else dict(found)


def _marked(found: list[Difference]) -> list[Difference]:
    """Words that now stand where others stood, and left their own place, are no text fix."""
    left: dict[Hashable, set[int]] = {}
    for index, one in enumerate(found):
        for tag, words in _gone_words(one):
            left.setdefault((_family(one), tag, words), set()).add(index)
    return [
        replace(one, kind=Kind.STRUCTURAL)
        if one.change is Change.TEXT_CHANGED
        and one.field in OWN_TEXTS
        and left.get((_family(one), one.language, one.new), set()) - {index}
        else one
        for index, one in enumerate(found)
    ]


def _gone_words(one: Difference) -> Iterator[tuple[str, str]]:
    if one.change is Change.TEXT_CHANGED and one.field in OWN_TEXTS and one.old is not None:
        yield one.language, one.old
    elif one.change is Change.REMOVED and isinstance(one.old, dict):
        yield from one.old.items()


def _family(one: Difference) -> Hashable:
    """The parts among which words must not change places: questions and rows of the document, choices of a question."""
    if one.level in (Level.QUESTION, Level.ROW) and one.field in ("text", ""):
        return "questions"
    return one.place, one.level


def _plain(value: Any) -> Any:
    """As JSON has it."""
    if isinstance(value, tuple):
        return [_plain(one) for one in value]
    if isinstance(value, BaseModel):
        return value.model_dump(mode="json")
    return str(value) if isinstance(value, StrEnum) else value
