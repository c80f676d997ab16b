"""Families' papers: as the referrals service gave them, what is still to be asked of it, and what agencies say to them."""

from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from services.panel.tables.base import Base

_NOT_WITH = "content #> '{consent,not_with}'"


class PaperRow(Base):
    """A family's paper as the referrals service gave it; its content never changes, a newer one stands beside it.

    `asked_at` is when it was last asked for and said this, by the database's own clock: the newest paper is the
    one that was asked for last. `fetched_at` is the service's time, which a rehearsal moves.
    """

    __tablename__ = "paper"
    __table_args__ = (sa.Index("paper_excludes_key", "request_id", postgresql_where=sa.text(f"{_NOT_WITH} <> '[]'")),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    request_id: Mapped[UUID] = mapped_column(index=True)
    fetched_at: Mapped[datetime]
    asked_at: Mapped[datetime]
    content: Mapped[dict[str, Any]]
    locality: Mapped[str | None] = mapped_column(sa.Computed("content ->> 'locality'", persisted=True), deferred=True)


NOT_WITH: sa.ColumnElement[list[str]] = sa.literal_column(f"paper.{_NOT_WITH}", JSONB)
"""The agencies that a family names in a paper as those that are not to be told."""

EXCLUDES_SOMEBODY: sa.ColumnElement[bool] = sa.literal_column(f"paper.{_NOT_WITH} <> '[]'", sa.Boolean)
"""That a paper names one at all; hardly any does, and they have an index of their own."""


class PaperWantedRow(Base):
    """A paper that is still to be fetched from the referrals service, retried until it is there.

    `wanted_at` is by the database's clock: what was asked for earlier does not answer it. With `consent_changed`
    the family answered anew about sharing, and hardly anybody reads the papers there are until it is fetched.
    """

    __tablename__ = "paper_wanted"

    request_id: Mapped[UUID] = mapped_column(primary_key=True)
    wanted_at: Mapped[datetime] = mapped_column(server_default=sa.func.clock_timestamp())
    next_attempt_at: Mapped[datetime] = mapped_column(index=True)
    attempts: Mapped[int] = mapped_column(default=0)
    last_error: Mapped[str | None]
    consent_changed: Mapped[bool] = mapped_column(server_default=sa.false())


class AgencyKnowledgeRow(Base):
    """What an agency says it knows of a family before the meeting; who says it anew supersedes, nothing is edited.

    `knows` is a code of rules/knowledge.py. It stays with the request when the family is carried over.
    """

    __tablename__ = "agency_knowledge"
    __table_args__ = (
        sa.UniqueConstraint("request_id", "agency_id", "supersedes_id", postgresql_nulls_not_distinct=True),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    request_id: Mapped[UUID] = mapped_column(index=True)
    agenda_item_id: Mapped[UUID] = mapped_column(sa.ForeignKey("agenda_item.id"))
    agency_id: Mapped[UUID]
    knows: Mapped[str]
    note: Mapped[str]
    said_by: Mapped[UUID]
    said_at: Mapped[datetime]
    supersedes_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("agency_knowledge.id"))


class CirculationRow(Base):
    """What was made for the members at one time: the agenda of a meeting (`number` 0), then its supplements.

    `heading` is what stands above it, as the meeting was then. Neither it nor its items ever change.
    """

    __tablename__ = "circulation"
    __table_args__ = (sa.UniqueConstraint("meeting_id", "number"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    meeting_id: Mapped[UUID] = mapped_column(sa.ForeignKey("meeting.id"))
    number: Mapped[int]
    made_at: Mapped[datetime]
    heading: Mapped[dict[str, Any]]


class CirculatedItemRow(Base):
    """A family as it was circulated: its line on the agenda and its paper, in the words of that day."""

    __tablename__ = "circulated_item"

    agenda_item_id: Mapped[UUID] = mapped_column(sa.ForeignKey("agenda_item.id"), primary_key=True)
    circulation_id: Mapped[UUID] = mapped_column(sa.ForeignKey("circulation.id"), index=True)
    number: Mapped[int]
    contents: Mapped[dict[str, Any]]


class PaperOpenedRow(Base):
    """That somebody opened a family's paper, `how` is a code of rules/receipts.py; the audit keeps every time of it."""

    __tablename__ = "paper_opened"

    agenda_item_id: Mapped[UUID] = mapped_column(sa.ForeignKey("agenda_item.id"), primary_key=True)
    person_id: Mapped[UUID] = mapped_column(primary_key=True)
    how: Mapped[str] = mapped_column(primary_key=True)
    first_at: Mapped[datetime]
    last_at: Mapped[datetime]
    times: Mapped[int]
