"""Which meeting a waiting family goes to, and in which order families take the places."""

from collections import defaultdict
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
    """A family's request that waits for a meeting; `meeting_id` is the one at which it has a place so far."""

    entry_id: UUID
    family_id: UUID
    reference: str
    urgency: str
    why: str
    received_on: date
    times_carried: int = 0
    not_before: date | None = None
    meeting_id: UUID | None = None


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
    waiting: Iterable[Waiting], meetings: Iterable[MeetingPlaces], *, now: datetime
) -> list[tuple[Waiting, MeetingPlaces]]:
    """Return who gets a place, or an earlier one than they have, at which meeting, in their order.

    Who waits without a place gets what next_meeting_with_room gives. A family that has one moves up to an earlier meeting
    that has room, with all its requests that stand together; its place goes to whoever comes next in line. So nobody
    passes a family unseen that waits for a later meeting. A full calendar costs little, however many wait.
    """
    order = waiting_order(waiting)
    calendar = _Calendar(order, [meeting for meeting in meetings if meeting.agenda_closes_at > now])
    # From the first in line again after each move, which may have freed a place that they could not have before.
    while any(calendar.moves(one) for one in order):
        pass
    return calendar.given(order)


class _Calendar:
    """The open meetings of a panel in order, each by its number, while places are given."""

    def __init__(self, waiting: Iterable[Waiting], meetings: Iterable[MeetingPlaces]) -> None:
        self._meetings = sorted(meetings, key=lambda meeting: meeting.held_on)
        self._free = [meeting.places - len(meeting.family_ids) for meeting in self._meetings]
        self._with_room = self._find_room()
        self._of_family: dict[UUID, set[int]] = defaultdict(set)
        for number, meeting in enumerate(self._meetings):
            for family_id in meeting.family_ids:
                self._of_family[family_id].add(number)
        numbers = {meeting.meeting_id: number for number, meeting in enumerate(self._meetings)}
        self._before = {one.entry_id: numbers.get(one.meeting_id) if one.meeting_id else None for one in waiting}
        self._now = dict(self._before)
        self._together: dict[tuple[UUID, int], list[Waiting]] = defaultdict(list)
        for one in waiting:
            if (number_now := self._now[one.entry_id]) is not None:
                self._together[one.family_id, number_now].append(one)

    def moves(self, one: Waiting) -> bool:
        """Give somebody the first place that is earlier than theirs, if there is one; say whether there was."""
        here = self._now[one.entry_id]
        if here is None and not self._with_room and one.family_id not in self._of_family:
            return False
        who = [one] if here is None else self._together[one.family_id, here]
        not_before = max((each.not_before for each in who if each.not_before), default=date.min)
        for number in (*sorted(self._of_family.get(one.family_id, ())), *self._with_room):
            if (here is None or number < here) and self._meetings[number].held_on >= not_before:
                self._seat(one.family_id, list(who), here, number)
                return True
        return False

    def given(self, order: Iterable[Waiting]) -> list[tuple[Waiting, MeetingPlaces]]:
        """Return who stands elsewhere now than before."""
        now = ((one, self._now[one.entry_id]) for one in order)
        return [(one, self._meetings[at]) for one, at in now if at is not None and at != self._before[one.entry_id]]

    def _seat(self, family_id: UUID, who: list[Waiting], here: int | None, number: int) -> None:
        mine = self._of_family[family_id]
        if here is not None:
            del self._together[family_id, here]
            mine.remove(here)
            self._free[here] += 1
        if number not in mine:
            mine.add(number)
            self._free[number] -= 1
        self._together[family_id, number] += who
        self._now |= dict.fromkeys((one.entry_id for one in who), number)
        self._with_room = self._find_room()

    def _find_room(self) -> list[int]:
        return [number for number, free in enumerate(self._free) if free > 0]


def waiting_order(waiting: Iterable[Waiting]) -> list[Waiting]:
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
