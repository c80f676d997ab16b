"""When a family's papers and plans close: to whom, and what can no longer be decided about it."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any
from uuid import UUID, uuid4

import pytest
import sqlalchemy as sa

from services.panel.tables import AgendaItemRow, PaperRow, PlanRow
from shared.audit import audit
from shared.events.panel import AllocationOffered, RequestFoundPlanClosed
from shared.events.referrals import ConsentChanged, RequestAddedToPlan, RequestWithdrawn, SafeguardingRaised
from shared.identity import Person
from shared.references import new_reference
from tests.factories import a_person
from tests.integration.conftest import Running
from tests.integration.panel.sitting import Sitting, a_paper
from tests.integration.panel.test_allocations import accept
from tests.integration.panel.test_consent import Circulated, answers_anew, is_fetched, request_of

Start = Callable[..., Running]


@pytest.fixture
def sitting(start: Start) -> Sitting:
    return Sitting(start("panel"))


def gives(sitting: Sitting, request_id: UUID, paper: dict[str, Any]) -> None:
    """Let the referrals service give this paper from now on."""
    sitting.running.neighbours.answers[("referrals", f"/requests/{request_id}/paper")] = paper


def the_plan(sitting: Sitting) -> PlanRow:
    with sitting.running.database.read() as session:
        return session.scalars(sa.select(PlanRow)).one()


def takes_back_its_word(sitting: Sitting, there: Circulated, kind: str) -> None:
    """Let the family say no to the request itself (to_ask) or to others being told (to_share)."""
    paper = a_paper(new_reference())
    paper["consent"]["may_share"] = False
    gives(sitting, there.request_id, paper)
    sitting.running.hears(ConsentChanged(there.request_id, uuid4(), new_reference(), kind))
    is_fetched(sitting)


@pytest.mark.parametrize("kind", ["to_ask", "to_share"])
def test_nothing_is_allocated_and_no_agency_gets_an_action_for_a_family_that_says_no(
    sitting: Sitting, kind: str
) -> None:
    there = Circulated(sitting)
    takes_back_its_word(sitting, there, kind)
    assert "has not agreed" in sitting.decides(there.item_id, "allocate", 409)["detail"]
    assert "has not agreed" in sitting.decides(there.item_id, "plan_advice", 409)["detail"]
    assert sitting.running.announced(AllocationOffered) == []
    sitting.decides(there.item_id, "not_accepted")


def test_who_takes_back_its_word_about_the_request_itself_is_read_by_no_member(sitting: Sitting) -> None:
    there = Circulated(sitting)
    takes_back_its_word(sitting, there, "to_ask")
    assert there.status(sitting.member) == 404
    assert not there.is_in_pack_of(sitting.member)


@pytest.mark.parametrize("fact", [RequestWithdrawn, SafeguardingRaised])
def test_a_request_that_left_is_read_by_no_member_and_only_those_who_run_the_panel_hear_why(
    sitting: Sitting, fact: type[Any]
) -> None:
    there = Circulated(sitting)
    sitting.running.hears(fact(there.request_id, uuid4(), new_reference()))
    assert there.status(sitting.member) == 404
    assert not there.is_in_pack_of(sitting.member)
    address = f"/panel/meetings/{there.meeting_id}"
    for_member = sitting.running.browser(sitting.member).get(address).text
    assert "The request is no longer for this panel." in for_member
    assert "social care." not in for_member.split("<main")[1].split("</main")[0]
    assert "went to social care" in sitting.running.browser(sitting.coordinator).get(address).text or (
        fact is RequestWithdrawn
    )


def test_an_agency_whose_family_was_taken_away_reads_nothing_newer(sitting: Sitting) -> None:
    allocation_id = sitting.offered()
    accept(sitting, allocation_id)
    request_id, plan_id = request_of(sitting, allocation_id), the_plan(sitting).id
    sitting.running.hears(RequestWithdrawn(request_id, uuid4(), new_reference()))
    gives(sitting, request_id, a_paper(new_reference()) | {"worried_about": "A NEWER STORY"})
    sitting.running.hears(ConsentChanged(request_id, uuid4(), new_reference(), "to_share"))
    is_fetched(sitting)
    assert sitting.get(sitting.manager, f"/allocations/{allocation_id}")["paper_closed"] == "taken_away"
    for person, page in ((sitting.manager, f"allocations/{allocation_id}"), (sitting.lead, f"plans/{plan_id}")):
        assert "A NEWER STORY" not in sitting.running.browser(person).get(f"/panel/{page}").text


def test_who_moves_to_another_agency_leaves_their_families_behind(sitting: Sitting) -> None:
    plan_id = sitting.planned()
    moved = replace(sitting.lead, agency_id=sitting.other_agency_id)
    assert sitting.running.browser(moved).get(f"/panel/plans/{plan_id}").status_code == 404
    review = {"held_on": "2026-11-02", "progress": "better", "outcome": "continue", "note": "We go on."}
    sitting.post(moved, f"/plans/{plan_id}/reviews", review, 404)


def test_a_joined_request_is_new_again_to_a_new_lead(sitting: Sitting) -> None:
    plan_id = sitting.planned()
    plan, joined = the_plan(sitting), uuid4()
    gives(sitting, joined, a_paper(new_reference()))
    sitting.running.hears(RequestAddedToPlan(joined, plan.family_id, new_reference(), plan_id))
    is_fetched(sitting)
    sitting.get(sitting.lead, f"/plans/{plan_id}/requests/{joined}")
    lead = sitting._knows(a_person("lead_practitioner", name="Nadia New", agency_id=sitting.agency_id))
    naming = sitting.get(sitting.manager, f"/plans/{plan_id}")["leads"][-1]["lead_id"]
    body = {"practitioner_id": str(lead.person_id), "supersedes": naming}
    sitting.post(sitting.manager, f"/plans/{plan_id}/lead-practitioner", body)
    assert sitting.get(lead, f"/plans/{plan_id}")["new_requests"] == 1
    today = sitting.running.clock.at.date().isoformat()
    review = {"held_on": today, "progress": "better", "outcome": "step_down", "note": "Done."}
    sitting.post(lead, f"/plans/{plan_id}/reviews", review)
    assert [fact.request_id for fact in sitting.running.announced(RequestFoundPlanClosed)] == [joined]


def test_minutes_are_closed_too_while_a_familys_newest_answer_is_awaited(sitting: Sitting) -> None:
    there = Circulated(sitting)
    sitting.decides(there.item_id, "not_accepted")
    sitting.post(sitting.chair, f"/meetings/{there.meeting_id}/end", {}, 200)
    address = f"/panel/meetings/{there.meeting_id}/minutes"
    assert "Because it fits." in sitting.running.browser(there.guest).get(address).text
    answers_anew(sitting, there.request_id, not_with=("Steps Forward",))
    assert "Because it fits." not in sitting.running.browser(there.guest).get(address).text


def ends(sitting: Sitting, plan_id: UUID) -> None:
    """Let the lead practitioner end a plan as one ends normally."""
    today = sitting.running.clock.at.date().isoformat()
    review = {"held_on": today, "progress": "better", "outcome": "step_down", "note": "Done."}
    sitting.post(sitting.lead, f"/plans/{plan_id}/reviews", review)


def writes_a_newer_story(sitting: Sitting, request_id: UUID) -> None:
    gives(sitting, request_id, a_paper(new_reference()) | {"worried_about": "A NEWER STORY"})
    sitting.running.hears(ConsentChanged(request_id, uuid4(), new_reference(), "to_share"))
    is_fetched(sitting)


def test_an_agency_reads_what_is_newer_while_its_plan_is_open_and_keeps_what_it_had_when_it_ended(
    sitting: Sitting,
) -> None:
    plan_id = sitting.planned()
    plan, pages = the_plan(sitting), {sitting.lead: f"/panel/plans/{plan_id}"}
    pages[sitting.manager] = f"/panel/allocations/{plan.allocation_id}"
    writes_a_newer_story(sitting, plan.request_id)
    assert all("A NEWER STORY" in sitting.running.browser(person).get(page).text for person, page in pages.items())
    gives(sitting, plan.request_id, a_paper(new_reference()) | {"worried_about": "Before the end."})
    sitting.running.hears(ConsentChanged(plan.request_id, uuid4(), new_reference(), "to_share"))
    is_fetched(sitting)
    ends(sitting, plan_id)
    writes_a_newer_story(sitting, plan.request_id)
    for person, page in pages.items():
        shown = sitting.running.browser(person).get(page).text
        assert "Before the end." in shown
        assert "A NEWER STORY" not in shown
    paper = sitting.get(sitting.manager, f"/allocations/{plan.allocation_id}")["paper"]
    assert paper["worried_about"] == "Before the end."


def test_of_a_joined_request_too_an_agency_keeps_what_it_had_when_its_plan_ended(sitting: Sitting) -> None:
    plan_id, joined = sitting.planned(), uuid4()
    gives(sitting, joined, a_paper(new_reference()))
    sitting.running.hears(RequestAddedToPlan(joined, the_plan(sitting).family_id, new_reference(), plan_id))
    is_fetched(sitting)
    path = f"/plans/{plan_id}/requests/{joined}"
    sitting.get(sitting.lead, path)
    ends(sitting, plan_id)
    writes_a_newer_story(sitting, joined)
    assert sitting.get(sitting.lead, path)["paper"]["worried_about"] == "They shout."


def test_an_agency_whose_plan_ended_reads_nothing_that_the_family_has_closed_since(sitting: Sitting) -> None:
    plan_id = sitting.planned()
    ends(sitting, plan_id)
    answers_anew(sitting, the_plan(sitting).request_id, not_with=("Steps Forward",))
    is_fetched(sitting)
    page = sitting.running.browser(sitting.lead).get(f"/panel/plans/{plan_id}").text
    assert "The family does not want your agency to read it" in page
    assert "They shout." not in page


def test_a_plan_that_ended_before_its_paper_came_never_shows_one(sitting: Sitting) -> None:
    plan_id = sitting.planned()
    plan = the_plan(sitting)
    with sitting.running.database.begin() as session:
        session.execute(sa.update(AgendaItemRow).values(paper_id=None))
        session.execute(sa.delete(PaperRow))
    ends(sitting, plan_id)
    writes_a_newer_story(sitting, plan.request_id)
    page = sitting.running.browser(sitting.lead).get(f"/panel/plans/{plan_id}").text
    assert "A NEWER STORY" not in page
    assert "Come back in a minute" not in page


def readings(sitting: Sitting, person: Person) -> list[tuple[str, dict[str, str]]]:
    with sitting.running.database.read() as session:
        lines = session.execute(sa.select(audit).where(audit.c.who == str(person.person_id)).order_by(audit.c.id))
        kept = ("opened_allocation", "read_plan", "read_paper", "found_paper_closed")
        return [(line.did, line.details) for line in lines if line.did in kept]


@pytest.mark.parametrize("door", ["page", "api"])
def test_the_audit_keeps_whether_the_paper_of_an_offer_was_shown_or_closed(sitting: Sitting, door: str) -> None:
    allocation_id = sitting.offered()

    def opens() -> None:
        if door == "page":
            sitting.running.browser(sitting.manager).get(f"/panel/allocations/{allocation_id}")
        else:
            sitting.get(sitting.manager, f"/allocations/{allocation_id}")

    opens()
    answers_anew(sitting, request_of(sitting, allocation_id), not_with=("Steps Forward",))
    opens()
    is_fetched(sitting)
    opens()
    assert readings(sitting, sitting.manager) == [
        ("opened_allocation", {}),
        ("read_paper", {}),
        ("opened_allocation", {}),
        ("found_paper_closed", {"because": "awaited"}),
        ("opened_allocation", {}),
    ]


def test_the_audit_keeps_whether_the_paper_of_a_plan_was_shown_or_closed(sitting: Sitting) -> None:
    plan_id = sitting.planned()
    browser = sitting.running.browser(sitting.lead)
    browser.get(f"/panel/plans/{plan_id}")
    answers_anew(sitting, the_plan(sitting).request_id, not_with=("Steps Forward",))
    is_fetched(sitting)
    browser.get(f"/panel/plans/{plan_id}")
    assert readings(sitting, sitting.lead) == [
        ("read_plan", {}),
        ("read_paper", {}),
        ("read_plan", {}),
        ("found_paper_closed", {"because": "excluded"}),
    ]
