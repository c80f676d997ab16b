"""Reads about the families who wait for a meeting."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql
from sqlalchemy.orm import Session

from services.panel.queries.no_part import has_part_in
from services.panel.rules.queue import CARRIED_TOO_OFTEN, PLACED_AHEAD, MeetingPlaces, Waiting
from services.panel.tables import AgendaItemRow, MeetingRow, QueueEntryRow

OPEN = ("waiting", "placed")


@dataclass(frozen=True)
class Overflow:
    """How many families of a panel's queue have no place at any planned meeting, and how many were carried over too often."""

    without_place: int
    carried_too_often: int


@dataclass(frozen=True)
class OpenMeeting:
    """A meeting that still takes families: its places, and how many of them are taken."""

    meeting_id: UUID
    held_on: date
    places: int
    taken: int

    @property
    def free(self) -> int:
        """Return how many more families it takes."""
        return max(0, self.places - self.taken)


def open_entry(session: Session, request_id: UUID) -> QueueEntryRow | None:
    """Return the request's open entry in any queue, its row locked, or None."""
    return session.scalar(
        sa.select(QueueEntryRow)
        .where(QueueEntryRow.request_id == request_id, QueueEntryRow.state.in_(OPEN))
        .with_for_update()
        .execution_options(populate_existing=True)
    )


def waits_by_reference(session: Session, panel_id: UUID, reference: str, reader_id: UUID) -> UUID | None:
    """Return the request with this reference that waits at a panel, or None; also where the reader has no part in it."""
    return session.scalar(
        sa.select(QueueEntryRow.request_id).where(
            QueueEntryRow.panel_id == panel_id,
            QueueEntryRow.reference == reference,
            QueueEntryRow.state.in_(OPEN),
            has_part_in(session, QueueEntryRow.request_id, reader_id),
        )
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


def who_waits(session: Session, panel_id: UUID, meetings: Sequence[MeetingPlaces]) -> list[Waiting]:
    """Return who is in a panel's queue without a meeting, or has a place at one of these, as the rules read them."""
    rows = session.execute(
        sa.select(
            QueueEntryRow.id,
            QueueEntryRow.family_id,
            QueueEntryRow.reference,
            QueueEntryRow.urgency,
            QueueEntryRow.why,
            QueueEntryRow.received_on,
            QueueEntryRow.times_carried,
            QueueEntryRow.not_before,
            AgendaItemRow.meeting_id,
        )
        .outerjoin(
            AgendaItemRow, sa.and_(AgendaItemRow.queue_entry_id == QueueEntryRow.id, AgendaItemRow.state == "placed")
        )
        .where(
            QueueEntryRow.panel_id == panel_id,
            sa.or_(
                QueueEntryRow.state == "waiting",
                AgendaItemRow.meeting_id.in_([meeting.meeting_id for meeting in meetings]),
            ),
        )
    )
    return [Waiting(*row) for row in rows]


def entries_by_id(session: Session, entry_ids: Sequence[UUID]) -> dict[UUID, QueueEntryRow]:
    """Return queue entries by their ids."""
    return {row.id: row for row in session.scalars(sa.select(QueueEntryRow).where(QueueEntryRow.id.in_(entry_ids)))}


def as_waiting(entry: QueueEntryRow) -> Waiting:
    """Return an entry as the rules read it."""
    return Waiting(
        entry_id=entry.id,
        family_id=entry.family_id,
        reference=entry.reference,
        urgency=entry.urgency,
        why=entry.why,
        received_on=entry.received_on,
        times_carried=entry.times_carried,
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
        .where(MeetingRow.panel_id == panel_id, *_takes_families(now))
        .order_by(MeetingRow.held_on)
        .with_for_update(of=MeetingRow)
    )
    return [
        MeetingPlaces(meeting_id, held_on, closes_at, places, frozenset(family_ids))
        for meeting_id, held_on, closes_at, places, family_ids in meetings
    ]


def open_meetings(session: Session, panel_ids: Sequence[UUID], now: datetime) -> dict[UUID, list[OpenMeeting]]:
    """Return the meetings of each panel that still take families, in order, with how many they have."""
    taken = sa.func.count(AgendaItemRow.family_id.distinct())
    placed = sa.and_(AgendaItemRow.meeting_id == MeetingRow.id, AgendaItemRow.state == "placed")
    rows = session.execute(
        sa.select(MeetingRow.panel_id, MeetingRow.id, MeetingRow.held_on, MeetingRow.places, taken)
        .outerjoin(AgendaItemRow, placed)
        .where(MeetingRow.panel_id.in_(panel_ids), *_takes_families(now))
        .group_by(MeetingRow.id)
        .order_by(MeetingRow.held_on)
    )
    found: dict[UUID, list[OpenMeeting]] = {}
    for panel_id, meeting_id, held_on, places, families in rows:
        found.setdefault(panel_id, []).append(OpenMeeting(meeting_id, held_on, places, families))
    return found


def taken_places(session: Session, meeting_id: UUID) -> int:
    """Return how many places of a meeting are taken: one a family."""
    families = sa.select(sa.func.count(AgendaItemRow.family_id.distinct()))
    return session.scalars(
        families.where(AgendaItemRow.meeting_id == meeting_id, AgendaItemRow.state == "placed")
    ).one()


def families_later(session: Session, meeting: MeetingRow) -> int:
    """Return how many families would move up to a meeting if it had room: on a later open agenda of its panel, or on none."""
    at = sa.orm.aliased(MeetingRow)
    placed = sa.and_(AgendaItemRow.queue_entry_id == QueueEntryRow.id, AgendaItemRow.state == "placed")
    return session.scalars(
        sa.select(sa.func.count(QueueEntryRow.family_id.distinct()))
        .outerjoin(AgendaItemRow, placed)
        .outerjoin(at, at.id == AgendaItemRow.meeting_id)
        .where(
            QueueEntryRow.panel_id == meeting.panel_id,
            QueueEntryRow.state.in_(OPEN),
            sa.or_(at.id.is_(None), sa.and_(at.state == "planned", at.held_on > meeting.held_on)),
            sa.or_(QueueEntryRow.not_before.is_(None), QueueEntryRow.not_before <= meeting.held_on),
        )
    ).one()


def overflow_at(session: Session, panel_ids: Sequence[UUID]) -> dict[UUID, Overflow]:
    """Return who has no place at any meeting of each panel, and who was carried over too often; only panels with some."""
    is_without = QueueEntryRow.state == "waiting"
    is_carried = QueueEntryRow.times_carried >= CARRIED_TOO_OFTEN
    families = sa.func.count(QueueEntryRow.family_id.distinct())
    rows = session.execute(
        sa.select(QueueEntryRow.panel_id, families.filter(is_without), families.filter(is_carried))
        .where(QueueEntryRow.panel_id.in_(panel_ids), QueueEntryRow.state.in_(OPEN), sa.or_(is_without, is_carried))
        .group_by(QueueEntryRow.panel_id)
    )
    return {panel_id: Overflow(without_place, carried) for panel_id, without_place, carried in rows}


def _takes_families(now: datetime) -> tuple[sa.ColumnElement[bool], ...]:
    """Return what a meeting is that still takes families: its agenda open, and not further ahead than places are given."""
    return (
        MeetingRow.state == "planned",
        MeetingRow.agenda_closes_at > now,
        MeetingRow.starts_at <= now + PLACED_AHEAD,
    )
