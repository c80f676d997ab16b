"""The directory's tables. Instants are UTC, dates are London dates; `version` grows with each change by a person or feed."""

from datetime import date, datetime
from typing import Any, ClassVar
from uuid import UUID, uuid4

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship

from services.directory.rules.passwords import GIVEN
from shared.database import NAMING


class Base(DeclarativeBase):
    """The service's own metadata."""

    metadata = sa.MetaData(naming_convention=NAMING)
    type_annotation_map: ClassVar[dict[Any, Any]] = {
        str: sa.Text,
        datetime: sa.DateTime(timezone=True),
        dict[str, Any]: JSONB,
        list[str]: ARRAY(sa.Text),
    }


class AgencyRow(Base):
    """An agency, by its id in the feed. `source` is its organization object, kept whole; empty when made here."""

    __tablename__ = "agency"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    name: Mapped[str] = mapped_column(index=True)
    description: Mapped[str] = mapped_column(default="")
    email: Mapped[str] = mapped_column(default="")
    phone: Mapped[str] = mapped_column(default="")
    url: Mapped[str] = mapped_column(default="")
    is_active: Mapped[bool] = mapped_column(default=True)
    source: Mapped[dict[str, Any]] = mapped_column(default=dict)
    version: Mapped[int] = mapped_column(default=1)


class ServiceRow(Base):
    """A service that an agency offers, by its id in the feed. `source` is the feed's object, kept whole."""

    __tablename__ = "service"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    agency_id: Mapped[UUID] = mapped_column(sa.ForeignKey("agency.id"), index=True)
    name: Mapped[str] = mapped_column(index=True)
    description: Mapped[str]
    needs: Mapped[list[str]]
    is_open: Mapped[bool]
    minimum_age: Mapped[int | None]
    maximum_age: Mapped[int | None]
    eligibility: Mapped[str]
    email: Mapped[str]
    phone: Mapped[str]
    source: Mapped[dict[str, Any]]
    checked_on: Mapped[date | None]

    agency: Mapped[AgencyRow] = relationship(lazy="joined", innerjoin=True)


class PersonRow(Base):
    """A person who may sign in. `password_kind`: given by the system's own set-up, temporary, or the person's own."""

    __tablename__ = "person"
    __table_args__ = (
        sa.CheckConstraint("password_kind IN ('given', 'temporary', 'own')", name="password_kind"),
        sa.Index("person_email_key", sa.text("lower(email)"), unique=True),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    email: Mapped[str]
    name: Mapped[str] = mapped_column(index=True)
    job_title: Mapped[str] = mapped_column(default="")
    mobile: Mapped[str] = mapped_column(default="")
    agency_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("agency.id"), index=True)
    roles: Mapped[list[str]]
    locality: Mapped[str] = mapped_column(default="")
    is_active: Mapped[bool] = mapped_column(default=True)
    password_hash: Mapped[str | None]
    password_kind: Mapped[str] = mapped_column(default=GIVEN)
    created_at: Mapped[datetime] = mapped_column(server_default=sa.func.now())
    version: Mapped[int] = mapped_column(default=1)

    agency: Mapped[AgencyRow | None] = relationship(lazy="joined")


class SignInAttemptRow(Base):
    """A try to sign in, kept for a day. `account` is a digest of what was typed: some people type a password there."""

    __tablename__ = "sign_in_attempt"
    __table_args__ = (
        sa.Index("sign_in_attempt_account_at_idx", "account", "at"),
        sa.Index("sign_in_attempt_address_at_idx", "address", "at"),
    )

    id: Mapped[int] = mapped_column(sa.BigInteger, sa.Identity(always=True), primary_key=True)
    account: Mapped[str]
    address: Mapped[str]
    succeeded: Mapped[bool]
    at: Mapped[datetime] = mapped_column(index=True)
