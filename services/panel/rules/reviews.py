"""When a plan is reviewed, and what a review can end with. London dates throughout."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta

from dateutil.relativedelta import relativedelta

from shared.authority import REVIEW_CASES, ReviewCase, Reviews
from shared.authority.in_words import review_case_in_words
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
    "consent_withdrawn": "The family does not agree any more",
}
REASONS_TO_CHOOSE = {code: CLOSED_BECAUSE[code] for code in ("needs_met", "family_disengaged", "moved_away", "other")}
"""What a person may choose. A plan moves to social care by the outcome that says that it accepted, and the last
four come about when the front door lets go of a request while an agency takes it on."""

_ENDS_BY_ITSELF = {"step_down": "needs_met", "step_up_accepted": "moved_to_social_care"}


@dataclass(frozen=True)
class Due:
    """The day by which a review is held, and the policy that says so."""

    on: date
    policy: str


def case_of(kind: str) -> str:
    """Return the case of a plan of which nobody said more; `kind` is request or step_down."""
    return "step_down" if kind == "step_down" else "usual"


def cases_to_choose(kind: str, reviews: Reviews) -> dict[str, str]:
    """Return the cases that a plan may have, each with its interval in words; one alone is nothing to choose."""
    fitting = [reviews.of(case_of(kind)), *(one for one in reviews.cases if one.case not in ("usual", "step_down"))]
    return {one.case: f"{REVIEW_CASES[one.case]}: {_lower(review_case_in_words(one))}" for one in fitting}


def check_case(case: str, *, kind: str, reviews: Reviews) -> str:
    """Return the case that a plan has, that of its kind where none was chosen; raises Invalid for one it cannot have."""
    if case and case not in cases_to_choose(kind, reviews):
        message = "Select how often the plan is reviewed"
        raise Invalid(message, {"review_case": [message]})
    return case or case_of(kind)


def first_review(opened_on: date, *, case: str, reviews: Reviews, closures: Collection[date] = ()) -> Due:
    """Return when the first review of a plan is due."""
    interval = reviews.of(case)
    return _due(opened_on, interval.first, interval, reviews, closures)


def later_review(held_on: date, *, case: str, reviews: Reviews, closures: Collection[date] = ()) -> Due:
    """Return when the review after one held on `held_on` is due."""
    interval = reviews.of(case)
    return _due(held_on, interval.later, interval, reviews, closures)


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


TAKEN_AWAY = ("withdrawn", "safeguarding", "taken_back", "consent_withdrawn")
"""Why a plan ends whose request the front door let go: the agency no longer has the family."""


def closes_after_letting_go(because: str) -> str:
    """Return why a plan ends whose request the front door let go for a reason."""
    return because if because in TAKEN_AWAY else "taken_back"


def policy_in_words(policy: str) -> str:
    """Return `Review policy of 2024, after a step-down` for the key of a policy; one without a year as it is written."""
    named, _, case = policy.partition("/")
    year = named.rpartition(" ")[2]
    words = f"Review policy of {year}" if year.isdigit() else named
    return f"{words}, {_lower(REVIEW_CASES[case])}" if case in REVIEW_CASES else words


def is_soon(due_on: date, today: date, days_before: int) -> bool:
    """Say whether a review comes up within the authority's reminder time."""
    return today <= due_on <= today + timedelta(days=days_before)


def is_overdue(due_on: date, today: date) -> bool:
    """Say whether a review that has not been held should have been."""
    return due_on < today


def _due(start: date, count: int, interval: ReviewCase, reviews: Reviews, closures: Collection[date]) -> Due:
    """Return the working day that ends the interval; a closure longer than it moves the review to after it."""
    day = previous_working_day(start + _span(min(count, interval.never_over), interval.unit), closures)
    if day <= start:
        day = next_working_day(start + timedelta(days=1), closures)
    return Due(day, reviews.policy if interval.case == "usual" else f"{reviews.policy}/{interval.case}")


def _span(count: int, unit: str) -> relativedelta:
    return relativedelta(months=count) if unit == "months" else relativedelta(weeks=count)


def _lower(words: str) -> str:
    return words[0].lower() + words[1:]
