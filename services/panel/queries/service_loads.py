"""Reads about how busy services are, as far as this service knows: what was asked of them, and whom they have."""

from collections.abc import Sequence
from typing import NamedTuple
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.panel.queries.meeting import MOST_OPTIONS
from services.panel.tables import AllocationRow, KnownAgencyRow, KnownServiceRow, PlanRow
from shared.agencies import is_excluded


class ServiceLoad(NamedTuple):
    """A service with its agency: whether it takes new families, how many wait for its answer and how many it has."""

    service_id: UUID
    name: str
    agency: str
    is_open: bool
    waiting: int
    has: int


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
    loads = [ServiceLoad(*row) for row in rows]
    return [load for load in loads if not is_excluded(load.agency, not_with)]
