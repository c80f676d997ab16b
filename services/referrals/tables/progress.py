"""What became of a request, as other services announce it, and wrong tries to follow one."""

from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from services.referrals.tables.base import Base


class ProgressRow(Base):
    """A step on a request's way, in order. `details` holds ids, dates and codes."""

    __tablename__ = "progress"

    number: Mapped[int] = mapped_column(sa.BigInteger, sa.Identity(always=True), primary_key=True)
    request_id: Mapped[UUID] = mapped_column(sa.ForeignKey("request.id"), index=True)
    at: Mapped[datetime]
    code: Mapped[str]
    details: Mapped[dict[str, Any]]


class OpenPlanRow(Base):
    """A plan that the panel service opened for a family, until it is closed."""

    __tablename__ = "open_plan"

    plan_id: Mapped[UUID] = mapped_column(primary_key=True)
    family_id: Mapped[UUID] = mapped_column(index=True)
    request_id: Mapped[UUID]
    practitioner_id: Mapped[UUID]
    agency_id: Mapped[UUID]
    opened_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]


class FailedNoticeRow(Base):
    """A message about a request that could not be delivered; somebody must ring."""

    __tablename__ = "failed_notice"

    notice_id: Mapped[UUID] = mapped_column(primary_key=True)
    request_id: Mapped[UUID] = mapped_column(sa.ForeignKey("request.id"), index=True)
    recipient: Mapped[str]
    failed_at: Mapped[datetime]


class FollowTryRow(Base):
    """A wrong try to follow a request, by real time; `about` is a fingerprint of a reference or of an address."""

    __tablename__ = "follow_try"
    __table_args__ = (sa.Index("follow_try_about_idx", "about", "tried_at"),)

    number: Mapped[int] = mapped_column(sa.BigInteger, sa.Identity(always=True), primary_key=True)
    about: Mapped[str]
    tried_at: Mapped[datetime] = mapped_column(server_default=sa.func.now())
