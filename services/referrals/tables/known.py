"""What we know of agencies, services and people from the directory, which owns them: as it announced it, or said when asked."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy.orm import Mapped, mapped_column

from services.referrals.tables.base import Base


class KnownAgencyRow(Base):
    """An agency, as the directory last announced it."""

    __tablename__ = "known_agency"

    agency_id: Mapped[UUID] = mapped_column(primary_key=True)
    name: Mapped[str]
    is_active: Mapped[bool]


class _AskedRow:
    """The directory is asked for the rest from `next_attempt_at` on, again until it answers; None: it is there."""

    next_attempt_at: Mapped[datetime | None] = mapped_column(index=True)
    attempts: Mapped[int] = mapped_column(default=0)


class KnownServiceRow(_AskedRow, Base):
    """A service that an agency offers, as announced; how to reach it is asked for, and as of `checked_on` where known."""

    __tablename__ = "known_service"

    service_id: Mapped[UUID] = mapped_column(primary_key=True)
    agency_id: Mapped[UUID] = mapped_column(index=True)
    name: Mapped[str]
    is_open: Mapped[bool]
    needs: Mapped[list[str]]
    phone: Mapped[str] = mapped_column(default="", server_default="")
    web: Mapped[str] = mapped_column(default="", server_default="")
    opens: Mapped[str] = mapped_column(default="", server_default="")
    checked_on: Mapped[date | None]

    @property
    def path(self) -> str:
        """Return where the directory's API has it."""
        return f"/services/{self.service_id}"


class KnownPersonRow(_AskedRow, Base):
    """Who leads a plan; the name is asked for after the plan opened."""

    __tablename__ = "known_person"

    person_id: Mapped[UUID] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(default="")
    agency_name: Mapped[str] = mapped_column(default="")
    phone: Mapped[str] = mapped_column(default="")

    @property
    def path(self) -> str:
        """Return where the directory's API has them."""
        return f"/people/{self.person_id}"


AskedRow = KnownServiceRow | KnownPersonRow
