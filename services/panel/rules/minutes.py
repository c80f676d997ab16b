"""Minutes through their life: draft, corrected while they are one, approved at a later meeting, then only added to."""

import re
from collections.abc import Mapping
from datetime import date
from enum import Enum

from shared.errors import Conflict, Invalid, NotFound
from shared.working_days import working_days_after

ANSWERS = {"accepted": "Accepted", "not_accepted": "Not accepted"}
"""What becomes of a correction that a member proposes, with the words for it."""

MINUTES_GO_OUT = {"now": "When the meeting ends", "later": "Later, when they have been checked"}
"""When the draft goes to the members, with the words for it."""

BECAUSE = {
    "ended": "Draft, at the end of the meeting",
    "issued": "Draft, as it was issued",
    "decision_corrected": "A decision was corrected",
    "correction_accepted": "A proposed correction was accepted",
    "approved": "Approved",
    "addendum": "Addendum",
}
"""Why there is a version, with the words for it."""

MOST_PROPOSED = 50
"""How many corrections of one meeting's minutes may wait for an answer."""

LONGEST_CORRECTION = 2_000


_ITEMS = re.compile(r"\bitems?\s+(\d+(?:\s*(?:,|and|&|to|or)\s*\d+)*)", re.IGNORECASE)
_REFERENCES = re.compile(r"\bEH[ -]?\w{2}[ -]?\w{4}\b", re.IGNORECASE)


class Minutes(Enum):
    """How the minutes of a meeting stand."""

    NOT_ISSUED = "Not issued yet"
    DRAFT = "Draft"
    APPROVED = "Approved"


class AlreadyAnswered(Conflict):
    """Somebody has answered a proposed correction."""


class AlreadyApproved(Conflict):
    """The minutes have been approved: what is wrong in them is put right by an addendum."""


def state_of(*, versions: int, is_approved: bool) -> Minutes:
    """Return how minutes stand by what was issued and approved."""
    if is_approved:
        return Minutes.APPROVED
    return Minutes.DRAFT if versions else Minutes.NOT_ISSUED


def due_on(held_on: date, within: int) -> date:
    """Return by which London date the minutes of a meeting go out, `within` working days after it."""
    return working_days_after(held_on, within)


def check_may_issue(meeting_state: str, state: Minutes) -> None:
    """Refuse to issue minutes of a meeting that has not ended, or twice; raises NotFound, Conflict."""
    if meeting_state != "ended":
        raise NotFound("There are minutes once the meeting has ended.")
    if state is not Minutes.NOT_ISSUED:
        raise Conflict("These minutes have been issued already.")


def check_may_propose(state: Minutes, waiting: int) -> None:
    """Refuse a correction of minutes that are no draft, or when too many wait; raises Conflict, AlreadyApproved."""
    if state is Minutes.NOT_ISSUED:
        raise Conflict("These minutes have not been issued yet.")
    if state is Minutes.APPROVED:
        raise AlreadyApproved("These minutes are approved. Tell the coordinator, who can add to them.")
    if waiting >= MOST_PROPOSED:
        raise Conflict(f"{MOST_PROPOSED} corrections wait for an answer already. Tell the coordinator.")


def check_names_only(words: str, *, about: int | None, numbers: Mapping[str, int]) -> None:
    """Refuse words that name a family of these minutes at whose item they do not stand; raises Invalid.

    `numbers` are the items' numbers by reference, `about` is the item at which the words stand, None for the minutes as
    a whole. What stands at an item is read by whoever may know of its family, and the rest by everybody with a seat.
    """
    named = {int(number) for found in _ITEMS.findall(words) for number in re.findall(r"\d+", found)}
    written = {_plain(one) for one in _REFERENCES.findall(words)}
    named |= {number for reference, number in numbers.items() if _plain(reference) in written}
    others = sorted((named & set(numbers.values())) - {about})
    if others:
        message = (
            f"This names item {others[0]}. Select that item, or leave it out: not everybody may read of each family"
        )
        raise Invalid(message, {"item_id": [message]})


def _plain(reference: str) -> str:
    return reference.upper().replace("-", "").replace(" ", "")


def check_answer(answer: str, *, state: Minutes, earlier: str | None, correction: str, reason: str) -> None:
    """Refuse an answer that comes too late or says too little; raises AlreadyApproved, AlreadyAnswered, Invalid."""
    if state is Minutes.APPROVED:
        raise AlreadyApproved("These minutes were approved meanwhile. Add to them instead.")
    if earlier is not None:
        raise AlreadyAnswered(f"Somebody has answered this correction: {ANSWERS[earlier].lower()}.")
    if answer == "accepted" and not correction:
        message = "Enter what the minutes are to say"
        raise Invalid(message, {"correction": [message]})
    if answer == "not_accepted" and not reason:
        message = "Enter why it is not accepted"
        raise Invalid(message, {"reason": [message]})


def check_may_approve(state: Minutes, *, waiting: int, is_later_meeting: bool, sits: bool) -> None:
    """Refuse an approval of no draft, at another panel's or an earlier meeting, or while corrections wait; raises Conflict."""
    if state is Minutes.APPROVED:
        raise AlreadyApproved("These minutes have been approved already.")
    if state is Minutes.NOT_ISSUED:
        raise Conflict("These minutes have not been issued yet. Issue them first.")
    if not is_later_meeting:
        raise Conflict("Minutes are approved at a later meeting of the same panel.")
    if not sits:
        raise Conflict("Minutes are approved at a meeting that is in session.")
    if waiting:
        one = waiting == 1
        words = "1 proposed correction has" if one else f"{waiting} proposed corrections have"
        raise Conflict(f"{words} not been answered yet. Answer {'it' if one else 'them'} first.")


def check_may_add(state: Minutes) -> None:
    """Refuse an addendum to minutes that are not approved; raises Conflict."""
    if state is not Minutes.APPROVED:
        raise Conflict("These minutes are not approved yet: correct the draft instead.")
