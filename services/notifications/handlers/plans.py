"""What is told of plans: who leads them, their reviews, their end."""

from datetime import datetime

from sqlalchemy.orm import Session

from services.notifications.actions.notices import hold_back_family
from services.notifications.handlers import notifications
from services.notifications.handlers.telling import NO_CONSENT, tell_agency, tell_family, tell_person, tell_referrer
from shared.events.panel import LeadPractitionerChanged, PlanClosed, RequestJoinedPlan, ReviewDue, ReviewOverdue

TO_SOCIAL_CARE = ("safeguarding", "moved_to_social_care")
"""Why a plan ends so that the family hears from social care, not from us: they might be the danger."""

TOLD_ALREADY = ("safeguarding", "withdrawn", "taken_back", "consent_withdrawn")
"""Why a plan ends because of what became of its request: of that the referrer is told, or is told nothing on purpose."""


@notifications.handles(ReviewDue)
def remind_of_review(fact: ReviewDue, session: Session, now: datetime) -> None:
    """Remind the lead practitioner of a review."""
    path, due_on = f"/panel/plans/{fact.plan_id}", fact.due_on.isoformat()
    tell_person(session, fact, "review_due", fact.practitioner_id, path, now, due_on=due_on)


@notifications.handles(ReviewOverdue)
def tell_of_overdue_review(fact: ReviewOverdue, session: Session, now: datetime) -> None:
    """Tell the lead practitioner and the agency's managers that a review was not recorded."""
    path, due_on = f"/panel/plans/{fact.plan_id}", fact.due_on.isoformat()
    tell_person(session, fact, "review_overdue", fact.practitioner_id, path, now, due_on=due_on)
    tell_agency(session, fact, "review_overdue_to_agency", path, now, due_on=due_on)


@notifications.handles(PlanClosed)
def tell_of_closed_plan(fact: PlanClosed, session: Session, now: datetime) -> None:
    """Tell the referrer that the work has ended, and the lead practitioner when somebody else ended it."""
    if fact.practitioner_id is not None:
        path = f"/panel/plans/{fact.plan_id}"
        tell_person(session, fact, "plan_closed_to_practitioner", fact.practitioner_id, path, now)
    if fact.reason == NO_CONSENT and fact.agency_id is not None:
        tell_agency(session, fact, "consent_withdrawn_to_agency", f"/panel/plans/{fact.plan_id}", now)
    is_with_social_care = fact.reason in TO_SOCIAL_CARE
    if is_with_social_care:
        hold_back_family(session, fact.request_id)
    if fact.reason not in TOLD_ALREADY:
        template = "plan_closed_to_referrer_alone" if is_with_social_care else "plan_closed"
        tell_referrer(session, fact, template, now)


@notifications.handles(RequestJoinedPlan)
def tell_lead_of_new_request(fact: RequestJoinedPlan, session: Session, now: datetime) -> None:
    """Tell the lead practitioner that there is a new request to read; its referrer heard when triage sent it there."""
    tell_person(session, fact, "request_joined_plan", fact.practitioner_id, f"/panel/plans/{fact.plan_id}", now)


@notifications.handles(LeadPractitionerChanged)
def tell_of_new_lead(fact: LeadPractitionerChanged, session: Session, now: datetime) -> None:
    """Tell the new lead practitioner, the earlier one, the referrer and the family, naming nobody to anybody.

    The earlier one no longer sees the plan, so their link leads to the plans that they hold.
    """
    path, due_on = f"/panel/plans/{fact.plan_id}", fact.review_due_on.isoformat()
    template = "lead_practitioner_changed_to_practitioner"
    tell_person(session, fact, template, fact.practitioner_id, path, now, due_on=due_on)
    template = "lead_practitioner_changed_to_earlier"
    tell_person(session, fact, template, fact.earlier_practitioner_id, "/panel/plans", now)
    tell_referrer(session, fact, "lead_practitioner_changed", now)
    tell_family(session, fact, "lead_practitioner_changed_to_family", now)
