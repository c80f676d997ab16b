"""Plans: who leads them and since when, the requests that joined them, their reviews."""

from datetime import date, datetime
from uuid import UUID, uuid4

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from services.panel.tables.base import Base


class PlanRow(Base):
    """A family's plan, held by a lead practitioner. Open while `closed_on` is not set. One open plan a request.

    `review_case` says which of the authority's intervals its reviews have. `last_paper_id` is the newest paper of its
    request when it ended: what is written later is not for its agency.
    """

    __tablename__ = "plan"
    __table_args__ = (
        sa.Index("plan_open_key", "request_id", unique=True, postgresql_where=sa.text("closed_on IS NULL")),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    request_id: Mapped[UUID] = mapped_column(index=True)
    family_id: Mapped[UUID] = mapped_column(index=True)
    reference: Mapped[str]
    kind: Mapped[str]
    allocation_id: Mapped[UUID] = mapped_column(sa.ForeignKey("allocation.id"), unique=True)
    agency_id: Mapped[UUID] = mapped_column(index=True)
    service_id: Mapped[UUID]
    practitioner_id: Mapped[UUID] = mapped_column(index=True)
    opened_on: Mapped[date]
    review_case: Mapped[str]
    closed_on: Mapped[date | None]
    closed_because: Mapped[str | None]
    last_paper_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("paper.id"))


class PlanLeadRow(Base):
    """Who was named to lead a plan, and since when; naming somebody else is a new row that supersedes this one."""

    __tablename__ = "plan_lead"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    plan_id: Mapped[UUID] = mapped_column(sa.ForeignKey("plan.id"), index=True)
    practitioner_id: Mapped[UUID]
    named_at: Mapped[datetime]
    named_by: Mapped[UUID | None]
    supersedes_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("plan_lead.id"), unique=True)


class PlanRequestRow(Base):
    """A later request of the family that lies with its plan until `left_on`; a request lies with one plan at a time.

    `opened_at` is when somebody who led the plan first read its paper, `seen_at` when they saw that it is closed to
    them. `left_because`: withdrawn, safeguarding, taken_back, consent_withdrawn, plan_closed. `last_paper_id` as in the plan.
    """

    __tablename__ = "plan_request"
    __table_args__ = (
        sa.Index("plan_request_open_key", "request_id", unique=True, postgresql_where=sa.text("left_on IS NULL")),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    plan_id: Mapped[UUID] = mapped_column(sa.ForeignKey("plan.id"), index=True)
    request_id: Mapped[UUID] = mapped_column(index=True)
    family_id: Mapped[UUID]
    reference: Mapped[str]
    joined_on: Mapped[date]
    opened_at: Mapped[datetime | None]
    seen_at: Mapped[datetime | None]
    left_on: Mapped[date | None]
    left_because: Mapped[str | None]
    last_paper_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("paper.id"))

    @property
    def is_new(self) -> bool:
        """Say whether whoever leads the plan has neither read it nor seen that it is closed to them."""
        return self.opened_at is None and self.seen_at is None


class ReviewRow(Base):
    """A review of a plan, due or held. `policy` gave the due date. A plan waits for one review at a time."""

    __tablename__ = "review"
    __table_args__ = (
        sa.Index("review_waiting_key", "plan_id", unique=True, postgresql_where=sa.text("held_on IS NULL")),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    plan_id: Mapped[UUID] = mapped_column(sa.ForeignKey("plan.id"), index=True)
    due_on: Mapped[date] = mapped_column(index=True)
    policy: Mapped[str]
    reminded_at: Mapped[datetime | None]
    overdue_at: Mapped[datetime | None]
    held_on: Mapped[date | None]
    progress: Mapped[str | None]
    outcome: Mapped[str | None]
    note: Mapped[str | None]
    recorded_by: Mapped[UUID | None]

    plan: Mapped[PlanRow] = relationship()
