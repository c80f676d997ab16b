"""Reviews: recorded, reminded of, overdue, and the end of a plan."""

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa

from services.panel.jobs.plans import alert_overdue_reviews, remind_of_reviews
from services.panel.tables import PlanRow, ReviewRow
from shared.events.panel import PlanClosed, ReviewDue, ReviewOverdue
from shared.london import LONDON, london_date
from tests.integration.conftest import Running
from tests.integration.panel.sitting import Sitting


@pytest.fixture
def sitting(start: Callable[..., Running]) -> Sitting:
    return Sitting(start("panel"))


def reviewed(sitting: Sitting, plan_id: UUID, status: int = 201, **given: Any) -> Any:
    body = {
        "held_on": london_date(sitting.running.clock.at).isoformat(),
        "progress": "better",
        "outcome": "continue",
        "note": "School is going well.",
    } | given
    return sitting.post(sitting.lead, f"/plans/{plan_id}/reviews", body, status)


def due_on(sitting: Sitting) -> date:
    with sitting.running.database.read() as session:
        return session.scalars(sa.select(ReviewRow.due_on).where(ReviewRow.held_on.is_(None))).one()


def morning(day: date) -> datetime:
    return datetime.combine(day, time(7, 0), LONDON)


def test_a_review_that_is_held_makes_the_next_one_due(sitting: Sitting) -> None:
    plan_id = sitting.planned()
    sitting.running.clock.at += timedelta(weeks=5)
    held_on = london_date(sitting.running.clock.at)
    answer = reviewed(sitting, plan_id)
    assert held_on < date.fromisoformat(answer["next_review_due_on"]) <= held_on + timedelta(weeks=6)
    [waiting, held] = sitting.get(sitting.lead, f"/plans/{plan_id}")["reviews"]
    assert (waiting["held_on"], held["held_on"]) == (None, held_on.isoformat())
    assert held["note"] == "School is going well."


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        ({"outcome": "step_down"}, "needs_met"),
        ({"outcome": "step_up_accepted"}, "moved_to_social_care"),
        ({"outcome": "close", "reason": "moved_away"}, "moved_away"),
    ],
)
def test_a_review_can_end_the_plan(sitting: Sitting, given: dict[str, Any], reason: str) -> None:
    plan_id = sitting.planned()
    assert reviewed(sitting, plan_id, **given)["next_review_due_on"] is None
    [closed] = sitting.running.announced(PlanClosed)
    assert (closed.plan_id, closed.reason) == (plan_id, reason)
    assert sitting.get(sitting.lead, "/plans")["plans"] == []
    assert len(sitting.get(sitting.lead, "/plans?state=ended")["plans"]) == 1
    reviewed(sitting, plan_id, 409)


def test_a_plan_goes_on_until_social_care_accepts(sitting: Sitting) -> None:
    plan_id = sitting.planned()
    assert reviewed(sitting, plan_id, outcome="step_up_asked", progress="worse")["next_review_due_on"]
    assert sitting.running.announced(PlanClosed) == []


def test_ending_for_another_reason_names_it(sitting: Sitting) -> None:
    plan_id = sitting.planned()
    problem = reviewed(sitting, plan_id, 422, outcome="close")
    assert problem["errors"][0]["pointer"] == "/reason"
    reviewed(sitting, plan_id, 422, outcome="close", reason="moved_to_social_care")


def test_a_review_is_not_of_tomorrow_nor_of_before_the_plan(sitting: Sitting) -> None:
    plan_id = sitting.planned()
    today = london_date(sitting.running.clock.at)
    for day in (today + timedelta(days=1), today - timedelta(days=1)):
        problem = reviewed(sitting, plan_id, 422, held_on=day.isoformat())
        assert problem["errors"][0]["pointer"] == "/held_on"


def test_only_who_leads_the_plan_reviews_it(sitting: Sitting) -> None:
    plan_id = sitting.planned()
    body = {"held_on": "2026-11-12", "progress": "same", "outcome": "continue", "note": "x"}
    sitting.post(sitting.other_lead, f"/plans/{plan_id}/reviews", body, 404)
    sitting.post(sitting.manager, f"/plans/{plan_id}/reviews", body, 403)


def test_a_review_is_reminded_of_once_within_the_week_before(sitting: Sitting) -> None:
    sitting.planned()
    due = due_on(sitting)
    remind_of_reviews(sitting.running.resources, morning(due - timedelta(days=8)))
    assert sitting.running.announced(ReviewDue) == []
    for days in (7, 6, 0):
        remind_of_reviews(sitting.running.resources, morning(due - timedelta(days=days)))
    [reminder] = sitting.running.announced(ReviewDue)
    assert (reminder.due_on, reminder.practitioner_id) == (due, sitting.lead.person_id)


def test_an_overdue_review_is_raised_once_and_marked(sitting: Sitting) -> None:
    plan_id = sitting.planned()
    due = due_on(sitting)
    alert_overdue_reviews(sitting.running.resources, morning(due))
    assert sitting.running.announced(ReviewOverdue) == []
    for days in (1, 2):
        alert_overdue_reviews(sitting.running.resources, morning(due + timedelta(days=days)))
    [overdue] = sitting.running.announced(ReviewOverdue)
    assert (overdue.plan_id, overdue.agency_id) == (plan_id, sitting.agency_id)
    sitting.running.clock.at = morning(due + timedelta(days=2))
    assert "Overdue" in sitting.running.browser(sitting.lead).get("/panel/plans").text


def test_nothing_is_raised_about_a_plan_that_ended(sitting: Sitting) -> None:
    plan_id = sitting.planned()
    reviewed(sitting, plan_id, outcome="step_down")
    far = morning(london_date(sitting.running.clock.at) + timedelta(weeks=20))
    remind_of_reviews(sitting.running.resources, far)
    alert_overdue_reviews(sitting.running.resources, far)
    assert sitting.running.announced(ReviewDue) == sitting.running.announced(ReviewOverdue) == []


def test_the_page_keeps_what_was_typed_and_records_a_review_once(sitting: Sitting) -> None:
    plan_id = sitting.planned()
    browser = sitting.running.browser(sitting.lead)
    with sitting.running.database.read() as session:
        review_id = session.scalars(sa.select(ReviewRow.id)).one()
    today = london_date(sitting.running.clock.at)
    typed = {
        "review_id": str(review_id),
        "held_on-day": str(today.day),
        "held_on-month": str(today.month),
        "held_on-year": str(today.year),
        "progress": "same",
        "note": "We talked about bedtimes",
    }
    answer = browser.post(f"/panel/plans/{plan_id}/reviews", data=typed)
    assert answer.status_code == 422
    assert "We talked about bedtimes" in answer.text
    typed["outcome"] = "continue"
    assert browser.post(f"/panel/plans/{plan_id}/reviews", data=typed).status_code == 302
    answer = browser.post(f"/panel/plans/{plan_id}/reviews", data=typed)
    assert answer.status_code == 409
    with sitting.running.database.read() as session:
        assert session.scalar(sa.select(sa.func.count()).select_from(ReviewRow)) == 2
        assert session.scalars(sa.select(PlanRow.closed_on)).one() is None
    assert "We talked about bedtimes" in browser.get(f"/panel/plans/{plan_id}").text


def test_gloucestershire_agrees_at_the_start_that_a_child_with_short_breaks_is_reviewed_every_six_months(
    start: Callable[..., Running],
) -> None:
    running = start("panel", AUTHORITY="gloucestershire")
    sitting = Sitting(running, panel_key="step-down-stroud")
    family = f"/panel/allocations/{sitting.offered(request_id=sitting.asks(kind='step_down'))}"
    browser = running.browser(sitting.manager)
    assert "For a disabled child who has short breaks: every 6 months" in browser.get(f"{family}/acceptance").text
    typed = {"practitioner_id": str(sitting.lead.person_id)}
    unsaid = browser.post(f"{family}/acceptance", data=typed)
    assert "Select how often the plan is reviewed" in unsaid.text
    opened_on = london_date(running.clock.at)
    assert browser.post(f"{family}/acceptance", data=typed | {"review_case": "short_breaks"}).status_code == 302
    assert opened_on + timedelta(days=175) < due_on(sitting) <= opened_on + timedelta(days=184)


def test_a_review_may_change_how_often_the_plan_is_reviewed_from_now_on(start: Callable[..., Running]) -> None:
    sitting = Sitting(start("panel", AUTHORITY="gloucestershire"), panel_key="step-down-stroud")
    plan_id = sitting.planned(request_id=sitting.asks(kind="step_down"))
    assert "If the plan goes on: how often is it reviewed?" in page_of(sitting, plan_id)
    reviewed(sitting, plan_id, review_case="short_breaks")
    assert "Review policy of 2020, for a disabled child who has short breaks" in page_of(sitting, plan_id)
    reviewed(sitting, plan_id)
    assert due_on(sitting) > london_date(sitting.running.clock.at) + timedelta(days=175)


def test_an_interval_that_the_authority_does_not_have_is_refused(sitting: Sitting) -> None:
    plan_id = sitting.planned()
    assert "how often is it reviewed?" not in page_of(sitting, plan_id)
    problem = reviewed(sitting, plan_id, 422, review_case="short_breaks")
    assert "/review_case" in [error["pointer"] for error in problem["errors"]]


def page_of(sitting: Sitting, plan_id: UUID) -> str:
    text: str = sitting.running.browser(sitting.lead).get(f"/panel/plans/{plan_id}").text
    return text
