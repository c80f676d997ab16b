"""The notifications service's tables: what is to be told to whom, each attempt, and a training system's inbox.

No notice holds an address, a name or a word of a family's story: who a recipient is and how to reach them is
asked of its owner at the moment of sending.
"""

from datetime import datetime
from typing import Any, ClassVar
from uuid import UUID, uuid4

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from shared.database import NAMING

STATES = {
    "created": "To be sent",
    "sending": "Being sent",
    "passed_on": "Passed on",
    "delivered": "Delivered",
    "failed": "Failed",
    "not_sent": "Not sent",
    "unknown": "Not known",
    "seen_to": "Seen to",
}
"""Every state of a notice with its label; `passed_on` is an agency's, once each of its managers has a notice.

`seen_to`: it did not arrive, or perhaps not, and somebody has told them another way.
"""


def _one_of(column: str, codes: tuple[str, ...]) -> str:
    return f"{column} IN ({', '.join(repr(code) for code in codes)})"


class Base(DeclarativeBase):
    """The service's own metadata."""

    metadata = sa.MetaData(naming_convention=NAMING)
    type_annotation_map: ClassVar[dict[Any, Any]] = {datetime: sa.DateTime(timezone=True), dict[str, Any]: JSONB}


class NoticeRow(Base):
    """One message to one recipient; `next_attempt_at` and `claimed_at` are real time, the others the service's.

    `number` keeps the order in which notices were written: a training clock may stand still meanwhile.
    `needs_person`: it did not arrive, or perhaps not, and somebody has to act. `is_held_back`: a family's, about a
    request that went a way of which the family must not hear from us, or an agency's about an offer taken back.
    """

    __tablename__ = "notice"
    __table_args__ = (
        sa.UniqueConstraint("fact_id", "template", "recipient_kind", "recipient_id"),
        sa.CheckConstraint(_one_of("state", tuple(STATES)), name="state"),
        sa.CheckConstraint(
            _one_of("recipient_kind", ("referrer", "family", "person", "agency", "draft")), name="recipient_kind"
        ),
        sa.CheckConstraint("channel IN ('email', 'sms')", name="channel"),
        sa.Index("notice_due_idx", "next_attempt_at", postgresql_where=sa.text("state = 'created'")),
        sa.Index("notice_sending_idx", "claimed_at", postgresql_where=sa.text("state = 'sending'")),
        sa.Index("notice_state_idx", "state", "number"),
        sa.Index("notice_needs_person_idx", "needs_person", "number"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    number: Mapped[int] = mapped_column(sa.BigInteger, sa.Identity(always=True), unique=True)
    template: Mapped[str]
    fact_id: Mapped[str]
    recipient_kind: Mapped[str]
    recipient_id: Mapped[UUID]
    request_id: Mapped[UUID | None]
    family_id: Mapped[UUID | None] = mapped_column(index=True)
    meeting_id: Mapped[UUID | None]
    reference: Mapped[str] = mapped_column(default="", index=True)
    path: Mapped[str]
    data: Mapped[dict[str, Any]]
    channel: Mapped[str | None]
    state: Mapped[str] = mapped_column(default="created")
    attempts: Mapped[int] = mapped_column(default=0)
    waits: Mapped[int] = mapped_column(default=0)
    next_attempt_at: Mapped[datetime] = mapped_column(server_default=sa.func.now())
    claim_id: Mapped[UUID | None]
    claimed_at: Mapped[datetime | None]
    last_error: Mapped[str] = mapped_column(default="")
    needs_person: Mapped[bool] = mapped_column(server_default=sa.false())
    is_held_back: Mapped[bool] = mapped_column(server_default=sa.false())
    created_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]


class DeliveryAttemptRow(Base):
    """What came of one attempt; `address_hash` proves which address it was, without keeping it."""

    __tablename__ = "delivery_attempt"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    notice_id: Mapped[UUID] = mapped_column(sa.ForeignKey("notice.id"), index=True)
    at: Mapped[datetime]
    channel: Mapped[str]
    outcome: Mapped[str]
    detail: Mapped[str] = mapped_column(default="")
    address_hash: Mapped[str] = mapped_column(default="")


class DeliveredMessageRow(Base):
    """A message in the built-in inbox of a training system, whole, as its recipient would have got it."""

    __tablename__ = "delivered_message"

    notice_id: Mapped[UUID] = mapped_column(sa.ForeignKey("notice.id"), primary_key=True)
    number: Mapped[int] = mapped_column(sa.BigInteger, sa.Identity(always=True), unique=True)
    to_address: Mapped[str]
    channel: Mapped[str]
    subject: Mapped[str]
    body: Mapped[str]
    raw: Mapped[bytes]
    at: Mapped[datetime]
