"""Which requests had more said about them after they were sent, and when last."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.panel.tables import AmendedRequestRow


def amended_at(session: Session, request_ids: Sequence[UUID]) -> dict[UUID, datetime]:
    """Return when more was said last, by request; requests about which nothing was are left out."""
    rows = session.execute(
        sa.select(AmendedRequestRow.request_id, sa.func.max(AmendedRequestRow.amended_at))
        .where(AmendedRequestRow.request_id.in_(request_ids))
        .group_by(AmendedRequestRow.request_id)
    )
    return {row[0]: row[1] for row in rows}
