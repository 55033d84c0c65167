"""Filing: exactly once, sealed at rest, and provable by the person who filed."""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Callable
from html import unescape

import pytest
from sqlalchemy import func, select, update

from complaint_pages import SECRETS, WORDS, Client, code_on, number_on, send_case
from portal.complaints.cases import Contact, load_case, read_contact
from portal.complaints.errors import SealError, UnitUnknownError
from portal.complaints.filing import Filed, logged_as, opens
from portal.complaints.tables import complaint, complaint_event
from portal.db import Installation
from survey.storage.tables import log_pending


def n_cases(place: Installation) -> int:
    with place.database.read() as connection:
        return int(connection.execute(select(func.count()).select_from(complaint)).scalar_one())


def opening_on(page: str) -> dict[str, object]:
    found = re.search(r'class="promise" translate="no">(.*?)</p>', page, re.S)
    assert found
    opening: dict[str, object] = json.loads(unescape(found.group(1)))
    return opening


def test_the_receipt_says_what_is_needed(citizen: Client, place: Installation) -> None:
    """A code of 12 characters, a random number of this year, and the day by which an answer is due."""
    page = send_case(citizen).text
    assert re.fullmatch(r"([0-9A-HJKMNP-TV-Z]{4}-){2}[0-9A-HJKMNP-TV-Z]{4}", code_on(page))
    assert re.fullmatch(r"MY-2026-[0-9A-HJKMNP-TV-Z]{6}", number_on(page))
    assert "August 17, 2026" in page
    assert n_cases(place) == 1


def test_a_double_tap_is_one_case(citizen: Client, place: Installation) -> None:
    """The same form sent twice: one row, one leaf, the same code and number."""
    form = citizen.get("/complaints/new").text
    first = citizen.press(form, "/complaints/new", dict(WORDS)).text
    second = citizen.press(form, "/complaints/new", dict(WORDS)).text
    assert (code_on(first), number_on(first)) == (code_on(second), number_on(second))
    assert n_cases(place) == 1
    with place.database.read() as connection:
        assert connection.execute(select(func.count()).select_from(log_pending)).scalar_one() == 1


def test_other_words_in_the_same_form_are_not_lost(citizen: Client) -> None:
    """Gone back and changed: the first case stands, and the new words are offered as a message."""
    form = citizen.get("/complaints/new").text
    citizen.press(form, "/complaints/new", dict(WORDS))
    page = citizen.press(form, "/complaints/new", {**WORDS, "body": "It was four hours."}).text
    assert "It was four hours." in page
    after = citizen.press(page, "/complaints/track/message", {"text": "It was four hours."}).text
    assert "It was four hours." in after


def test_many_at_once_with_one_form(place: Installation, file: Callable[..., Filed]) -> None:
    """Eight threads send one form: one case."""
    numbers: list[str] = []
    threads = [threading.Thread(target=lambda: numbers.append(file(form_key=b"one").case.number)) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(numbers) == 8
    assert len(set(numbers)) == 1
    assert n_cases(place) == 1


def test_raw_bytes_hold_no_personal_text(citizen: Client, place: Installation, raw_bytes: Callable[[], bytes]) -> None:
    """Neither contact nor body, nor the code, nor a message stands in the database files; opened, they are there."""
    page = send_case(citizen).text
    case_page = citizen.post("/complaints/track", {"code": code_on(page)}).text
    citizen.press(case_page, "/complaints/track/message", {"text": "My neighbour 李四 saw it."})
    data = raw_bytes()
    code = code_on(page)
    for secret in (*SECRETS, "李四", "Waited three hours", code, code.replace("-", "")):
        assert secret.encode() not in data
    with place.database.read() as connection:
        case = load_case(connection, place.keys, complaint.c.number == number_on(page))
        assert case.body == WORDS["body"]
        assert read_contact(connection, place.keys, case) == Contact(WORDS["name"], WORDS["phone"], WORDS["email"])


def test_a_sealed_value_opens_only_in_its_row(place: Installation, file: Callable[..., Filed]) -> None:
    """A contact copied into another row does not open there."""
    first = file(contact=Contact(name="A")).case
    second = file(contact=Contact(name="B")).case
    with place.database.write() as connection:
        stolen = connection.execute(select(complaint.c.contact).where(complaint.c.id == first.id)).scalar_one()
        connection.execute(update(complaint).where(complaint.c.id == second.id).values(contact=stolen))
        with pytest.raises(SealError):
            read_contact(connection, place.keys, second)


def test_the_opening_proves_what_was_filed(citizen: Client, place: Installation) -> None:
    """The opening on the receipt holds the words, not the name, and opens the leaf that waits for the log."""
    page = send_case(citizen).text
    opening = opening_on(page)
    assert opens(opening)
    document = opening["complaint"]
    assert isinstance(document, dict)
    assert (document["body"], document["received_on"]) == (WORDS["body"], "2026-08-10")
    assert WORDS["name"] not in json.dumps(opening, ensure_ascii=False)
    with place.database.read() as connection:
        leaf = connection.execute(select(log_pending)).one()
    assert (leaf.type, leaf.commitment) == ("complaint", opening["commitment"])
    document["body"] = "something else"
    assert not opens(opening)


def test_the_seal_enters_the_log(place: Installation, file: Callable[..., Filed]) -> None:
    """Before the batch the case has no place in the log, afterwards it has, and its commitment stands there."""
    case = file().case
    with place.database.write() as connection:
        assert logged_as(connection, case) is None
        place.log.append_due(connection, place.now(), place.today(), force=True)
        index = logged_as(connection, case)
        assert index is not None
        assert place.log.leaf(connection, index).document["commitment"] == case.commitment


def test_a_unit_that_is_no_more_cannot_be_chosen(file: Callable[..., Filed], place: Installation) -> None:
    """A case about a unit that does not exist on that day is refused and nothing is written."""
    with pytest.raises(UnitUnknownError):
        file(unit_id="nowhere")
    assert n_cases(place) == 0


def test_faults_are_listed_and_nothing_is_lost(citizen: Client, place: Installation) -> None:
    """An incomplete form comes back with a list of what is missing, linked, and with everything typed."""
    page = send_case(citizen, status=400, subject="", kind="", unit_id="").text
    assert 'href="#subject"' in page
    assert 'href="#kind"' in page
    assert 'href="#unit_id"' in page
    assert "tore up my form" in page
    assert "wang@example.org" in page
    assert n_cases(place) == 0


@pytest.mark.parametrize("token", ["", "A", "A" * 51, "é"], ids=["none", "short", "forged", "strange"])
def test_a_tampered_token_keeps_the_words(citizen: Client, place: Installation, token: str) -> None:
    """A form that was not issued here is not taken; its words come back under a new token that is."""
    page = send_case(citizen, status=400, token=token).text
    assert "tore up my form" in page
    assert n_cases(place) == 0
    citizen.press(page, "/complaints/new", dict(WORDS))
    assert n_cases(place) == 1


def test_the_hidden_field_stops_programs(citizen: Client, place: Installation) -> None:
    """Whoever fills in what people cannot see is asked again, and nothing is recorded."""
    send_case(citizen, status=400, website="https://spam.example")
    assert n_cases(place) == 0


def test_broken_bytes_are_not_taken(citizen: Client, place: Installation) -> None:
    """Bytes that are no UTF-8 give the form again with a reason, never a case in which the words are wrong."""
    form = citizen.get("/complaints/new").text
    token = re.search(r'name="token"[^>]*value="([^"]+)"', form) or re.search(r'value="([^"]+)"[^>]*name="token"', form)
    assert token
    body = f"token={token[1]}&unit_id=tax-east&kind=complaint&subject=%ff%fe&body=%c3%28&name=%80"
    answer = citizen.browser.post(
        "/complaints/new", data=body.encode(), content_type="application/x-www-form-urlencoded"
    )
    assert answer.status_code == 400
    assert "arrived broken" in answer.text
    assert n_cases(place) == 0


def test_control_characters_are_dropped(citizen: Client, place: Installation) -> None:
    """A zero byte, which PostgreSQL cannot keep, vanishes; line breaks stay."""
    page = send_case(citizen, body="one\x00\r\ntwo").text
    with place.database.read() as connection:
        assert load_case(connection, place.keys, complaint.c.number == number_on(page)).body == "one\ntwo"


def test_too_much_at_once(citizen: Client, place: Installation) -> None:
    """A post of 300 KB is refused before it is read."""
    answer = citizen.browser.post("/complaints/new", data={"body": "x" * 300_000})
    assert answer.status_code == 413
    assert n_cases(place) == 0


def test_the_receipt_is_never_cached(citizen: Client) -> None:
    """A page with a secret code tells every cache to forget it."""
    assert send_case(citizen).headers["Cache-Control"] == "no-store"


def test_no_cookie_is_set(citizen: Client) -> None:
    """Filing and following need no cookie."""
    page = send_case(citizen)
    assert "Set-Cookie" not in page.headers
    assert "Set-Cookie" not in citizen.post("/complaints/track", {"code": code_on(page.text)}).headers


@pytest.mark.parametrize(("accept", "tag"), [("en", "en"), ("zh-CN", "zh-Hans")])
@pytest.mark.parametrize("address", ["/complaints", "/complaints/new", "/complaints/track"])
def test_pages_in_both_languages(citizen: Client, accept: str, tag: str, address: str) -> None:
    """Each page says in which language it is."""
    citizen.language = accept
    assert f'<html lang="{tag}"' in citizen.get(address).text


def test_the_office_is_chosen_beforehand(citizen: Client) -> None:
    """A link from an office's page preselects it; offices stand under their department."""
    page = citizen.get("/complaints/new?unit=tax-east").text
    assert re.search('<option selected value="tax-east">|<option value="tax-east" selected>', page)
    assert '<optgroup label="Tax Bureau">' in page


def test_every_event_is_kept(place: Installation, file: Callable[..., Filed]) -> None:
    """Filing is the first event of the history."""
    file()
    with place.database.read() as connection:
        assert connection.execute(select(complaint_event.c.kind)).scalars().all() == ["filed"]
