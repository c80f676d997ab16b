"""Reads about the addresses from which people's calendars read their meetings."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from services.panel.queries.calendar import MOST_MEETINGS
from services.panel.rules.calendar_feed import AHEAD, BACK, fingerprint_of
from services.panel.tables import CalendarFeedRow, KnownPersonRow, MeetingRow, SeatRow
from shared.errors import NotFound


def feed_of(session: Session, person_id: UUID) -> CalendarFeedRow | None:
    """Return a person's address, if there is one that works."""
    row = session.get(CalendarFeedRow, person_id)
    return row if row is not None and row.secret_hash is not None else None


def reader_of(session: Session, secret: str) -> UUID:
    """Return whose calendar has this secret; raises NotFound, also for somebody who has left the directory."""
    left = sa.exists().where(KnownPersonRow.person_id == CalendarFeedRow.person_id, KnownPersonRow.is_active.is_(False))
    person_id = session.scalar(
        sa.select(CalendarFeedRow.person_id).where(CalendarFeedRow.secret_hash == fingerprint_of(secret), ~left)
    )
    if person_id is None:
        raise NotFound("There is no calendar at this address, or it has been renewed.")
    return person_id


def meetings_for(session: Session, person_id: UUID, today: date) -> Sequence[MeetingRow]:
    """Return the meetings of the panels at which a person has a seat, cancelled ones too, the nearest 200 in order."""
    seats = sa.select(SeatRow.panel_id).where(SeatRow.person_id == person_id)
    return session.scalars(
        sa.select(MeetingRow)
        .where(MeetingRow.panel_id.in_(seats), MeetingRow.held_on.between(today - BACK, today + AHEAD))
        .options(joinedload(MeetingRow.panel))
        .order_by(MeetingRow.starts_at, MeetingRow.id)
        .limit(MOST_MEETINGS)
    ).all()
