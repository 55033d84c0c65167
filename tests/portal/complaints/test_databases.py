"""The life of one case, on each database the portal supports."""

from __future__ import annotations

import threading
from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy import insert

from portal.complaints.cases import Contact, history, load_case, read_contact
from portal.complaints.filing import Filing, file_complaint
from portal.complaints.following import find_by_code, judge
from portal.complaints.handling import Actor, Filter, answer, count_waiting, list_cases, publish
from portal.complaints.register import read_register
from portal.complaints.states import Kind, Outcome, State, Verdict
from portal.complaints.tables import complaint
from portal.schema import metadata
from survey.keys import Keys
from survey.storage.engine import Database
from survey.storage.tables import metadata as survey_metadata
from survey.units import add_unit

NOON = datetime(2026, 8, 10, 12, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
KEYS = Keys("known to this test alone")


def test_one_life(database_url: str) -> None:
    """Filed eight times at once with one form, answered late, judged, published, counted: once each."""
    assert metadata is survey_metadata
    database = Database(database_url)
    metadata.create_all(database.engine)
    staff = metadata.tables["staff"]
    with database.write() as connection:
        add_unit(
            connection,
            unit_id="tax",
            parent_id=None,
            kind="department",
            peer_group=None,
            title={"en": "Tax"},
            on=date(2020, 1, 1),
        )
        person = {"id": 1, "email": "a@example.org", "name": "A", "password": "", "active": True, "failed_logins": 0}
        connection.execute(insert(staff).values(**person, fs_uniquifier="a"))
    filing = Filing("tax", Kind.COMPLAINT, "等了三个小时", "拍桌子", "zh-Hans", Contact("王"), may_publish=True)
    codes: list[str] = []

    def send() -> None:
        with database.write() as connection:
            codes.append(file_complaint(connection, KEYS, filing, form_key=b"one form", now=NOON).code)

    threads = [threading.Thread(target=send) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(codes) == 8
    assert len(set(codes)) == 1
    officer = Actor(1, frozenset({"tax"}), may_answer=True, is_reviewer=False)
    reviewer = Actor(1, None, may_answer=False, is_reviewer=True)
    late, today = NOON.replace(day=19), date(2026, 8, 19)
    with database.write() as connection:
        assert count_waiting(connection, officer, today) == (1, 1)
        case = find_by_code(connection, KEYS, codes[0], lock=True)
        answer(connection, KEYS, officer, case, Outcome.UPHELD, "对不起", now=late)
    with database.write() as connection:
        case = find_by_code(connection, KEYS, codes[0], lock=True)
        judge(connection, KEYS, case, Verdict.SATISFIED, "", now=late, form_key=b"second form")
        publish(connection, KEYS, reviewer, case, subject="等候", answer="已道歉", now=late)
    with database.read() as connection:
        case = load_case(connection, KEYS, complaint.c.number == case.number)
        assert (case.state, case.was_late, read_contact(connection, KEYS, case).name) == (State.CLOSED, True, "王")
        kinds = [event.kind for event in history(connection, KEYS, case, internal=True)]
        assert kinds == ["filed", "answered", "judged", "published"]
        assert list_cases(connection, KEYS, officer, Filter(), today=today, limit=10)[0] == 1
        register = read_register(connection, on=today, titles={"tax": {"en": "Tax"}})
        totals = register.totals
    database.dispose()
    assert (totals.received, totals.answered_late, totals.satisfied) == (1, 1, 1)
    assert [one.answer for one in register.cases] == ["已道歉"]
