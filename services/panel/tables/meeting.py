"""What goes on at a meeting: who is there, where it stands, what is noted."""

from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from services.panel.tables.base import Base


class AttendanceRow(Base):
    """Who was at a meeting. `presence`: present, substitute, left, apologies.

    `substitute` is the name of whoever came in place of somebody. `came_at` is when they came, `left_at` when they left.
    """

    __tablename__ = "attendance"

    meeting_id: Mapped[UUID] = mapped_column(sa.ForeignKey("meeting.id"), primary_key=True)
    person_id: Mapped[UUID] = mapped_column(primary_key=True)
    agency_id: Mapped[UUID | None]
    presence: Mapped[str]
    substitute: Mapped[str] = mapped_column(default="")
    came_at: Mapped[datetime | None]
    left_at: Mapped[datetime | None]
    recorded_at: Mapped[datetime]


class AcknowledgementRow(Base):
    """That somebody at a meeting was told of its confidentiality statement. `how`: themselves, read_out."""

    __tablename__ = "acknowledgement"

    meeting_id: Mapped[UUID] = mapped_column(sa.ForeignKey("meeting.id"), primary_key=True)
    person_id: Mapped[UUID] = mapped_column(primary_key=True)
    statement_version: Mapped[str] = mapped_column(primary_key=True)
    how: Mapped[str]
    recorded_by: Mapped[UUID]
    acknowledged_at: Mapped[datetime]


class StandRow(Base):
    """Where a meeting stands. `version` grows with every change that a screen shows; `item_id` is heard now.

    `item_since` is the real time, also where a training clock stands still: it is a stopwatch, not a record.
    """

    __tablename__ = "stand"

    meeting_id: Mapped[UUID] = mapped_column(sa.ForeignKey("meeting.id"), primary_key=True)
    version: Mapped[int]
    item_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("agenda_item.id"))
    item_since: Mapped[datetime | None]


class LeftForLaterRow(Base):
    """An item that the meeting left for later; it is heard after the others, in the order in which they were left."""

    __tablename__ = "left_for_later"

    agenda_item_id: Mapped[UUID] = mapped_column(sa.ForeignKey("agenda_item.id"), primary_key=True)
    left_at: Mapped[datetime]


class NoteRow(Base):
    """What the note-taker wrote about an item, each time it was saved; the last version counts."""

    __tablename__ = "note"

    agenda_item_id: Mapped[UUID] = mapped_column(sa.ForeignKey("agenda_item.id"), primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True)
    text: Mapped[str]
    written_by: Mapped[UUID]
    written_at: Mapped[datetime]


class UnsavedRow(Base):
    """What somebody has typed on a form about an item and not saved: theirs alone, and gone when they save it."""

    __tablename__ = "unsaved"

    agenda_item_id: Mapped[UUID] = mapped_column(sa.ForeignKey("agenda_item.id"), primary_key=True)
    person_id: Mapped[UUID] = mapped_column(primary_key=True)
    form: Mapped[str] = mapped_column(primary_key=True)
    fields: Mapped[dict[str, Any]]
    kept_at: Mapped[datetime]
