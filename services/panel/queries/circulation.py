"""Reads about what went out for a meeting: the agenda, its supplements, and each family as it was circulated."""

from collections.abc import Sequence
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from services.panel.tables import AgendaItemRow, CirculatedItemRow, CirculationRow, MeetingRow
from shared.errors import NotFound

CLOSED_STATES = ("agenda_closed", "in_session", "ended")


def circulations_of(session: Session, meeting_id: UUID) -> Sequence[CirculationRow]:
    """Return what was made for the members of a meeting: the agenda, then its supplements."""
    return session.scalars(
        sa.select(CirculationRow).where(CirculationRow.meeting_id == meeting_id).order_by(CirculationRow.number)
    ).all()


def circulated_items(session: Session, circulation_ids: Sequence[UUID]) -> dict[UUID, list[CirculatedItemRow]]:
    """Return the families as they were circulated, by circulation, in the order of their numbers."""
    found: dict[UUID, list[CirculatedItemRow]] = {circulation_id: [] for circulation_id in circulation_ids}
    rows = sa.select(CirculatedItemRow).where(CirculatedItemRow.circulation_id.in_(circulation_ids))
    for row in session.scalars(rows.order_by(CirculatedItemRow.number)):
        found[row.circulation_id].append(row)
    return found


def circulated_item(session: Session, item_id: UUID) -> CirculatedItemRow:
    """Return a family as it was circulated; raises NotFound."""
    row = session.get(CirculatedItemRow, item_id)
    if row is None:
        raise NotFound("This item has not been circulated yet.")
    return row


def items_sent(session: Session, meeting_id: UUID) -> Sequence[AgendaItemRow]:
    """Return the items of a meeting that were circulated with a paper, by number."""
    return session.scalars(
        sa.select(AgendaItemRow)
        .join(CirculatedItemRow, CirculatedItemRow.agenda_item_id == AgendaItemRow.id)
        .where(AgendaItemRow.meeting_id == meeting_id, AgendaItemRow.paper_id.is_not(None))
        .order_by(AgendaItemRow.number)
    ).all()


def without_circulation(session: Session) -> Sequence[MeetingRow]:
    """Return the meetings whose agenda closed before what is circulated was kept item by item, their rows locked."""
    made = sa.exists().where(CirculationRow.meeting_id == MeetingRow.id)
    return session.scalars(
        sa.select(MeetingRow)
        .where(MeetingRow.state.in_(CLOSED_STATES), MeetingRow.papers_sent_at.is_(None), ~made)
        .options(joinedload(MeetingRow.panel))
        .with_for_update(of=MeetingRow)
    ).all()


def waiting_to_go_out(session: Session, *, lock: bool = False) -> Sequence[MeetingRow]:
    """Return the meetings whose agenda is closed and whose papers have not been sent out, with their rows locked if asked."""
    found = (
        sa.select(MeetingRow)
        .where(MeetingRow.state.in_(("agenda_closed", "in_session")), MeetingRow.papers_sent_at.is_(None))
        .options(joinedload(MeetingRow.panel))
        .order_by(MeetingRow.starts_at, MeetingRow.id)
    )
    if lock:
        found = found.with_for_update(of=MeetingRow).execution_options(populate_existing=True)
    return session.scalars(found).all()
