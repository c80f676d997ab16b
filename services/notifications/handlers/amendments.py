"""What is told when more was said about a request, to whoever holds it by then."""

from datetime import datetime

from sqlalchemy.orm import Session

from services.notifications.handlers import notifications
from services.notifications.handlers.telling import offer_page, request_page, tell_agency, tell_person
from shared.events.panel import AmendmentPassedOn
from shared.events.referrals import RequestAmended

ASKS_TO_STOP = "wants_to_stop"
"""The kind of an amendment with which somebody asks that help stops which a worker gives already."""


@notifications.handles(RequestAmended)
def tell_front_door_of_amendment(fact: RequestAmended, session: Session, now: datetime) -> None:
    """Tell who decided about a request that more was said; one that nobody has decided about is on the worklist."""
    if fact.front_door_id is not None:
        path = request_page(fact.request_id)
        tell_person(session, fact, "request_amended_to_front_door", fact.front_door_id, path, now)


@notifications.handles(AmendmentPassedOn)
def tell_who_holds_it(fact: AmendmentPassedOn, session: Session, now: datetime) -> None:
    """Tell the lead practitioner, or the agency to which the family is offered, that there is more to read."""
    if fact.plan_id is not None and fact.practitioner_id is not None:
        asks_to_stop = fact.kind == ASKS_TO_STOP
        template = "stop_asked_to_practitioner" if asks_to_stop else "request_amended_to_practitioner"
        tell_person(session, fact, template, fact.practitioner_id, f"/panel/plans/{fact.plan_id}", now)
    elif fact.allocation_id is not None:
        tell_agency(session, fact, "request_amended_to_agency", offer_page(fact.allocation_id), now)
