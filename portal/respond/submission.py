"""Taking a sent form: replay the path, then cast; whatever is wrong, nothing typed is lost."""

from __future__ import annotations

from typing import Any

from flask import current_app, make_response, render_template
from flask_babel import gettext

from portal.db import Installation, installation
from survey.answers import field_names, replay, unseen
from survey.commitment import codes_for
from survey.errors import AnswersChangedError, EditCodeError, InvitationSpentError, TokenError, WaveNotOpenError
from survey.intake import Cast, Prepared, cast, correct, find_recorded, invitation_hash, prepare, response_document
from survey.order import arranged
from survey.points import code_for
from survey.reading import Form
from survey.tokens import Token, form_key_in, read
from survey.walk import Walk

from .pages import Pages, again, fresh_token, no_such_edit_code, order_shown
from .places import Asked
from .telling import language_of

MOST_VALUES = 2000  # of one field, each once; no questionnaire has more choices or questions
CARRIED = ("edit", "once", "earlier", "decision")  # fields that say what the answer is for


def take(asked: Asked, form: Form, *, is_readable: bool) -> Any:
    """One submission, to its receipt or back to its page."""
    place = installation()
    order = order_shown(asked, _first(form, "token"))
    questionnaire = arranged(asked.questionnaire, order)
    walk = replay(questionnaire, form, today=place.today())
    hidden = {name: _first(form, name) for name in CARRIED if _first(form, name)}
    try:
        token = read(place.keys, _first(form, "token"), asked.subject, place.now())
    except TokenError:
        form = {**form, "token": [fresh_token(asked, like=_first(form, "token"))]}
        notice = gettext("This page had been open too long to be sent. Nothing is lost: please send it again.")
        return again(asked, form, walk, notice=notice, hidden=hidden, status=400)
    if not is_readable:
        notice = gettext("Some characters arrived broken. Please look through, type them again and send.")
        return again(asked, form, walk, notice=notice, hidden=hidden)
    if walk.has_declined:
        return render_template("respond/declined.html")
    if walk.faults or not walk.answers | walk.texts | walk.missing:
        return again(asked, form, walk, hidden=hidden)
    further = unseen(questionnaire, walk, form)
    if further:
        notice = gettext("Not sent yet: your answers lead to a further question. Please look through and send again.")
        return again(asked, form, walk, notice=notice, further=further, hidden=hidden, status=200)
    if walk.doubts:
        return again(asked, form, walk, hidden=hidden, status=200)
    return _record(place, asked, form, walk, token, hidden)


def _record(place: Installation, asked: Asked, form: Form, walk: Walk, token: Token, hidden: dict[str, str]) -> Any:
    document = response_document(
        asked.wave,
        asked.place,
        walk,
        language=language_of(asked.questionnaire),
        mode="web",
        day=place.today(),
        order=order_shown(asked, _first(form, "token")),
    )
    prepared = prepare(
        place.keys,
        asked.wave,
        document,
        form_key=token.form_key,
        day=place.today(),
        citizen_part=_first(form, "own")[:100],
    )
    try:
        done = _cast(place, asked, form, prepared, hidden)
    except WaveNotOpenError:
        done = _recorded_before(place, prepared)
    except AnswersChangedError:
        return _ask_change_or_new(asked, form)
    except InvitationSpentError:
        return make_response(render_template("respond/spent.html"), 409)
    except EditCodeError:
        return no_such_edit_code()
    pages: Pages = current_app.extensions["minyi_pages"]
    return pages.receipt(done, asked.questionnaire, has_mark=bool(_first(form, "own")))


def _recorded_before(place: Installation, prepared: Prepared) -> Cast:
    """The receipt once more, for an answer that was recorded before its wave closed; else the wave is over."""
    with place.database.read() as connection:
        done = find_recorded(connection, prepared)
    if done is None:
        raise WaveNotOpenError("This survey is over.", got="late")
    return done


def _cast(place: Installation, asked: Asked, form: Form, prepared: Prepared, hidden: dict[str, str]) -> Cast:
    asked.wave.check_open(place.now())
    edit = hidden.get("edit", "")
    if _first(form, "decision") == "change":
        edit = codes_for(place.keys, form_key_in(_first(form, "earlier"))).edit  # no less secret, never too old
    with place.database.write() as connection:
        if edit:
            return correct(connection, place.keys, prepared, edit)
        once = hidden.get("once", "")
        code = invitation_hash(place.keys, asked.wave.id, once) if once else None
        return cast(connection, prepared, invitation_code=code)


def _ask_change_or_new(asked: Asked, form: Form) -> Any:
    """The same form came with other answers: the person says whether that is a change or another visit."""
    own = [*field_names(asked.questionnaire), "seen", "sure", "own", "once", "edit"]
    kept = [(name, value) for name in own for value in list(dict.fromkeys(form.get(name, ())))[-MOST_VALUES:]]
    token = _first(form, "token")
    codes = {"token": fresh_token(asked, like=token), "earlier": token}
    code = code_for(installation().keys, asked.place.point_key or "")
    return make_response(render_template("respond/changed.html", code=code, kept=kept, **codes), 409)


def _first(form: Form, name: str) -> str:
    values = form.get(name, ())
    return values[0] if values else ""
