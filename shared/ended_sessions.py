"""Sessions that ended before their eight hours: a person left, changed roles or password, or signed out everywhere.

The directory decides it and announces it with PersonChanged; every service keeps it in its own database,
because a signed session is checked without asking anybody.
"""

from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from shared.database import NAMING

sessions_metadata = sa.MetaData(naming_convention=NAMING)
ended_session = sa.Table(
    "ended_session",
    sessions_metadata,
    sa.Column("person_id", sa.Uuid, primary_key=True),
    sa.Column("issued_before", sa.DateTime(timezone=True), nullable=False),
)
"""One row per person: their sessions issued before that instant (UTC, real time) are refused."""


def end_sessions(session: Session, person_id: UUID, issued_before: datetime | None) -> None:
    """Refuse the person's sessions issued before this real instant (UTC) from now on; None ends none.

    Safe to repeat, and a late older fact never lets a session in again.
    """
    if issued_before is None:
        return
    statement = insert(ended_session).values(person_id=person_id, issued_before=issued_before)
    latest = sa.func.greatest(ended_session.c.issued_before, statement.excluded.issued_before)
    session.execute(statement.on_conflict_do_update(index_elements=["person_id"], set_={"issued_before": latest}))


def has_ended(session: Session, person_id: UUID, issued_at: datetime) -> bool:
    """Say whether a person's session that was issued at this instant has ended early."""
    issued_before = session.scalar(
        sa.select(ended_session.c.issued_before).where(ended_session.c.person_id == person_id)
    )
    return issued_before is not None and issued_at < issued_before
