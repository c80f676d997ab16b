"""Families offered to agencies."""

from datetime import date, datetime
from uuid import UUID, uuid4

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from services.panel.tables.base import Base


class AllocationRow(Base):
    """A family offered to an agency's service. `state`: offered, accepted, declined, withdrawn. One open offer a request."""

    __tablename__ = "allocation"
    __table_args__ = (
        sa.Index("allocation_offered_key", "request_id", unique=True, postgresql_where=sa.text("state = 'offered'")),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    request_id: Mapped[UUID] = mapped_column(index=True)
    family_id: Mapped[UUID]
    reference: Mapped[str]
    kind: Mapped[str]
    decision_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("decision.id"))
    meeting_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("meeting.id"))
    agency_id: Mapped[UUID] = mapped_column(index=True)
    service_id: Mapped[UUID]
    urgency: Mapped[str]
    received_on: Mapped[date]
    children: Mapped[int]
    level_scheme: Mapped[str]
    level_version: Mapped[str]
    level_number: Mapped[int]
    offered_at: Mapped[datetime]
    answer_due_on: Mapped[date]
    chased_at: Mapped[datetime | None]
    state: Mapped[str] = mapped_column(default="offered", index=True)
    answered_at: Mapped[datetime | None]
    answered_by: Mapped[UUID | None]
    declined_because: Mapped[str | None]
    decline_note: Mapped[str | None]
    practitioner_id: Mapped[UUID | None]


class FamilyAgreementRow(Base):
    """That a family agreed to the agency before it accepted: who, by their refs within the request, how and when."""

    __tablename__ = "family_agreement"

    allocation_id: Mapped[UUID] = mapped_column(sa.ForeignKey("allocation.id"), primary_key=True)
    by_refs: Mapped[list[str]]
    how: Mapped[str]
    agreed_on: Mapped[date]
    recorded_by: Mapped[UUID]
    recorded_at: Mapped[datetime]
