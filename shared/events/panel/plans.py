"""Plans: who leads them, their reviews, what joins them, their end."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from shared.messaging.contract import event


@event("panel.review_due.v1")
@dataclass(frozen=True)
class ReviewDue:
    """A review comes up within the authority's reminder time."""

    plan_id: UUID
    family_id: UUID
    reference: str
    practitioner_id: UUID
    due_on: date  # London date


@event("panel.review_overdue.v1")
@dataclass(frozen=True)
class ReviewOverdue:
    """A review was not recorded by its due date."""

    plan_id: UUID
    family_id: UUID
    reference: str
    practitioner_id: UUID
    agency_id: UUID
    due_on: date  # London date


@event("panel.plan_closed.v1")
@dataclass(frozen=True)
class PlanClosed:
    """A plan ended. `reason` is a code; `practitioner_id` and `agency_id` are who led it, where somebody else ended it."""

    plan_id: UUID
    request_id: UUID
    family_id: UUID
    reference: str
    reason: str
    practitioner_id: UUID | None = None
    agency_id: UUID | None = None


@event("panel.lead_practitioner_changed.v1")
@dataclass(frozen=True)
class LeadPractitionerChanged:
    """A manager gave an open plan to another lead practitioner of the agency."""

    plan_id: UUID
    request_id: UUID
    family_id: UUID
    reference: str
    agency_id: UUID
    practitioner_id: UUID
    earlier_practitioner_id: UUID
    review_due_on: date  # London date


@event("panel.request_joined_plan.v1")
@dataclass(frozen=True)
class RequestJoinedPlan:
    """A new request for a family with an open plan lies with the plan; whoever leads the plan is to read it."""

    plan_id: UUID
    request_id: UUID
    family_id: UUID
    reference: str
    practitioner_id: UUID


@event("panel.request_found_plan_closed.v1")
@dataclass(frozen=True)
class RequestFoundPlanClosed:
    """Triage gave a request to a plan that had closed meanwhile; the front door decides about it anew."""

    plan_id: UUID
    request_id: UUID
    family_id: UUID
    reference: str


@event("panel.amendment_passed_on.v1")
@dataclass(frozen=True)
class AmendmentPassedOn:
    """More was said about a request that is offered to an agency or with a plan: they are to read it.

    `kind` is added, corrected or wants_to_stop. With an offer there is an allocation, with a plan who leads it.
    """

    request_id: UUID
    family_id: UUID
    reference: str
    amendment_id: UUID
    kind: str
    agency_id: UUID
    allocation_id: UUID | None
    plan_id: UUID | None
    practitioner_id: UUID | None
