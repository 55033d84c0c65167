"""The mapping from the version before, as a form to review: one relation a variable, recodings as "1=2, 3=-"."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import date

from sqlalchemy import Connection

from survey.mapping import MappingError, Relation, VariableMapping, check_mapping
from survey.recoding import Recoding
from survey.versions import store_mapping, store_text_fix

from .judging import Judgement

DECIDED = (Relation.SAME, Relation.REWORDED, Relation.RECODED, Relation.BROKEN)
GONE = "-"
TEXT_FIX = "text_fix"
_PAIR = re.compile(r"\s*([A-Za-z0-9._-]+)\s*(?:=|→|->)\s*([A-Za-z0-9._-]+)\s*")


def recoding_text(recoding: Recoding | None) -> str:
    """A recoding as people type it: "1=5, 2=4, 9=-"."""
    return ", ".join(f"{old}={GONE if new is None else new}" for old, new in recoding or ())


def decision(found: Judgement, form: Mapping[str, str]) -> str:
    """What the reviewer decided, as the draft keeps it until publication; raises MappingError as `reviewed` does."""
    if form.get(TEXT_FIX) and found.is_text_fix:
        return TEXT_FIX
    return as_text(reviewed(found, form))


def store(connection: Connection, old_id: str, new_id: str, kept: str, *, by: str, on: date) -> None:
    """Keep for good what `decision` told."""
    if kept == TEXT_FIX:
        store_text_fix(connection, old_id, new_id, by=by, on=on)
    else:
        store_mapping(connection, old_id, new_id, from_text(kept), by=by, on=on)


def reviewed(found: Judgement, form: Mapping[str, str]) -> list[VariableMapping]:
    """The mapping as the form says it; raises MappingError where a relation contradicts the codes."""
    if found.previous is None or found.questionnaire is None:
        return []
    decided = [_decided(one, form) for one in found.mapping]
    check_mapping(found.previous, found.questionnaire, decided)
    return decided


def _decided(proposal: VariableMapping, form: Mapping[str, str]) -> VariableMapping:
    relation = form.get(f"relation:{proposal.variable}", "")
    if proposal.relation not in DECIDED or relation not in DECIDED:
        return replace(proposal, reasons=())
    text = form.get(f"recoding:{proposal.variable}", "")
    recoding = parse_recoding(proposal.variable, text) if relation == Relation.RECODED else None
    return VariableMapping(proposal.variable, Relation(relation), recoding)


def parse_recoding(variable: str, text: str) -> Recoding:
    """Pairs of old and new codes; raises MappingError for what is none."""
    pairs = []
    for part in re.split(r"[,，;；\n]", text):
        found = _PAIR.fullmatch(part)
        if found is None and part.strip():
            raise MappingError(f"{variable}: this is no pair of codes.", got=part.strip(), expected="1=2, 3=-")
        if found is not None:
            pairs.append((_code(found[1]), None if found[2] == GONE else _code(found[2])))
    return tuple(pairs)


def _code(text: str) -> int | str:
    return int(text) if text.isascii() and text.isdigit() else text


def as_text(mapping: list[VariableMapping]) -> str:
    """A reviewed mapping as the draft keeps it until it is published."""
    return json.dumps([[one.variable, one.relation, one.recoding] for one in mapping])


def from_text(text: str) -> list[VariableMapping]:
    """The mapping that `as_text` wrote."""
    return [
        VariableMapping(name, Relation(relation), recoding and tuple((old, new) for old, new in recoding))
        for name, relation, recoding in json.loads(text)
    ]
