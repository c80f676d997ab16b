"""Take a request in: all of it in one transaction, or nothing."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.referrals.actions.document_rows import rows_of
from services.referrals.actions.progress import add_step
from services.referrals.queries.requests import is_reference_taken, request_with_key
from services.referrals.rules.level_seen import level_seen_faults
from services.referrals.rules.request_document import faults_of
from services.referrals.tables import FamilyRow, RequestRow
from shared.audit import record
from shared.authority import Authority
from shared.errors import Conflict, Invalid
from shared.events.referrals import RequestReceived
from shared.london import london_date
from shared.messaging.outbox import announce
from shared.references import new_reference
from shared.working_days import working_days_after


class KeyUsedForAnother(Conflict):
    """The idempotency key came before with another body."""


@dataclass(frozen=True)
class Arrival:
    """How a request came: its idempotency key, the door, and who sent it as far as that is known.

    `person_id` is the signed-in referrer, `who` what the audit names: a person's id, a portal, or a visitor.
    """

    key: str
    body_hash: str
    arrived_by: str
    portal: str = ""
    person_id: UUID | None = None
    who: str = "visitor"


def body_hash(document: Any) -> str:
    """Return the fingerprint of a document, the same for the same JSON in any order of keys."""
    return hashlib.sha256(json.dumps(document, sort_keys=True, separators=(",", ":")).encode()).hexdigest()


def receive_request(
    session: Session, document: Mapping[str, Any], arrival: Arrival, *, authority: Authority, now: datetime
) -> tuple[RequestRow, bool]:
    """Keep a request and announce it; return it and whether it is new.

    The same key with the same body gives the request that is there. Raises Invalid with every field that does
    not fit the others, and KeyUsedForAnother.
    """
    session.execute(sa.text("SELECT pg_advisory_xact_lock(hashtextextended(:key, 0))"), {"key": arrival.key})
    known = request_with_key(session, arrival.key)
    if known is not None:
        if known.body_hash != arrival.body_hash:
            raise KeyUsedForAnother("This Idempotency-Key was used for another request. Nothing was kept.")
        return known, False
    _refuse_faults(document, authority, now)
    request = _keep(session, document, arrival, authority, now)
    record(session, who=arrival.who, did="received", subject="request", subject_id=request.id, kind=request.kind)
    announce(
        session,
        RequestReceived(
            request_id=request.id,
            family_id=request.family_id,
            reference=request.reference,
            kind=request.kind,
            received_at=now,
        ),
    )
    return request, True


def _refuse_faults(document: Mapping[str, Any], authority: Authority, now: datetime) -> None:
    localities = {locality.key for locality in authority.localities}
    faults = faults_of(document, today=london_date(now), localities=localities)
    for path, message in level_seen_faults(document, authority):
        faults |= {str(path[0]): [message]}
    if faults:
        raise Invalid("Some of what was sent is not right.", faults)


def _keep(
    session: Session, document: Mapping[str, Any], arrival: Arrival, authority: Authority, now: datetime
) -> RequestRow:
    family_id = uuid4()
    family = FamilyRow(id=family_id, created_at=now, known_as=family_id)
    session.add(family)
    session.flush()
    request = rows_of(document, recorded_by=arrival.who, now=now)
    request.reference = _free_reference(session)
    request.family_id = family.id
    request.referrer_person_id = arrival.person_id
    request.arrived_by = arrival.arrived_by
    request.portal = arrival.portal
    request.idempotency_key, request.body_hash = arrival.key, arrival.body_hash
    request.received_at = now
    request.triage_due_on = working_days_after(london_date(now), authority.limits.triage_working_days)
    session.add(request)
    session.flush()
    add_step(session, request, "received", at=now)
    return request


def _free_reference(session: Session) -> str:
    while is_reference_taken(session, reference := new_reference()):
        continue
    return reference
