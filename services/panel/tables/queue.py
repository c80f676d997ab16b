"""Who waits for a meeting, and what was done about it by hand."""

from datetime import date, datetime
from uuid import UUID, uuid4

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from services.panel.tables.base import Base
from services.panel.tables.calendar import PanelRow


class QueueEntryRow(Base):
    """A request that waits for a panel. `state`: waiting, placed, heard, left. One open entry a request."""

    __tablename__ = "queue_entry"
    __table_args__ = (
        sa.Index(
            "queue_entry_open_key",
            "request_id",
            unique=True,
            postgresql_where=sa.text("state IN ('waiting', 'placed')"),
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    request_id: Mapped[UUID] = mapped_column(index=True)
    family_id: Mapped[UUID] = mapped_column(index=True)
    reference: Mapped[str]
    kind: Mapped[str]
    panel_id: Mapped[UUID] = mapped_column(sa.ForeignKey("panel.id"), index=True)
    urgency: Mapped[str]
    received_on: Mapped[date]
    queued_at: Mapped[datetime]
    children: Mapped[int]
    level_scheme: Mapped[str]
    level_version: Mapped[str]
    level_number: Mapped[int]
    why: Mapped[str] = mapped_column(
        default="new", comment="new, carried_over, declined, more_information, consent_changed"
    )
    times_carried: Mapped[int] = mapped_column(default=0)
    not_before: Mapped[date | None]
    state: Mapped[str] = mapped_column(default="waiting", index=True)
    left_because: Mapped[str | None]
    let_go_because: Mapped[str | None] = mapped_column(
        comment="Why the front door sent the request elsewhere, at whatever time: nothing is decided on this entry any more"
    )

    panel: Mapped[PanelRow] = relationship()


class ArrangementRow(Base):
    """One step by hand, never changed. `kind`: put_off, sent_back, late_item, more_places.

    `meeting_id` is the meeting that it is about: whose agenda the family left or came on to late, or which takes more
    families. `leave_by` is the chair or deputy who gave leave for a late item.
    """

    __tablename__ = "arrangement"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    kind: Mapped[str]
    panel_id: Mapped[UUID] = mapped_column(sa.ForeignKey("panel.id"))
    meeting_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("meeting.id"), index=True)
    request_id: Mapped[UUID | None] = mapped_column(index=True)
    reason: Mapped[str]
    not_before: Mapped[date | None]
    places: Mapped[int | None]
    leave_by: Mapped[UUID | None]
    arranged_by: Mapped[UUID]
    arranged_at: Mapped[datetime]
