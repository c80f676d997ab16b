"""Which meeting a waiting family goes to, and in which order families take the places."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from uuid import UUID

PLACED_AHEAD = timedelta(weeks=26)
"""How far ahead families get places: dates are planned two years ahead, and a place in two years is none."""

URGENCIES = {"urgent": "Urgent", "soon": "Soon", "routine": "Routine"}
"""How urgent a request is, most urgent first, with the words for it."""

_RANKS = {code: rank for rank, code in enumerate(URGENCIES)}

WHY = {
    "new": "New",
    "carried_over": "Carried over",
    "declined": "Returned",
    "more_information": "More information",
    "consent_changed": "Consent changed",
}
"""Why a family is in the queue, with the words for it; all but new have waited for a meeting before."""

RETURNED = ("declined", "consent_changed")
"""Why a family waits again that was offered to a service and came back from it."""

CARRIED_TOO_OFTEN = 2
"""From how many meetings on that did not hear a family its coordinator and chair are alerted."""


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
    times_carried: int = 0
    not_before: date | None = None


Line = tuple[int, date, int, bool, str]
"""What families are ordered by; the smallest comes first."""


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


def places_given(
    waiting: Sequence[Waiting], meetings: Iterable[MeetingPlaces], *, now: datetime
) -> list[tuple[Waiting, MeetingPlaces]]:
    """Return who of those who wait gets a place at which meeting, in their order; whoever finds no room is left out.

    Each gets what next_meeting_with_room gives; a full calendar costs nothing, however many wait.
    """
    open_ones = sorted((one for one in meetings if one.agenda_closes_at > now), key=lambda one: one.held_on)
    free = [one.places - len(one.family_ids) for one in open_ones]
    having: dict[UUID, list[int]] = {}
    for number, meeting in enumerate(open_ones):
        for family_id in meeting.family_ids:
            having.setdefault(family_id, []).append(number)
    with_room = [number for number, left in enumerate(free) if left > 0]
    given = []
    for one in waiting_order(waiting):
        for number in (*having.get(one.family_id, ()), *with_room):
            if one.not_before is None or open_ones[number].held_on >= one.not_before:
                break
        else:
            continue
        given.append((one, open_ones[number]))
        if number not in having.get(one.family_id, ()):
            having[one.family_id] = sorted((*having.get(one.family_id, ()), number))
            free[number] -= 1
            with_room = [other for other in with_room if free[other] > 0]
    return given


def waiting_order(waiting: Sequence[Waiting]) -> list[Waiting]:
    """Return who takes a place first, and is heard first.

    By urgency, then age of wait, then times carried over, then who came back from a service, then the reference. Requests for
    one family follow each other, where the first of them stands.
    """
    lines = [(place_in_line(one), one) for one in waiting]
    first_of: dict[UUID, Line] = {}
    for line, one in lines:
        first_of[one.family_id] = min(first_of.get(one.family_id, line), line)
    return [one for line, one in sorted(lines, key=lambda both: (first_of[both[1].family_id], both[0]))]


def place_in_line(waiting: Waiting) -> Line:
    """Return what families are ordered by. A code of urgency that is not known counts as routine."""
    rank = _RANKS.get(waiting.urgency, _RANKS["routine"])
    return (rank, waiting.received_on, -waiting.times_carried, waiting.why not in RETURNED, waiting.reference)


def expected_on(families_ahead: int, planned: Sequence[date], places: int) -> date | None:
    """Return about when a family is heard for which no planned meeting has room, if the calendar goes on as it is.

    The meetings to come keep the mean distance of those that are planned, in order; None where nothing can be said.
    """
    if len(planned) < 2 or places < 1:
        return None
    apart = (planned[-1] - planned[0]) / (len(planned) - 1)
    later = planned[-1].toordinal() + (families_ahead // places + 1) * apart.days
    return date.fromordinal(later) if later <= date.max.toordinal() else None
