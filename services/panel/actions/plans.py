"""Open a family's plan when an agency has taken the family on, and close it."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy.orm import Session

from services.panel.rules.reviews import first_review
from services.panel.tables import AllocationRow, PlanRow, ReviewRow
from shared.authority import Reviews
from shared.events.panel import PlanClosed
from shared.london import london_date
from shared.messaging.outbox import announce


def open_plan(
    session: Session, allocation: AllocationRow, *, practitioner_id: UUID, reviews: Reviews, now: datetime
) -> tuple[PlanRow, date]:
    """Open a plan for an accepted allocation; return it with the day by which its first review is due."""
    plan = PlanRow(
        request_id=allocation.request_id,
        family_id=allocation.family_id,
        reference=allocation.reference,
        kind=allocation.kind,
        allocation_id=allocation.id,
        agency_id=allocation.agency_id,
        service_id=allocation.service_id,
        practitioner_id=practitioner_id,
        opened_on=london_date(now),
    )
    session.add(plan)
    session.flush()
    due = first_review(plan.opened_on, kind=plan.kind, reviews=reviews)
    session.add(ReviewRow(plan_id=plan.id, due_on=due.on, policy=due.policy))
    return plan, due.on


def close_plan(session: Session, plan: PlanRow, *, because: str, now: datetime) -> None:
    """Close a plan for a reason and announce it."""
    plan.closed_on, plan.closed_because = london_date(now), because
    announce(
        session,
        PlanClosed(
            plan_id=plan.id,
            request_id=plan.request_id,
            family_id=plan.family_id,
            reference=plan.reference,
            reason=because,
        ),
    )
