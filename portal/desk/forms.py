"""Forms of the desk. Every form carries the session's token against forgery, buttons alone too."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import request
from flask_babel import gettext
from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from flask_wtf.file import FileField
from wtforms import (
    BooleanField,
    DateField,
    EmailField,
    PasswordField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, Email, InputRequired, Length, Regexp
from wtforms.validators import ValidationError as Fault
from wtforms.widgets import CheckboxInput, ListWidget

from portal.access import Role
from survey.units import UnitKind

from .words import channel_words, kind_words, role_words

CHANNELS = ("window", "hall", "online", "phone")
TITLES = {"zh-Hans": "title_zh", "en": "title_en"}
_required = DataRequired(_("Fill this in."))
_date = InputRequired(_("Give a date."))
_slug = Regexp(r"^[a-z0-9][a-z0-9-]*$", message=_("Use small letters a to z, digits and hyphens only."))
_short = Length(max=64, message=_("At most 64 characters."))
_text = Length(max=2000, message=_("At most 2000 characters."))
_name = Length(max=100, message=_("At most 100 characters."))
_long = Length(max=200, message=_("At most 200 characters."))


def stripped(value: str | None) -> str | None:
    return value.strip() if value else value


class DeskForm(FlaskForm):
    """A form with at least the session's token."""

    def sent(self) -> bool:
        """Whether it came by POST and holds; the place of every fault is then in `errors`."""
        return request.method == "POST" and bool(self.validate())


class Several(SelectMultipleField):
    """Any number of choices, shown as boxes to tick."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()


class _Titled(DeskForm):
    title_zh = StringField(_("Name in Chinese"), [_long], filters=[stripped])
    title_en = StringField(_("Name in English"), [_long], filters=[stripped])

    def validate_title_zh(self, field: Any) -> None:
        if not field.data and not self.title_en.data:
            raise Fault(gettext("Give the name in at least one language."))

    def titles(self, before: Mapping[str, str] | None = None) -> dict[str, str]:
        """The names as they are stored; languages this form does not show are kept."""
        kept = {tag: text for tag, text in (before or {}).items() if tag not in TITLES}
        given = {tag: str(self[name].data) for tag, name in TITLES.items() if self[name].data}
        return {**given, **kept}

    def show(self, titles: Mapping[str, str]) -> None:
        for tag, name in TITLES.items():
            self[name].data = titles.get(tag, "")


class UnitEdit(_Titled):
    peer_group = StringField(
        _("Peer group"), [_short], filters=[stripped], description=_("Units of one group are compared with each other.")
    )


class UnitNew(UnitEdit):
    unit_id = StringField(
        _("Short name"),
        [_required, _short, _slug],
        filters=[stripped],
        description=_("Stands in addresses and files, never changes."),
    )
    parent_id = SelectField(_("Belongs to"))
    kind = SelectField(_("Kind"), choices=[SelectChoice(one.value, kind_words(one)) for one in UnitKind])
    valid_from = DateField(_("First day"), [_date])


class UnitEnd(DeskForm):
    on = DateField(_("First day without this unit"), [_date])
    successors = Several(_("Who takes over"), description=_("Tick none when nobody does."))
    revoke = BooleanField(_("Withdraw its codes from that day on"), default=True)


class PointNew(_Titled):
    channel = SelectField(_("Channel"), choices=[SelectChoice(name, channel_words(name)) for name in CHANNELS])


class WaveClone(_Titled):
    wave_id = StringField(_("Short name"), [_required, _short, _slug], filters=[stripped])
    opens_on = DateField(_("First day"), [_date])
    closes_on = DateField(_("Last day"), [_date])
    questionnaire_id = SelectField(_("Version of the questionnaire"))
    unit_ids = Several(_("Units whose points take part"))

    def validate_closes_on(self, field: Any) -> None:
        if self.opens_on.data and field.data and field.data < self.opens_on.data:
            raise Fault(gettext("The last day is before the first."))


class MarginsForm(DeskForm):
    rows = TextAreaField(_("Rows"), [Length(max=200_000, message=_("Too long: split the wave."))])
    file = FileField(_("Or a CSV file"))


class ProposeForm(DeskForm):
    name = StringField(
        _("Short name"),
        [_required, _short, _slug],
        filters=[stripped],
        description=_("Stands in the public address. A name used before makes a new version."),
    )
    title_zh = StringField(_("Title in Chinese"), [_long], filters=[stripped])
    title_en = StringField(_("Title in English"), [_long], filters=[stripped])
    reason = TextAreaField(
        _("Reason"),
        [_text],
        filters=[stripped],
        description=_("What this release is; for a new version, what was corrected and why."),
    )

    def validate_title_zh(self, field: Any) -> None:
        if not field.data and not self.title_en.data:
            raise Fault(gettext("Give the title in at least one language."))


class RefuseForm(DeskForm):
    reason = TextAreaField(_("Reason for refusing"), [_required, _text])


class StaffNew(DeskForm):
    name = StringField(_("Name"), [_required, _name], filters=[stripped])
    email = EmailField(_("E-mail"), [_required, Email(_("This is not an e-mail address.")), _long], filters=[stripped])
    role = SelectField(_("Role"), choices=[SelectChoice(one.value, role_words(one)) for one in Role])
    unit_id = SelectField(_("Unit"), description=_("For officers: they act for this unit and those below it."))
    password = PasswordField(
        _("First password"),
        [_required, Length(min=12, max=200, message=_("At least 12 characters."))],
        description=_("Hand it over in person. At least 12 characters."),
    )

    def validate_unit_id(self, field: Any) -> None:
        if (self.role.data == Role.OFFICER) != bool(field.data):
            raise Fault(gettext("An officer needs a unit, and nobody else has one."))
