"""Take a request on, hand it back, or take it over from an absent colleague."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from services.referrals.actions.progress import add_step
from services.referrals.queries.requests import locked_request
from services.referrals.rules.working_on import SomebodyWorksOnIt, check_may_take_on, check_may_take_over
from services.referrals.tables import RequestRow
from shared.audit import record
from shared.errors import Invalid
from shared.identity import Person


def take_on(session: Session, request_id: UUID, *, by: Person, now: datetime) -> None:
    """Work on a request; twice is once. Raises OwnRequest, SomebodyWorksOnIt, NotAtFrontDoor, NotFound."""
    request = locked_request(session, request_id)
    check_may_take_on(
        request.stage, by.person_id, made_by=request.made_by, worker=request.worker_id, name=request.worker_name
    )
    if request.worker_id is None:
        _put(session, request, by, "taken_on", now)


def hand_back(session: Session, request_id: UUID, *, by: Person, now: datetime) -> None:
    """Leave a request to whoever is free; raises SomebodyWorksOnIt, NotFound."""
    request = locked_request(session, request_id)
    if request.worker_id is None:
        return
    if request.worker_id != by.person_id:
        raise SomebodyWorksOnIt(f"{request.worker_name} works on this request.")
    leave(request)
    add_step(session, request, "handed_back", at=now, by_name=by.name)
    record(session, who=by.person_id, did="handed_back", subject="request", subject_id=request_id)


def take_over(session: Session, request_id: UUID, reason: str, *, by: Person, now: datetime) -> None:
    """Take a request over from a colleague; the reason is kept with it.

    Raises Invalid, OwnRequest, NobodyToTakeOverFrom, NotAtFrontDoor, NotFound.
    """
    if not reason:
        raise Invalid("Enter why you take it over.", {"reason": "Enter why you take it over"})
    request = locked_request(session, request_id)
    check_may_take_over(request.stage, by.person_id, made_by=request.made_by, worker=request.worker_id)
    _put(session, request, by, "taken_over", now, from_name=request.worker_name, reason=reason)


def leave(request: RequestRow) -> None:
    """Have nobody work on the request."""
    request.worker_id, request.worker_name, request.worker_since = None, "", None


def _put(session: Session, request: RequestRow, by: Person, did: str, now: datetime, **details: str) -> None:
    request.worker_id, request.worker_name, request.worker_since = by.person_id, by.name, now
    add_step(session, request, did, at=now, by_name=by.name, **details)
    record(session, who=by.person_id, did=did, subject="request", subject_id=request.id)
