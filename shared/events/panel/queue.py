"""Where requests wait for a panel: given a place, carried over, without one, sent back."""

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
    """A second meeting, or a later one, did not hear a request; `leader_ids` are who leads the panel and may know of it."""

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


@event("panel.requests_without_leader.v1", key="panel_id")
@dataclass(frozen=True)
class RequestsWithoutLeader:
    """Nobody who leads a panel may act for some requests there, which wait or have an open letter; `requests` counts them.

    Each of its leaders declared a conflict, or is of an agency that the family excludes. `administrator_ids` are those
    who can give somebody else a seat.
    """

    panel_id: UUID
    panel_key: str
    panel_name: str
    requests: int
    administrator_ids: tuple[UUID, ...]
