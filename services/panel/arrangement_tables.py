"""What the chair or the coordinator arranged by hand about a family's wait or a meeting's places, and why."""

from datetime import date, datetime
from uuid import UUID, uuid4

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from services.panel.base import Base


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
