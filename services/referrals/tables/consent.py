"""What was answered about consent, and what was done without it. Rows are only added: the newest counts."""

from datetime import date, datetime
from uuid import UUID, uuid4

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from services.referrals.tables.base import Base


class ConsentRow(Base):
    """What one person answered to one question: to_ask, to_share or to_research. Each person's newest, by `number`, counts.

    The time does not tell the newest: a training clock stands still. `at_time` is London time as 14:30, `wording`
    the version of the authority's words that was shown. With `judged_by` a younger child was judged competent.
    """

    __tablename__ = "consent"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    number: Mapped[int] = mapped_column(sa.BigInteger, sa.Identity(always=True), unique=True)
    request_id: Mapped[UUID] = mapped_column(sa.ForeignKey("request.id"), index=True)
    kind: Mapped[str]
    by_ref: Mapped[str]
    answer: Mapped[str]
    how: Mapped[str]
    answered_on: Mapped[date | None]
    at_time: Mapped[str]
    place: Mapped[str]
    obtained_by: Mapped[str]
    wording: Mapped[str]
    note: Mapped[str]
    with_agencies: Mapped[list[str]]
    not_with: Mapped[list[str]]
    judged_by: Mapped[str]
    judged_on: Mapped[date | None]
    judged_because: Mapped[str]
    recorded_by: Mapped[str]
    recorded_at: Mapped[datetime]


class ConsentOverrideRow(Base):
    """A decision to go on without consent for a child's safety, by somebody who may; the newest row stands.

    `what_for` are the outcomes of triage that it lets through; a row without any ends the one before.
    """

    __tablename__ = "consent_override"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    number: Mapped[int] = mapped_column(sa.BigInteger, sa.Identity(always=True), unique=True)
    request_id: Mapped[UUID] = mapped_column(sa.ForeignKey("request.id"), index=True)
    what_for: Mapped[list[str]]
    rationale: Mapped[str]
    decided_by: Mapped[UUID]
    decided_by_name: Mapped[str]
    decided_at: Mapped[datetime]


class AgencyAgreementRow(Base):
    """That the family agreed to one agency before it took the family on, as the panel service announced it."""

    __tablename__ = "agency_agreement"

    allocation_id: Mapped[UUID] = mapped_column(primary_key=True)
    request_id: Mapped[UUID] = mapped_column(sa.ForeignKey("request.id"), index=True)
    agency_id: Mapped[UUID]
    by_refs: Mapped[list[str]]
    how: Mapped[str]
    agreed_on: Mapped[date]
    recorded_by: Mapped[UUID]
    recorded_at: Mapped[datetime]
