"""The citizen's forms. They carry a signed token and need no cookie."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import unquote_to_bytes

from flask import request
from flask_babel import gettext
from flask_babel import lazy_gettext as _
from wtforms import BooleanField, Form, HiddenField, RadioField, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length
from wtforms.validators import ValidationError as Fault

from .cases import Contact
from .filing import Filing
from .states import Kind, Verdict
from .words import KINDS, VERDICTS

LONGEST_TEXT = 5000
_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_short = Length(max=100, message=_("At most 100 characters."))


def tidy(value: str | None) -> str:
    """The text as it is kept: line ends unified, invisible control characters gone, no blank edges."""
    return _CONTROLS.sub("", (value or "").replace("\r\n", "\n").replace("\r", "\n")).strip()


def one_line(value: str | None) -> str:
    return " ".join(tidy(value).split())


def arrived_whole() -> bool:
    """Whether the sent bytes are UTF-8 throughout; the parser of forms leaves others as %XX without a word."""
    if request.mimetype != "application/x-www-form-urlencoded":
        return True
    try:
        unquote_to_bytes(request.get_data()).decode()
    except UnicodeDecodeError:
        return False
    return True


def readable(_form: Any, field: Any) -> None:
    """Broken bytes arrive as U+FFFD or %XX: the text is not what was typed, so it is not taken."""
    if "\ufffd" in (field.data or "") or ("%" in (field.data or "") and not arrived_whole()):
        raise Fault(gettext("Some characters arrived broken (�). Please type them again."))


def offer(words: Mapping[str, Any]) -> list[SelectChoice]:
    """The codes of a vocabulary with their words, to choose from."""
    return [SelectChoice(str(code), said) for code, said in words.items()]


def _given(message: Any) -> Any:
    def check(_form: Any, field: Any) -> None:
        if not field.data:
            raise Fault(message)

    return check


class FilingForm(Form):
    """A new case."""

    token = HiddenField()
    website = StringField(_("Leave this field empty"))  # people do not see it, programs fill it in
    unit_id = SelectField(_("Which office is it about?"), invalid_choice_message=_("Choose an office."))
    kind = RadioField(
        _("What is it?"),
        [InputRequired(_("Choose what it is."))],
        choices=offer(KINDS),
        invalid_choice_message=_("Choose what it is."),
    )
    subject = StringField(
        _("In a few words"),
        [
            _given(_("Say in a few words what it is about.")),
            readable,
            Length(max=120, message=_("At most 120 characters.")),
        ],
        filters=[one_line],
    )
    body = TextAreaField(
        _("What happened?"),
        [
            _given(_("Tell what happened.")),
            readable,
            Length(max=LONGEST_TEXT, message=_("At most 5,000 characters. Send the rest as a message afterwards.")),
        ],
        filters=[tidy],
        description=_("When, where, and what should be done. Leave out what others need not know."),
    )
    name = StringField(_("Name"), [readable, _short], filters=[one_line], render_kw={"autocomplete": "name"})
    phone = StringField(
        _("Telephone"), [readable, _short], filters=[one_line], render_kw={"autocomplete": "tel", "inputmode": "tel"}
    )
    email = StringField(
        _("E-mail"), [readable, _short], filters=[one_line], render_kw={"autocomplete": "email", "inputmode": "email"}
    )
    is_conflicted = BooleanField(_("It is about the people who would answer it: keep it from this office"))
    may_publish = BooleanField(_("The subject and the answer may be published, without my name"))

    def validate_unit_id(self, field: Any) -> None:
        if not field.data:
            raise Fault(gettext("Choose an office."))

    def validate_email(self, field: Any) -> None:
        if field.data and not re.fullmatch(r"[^@\s]+@[^@\s]+", field.data):
            raise Fault(gettext("This is not an e-mail address. You may leave it empty."))

    def validate_website(self, field: Any) -> None:
        if field.data:
            field.data = ""
            raise Fault(gettext("A hidden field was filled in. It is empty again: please send the form once more."))

    def filing(self, language: str) -> Filing:
        return Filing(
            unit_id=self.unit_id.data,
            kind=Kind(self.kind.data),
            subject=self.subject.data,
            body=self.body.data,
            language=language,
            contact=Contact(self.name.data, self.phone.data, self.email.data),
            may_publish=self.may_publish.data,
            is_conflicted=self.is_conflicted.data,
        )


class FollowForm(Form):
    """What carries every form on a case's page: the code again, and a token."""

    code = HiddenField()
    token = HiddenField()


class VerdictForm(FollowForm):
    verdict = RadioField(
        _("Are you satisfied with the answer?"),
        [InputRequired(_("Choose one of the three."))],
        choices=offer(VERDICTS),
        invalid_choice_message=_("Choose one of the three."),
    )
    reason = TextAreaField(
        _("Why?"),
        [readable, Length(max=LONGEST_TEXT, message=_("At most 5,000 characters."))],
        filters=[tidy],
        description=_("Needed when you are dissatisfied: what is still wrong?"),
    )

    def validate_reason(self, field: Any) -> None:
        if self.verdict.data == Verdict.DISSATISFIED and not field.data:
            raise Fault(gettext("Say what is still wrong, so that the office can put it right."))


class MessageForm(FollowForm):
    text = TextAreaField(
        _("Message"),
        [
            _given(_("Write the message.")),
            readable,
            Length(max=LONGEST_TEXT, message=_("At most 5,000 characters. Send the rest as another message.")),
        ],
        filters=[tidy],
    )
