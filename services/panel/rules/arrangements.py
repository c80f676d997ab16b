"""What may be arranged by hand about a family's wait and a meeting's places."""

from collections.abc import Collection
from datetime import date, datetime
from uuid import UUID

from shared.errors import Conflict, Invalid

PUT_OFF, SENT_BACK, LATE_ITEM, MORE_PLACES = "put_off", "sent_back", "late_item", "more_places"

ARRANGED = {
    PUT_OFF: "Put off",
    SENT_BACK: "Sent back to the front door",
    LATE_ITEM: "Taken as a late item",
    MORE_PLACES: "More places",
}
"""What was arranged, in words."""

SENT_BACK_BECAUSE = {
    "not_for_a_panel": "It does not need a panel",
    "another_panel": "Another panel should hear it",
    "more_needed": "More has to be known first",
    "asked_twice": "The same was asked twice",
    "moved_away": "The family has moved away",
}
"""Why a request goes back to the front door, by code."""

MOST_MORE_PLACES = 50
MOST_LATE_ITEMS = 50


class MovedMeanwhile(Conflict):
    """The family, or the meeting, does not stand any more where whoever arranges it saw it."""


def check_stands_where_seen(found: UUID, seen: UUID | None) -> None:
    """Refuse to move a family from another wait than the one that was on the screen; raises MovedMeanwhile."""
    if found != seen:
        raise MovedMeanwhile("Somebody has moved this family meanwhile. Look at where it stands now.")


def check_can_leave(meeting_state: str | None) -> None:
    """Refuse to move a family by hand from a meeting that sits or has ended; None is a family without a meeting."""
    if meeting_state not in (None, "planned", "agenda_closed"):
        raise Conflict("This meeting has begun. Record a decision about the family there, such as carry over.")


def check_later(not_before: date, *, held_on: date | None, today: date) -> None:
    """Refuse to put a family off to a day that is not after its meeting, or is over; raises Invalid."""
    if not_before < today or (held_on is not None and not_before <= held_on):
        message = "Select a meeting after the one that the family is on" if held_on else "Select a day that is to come"
        raise Invalid(message, {"not_before": [message]})


def check_more_places(state: str, closes_at: datetime, *, more: int, places: int, seen: int, now: datetime) -> None:
    """Refuse more places at a meeting whose agenda has closed, or whose places somebody else has changed meanwhile."""
    if state != "planned" or closes_at <= now:
        raise Conflict("The agenda of this meeting has closed. A family comes on to it as a late item.")
    if places != seen:
        raise MovedMeanwhile(f"Somebody has changed the places of this meeting meanwhile: there are {places} now.")
    if not 1 <= more <= MOST_MORE_PLACES:
        message = f"Enter a number from 1 to {MOST_MORE_PLACES}"
        raise Invalid(message, {"more": [message]})


def check_how_many_late(number: int) -> None:
    """Refuse nobody, or more late items at once than anybody could read in time; raises Invalid."""
    if not 1 <= number <= MOST_LATE_ITEMS:
        message = f"Select from 1 to {MOST_LATE_ITEMS} requests"
        raise Invalid(message, {"request_ids": [message]})


def check_has_part_in_late_item(leave_by: UUID, without_part: Collection[UUID]) -> None:
    """Refuse leave of a chair or deputy who has no part in the family; raises Invalid."""
    if leave_by in without_part:
        message = "Select somebody else: this chair or deputy has no part in one of the families"
        raise Invalid(message, {"leave_by": [message]})


def check_takes_late_items(state: str, *, leave_by: UUID, may_chair: Collection[UUID]) -> None:
    """Refuse a late item before the agenda has closed or after the meeting, or without leave of chair or deputy."""
    if state == "planned":
        raise Conflict("The agenda of this meeting is still open: nothing is late yet.")
    if state not in ("agenda_closed", "in_session"):
        raise Conflict("This meeting has ended.")
    if leave_by not in may_chair:
        message = "Select the chair or a deputy of this panel"
        raise Invalid(message, {"leave_by": [message]})
