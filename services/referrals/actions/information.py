"""Keep what the referrer or the family answered when more was asked; the request goes back to triage."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from services.referrals.actions.progress import add_step
from services.referrals.queries.requests import information_asked, locked_request
from shared.audit import record
from shared.errors import Conflict


class NothingAsked(Conflict):
    """Nothing is asked about this request now."""


def give_information(session: Session, request_id: UUID, answer: str, *, who: str, now: datetime) -> None:
    """Keep an answer to what was asked; raises NothingAsked, NotFound."""
    request = locked_request(session, request_id)
    waiting = [row for row in information_asked(session, request_id) if row.answered_at is None]
    if request.stage != "information_asked" or not waiting:
        raise NothingAsked("We have what we asked for. Ring us if there is more to say.")
    waiting[-1].answer, waiting[-1].answered_at = answer, now
    request.version += 1
    add_step(session, request, "information_given", at=now)
    record(session, who=who, did="gave_information", subject="request", subject_id=request_id)
