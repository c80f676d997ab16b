"""Reads about how busy services are, as far as this service knows: what was asked of them, and whom they have."""

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.panel.queries.meeting import MOST_OPTIONS
from services.panel.rules.allocations import ACCEPTANCES_COUNTED, median_days_to_accept
from services.panel.tables import AllocationRow, KnownAgencyRow, KnownServiceRow, PlanRow
from shared.agencies import is_excluded
from shared.london import london_date


class ServiceLoad(NamedTuple):
    """A service with its agency: whether it takes new families, how many wait for its answer and how many it has.

    `days_to_accept` is how many working days pass until it accepts, by half of its last acceptances; None for too few.
    """

    service_id: UUID
    name: str
    agency: str
    is_open: bool
    waiting: int
    has: int
    days_to_accept: int | None = None


def service_loads(session: Session, not_with: Sequence[str]) -> list[ServiceLoad]:
    """Return the services of agencies that the family did not exclude, with what is known here of their load."""
    waiting = (
        sa.select(sa.func.count())
        .where(AllocationRow.service_id == KnownServiceRow.service_id, AllocationRow.state == "offered")
        .scalar_subquery()
    )
    has = (
        sa.select(sa.func.count())
        .where(PlanRow.service_id == KnownServiceRow.service_id, PlanRow.closed_on.is_(None))
        .scalar_subquery()
    )
    rows = session.execute(
        sa.select(
            KnownServiceRow.service_id,
            KnownServiceRow.name,
            KnownAgencyRow.name,
            KnownServiceRow.is_open,
            waiting,
            has,
        )
        .join(KnownAgencyRow, KnownAgencyRow.agency_id == KnownServiceRow.agency_id)
        .where(KnownAgencyRow.is_active)
        .order_by(KnownAgencyRow.name, KnownServiceRow.name)
        .limit(MOST_OPTIONS)
    )
    loads = [load for load in (ServiceLoad(*row) for row in rows) if not is_excluded(load.agency, not_with)]
    accepted = _last_acceptances(session, [load.service_id for load in loads])
    return [load._replace(days_to_accept=median_days_to_accept(accepted.get(load.service_id, []))) for load in loads]


def _last_acceptances(session: Session, service_ids: Sequence[UUID]) -> dict[UUID, list[tuple[date, date]]]:
    """Return of each service the London days of offer and acceptance of the families that it accepted last."""
    place = sa.func.row_number().over(
        partition_by=AllocationRow.service_id, order_by=(AllocationRow.answered_at.desc(), AllocationRow.id)
    )
    ranked = (
        sa.select(AllocationRow.service_id, AllocationRow.offered_at, AllocationRow.answered_at, place.label("place"))
        .where(
            AllocationRow.service_id.in_(service_ids),
            AllocationRow.state == "accepted",
            AllocationRow.answered_at.is_not(None),
        )
        .subquery()
    )
    found: dict[UUID, list[tuple[date, date]]] = {}
    for row in session.execute(sa.select(ranked).where(ranked.c.place <= ACCEPTANCES_COUNTED)):
        found.setdefault(row.service_id, []).append((london_date(row.offered_at), london_date(row.answered_at)))
    return found
