"""Plans: who sees them, and the story that a page tells of them."""

from collections.abc import Callable

import pytest
import sqlalchemy as sa

from shared.audit import audit
from tests.factories import a_person
from tests.integration.conftest import Running
from tests.integration.panel.sitting import Sitting


@pytest.fixture
def sitting(start: Callable[..., Running]) -> Sitting:
    return Sitting(start("panel"))


def test_a_lead_practitioner_finds_the_family_with_its_next_review(sitting: Sitting) -> None:
    plan_id = sitting.planned()
    [plan] = sitting.get(sitting.lead, "/plans")["plans"]
    assert plan["plan_id"] == str(plan_id)
    assert plan["next_review_due_on"]
    page = sitting.running.browser(sitting.lead).get("/panel/plans").text
    assert plan["reference"] in page
    assert "Overdue" not in page


def test_the_manager_of_the_agency_sees_it_too_but_cannot_review(sitting: Sitting) -> None:
    plan_id = sitting.planned()
    browser = sitting.running.browser(sitting.manager)
    assert "Lee Lead" in browser.get("/panel/plans").text
    page = browser.get(f"/panel/plans/{plan_id}").text
    assert "Record a review" not in page
    assert browser.post(f"/panel/plans/{plan_id}/reviews", data={}).status_code == 403


def test_nobody_else_knows_of_the_plan(sitting: Sitting) -> None:
    plan_id = sitting.planned()
    colleague = a_person("lead_practitioner", agency_id=sitting.agency_id)
    for stranger in (colleague, sitting.other_lead, sitting.other_manager):
        assert sitting.get(stranger, "/plans")["plans"] == []
        sitting.get(stranger, f"/plans/{plan_id}", 404)
        assert sitting.running.browser(stranger).get(f"/panel/plans/{plan_id}").status_code == 404


def test_a_plan_shows_the_paper_and_its_policy_and_the_reading_is_on_record(sitting: Sitting) -> None:
    plan_id = sitting.planned()
    page = sitting.running.browser(sitting.lead).get(f"/panel/plans/{plan_id}").text
    assert "They shout." in page
    assert "Review policy of 2024" in page
    assert "Larkfield" not in page
    with sitting.running.database.read() as session:
        assert session.scalars(sa.select(audit.c.who).where(audit.c.did == "read_plan")).all() == [
            str(sitting.lead.person_id)
        ]


def test_without_a_plan_the_page_says_when_there_will_be_one(sitting: Sitting) -> None:
    assert "There is no open plan" in sitting.running.browser(sitting.lead).get("/panel/plans").text
    assert "No plan has ended yet" in sitting.running.browser(sitting.lead).get("/panel/plans?state=ended").text
