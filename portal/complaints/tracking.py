"""Following a case with its code. The code travels in the body of a post, never in an address."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import render_template, request
from flask_babel import gettext
from sqlalchemy import Connection

from portal.access import public
from portal.db import installation
from portal.language import said
from survey.canonical import canonical_json
from survey.codes import grouped, normalise
from survey.errors import TokenError
from survey.tokens import issue, read

from .cases import Case, history, load_calendar
from .clocks import PRESETS, days_over
from .errors import ComplaintUnknownError, StateError
from .filing import logged_as
from .following import add_message, find_by_code, judge, withdraw
from .forms import FollowForm, MessageForm, VerdictForm
from .states import Step, Verdict, is_possible
from .units import title_of
from .views import complaints, local_now

TRACKING = "complaint-track"
Act = Callable[[Connection, Case, bytes], None]


def case_title(case: Case) -> str:
    """The name of the unit the case is about."""
    with installation().database.read() as connection:
        return said(title_of(connection, case.unit_id))


@complaints.get("/complaints/track")
@public
def track() -> str:
    """Whoever has a code; lands on the case."""
    return render_template("complaints/track.html", fault="", number=request.args.get("number", "")[:20])


@complaints.post("/complaints/track")
@public
def show() -> Any:
    """Whoever has a code; the case with its history, and what can be done now."""
    return _case_page()


@complaints.post("/complaints/track/verdict")
@public
def give_verdict() -> Any:
    """Who filed the case and was answered; lands on the case, closed or reopened."""
    request.get_data()
    form, keys = VerdictForm(request.form), installation().keys
    if not form.validate():
        return _case_page(verdict_form=form, status=400)

    def act(connection: Connection, case: Case, form_key: bytes) -> None:
        verdict = Verdict(form.verdict.data)
        judge(connection, keys, case, verdict, form.reason.data, now=local_now(), form_key=form_key)

    return _do(act, gettext("Your verdict is recorded."), verdict_form=form)


@complaints.post("/complaints/track/message")
@public
def send_message() -> Any:
    """Who filed the case; lands on the case with the message in its history."""
    request.get_data()
    form, keys = MessageForm(request.form), installation().keys
    if not form.validate():
        return _case_page(message_form=form, status=400)

    def act(connection: Connection, case: Case, form_key: bytes) -> None:
        add_message(connection, keys, case, form.text.data, now=local_now(), form_key=form_key)

    return _do(act, gettext("Your message is recorded."), message_form=form)


@complaints.post("/complaints/track/withdraw")
@public
def withdraw_case() -> Any:
    """Who filed the case; asks once more, then lands on the case, withdrawn."""
    keys = installation().keys
    if request.form.get("sure") != "yes":
        return _case_page(asks_withdrawal=True)

    def act(connection: Connection, case: Case, form_key: bytes) -> None:
        withdraw(connection, keys, case, now=local_now(), form_key=form_key)

    return _do(act, gettext("The case is withdrawn and your contact details are erased."))


def _do(act: Act, done: str, **forms: FollowForm) -> Any:
    """One step of the citizen's, and the case after it; what cannot be done is said, and the words are kept."""
    place = installation()
    try:
        token = read(place.keys, request.form.get("token", ""), TRACKING, place.now())
        with place.database.write() as connection:
            case = find_by_code(connection, place.keys, _code(), lock=True)
            act(connection, case, token.form_key)
    except ComplaintUnknownError:
        return _no_such_case()
    except TokenError:
        notice = gettext("This page had been open too long. Nothing is lost: please send it again.")
        return _case_page(notice=notice, status=400, **forms)
    except StateError:
        notice = gettext("The case has moved on since you opened the page. This is how it stands now.")
        return _case_page(notice=notice, status=409, **forms)
    return _case_page(done=done)


def _code() -> str:
    return request.form.get("code", "")[:60]


def _case_page(
    *,
    done: str = "",
    notice: str = "",
    status: int = 200,
    asks_withdrawal: bool = False,
    verdict_form: FollowForm | None = None,
    message_form: FollowForm | None = None,
) -> Any:
    place = installation()
    try:
        with place.database.read() as connection:
            case = find_by_code(connection, place.keys, _code(), request.form.get("number", ""))
            facts = _facts(connection, case)
    except ComplaintUnknownError:
        return _no_such_case()
    hidden = {"code": grouped(normalise(_code())), "token": issue(place.keys, TRACKING, place.now())}
    forms = {
        "verdict_form": verdict_form if verdict_form and facts["may_judge"] else VerdictForm(),
        "message_form": message_form or MessageForm(),
    }
    words = {"done": done, "notice": notice, "asks_withdrawal": asks_withdrawal and facts["may_withdraw"]}
    return render_template("complaints/case.html", case=case, hidden=hidden, **facts, **forms, **words), status


def _facts(connection: Connection, case: Case) -> dict[str, Any]:
    place = installation()
    over = days_over(case.due_on, place.today(), PRESETS[case.clock], load_calendar(connection))
    return {
        "title": said(title_of(connection, case.unit_id)),
        "events": history(connection, place.keys, case, internal=False),
        "days_over": over if case.is_waiting else 0,
        "opening": canonical_json(case.opening()).decode(),
        "leaf": logged_as(connection, case),
        "may_judge": is_possible(Step.JUDGE, case.state),
        "may_message": is_possible(Step.MESSAGE, case.state),
        "may_withdraw": is_possible(Step.WITHDRAW, case.state),
    }


def _no_such_case() -> Any:
    fault = gettext("No case has this code. Look at your receipt: the code has 12 characters, the number is optional.")
    number = request.form.get("number", "")[:20]
    return render_template("complaints/track.html", fault=fault, number=number, code=_code()), 404
