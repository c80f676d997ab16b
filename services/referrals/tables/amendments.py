"""What stays with its sender: the copy of what was sent, and what was said about it later, never an edit of it."""

from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from services.referrals.tables.base import Base


class AmendmentRow(Base):
    """Something that was added to what was sent, corrected or taken back, by whoever sent it or by the front door.

    `kind`: added, corrected, withdrawn, wants_to_stop. `by` is referrer or family, or front_door where it corrected
    the record; `person_id` is their account if they have one. `was` and `words` are from and to of a correction, else `words` alone. `read_at`: when somebody of the
    front door said that they had read it.
    """

    __tablename__ = "amendment"
    __table_args__ = (
        sa.Index("amendment_unread_idx", "number", postgresql_where=sa.text("read_at IS NULL")),
        sa.Index("amendment_request_id_idx", "request_id", "number"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(sa.BigInteger, sa.Identity(always=True), unique=True)
    request_id: Mapped[UUID] = mapped_column(sa.ForeignKey("request.id"))
    kind: Mapped[str]
    about: Mapped[str]
    was: Mapped[str]
    words: Mapped[str]
    reason: Mapped[str]
    stage: Mapped[str]
    by: Mapped[str]
    person_id: Mapped[UUID | None]
    at: Mapped[datetime]
    read_at: Mapped[datetime | None]
    read_by: Mapped[UUID | None]
    read_by_name: Mapped[str | None]


class SentCopyRow(Base):
    """What was sent, as its sender saw it when they checked it: sections of cards of questions and answers in words."""

    __tablename__ = "sent_copy"

    request_id: Mapped[UUID] = mapped_column(sa.ForeignKey("request.id"), primary_key=True)
    sections: Mapped[list[dict[str, Any]]]
