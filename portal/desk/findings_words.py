"""Sentences for what the proof and the methodology check found, one for each rule."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from flask_babel import lazy_gettext as _

from survey.findings import Finding

RULES: dict[str, Any] = {
    # routing
    "unreachable": _("No answers lead here."),
    "contradictory": _("The condition %(condition)s can never be true, whatever is answered."),
    "always_true": _("The condition %(condition)s is true for everybody who comes here, so it decides nothing."),
    "check_never_fails": _("The check %(check)s never fails: every answer that the question takes passes it."),
    "check_always_fails": _("No answer passes the check %(check)s."),
    "no_way_on": _("Nobody can go on from here: no answer is taken."),
    "dead_end": _("After certain earlier answers nothing that can be entered here is taken."),
    "end_never": _("The survey never ends here: %(condition)s cannot become true."),
    "end_always": _(
        "The survey ends here for everybody: %(condition)s is always true, and what follows is never asked."
    ),
    "empty_pipe": _("The text shows the answer to %(variable)s, which some people who come here have not given."),
    "asks_nothing": _("On some ways through the survey nothing is asked that will be reported."),
    "undecided": _("This could not be proved or disproved in the time allowed; look at the conditions yourself."),
    # conditions
    "impossible_value": _("%(variable)s is compared with %(value)s, which its answer can never be."),
    "use_selected": _("%(variable)s takes several choices: ask with selected() whether one of them was made."),
    "wrong_function": _("%(function)s does not suit the answer to %(variable)s."),
    # texts
    "empty_text": _("The text is empty (%(language)s)."),
    "untranslated": _("“%(text)s” seems not to be translated (%(language)s)."),
    "pipes_differ": _("The languages of this text show different answers: %(variables)s."),
    "same_text": _("“%(text)s” stands there twice (%(language)s)."),
    "heavy_page": _("%(count)s entries in one list make the page heavy on a phone."),
    # wording
    "double_barrelled": _("Two things may be asked at once, joined by “%(word)s”: ask one question for each."),
    "leading": _("“%(word)s” may lead towards an answer."),
    "double_negative": _("“%(word)s” denies twice: say it the other way round."),
    "absolute": _("“%(word)s” is absolute: hardly anybody can agree with that."),
    "long_text": _("The text is long: %(count)s characters or words, where %(most)s are enough (%(language)s)."),
    "no_not_applicable": _("Not everybody has used “%(word)s”: offer “does not apply”, or ask who has used it first."),
    "personal_data": _("This asks for personal data (“%(word)s”); answers are anonymous, so leave it out if you can."),
    # scales and choices
    "unbalanced_scale": _("The scale is not balanced: %(good)s good answers face %(bad)s bad ones."),
    "no_midpoint": _("The scale has no midpoint, although others in this questionnaire have one."),
    "scale_order": _("The answers do not stand in the order of their meaning."),
    "overlapping_ranges": _("“%(first)s” and “%(second)s” overlap: one value fits both."),
    "gap_in_ranges": _("Between “%(first)s” and “%(second)s” there is a gap: some values fit neither."),
    "unclear_edge": _("It is not clear whether “%(first)s” includes its number, with which “%(second)s” begins."),
    "shuffled_order": _("The answers have an order, so they should not be shuffled."),
    "long_list": _("%(count)s choices in one list are more than people read: group them, or use a drop-down."),
    "long_matrix": _("The matrix is large (%(rows)s rows, %(columns)s columns): split it."),
    "recoded": _("Code %(code)s meant “%(was)s” in the earlier version and now means “%(now)s”."),
    "direction_changed": _("The scale runs the other way than in the earlier version: results cannot be compared."),
    # length and order
    "open_required": _("Words of one's own are demanded here: many people will stop or type anything."),
    "all_required": _("Every question is required: people who cannot answer one will stop."),
    "demographics_first": _("Questions about the person come first: ask them at the end."),
    "too_long": _("The questionnaire takes about %(minutes)s minutes by estimate; beyond %(most)s many people stop."),
}


def said(finding: Finding) -> str:
    """The sentence for one finding, in the page's language; the rule's name where it has none."""
    sentence = RULES.get(finding.rule)
    if sentence is None:
        return finding.rule
    return str(sentence) % defaultdict(str, finding.details)
