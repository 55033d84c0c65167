"""Forms made for a draft: which fields they have follows from its languages and from the type of question."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from flask import request
from flask_babel import gettext
from werkzeug.datastructures import MultiDict
from wtforms import BooleanField, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Length

from ..forms import DeskForm
from .language_names import direction, short_name

LONGEST_TEXT = 4000
Fields = dict[str, Any]


def form_of(fields: Fields, values: Mapping[str, str]) -> DeskForm:
    """A form with these fields, filled with what was sent, or else with what there is."""
    made = type("MadeForm", (DeskForm,), dict(fields))
    if request.method == "POST":
        token = {"csrf_token": request.form.get("csrf_token", "")}
        form: DeskForm = made(formdata=MultiDict({**values, **token}))
        return form
    form = made(data={name: _as_data(fields[name], value) for name, value in values.items() if name in fields})
    return form


def _as_data(field: Any, value: str) -> Any:
    return bool(value) if field.field_class is BooleanField else value


def sent_values() -> dict[str, str]:
    """What the form sent, as it was typed."""
    return {name: value for name, value in request.form.items() if name not in ("csrf_token", "seen", "do")}


def words(name: str, label: str, tags: Sequence[str], *, lines: int = 1, hint: str = "") -> Fields:
    """A field for the words of one text in each language; the hint stands at the first.

    Without a label they are told apart by their language alone.
    """
    return {
        f"{name}-{tag}": _words_field(
            _label(label, tag, len(tags)),
            tag,
            lines,
            hint if tag == tags[0] else "",
        )
        for tag in tags
    }


def _label(label: str, tag: str, n_languages: int) -> str:
    if not label:
        return short_name(tag) if n_languages > 1 else str(gettext("Words"))
    return str(gettext("%(label)s, %(language)s", label=label, language=short_name(tag))) if n_languages > 1 else label


def _words_field(label: str, tag: str, lines: int, hint: str) -> Any:
    kind = StringField if lines == 1 else TextAreaField
    shown: dict[str, Any] = {"lang": tag, "dir": direction(tag)} | ({} if lines == 1 else {"rows": lines})
    return kind(label, [longest(LONGEST_TEXT)], description=hint, render_kw=shown)


def line(label: str, hint: str = "", most: int = 100, **shown: Any) -> Any:
    """A field of one line for a name, a number or a code."""
    return StringField(label, [longest(most)], description=hint, render_kw={"autocomplete": "off", **shown})


def area(label: str, hint: str = "", most: int = 200_000, **shown: Any) -> Any:
    """A field of several lines."""
    return TextAreaField(label, [longest(most)], description=hint, render_kw=shown)


def tick(label: str, hint: str = "") -> Any:
    return BooleanField(label, description=hint, false_values=(False, "false", ""))


def select(label: str, choices: Sequence[tuple[str, Any]], hint: str = "") -> Any:
    """A field to choose from; what it sends is judged with the whole that it becomes part of."""
    listed = [SelectChoice(value, shown) for value, shown in choices]
    return SelectField(label, choices=listed, description=hint, validate_choice=False)


def longest(most: int) -> Any:
    return Length(max=most, message=gettext("At most %(most)s characters.", most=most))


def add_fault(form: DeskForm, name: str, message: str) -> None:
    """Write a fault beside its field; one whose field the form does not show stands above all."""
    if name in form:
        form[name].errors = [*form[name].errors, message]
    else:
        form.form_errors.append(message)
