"""What a panel can decide about a family, what each decision must record, and what follows from it.

Source: the outcomes that councils' panels record, and the terms of the Early Help Allocation Panel.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import Enum
from uuid import UUID

from shared.agencies import is_excluded
from shared.errors import Conflict, Forbidden, Invalid

STEP_UP = "step_up"
ALLOCATE = "allocate"
PLAN_ADVICE = "plan_advice"
CARRY_OVER = "carry_over"
CLOSE = "close"


class Follows(Enum):
    """Where a family stands after a decision: nobody ever stands nowhere."""

    OFFERED = "offered"
    QUEUED = "queued"
    ENDED = "ended"


class Waits(Enum):
    """Whether a family that was put off waits still, and where."""

    WHERE_IT_CAN_LEAVE = "in the queue or on an open agenda"
    ON_CLOSED_AGENDA = "on the closed agenda of a later meeting"
    NO_LONGER = "a later meeting has heard it"


@dataclass(frozen=True)
class Outcome:
    """One thing a panel can decide. `comes_back_on` names the detail that says when the family is heard again."""

    code: str
    label: str
    about: str
    follows: Follows
    comes_back_on: str = ""


OUTCOMES = {
    outcome.code: outcome
    for outcome in (
        Outcome(
            ALLOCATE,
            "Allocate to a service",
            "The agency is asked to take the family on and to name who leads.",
            Follows.OFFERED,
        ),
        Outcome(
            "recommend", "Recommend a service", "Somebody at the meeting makes the referral themselves.", Follows.ENDED
        ),
        Outcome("signpost", "Signpost", "The family is told of help they can use without a referral.", Follows.ENDED),
        Outcome(
            PLAN_ADVICE,
            "Advice for the plan there is",
            "Somebody already leads a plan. The panel adds actions and a review date.",
            Follows.ENDED,
        ),
        Outcome(
            "more_information",
            "More information is needed",
            "The family comes back to a later meeting.",
            Follows.QUEUED,
            "by_on",
        ),
        Outcome(
            "consent_outstanding",
            "Consent is outstanding",
            "The family comes back once consent has been asked for.",
            Follows.QUEUED,
            "deadline_on",
        ),
        Outcome(STEP_UP, "Step up to social care", "The concern is too serious for early help.", Follows.ENDED),
        Outcome("not_accepted", "Not accepted", "The panel has nothing to offer, and says why.", Follows.ENDED),
        Outcome(CARRY_OVER, "Carry over", "The meeting could not hear this family.", Follows.QUEUED),
        Outcome(CLOSE, "Close before it is heard", "The request ended before the panel could hear it.", Follows.ENDED),
    )
}
"""Every outcome by its code, in the order in which the pages offer them."""

NOT_ACCEPTED_BECAUSE = {
    "below_threshold": "Universal services can meet the need",
    "above_threshold": "The need is above early help",
    "already_open": "A service works with the family already",
    "out_of_area": "The family lives outside the area",
    "family_declined": "The family does not want help",
    "other": "Another reason",
}
ENDED_BECAUSE = {
    "withdrawn": "The request was withdrawn",
    "consent_withdrawn": "The family does not agree any more",
    "moved_away": "The family has moved away",
    "already_open": "A service works with the family already",
    "other": "Another reason",
}
WITHOUT_CONSENT = {
    "close": "The request is closed",
    "escalate": "The front door looks at it again",
}
"""What happens when consent that is outstanding has not come by its day."""
CARRIED_OVER_BECAUSE = {
    "capacity": "There was no time left",
    "not_quorate": "Too few members were there",
    "papers_late": "The papers came too late",
    "other": "Another reason",
}


_OFFER_MOVED_ON = {
    "accepted": "The agency has taken the family on, so this decision cannot be corrected any more.",
    "declined": "The agency declined, and the family is back with the panel. A later meeting decides about it.",
    "withdrawn": (
        "The offer was taken back from the agency, and the family is back with the panel."
        " A later meeting decides about it."
    ),
}
_WAITS_ELSEWHERE = {
    Waits.ON_CLOSED_AGENDA: "The family is on the closed agenda of a later meeting. That meeting decides.",
    Waits.NO_LONGER: "A later meeting has heard this family, so this decision cannot be corrected any more.",
}


class AlreadyDecided(Conflict):
    """Somebody else recorded a decision about this family first."""


class CannotBeCorrected(Conflict):
    """What followed from the decision has gone too far to be undone by a correction."""


def check_may_decide(*, meeting_state: str, item_state: str, is_let_go: bool, is_correction: bool) -> None:
    """Refuse a decision outside the meeting, or about a family that left.

    A first decision is made while the meeting sits; a correction also after it has ended.
    """
    states = ("in_session", "ended") if is_correction else ("in_session",)
    if meeting_state not in states:
        raise Conflict("Decisions are recorded while the meeting is in session.")
    if item_state == "removed" or is_let_go:
        raise Conflict("This family has left the agenda, so there is nothing to decide.")


def check_may_decide_urgently(outcome: str, *, chairs: bool, meeting_state: str) -> None:
    """Refuse an urgent decision by anybody but a chair, about a family that a meeting hears, or that decides nothing."""
    if not chairs:
        raise Forbidden("Only the chair or a deputy of this panel decides between meetings.")
    if meeting_state in ("in_session", "ended"):
        raise Conflict("The meeting has begun. What becomes of this family is decided there.")
    if outcome == CARRY_OVER:
        raise Invalid("A family is put off without a decision.", {"outcome": ["Select what you decide"]})


def check_can_be_ratified(*, is_standing: bool, is_ratified: bool, meeting_state: str) -> None:
    """Refuse to ratify a decision that another one superseded, twice, or outside the meeting."""
    if meeting_state != "in_session":
        raise Conflict("Decisions are ratified while the meeting is in session.")
    if is_ratified or not is_standing:
        raise AlreadyDecided("Somebody has ratified this decision, or decided otherwise, since you opened it.")


def check_chair_of_item(chaired_by: UUID, *, may_chair: Collection[UUID], without_part: Collection[UUID]) -> None:
    """Refuse an item's chair who has no part in it, or who does not chair this panel; raises Invalid."""
    if chaired_by in without_part:
        message = "The chair has no part in this item. Select who chaired it instead."
    elif chaired_by not in may_chair:
        message = "Select the chair or a deputy of this panel."
    else:
        return
    raise Invalid(message, {"chaired_by": [message]})


def check_supersedes(standing: UUID | None, supersedes: UUID | None) -> None:
    """Refuse a decision that was written without knowing the one that stands; raises AlreadyDecided."""
    if standing != supersedes:
        raise AlreadyDecided(
            "Somebody has recorded a decision about this family since you opened it."
            " Read theirs below. What you typed is still here."
        )


def check_can_be_corrected(outcome: str, *, meeting_ended: bool, offer_state: str | None, waits: Waits) -> None:
    """Refuse a correction when what followed from the decision has moved on; raises CannotBeCorrected.

    An offer may still be waiting for its answer, a place in a queue may not be on a closed agenda.
    """
    follows = OUTCOMES[outcome].follows
    why_not = None
    if outcome == CARRY_OVER and meeting_ended:
        why_not = "This family was carried over. The meeting that hears it decides."
    elif follows is Follows.OFFERED and offer_state != "offered":
        why_not = _OFFER_MOVED_ON[offer_state or "withdrawn"]
    elif follows is Follows.QUEUED:
        why_not = _WAITS_ELSEWHERE.get(waits)
    if why_not is not None:
        raise CannotBeCorrected(why_not)


def check_details(outcome: str, details: Mapping[str, object], *, actions: int) -> None:
    """Refuse a decision that lacks what only its other answers make necessary; raises Invalid."""
    if outcome == STEP_UP and details.get("consent_sought") is False and not details.get("why_not"):
        message = "Enter why consent was not sought"
        raise Invalid(message, {"why_not": [message]})
    if outcome == PLAN_ADVICE and actions == 0:
        message = "Enter at least one action for the plan"
        raise Invalid(message, {"actions": [message]})


def check_lead(outcome: str, details: Mapping[str, object], *, has_plan: bool) -> None:
    """Refuse advice for a plan of which nobody knows who leads it; raises Invalid."""
    if outcome == PLAN_ADVICE and not has_plan and not details.get("lead"):
        message = "Enter who leads the plan"
        raise Invalid(message, {"lead": [message]})


def check_dissent(text: str, by: Collection[UUID], *, seated: Collection[UUID]) -> None:
    """Refuse dissent without whose it is, or without what it is about; raises Invalid."""
    errors = {}
    if text and not by:
        errors["dissent_by"] = ["Select who disagreed"]
    if by and not text:
        errors["dissent"] = ["Enter what they disagreed with"]
    if set(by) - set(seated):
        errors["dissent_by"] = ["Select somebody with a seat at this panel"]
    if errors:
        raise Invalid("Dissent needs who disagreed, and with what.", errors)


def check_offer(agency_name: str, *, is_open: bool, not_with: Iterable[str]) -> None:
    """Refuse a service that is closed, or of an agency that the family excluded; raises Invalid."""
    message = ""
    if not is_open:
        message = "This service is closed to new families. Select another."
    elif is_excluded(agency_name, not_with):
        message = f"The family does not want {agency_name} to be told. Select another service."
    if message:
        raise Invalid(message, {"service_id": [message]})


def check_actions(owners: Sequence[str], not_with: Collection[str]) -> None:
    """Refuse an action that would tell an agency of a family that excluded it; raises Invalid."""
    errors = {
        number: {"agency_id": [f"The family does not want {name} to be told. Select another agency."]}
        for number, name in enumerate(owners)
        if is_excluded(name, not_with)
    }
    if errors:
        raise Invalid("An action cannot go to an agency that the family excluded.", {"actions": errors})


def comes_back_on(outcome: str, details: Mapping[str, object]) -> date | None:
    """Return the first day on which a family may be heard again, or None when the next meeting will do."""
    field = OUTCOMES[outcome].comes_back_on
    day = details.get(field) if field else None
    return day if isinstance(day, date) else None
