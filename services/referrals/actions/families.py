"""Say that a request is about a family we know already: a person says so, never the system."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from services.referrals.actions.progress import add_step
from services.referrals.queries.families import lock_families, matches
from services.referrals.queries.requests import locked_request, whole_request
from services.referrals.rules.stages import AT_FRONT_DOOR
from services.referrals.rules.triage import MOVED_ON, MovedOn
from services.referrals.tables import FamilyJoinRow
from shared.audit import record
from shared.errors import Conflict, NotFound
from shared.identity import Person


class SentOnAlready(Conflict):
    """The request has left the front door; others know it under its family."""


def join_family(
    session: Session, request_id: UUID, family_id: UUID, *, by: Person, now: datetime, seen_version: int | None = None
) -> None:
    """Join a request to a family that it matches; raises MovedOn, SentOnAlready, NotFound."""
    before = whole_request(session, request_id)
    lock_families(session, {before.family_id, family_id})
    request = locked_request(session, request_id)
    if seen_version is not None and seen_version != request.version:
        raise MovedOn(MOVED_ON)
    if request.stage not in AT_FRONT_DOOR:
        raise SentOnAlready("This request was sent on already. It stays with the family that it was sent on for.")
    if family_id not in {match.family_id for match in matches(session, request)}:
        raise NotFound("There is no family like that.")
    session.add(
        FamilyJoinRow(
            request_id=request.id,
            from_family_id=request.family_id,
            to_family_id=family_id,
            joined_by=by.person_id,
            joined_at=now,
        )
    )
    request.family_id = family_id
    request.version += 1
    record(session, who=by.person_id, did="joined", subject="request", subject_id=request.id, family_id=str(family_id))
    add_step(session, request, "family_joined", at=now, by_name=by.name)
