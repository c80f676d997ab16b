"""Families on agendas, and who has a conflict with which."""

from datetime import datetime
from uuid import UUID, uuid4

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from services.panel.tables.base import Base
from services.panel.tables.calendar import MeetingRow
from services.panel.tables.papers import PaperRow
from services.panel.tables.queue import QueueEntryRow


class AgendaItemRow(Base):
    """A family on a meeting's agenda. `number` and `paper_id` are set when the agenda closes and then stay.

    `state`: placed, to_ratify (decided urgently), heard, carried_over, removed. `supplement`: with what its paper
    went out, 0 for the agenda and else the number of a supplement; None until then.
    """

    __tablename__ = "agenda_item"
    __table_args__ = (
        sa.UniqueConstraint("meeting_id", "queue_entry_id"),
        sa.UniqueConstraint("meeting_id", "number"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    meeting_id: Mapped[UUID] = mapped_column(sa.ForeignKey("meeting.id"))
    queue_entry_id: Mapped[UUID] = mapped_column(sa.ForeignKey("queue_entry.id"))
    request_id: Mapped[UUID] = mapped_column(index=True)
    family_id: Mapped[UUID]
    reference: Mapped[str]
    number: Mapped[int | None]
    paper_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("paper.id"))
    supplement: Mapped[int | None]
    state: Mapped[str] = mapped_column(default="placed")
    why_not_heard: Mapped[str | None]

    meeting: Mapped[MeetingRow] = relationship()
    queue_entry: Mapped[QueueEntryRow] = relationship()
    paper: Mapped[PaperRow | None] = relationship()


class ConflictRow(Base):
    """A member's declared conflict with an item: that member has no paper of it and no part in its decision."""

    __tablename__ = "conflict"

    agenda_item_id: Mapped[UUID] = mapped_column(sa.ForeignKey("agenda_item.id"), primary_key=True)
    person_id: Mapped[UUID] = mapped_column(primary_key=True)
    nature: Mapped[str]
    declared_at: Mapped[datetime]
