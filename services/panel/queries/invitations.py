"""Reads about what members were told of meetings for their own calendars."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from services.panel.tables import InvitationRow, MeetingRow

_STILL_ON = ("planned", "agenda_closed")


def meetings_to_tell_of(session: Session, panel_id: UUID, now: datetime) -> Sequence[MeetingRow]:
    """Return the panel's meetings that have not begun and are not cancelled, in order."""
    return session.scalars(
        sa.select(MeetingRow)
        .where(MeetingRow.panel_id == panel_id, MeetingRow.starts_at > now, MeetingRow.state.in_(_STILL_ON))
        .options(joinedload(MeetingRow.panel))
        .order_by(MeetingRow.starts_at, MeetingRow.id)
    ).all()


def invitations_of(session: Session, panel_id: UUID, now: datetime) -> dict[UUID, dict[UUID, InvitationRow]]:
    """Return what was told of the panel's coming meetings, by meeting and person."""
    rows = session.scalars(
        sa.select(InvitationRow)
        .join(MeetingRow, MeetingRow.id == InvitationRow.meeting_id)
        .where(MeetingRow.panel_id == panel_id, MeetingRow.starts_at > now)
    )
    found: dict[UUID, dict[UUID, InvitationRow]] = {}
    for row in rows:
        found.setdefault(row.meeting_id, {})[row.person_id] = row
    return found


def invitations_to(session: Session, meeting_id: UUID) -> dict[UUID, InvitationRow]:
    """Return what was told of a meeting, by person."""
    rows = session.scalars(sa.select(InvitationRow).where(InvitationRow.meeting_id == meeting_id))
    return {row.person_id: row for row in rows}
