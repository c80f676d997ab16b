"""Reads about what an agency has of a family: the offer, its plan, and the paper that it had when the plan ended."""

from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.panel.tables import AllocationRow, PaperRow, PlanRequestRow, PlanRow


def agency_has_family(session: Session, request_id: UUID, agency_id: UUID | None) -> bool:
    """Say whether a request is offered to an agency, led to an open plan of it, or lies with one."""
    offered = sa.exists().where(
        AllocationRow.request_id == request_id, AllocationRow.agency_id == agency_id, AllocationRow.state == "offered"
    )
    planned = sa.exists().where(
        PlanRow.request_id == request_id, PlanRow.agency_id == agency_id, PlanRow.closed_on.is_(None)
    )
    joined = sa.exists().where(
        PlanRequestRow.request_id == request_id,
        PlanRequestRow.left_on.is_(None),
        PlanRequestRow.plan_id == PlanRow.id,
        PlanRow.agency_id == agency_id,
        PlanRow.closed_on.is_(None),
    )
    return bool(session.scalar(sa.select(sa.or_(offered, planned, joined))))


def last_paper_had(session: Session, request_id: UUID, agency_id: UUID | None) -> PaperRow | None:
    """Return the paper of a request that was the newest when the agency's last plan with it ended, or None."""
    planned = sa.select(PlanRow.last_paper_id.label("paper_id"), PlanRow.closed_on).where(
        PlanRow.request_id == request_id, PlanRow.agency_id == agency_id, PlanRow.last_paper_id.is_not(None)
    )
    joined = (
        sa.select(PlanRequestRow.last_paper_id.label("paper_id"), PlanRow.closed_on)
        .join(PlanRow, PlanRow.id == PlanRequestRow.plan_id)
        .where(
            PlanRequestRow.request_id == request_id,
            PlanRow.agency_id == agency_id,
            PlanRequestRow.last_paper_id.is_not(None),
        )
    )
    had = sa.union_all(planned, joined).subquery()
    last = (
        sa.select(PaperRow)
        .join(had, had.c.paper_id == PaperRow.id)
        .order_by(had.c.closed_on.desc(), PaperRow.asked_at.desc())
    )
    return session.scalars(last.limit(1)).first()
