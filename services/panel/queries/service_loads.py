"""Reads about how busy services are, as far as this service knows: what was asked of them, and whom they have."""

from typing import NamedTuple
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.panel.plan_tables import PlanRow
from services.panel.queries.meeting import MOST_OPTIONS
from services.panel.tables import AllocationRow, KnownAgencyRow, KnownServiceRow


class ServiceLoad(NamedTuple):
    """A service with its agency: whether it takes new families, how many wait for its answer and how many it has."""

    service_id: UUID
    name: str
    agency: str
    is_open: bool
    waiting: int
    has: int


def service_loads(session: Session) -> list[ServiceLoad]:
    """Return every service of an active agency with what this service knows of its load, by agency and name."""
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
    return [ServiceLoad(*row) for row in rows]
