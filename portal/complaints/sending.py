"""Filing a case: form, then receipt."""

from __future__ import annotations

from typing import Any

from flask import make_response, render_template, request
from flask_babel import gettext

from portal.access import public
from portal.db import installation
from portal.language import language
from survey.canonical import canonical_json
from survey.codes import grouped
from survey.commitment import Promise
from survey.errors import TokenError
from survey.fielding import COMPLAINTS
from survey.tokens import issue, read
from survey.units import read_tree

from .filing import Filed, file_complaint
from .forms import FilingForm
from .tracking import TRACKING, case_title
from .units import choices, for_field
from .views import complaints, local_now

SUBJECT = "complaint"


@complaints.get("/complaints/new")
@public
def new() -> Any:
    """Anybody; lands on the receipt. `?unit=` chooses the office beforehand."""
    form = FilingForm(unit_id=request.args.get("unit", "")[:64])
    return _page(form)


@complaints.post("/complaints/new")
@public
def send() -> Any:
    """Anybody; lands on the receipt, or on the form again with everything kept."""
    place = installation()
    request.get_data()  # kept, so that broken bytes can be told from typed percent signs
    form = FilingForm(request.form)
    _offer(form)
    if not form.validate():
        return _page(form, status=400)
    try:
        token = read(place.keys, form.token.data or "", SUBJECT, place.now())
    except TokenError:
        notice = gettext("This form had been open too long to be sent. Nothing is lost: please send it again.")
        return _page(form, notice=notice, fresh=True, status=400)
    with place.database.write() as connection:
        filed = file_complaint(
            connection, place.keys, form.filing(language()), form_key=token.form_key, now=local_now()
        )
    return _receipt(filed, form)


def _offer(form: FilingForm) -> None:
    place = installation()
    with place.database.read() as connection:
        tree = read_tree(connection)
    form.unit_id.choices = for_field(choices(tree, place.today(), first=gettext("Please choose")))


def _page(form: FilingForm, *, notice: str = "", fresh: bool = False, status: int = 200) -> Any:
    place = installation()
    if form.unit_id.choices is None:
        _offer(form)
    if fresh or not form.token.data:
        form.token.data = issue(place.keys, SUBJECT, place.now())
    return _private(render_template("complaints/new.html", form=form, notice=notice), status)


def _receipt(filed: Filed, form: FilingForm) -> Any:
    place, case = installation(), filed.case
    promise = Promise(place.log_id, COMPLAINTS, case.commitment, "", case.received_on.isoformat())
    page = render_template(
        "complaints/receipt.html",
        filed=filed,
        case=filed.case,
        title=case_title(filed.case),
        code=grouped(filed.code),
        opening=canonical_json(filed.case.opening()).decode(),
        promise=promise.text(place.signer),
        other_words=f"{form.subject.data}\n\n{form.body.data}" if filed.differs else "",
        token=issue(place.keys, TRACKING, place.now()),
    )
    return _private(page)


def _private(page: str, status: int = 200) -> Any:
    response = make_response(page, status)
    response.headers["Cache-Control"] = "no-store"
    return response
