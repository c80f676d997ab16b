"""The copy of what somebody sent, as they saw it when they checked it."""

from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.referrals.tables import SentCopyRow
from shared.errors import NotFound


def has_copy(session: Session, request_id: UUID) -> bool:
    """Say whether there is a copy of what was sent."""
    return bool(session.scalar(sa.select(sa.exists().where(SentCopyRow.request_id == request_id))))


def copy_of(session: Session, request_id: UUID) -> list[dict[str, Any]]:
    """Return the sections of what was sent; raises NotFound for what did not come by the pages, or came before copies."""
    row = session.get(SentCopyRow, request_id)
    if row is None:
        raise NotFound("There is no copy of this request to print.")
    return row.sections
