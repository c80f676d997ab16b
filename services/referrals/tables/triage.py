"""What the front door decided, and what it asked for."""

from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid4

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from services.referrals.tables.base import Base


class TriageDecisionRow(Base):
    """What the front door decided. Never edited: a correction is a new row that supersedes it."""

    __tablename__ = "triage_decision"
    __table_args__ = (sa.UniqueConstraint("request_id", "number"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    request_id: Mapped[UUID] = mapped_column(sa.ForeignKey("request.id"))
    number: Mapped[int]
    supersedes_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("triage_decision.id"), unique=True)
    outcome: Mapped[str]
    reason: Mapped[str]
    level_scheme: Mapped[str]
    level_version: Mapped[str]
    level_number: Mapped[int | None]
    details: Mapped[dict[str, Any]]
    decided_by: Mapped[UUID]
    decided_by_name: Mapped[str]
    decided_at: Mapped[datetime]

    @property
    def told_on(self) -> date | None:
        """Return the London date on which social care was told, for a hand-over to it."""
        return self._day("told_on")

    @property
    def checked_on(self) -> date | None:
        """Return when the directory last checked the details of a service that was signposted to."""
        return self._day("checked_on")

    def _day(self, name: str) -> date | None:
        day = self.details.get(name)
        return date.fromisoformat(day) if day else None


class InformationAskedRow(Base):
    """What the front door asked the referrer for, and what came back.

    `kind` is information or consent. `ended_at`: nothing came, and the request went back to triage without it.
    """

    __tablename__ = "information_asked"

    decision_id: Mapped[UUID] = mapped_column(sa.ForeignKey("triage_decision.id"), primary_key=True)
    request_id: Mapped[UUID] = mapped_column(sa.ForeignKey("request.id"), index=True)
    what: Mapped[str]
    kind: Mapped[str]
    asked_at: Mapped[datetime]
    due_on: Mapped[date]
    reminded_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    answer: Mapped[str | None]
    answered_at: Mapped[datetime | None]
