"""Minutes: what each version says, what members say is wrong in a draft, and that a later meeting approved them."""

from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from services.panel.tables.base import Base


class DocumentRow(Base):
    """A PDF that went out: the minutes of a meeting, and until what is circulated was kept item by item its agenda pack."""

    __tablename__ = "document"
    __table_args__ = (sa.UniqueConstraint("meeting_id", "kind", "version"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    meeting_id: Mapped[UUID] = mapped_column(sa.ForeignKey("meeting.id"))
    kind: Mapped[str]
    version: Mapped[int] = mapped_column(default=1)
    made_at: Mapped[datetime]
    pdf: Mapped[bytes]


class MinutesRow(Base):
    """What a version of a meeting's minutes says; it never changes. `state`: draft, approved, addendum.

    `because`: ended, issued, decision_corrected, correction_accepted, approved, addendum. `made_by` is None where it
    followed by itself from something else that somebody did.
    """

    __tablename__ = "minutes"

    document_id: Mapped[UUID] = mapped_column(sa.ForeignKey("document.id"), primary_key=True)
    meeting_id: Mapped[UUID] = mapped_column(sa.ForeignKey("meeting.id"), index=True)
    state: Mapped[str]
    because: Mapped[str]
    content: Mapped[dict[str, Any]]
    made_by: Mapped[UUID | None]


class ProposedCorrectionRow(Base):
    """What a member says is wrong in draft minutes, and the answer. `answer`: accepted, not_accepted, None until there is one.

    `correction` is what the minutes then say, in the words of whoever answered.
    """

    __tablename__ = "proposed_correction"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    meeting_id: Mapped[UUID] = mapped_column(sa.ForeignKey("meeting.id"), index=True)
    agenda_item_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("agenda_item.id"))
    text: Mapped[str]
    proposed_by: Mapped[UUID]
    proposed_at: Mapped[datetime]
    answer: Mapped[str | None]
    correction: Mapped[str] = mapped_column(default="")
    reason: Mapped[str] = mapped_column(default="")
    answered_by: Mapped[UUID | None]
    answered_at: Mapped[datetime | None]


class MinutesApprovalRow(Base):
    """That a later meeting of the panel approved the minutes of a meeting, as they were or with corrections."""

    __tablename__ = "minutes_approval"

    meeting_id: Mapped[UUID] = mapped_column(sa.ForeignKey("meeting.id"), primary_key=True)
    approved_at_meeting_id: Mapped[UUID] = mapped_column(sa.ForeignKey("meeting.id"), index=True)
    corrections: Mapped[str]
    chaired_by: Mapped[UUID | None]
    recorded_by: Mapped[UUID]
    approved_at: Mapped[datetime]
