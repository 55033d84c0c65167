"""What changed between two versions, and why a mapping is proposed, in the page's language."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _

from portal.language import said
from survey.differences import Difference

_LEVELS = {
    "document": _("questionnaire"),
    "language": _("language"),
    "section": _("section"),
    "question": _("question"),
    "row": _("row"),
    "choice": _("choice"),
    "reason": _("reason"),
    "label": _("point of the scale"),
    "place": _("place"),
    "option": _("way not to answer"),
    "check": _("check"),
}
_CHANGES = {
    "added": _("added"),
    "removed": _("removed"),
    "moved": _("moved"),
    "text_changed": _("words changed"),
    "type_changed": _("type changed"),
    "code_changed": _("code changed"),
    "setting_changed": _("setting changed"),
}
_WHY = {
    "type": _("another type of question"),
    "text": _("the question is worded differently"),
    "text_moved": _("it carries the words of another question"),
    "choice_texts": _("choices are worded differently"),
    "no_shared_language": _("no language in common"),
    "codes": _("the same words under other codes"),
    "reversed": _("the scale runs the other way"),
    "choices_added": _("choices were added"),
    "choices_removed": _("choices were removed"),
    "number_of_levels": _("another number of levels"),
    "nothing_in_common": _("no code or word connects them"),
    "universe": _("others are asked"),
    "missing_options": _("other ways not to answer are offered"),
    "measure": _("another unit, precision or limit"),
    "settings": _("other settings; values mean the same"),
}
_RELATIONS = {
    "same": _("the same"),
    "reworded": _("reworded, comparable"),
    "recoded": _("recoded, comparable"),
    "broken": _("not comparable"),
    "new": _("new"),
    "dropped": _("dropped"),
}


def why_words(reason: str) -> Any:
    return _WHY.get(reason, reason)


def relation_words(relation: str) -> Any:
    return _RELATIONS.get(relation, relation)


def difference_words(one: Difference) -> str:
    """One change as a sentence without its values: "choice 3: words changed (en)"."""
    level = _LEVELS.get(one.level, one.level)
    part = f"{level} {one.part}".strip() if one.part else str(level)
    change = _CHANGES.get(one.change, one.change)
    more = ", ".join(word for word in (one.field if one.change == "setting_changed" else "", one.language) if word)
    if more:
        return str(gettext("%(part)s: %(change)s (%(more)s)", part=part, change=change, more=more))
    return str(gettext("%(part)s: %(change)s", part=part, change=change))


def by_place(differences: Sequence[Difference]) -> list[tuple[str, list[Difference]]]:
    """Differences by the part of the document where they stand, in its order."""
    return [(place, list(group)) for place, group in groupby(differences, key=lambda one: one.place)]


def value_words(value: Any) -> str:
    """A value of a document as people read it: a text by its words, anything else as it stands."""
    if value is None:
        return "—"
    if isinstance(value, dict) and all(isinstance(one, str) for one in value.values()):
        return said(value) if value else "—"
    if isinstance(value, bool):
        return str(gettext("yes") if value else gettext("no"))
    return str(value)
