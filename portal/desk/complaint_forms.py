"""Forms of the cases at the desk."""

from __future__ import annotations

from flask_babel import lazy_gettext as _
from wtforms import HiddenField, RadioField, SelectField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, InputRequired, Length

from portal.complaints.forms import LONGEST_TEXT, offer, one_line, tidy
from portal.complaints.words import OUTCOMES, REFUSALS

from .forms import DeskForm

_words = DataRequired(_("Fill this in."))
_choice = InputRequired(_("Choose one."))
_length = Length(max=LONGEST_TEXT, message=_("At most 5,000 characters."))


class AnswerForm(DeskForm):
    outcome = RadioField(
        _("What was found"), [_choice], choices=offer(OUTCOMES), invalid_choice_message=_("Choose one.")
    )
    text = TextAreaField(
        _("Answer"),
        [_words, _length],
        filters=[tidy],
        description=_("The sender reads it as you write it: what was found, what was done, what follows."),
    )


class RefusalForm(DeskForm):
    refusal = SelectField(_("Reason"), [_choice], choices=[SelectChoice("", _("Please choose")), *offer(REFUSALS)])
    text = TextAreaField(
        _("Explanation"), [_words, _length], filters=[tidy], description=_("Say why, and where the sender can turn.")
    )


class NoteForm(DeskForm):
    text = TextAreaField(_("Note"), [_words, _length], filters=[tidy])


class PublishForm(DeskForm):
    subject = TextAreaField(
        _("Subject as published"),
        [_words, Length(max=200, message=_("At most 200 characters."))],
        filters=[one_line],
        description=_("Take out names and whatever lets somebody guess who wrote it."),
    )
    answer = TextAreaField(_("Answer as published"), [_length], filters=[tidy])


class ConflictForm(DeskForm):
    keep = HiddenField(filters=[tidy])  # yes: keep it from the unit; no: give it back
