"""The answer page and the receipt: rendered once per wave and language, then filled for each place and visitor."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from functools import lru_cache
from html import escape

from flask import Response, make_response, render_template, request
from flask_babel import format_date, gettext

from portal.db import installation
from portal.language import asked_for, language, said
from survey.codes import grouped
from survey.intake import Cast
from survey.order import arranged, order_of
from survey.points import code_for
from survey.questionnaire import Questionnaire
from survey.reading import Form
from survey.texts import text_in
from survey.tokens import form_key_in, issue
from survey.walk import Walk

from .places import Asked
from .sheet import Sheet
from .splice import SplicedPage
from .telling import asked_beyond, language_of

ASK_SLOTS = ("@@token@@", "@@code@@", "@@unit@@", "@@point@@", "@@once@@")
RECEIPT_SLOTS = ("@@receipt@@", "@@edit@@", "@@promise@@", "@@due_on@@", "@@size@@", "@@at@@", "@@root@@")
KEPT_AT_MOST = 512


class Pages:
    """Compressed pages by what they show, the language, and whether the address names the language."""

    def __init__(self) -> None:
        self._kept: dict[tuple[str, ...], SplicedPage] = {}

    def first(self, asked: Asked, code: str) -> Response:
        """The page as it is first shown: nothing filled in, only the token is the visitor's own."""
        spoken = language()
        token = fresh_token(asked)
        order = order_shown(asked, token)
        shown_in, beyond = language_of(asked.questionnaire), asked_beyond(asked.questionnaire)
        name = ("ask", asked.wave.questionnaire_id, asked.wave.id, str(order), shown_in, str(beyond))
        page = self._page(name, lambda: _first_page(asked, order), ASK_SLOTS)
        return _respond(
            page,
            {
                "@@token@@": token.encode(),
                "@@code@@": code.encode(),
                "@@unit@@": escape(text_in(asked.unit_title, spoken)[0]).encode(),
                "@@point@@": escape(text_in(asked.point_title, spoken)[0]).encode(),
                "@@once@@": escape(request.args.get("once", "")[:40]).encode(),
            },
        )

    def receipt(self, done: Cast, questionnaire: Questionnaire, *, has_mark: bool) -> Response:
        """Both codes, the signed promise, and the latest head; a mark of one's own is never shown."""
        place, prepared = installation(), done.prepared
        head = place.recent_head()
        closing = questionnaire.closing and text_in(questionnaire.closing, language_of(questionnaire))
        shown = {"repeated": done.repeated, "head": head, "has_mark": has_mark, "closing": closing}
        page = self._page(
            ("receipt", str(done.repeated), str(head is None), str(has_mark), str(closing)),
            lambda: render_template("respond/receipt.html", **shown),
            RECEIPT_SLOTS,
        )
        return _respond(
            page,
            {
                "@@receipt@@": grouped(prepared.codes.receipt).encode(),
                "@@edit@@": grouped(prepared.codes.edit).encode(),
                "@@promise@@": prepared.promise(place.log_id).text(place.signer).encode(),
                "@@due_on@@": _day(prepared.day, language()).encode(),
                "@@size@@": str(head.size if head else 0).encode(),
                "@@at@@": (head.at if head else "").encode(),
                "@@root@@": (head.root if head else "").encode(),
            },
        )

    def _page(self, name: tuple[str, ...], render: Callable[[], str], slots: tuple[str, ...]) -> SplicedPage:
        whole = (*name, language(), str(asked_for() is not None))
        page = self._kept.get(whole)
        if page is None:
            if len(self._kept) >= KEPT_AT_MOST:
                self._kept.clear()
            page = self._kept[whole] = SplicedPage(render(), slots)
        return page


@lru_cache(maxsize=64)
def _day(day: date, _language: str) -> str:
    return str(format_date(day))


def _respond(page: SplicedPage, values: Mapping[str, bytes]) -> Response:
    compressed = "gzip" in request.headers.get("Accept-Encoding", "")
    headers = {"Vary": "Accept-Encoding, Accept-Language"}
    if compressed:
        headers["Content-Encoding"] = "gzip"
    body = page.gzipped(values) if compressed else page.plain(values)
    return Response(body, content_type="text/html; charset=utf-8", headers=headers)


def order_shown(asked: Asked, token: str) -> int | None:
    """In which order the form of this token shows the questionnaire."""
    return order_of(asked.questionnaire, form_key_in(token))


def _first_page(asked: Asked, order: int | None) -> str:
    slots = dict(zip(("token", "code", "unit_name", "point_name", "once"), ASK_SLOTS, strict=True))
    return _render(asked, order, {}, None, **slots, notice="", hidden={})


def _render(asked: Asked, order: int | None, form: Form, walk: Walk | None, **more: object) -> str:
    """The one template of the answer page; with `walk` it shows what was sent and what is at fault."""
    sheet = Sheet(arranged(asked.questionnaire, order), form, walk)
    beyond = asked_beyond(asked.questionnaire)
    return render_template(
        "respond/ask.html",
        sheet=sheet,
        questionnaire=sheet.questionnaire,
        form=form,
        walk=walk,
        wave=asked.wave,
        language=sheet.language,
        text_direction=sheet.direction,
        kept={"lang": beyond} if beyond else {},
        **more,
    )


def fresh_token(asked: Asked, *, like: str = "") -> str:
    """A new form token; one that keeps the order in which the form of the token `like` was met."""
    place, order = installation(), order_shown(asked, like)
    while True:
        token = issue(place.keys, asked.subject, place.now())
        if order is None or order_shown(asked, token) == order:
            return token


def again(
    asked: Asked,
    form: Form,
    walk: Walk,
    *,
    notice: str = "",
    further: Sequence[str] = (),
    hidden: Mapping[str, str] | None = None,
    status: int = 422,
) -> Response:
    """The page once more with everything that was sent still in it, and what to do about it."""
    token = form.get("token", [""])[0]
    page = _render(
        asked,
        order_shown(asked, token),
        form,
        walk,
        code=code_for(installation().keys, asked.place.point_key or ""),
        token=token,
        notice=notice,
        further=further,
        hidden=hidden or {},
        once="",  # carried among the hidden fields once it was sent
        unit_name=said(asked.unit_title),
        point_name=said(asked.point_title),
    )
    return make_response(page, status)


def no_such_edit_code() -> Response:
    """The page that asks for the edit code again."""
    fault = gettext("No answer that can still be changed belongs to this code. Look at your receipt again.")
    return make_response(render_template("respond/change.html", fault=fault), 404)
