"""The referrals service's tables. Instants are UTC, dates are London dates; what happened is never overwritten."""

from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid4

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from services.referrals.amendment_tables import AmendmentRow, SentCopyRow
from services.referrals.base import Base
from services.referrals.consent_tables import AgencyAgreementRow, ConsentOverrideRow, ConsentRow
from services.referrals.document_tables import (
    AddressRow,
    AdultRow,
    Answered,
    ChildRow,
    ProfessionalRow,
    StepDownPaperRow,
    StepDownRow,
)
from services.referrals.intake_tables import AttachmentRow, SafeguardingCheckRow
from services.referrals.known_tables import AskedRow, KnownAgencyRow, KnownPersonRow, KnownServiceRow
from services.referrals.rules.names import child_names, whole_name
from services.referrals.rules.questions import OF_REQUESTS

__all__ = [
    "AddressRow",
    "AdultRow",
    "AgencyAgreementRow",
    "AmendmentRow",
    "AskedRow",
    "AttachmentRow",
    "Base",
    "ChildRow",
    "ConsentOverrideRow",
    "ConsentRow",
    "DraftRow",
    "FailedNoticeRow",
    "FamiliesToldApartRow",
    "FamilyJoinRow",
    "FamilyMergeRow",
    "FamilyRow",
    "FollowTryRow",
    "InformationAskedRow",
    "KnownAgencyRow",
    "KnownPersonRow",
    "KnownServiceRow",
    "OpenPlanRow",
    "ProfessionalRow",
    "ProgressRow",
    "RequestRow",
    "SafeguardingCheckRow",
    "SentCopyRow",
    "StepDownPaperRow",
    "StepDownRow",
    "TriageDecisionRow",
]


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


class RequestRow(Answered, Base):
    """A request for a family. `stage` is what the decisions and the progress say, kept so that lists are quick.

    `version` counts what was decided about it: a form that shows an older one is told. `entered_by` was signed in when
    it was sent, also for a caller; `worker` is who of the front door works on it.
    """

    __tablename__ = "request"
    __table_args__ = (
        sa.Index("request_worklist_idx", "stage", "triage_due_at", "received_at"),
        sa.Index("request_sent_by_idx", "referrer_person_id", "received_at"),
    )
    QUESTIONS = OF_REQUESTS

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    reference: Mapped[str] = mapped_column(unique=True)
    family_id: Mapped[UUID] = mapped_column(sa.ForeignKey("family.id"), index=True)
    kind: Mapped[str]
    locality: Mapped[str] = mapped_column(default="")
    urgency: Mapped[str]
    source: Mapped[str]
    referrer_name: Mapped[str]
    referrer_role: Mapped[str]
    referrer_organisation: Mapped[str]
    referrer_email: Mapped[str]
    referrer_phone: Mapped[str]
    referrer_person_id: Mapped[UUID | None]
    entered_by: Mapped[UUID | None]
    taken_by: Mapped[str]
    arrived_by: Mapped[str]
    portal: Mapped[str] = mapped_column(default="")
    idempotency_key: Mapped[str] = mapped_column(unique=True)
    body_hash: Mapped[str]
    received_at: Mapped[datetime]
    triage_due_at: Mapped[datetime]
    triage_amber_at: Mapped[datetime]
    triage_paused_at: Mapped[datetime | None]
    worker_id: Mapped[UUID | None]
    worker_name: Mapped[str] = mapped_column(default="")
    worker_since: Mapped[datetime | None]
    stage: Mapped[str] = mapped_column(default="received")
    version: Mapped[int] = mapped_column(default=1)
    contact_adult_ref: Mapped[str]
    contact_notes: Mapped[str]
    needs: Mapped[list[str]]
    working_well: Mapped[str]
    worried_about: Mapped[str]
    needs_to_happen: Mapped[str]
    already_tried: Mapped[str]
    others: Mapped[list[dict[str, Any]]]
    key_events: Mapped[list[dict[str, Any]]]
    level_seen_scheme: Mapped[str]
    level_seen_version: Mapped[str]
    level_seen_number: Mapped[int | None]

    children: Mapped[list["ChildRow"]] = relationship(order_by="ChildRow.position")
    adults: Mapped[list["AdultRow"]] = relationship(order_by="AdultRow.position")
    addresses: Mapped[list["AddressRow"]] = relationship(order_by="AddressRow.position")
    professionals: Mapped[list["ProfessionalRow"]] = relationship(order_by="ProfessionalRow.position")
    consents: Mapped[list["ConsentRow"]] = relationship(order_by="ConsentRow.number")
    consent_overrides: Mapped[list["ConsentOverrideRow"]] = relationship(order_by="ConsentOverrideRow.number")
    step_down: Mapped["StepDownRow | None"] = relationship()
    safeguarding_check: Mapped["SafeguardingCheckRow | None"] = relationship()
    decisions: Mapped[list["TriageDecisionRow"]] = relationship(order_by="TriageDecisionRow.number")
    progress: Mapped[list["ProgressRow"]] = relationship(order_by="ProgressRow.number")

    @property
    def made_by(self) -> tuple[UUID | None, UUID | None]:
        """Return who sent it and who wrote it down, as far as they have accounts."""
        return self.referrer_person_id, self.entered_by

    @property
    def people(self) -> list[ChildRow | AdultRow]:
        """Return its children and adults, in their order."""
        return [*self.children, *self.adults]

    @property
    def names_of_children(self) -> list[str]:
        """Return how its children are called, in their order."""
        return child_names(
            (whole_name(child.given_name, child.family_name), child.expected_on) for child in self.children
        )

    @property
    def names(self) -> dict[str, str]:
        """Return how its children and adults are called, by their refs."""
        refs = [child.ref for child in self.children]
        return dict(zip(refs, self.names_of_children, strict=True)) | {
            adult.ref: whole_name(adult.given_name, adult.family_name) for adult in self.adults
        }

    @property
    def level_seen(self) -> tuple[str, str, int | None]:
        """Return scheme, version and number of the level of need that the referrer sees."""
        return self.level_seen_scheme, self.level_seen_version, self.level_seen_number

    @property
    def who_may_agree(self) -> dict[str, str]:
        """Return who of them can answer about consent, by ref: everybody who is born."""
        unborn = {child.ref for child in self.children if child.expected_on}
        return {ref: name for ref, name in self.names.items() if ref not in unborn}

    @property
    def children_called(self) -> list[str]:
        """Return its children's first names; a child not yet born is called by when it is expected."""
        return child_names((child.given_name, child.expected_on) for child in self.children)


class TriageDecisionRow(Base):
    """What the front door decided. Never edited: a correction is a new row that supersedes it."""

    __tablename__ = "triage_decision"
    __table_args__ = (sa.UniqueConstraint("request_id", "number"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    request_id: Mapped[UUID] = mapped_column(sa.ForeignKey("request.id"))
    number: Mapped[int]
    supersedes_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("triage_decision.id"), unique=True)
    outcome: Mapped[str]
    reason: Mapped[str]
    level_scheme: Mapped[str]
    level_version: Mapped[str]
    level_number: Mapped[int | None]
    details: Mapped[dict[str, Any]]
    decided_by: Mapped[UUID]
    decided_by_name: Mapped[str]
    decided_at: Mapped[datetime]

    @property
    def told_on(self) -> date | None:
        """Return the London date on which social care was told, for a hand-over to it."""
        return self._day("told_on")

    @property
    def checked_on(self) -> date | None:
        """Return when the directory last checked the details of a service that was signposted to."""
        return self._day("checked_on")

    def _day(self, name: str) -> date | None:
        day = self.details.get(name)
        return date.fromisoformat(day) if day else None


class InformationAskedRow(Base):
    """What the front door asked the referrer for, and what came back.

    `kind` is information or consent. `ended_at`: nothing came, and the request went back to triage without it.
    """

    __tablename__ = "information_asked"

    decision_id: Mapped[UUID] = mapped_column(sa.ForeignKey("triage_decision.id"), primary_key=True)
    request_id: Mapped[UUID] = mapped_column(sa.ForeignKey("request.id"), index=True)
    what: Mapped[str]
    kind: Mapped[str]
    asked_at: Mapped[datetime]
    due_on: Mapped[date]
    reminded_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    answer: Mapped[str | None]
    answered_at: Mapped[datetime | None]


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


class FailedNoticeRow(Base):
    """A message about a request that could not be delivered; somebody must ring."""

    __tablename__ = "failed_notice"

    notice_id: Mapped[UUID] = mapped_column(primary_key=True)
    request_id: Mapped[UUID] = mapped_column(sa.ForeignKey("request.id"), index=True)
    recipient: Mapped[str]
    failed_at: Mapped[datetime]


class DraftRow(Base):
    """A request in the making; emptied when it is sent.

    It is found by the browser's session, by whose it is, or by its return link: `link_number` counts the links made,
    of which the last one counts, and `link_word` and `link_email` are that link's (empty where it has none).
    `openings` says by which opening of a page each answer was kept (`rules/tabs.py`), `waiting` are answers as they
    were typed, by page and opening, that their person still has to go on with.
    """

    __tablename__ = "draft"
    __table_args__ = (sa.Index("draft_begun_by_idx", "person_id", "updated_at"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    person_id: Mapped[UUID | None]
    content: Mapped[dict[str, Any]]
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime] = mapped_column(index=True)
    request_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("request.id"))
    link_number: Mapped[int] = mapped_column(default=0)
    link_fingerprint: Mapped[str | None] = mapped_column(unique=True)
    link_word: Mapped[str] = mapped_column(default="")
    link_email: Mapped[str] = mapped_column(default="")
    openings: Mapped[dict[str, Any]] = mapped_column(default=dict)
    waiting: Mapped[dict[str, Any]] = mapped_column(default=dict)


class FollowTryRow(Base):
    """A wrong try to follow a request, by real time; `about` is a fingerprint of a reference or of an address."""

    __tablename__ = "follow_try"
    __table_args__ = (sa.Index("follow_try_about_idx", "about", "tried_at"),)

    number: Mapped[int] = mapped_column(sa.BigInteger, sa.Identity(always=True), primary_key=True)
    about: Mapped[str]
    tried_at: Mapped[datetime] = mapped_column(server_default=sa.func.now())
