"""Reads about the families who wait for a meeting."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql
from sqlalchemy.orm import Session, joinedload

from services.panel.paper_tables import PaperWantedRow
from services.panel.rules.queue import MeetingPlaces, Waiting
from services.panel.tables import AgendaItemRow, MeetingRow, QueueEntryRow
from shared.paging import LONG_PAGE_SIZE, PageOf, page_of_lines

OPEN = ("waiting", "placed")


@dataclass(frozen=True)
class QueueLine:
    """A waiting request with the meeting that it has a place at, if any, and what keeps its paper away, if anything."""

    entry: QueueEntryRow
    held_on: date | None
    meeting_id: UUID | None
    paper_error: str | None


def open_entry(session: Session, request_id: UUID) -> QueueEntryRow | None:
    """Return the request's open entry in any queue, its row locked, or None."""
    return session.scalar(
        sa.select(QueueEntryRow)
        .where(QueueEntryRow.request_id == request_id, QueueEntryRow.state.in_(OPEN))
        .with_for_update()
        .execution_options(populate_existing=True)
    )


def open_panel_of(session: Session, request_id: UUID) -> UUID | None:
    """Return the panel whose queue or open agenda a request is in; None when its agenda has closed, or in no queue."""
    item = sa.and_(AgendaItemRow.queue_entry_id == QueueEntryRow.id, AgendaItemRow.state == "placed")
    return session.scalar(
        sa.select(QueueEntryRow.panel_id)
        .outerjoin(AgendaItemRow, item)
        .outerjoin(MeetingRow, MeetingRow.id == AgendaItemRow.meeting_id)
        .where(
            QueueEntryRow.request_id == request_id,
            QueueEntryRow.state.in_(OPEN),
            sa.or_(MeetingRow.id.is_(None), MeetingRow.state == "planned"),
        )
    )


def placed_item(session: Session, entry_id: UUID) -> AgendaItemRow | None:
    """Return the agenda item on which an entry stands, its row locked, or None while it has no meeting."""
    return session.scalar(
        sa.select(AgendaItemRow)
        .where(AgendaItemRow.queue_entry_id == entry_id, AgendaItemRow.state == "placed")
        .with_for_update()
        .execution_options(populate_existing=True)
    )


def is_heard_after(session: Session, item: AgendaItemRow) -> bool:
    """Say whether a later meeting than the item's has heard its request, or carried it over."""
    later = (
        sa.exists()
        .where(AgendaItemRow.request_id == item.request_id, AgendaItemRow.state.in_(("heard", "carried_over")))
        .where(AgendaItemRow.meeting_id == MeetingRow.id, MeetingRow.held_on > item.meeting.held_on)
    )
    return bool(session.scalar(sa.select(later)))


def waiting_entries(session: Session, panel_id: UUID) -> dict[UUID, QueueEntryRow]:
    """Return the entries of a panel's queue that have no meeting yet, by id."""
    rows = session.scalars(
        sa.select(QueueEntryRow).where(QueueEntryRow.panel_id == panel_id, QueueEntryRow.state == "waiting")
    )
    return {row.id: row for row in rows}


def as_waiting(entry: QueueEntryRow) -> Waiting:
    """Return an entry as the rules read it."""
    return Waiting(
        entry_id=entry.id,
        family_id=entry.family_id,
        reference=entry.reference,
        urgency=entry.urgency,
        why=entry.why,
        received_on=entry.received_on,
        not_before=entry.not_before,
    )


def lock_open_meetings(session: Session, panel_id: UUID, now: datetime) -> list[MeetingPlaces]:
    """Return the panel's meetings whose agenda is open, as the rules read them, their rows locked.

    The caller holds the panel, so that nobody takes a place or leaves one meanwhile.
    """
    families = sa.select(AgendaItemRow.family_id).where(
        AgendaItemRow.meeting_id == MeetingRow.id, AgendaItemRow.state == "placed"
    )
    meetings = session.execute(
        sa.select(
            MeetingRow.id,
            MeetingRow.held_on,
            MeetingRow.agenda_closes_at,
            MeetingRow.places,
            sa.func.array(families.correlate(MeetingRow).scalar_subquery(), type_=postgresql.ARRAY(sa.Uuid)),
        )
        .where(MeetingRow.panel_id == panel_id, MeetingRow.state == "planned", MeetingRow.agenda_closes_at > now)
        .order_by(MeetingRow.held_on)
        .with_for_update(of=MeetingRow)
    )
    return [
        MeetingPlaces(meeting_id, held_on, closes_at, places, frozenset(family_ids))
        for meeting_id, held_on, closes_at, places, family_ids in meetings
    ]


def queue_page(session: Session, panel_ids: Sequence[UUID], number: int) -> PageOf[QueueLine]:
    """Return one page of who waits at these panels, those without a meeting first."""
    waiting = (
        sa.select(QueueEntryRow, MeetingRow.held_on, MeetingRow.id, PaperWantedRow.last_error)
        .outerjoin(
            AgendaItemRow, sa.and_(AgendaItemRow.queue_entry_id == QueueEntryRow.id, AgendaItemRow.state == "placed")
        )
        .outerjoin(MeetingRow, MeetingRow.id == AgendaItemRow.meeting_id)
        .outerjoin(PaperWantedRow, PaperWantedRow.request_id == QueueEntryRow.request_id)
        .where(QueueEntryRow.panel_id.in_(panel_ids), QueueEntryRow.state.in_(OPEN))
        .options(joinedload(QueueEntryRow.panel))
        .order_by(MeetingRow.held_on.nulls_first(), QueueEntryRow.received_on, QueueEntryRow.reference)
    )
    return page_of_lines(session, waiting, QueueLine, number=number, size=LONG_PAGE_SIZE)


def taken_places(session: Session, meeting_id: UUID) -> int:
    """Return how many places of a meeting are taken: one a family."""
    families = sa.select(sa.func.count(AgendaItemRow.family_id.distinct()))
    return session.scalars(
        families.where(AgendaItemRow.meeting_id == meeting_id, AgendaItemRow.state == "placed")
    ).one()


def waiting_counts(session: Session, panel_ids: Sequence[UUID]) -> dict[UUID, int]:
    """Return how many requests wait at each panel without a meeting."""
    rows = session.execute(
        sa.select(QueueEntryRow.panel_id, sa.func.count())
        .where(QueueEntryRow.panel_id.in_(panel_ids), QueueEntryRow.state == "waiting")
        .group_by(QueueEntryRow.panel_id)
    )
    return {row[0]: row[1] for row in rows}
