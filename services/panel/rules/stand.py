"""Which item a meeting hears next, and when it may move on."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from shared.errors import Conflict

TO_HEAR = ("placed", "to_ratify")


class MovedOn(Conflict):
    """Somebody else moved the meeting on since the page was shown."""


@dataclass(frozen=True)
class Hearable:
    """An item as the order of hearing sees it; `left_at` is when it was left for later, or None."""

    item_id: UUID
    number: int
    state: str
    left_at: datetime | None = None


def next_to_hear(items: Sequence[Hearable], current: UUID | None) -> UUID | None:
    """Return the item to hear after the current one, or None when every other one was heard.

    By their numbers; what was left for later comes at the end, in the order in which it was left.
    """
    waiting = [item for item in items if item.state in TO_HEAR and item.item_id != current]
    in_order = sorted(waiting, key=lambda item: (item.left_at is not None, item.left_at or 0, item.number))
    return in_order[0].item_id if in_order else None


def check_still_there(current: UUID | None, seen: UUID | None) -> None:
    """Refuse to move on from an item that the meeting has left already; raises MovedOn."""
    if current != seen:
        raise MovedOn("Somebody has moved the meeting on already. This page shows where it is now.")


def check_may_be_heard(state: str) -> None:
    """Refuse an item that left the agenda."""
    if state == "removed":
        raise Conflict("This family has left the agenda.")


def check_may_be_left(state: str) -> None:
    """Refuse to leave an item for later that was decided, or left the agenda."""
    check_may_be_heard(state)
    if state not in TO_HEAR:
        raise Conflict("This item has been decided. Correct the decision if it is not right.")


def check_opening_may_be_taken_back(state: str, decided: int) -> None:
    """Refuse to take an opening back once a family has been decided about, or when the meeting does not sit."""
    if state != "in_session":
        raise Conflict("This meeting is not in session.")
    if decided:
        raise Conflict("A family has been decided about already, so this meeting was held. End it instead.")
