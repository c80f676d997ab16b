"""Which meeting a waiting family goes to, and in which order families take the places."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from uuid import UUID

URGENCIES = {"urgent": "Urgent", "soon": "Soon", "routine": "Routine"}
"""How urgent a request is, most urgent first, with the words for it."""

WHY = {
    "new": "New",
    "carried_over": "Carried over",
    "declined": "Returned",
    "more_information": "More information",
    "consent_changed": "Consent changed",
}
"""Why a family is in the queue, with the words for it; all but new have waited for a meeting before."""


@dataclass(frozen=True)
class MeetingPlaces:
    """A planned meeting: until when its agenda is open (UTC), how many families it takes, and which it has.

    A family takes one place, however many requests there are for it: the panel hears a family once.
    """

    meeting_id: UUID
    held_on: date
    agenda_closes_at: datetime
    places: int
    family_ids: frozenset[UUID]

    def has_room_for(self, family_id: UUID) -> bool:
        """Say whether the family has a place here or can have one."""
        return family_id in self.family_ids or len(self.family_ids) < self.places

    def with_family(self, family_id: UUID) -> "MeetingPlaces":
        """Return the meeting with this family on it."""
        return replace(self, family_ids=self.family_ids | {family_id})


@dataclass(frozen=True)
class Waiting:
    """A family's request that waits for a meeting."""

    entry_id: UUID
    family_id: UUID
    reference: str
    urgency: str
    why: str
    received_on: date
    not_before: date | None = None


def next_meeting_with_room(
    meetings: Iterable[MeetingPlaces], *, family_id: UUID, now: datetime, not_before: date | None = None
) -> MeetingPlaces | None:
    """Return the earliest meeting that can still take the family, or None when every planned one is full.

    An agenda takes nobody from the very instant at which it closes. A family that has a place at an open
    meeting gets its other requests heard there, so that it is talked about once.
    """
    open_ones = [
        meeting
        for meeting in sorted(meetings, key=lambda meeting: meeting.held_on)
        if meeting.agenda_closes_at > now and (not_before is None or meeting.held_on >= not_before)
    ]
    same_family = [meeting for meeting in open_ones if family_id in meeting.family_ids]
    with_room = [meeting for meeting in open_ones if meeting.has_room_for(family_id)]
    return next(iter(same_family or with_room), None)


def waiting_order(waiting: Sequence[Waiting]) -> list[Waiting]:
    """Return who takes a place first: the urgent, then those who were sent back, then those who wait longest."""
    return sorted(waiting, key=place_in_line)


def place_in_line(waiting: Waiting) -> tuple[int, bool, date, str]:
    """Return what families are ordered by; the smallest comes first. A code that is not known counts as routine."""
    ranks = list(URGENCIES)
    rank = ranks.index(waiting.urgency if waiting.urgency in ranks else "routine")
    return (rank, waiting.why == "new", waiting.received_on, waiting.reference)
