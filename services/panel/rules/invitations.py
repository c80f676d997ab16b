"""Who is told of a meeting for their own calendar: invited, told of a change, told that they need not come."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

HORIZON = timedelta(weeks=8)
"""How long before a meeting people are invited to it; sooner when somebody moved or added it singly."""


@dataclass(frozen=True)
class Entry:
    """What a calendar shows of a meeting; instants in UTC."""

    starts_at: datetime
    ends_at: datetime
    place: str
    video_link: str


@dataclass(frozen=True)
class Told:
    """What somebody was told last: of which entry, or that it is none of theirs any more."""

    entry: Entry
    is_withdrawn: bool


@dataclass(frozen=True)
class Telling:
    """Whom to tell what now."""

    invited: frozenset[UUID]
    changed: frozenset[UUID]
    withdrawn: frozenset[UUID]


def is_told_of(starts_at: datetime, *, is_set_singly: bool, now: datetime) -> bool:
    """Say whether it is time to tell people of a meeting."""
    return now < starts_at and (is_set_singly or starts_at <= now + HORIZON)


def whom_to_tell(entry: Entry | None, seated: Collection[UUID], told: Mapping[UUID, Told]) -> Telling:
    """Return who is told what so that everybody with a seat knows the entry, and nobody else has it.

    `entry` is None for a meeting that is cancelled.
    """
    wanted = frozenset(seated) if entry is not None else frozenset()
    have_it = frozenset(person for person, last in told.items() if not last.is_withdrawn)
    return Telling(
        invited=wanted - have_it,
        changed=frozenset(person for person in wanted & have_it if told[person].entry != entry),
        withdrawn=have_it - wanted,
    )
