"""Actions that follow from decisions: who is to do what by when, what was said of it since, and when it was chased."""

from datetime import date, datetime
from uuid import UUID, uuid4

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from services.panel.tables.base import Base


class ActionRow(Base):
    """Something that an agency is to do after a decision; `owner_person_id` where somebody of it was named."""

    __tablename__ = "action"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    decision_id: Mapped[UUID] = mapped_column(sa.ForeignKey("decision.id"), index=True)
    what: Mapped[str]
    owner_agency_id: Mapped[UUID] = mapped_column(index=True)
    owner_person_id: Mapped[UUID | None] = mapped_column(index=True)
    due_on: Mapped[date] = mapped_column(index=True)


class ActionMarkRow(Base):
    """What somebody said of an action: done, not_needed, reopened. The one that no other supersedes counts.

    An action without a mark is open.
    """

    __tablename__ = "action_mark"
    __table_args__ = (
        sa.Index("action_mark_first_key", "action_id", unique=True, postgresql_where=sa.text("supersedes_id IS NULL")),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    action_id: Mapped[UUID] = mapped_column(sa.ForeignKey("action.id"), index=True)
    mark: Mapped[str]
    note: Mapped[str]
    marked_by: Mapped[UUID]
    marked_at: Mapped[datetime]
    supersedes_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("action_mark.id"), unique=True)


class ActionChaseRow(Base):
    """That an action was chased, by the number of its slot: 0 before it is due, from 1 on while it is overdue."""

    __tablename__ = "action_chase"

    action_id: Mapped[UUID] = mapped_column(sa.ForeignKey("action.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    chased_at: Mapped[datetime]
