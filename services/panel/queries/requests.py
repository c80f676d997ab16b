"""Where a request stands: in a queue, offered to an agency or with a plan, and nowhere else at the same time."""

from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.panel.tables import AllocationRow, PlanRequestRow, PlanRow


def lock_requests(session: Session, *request_ids: UUID) -> None:
    """Hold requests until the transaction ends, before any row: whoever moves one to where it stands next holds it.

    The rows themselves are not enough. Somebody who looks for a request in the queue, and then for its offer,
    misses it when a meeting turns the one into the other in between.
    """
    for request_id in sorted(request_ids):
        session.execute(
            sa.text("SELECT pg_advisory_xact_lock(hashtextextended(:key, 6))"), {"key": f"request {request_id}"}
        )


def is_with_agency(session: Session, request_id: UUID) -> bool:
    """Say whether a request is offered to an agency, led to a plan that is open, or lies with one."""
    offered = sa.exists().where(AllocationRow.request_id == request_id, AllocationRow.state == "offered")
    led_to_plan = sa.exists().where(PlanRow.request_id == request_id, PlanRow.closed_on.is_(None))
    joined_plan = sa.exists().where(PlanRequestRow.request_id == request_id, PlanRequestRow.left_on.is_(None))
    return bool(session.scalar(sa.select(sa.or_(offered, led_to_plan, joined_plan))))
