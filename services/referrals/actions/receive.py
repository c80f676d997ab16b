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

from services.referrals.actions.document_rows import write_rows
from services.referrals.rules.level_seen import level_seen_faults
from services.referrals.rules.request_document import faults_of
from services.referrals.rules.safeguarding_check import check_faults
from services.referrals.rules.stages import FIRST_STAGE
from services.referrals.rules.step_down import step_down_faults
from services.referrals.rules.triage_clock import clock_from
from services.referrals.tables import FamilyRow, ProgressRow, RequestRow
from shared.audit import record
from shared.authority import Authority
from shared.errors import Conflict, Invalid
from shared.events.referrals import RequestReceived
from shared.london import london_date
from shared.messaging.outbox import announce
from shared.references import new_reference
from shared.rows import add_row, insert_into

_ONE_AT_A_TIME = sa.text("SELECT pg_advisory_xact_lock(hashtextextended(:key, 0))")
_REQUEST = RequestRow.__table__.c
_WITH_KEY_OR_REFERENCE = sa.select(
    _REQUEST.id, _REQUEST.reference, _REQUEST.received_at, _REQUEST.body_hash, _REQUEST.idempotency_key
).where(sa.or_(_REQUEST.idempotency_key == sa.bindparam("key"), _REQUEST.reference == sa.bindparam("reference")))


class KeyUsedForAnother(Conflict):
    """The idempotency key came before with another body."""


@dataclass(frozen=True)
class Arrival:
    """How a request came: its idempotency key, the door, and who sent it as far as that is known.

    `request_id` is the id that it has to have, None: any. What was attached to its draft is sealed for it.
    `person_id` is the signed-in referrer, `entered_by` who was signed in, also for a caller, `who` what the audit
    names: a person's id, a portal, or a visitor.
    """

    key: str
    body_hash: str
    arrived_by: str
    portal: str = ""
    person_id: UUID | None = None
    entered_by: UUID | None = None
    who: str = "visitor"
    request_id: UUID | None = None


@dataclass(frozen=True)
class Received:
    """A request that is safe; `is_new` is False where it had come before with the same key."""

    id: UUID
    reference: str
    received_at: datetime
    is_new: bool


def body_hash(document: Any) -> str:
    """Return the fingerprint of a document, the same for the same JSON in any order of keys."""
    return hashlib.sha256(json.dumps(document, sort_keys=True, separators=(",", ":")).encode()).hexdigest()


def receive_request(
    session: Session, document: Mapping[str, Any], arrival: Arrival, *, authority: Authority, now: datetime
) -> Received:
    """Keep a request and announce it; return it as far as it is told to whoever sent it.

    The same key with the same body gives the request that is there. Raises Invalid with every field that does
    not fit the others, and KeyUsedForAnother.
    """
    session.execute(_ONE_AT_A_TIME, {"key": arrival.key})
    known, reference = _known_and_free_reference(session, arrival.key)
    if known is not None:
        if known.body_hash != arrival.body_hash:
            raise KeyUsedForAnother("This Idempotency-Key was used for another request. Nothing was kept.")
        return Received(known.id, known.reference, known.received_at, is_new=False)
    _refuse_faults(document, authority, now)
    request_id, family_id = arrival.request_id or uuid4(), uuid4()
    _write(
        session, document, arrival, authority, id=request_id, family_id=family_id, reference=reference, received_at=now
    )
    kind = document["kind"]
    record(session, who=arrival.who, did="received", subject="request", subject_id=request_id, kind=kind)
    announce(session, RequestReceived(request_id, family_id, reference, kind, received_at=now))
    return Received(request_id, reference, now, is_new=True)


def _refuse_faults(document: Mapping[str, Any], authority: Authority, now: datetime) -> None:
    localities = {locality.key for locality in authority.localities}
    of_step_down = step_down_faults(document, authority.step_down)
    more = (*level_seen_faults(document, authority), *check_faults(document), *of_step_down)
    if faults := faults_of(document, today=london_date(now), localities=localities, more=more):
        raise Invalid("Some of what was sent is not right.", faults)


def _known_and_free_reference(session: Session, key: str) -> tuple[Any, str]:
    """Return the request that came with this key, or None, and a reference that no request has."""
    while True:
        reference = new_reference()
        found = session.execute(_WITH_KEY_OR_REFERENCE, {"key": key, "reference": reference}).all()
        if known := next((row for row in found if row.idempotency_key == key), None):
            return known, ""
        if not found:
            return None, reference


def _write(
    session: Session, document: Mapping[str, Any], arrival: Arrival, authority: Authority, **arrived: Any
) -> None:
    now, family_id = arrived["received_at"], arrived["family_id"]
    add_row(session, insert_into(FamilyRow), {"id": family_id, "created_at": now, "known_as": family_id})
    came = {
        "referrer_person_id": arrival.person_id,
        "entered_by": arrival.entered_by,
        "arrived_by": arrival.arrived_by,
        "portal": arrival.portal,
        "idempotency_key": arrival.key,
        "body_hash": arrival.body_hash,
        **clock_from(authority.triage, now),
    }
    write_rows(session, document, came | arrived, recorded_by=arrival.who)
    add_row(
        session, insert_into(ProgressRow), {"request_id": arrived["id"], "at": now, "code": FIRST_STAGE, "details": {}}
    )
    session.flush()
