"""Reads about a meeting while it sits: where it stands, its notes, what is not saved, who acknowledged what."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.orm import Session

from services.panel.rules.stand import Hearable
from services.panel.tables import (
    AcknowledgementRow,
    AgendaItemRow,
    AttendanceRow,
    LeftForLaterRow,
    MeetingRow,
    NoteRow,
    SeatRow,
    StandRow,
    UnsavedRow,
)


@dataclass(frozen=True)
class Stand:
    """Where a meeting stands; `seconds` is how long its item has been heard, 0 where there is none."""

    version: int = 0
    item_id: UUID | None = None
    seconds: int = 0


def stand_of(session: Session, meeting_id: UUID) -> Stand:
    """Return where a meeting stands; version 0 before anything happened."""
    seconds = sa.func.extract("epoch", sa.func.clock_timestamp() - StandRow.item_since)
    row = session.execute(
        sa.select(StandRow.version, StandRow.item_id, seconds).where(StandRow.meeting_id == meeting_id)
    ).one_or_none()
    return Stand(row[0], row[1], max(0, int(row[2] or 0))) if row else Stand()


def version_of(session: Session, meeting_id: UUID) -> int:
    """Return the version of where a meeting stands."""
    return session.scalar(sa.select(StandRow.version).where(StandRow.meeting_id == meeting_id)) or 0


def followed(session: Session, concerned: sa.ColumnElement[bool]) -> Sequence[UUID]:
    """Return the meetings that may be followed now, of those that are concerned, in the order in which rows are held."""
    meetings = sa.select(MeetingRow.id).where(MeetingRow.state.in_(("agenda_closed", "in_session")), concerned)
    return session.scalars(meetings.order_by(MeetingRow.id)).all()


def has_item_of(request_id: UUID) -> sa.ColumnElement[bool]:
    """Return that a meeting has a request on its agenda, heard or removed too."""
    return MeetingRow.id.in_(sa.select(AgendaItemRow.meeting_id).where(AgendaItemRow.request_id == request_id))


def has_part(person_id: UUID) -> sa.ColumnElement[bool]:
    """Return that somebody has a seat at a meeting's panel or takes its notes."""
    panels = sa.select(SeatRow.panel_id).where(SeatRow.person_id == person_id)
    return sa.or_(MeetingRow.panel_id.in_(panels), MeetingRow.notes_by == person_id)


def left_for_later(session: Session, meeting_id: UUID) -> dict[UUID, datetime]:
    """Return when each item was left that the meeting left for later."""
    rows = session.execute(
        sa.select(LeftForLaterRow.agenda_item_id, LeftForLaterRow.left_at)
        .join(AgendaItemRow, AgendaItemRow.id == LeftForLaterRow.agenda_item_id)
        .where(AgendaItemRow.meeting_id == meeting_id)
    )
    return {row[0]: row[1] for row in rows}


def hearable(items: Iterable[AgendaItemRow], left: dict[UUID, datetime]) -> list[Hearable]:
    """Return numbered items as the order of hearing sees them."""
    return [Hearable(item.id, item.number or 0, item.state, left.get(item.id)) for item in items]


def decided_at(session: Session, meeting_id: UUID) -> int:
    """Return how many items of a meeting have been decided at it, carried over among them."""
    decided = sa.select(sa.func.count()).where(
        AgendaItemRow.meeting_id == meeting_id, AgendaItemRow.state.in_(("heard", "carried_over"))
    )
    return session.scalar(decided) or 0


def latest_note(session: Session, item_id: UUID) -> NoteRow | None:
    """Return what was noted of an item last, or None."""
    statement = sa.select(NoteRow).where(NoteRow.agenda_item_id == item_id).order_by(NoteRow.version.desc()).limit(1)
    return session.scalars(statement).one_or_none()


def notes_of(session: Session, meeting_id: UUID) -> dict[UUID, NoteRow]:
    """Return the last version of the note of each item of a meeting that has one, by the item's id."""
    rows = session.scalars(
        sa.select(NoteRow)
        .join(AgendaItemRow, AgendaItemRow.id == NoteRow.agenda_item_id)
        .where(AgendaItemRow.meeting_id == meeting_id)
        .ext(distinct_on(NoteRow.agenda_item_id))
        .order_by(NoteRow.agenda_item_id, NoteRow.version.desc())
    )
    return {row.agenda_item_id: row for row in rows}


def unsaved_by(session: Session, item_id: UUID, person_id: UUID, form: str) -> UnsavedRow | None:
    """Return what somebody typed on a form about an item and has not saved, or None."""
    return session.get(UnsavedRow, (item_id, person_id, form))


def unsaved_at(session: Session, meeting_id: UUID) -> Sequence[UnsavedRow]:
    """Return everything that anybody typed about items of a meeting and has not saved."""
    return session.scalars(
        sa.select(UnsavedRow)
        .join(AgendaItemRow, AgendaItemRow.id == UnsavedRow.agenda_item_id)
        .where(AgendaItemRow.meeting_id == meeting_id)
        .order_by(UnsavedRow.kept_at)
    ).all()


def acknowledged_by(session: Session, meeting_id: UUID, statement_version: str) -> dict[UUID, AcknowledgementRow]:
    """Return who acknowledged this version of the confidentiality statement at a meeting."""
    rows = session.scalars(
        sa.select(AcknowledgementRow).where(
            AcknowledgementRow.meeting_id == meeting_id, AcknowledgementRow.statement_version == statement_version
        )
    )
    return {row.person_id: row for row in rows}


def attended(session: Session, meeting_id: UUID) -> dict[UUID, AttendanceRow]:
    """Return what was recorded of each person's presence at a meeting."""
    rows = session.scalars(sa.select(AttendanceRow).where(AttendanceRow.meeting_id == meeting_id))
    return {row.person_id: row for row in rows}
