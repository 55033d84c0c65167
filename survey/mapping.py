"""What became of each variable from one version of a questionnaire to the next: a proposal, and what it may be.

The proposal rests on words and codes and says why. Where it doubts, it says that values cannot be compared: a person
who knows better can decide otherwise, but not that unlike codes are the same.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from .differences import Change, Level, compare
from .errors import SurveyError
from .labels import answer_codes
from .parts import BaseQuestion, ChosenQuestion
from .questionnaire import Questionnaire
from .questions import RankingQuestion
from .recoding import Recoding, Why, propose_recoding
from .universe import Universe, universes


class MappingError(SurveyError):
    """A mapping between two versions that cannot be true."""


class Relation(StrEnum):
    """What became of a variable."""

    SAME = "same"
    REWORDED = "reworded"
    RECODED = "recoded"
    BROKEN = "broken"
    NEW = "new"
    DROPPED = "dropped"


COMPARABLE = frozenset({Relation.SAME, Relation.REWORDED, Relation.RECODED})


@dataclass(frozen=True)
class VariableMapping:
    """One variable between two versions.

    Attributes
    ----------
    recoding : tuple of pairs, or None
        (old code, new code) for each old code that is an answer, None where it has no counterpart; only of `recoded`.
    reasons : tuple of Why
        What the proposal rests on; empty of what was stored.
    reviewed_by, reviewed_on
        Who decided and when; None in a proposal.
    """

    variable: str
    relation: Relation
    recoding: Recoding | None = None
    reasons: tuple[Why, ...] = ()
    reviewed_by: str | None = None
    reviewed_on: date | None = None


def propose_mapping(old: Questionnaire, new: Questionnaire) -> list[VariableMapping]:
    """A proposal for each variable, in the order of the new version, what was dropped at the end."""
    found: dict[str, VariableMapping] = {}
    asked = universes(old), universes(new)
    strayed = set(_strayed(old, new))
    for question in new.leaves:
        name = question.variable
        if name not in old.by_variable:
            found[name] = VariableMapping(name, Relation.NEW)
        elif name in strayed:
            found[name] = VariableMapping(name, Relation.BROKEN, reasons=(Why.TEXT_MOVED,))
        else:
            one = _propose(old.by_variable[name], question)
            found[name] = _with_universe(one, asked[0][name], asked[1][name], found)
    gone = (name for name in old.by_variable if name not in found)
    return [*found.values(), *(VariableMapping(name, Relation.DROPPED) for name in gone)]


def _strayed(old: Questionnaire, new: Questionnaire) -> Iterator[str]:
    """The variables that now carry the words of another one."""
    for one in compare(old, new):
        if one.change is Change.TEXT_CHANGED and one.field == "text" and not one.is_wording:
            if one.level is Level.ROW:
                yield one.part
            elif one.level is Level.QUESTION:
                yield from (leaf.variable for leaf in new.listed[one.place].leaves())


def _propose(old: BaseQuestion, new: BaseQuestion) -> VariableMapping:
    name = new.variable
    if not set(old.text) & set(new.text):
        return VariableMapping(name, Relation.BROKEN, reasons=(Why.NO_SHARED_LANGUAGE,))
    if _family(old) != _family(new):
        return VariableMapping(name, Relation.BROKEN, reasons=(Why.TYPE,))
    if _measure(old) != _measure(new) or _has_other_unit(old, new):
        return VariableMapping(name, Relation.BROKEN, reasons=(Why.MEASURE,))
    guess = propose_recoding(old, new)
    reworded = _reworded(old, new)
    if guess.is_broken:
        return VariableMapping(name, Relation.BROKEN, reasons=(*guess.reasons, *reworded))
    if guess.recoding is not None:
        return VariableMapping(name, Relation.RECODED, guess.recoding, (*guess.reasons, *reworded))
    told = (*reworded, *guess.reasons)
    relation = Relation.REWORDED if told else Relation.SAME
    return VariableMapping(name, relation, reasons=(*told, *_settings(old, new)))


def _family(question: BaseQuestion) -> str:
    """Types whose answers are of one kind; a five-level question is one of single choice."""
    kind: str = getattr(question, "type", "")
    return "single" if kind == "five_level" else kind


def _measure(question: BaseQuestion) -> list[object]:
    """What limits or measures an answer."""
    return [getattr(question, name, None) for name in ("precision", "at_most", "at_least", "format")]


def _has_other_unit(old: BaseQuestion, new: BaseQuestion) -> bool:
    """Other words for a unit are another unit."""
    a, b = (getattr(one, "unit", None) or {} for one in (old, new))
    return bool(a) != bool(b) or any(a[tag] != b[tag] for tag in a if tag in b)


def _reworded(old: BaseQuestion, new: BaseQuestion) -> list[Why]:
    shared = set(old.text) & set(new.text)
    texts = [
        ({tag: one.text[tag] for tag in shared}, {t: w for t, w in (one.hint or {}).items() if t in shared})
        for one in (old, new)
    ]
    found = [Why.TEXT] if texts[0] != texts[1] else []
    if _missing_kinds(old) != _missing_kinds(new):
        found.append(Why.MISSING_OPTIONS)
    return found


def _missing_kinds(question: BaseQuestion) -> set[str]:
    offered = {choice.missing for choice in getattr(question, "choices", ()) if choice.missing}
    return offered | {option.kind for option in question.missing_options()}


def _settings(old: BaseQuestion, new: BaseQuestion) -> list[Why]:
    names = ("required", "checks", "shuffled", "decimals", "minimum", "maximum", "earliest", "latest", "role", "best")
    differ = any(getattr(old, name, None) != getattr(new, name, None) for name in names)
    orders = [list(answer_codes(one)) for one in (old, new)]
    tags = [one.reason_texts() if isinstance(one, ChosenQuestion) else {} for one in (old, new)]
    return [Why.SETTINGS] if differ or orders[0] != orders[1] or tags[0] != tags[1] else []


def _with_universe(
    one: VariableMapping, old: Universe, new: Universe, earlier: Mapping[str, VariableMapping]
) -> VariableMapping:
    """Broken where others are asked: other conditions, or the same ones on variables that no longer mean the same."""
    changed = (name for name in new.reads() if earlier[name].relation not in (Relation.SAME, Relation.REWORDED))
    if old == new and not any(changed):
        return one
    return replace(one, relation=Relation.BROKEN, recoding=None, reasons=(*one.reasons, Why.UNIVERSE))


def check_mapping(old: Questionnaire, new: Questionnaire, mappings: Sequence[VariableMapping]) -> None:
    """Raise MappingError naming the first variable that lacks a decision or has an impossible one."""
    given = [one.variable for one in mappings]
    wanted = {*old.by_variable, *new.by_variable}
    twice = {name for name in given if given.count(name) > 1}
    for fault, names in (("twice", twice), ("unknown", set(given) - wanted), ("missing", wanted - set(given))):
        if names:
            raise MappingError(
                "Each variable of the two versions needs one decision.", got=f"{fault}: {', '.join(sorted(names))}"
            )
    for one in mappings:
        _check(one, old.by_variable.get(one.variable), new.by_variable.get(one.variable))


def _check(one: VariableMapping, old: BaseQuestion | None, new: BaseQuestion | None) -> None:
    if old is None or new is None:
        only = Relation.NEW if old is None else Relation.DROPPED
        if one.relation is not only:
            raise _refusal(one, f"{only}, since only one of the versions has it")
    elif one.relation in (Relation.NEW, Relation.DROPPED):
        raise _refusal(one, "another relation, since both versions have it")
    if (one.recoding is not None) != (one.relation is Relation.RECODED):
        raise _refusal(one, "a recoding for what is recoded, and for nothing else")
    if old is None or new is None or one.relation not in COMPARABLE:
        return
    if _family(old) != _family(new):
        raise _refusal(one, "broken, since the types of question differ")
    if one.recoding is not None:
        _check_recoding(one, one.recoding, old, new)
    elif set(answer_codes(old)) != set(answer_codes(new)):
        raise _refusal(one, "recoded or broken, since the codes differ")
    elif any(a != b for a, b in propose_recoding(old, new).recoding or ()):
        raise _refusal(one, "recoded or broken, since the same words stand under other codes")


def _check_recoding(one: VariableMapping, recoding: Recoding, old: BaseQuestion, new: BaseQuestion) -> None:
    sources, targets = [code for code, _ in recoding], [code for _, code in recoding if code is not None]
    if not answer_codes(old):
        raise _refusal(one, "no recoding, since its answers are no codes")
    if sorted(map(str, sources)) != sorted(map(str, answer_codes(old))) or not set(sources) <= set(answer_codes(old)):
        raise _refusal(one, f"each old code once: {', '.join(map(str, answer_codes(old)))}")
    if not targets or not set(targets) <= set(answer_codes(new)):
        raise _refusal(one, f"new codes among {', '.join(map(str, answer_codes(new)))}")
    if isinstance(new, RankingQuestion) and len(set(targets)) < len(targets):
        raise _refusal(one, "no two choices of a ranking made one")


def _refusal(one: VariableMapping, expected: str) -> MappingError:
    return MappingError(f"{one.variable} cannot be mapped like this.", got=str(one.relation), expected=expected)
