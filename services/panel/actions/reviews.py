"""Record reviews of plans, remind of those that come up and raise those that are overdue."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy.orm import Session

from services.panel.actions.plans import close_plan
from services.panel.queries import plans as reads
from services.panel.rules import reviews as rules
from services.panel.tables import PlanRow, ReviewRow
from shared.audit import record
from shared.authority import Reviews
from shared.errors import Conflict
from shared.events.panel import ReviewDue, ReviewOverdue
from shared.identity import Person
from shared.london import london_date
from shared.messaging.outbox import announce


@dataclass(frozen=True, kw_only=True)
class NewReview:
    """A review as it was held; `review_id` is the waiting one that its writer saw, if they came by a page.

    `review_case` is how often the plan is reviewed from now on, empty where that stays.
    """

    held_on: date
    progress: str
    outcome: str
    note: str
    reason: str = ""
    review_case: str = ""
    review_id: UUID | None = None


def record_review(
    session: Session, plan_id: UUID, review: NewReview, *, by: Person, reviews: Reviews, now: datetime
) -> ReviewRow | None:
    """Record a review of a plan that this person leads; return the review that is due next, None when the plan ended.

    Raises NotFound for somebody else's plan, Conflict when it was recorded meanwhile, Invalid.
    """
    plan = reads.plan_led_by(session, plan_id, by)
    waiting = reads.waiting_review(session, plan.id)
    if waiting is None or plan.closed_on is not None:
        raise Conflict("This plan has ended. There is nothing to review any more.")
    if review.review_id not in (None, waiting.id):
        raise Conflict("This review has been recorded since you opened the page.")
    last_held_on = reads.last_held_on(session, plan.id)
    rules.check_held_on(review.held_on, today=london_date(now), opened_on=plan.opened_on, last_held_on=last_held_on)
    because = rules.closes_because(review.outcome, review.reason)
    if review.review_case:
        plan.review_case = rules.check_case(review.review_case, kind=plan.kind, reviews=reviews)
    _keep(waiting, review, by.person_id)
    session.flush()
    record(session, who=by.person_id, did="recorded_review", subject="plan", subject_id=plan.id, outcome=review.outcome)
    if because is not None:
        close_plan(session, plan, because=because, now=now, by_the_lead=True)
        return None
    return _next_review(session, plan, review.held_on, reviews)


def remind_of_due_reviews(session: Session, *, days_before: int, now: datetime) -> int:
    """Announce each review that comes up within `days_before` days, once; return how many there were."""
    today = london_date(now)
    due = reads.reviews_to_remind_of(session, today, today + timedelta(days=days_before))
    for review in due:
        review.reminded_at = now
        announce(
            session,
            ReviewDue(
                plan_id=review.plan.id,
                family_id=review.plan.family_id,
                reference=review.plan.reference,
                practitioner_id=review.plan.practitioner_id,
                due_on=review.due_on,
            ),
        )
    return len(due)


def raise_overdue_reviews(session: Session, now: datetime) -> int:
    """Announce each review that is past its day and not held, once; return how many there were."""
    overdue = reads.overdue_reviews(session, london_date(now))
    for review in overdue:
        review.overdue_at = now
        announce(
            session,
            ReviewOverdue(
                plan_id=review.plan.id,
                family_id=review.plan.family_id,
                reference=review.plan.reference,
                practitioner_id=review.plan.practitioner_id,
                agency_id=review.plan.agency_id,
                due_on=review.due_on,
            ),
        )
    return len(overdue)


def _keep(row: ReviewRow, review: NewReview, by: UUID) -> None:
    row.held_on, row.progress, row.outcome = review.held_on, review.progress, review.outcome
    row.note, row.recorded_by = review.note, by


def _next_review(session: Session, plan: PlanRow, held_on: date, reviews: Reviews) -> ReviewRow:
    due = rules.later_review(held_on, case=plan.review_case, reviews=reviews)
    following = ReviewRow(plan_id=plan.id, due_on=due.on, policy=due.policy)
    session.add(following)
    session.flush()
    return following
