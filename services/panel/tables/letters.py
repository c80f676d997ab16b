"""Letters from the chair to a family: to whom, how far they are, and the proof that they went. Never an address."""

from datetime import date, datetime
from uuid import UUID, uuid4

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from services.panel.tables.base import Base


class LetterWantedRow(Base):
    """A decision whose letters are still to be made: referrals has to be asked whom they may go to."""

    __tablename__ = "letter_wanted"

    decision_id: Mapped[UUID] = mapped_column(sa.ForeignKey("decision.id"), primary_key=True)
    next_attempt_at: Mapped[datetime] = mapped_column(index=True)
    attempts: Mapped[int] = mapped_column(default=0)
    last_error: Mapped[str | None]


class LetterRow(Base):
    """A letter about a decision to one home of the family. `state`: held, to_check, to_tell, to_print, sent, told, withdrawn.

    `home_ref` and `adult_refs` are within the request; a letter without a home says that nobody may be written to,
    so that somebody tells them in another way (`told`). `confirmed` tells the address that somebody confirmed from any other without saying
    it, `digest` is the SHA-256 of the file that was printed last.
    """

    __tablename__ = "letter"
    __table_args__ = (
        sa.Index(
            "letter_open_key",
            "decision_id",
            "home_ref",
            unique=True,
            postgresql_where=sa.text("state NOT IN ('sent', 'told', 'withdrawn')"),
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    decision_id: Mapped[UUID] = mapped_column(sa.ForeignKey("decision.id"), index=True)
    panel_id: Mapped[UUID] = mapped_column(sa.ForeignKey("panel.id"), index=True)
    request_id: Mapped[UUID] = mapped_column(index=True)
    reference: Mapped[str]
    home_ref: Mapped[str]
    adult_refs: Mapped[list[str]]
    state: Mapped[str]
    held_because: Mapped[list[str]]
    made_at: Mapped[datetime]
    added_words: Mapped[str] = mapped_column(default="")
    copy_to: Mapped[list[str]] = mapped_column(comment="ids of agencies")
    checker_id: Mapped[UUID | None]
    checked_by: Mapped[UUID | None]
    checked_at: Mapped[datetime | None]
    check_note: Mapped[str] = mapped_column(default="")
    confirmed: Mapped[str | None]
    printed_at: Mapped[datetime | None]
    digest: Mapped[str | None]
    settled_on: Mapped[date | None]
    settled_how: Mapped[str | None]
    settled_by: Mapped[UUID | None]
    settled_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1)
