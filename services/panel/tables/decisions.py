"""What was decided about families, by whom, and who was told."""

from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from services.panel.tables.agenda import AgendaItemRow
from services.panel.tables.base import Base


class DecisionRow(Base):
    """What a meeting decided about a family; a correction is a new row that supersedes this one.

    `urgent_because` is set where the chair decided between meetings, after asking whom `consulted` names: its item
    and its meeting are then those at which it is first to be ratified.
    """

    __tablename__ = "decision"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    agenda_item_id: Mapped[UUID] = mapped_column(sa.ForeignKey("agenda_item.id"), index=True)
    meeting_id: Mapped[UUID] = mapped_column(sa.ForeignKey("meeting.id"), index=True)
    request_id: Mapped[UUID] = mapped_column(index=True)
    family_id: Mapped[UUID]
    outcome: Mapped[str]
    reasons: Mapped[str]
    details: Mapped[dict[str, Any]]
    dissent: Mapped[str] = mapped_column(default="")
    agreed_outside: Mapped[str] = mapped_column(default="")
    urgent_because: Mapped[str | None]
    consulted: Mapped[str | None]
    decided_at: Mapped[datetime]
    recorded_by: Mapped[UUID]
    chaired_by: Mapped[UUID | None]
    supersedes_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("decision.id"), unique=True)

    agenda_item: Mapped[AgendaItemRow] = relationship()


class DecisionChildRow(Base):
    """What a decision says of one child that differs from what it says of the family; an empty part does not differ.

    `child_ref` is the child within the request, `position` its place in the paper, from 1. The level is one of the
    scheme in which the family's own was given.
    """

    __tablename__ = "decision_child"

    decision_id: Mapped[UUID] = mapped_column(sa.ForeignKey("decision.id"), primary_key=True)
    child_ref: Mapped[str] = mapped_column(primary_key=True)
    position: Mapped[int]
    outcome: Mapped[str | None]
    service_id: Mapped[UUID | None]
    level_number: Mapped[int | None]
    note: Mapped[str]


class DissentRow(Base):
    """Somebody who disagreed with a decision, and the agency for which they sat there; their words are the decision's."""

    __tablename__ = "dissent"

    decision_id: Mapped[UUID] = mapped_column(sa.ForeignKey("decision.id"), primary_key=True)
    person_id: Mapped[UUID] = mapped_column(primary_key=True)
    agency_id: Mapped[UUID | None]


class RatificationRow(Base):
    """An item at which a meeting ratifies an urgent decision, or supersedes it: `ratified_at` is not set until it did the first.

    Where a meeting does not come to it, the next one has an item of its own for the same decision.
    """

    __tablename__ = "ratification"

    agenda_item_id: Mapped[UUID] = mapped_column(sa.ForeignKey("agenda_item.id"), primary_key=True)
    decision_id: Mapped[UUID] = mapped_column(sa.ForeignKey("decision.id"), index=True)
    note: Mapped[str] = mapped_column(default="")
    ratified_at: Mapped[datetime | None]
    recorded_by: Mapped[UUID | None]


class ReferrerToldRow(Base):
    """That the referrer knows of a decision, as notifications announced it. `how`: message, person, nobody."""

    __tablename__ = "referrer_told"

    decision_id: Mapped[UUID] = mapped_column(primary_key=True)
    how: Mapped[str]
    told_at: Mapped[datetime]
