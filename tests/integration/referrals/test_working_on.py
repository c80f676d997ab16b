"""Who of the front door works on a request: one at a time, never who made it; a child in danger waits for nobody."""

from collections.abc import Callable
from uuid import UUID, uuid4

import pytest
import sqlalchemy as sa

from services.referrals.tables import RequestRow
from shared.audit import audit
from shared.identity import Person
from tests.factories import a_person
from tests.integration.conftest import Running
from tests.integration.referrals.asking import ask_as_parent, ask_as_professional, submit
from tests.integration.referrals.documents import sent, triaged

Start = Callable[..., Running]
HANNAH = a_person("front_door", name="Hannah Whitcombe")
SHREYA = a_person("front_door", name="Shreya Raman")
MANAGER = a_person("front_door", "front_door_manager", name="Grace Manager")


def _page(running: Running, request_id: UUID, person: Person) -> str:
    return running.browser(person).get(f"/referrals/requests/{request_id}").text


def _does(running: Running, request_id: UUID, person: Person, what: str, **typed: str) -> int:
    return int(running.browser(person).post(f"/referrals/requests/{request_id}/{what}", data=typed).status_code)


def test_a_colleague_sees_who_works_on_a_request_and_cannot_decide_about_it(start: Start) -> None:
    running = start("referrals")
    request_id = sent(running)
    assert _does(running, request_id, HANNAH, "take-on") == 302
    assert "You work on this request" in _page(running, request_id, HANNAH)
    assert "Hannah Whitcombe works on this request" in _page(running, request_id, SHREYA)
    assert "With Hannah Whitcombe" in running.browser(SHREYA).get("/referrals/worklist").text
    refused = triaged(running, request_id, SHREYA)
    assert refused.status_code == 409
    assert "Hannah Whitcombe works on this request" in refused.json["detail"]
    assert triaged(running, request_id, HANNAH).status_code == 201


def test_what_a_colleague_typed_is_kept_when_it_is_not_theirs_to_decide(start: Start) -> None:
    running = start("referrals")
    request_id = sent(running)
    _does(running, request_id, HANNAH, "take-on")
    typed = {"outcome": "withdraw", "version": "1", "reason": "They rang."}
    response = running.browser(SHREYA).post(f"/referrals/requests/{request_id}/triage", data=typed)
    assert response.status_code == 409
    assert "They rang." in response.text


def test_one_of_two_who_take_it_on_at_once_gets_it(start: Start) -> None:
    running = start("referrals")
    request_id = sent(running)
    for person in (HANNAH, SHREYA, HANNAH):
        _does(running, request_id, person, "take-on")
    with running.database.read() as session:
        assert session.get_one(RequestRow, request_id).worker_id == HANNAH.person_id


def test_it_is_handed_back_by_who_has_it_and_is_free_again_once_decided(start: Start) -> None:
    running = start("referrals")
    request_id, decided = sent(running), sent(running)
    _does(running, request_id, HANNAH, "take-on")
    _does(running, request_id, SHREYA, "hand-back")
    assert "Hannah Whitcombe works on this request" in _page(running, request_id, SHREYA)
    _does(running, request_id, HANNAH, "hand-back")
    assert "Nobody works on this request" in _page(running, request_id, SHREYA)
    _does(running, decided, HANNAH, "take-on")
    triaged(running, decided, HANNAH)
    with running.database.read() as session:
        assert session.get_one(RequestRow, decided).worker_id is None


def test_a_manager_takes_it_over_with_a_reason_that_is_kept(start: Start) -> None:
    running = start("referrals")
    request_id = sent(running)
    assert _does(running, request_id, MANAGER, "take-over", reason="Nobody has it yet.") == 302
    assert "Nobody works on this request" in _page(running, request_id, SHREYA)
    _does(running, request_id, HANNAH, "take-on")
    assert "Take it over" not in _page(running, request_id, SHREYA)
    assert _does(running, request_id, SHREYA, "take-over", reason="I want it.") == 403
    assert _does(running, request_id, MANAGER, "take-over", reason="") == 422
    assert _does(running, request_id, MANAGER, "take-over", reason="Hannah is away until Monday.") == 302
    page = _page(running, request_id, HANNAH)
    assert "Grace Manager works on this request" in page
    assert "Taken over from Hannah Whitcombe, by Grace Manager: Hannah is away until Monday." in page
    with running.database.read() as session:
        did = session.scalars(sa.select(audit.c.did).where(audit.c.subject_id == str(request_id))).all()
    assert {"taken_on", "taken_over"} <= set(did)


def test_who_sent_a_request_does_not_decide_about_it(start: Start) -> None:
    running = start("referrals")
    both = a_person("front_door", "referrer", name="Megan O'Brien")
    browser = running.browser(both)
    ask_as_professional(browser)
    submit(browser, "/ask/check", {}, leads_to="/ask/sent")
    request_id = _only(running)
    assert triaged(running, request_id, both).status_code == 403
    assert "You sent this request" in _page(running, request_id, both)
    assert triaged(running, request_id, HANNAH).status_code == 201


def test_who_wrote_it_down_for_a_caller_does_not_decide_either(start: Start) -> None:
    running = start("referrals")
    browser = running.browser(HANNAH)
    ask_as_parent(browser, asking="caller")
    submit(browser, "/ask/check", {}, leads_to="/ask/sent")
    request_id = _only(running)
    assert triaged(running, request_id, HANNAH).status_code == 403
    assert triaged(running, request_id, SHREYA, outcome="signpost").status_code == 201


@pytest.mark.parametrize("who", [HANNAH, SHREYA])
def test_a_child_in_danger_waits_for_nobody(start: Start, who: Person) -> None:
    running = start("referrals")
    request_id = sent(running)
    _does(running, request_id, HANNAH, "take-on")
    assert triaged(running, request_id, who, outcome="safeguarding").status_code == 201


def test_there_is_nothing_to_take_on_once_it_is_decided(start: Start) -> None:
    running = start("referrals")
    request_id = sent(running)
    triaged(running, request_id)
    _does(running, request_id, HANNAH, "take-on")
    with running.database.read() as session:
        assert session.get_one(RequestRow, request_id).worker_id is None
    assert _does(running, uuid4(), HANNAH, "take-on") == 404


def _only(running: Running) -> UUID:
    with running.database.read() as session:
        return session.scalars(sa.select(RequestRow.id)).one()


def test_who_made_a_request_loses_nothing_typed_when_it_is_not_theirs_to_decide(start: Start) -> None:
    running = start("referrals")
    request_id = sent(running)
    with running.database.begin() as session:
        session.get_one(RequestRow, request_id).referrer_person_id = HANNAH.person_id
    typed = {"outcome": "withdraw", "version": "1", "reason": "They rang."}
    response = running.browser(HANNAH).post(f"/referrals/requests/{request_id}/triage", data=typed)
    assert response.status_code == 403
    assert "a colleague has to decide" in response.text
    assert "They rang." in response.text
