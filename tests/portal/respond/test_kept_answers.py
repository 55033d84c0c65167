"""Whatever goes wrong, everything typed is kept: for every type of question and on every way back to the page."""

from __future__ import annotations

from typing import Any

import pytest
from flask.testing import FlaskClient
from hypothesis import given, settings
from hypothesis import strategies as st

import question_types as t
from form_page import FormPage
from portal.db import Installation
from scale import scaled
from survey.answers import field_names, replay
from survey.questionnaire import read_questionnaire
from town import Clock, Town, build_town, codes_on, token_on

READ = read_questionnaire(t.document())
WORDS = st.text(st.characters(exclude_categories=("Cc", "Cs", "Zl", "Zp")), max_size=12)
TYPED = WORDS | st.sampled_from(
    ["12.5", "３", "2026-05-05", "2026-5", "05/2026", "1980年", '"><b>', "&amp;", "a@b.example"]
)
CHOICES: dict[str, list[str]] = {
    "way": ["1", "2", "7", "9"],
    "district": ["1", "7"],
    "q_overall": ["5", "2", "1"],
    "effort": ["0", "10", "dk"],
    "clarity": ["1"],
    "recommend": ["3", "rf"],
    "speed": ["1", "9"],
    "advice": ["2"],
    "site": ["1"],
    "home": ["na", "e2a"],
}
SEVERAL = {"ways": ["1", "2", "7", "8", "9"], "asked": ["1", "2"], "paid": ["3"], "q_overall.reasons": ["21"]}
MISSING = {f"{name}.missing": "dk" for name in ("wishes", "minutes", "since")}
MISSING |= {f"{name}.missing": "rf" for name in ("wish", "home")}
PLAIN = ["way.say.7", "district.say.7", "ways.say.7", "minutes", "cost", "visited", "since", "born", "mail", "why"]
PLAIN += [f"wishes.rank.{code}" for code in (1, 2, 3)]


def optional(strategies: dict[str, Any]) -> Any:
    return st.fixed_dictionaries({}, optional=strategies)


FORMS = st.builds(
    lambda *parts: {name: value for part in parts for name, value in part.items()},
    optional({name: st.sampled_from(codes) for name, codes in CHOICES.items()}),
    optional({name: st.lists(st.sampled_from(codes), unique=True) for name, codes in SEVERAL.items()}),
    optional({name: st.just(value) for name, value in MISSING.items()}),
    optional(dict.fromkeys([*PLAIN, "wish"], TYPED)),
)


def listed(form: dict[str, Any]) -> dict[str, list[str]]:
    return {name: value if isinstance(value, list) else [value] for name, value in form.items()}


@pytest.fixture
def everything(place: Installation) -> Town:
    return build_town(place, document=t.document())


def of_questions(form: dict[str, list[str]]) -> dict[str, list[str]]:
    """What a form says in answer to questions, without the fields left blank."""
    names = set(field_names(READ))
    typed = {name: sorted({one for one in values if one.strip()}) for name, values in form.items() if name in names}
    return {name: values for name, values in typed.items() if values}


def asked_now(form: dict[str, Any], sent: dict[str, list[str]]) -> dict[str, list[str]]:
    """What was sent for questions that are on the path: the others have no field to be kept in."""
    walk = replay(READ, listed(form))
    off = {name for name, why in walk.missing.items() if why == "not_asked"}
    return {name: values for name, values in of_questions(sent).items() if name.partition(".")[0] not in off}


@pytest.fixture
def answer_page(client: FlaskClient, everything: Town) -> tuple[FlaskClient, Town, str]:
    return client, everything, token_on(client.get(f"/q/{everything.code}").text)


def test_a_fault_loses_nothing_of_any_type(answer_page: tuple[FlaskClient, Town, str]) -> None:
    """A form at fault comes back such that sending it again, untouched, says the very same."""
    client, town, token = answer_page

    @given(FORMS)
    @settings(max_examples=scaled(2000, least=60))
    def comes_back(form: dict[str, Any]) -> None:
        again = client.post(f"/q/{town.code}", data=form | {"token": token})
        assert again.status_code == 422  # consent is lacking
        page = FormPage(again.text)
        assert of_questions(page.sent()) == asked_now(form, listed(form))
        assert len(page.ids) == len(set(page.ids))

    comes_back()


COMPLETE: dict[str, Any] = {
    "consent": "1",
    "way": "2",
    "way.say.7": "typed before choosing online",
    "site": "3",
    "district": "7",
    "district.say.7": "by <boat>",
    "q_overall": "1",
    "q_overall.reasons": ["21"],
    "ways": ["1", "2"],
    "effort": "dk",
    "clarity": "2",
    "recommend": "9",
    "speed": "1",
    "advice": "9",
    "asked": ["1", "3"],
    "wishes.rank.2": "1",
    "minutes": "300",
    "cost": "12,50",
    "visited": "2026年3月1日",
    "since": "2025/11",
    "born": "１９８０",
    "mail": "a@b.example",
    "wish": "Zeile 1\r\nZeile 2",
    "home": "e2a",
    "why": "“”&'",
}
SEEN = ["site", "why", "sorry"]


def sent_by(page: str) -> dict[str, list[str]]:
    return of_questions(
        {name: [one.replace("\r\n", "\n") for one in values] for name, values in FormPage(page).sent().items()}
    )


KEPT = {name: sorted(value.replace("\r\n", "\n") for value in values) for name, values in listed(COMPLETE).items()}


def test_every_way_back_keeps_everything(
    place: Installation, client: FlaskClient, everything: Town, clock: Clock
) -> None:
    """Broken bytes, further questions, doubts, a form too old, other answers on the same form: all is still there."""
    address = f"/q/{everything.code}"
    form = COMPLETE | {"token": token_on(client.get(address).text)}

    unseen = client.post(address, data=form)
    assert (unseen.status_code, sent_by(unseen.text)) == (200, KEPT)
    assert FormPage(unseen.text).sent()["seen"] == SEEN

    doubt = client.post(address, data=form | {"seen": SEEN})
    assert (doubt.status_code, sent_by(doubt.text)) == (200, KEPT)
    sure = FormPage(doubt.text).sent()["sure"]

    clock.advance(hours=49)
    old = client.post(address, data=form | {"seen": SEEN, "sure": sure})
    assert (old.status_code, sent_by(old.text)) == (400, KEPT)
    again = FormPage(old.text).sent()
    assert (again["seen"], again["sure"]) == (SEEN, sure)

    assert len(codes_on(client.post(address, data=again).text)) == 2
    changed = client.post(address, data=again | {"minutes": "301"})
    assert changed.status_code == 200  # another doubtful answer is asked about anew
    newly = FormPage(changed.text).sent()
    other = client.post(address, data=newly)
    assert (other.status_code, sent_by(other.text)) == (409, KEPT | {"minutes": ["301"]})
    decided = FormPage(other.text).sent() | {"decision": "change"}
    assert len(codes_on(client.post(address, data=decided).text)) == 2


def test_a_decision_survives_a_further_question(
    place: Installation, client: FlaskClient, everything: Town, clock: Clock
) -> None:
    """Who said "replace my first answer" and is sent back once more still replaces it, and does not answer twice."""
    address = f"/q/{everything.code}"
    form = COMPLETE | {"minutes": "30", "seen": SEEN, "token": token_on(client.get(address).text)}
    client.post(address, data=form)
    other = FormPage(client.post(address, data=form | {"minutes": "40"}).text).sent()
    clock.advance(hours=47)
    back = client.post(address, data=other | {"decision": "change", "minutes": "300"})
    assert back.status_code == 200
    kept = FormPage(back.text).sent()
    assert (kept["decision"], kept["earlier"]) == (["change"], [form["token"]])
    clock.advance(hours=2)  # now the first form is too old for a token, but the decision still says which it was
    assert len(codes_on(client.post(address, data=FormPage(client.post(address, data=kept).text).sent()).text)) == 2
