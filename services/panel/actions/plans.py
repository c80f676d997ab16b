"""Open a family's plan when an agency has taken the family on, name who leads it, and close it."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy.orm import Session

from services.panel.actions.joined_requests import give_back_requests
from services.panel.queries import papers as paper_reads
from services.panel.queries import plans as reads
from services.panel.queries.allocations import lead_practitioners_of
from services.panel.rules.plans import check_new_lead
from services.panel.rules.reviews import check_case, first_review
from services.panel.tables import AllocationRow, PlanLeadRow, PlanRow, ReviewRow
from shared.audit import record
from shared.authority import Reviews
from shared.errors import Invalid
from shared.events.panel import LeadPractitionerChanged, PlanClosed
from shared.identity import Person
from shared.london import london_date
from shared.messaging.outbox import announce


def open_plan(
    session: Session,
    allocation: AllocationRow,
    *,
    practitioner_id: UUID,
    reviews: Reviews,
    review_case: str,
    now: datetime,
) -> tuple[PlanRow, date]:
    """Open a plan for an accepted allocation; return it with the day by which its first review is due.

    `review_case` empty is the case of its kind. Raises Invalid for one that the authority does not have.
    """
    case = check_case(review_case, kind=allocation.kind, reviews=reviews)
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
        review_case=case,
    )
    session.add(plan)
    session.flush()
    session.add(
        PlanLeadRow(plan_id=plan.id, practitioner_id=practitioner_id, named_at=now, named_by=allocation.answered_by)
    )
    due = first_review(plan.opened_on, case=case, reviews=reviews)
    session.add(ReviewRow(plan_id=plan.id, due_on=due.on, policy=due.policy))
    return plan, due.on


def name_lead_practitioner(
    session: Session, plan_id: UUID, *, practitioner_id: UUID, supersedes: UUID | None, by: Person, now: datetime
) -> PlanLeadRow:
    """Give an open plan to another lead practitioner of its agency; whoever led it before no longer sees it.

    `supersedes` is the naming that the manager saw standing. Raises NotFound for another agency's plan,
    SomebodyElseNamed, Conflict when the plan has ended, Invalid when that person does not lead plans there.
    """
    plan = reads.plan_of_agency(session, plan_id, by.agency_id, lock=True)
    standing = reads.standing_lead(session, plan.id)
    check_new_lead(standing.id, supersedes, is_closed=plan.closed_on is not None)
    check_leads_plans(session, practitioner_id, plan.agency_id, but_not=plan.practitioner_id)
    earlier = plan.practitioner_id
    lead = PlanLeadRow(
        plan_id=plan.id, practitioner_id=practitioner_id, named_at=now, named_by=by.person_id, supersedes_id=standing.id
    )
    session.add(lead)
    plan.practitioner_id = practitioner_id
    for joined in reads.requests_of(session, plan.id, lock=True):
        joined.opened_at = joined.seen_at = None  # New to whoever leads now, whatever the one before has read.
    session.flush()
    review = reads.waiting_review(session, plan.id)
    if review is None:
        raise AssertionError("an open plan always waits for a review")
    announce(
        session,
        LeadPractitionerChanged(
            plan_id=plan.id,
            request_id=plan.request_id,
            family_id=plan.family_id,
            reference=plan.reference,
            agency_id=plan.agency_id,
            practitioner_id=practitioner_id,
            earlier_practitioner_id=earlier,
            review_due_on=review.due_on,
        ),
    )
    record(
        session,
        who=by.person_id,
        did="named_lead_practitioner",
        subject="plan",
        subject_id=plan.id,
        practitioner=str(practitioner_id),
        earlier=str(earlier),
    )
    return lead


def close_plan(session: Session, plan: PlanRow, *, because: str, now: datetime, by_the_lead: bool) -> None:
    """Close a plan for a reason and announce it, with who led it where that is not who closes it.

    A request that joined the plan and was never read goes back to the front door; where the plan is taken from
    its lead practitioner, every one does.
    """
    plan.closed_on, plan.closed_because = london_date(now), because
    plan.last_paper_id = paper_reads.latest_paper_id(session, plan.request_id)
    session.flush()
    give_back_requests(session, plan, also_read=not by_the_lead, now=now)
    announce(
        session,
        PlanClosed(
            plan_id=plan.id,
            request_id=plan.request_id,
            family_id=plan.family_id,
            reference=plan.reference,
            reason=because,
            practitioner_id=None if by_the_lead else plan.practitioner_id,
            agency_id=None if by_the_lead else plan.agency_id,
        ),
    )


def check_leads_plans(session: Session, person_id: UUID, agency_id: UUID, *, but_not: UUID | None = None) -> None:
    """Refuse anybody who is not an active lead practitioner of this agency, or who is `but_not`; raises Invalid."""
    leads = {person.person_id for person in lead_practitioners_of(session, agency_id)}
    if person_id not in leads - {but_not}:
        message = (
            "Select somebody else of your agency who leads plans"
            if but_not
            else "Select somebody of your agency who leads plans"
        )
        raise Invalid(message, {"practitioner_id": [message]})
