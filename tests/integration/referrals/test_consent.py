"""Consent that changes: everybody who keeps a copy is told, and the page says what has to happen."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa

from shared.events.referrals import ConsentChanged
from tests.factories import a_person
from tests.integration.conftest import Running
from tests.integration.referrals.documents import a_document, sent, triaged

Start = Callable[..., Running]


def _answer(running: Running, request_id: UUID, kind: str, given: str, **more: Any) -> None:
    agreed = {
        "by": "a1", "how": "verbal", "on-day": "2", "on-month": "11", "on-year": "2026", "obtained_by": "Hannah",
    }  # fmt: skip
    browser = running.browser(a_person("front_door", name="Hannah Whitcombe"))
    data = agreed | {"kind": kind, "given": given} | more
    done = browser.post(f"/referrals/requests/{request_id}/consent", data=data)
    assert done.status_code == 302, done.text


def _page(running: Running, request_id: UUID, path: str = "") -> str:
    return str(running.browser(a_person("front_door")).get(f"/referrals/requests/{request_id}{path}").text)


def _paper(running: Running, request_id: UUID) -> Any:
    path = f"/referrals/api/v1/requests/{request_id}/paper"
    return running.app.test_client().get(path, headers=running.as_neighbour("panel")).json


@pytest.mark.parametrize("kind", ["to_ask", "to_share", "to_research"])
def test_a_new_answer_is_announced(start: Start, kind: str) -> None:
    running = start("referrals")
    request_id = sent(running)
    _answer(running, request_id, kind, "no")
    [fact] = running.announced(ConsentChanged)
    assert (fact.request_id, fact.kind) == (request_id, kind)


def test_the_page_says_what_has_to_happen_when_a_family_on_its_way_no_longer_agrees(start: Start) -> None:
    running = start("referrals")
    request_id = sent(running)
    triaged(running, request_id)
    assert "no longer agrees" not in _page(running, request_id)
    _answer(running, request_id, "to_share", "no")
    page = _page(running, request_id)
    assert "The family no longer agrees that it is shared with those who may help." in page
    assert "Take it off the agenda now" in page
    assert "Consent to share it with those who may help: not agreed, by Hannah Whitcombe" in page


def _move_the_oldest_answers_to_the_end_of_the_table(running: Running) -> None:
    with running.database.begin() as session:
        session.execute(sa.text("UPDATE consent SET id = gen_random_uuid() WHERE number <= 3"))


def test_the_newest_answer_counts_also_while_a_training_clock_stands_still(start: Start) -> None:
    running = start("referrals")
    request_id = sent(running)
    for given in ("no", "yes", "no", "yes", "no"):
        _answer(running, request_id, "to_share", given, not_with=f"Agency that heard {given}")
        _move_the_oldest_answers_to_the_end_of_the_table(running)
        consent = _paper(running, request_id)["consent"]["to_share"]
        assert (consent["given"], consent["not_with"]) == (given == "yes", [f"Agency that heard {given}"])


def test_an_agency_that_must_not_know_stays_in_the_form_for_the_next_answer(start: Start) -> None:
    running = start("referrals")
    document = a_document()
    document["consent"]["to_share"]["not_with"] = ["Riverside Housing"]
    request_id = sent(running, document)
    assert "Riverside Housing</textarea>" in _page(running, request_id, "/consent")
    _answer(running, request_id, "to_ask", "yes", not_with="Riverside Housing")
    consent = _paper(running, request_id)["consent"]
    assert consent["to_share"]["not_with"] == ["Riverside Housing"]
    assert consent["to_ask"]["not_with"] == [], "only sharing leaves somebody out"
