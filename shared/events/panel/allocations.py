"""Families offered to agencies, and what became of the offers."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from shared.messaging.contract import event


@event("panel.allocation_offered.v1")
@dataclass(frozen=True)
class AllocationOffered:
    """A family was offered to an agency, by a meeting or straight from triage (`meeting_id` None)."""

    allocation_id: UUID
    request_id: UUID
    family_id: UUID
    reference: str
    agency_id: UUID
    service_id: UUID
    meeting_id: UUID | None
    answer_due_on: date  # London date


@event("panel.allocation_accepted.v1")
@dataclass(frozen=True)
class AllocationAccepted:
    """An agency took a family on and named the lead practitioner; the plan is open."""

    allocation_id: UUID
    request_id: UUID
    family_id: UUID
    reference: str
    agency_id: UUID
    practitioner_id: UUID
    plan_id: UUID
    review_due_on: date  # London date


@event("panel.allocation_declined.v1")
@dataclass(frozen=True)
class AllocationDeclined:
    """An agency declined a family; it is back in the queue. `reason` is a code."""

    allocation_id: UUID
    request_id: UUID
    family_id: UUID
    reference: str
    agency_id: UUID
    reason: str


@event("panel.allocation_withdrawn.v1")
@dataclass(frozen=True)
class AllocationWithdrawn:
    """An offer that nobody had answered was taken back from its agency. `because` is a code.

    With consent_changed the family waits for a panel again, with corrected its meeting decides anew; any other
    code is why the front door sent the request elsewhere.
    """

    allocation_id: UUID
    request_id: UUID
    family_id: UUID
    reference: str
    agency_id: UUID
    because: str


@event("panel.allocation_unanswered.v1")
@dataclass(frozen=True)
class AllocationUnanswered:
    """An agency has not answered an offer by the day it was due."""

    allocation_id: UUID
    request_id: UUID
    family_id: UUID
    reference: str
    agency_id: UUID
    answer_due_on: date  # London date


@event("panel.family_agreed_to_agency.v1")
@dataclass(frozen=True)
class FamilyAgreedToAgency:
    """A family was asked again about an agency before it took the family on, and agreed.

    `by_refs` are who agreed, by their refs within the request; `how` is a code.
    """

    allocation_id: UUID
    request_id: UUID
    family_id: UUID
    reference: str
    agency_id: UUID
    by_refs: tuple[str, ...]
    how: str
    agreed_on: date  # London date
    recorded_by: UUID
