"""A manager gives a plan to another lead practitioner of the agency."""

from collections.abc import Callable
from dataclasses import replace
from uuid import UUID, uuid4

import pytest
import sqlalchemy as sa

from services.panel.tables import KnownPersonRow, PlanLeadRow
from shared.audit import audit
from shared.events.directory import PersonChanged
from shared.events.panel import LeadPractitionerChanged
from shared.identity import Person
from tests.factories import a_person
from tests.integration.conftest import Running
from tests.integration.panel.sitting import Sitting


@pytest.fixture
def sitting(start: Callable[..., Running]) -> Sitting:
    return Sitting(start("panel"))


@pytest.fixture
def colleague(sitting: Sitting) -> Person:
    person = a_person("lead_practitioner", agency_id=sitting.agency_id)
    sitting.running.hears(PersonChanged(person.person_id, person.agency_id, tuple(person.roles), is_active=True))
    with sitting.running.database.begin() as session:
        session.get_one(KnownPersonRow, person.person_id).name = "Nia Next"
    return person


def named(sitting: Sitting, plan_id: UUID, person: Person, status: int = 201, **given: object) -> dict[str, object]:
    standing = sitting.get(sitting.manager, f"/plans/{plan_id}")["leads"][-1]["lead_id"]
    body = {"practitioner_id": str(person.person_id), "supersedes": standing} | given
    answer: dict[str, object] = sitting.post(sitting.manager, f"/plans/{plan_id}/lead-practitioner", body, status)
    return answer


def test_the_new_lead_practitioner_has_the_plan_and_the_earlier_one_no_longer_sees_it(
    sitting: Sitting, colleague: Person
) -> None:
    plan_id = sitting.planned()
    named(sitting, plan_id, colleague)
    assert sitting.get(sitting.lead, "/plans")["plans"] == []
    sitting.get(sitting.lead, f"/plans/{plan_id}", 404)
    [plan] = sitting.get(colleague, "/plans")["plans"]
    [changed] = sitting.running.announced(LeadPractitionerChanged)
    assert (changed.plan_id, changed.practitioner_id, changed.earlier_practitioner_id) == (
        plan_id,
        colleague.person_id,
        sitting.lead.person_id,
    )
    assert changed.review_due_on.isoformat() == plan["next_review_due_on"]


def test_who_led_it_since_when_stays_on_record(sitting: Sitting, colleague: Person) -> None:
    plan_id = sitting.planned()
    named(sitting, plan_id, colleague)
    named(sitting, plan_id, sitting.lead)
    leads = sitting.get(sitting.manager, f"/plans/{plan_id}")["leads"]
    expected = [sitting.lead.person_id, colleague.person_id, sitting.lead.person_id]
    assert [lead["practitioner_id"] for lead in leads] == [str(person_id) for person_id in expected]
    page = sitting.running.browser(sitting.manager).get(f"/panel/plans/{plan_id}").text
    assert "Who led this plan before" in page
    with sitting.running.database.read() as session:
        assert session.scalar(sa.select(sa.func.count()).select_from(PlanLeadRow)) == 3
        lines = session.scalars(sa.select(audit.c.who).where(audit.c.did == "named_lead_practitioner")).all()
    assert lines == [str(sitting.manager.person_id)] * 2


def test_only_somebody_else_of_the_agency_who_leads_plans_can_be_named(sitting: Sitting) -> None:
    plan_id = sitting.planned()
    for person in (sitting.other_lead, sitting.manager, sitting.lead, a_person("lead_practitioner")):
        problem = named(sitting, plan_id, person, 422)
        assert "/practitioner_id" in str(problem["errors"])
    assert sitting.running.announced(LeadPractitionerChanged) == []


def test_only_a_manager_of_the_plans_agency_names_anybody(sitting: Sitting, colleague: Person) -> None:
    plan_id = sitting.planned()
    path = f"/plans/{plan_id}/lead-practitioner"
    body = {"practitioner_id": str(colleague.person_id), "supersedes": str(uuid4())}
    sitting.post(sitting.other_manager, path, body, 404)
    sitting.post(sitting.lead, path, body, 403)
    for person, status in ((sitting.other_manager, 404), (sitting.lead, 403)):
        browser = sitting.running.browser(person)
        assert browser.get(f"/panel{path}").status_code == status
        assert browser.post(f"/panel{path}", data=body).status_code == status
    assert "Change the" not in sitting.running.browser(sitting.lead).get(f"/panel/plans/{plan_id}").text


def test_a_manager_names_somebody_on_the_page(sitting: Sitting, colleague: Person) -> None:
    plan_id = sitting.planned()
    browser = sitting.running.browser(sitting.manager)
    path = f"/panel/plans/{plan_id}/lead-practitioner"
    page = browser.get(path).text
    assert "Nia Next" in page
    assert 'type="radio" value="' + str(sitting.lead.person_id) not in page
    assert browser.post(path, data={}).status_code == 422
    standing = sitting.get(sitting.manager, f"/plans/{plan_id}")["leads"][-1]["lead_id"]
    typed = {"practitioner_id": str(colleague.person_id), "supersedes": standing}
    assert browser.post(path, data=typed).location == f"/panel/plans/{plan_id}"
    assert "Nia Next" in browser.get(f"/panel/plans/{plan_id}").text


def test_somebody_who_names_without_knowing_who_was_named_last_is_told(sitting: Sitting, colleague: Person) -> None:
    plan_id = sitting.planned()
    third = a_person("lead_practitioner", agency_id=sitting.agency_id)
    sitting.running.hears(PersonChanged(third.person_id, third.agency_id, tuple(third.roles), is_active=True))
    seen = sitting.get(sitting.manager, f"/plans/{plan_id}")["leads"][-1]["lead_id"]
    named(sitting, plan_id, colleague)
    named(sitting, plan_id, third, 409, supersedes=seen)
    typed = {"practitioner_id": str(third.person_id), "supersedes": seen}
    answer = sitting.running.browser(sitting.manager).post(f"/panel/plans/{plan_id}/lead-practitioner", data=typed)
    assert answer.status_code == 409
    assert "Somebody has named another person since you opened this page" in answer.text
    assert f'value="{third.person_id}" checked' in answer.text
    assert "Nia Next will no longer see this plan" in answer.text


def test_nobody_is_named_for_a_plan_that_has_ended(sitting: Sitting, colleague: Person) -> None:
    plan_id = sitting.planned()
    held_on = sitting.running.clock.at.date().isoformat()
    review = {"held_on": held_on, "progress": "better", "outcome": "step_down", "note": "All is well."}
    sitting.post(sitting.lead, f"/plans/{plan_id}/reviews", review)
    named(sitting, plan_id, colleague, 409)
    page = sitting.running.browser(sitting.manager).get(f"/panel/plans/{plan_id}/lead-practitioner").text
    assert "This plan has ended" in page


def typed_review(sitting: Sitting, **given: str) -> dict[str, str]:
    today = sitting.running.clock.at.date()
    day = {"held_on-day": str(today.day), "held_on-month": str(today.month), "held_on-year": str(today.year)}
    return day | {"progress": "better", "outcome": "continue", "note": "We talked about bedtimes."} | given


@pytest.mark.parametrize("missing", [{}, {"outcome": ""}])
def test_a_review_typed_by_whoever_led_the_plan_before_is_shown_to_them_with_who_leads_now(
    sitting: Sitting, colleague: Person, missing: dict[str, str]
) -> None:
    plan_id = sitting.planned()
    named(sitting, plan_id, colleague)
    browser = sitting.running.browser(sitting.lead)
    answer = browser.post(f"/panel/plans/{plan_id}/reviews", data=typed_review(sitting, **missing))
    assert answer.status_code == 409
    assert "You no longer lead this plan" in answer.text
    assert "Nia Next is the lead professional now" in answer.text
    assert "We talked about bedtimes." in answer.text
    assert "They shout." not in answer.text
    assert all(review["held_on"] is None for review in sitting.get(colleague, f"/plans/{plan_id}")["reviews"])


def test_who_has_moved_to_another_agency_is_not_told_who_leads_there_now(sitting: Sitting, colleague: Person) -> None:
    plan_id = sitting.planned()
    named(sitting, plan_id, colleague)
    moved = replace(sitting.lead, agency_id=sitting.other_agency_id)
    page = sitting.running.browser(moved).post(f"/panel/plans/{plan_id}/reviews", data=typed_review(sitting))
    assert page.status_code == 409
    assert "We talked about bedtimes." in page.text
    assert "Nia Next" not in page.text


def test_who_never_led_the_plan_learns_nothing_of_it(sitting: Sitting, colleague: Person) -> None:
    plan_id = sitting.planned()
    for stranger in (colleague, sitting.other_lead):
        answer = sitting.running.browser(stranger).post(f"/panel/plans/{plan_id}/reviews", data=typed_review(sitting))
        assert answer.status_code == 404


def test_a_review_of_a_plan_that_ended_meanwhile_is_shown_to_who_typed_it(sitting: Sitting) -> None:
    plan_id = sitting.planned()
    review = {"held_on": sitting.running.clock.at.date().isoformat(), "progress": "better", "note": "All is well."}
    sitting.post(sitting.lead, f"/plans/{plan_id}/reviews", review | {"outcome": "step_down"})
    page = sitting.running.browser(sitting.lead).post(f"/panel/plans/{plan_id}/reviews", data=typed_review(sitting))
    assert page.status_code == 409
    assert "This plan has ended" in page.text
    assert "We talked about bedtimes." in page.text
