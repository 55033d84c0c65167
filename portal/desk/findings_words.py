"""The words of each rule of the proof and of the methodology check, in the page's language."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from flask_babel import lazy_gettext as _

from survey.findings import Finding

RULES: dict[str, Any] = {
    # the proof
    "unreachable": _("No answers lead to this question."),
    "contradictory": _("Its condition can never be true: %(condition)s."),
    "always_true": _("Its condition is true for everybody who comes here, so it is no condition: %(condition)s."),
    "end_never": _("The survey can never end here: %(condition)s."),
    "end_always": _("The survey ends here for everybody: %(condition)s."),
    "check_never_fails": _("This check lets every answer pass: %(check)s."),
    "check_always_fails": _("No answer passes this check: %(check)s."),
    "no_way_on": _("It must be answered, and no answer is accepted."),
    "dead_end": _("Whoever comes here cannot go on."),
    "asks_nothing": _("There is a way through on which nothing is judged."),
    "undecided": _("This is too intricate to be proved. Simplify the conditions, or try them out by hand."),
    "empty_pipe": _("It shows the answer to %(variable)s, which may not be there."),
    "use_selected": _("%(variable)s has several answers at once; ask whether one of them is included."),
    "wrong_function": _("%(function)s does not fit the kind of answer of %(variable)s."),
    "impossible_value": _("%(variable)s can never be %(value)s."),
    "empty_text": _("A text in %(language)s holds nothing but blanks."),
    "untranslated": _("This stands untranslated in %(language)s: “%(text)s”."),
    "same_text": _("Two choices have the same words in %(language)s: “%(text)s”."),
    "pipes_differ": _("Not every language shows the same answers: %(variables)s."),
    "heavy_page": _("%(count)s entries make the page heavy for a cheap phone."),
    # the methodology check
    "double_barrelled": _("It may ask two things at once (“%(word)s”). Ask about each by itself."),
    "leading": _("“%(word)s” pushes towards an answer."),
    "double_negative": _("Two negations are hard to answer: “%(word)s”."),
    "absolute": _("“%(word)s” leaves no room for anything in between."),
    "long_text": _("The text is long: %(count)s, where %(most)s are easy to read (%(language)s)."),
    "no_not_applicable": _("Not everybody used “%(word)s”, yet everybody must rate it. Offer “not applicable”."),
    "personal_data": _("It asks for something that names a person (“%(word)s”). Answers would no longer be anonymous."),
    "scale_order": _("The levels do not stand in the order of their meaning."),
    "unbalanced_scale": _("The scale leans to one side: %(good)s good and %(bad)s bad levels."),
    "no_midpoint": _("This scale has no middle, while others here have one."),
    "overlapping_ranges": _("“%(first)s” and “%(second)s” overlap."),
    "gap_in_ranges": _("Between “%(first)s” and “%(second)s” something is left out."),
    "unclear_edge": _("It is not clear to which of “%(first)s” and “%(second)s” the border belongs."),
    "shuffled_order": _("Ordered choices are shuffled."),
    "long_matrix": _("A table of %(rows)s rows and %(columns)s columns is hard to fill in on a phone."),
    "long_list": _("%(count)s choices are hard to read through. Offer a drop-down with search."),
    "direction_changed": _("The scale runs the other way than in the version before."),
    "recoded": _("Code %(code)s meant “%(was)s” in the version before and now means “%(now)s”."),
    "open_required": _("Demanding words drives people away. Let it be skipped."),
    "all_required": _("Every question must be answered. People who cannot answer one give up, or invent."),
    "demographics_first": _("It begins with questions about the person. Ask them at the end."),
    "too_long": _("It takes about %(minutes)s minutes (%(language)s); beyond %(most)s many give up."),
}


def said(finding: Finding) -> str:
    """What was found, as a sentence."""
    sentence = RULES.get(finding.rule)
    if sentence is None:
        return finding.rule
    return str(sentence) % defaultdict(str, finding.details)
