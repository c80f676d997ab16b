"""What agencies say before a meeting that they know of a family."""

from typing import Protocol
from uuid import UUID

from shared.errors import Conflict, Forbidden

KNOWS = {"known": "Known to us", "not_known": "Not known to us", "looking": "Still looking"}
"""What an agency may say, with the words for it."""

STANDS = KNOWS | {
    "known": "Known",
    "not_known": "Not known",
    "unanswered": "Not answered yet",
    "excluded": "Not asked: the family does not want it to know",
}
"""How an agency stands to a family, as others read it."""

LONGEST_NOTE = 1000
ASKED_SEATS = ("chair", "deputy", "member")
"""Whose agencies are asked what they know; a coordinator prepares the papers and sits for no agency."""


class AnsweredMeanwhile(Conflict):
    """A colleague of the same agency has answered since the page was shown."""


class _Said(Protocol):
    id: UUID
    knows: str
    note: str
    said_by: UUID


def check_may_say(agency_id: UUID | None, meeting_state: str) -> UUID:
    """Return the agency for which somebody says what is known; raises Forbidden without one, Conflict after the meeting."""
    if agency_id is None:
        raise Forbidden("Your seat is no agency's, so there is nobody for whom to answer.")
    if meeting_state not in ("agenda_closed", "in_session"):
        raise Conflict("What an agency knows is said before the meeting ends, and this one has ended.")
    return agency_id


def is_said_already(standing: _Said | None, *, knows: str, note: str, by: UUID) -> bool:
    """Say whether this is the same person's standing answer once more: a second click."""
    return standing is not None and (standing.knows, standing.note, standing.said_by) == (knows, note, by)


def check_is_newest(standing: _Said | None, supersedes: UUID | None) -> None:
    """Refuse an answer that was given without having seen the standing one; raises AnsweredMeanwhile."""
    if (standing.id if standing else None) != supersedes:
        raise AnsweredMeanwhile(
            "A colleague has answered for your agency since you opened this page. Their answer stands above the form,"
            " and yours is still in it: send it again if it should stand instead."
        )
