"""When a plan is reviewed, and what a review can end with. London dates throughout."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta

from shared.authority import Reviews
from shared.errors import Invalid
from shared.working_days import next_working_day, previous_working_day

PROGRESS = {"better": "Things are better", "same": "Things are the same", "worse": "Things are worse"}

REVIEW_OUTCOMES = {
    "continue": "The plan goes on",
    "step_down": "Step down to universal services: the plan ends",
    "step_up_asked": "Step up: social care has been asked, the plan goes on until it accepts",
    "step_up_accepted": "Step up: social care has accepted, the plan ends",
    "close": "The plan ends for another reason",
}
CLOSED_BECAUSE = {
    "needs_met": "The needs are met",
    "family_disengaged": "The family no longer takes part",
    "moved_away": "The family moved to another area",
    "moved_to_social_care": "Social care has taken over",
    "other": "Another reason",
    "withdrawn": "The request was withdrawn",
    "safeguarding": "The front door has sent the request to social care",
    "taken_back": "The front door decides about the request again",
}
REASONS_TO_CHOOSE = {code: CLOSED_BECAUSE[code] for code in ("needs_met", "family_disengaged", "moved_away", "other")}
"""What a person may choose. A plan moves to social care by the outcome that says that it accepted, and the last
three come about when the front door lets go of a request while an agency takes it on."""

_ENDS_BY_ITSELF = {"step_down": "needs_met", "step_up_accepted": "moved_to_social_care"}


@dataclass(frozen=True)
class Due:
    """The day by which a review is held, and the policy that says so."""

    on: date
    policy: str


def first_review(opened_on: date, *, kind: str, reviews: Reviews, closures: Collection[date] = ()) -> Due:
    """Return when the first review of a plan is due; `kind` is request or step_down."""
    weeks = reviews.after_step_down_weeks if kind == "step_down" else reviews.first_weeks
    return _due(opened_on, weeks, reviews, closures)


def later_review(held_on: date, *, reviews: Reviews, closures: Collection[date] = ()) -> Due:
    """Return when the review after one held on `held_on` is due."""
    return _due(held_on, reviews.later_weeks, reviews, closures)


def closes_because(outcome: str, reason: str) -> str | None:
    """Return why a review ends the plan, or None when the plan goes on; raises Invalid without a needed reason.

    A plan is moved to social care only when social care accepted, never when it was merely asked.
    """
    if outcome != "close":
        return _ENDS_BY_ITSELF.get(outcome)
    if reason not in REASONS_TO_CHOOSE:
        message = "Select why the plan ends."
        raise Invalid(message, {"reason": [message]})
    return reason


def check_held_on(held_on: date, *, today: date, opened_on: date, last_held_on: date | None) -> None:
    """Refuse a review of the future, of a time before the plan, or before the last review; raises Invalid."""
    message = ""
    if held_on > today:
        message = "The date of the review must be today or in the past."
    elif held_on < opened_on:
        message = "The date of the review must not be before the plan was opened."
    elif last_held_on is not None and held_on < last_held_on:
        message = "The date of the review must not be before the last review."
    if message:
        raise Invalid(message, {"held_on": [message]})


TAKEN_AWAY = ("withdrawn", "safeguarding", "taken_back")
"""Why a plan ends whose request the front door let go: the agency no longer has the family."""


def closes_after_letting_go(because: str) -> str:
    """Return why a plan ends whose request the front door let go for a reason."""
    return because if because in TAKEN_AWAY else "taken_back"


def policy_in_words(policy: str) -> str:
    """Return `Review policy of 2024` for the key of a policy; one without a year as it is written."""
    year = policy.rpartition(" ")[2]
    return f"Review policy of {year}" if year.isdigit() else policy


def is_soon(due_on: date, today: date, days_before: int) -> bool:
    """Say whether a review comes up within the authority's reminder time."""
    return today <= due_on <= today + timedelta(days=days_before)


def is_overdue(due_on: date, today: date) -> bool:
    """Say whether a review that has not been held should have been."""
    return due_on < today


def _due(start: date, weeks: int, reviews: Reviews, closures: Collection[date]) -> Due:
    """Return the working day that ends the interval; a closure longer than it moves the review to after it."""
    day = previous_working_day(start + timedelta(weeks=min(weeks, reviews.never_over_weeks)), closures)
    if day <= start:
        day = next_working_day(start + timedelta(days=1), closures)
    return Due(day, reviews.policy)
