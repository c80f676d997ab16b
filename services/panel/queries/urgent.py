"""Reads about urgent decisions: what is to be ratified, and where."""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from services.panel.tables import AgendaItemRow, DecisionRow, MeetingRow, RatificationRow
from shared.errors import NotFound

_IS_LEFT = sa.and_(AgendaItemRow.state == "to_ratify", MeetingRow.state.in_(("ended", "cancelled")))


def next_meeting_to_sit(session: Session, panel_id: UUID, today: date) -> MeetingRow | None:
    """Return a panel's next meeting that has not begun, locked, or None."""
    return session.scalars(
        sa.select(MeetingRow)
        .where(
            MeetingRow.panel_id == panel_id,
            MeetingRow.state.in_(("planned", "agenda_closed")),
            MeetingRow.held_on >= today,
        )
        .order_by(MeetingRow.held_on)
        .limit(1)
        .with_for_update()
    ).one_or_none()


def ratification_of(session: Session, item_id: UUID) -> RatificationRow:
    """Return what an item is there to ratify, locked; raises NotFound where it is there to be heard."""
    row = session.scalars(
        sa.select(RatificationRow).where(RatificationRow.agenda_item_id == item_id).with_for_update()
    ).one_or_none()
    if row is None:
        raise NotFound("There is nothing to ratify at this item.")
    return row


def left_since(session: Session) -> datetime | None:
    """Return when the earliest decision was made that its meeting left unratified, or None where none is left (UTC)."""
    decided_at = sa.select(sa.func.min(DecisionRow.decided_at))
    return session.scalar(
        decided_at.join(RatificationRow, RatificationRow.decision_id == DecisionRow.id)
        .join(AgendaItemRow, AgendaItemRow.id == RatificationRow.agenda_item_id)
        .join(MeetingRow, MeetingRow.id == AgendaItemRow.meeting_id)
        .where(_IS_LEFT)
    )


def left_to_ratify(session: Session) -> Sequence[tuple[RatificationRow, AgendaItemRow]]:
    """Return what a meeting that ended or was cancelled should have ratified, locked."""
    rows = session.execute(
        sa.select(RatificationRow, AgendaItemRow)
        .join(AgendaItemRow, AgendaItemRow.id == RatificationRow.agenda_item_id)
        .join(MeetingRow, MeetingRow.id == AgendaItemRow.meeting_id)
        .where(_IS_LEFT)
        .options(joinedload(AgendaItemRow.queue_entry))
        .order_by(MeetingRow.held_on)
        .limit(100)
        .with_for_update(of=RatificationRow, skip_locked=True)
    )
    return [(row[0], row[1]) for row in rows]
