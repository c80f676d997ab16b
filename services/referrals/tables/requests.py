"""Requests for families, as they were sent."""

from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from services.referrals.rules.names import child_names, whole_name
from services.referrals.rules.questions import OF_REQUESTS
from services.referrals.tables.base import Base
from services.referrals.tables.consent import ConsentOverrideRow, ConsentRow
from services.referrals.tables.document import (
    AddressRow,
    AdultRow,
    Answered,
    ChildRow,
    ProfessionalRow,
    StepDownRow,
)
from services.referrals.tables.intake import SafeguardingCheckRow
from services.referrals.tables.progress import ProgressRow
from services.referrals.tables.triage import TriageDecisionRow


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
