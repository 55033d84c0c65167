"""The shelf: drafts and versions, every beginning of a draft, discarding and bringing back; settings and the bank."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select

from browser_forms import form_with, forms_of, press
from desk_city import DRAFT, QUESTIONNAIRE
from desk_pages import StrictClient
from every_type import every_type
from portal.accounts.tables import AuditEntry
from portal.db import Installation
from survey import drafts, editing, library
from survey.canonical import content_id
from survey.drafts import Draft, DraftState
from survey.questionnaire import read_questionnaire

SHELF, NEW = "/desk/questionnaires", "/desk/questionnaires/new"
BASE = f"{SHELF}/drafts/{DRAFT}"
BLANK = {"title": "Heat in winter", "name": "heating", "language": "en"}


@pytest.fixture
def designer(log_in: Callable[[str], StrictClient]) -> StrictClient:
    return log_in("designer")


def stored(place: Installation, draft_id: str = DRAFT) -> Draft:
    with place.database.read() as connection:
        return drafts.load_draft(connection, draft_id)


def begin(designer: StrictClient, wanted: dict[str, str], typed: dict[str, Any] | None = None) -> Any:
    """Send the form of the page whose hidden fields are these."""
    page = designer.get(NEW, 200).text
    form = next(one for one in forms_of(page) if wanted.items() <= dict(one.fields).items())
    return press(designer, NEW, page, form, typed)


def draft_at(place: Installation, answer: Any) -> Draft:
    assert answer.status_code == 303, answer.text.partition('class="fault"')[2][:400]
    return stored(place, answer.location.rpartition("/")[2])


def test_the_shelf_lists_drafts_and_versions(designer: StrictClient) -> None:
    """Drafts with their state and who changed them, versions with the waves that ask them."""
    page = designer.get(SHELF, 200).text
    assert f'<a href="{BASE}">Service rating</a>' in page
    assert "Designer Li" in page
    assert content_id(QUESTIONNAIRE)[:8] in page
    assert "Service rating, month 9" in page


def test_an_empty_shelf_leads_on(designer: StrictClient, place: Installation) -> None:
    """Nothing there yet: what to do is said, with the button."""
    with place.database.write() as connection:
        drafts.discard(connection, DRAFT, seen=1)
    page = designer.get(SHELF, 200).text
    assert "No draft is being worked on. Begin one from a template" in page
    assert f'href="{NEW}"' in page


def test_a_reviewer_sees_the_shelf_without_its_buttons(log_in: Callable[[str], StrictClient]) -> None:
    """Who approves finds the drafts; beginning and discarding are not offered."""
    page = log_in("reviewer").get(SHELF, 200).text
    assert "every_type" in page
    assert NEW not in page
    assert f'<a href="{BASE}">' not in page


def test_a_draft_begins_from_nothing(designer: StrictClient, place: Installation) -> None:
    """With its title in its language and one empty section; who began it stands in the audit trail."""
    made = draft_at(place, begin(designer, {"beginning": "nothing"}, BLANK))
    assert made.document == editing.new_document("heating", {"en": "Heat in winter"})
    with place.database.read() as connection:
        entry = connection.execute(select(AuditEntry.action, AuditEntry.subject)).all()[-1]
    assert tuple(entry) == ("begin draft", made.id)


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"name": "Heating"}, "Use small letters"),
        ({"title": ""}, "Fill this in."),
        ({"title": "x" * 401}, "At most 400"),
    ],
)
def test_a_beginning_with_a_fault_keeps_what_was_typed(
    designer: StrictClient, typed: dict[str, str], words: str
) -> None:
    """The fault is named, nothing is begun."""
    answer = begin(designer, {"beginning": "nothing"}, {**BLANK, **typed})
    assert answer.status_code == 200
    assert words in answer.text
    sent = dict(form_with(answer.text, "title").fields)
    assert {name: sent[name] for name in BLANK} == {**BLANK, **typed}


@pytest.mark.parametrize("name", [one.name for one in library.templates()])
def test_a_draft_begins_from_a_template(designer: StrictClient, place: Installation, name: str) -> None:
    """Every template of the library, whole and without a problem."""
    made = draft_at(place, begin(designer, {"beginning": "template", "template": name}))
    assert made.document == library.template(name)
    assert "must be mended" not in designer.get(f"{SHELF}/drafts/{made.id}", 200).text


def test_a_draft_begins_from_the_last_wave(designer: StrictClient, place: Installation) -> None:
    """Its questionnaire is offered first; the draft remembers the version it comes from."""
    page = designer.get(NEW, 200).text
    assert page.index("From the last wave: Service rating, month 9") < page.index("From a template")
    made = draft_at(place, begin(designer, {"beginning": "version", "version": content_id(QUESTIONNAIRE)}))
    assert made.document == QUESTIONNAIRE
    assert made.based_on == content_id(QUESTIONNAIRE)


def test_a_draft_begins_from_a_version(designer: StrictClient, place: Installation) -> None:
    """The one that the shelf's link names is chosen already."""
    page = designer.get(f"{NEW}?from={content_id(QUESTIONNAIRE)}", 200).text
    assert f'value="{content_id(QUESTIONNAIRE)}" selected' in page
    assert begin(designer, {"beginning": "version"}, {"version": "0" * 64}).status_code == 404
    assert begin(designer, {"beginning": "template"}, {"template": "none"}).status_code == 404


def test_beginning_twice_is_one_draft(designer: StrictClient, place: Installation) -> None:
    """A double tap makes one draft; once it was worked on, the same beginning makes another."""
    first, again = (draft_at(place, begin(designer, {"beginning": "nothing"}, BLANK)) for _ in range(2))
    assert first.id == again.id
    with place.database.write() as connection:
        drafts.change(
            connection,
            first.id,
            lambda document: editing.add_section(document, 1),
            seen=1,
            touches=lambda document: None,
            action="add section 2",
            by="2",
            now=place.now(),
        )
    assert draft_at(place, begin(designer, {"beginning": "nothing"}, BLANK)).id != first.id


FILE = {"file_name": "from_a_file", "file_language": "zh-Hans"}


def upload(designer: StrictClient, name: str, data: bytes, **typed: str) -> Any:
    page = designer.get(NEW, 200).text
    return press(designer, NEW, page, form_with(page, "file_name"), {**FILE, **typed, "file": (io.BytesIO(data), name)})


def test_a_draft_begins_from_a_file(designer: StrictClient, place: Installation) -> None:
    """What became of it is shown, each thing that is not as it was with its reason, beside the draft."""
    text = "1. 您满意吗？*[单选题]\nA. 满意\nB. 不满意（请跳至第3题）\n2. 为什么？[填空题]\n3. 位置[地图题]\n"
    answer = upload(designer, "survey.txt", text.encode())
    assert answer.status_code == 200, answer.text
    assert "A draft was begun with it." in answer.text
    assert "Left out" in answer.text
    with place.database.read() as connection:
        made = drafts.all_drafts(connection)[0]
    assert made.name == "from_a_file"
    assert made.action == "import"
    assert made.document["sections"][0]["questions"][0]["text"]["zh-Hans"] == "您满意吗？"


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("nothing.txt", b""),
        ("ruined.txt", b"???? ???? ????"),
        ("book.xlsx", b"PK\x03\x04 no archive"),
        ("list.json", b"[1, 2]"),
        ("deep.json", b"[" * 100_000),
        ("evil.xml", b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'),
        ("<script>.bin", bytes(range(256))),
    ],
)
def test_a_file_that_cannot_be_read_says_why(
    designer: StrictClient, place: Installation, name: str, data: bytes
) -> None:
    """What was found and what to do, nothing begun, and the other fields as they were typed."""
    answer = upload(designer, name, data)
    assert answer.status_code == 200
    assert "The file was not taken: nothing was saved." in answer.text
    assert dict(form_with(answer.text, "file_name").fields)["file_name"] == "from_a_file"
    with place.database.read() as connection:
        assert len(drafts.all_drafts(connection)) == 1


def test_a_document_of_ours_is_a_file_too(designer: StrictClient, place: Installation) -> None:
    """What was exported comes back as it was, larger than what other forms may send."""
    document = every_type()
    data = json.dumps(document).encode().ljust(300 * 1024)
    assert upload(designer, "document.json", data).status_code == 200
    with place.database.read() as connection:
        made = drafts.all_drafts(connection)[0]
    read_questionnaire(made.document)
    assert editing.order(made.document) == editing.order(document)


def test_no_file_is_named(designer: StrictClient) -> None:
    """The button alone says what lacks."""
    page = designer.get(NEW, 200).text
    answer = press(designer, NEW, page, form_with(page, "file_name"), FILE)
    assert "Choose a file." in answer.text


def test_a_file_beyond_the_limit_is_refused(designer: StrictClient) -> None:
    """More than 4 MB is 413."""
    head = b'--cut\r\nContent-Disposition: form-data; name="file"; filename="large.txt"\r\n\r\n'
    body = head + b"x" * (4 * 1024 * 1024) + b"\r\n--cut--\r\n"
    answer = designer.client.post(NEW, data=body, content_type="multipart/form-data; boundary=cut")
    assert answer.status_code == 413


def test_discard_and_bring_back(designer: StrictClient, place: Installation) -> None:
    """Asked first; it leaves the list, stays at its end, and returns with all its revisions."""
    page = designer.get(f"{BASE}/discard", 200).text
    assert stored(place).state is DraftState.DRAFT
    press(designer, f"{BASE}/discard", page, form_with(page, "seen"))
    assert stored(place).state is DraftState.DISCARDED
    assert "It was discarded." in designer.get(BASE, 200).text
    page = designer.get(SHELF, 200).text
    assert f'<a href="{BASE}">' not in page
    press(designer, SHELF, page, form_with(page, "seen"))
    assert stored(place).state is DraftState.DRAFT
    with place.database.read() as connection:
        actions = connection.execute(select(AuditEntry.action).where(AuditEntry.subject == DRAFT)).scalars().all()
    assert actions == ["discard draft", "restore draft"]


def settings(designer: StrictClient, typed: dict[str, str]) -> Any:
    page = designer.get(f"{BASE}/settings", 200).text
    return press(designer, f"{BASE}/settings", page, form_with(page, "seed"), typed)


def test_settings_are_changed(designer: StrictClient, place: Installation) -> None:
    """Name, title, words before and after, orders, and a language added from the list and by its tag."""
    typed = {"name": "rating", "title-en": "Rating", "closing-en": "Thank you", "shuffled_sections": "y", "seed": "7"}
    answer = settings(designer, {**typed, "add": "zh-Hant", "add_tag": "fr-CA", "first": "en", "introduction-en": ""})
    assert answer.location == BASE
    document = stored(place).document
    assert document["languages"] == ["en", "zh-Hans", "zh-Hant", "fr-CA"]
    assert document["introduction"] == {"zh-Hans": "感谢参与"}
    assert (document["name"], document["title"]["en"], document["closing"]) == ("rating", "Rating", {"en": "Thank you"})
    assert (document["shuffled_sections"], document["seed"]) == (True, 7)
    page = designer.get(BASE, 200).text
    assert "texts lack in Chinese (Traditional) (zh-Hant)." in page


@pytest.mark.parametrize(
    ("typed", "link"),
    [
        ({"name": "No Name"}, "#name"),
        ({"title-zh-Hans": ""}, "#title-zh-Hans"),
        ({"seed": "many"}, "#seed"),
        ({"seed": "-1"}, "#seed"),
        ({"seed": "9007199254740992"}, "#seed"),
        ({"add_tag": "English"}, "#add_tag"),
        ({"title-en": "x" * 4001}, "#title-en"),
    ],
)
def test_settings_with_a_fault_keep_what_was_typed(
    designer: StrictClient, place: Installation, typed: dict[str, str], link: str
) -> None:
    """Beside its field; nothing is changed."""
    answer = settings(designer, {"closing-en": "Typed", **typed})
    assert f'<a href="{link}">' in answer.text
    sent = dict(form_with(answer.text, "seed").fields)
    assert {name: sent[name] for name in typed} == typed
    assert sent["closing-en"] == "Typed"
    assert stored(place).revision == 1


def test_two_at_the_settings(designer: StrictClient, place: Installation) -> None:
    """Who was slower sees both versions and takes theirs or the other's; other parts of the draft do not matter."""
    page = designer.get(f"{BASE}/settings", 200).text
    form = form_with(page, "seed")
    with place.database.write() as connection:
        drafts.change(
            connection,
            DRAFT,
            lambda document: document | {"title": {"zh-Hans": "别人的", "en": "Their title"}},
            seen=1,
            touches=lambda document: None,
            action="settings",
            by="1",
            now=place.now(),
        )
    answer = press(designer, f"{BASE}/settings", page, form, {"title-en": "My title", "seed": "7"})
    assert answer.status_code == 409
    assert "My title" in answer.text
    assert "Their title" in answer.text
    again = press(designer, f"{BASE}/settings", answer.text, form_with(answer.text, "seed"))
    assert again.status_code == 303
    assert (stored(place).document["title"]["en"], stored(place).document["seed"]) == ("My title", 7)


def test_a_page_from_another_session_is_sent_again(designer: StrictClient, place: Installation) -> None:
    """Its token is no longer good: all that was typed is kept, and one press sends it with a new one."""
    page = designer.get(f"{BASE}/settings", 200).text
    stale = {"title-en": "Typed", "csrf_token": "an old one"}
    answer = press(designer, f"{BASE}/settings", page, form_with(page, "seed"), stale)
    assert stored(place).revision == 1
    assert 'value="Typed"' in answer.text
    kept = press(designer, f"{BASE}/settings", answer.text, form_with(answer.text, "title-en"))
    assert kept.status_code == 303
    assert stored(place).document["title"]["en"] == "Typed"


def test_a_language_is_removed_after_asking(designer: StrictClient, place: Installation) -> None:
    """How many words go is told; undo brings them back; the last language stays."""
    page = designer.get(f"{BASE}/languages/en/remove", 200).text
    assert "texts in this language go with it" in page
    press(designer, f"{BASE}/languages/en/remove", page, form_with(page, "seen"))
    document = stored(place).document
    assert document["languages"] == ["zh-Hans"]
    assert "en" not in document["title"]
    assert designer.get(f"{BASE}/languages/zh-Hans/remove").status_code == 404
    outline = designer.get(BASE, 200).text
    form = form_with(outline, "seen")
    press(designer, BASE, outline, form, button=form.buttons[0])
    assert stored(place).document == every_type()


def test_items_are_taken_from_the_bank(designer: StrictClient, place: Installation) -> None:
    """Several at once, into a place, in the order of the bank; taken again they get names of their own."""
    wanted = [one.name for one in library.bank()][:3]
    address = f"{BASE}/bank?section=0&at=2"
    for turn in (1, 2):
        page = designer.get(address, 200).text
        answer = press(designer, address, page, form_with(page, "csrf_token", "seen"), {"item": wanted})
        assert answer.status_code == 303
        assert ("already in the questionnaire" in page) is (turn == 2)
    names = editing.order(stored(place).document)[0]
    assert names[5:8] == wanted
    assert names[2:5] == [editing.free_name({"sections": [{"questions": [{"variable": one}]}]}, one) for one in wanted]
    taken = editing.question_of(stored(place).document, wanted[0])
    assert taken == library.use(library.bank_item(wanted[0]))
    assert library.locked_changes(stored(place).document) == []


def test_the_bank_is_searched(designer: StrictClient) -> None:
    """By words in whichever language, by topic, and both."""
    item = library.bank()[0]
    word = item.question["text"]["zh-Hans"][2:8]
    assert f"<code>{item.name}</code>" in designer.get(f"{BASE}/bank?words={word}", 200).text
    assert "No item fits." in designer.get(f"{BASE}/bank?words=nothing+like+this", 200).text
    other = next(one for one in library.bank() if one.topic != item.topic)
    page = designer.get(f"{BASE}/bank?topic={other.topic}", 200).text
    assert f"<code>{other.name}</code>" in page
    assert f"<code>{item.name}</code>" not in page


def test_nothing_ticked_is_told(designer: StrictClient) -> None:
    """And the page is shown again."""
    page = designer.get(f"{BASE}/bank").text
    answer = press(designer, f"{BASE}/bank", page, form_with(page, "csrf_token", "seen"))
    assert "Tick at least one item." in answer.text
    forged = press(designer, f"{BASE}/bank", page, form_with(page, "csrf_token", "seen"), {"item": ["no_such_item"]})
    assert forged.status_code == 404
