"""What the front door announces: requests for families, and what triage made of them."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from shared.messaging.contract import Instant, event


@event("referrals.request_received.v1")
@dataclass(frozen=True)
class RequestReceived:
    """A request for a family has arrived and is safe. `kind` is request or step_down."""

    request_id: UUID
    family_id: UUID
    reference: str
    kind: str
    received_at: Instant


@event("referrals.request_ready_for_panel.v1")
@dataclass(frozen=True)
class RequestReadyForPanel:
    """Triage sent a request to a panel. `panel_key` is the authority's key of the panel."""

    request_id: UUID
    family_id: UUID
    reference: str
    kind: str
    panel_key: str
    urgency: str
    received_on: date  # London date
    children: int
    level_scheme: str
    level_version: str
    level_number: int


@event("referrals.request_sent_to_service.v1")
@dataclass(frozen=True)
class RequestSentToService:
    """Triage sent a request straight to one service, without a panel."""

    request_id: UUID
    family_id: UUID
    reference: str
    kind: str
    agency_id: UUID
    service_id: UUID
    urgency: str
    received_on: date  # London date
    children: int
    level_scheme: str
    level_version: str
    level_number: int


@event("referrals.request_signposted.v1")
@dataclass(frozen=True)
class RequestSignposted:
    """Triage pointed the family to help that needs no allocation; the request is closed."""

    request_id: UUID
    family_id: UUID
    reference: str


@event("referrals.more_information_asked.v1")
@dataclass(frozen=True)
class MoreInformationAsked:
    """Triage needs more from the referrer before it can decide. `asked_for` is information or consent."""

    request_id: UUID
    family_id: UUID
    reference: str
    due_on: date  # London date
    asked_for: str = "information"
    is_reminder: bool = False


@event("referrals.request_not_taken_further.v1")
@dataclass(frozen=True)
class RequestNotTakenFurther:
    """Triage decided that nothing further happens; the request is closed."""

    request_id: UUID
    family_id: UUID
    reference: str


@event("referrals.safeguarding_raised.v1")
@dataclass(frozen=True)
class SafeguardingRaised:
    """Triage sent a request to social care at once; it leaves every queue."""

    request_id: UUID
    family_id: UUID
    reference: str


@event("referrals.request_added_to_plan.v1")
@dataclass(frozen=True)
class RequestAddedToPlan:
    """A request for a family with an open plan went to whoever leads that plan."""

    request_id: UUID
    family_id: UUID
    reference: str
    plan_id: UUID


@event("referrals.request_withdrawn.v1")
@dataclass(frozen=True)
class RequestWithdrawn:
    """A request was withdrawn before anything was allocated; it leaves every queue.

    `by` is front_door, or referrer or family where whoever sent it took it back; then `front_door_id` is who decided
    about it last, if somebody had.
    """

    request_id: UUID
    family_id: UUID
    reference: str
    by: str = "front_door"
    front_door_id: UUID | None = None


@event("referrals.request_amended.v1")
@dataclass(frozen=True)
class RequestAmended:
    """More was said about a request than was sent: what, its owner says; whoever holds it is to read it.

    `kind` is added, corrected or wants_to_stop, `by` referrer, family or front_door, which corrected the record;
    `front_door_id` is who decided about it last, if that is somebody else.
    """

    request_id: UUID
    family_id: UUID
    reference: str
    amendment_id: UUID
    kind: str
    by: str
    front_door_id: UUID | None


@event("referrals.attachment_destroyed.v1")
@dataclass(frozen=True)
class AttachmentDestroyed:
    """A virus was found in a file after it had come with a request; whoever sent it is to send it in another way.

    `front_door_id` is who decided about the request last, if somebody had.
    """

    request_id: UUID
    family_id: UUID
    reference: str
    attachment_id: UUID
    front_door_id: UUID | None


@event("referrals.request_taken_back.v1")
@dataclass(frozen=True)
class RequestTakenBack:
    """Triage took a request back from where it had sent it, to decide anew; it leaves every queue, and nobody is told."""

    request_id: UUID
    family_id: UUID
    reference: str


@event("referrals.consent_changed.v1")
@dataclass(frozen=True)
class ConsentChanged:
    """A family answered a question about consent anew; whoever keeps a copy of what it told asks the owner again.

    `kind` is to_ask, to_share or to_research.
    """

    request_id: UUID
    family_id: UUID
    reference: str
    kind: str


@event("referrals.consent_withdrawn.v1")
@dataclass(frozen=True)
class ConsentWithdrawn:
    """A request that was on its way is not agreed to any more: sharing and work stop at once.

    It leaves every queue and agency, and the front door decides about it anew. The record stays.
    """

    request_id: UUID
    family_id: UUID
    reference: str


@event("referrals.draft_link_asked.v1", key="draft_id")
@dataclass(frozen=True)
class DraftLinkAsked:
    """Somebody without an account wants the link to a request half done by e-mail; where to, its owner says when asked.

    `number` counts the links of a draft: only the last one leads there, until `last_day_on` at least.
    """

    draft_id: UUID
    number: int
    last_day_on: date  # London date
