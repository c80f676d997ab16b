"""What members have in their own calendars: the invitations that they were sent, and the addresses that they subscribe to."""

from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from services.panel.base import Base


class InvitationRow(Base):
    """What a person was last told of a meeting for their calendar. `is_withdrawn`: that they need not come."""

    __tablename__ = "invitation"

    meeting_id: Mapped[UUID] = mapped_column(sa.ForeignKey("meeting.id"), primary_key=True)
    person_id: Mapped[UUID] = mapped_column(primary_key=True, index=True)
    sequence: Mapped[int]
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    place: Mapped[str]
    video_link: Mapped[str]
    is_withdrawn: Mapped[bool] = mapped_column(default=False)


class CalendarFeedRow(Base):
    """The address from which a person's calendar reads their meetings; only a hash of its secret is kept.

    The secret is made anew from `number` when the person wants to see it; a later number ends the earlier address.
    """

    __tablename__ = "calendar_feed"

    person_id: Mapped[UUID] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(default=1)
    secret_hash: Mapped[str | None] = mapped_column(unique=True)
    made_at: Mapped[datetime]
