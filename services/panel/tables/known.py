"""What the directory announced, what was said of requests later, and the authority's limits."""

from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from services.panel.tables.base import Base


class KnownAgencyRow(Base):
    """An agency, as the directory last announced it."""

    __tablename__ = "known_agency"

    agency_id: Mapped[UUID] = mapped_column(primary_key=True)
    name: Mapped[str]
    is_active: Mapped[bool]


class KnownServiceRow(Base):
    """A service that an agency offers, as the directory last announced it."""

    __tablename__ = "known_service"

    service_id: Mapped[UUID] = mapped_column(primary_key=True)
    agency_id: Mapped[UUID] = mapped_column(index=True)
    name: Mapped[str]
    is_open: Mapped[bool]
    needs: Mapped[list[str]]


class KnownPersonRow(Base):
    """A person who signs in; `name` is asked of the directory after it announced a change (`is_stale`)."""

    __tablename__ = "known_person"

    person_id: Mapped[UUID] = mapped_column(primary_key=True)
    agency_id: Mapped[UUID | None] = mapped_column(index=True)
    roles: Mapped[list[str]]
    is_active: Mapped[bool]
    name: Mapped[str] = mapped_column(default="")
    job_title: Mapped[str] = mapped_column(default="")
    is_stale: Mapped[bool] = mapped_column(default=True)


class AmendedRequestRow(Base):
    """More was said about a request after it was sent. `kind`: added, corrected, wants_to_stop."""

    __tablename__ = "amended_request"

    amendment_id: Mapped[UUID] = mapped_column(primary_key=True)
    request_id: Mapped[UUID] = mapped_column(index=True)
    kind: Mapped[str]
    amended_at: Mapped[datetime]


class LimitsRow(Base):
    """The authority's time limits as its profile has them, kept at every start: a handler has no profile to ask."""

    __tablename__ = "limits"
    __table_args__ = (sa.CheckConstraint("only_row", name="only_row"),)

    only_row: Mapped[bool] = mapped_column(primary_key=True, default=True)
    allocation_answer_working_days: Mapped[int]
