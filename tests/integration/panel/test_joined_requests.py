"""A later request of a family that has a plan: it lies with the plan, and whoever leads the plan reads it."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any
from uuid import UUID, uuid4

import pytest
import sqlalchemy as sa

from services.panel.jobs.papers import fetch_papers
from services.panel.tables import PlanRow
from shared.audit import audit
from shared.errors import NotFound
from shared.events.panel import RequestFoundPlanClosed, RequestJoinedPlan
from shared.events.referrals import ConsentChanged, RequestAddedToPlan, RequestTakenBack, RequestWithdrawn
from shared.messaging.tables import inbox
from shared.references import new_reference
from tests.factories import a_person
from tests.integration.conftest import Running
from tests.integration.panel.sitting import Sitting, a_paper

EXCLUDED = ("Steps Forward",)


@pytest.fixture
def sitting(start: Callable[..., Running]) -> Sitting:
    return Sitting(start("panel"))


def joins(sitting: Sitting, plan_id: UUID, *, not_with: tuple[str, ...] = ()) -> RequestAddedToPlan:
    """Let triage give a request to a plan, and its paper be fetched; return the fact."""
    fact = RequestAddedToPlan(uuid4(), uuid4(), new_reference(), plan_id)
    paper = a_paper(fact.reference, not_with) | {"worried_about": "The new worry."}
    sitting.running.neighbours.answers[("referrals", f"/requests/{fact.request_id}/paper")] = paper
    sitting.running.hears(fact)
    while fetch_papers(sitting.running.resources):
        pass
    return fact


def review(sitting: Sitting, **given: Any) -> dict[str, Any]:
    held_on = sitting.running.clock.at.date().isoformat()
    return {"held_on": held_on, "progress": "better", "outcome": "step_down", "note": "All is well."} | given


def who_read(sitting: Sitting, request_id: UUID) -> list[str]:
    with sitting.running.database.read() as session:
        read = sa.select(audit.c.who).where(audit.c.did == "read_paper", audit.c.subject_id == str(request_id))
        return list(session.scalars(read))


def test_the_request_lies_with_the_plan_and_its_lead_practitioner_is_to_be_told(sitting: Sitting) -> None:
    plan_id = sitting.planned()
    fact = joins(sitting, plan_id)
    [joined] = sitting.running.announced(RequestJoinedPlan)
    assert (joined.plan_id, joined.request_id, joined.practitioner_id) == (
        plan_id,
        fact.request_id,
        sitting.lead.person_id,
    )
    page = sitting.running.browser(sitting.lead).get(f"/panel/plans/{plan_id}").text
    assert "Requests added to this plan" in page
    assert fact.reference in page


def test_a_request_that_waited_for_a_panel_waits_no_more(sitting: Sitting) -> None:
    plan_id, request_id = sitting.planned(), sitting.asks()
    sitting.running.hears(RequestAddedToPlan(request_id, uuid4(), new_reference(), plan_id))
    assert sitting.item(request_id).state == "removed"


def test_it_is_new_until_whoever_leads_the_plan_has_read_it(sitting: Sitting) -> None:
    plan_id = sitting.planned()
    fact = joins(sitting, plan_id)
    lead, manager = sitting.running.browser(sitting.lead), sitting.running.browser(sitting.manager)
    path = f"/panel/plans/{plan_id}/requests/{fact.request_id}"
    assert "The new worry." in manager.get(path).text
    assert "New request" in lead.get("/panel/plans").text
    assert sitting.get(sitting.lead, "/plans")["plans"][0]["new_requests"] == 1
    assert "The new worry." in lead.get(path).text
    assert "New request" not in lead.get("/panel/plans").text
    [listed] = sitting.get(sitting.lead, f"/plans/{plan_id}")["requests"]
    assert (listed["reference"], listed["is_new"]) == (fact.reference, False)
    assert who_read(sitting, fact.request_id) == [str(sitting.manager.person_id), str(sitting.lead.person_id)]


def test_nobody_reads_it_who_does_not_see_the_plan(sitting: Sitting) -> None:
    plan_id = sitting.planned()
    fact = joins(sitting, plan_id)
    colleague = a_person("lead_practitioner", agency_id=sitting.agency_id)
    for stranger in (colleague, sitting.other_lead, sitting.other_manager):
        assert sitting.get(stranger, f"/plans/{plan_id}/requests/{fact.request_id}", 404)
        browser = sitting.running.browser(stranger)
        assert browser.get(f"/panel/plans/{plan_id}/requests/{fact.request_id}").status_code == 404
    sitting.get(sitting.lead, f"/plans/{plan_id}/requests/{uuid4()}", 404)
    assert who_read(sitting, fact.request_id) == []


def test_an_agency_that_the_family_excluded_this_time_is_told_that_it_may_not_read_it(sitting: Sitting) -> None:
    plan_id = sitting.planned()
    fact = joins(sitting, plan_id, not_with=("Steps Forward",))
    page = sitting.running.browser(sitting.lead).get(f"/panel/plans/{plan_id}/requests/{fact.request_id}")
    assert page.status_code == 200
    assert "The family does not want your agency to read it" in page.text
    assert "The new worry." not in page.text
    answer = sitting.get(sitting.lead, f"/plans/{plan_id}/requests/{fact.request_id}")
    assert (answer["paper"], answer["paper_closed"], answer["is_new"]) == (None, "excluded", True)
    assert who_read(sitting, fact.request_id) == []


def test_a_plan_that_has_ended_takes_none_and_the_front_door_hears_of_it(sitting: Sitting) -> None:
    plan_id = sitting.planned()
    sitting.post(sitting.lead, f"/plans/{plan_id}/reviews", review(sitting))
    fact = joins(sitting, plan_id)
    [found] = sitting.running.announced(RequestFoundPlanClosed)
    assert (found.plan_id, found.request_id) == (plan_id, fact.request_id)
    assert sitting.running.announced(RequestJoinedPlan) == []
    assert sitting.get(sitting.lead, f"/plans/{plan_id}")["requests"] == []


def test_a_request_that_nobody_read_goes_back_when_the_plan_ends_and_one_that_was_read_stays(sitting: Sitting) -> None:
    plan_id = sitting.planned()
    read, unread = joins(sitting, plan_id), joins(sitting, plan_id)
    sitting.get(sitting.lead, f"/plans/{plan_id}/requests/{read.request_id}")
    sitting.post(sitting.lead, f"/plans/{plan_id}/reviews", review(sitting))
    [found] = sitting.running.announced(RequestFoundPlanClosed)
    assert found.request_id == unread.request_id
    assert [one["reference"] for one in sitting.get(sitting.lead, f"/plans/{plan_id}")["requests"]] == [read.reference]


def test_where_the_plan_is_taken_away_every_request_goes_back(sitting: Sitting) -> None:
    plan_id = sitting.planned()
    fact = joins(sitting, plan_id)
    sitting.get(sitting.lead, f"/plans/{plan_id}/requests/{fact.request_id}")
    with sitting.running.database.read() as session:
        request_id = session.get_one(PlanRow, plan_id).request_id
    sitting.running.hears(RequestWithdrawn(request_id, uuid4(), new_reference()))
    assert [one.request_id for one in sitting.running.announced(RequestFoundPlanClosed)] == [fact.request_id]


def test_a_request_that_triage_takes_back_leaves_the_plan_and_can_join_it_again(sitting: Sitting) -> None:
    plan_id = sitting.planned()
    fact = joins(sitting, plan_id)
    sitting.running.hears(RequestTakenBack(fact.request_id, fact.family_id, fact.reference))
    assert sitting.get(sitting.lead, f"/plans/{plan_id}")["requests"] == []
    sitting.get(sitting.lead, f"/plans/{plan_id}/requests/{fact.request_id}", 404)
    for _ in range(2):
        sitting.running.hears(fact)
    assert len(sitting.get(sitting.lead, f"/plans/{plan_id}")["requests"]) == 1


def test_a_plan_that_was_never_there_is_refused_and_the_request_stays_where_it_is(sitting: Sitting) -> None:
    request_id = sitting.asks()
    fact = RequestAddedToPlan(request_id, uuid4(), new_reference(), uuid4())
    with pytest.raises(NotFound):
        sitting.running.hears(fact)
    sitting.running.receives(replace(fact))
    with sitting.running.database.read() as session:
        assert session.scalars(sa.select(inbox.c.status)).all() == ["parked"]
    assert sitting.item(request_id).state == "placed"


def test_a_request_that_is_closed_to_the_lead_practitioner_can_be_marked_as_seen(sitting: Sitting) -> None:
    plan_id = sitting.planned()
    fact = joins(sitting, plan_id, not_with=EXCLUDED)
    browser, path = sitting.running.browser(sitting.lead), f"/panel/plans/{plan_id}/requests/{fact.request_id}"
    assert "Mark as seen" in browser.get(path).text
    assert browser.post(f"{path}/seen").location == f"/panel/plans/{plan_id}"
    assert sitting.get(sitting.lead, "/plans")["plans"][0]["new_requests"] == 0
    page = browser.get(f"/panel/plans/{plan_id}").text
    assert "Closed to you" in page
    assert "Mark as seen" not in browser.get(path).text
    with sitting.running.database.read() as session:
        line = session.execute(sa.select(audit).where(audit.c.did == "marked_seen")).one()
    assert (line.who, line.details) == (str(sitting.lead.person_id), {"because": "excluded"})


def test_what_was_only_marked_as_seen_goes_back_when_the_plan_ends(sitting: Sitting) -> None:
    plan_id = sitting.planned()
    fact = joins(sitting, plan_id, not_with=EXCLUDED)
    sitting.post(sitting.lead, f"/plans/{plan_id}/requests/{fact.request_id}/seen", {}, 204)
    sitting.post(sitting.lead, f"/plans/{plan_id}/reviews", review(sitting))
    assert [one.request_id for one in sitting.running.announced(RequestFoundPlanClosed)] == [fact.request_id]


def test_a_request_that_was_marked_as_seen_is_new_again_when_the_family_answers_anew(sitting: Sitting) -> None:
    plan_id = sitting.planned()
    fact = joins(sitting, plan_id, not_with=EXCLUDED)
    sitting.post(sitting.lead, f"/plans/{plan_id}/requests/{fact.request_id}/seen", {}, 204)
    sitting.running.hears(ConsentChanged(fact.request_id, fact.family_id, fact.reference, "to_research"))
    assert sitting.get(sitting.lead, "/plans")["plans"][0]["new_requests"] == 0
    sitting.running.hears(ConsentChanged(fact.request_id, fact.family_id, fact.reference, "to_share"))
    assert sitting.get(sitting.lead, "/plans")["plans"][0]["new_requests"] == 1


def test_a_request_that_can_be_read_is_read_and_not_put_aside(sitting: Sitting) -> None:
    plan_id = sitting.planned()
    fact = joins(sitting, plan_id)
    path = f"/plans/{plan_id}/requests/{fact.request_id}"
    sitting.post(sitting.lead, f"{path}/seen", {}, 409)
    assert "Mark as seen" not in sitting.running.browser(sitting.lead).get(f"/panel{path}").text


def test_only_whoever_leads_the_plan_marks_a_request_as_seen(sitting: Sitting) -> None:
    plan_id = sitting.planned()
    fact = joins(sitting, plan_id, not_with=EXCLUDED)
    path = f"/plans/{plan_id}/requests/{fact.request_id}"
    sitting.post(sitting.manager, f"{path}/seen", {}, 403)
    sitting.post(sitting.other_lead, f"{path}/seen", {}, 404)
    sitting.post(sitting.lead, f"/plans/{plan_id}/requests/{uuid4()}/seen", {}, 404)
    assert "Mark as seen" not in sitting.running.browser(sitting.manager).get(f"/panel{path}").text
    assert sitting.get(sitting.lead, "/plans")["plans"][0]["new_requests"] == 1
