"""Families, and what a person said of two of them being one, or not."""

from datetime import datetime
from uuid import UUID, uuid4

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from services.referrals.tables.base import Base


class FamilyRow(Base):
    """A family; its requests point at it. `known_as` is itself, or the family that it was merged into."""

    __tablename__ = "family"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    created_at: Mapped[datetime]
    known_as: Mapped[UUID] = mapped_column(index=True)


class FamilyMergeRow(Base):
    """A person said that two families are one; it stands until a person undoes it."""

    __tablename__ = "family_merge"

    number: Mapped[int] = mapped_column(sa.BigInteger, sa.Identity(always=True), primary_key=True)
    from_family_id: Mapped[UUID] = mapped_column(sa.ForeignKey("family.id"), index=True)
    into_family_id: Mapped[UUID] = mapped_column(sa.ForeignKey("family.id"), index=True)
    reason: Mapped[str]
    merged_by: Mapped[UUID]
    merged_by_name: Mapped[str]
    merged_at: Mapped[datetime]
    undone_reason: Mapped[str | None]
    undone_by: Mapped[UUID | None]
    undone_at: Mapped[datetime | None]


class FamiliesToldApartRow(Base):
    """A person said that two families are not one; they are not offered to each other again. `one_id` is the lesser."""

    __tablename__ = "families_told_apart"

    one_id: Mapped[UUID] = mapped_column(sa.ForeignKey("family.id"), primary_key=True)
    other_id: Mapped[UUID] = mapped_column(sa.ForeignKey("family.id"), primary_key=True)
    told_by: Mapped[UUID]
    told_at: Mapped[datetime]


class FamilyJoinRow(Base):
    """A person said that a request is about a family we know already."""

    __tablename__ = "family_join"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    number: Mapped[int] = mapped_column(sa.BigInteger, sa.Identity(always=True))
    request_id: Mapped[UUID] = mapped_column(sa.ForeignKey("request.id"), index=True)
    from_family_id: Mapped[UUID]
    to_family_id: Mapped[UUID]
    joined_by: Mapped[UUID]
    joined_at: Mapped[datetime]
