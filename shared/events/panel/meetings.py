"""Meetings, for who has a seat: invitations, papers, minutes."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from shared.messaging.contract import Instant, event


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
    """A version of a meeting's minutes is there for the members. `state` is draft, addendum or approved.

    `owner_ids`: whoever has an action of that meeting to do and no seat at the panel.
    """

    meeting_id: UUID
    panel_name: str
    held_on: date  # London date
    member_ids: tuple[UUID, ...]
    state: str = "draft"
    owner_ids: tuple[UUID, ...] = ()
