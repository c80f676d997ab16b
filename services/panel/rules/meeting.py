"""Who runs a meeting, and who may be there."""

from collections.abc import Collection
from datetime import date, datetime
from uuid import UUID

from shared.errors import Conflict, Forbidden, Invalid, NotFound

CHAIRS = frozenset({"chair", "deputy"})
NOTE_TAKER = "note_taker"
"""What somebody is at a meeting whose notes they take, whatever their seat."""

WAS_OPENED = ("in_session", "ended")
"""The states of a meeting that was opened."""

RUNS = CHAIRS | {"coordinator", NOTE_TAKER}
PRESENCE = {
    "present": "Present",
    "substitute": "Sent a substitute",
    "left": "Left early",
    "apologies": "Apologies",
}
HERE = frozenset({"present", "substitute"})
"""Who is in the room now, themselves or somebody in their place."""

ACKNOWLEDGED = {"themselves": "On their own screen", "read_out": "Read out at the meeting"}


class NotInSession(Conflict):
    """The meeting has not been opened, or has ended."""


def check_may_see(seats: Collection[str]) -> None:
    """Refuse a person without a seat at the panel: to them there is no such meeting."""
    if not seats:
        raise NotFound("There is no such meeting, or you have no seat at its panel.")


def check_may_run(seats: Collection[str]) -> None:
    """Refuse anybody but the chair, a deputy or the coordinator of the panel, and who takes the meeting's notes."""
    check_may_see(seats)
    if not RUNS.intersection(seats):
        raise Forbidden("The chair, a deputy, the coordinator of this panel or who takes the notes does this.")


def check_opening(state: str, *, held_on: date, today: date) -> None:
    """Refuse to open a meeting whose agenda is not closed, whose day has not come, or that was opened before."""
    if state == "planned":
        raise Conflict("The agenda of this meeting has not closed yet.")
    if state != "agenda_closed":
        raise Conflict("Somebody has opened this meeting already.")
    if today < held_on:
        raise Conflict(f"This meeting is on {held_on:%A} {held_on.day} {held_on:%B %Y}. It can be opened on that day.")


def check_chair_and_notes(
    chaired_by: UUID, notes_by: UUID, *, may_chair: Collection[UUID], seated: Collection[UUID]
) -> None:
    """Refuse a chair who is neither chair nor deputy, and a chair who also takes the notes; raises Invalid."""
    errors = {}
    if chaired_by not in may_chair:
        errors["chaired_by"] = ["Select the chair or a deputy of this panel"]
    if notes_by not in seated:
        errors["notes_by"] = ["Select somebody with a seat at this panel"]
    elif notes_by == chaired_by:
        errors["notes_by"] = ["Select somebody other than the chair to take the notes"]
    if errors:
        raise Invalid("The chair and the note-taker must be two people of this panel.", errors)


def came_and_left(
    presence: str, *, now: datetime, came_at: datetime | None = None, left_at: datetime | None = None
) -> tuple[datetime | None, datetime | None]:
    """Return when somebody came and left, from what was known of it and what is recorded of them now.

    Who is there came when it was first said; who left, left when it was first said; apologies have neither.
    """
    if presence in HERE:
        return came_at or now, None
    return (came_at, left_at or now) if presence == "left" else (None, None)


def check_in_session(state: str) -> None:
    """Refuse what only a sitting meeting can do; raises NotInSession."""
    if state != "in_session":
        raise NotInSession("This meeting is not in session." if state != "ended" else "This meeting has ended.")


def check_was_opened(state: str) -> None:
    """Refuse what has no place before a meeting is opened; it may have ended since."""
    if state not in WAS_OPENED:
        raise NotInSession("This meeting has not been opened.")
