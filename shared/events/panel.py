"""What the panel service announces: agendas, decisions, allocations, plans and reviews."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from shared.messaging.contract import Instant, event


@event("panel.request_placed.v1")
@dataclass(frozen=True)
class RequestPlaced:
    """A request has a place on the agenda of a meeting; `times_carried` counts earlier meetings that did not hear it.

    `instead_of` is the day of the meeting that it had a place at until now, where it was moved by hand.
    """

    request_id: UUID
    family_id: UUID
    reference: str
    meeting_id: UUID
    held_on: date  # London date
    times_carried: int
    instead_of: date | None = None  # London date


@event("panel.request_carried_over_again.v1")
@dataclass(frozen=True)
class RequestCarriedOverAgain:
    """A second meeting, or a later one, did not hear a request; `leader_ids` are the panel's chair, deputies, coordinator."""

    request_id: UUID
    family_id: UUID
    reference: str
    times_carried: int
    leader_ids: tuple[UUID, ...]


@event("panel.request_sent_back.v1")
@dataclass(frozen=True)
class RequestSentBack:
    """The chair or coordinator gave a request back to the front door, which decides about it anew. `because` is a code."""

    request_id: UUID
    family_id: UUID
    reference: str
    because: str
    sent_back_at: Instant


@event("panel.request_unplaced.v1")
@dataclass(frozen=True)
class RequestUnplaced:
    """A request lost its place, as its meeting was cancelled or it was put off, and waits: no other meeting has room yet."""

    request_id: UUID
    family_id: UUID
    reference: str
    meeting_id: UUID
    held_on: date  # London date


@event("panel.members_invited.v1", key="meeting_id")
@dataclass(frozen=True)
class MembersInvited:
    """People with a seat are invited to a meeting; `was_starts_at` when it was to be before, if they are told of a change.

    Place, link and name are the meeting's, not a person's. `sequence` is higher than whatever they were told before.
    """

    meeting_id: UUID
    panel_name: str
    place: str
    video_link: str
    starts_at: Instant
    ends_at: Instant
    member_ids: tuple[UUID, ...]
    sequence: int
    was_starts_at: Instant | None = None


@event("panel.invitations_withdrawn.v1", key="meeting_id")
@dataclass(frozen=True)
class InvitationsWithdrawn:
    """People who were invited to a meeting have no seat at its panel any more; the meeting is held without them."""

    meeting_id: UUID
    panel_name: str
    place: str
    starts_at: Instant
    ends_at: Instant
    member_ids: tuple[UUID, ...]
    sequence: int


@event("panel.meeting_cancelled.v1", key="meeting_id")
@dataclass(frozen=True)
class MeetingCancelled:
    """A meeting is not held. `invited_ids` are those of the members who have it in their calendars."""

    meeting_id: UUID
    panel_name: str
    place: str
    starts_at: Instant
    ends_at: Instant
    member_ids: tuple[UUID, ...]
    invited_ids: tuple[UUID, ...]
    sequence: int


@event("panel.papers_circulated.v1", key="meeting_id")
@dataclass(frozen=True)
class PapersCirculated:
    """Papers of a meeting are there for its members: those of its agenda, or with a number those of a `supplement` to it.

    Place and name are the meeting's, not a person's.
    """

    meeting_id: UUID
    panel_name: str
    place: str
    starts_at: Instant
    ends_at: Instant
    items: int
    member_ids: tuple[UUID, ...]
    sequence: int
    supplement: int = 0


@event("panel.minutes_issued.v1", key="meeting_id")
@dataclass(frozen=True)
class MinutesIssued:
    """A version of a meeting's minutes is there for the members. `state` is draft or addendum."""

    meeting_id: UUID
    panel_name: str
    held_on: date  # London date
    member_ids: tuple[UUID, ...]
    state: str = "draft"


@event("panel.decision_made.v1")
@dataclass(frozen=True)
class DecisionMade:
    """A meeting decided about a family. `outcome` is a code of the panel's decision set."""

    decision_id: UUID
    request_id: UUID
    family_id: UUID
    reference: str
    meeting_id: UUID
    outcome: str
    decided_at: Instant


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


@event("panel.actions_due.v1", key="recipient_id")
@dataclass(frozen=True)
class ActionsDue:
    """Actions of a person, or of an agency that named nobody, are due soon; `due_on` is the first of their days.

    `recipient_kind` is person or agency. With one action alone there is its family's reference, else none.
    """

    recipient_kind: str
    recipient_id: UUID
    action_ids: tuple[UUID, ...]
    reference: str
    due_on: date  # London date


@event("panel.actions_overdue.v1", key="recipient_id")
@dataclass(frozen=True)
class ActionsOverdue:
    """Actions were not marked as done by their day; fields as in ActionsDue. `told_as` is owner, agency or panel.

    The owner is told first; later the managers of the owner's agency and who coordinates the panel too.
    """

    recipient_kind: str
    recipient_id: UUID
    told_as: str
    action_ids: tuple[UUID, ...]
    reference: str
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
