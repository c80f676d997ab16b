"""Keep a new answer about consent; what was answered before stays beside it."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from services.referrals.actions.document_rows import consent_row
from services.referrals.actions.progress import add_step
from services.referrals.queries.requests import locked_request, whole_request
from services.referrals.rules.request_document import grant_faults
from shared.audit import record
from shared.errors import Invalid
from shared.events.referrals import ConsentChanged
from shared.identity import Person
from shared.messaging.outbox import announce


def record_consent(
    session: Session, request_id: UUID, kind: str, grant: Mapping[str, Any], *, by: Person, now: datetime
) -> None:
    """Keep what the family answered to one of the consent questions and announce it; raises Invalid, NotFound."""
    locked_request(session, request_id)
    request = whole_request(session, request_id)
    if faults := {str(path[0]): message for path, message in grant_faults(grant, request.who_may_agree)}:
        raise Invalid("Some of the answer about consent is not right.", faults)
    row = consent_row(kind, grant, recorded_by=str(by.person_id), now=now)
    row.request_id = request_id
    session.add(row)
    request.version += 1
    add_step(session, request, "consent_answered", at=now, kind=kind, given=grant["given"], by_name=by.name)
    announce(
        session,
        ConsentChanged(
            request_id=request.id,
            family_id=request.family_id,
            reference=request.reference,
            kind=kind,
        ),
    )
    record(
        session, who=by.person_id, did="recorded_consent", subject="request", subject_id=request_id,
        kind=kind, given=grant["given"],
    )  # fmt: skip
