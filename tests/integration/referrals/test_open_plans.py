"""Requests that go to an open plan: who leads it is followed, and one that finds it closed comes back."""

from collections.abc import Callable
from datetime import date
from typing import Any
from uuid import UUID, uuid4

import pytest

from services.referrals.jobs import fetch_names
from services.referrals.tables import RequestRow
from shared.events import panel
from shared.events.directory import AgencyChanged, PersonChanged
from tests.factories import a_person
from tests.integration.conftest import Running
from tests.integration.referrals.documents import a_document, an_acceptance, consented, ids_of, sent, triaged

Start = Callable[..., Running]


def _row(running: Running, request_id: UUID) -> RequestRow:
    with running.database.read() as session:
        return session.get_one(RequestRow, request_id)


def _page(running: Running, path: str) -> str:
    return str(running.browser(a_person("front_door")).get(f"/referrals{path}").text)


def _plan_of(running: Running, request_id: UUID, agency: str = "Riverside Housing") -> panel.AllocationAccepted:
    """Let an agency take the family of a request on, and return how."""
    accepted = an_acceptance(running, request_id)
    running.hears(AgencyChanged(accepted.agency_id, agency, True))
    triaged(running, request_id)
    running.hears(accepted)
    return accepted


def _second_request(running: Running, first: UUID, *, not_with: tuple[str, ...] = ()) -> UUID:
    """Send a second request and say that it is about the family of the first."""
    document = a_document(consent=consented(to_share={"not_with": list(not_with)}))
    second = sent(running, document)
    joined = running.browser(a_person("front_door")).post(
        f"/referrals/requests/{second}/family",
        data={"family_id": str(_row(running, first).family_id), "answer": "same", "version": "1"},
    )
    assert joined.status_code == 302, joined.text
    return second


def _to_plan(running: Running, request_id: UUID, plan_id: UUID) -> Any:
    return triaged(running, request_id, outcome="add_to_plan", plan_id=str(plan_id))


def test_a_request_given_to_a_plan_says_so(start: Start) -> None:
    running = start("referrals")
    first = sent(running)
    plan_id = _plan_of(running, first).plan_id
    second = _second_request(running, first)
    assert _to_plan(running, second, plan_id).status_code == 201
    running.hears(panel.RequestJoinedPlan(plan_id, **ids_of(running, second), practitioner_id=uuid4()))
    assert _row(running, second).stage == "added_to_plan"
    assert "Given to whoever leads the plan" in _page(running, f"/requests/{second}")


def test_a_request_that_found_its_plan_closed_is_at_the_top_of_the_worklist_and_says_why(start: Start) -> None:
    running = start("referrals")
    first, urgent = sent(running), sent(running, a_document(urgency="urgent"))
    plan_id = _plan_of(running, first).plan_id
    second = _second_request(running, first)
    _to_plan(running, second, plan_id)
    running.hears(panel.RequestFoundPlanClosed(plan_id, **ids_of(running, second)))
    row = _row(running, second)
    assert row.stage == "received"
    worklist = _page(running, "/worklist")
    assert worklist.index(row.reference) < worklist.index(_row(running, urgent).reference)
    assert "Back from a plan" in worklist
    page = _page(running, f"/requests/{second}")
    assert "Back from a plan that had closed." in page
    assert "Decision is due" in page
    assert _to_plan(running, second, plan_id).status_code == 422, "the plan is known to be closed now"
    assert triaged(running, second).status_code == 201
    assert "Back from a plan that had closed." not in _page(running, f"/requests/{second}")


def test_what_was_decided_anew_is_not_undone_by_a_late_message_of_a_closed_plan(start: Start) -> None:
    running = start("referrals")
    first = sent(running)
    plan_id = _plan_of(running, first).plan_id
    second = _second_request(running, first)
    _to_plan(running, second, plan_id)
    triaged(running, second, outcome="safeguarding")
    running.hears(panel.RequestFoundPlanClosed(plan_id, **ids_of(running, second)))
    assert _row(running, second).stage == "safeguarding"


def test_a_request_that_went_to_another_plan_meanwhile_stays_there(start: Start) -> None:
    running = start("referrals")
    first = sent(running)
    closed_id = _plan_of(running, first).plan_id
    other = an_acceptance(running, first)
    running.hears(other)
    second = _second_request(running, first)
    for plan_id in (closed_id, other.plan_id):
        assert _to_plan(running, second, plan_id).status_code == 201
    running.hears(panel.RequestFoundPlanClosed(closed_id, **ids_of(running, second)))
    assert _row(running, second).stage == "added_to_plan"


@pytest.mark.parametrize("not_with", ["Riverside Housing", "riverside housing association"])
def test_a_plan_of_an_agency_that_the_family_left_out_is_neither_offered_nor_taken(start: Start, not_with: str) -> None:
    running = start("referrals")
    first = sent(running)
    plan_id = _plan_of(running, first).plan_id
    second = _second_request(running, first, not_with=(not_with,))
    assert str(plan_id) not in _page(running, f"/requests/{second}/triage?outcome=add_to_plan")
    response = _to_plan(running, second, plan_id)
    assert response.status_code == 422
    assert [error["pointer"] for error in response.json["errors"]] == ["/plan_id"]


def test_who_leads_the_plan_now_is_asked_of_the_directory_and_shown(start: Start) -> None:
    running = start("referrals")
    first = sent(running)
    accepted = _plan_of(running, first)
    new_lead = uuid4()
    for person_id, name in ((accepted.practitioner_id, "Tariq Aziz"), (new_lead, "Hattie Lyons")):
        running.neighbours.answers[("directory", f"/people/{person_id}")] = {
            "name": name, "agency_name": "Riverside Housing", "mobile": "07700 900555",
        }  # fmt: skip
    assert fetch_names(running.resources)
    assert "led by Tariq Aziz" in _page(running, f"/requests/{first}")
    running.hears(
        panel.LeadPractitionerChanged(
            accepted.plan_id, **ids_of(running, first), agency_id=accepted.agency_id, practitioner_id=new_lead,
            earlier_practitioner_id=accepted.practitioner_id, review_due_on=date(2026, 12, 14),
        )
    )  # fmt: skip
    assert "Tariq Aziz" not in _page(running, f"/requests/{first}")
    assert fetch_names(running.resources)
    page = _page(running, f"/requests/{first}")
    assert "led by Hattie Lyons" in page
    assert "Somebody else leads the plan now" in page
    assert _row(running, first).stage == "accepted"


def test_somebody_who_changed_in_the_directory_is_asked_about_again(start: Start) -> None:
    running = start("referrals")
    accepted = _plan_of(running, sent(running))
    path = ("directory", f"/people/{accepted.practitioner_id}")
    running.neighbours.answers[path] = {"name": "Tariq Aziz", "agency_name": "", "mobile": ""}
    assert fetch_names(running.resources)
    assert not fetch_names(running.resources)
    running.hears(PersonChanged(accepted.practitioner_id, accepted.agency_id, ("lead_practitioner",), True))
    assert fetch_names(running.resources)
