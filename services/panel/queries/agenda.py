"""Reads about agendas and the documents that were circulated."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from services.panel.tables import AgendaItemRow, DocumentRow, MeetingRow, QueueEntryRow
from shared.errors import NotFound


def due_to_close(session: Session, now: datetime) -> list[UUID]:
    """Return the meetings whose agenda should be closed by now and is not, the earliest cut-off first."""
    return list(
        session.scalars(
            sa.select(MeetingRow.id)
            .where(MeetingRow.state == "planned", MeetingRow.agenda_closes_at <= now)
            .order_by(MeetingRow.agenda_closes_at, MeetingRow.id)
        )
    )


def next_cut_off(session: Session) -> datetime | None:
    """Return when the next agenda closes, or should have (UTC)."""
    return session.scalar(sa.select(sa.func.min(MeetingRow.agenda_closes_at)).where(MeetingRow.state == "planned"))


def items_of(session: Session, meeting_id: UUID) -> Sequence[AgendaItemRow]:
    """Return what stands on an agenda: by number when it is closed, else whoever has a place.

    Somebody who left after the closing keeps the number and stays listed, marked as removed.
    """
    return session.scalars(
        sa.select(AgendaItemRow)
        .join(QueueEntryRow)
        .where(
            AgendaItemRow.meeting_id == meeting_id,
            sa.or_(AgendaItemRow.state != "removed", AgendaItemRow.number.is_not(None)),
        )
        .options(joinedload(AgendaItemRow.queue_entry), joinedload(AgendaItemRow.paper))
        .order_by(AgendaItemRow.number, QueueEntryRow.received_on, AgendaItemRow.reference)
    ).all()


def late_items(session: Session, meeting_id: UUID) -> Sequence[AgendaItemRow]:
    """Return the items of a closed agenda whose papers are still to go out, in the order of their numbers."""
    return session.scalars(
        sa.select(AgendaItemRow)
        .where(AgendaItemRow.meeting_id == meeting_id, _is_late())
        .options(joinedload(AgendaItemRow.queue_entry))
        .order_by(AgendaItemRow.number)
    ).all()


def with_late_items(session: Session) -> dict[UUID, list[UUID]]:
    """Return the requests that came late and whose papers are still to go out, by meeting."""
    rows = session.execute(
        sa.select(AgendaItemRow.meeting_id, AgendaItemRow.request_id)
        .join(MeetingRow, MeetingRow.id == AgendaItemRow.meeting_id)
        .where(MeetingRow.state.in_(("agenda_closed", "in_session")), _is_late())
        .order_by(AgendaItemRow.number)
    )
    found: dict[UUID, list[UUID]] = {}
    for meeting_id, request_id in rows:
        found.setdefault(meeting_id, []).append(request_id)
    return found


def last_number(session: Session, meeting_id: UUID) -> int:
    """Return the last number that an agenda has given out, also to somebody who has left it since; 0 for none."""
    return (
        session.scalar(sa.select(sa.func.max(AgendaItemRow.number)).where(AgendaItemRow.meeting_id == meeting_id)) or 0
    )


def _is_late() -> sa.ColumnElement[bool]:
    return sa.and_(
        AgendaItemRow.state == "placed", AgendaItemRow.number.is_not(None), AgendaItemRow.supplement.is_(None)
    )


def request_ids_on(session: Session, meeting_id: UUID) -> list[UUID]:
    """Return the requests that have a place at a meeting."""
    return list(
        session.scalars(
            sa.select(AgendaItemRow.request_id).where(
                AgendaItemRow.meeting_id == meeting_id, AgendaItemRow.state.in_(("placed", "to_ratify"))
            )
        )
    )


def item_of(session: Session, meeting_id: UUID, item_id: UUID) -> AgendaItemRow:
    """Return an item of a meeting; raises NotFound."""
    item = session.scalar(
        sa.select(AgendaItemRow)
        .where(AgendaItemRow.id == item_id, AgendaItemRow.meeting_id == meeting_id)
        .options(joinedload(AgendaItemRow.queue_entry), joinedload(AgendaItemRow.paper))
    )
    if item is None:
        raise NotFound("There is no such item on this agenda.")
    return item


def document(session: Session, meeting_id: UUID, kind: str) -> DocumentRow:
    """Return the newest document of a kind that a meeting has; raises NotFound."""
    found = session.scalar(
        sa.select(DocumentRow)
        .where(DocumentRow.meeting_id == meeting_id, DocumentRow.kind == kind)
        .order_by(DocumentRow.version.desc())
        .limit(1)
    )
    if found is None:
        raise NotFound("There is no such document yet.")
    return found


def families_at(session: Session, meeting_ids: Sequence[UUID]) -> dict[UUID, int]:
    """Return how many families each meeting has or had on its agenda."""
    rows = session.execute(
        sa.select(AgendaItemRow.meeting_id, sa.func.count(sa.distinct(AgendaItemRow.family_id)))
        .where(AgendaItemRow.meeting_id.in_(meeting_ids), AgendaItemRow.state != "removed")
        .group_by(AgendaItemRow.meeting_id)
    )
    return {row[0]: row[1] for row in rows}
