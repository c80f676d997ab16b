"""How a decision reads: its details put into titled lines, for a page, the minutes and a PDF alike."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from services.panel.rules.decisions import CARRIED_OVER_BECAUSE, NOT_ACCEPTED_BECAUSE, OUTCOMES
from shared.codes import code_set

_TITLES = {
    "needs": "Needs",
    "first_contact_by_on": "First contact by",
    "service": "Service",
    "referred_by": "Who makes the referral",
    "family_agreed": "The family agreed",
    "where": "Where the family is pointed to",
    "told_by": "Who tells the family",
    "lead": "Who leads the plan",
    "review_on": "To be reviewed on",
    "what": "What is needed",
    "from_whom": "From whom",
    "by_on": "By",
    "whose": "Whose consent",
    "deadline_on": "To be had by",
    "by_whom": "Who steps up",
    "sent_on": "Sent on",
    "social_care_reference": "Reference at social care",
    "consent_sought": "Consent was sought",
    "why_not": "Why it was not sought",
    "reason": "Why",
    "feedback": "Told to the referrer",
}


def outcome_label(code: str) -> str:
    """Return what a decision is called."""
    return OUTCOMES[code].label if code in OUTCOMES else code


def decision_in_lines(outcome: str, details: Mapping[str, Any], service: str = "") -> list[tuple[str, str]]:
    """Return the details of a decision as titled lines; `service` names what a family was allocated to."""
    lines = [("Service", service)] if service else []
    lines += [(title, _value(outcome, name, details[name])) for name, title in _TITLES.items() if name in details]
    return lines


def day_in_words(day: date) -> str:
    """Return `5 November 2026`."""
    return f"{day.day} {day:%B %Y}"


def _value(outcome: str, name: str, value: Any) -> str:
    if name == "needs":
        labels = code_set("need")
        return ", ".join(labels.get(code, code) for code in value)
    if name == "reason":
        reasons = NOT_ACCEPTED_BECAUSE if outcome == "not_accepted" else CARRIED_OVER_BECAUSE
        return reasons.get(str(value), str(value))
    if name.endswith("_on"):
        return day_in_words(date.fromisoformat(str(value)))
    return {True: "Yes", False: "No"}[value] if isinstance(value, bool) else str(value)
