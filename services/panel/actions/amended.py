"""Somebody said more about a request after they had sent it: whoever holds it is told that there is more to read."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from services.panel.actions.papers import want_paper
from services.panel.queries import plans
from services.panel.queries.allocations import open_offer_of
from services.panel.queries.papers import has_or_wants_paper
from services.panel.queries.requests import lock_requests
from services.panel.tables import AmendedRequestRow
from shared.events.panel import AmendmentPassedOn
from shared.events.referrals import RequestAmended
from shared.messaging.outbox import announce


def note_amended(session: Session, fact: RequestAmended, now: datetime) -> None:
    """Keep that more was said, have the paper fetched anew, and announce to whom the family is offered or who leads."""
    lock_requests(session, fact.request_id)
    row = insert(AmendedRequestRow).values(
        amendment_id=fact.amendment_id, request_id=fact.request_id, kind=fact.kind, amended_at=now
    )
    session.execute(row.on_conflict_do_nothing())
    if has_or_wants_paper(session, fact.request_id):
        want_paper(session, fact.request_id)
    offer = open_offer_of(session, fact.request_id)
    if offer is not None:
        _announce(session, fact, agency_id=offer.agency_id, allocation_id=offer.id)
    plan = plans.open_plan_with(session, fact.request_id)
    if plan is not None:
        _announce(session, fact, agency_id=plan.agency_id, plan_id=plan.id, practitioner_id=plan.practitioner_id)


def _announce(
    session: Session,
    fact: RequestAmended,
    *,
    agency_id: UUID,
    allocation_id: UUID | None = None,
    plan_id: UUID | None = None,
    practitioner_id: UUID | None = None,
) -> None:
    announce(
        session,
        AmendmentPassedOn(
            request_id=fact.request_id,
            family_id=fact.family_id,
            reference=fact.reference,
            amendment_id=fact.amendment_id,
            kind=fact.kind,
            agency_id=agency_id,
            allocation_id=allocation_id,
            plan_id=plan_id,
            practitioner_id=practitioner_id,
        ),
    )
