"""What is told of a family that is offered to an agency.

An agency that declines (AllocationDeclined) tells nobody by message: the family is back in the panel's queue, which
the coordinator sees, and the referrer hears of the next meeting.
"""

from datetime import datetime

from sqlalchemy.orm import Session

from services.notifications.actions.notices import hold_back_offer
from services.notifications.handlers import notifications
from services.notifications.handlers.telling import (
    NO_CONSENT,
    offer_page,
    tell_agency,
    tell_family,
    tell_person,
    tell_referrer,
)
from shared.events.panel import AllocationAccepted, AllocationOffered, AllocationUnanswered, AllocationWithdrawn

CORRECTED = "corrected"
"""Why an offer is taken back when the panel decides otherwise."""

WITHDRAWN = "withdrawn"
"""Why an offer is taken back when the request was withdrawn."""


@notifications.handles(AllocationOffered)
def tell_agency_of_offer(fact: AllocationOffered, session: Session, now: datetime) -> None:
    """Tell every manager of the agency that a family is offered to it."""
    path = offer_page(fact.allocation_id)
    tell_agency(session, fact, "allocation_offered", path, now, due_on=fact.answer_due_on.isoformat())


@notifications.handles(AllocationAccepted)
def tell_of_acceptance(fact: AllocationAccepted, session: Session, now: datetime) -> None:
    """Tell the lead practitioner, the referrer and the family that somebody has taken the family on."""
    path, due_on = f"/panel/plans/{fact.plan_id}", fact.review_due_on.isoformat()
    template = "allocation_accepted_to_practitioner"
    tell_person(session, fact, template, fact.practitioner_id, path, now, due_on=due_on)
    tell_referrer(session, fact, "allocation_accepted", now)
    tell_family(session, fact, "allocation_accepted_to_family", now)


@notifications.handles(AllocationUnanswered)
def remind_agency_of_offer(fact: AllocationUnanswered, session: Session, now: datetime) -> None:
    """Tell every manager of the agency that its answer is late."""
    path = offer_page(fact.allocation_id)
    tell_agency(session, fact, "allocation_unanswered", path, now, due_on=fact.answer_due_on.isoformat())


@notifications.handles(AllocationWithdrawn)
def stop_telling_agency_of_offer(fact: AllocationWithdrawn, session: Session, now: datetime) -> None:
    """Stop what was on its way to an agency about an offer that was taken back; nobody rings about it either.

    Where the panel decided otherwise after the agency had heard, it is told that there is nothing to answer any more.
    Where the family does not agree any more, or the request was withdrawn, the agency is told: it may have begun.
    """
    path = offer_page(fact.allocation_id)
    knew = not hold_back_offer(session, fact.family_id, path=path)
    if fact.because == CORRECTED and knew:
        tell_agency(session, fact, "allocation_withdrawn_to_agency", path, now)
    elif fact.because == NO_CONSENT:
        tell_agency(session, fact, "consent_withdrawn_to_agency", path, now)
    elif fact.because == WITHDRAWN:
        tell_agency(session, fact, "request_withdrawn_to_agency", path, now)
