"""Reads about offers to agencies and what came of them."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.panel.tables import AllocationRow, KnownPersonRow, KnownServiceRow
from shared.errors import NotFound
from shared.paging import LONG_PAGE_SIZE, PageOf, page_of

_MOST_OFFERS = 50


def allocation_for(
    session: Session, allocation_id: UUID, agency_id: UUID | None, *, lock: bool = False
) -> AllocationRow:
    """Return an allocation of this agency; raises NotFound, for another agency's too."""
    statement = sa.select(AllocationRow).where(AllocationRow.id == allocation_id, AllocationRow.agency_id == agency_id)
    if lock:
        statement = statement.with_for_update().execution_options(populate_existing=True)
    allocation = session.scalars(statement).one_or_none()
    if allocation is None:
        raise NotFound("There is no such allocation, or it is another agency's.")
    return allocation


def allocations_of(
    session: Session, agency_id: UUID | None, states: Sequence[str], *, number: int
) -> PageOf[AllocationRow]:
    """Return a page of an agency's allocations: the soonest answers first, then the newest."""
    statement = sa.select(AllocationRow).where(AllocationRow.agency_id == agency_id, AllocationRow.state.in_(states))
    soonest = sa.case((AllocationRow.state == "offered", AllocationRow.answer_due_on))
    ordered = statement.order_by(soonest.nulls_last(), AllocationRow.offered_at.desc(), AllocationRow.id)
    return page_of(session, ordered, number=number, size=LONG_PAGE_SIZE)


def counts_of(session: Session, agency_id: UUID | None) -> dict[str, int]:
    """Return how many allocations of an agency are in each state."""
    statement = sa.select(AllocationRow.state, sa.func.count()).where(AllocationRow.agency_id == agency_id)
    return {row[0]: row[1] for row in session.execute(statement.group_by(AllocationRow.state))}


def open_offer_of(session: Session, request_id: UUID) -> AllocationRow | None:
    """Return the offer of a request that waits for its answer, locked, or None."""
    statement = sa.select(AllocationRow).where(AllocationRow.request_id == request_id, AllocationRow.state == "offered")
    return session.scalars(statement.with_for_update().execution_options(populate_existing=True)).one_or_none()


def offer_of_decision(session: Session, decision_id: UUID) -> AllocationRow | None:
    """Return the offer that followed from a decision, locked, or None."""
    statement = sa.select(AllocationRow).where(AllocationRow.decision_id == decision_id)
    return session.scalars(statement.with_for_update().execution_options(populate_existing=True)).one_or_none()


def chain_of(session: Session, request_id: UUID) -> Sequence[AllocationRow]:
    """Return every offer of a request, oldest first."""
    statement = sa.select(AllocationRow).where(AllocationRow.request_id == request_id)
    return session.scalars(statement.order_by(AllocationRow.offered_at, AllocationRow.id).limit(_MOST_OFFERS)).all()


def unanswered_offers(session: Session, today: date) -> Sequence[AllocationRow]:
    """Return the offers past their day that nobody was chased for, locked; those that somebody holds come next time."""
    statement = sa.select(AllocationRow).where(
        AllocationRow.state == "offered", AllocationRow.answer_due_on < today, AllocationRow.chased_at.is_(None)
    )
    return session.scalars(statement.order_by(AllocationRow.answer_due_on).with_for_update(skip_locked=True)).all()


def lead_practitioners_of(session: Session, agency_id: UUID) -> Sequence[KnownPersonRow]:
    """Return the active lead practitioners of an agency, by name."""
    statement = sa.select(KnownPersonRow).where(
        KnownPersonRow.agency_id == agency_id,
        KnownPersonRow.is_active,
        KnownPersonRow.roles.contains(["lead_practitioner"]),
    )
    return session.scalars(statement.order_by(KnownPersonRow.name).limit(500)).all()


def service_name(session: Session, service_id: UUID) -> str:
    """Return the name of a service; empty when it is not known."""
    service = session.get(KnownServiceRow, service_id)
    return service.name if service is not None else ""


def service_names(session: Session, service_ids: Sequence[UUID]) -> dict[UUID, str]:
    """Return the names of services by id."""
    rows = session.scalars(sa.select(KnownServiceRow).where(KnownServiceRow.service_id.in_(service_ids)))
    return {row.service_id: row.name for row in rows}
