"""How a decision reads: its details put into titled lines, for a page, the minutes and a PDF alike."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from services.panel.rules.allocations import DECLINED_BECAUSE
from services.panel.rules.children import ChildDecision
from services.panel.rules.decisions import (
    CARRIED_OVER_BECAUSE,
    ENDED_BECAUSE,
    NOT_ACCEPTED_BECAUSE,
    OUTCOMES,
    WITHOUT_CONSENT,
)
from services.panel.rules.recorded import COVERS
from services.panel.rules.reviews import CLOSED_BECAUSE
from shared.codes import code_set

Lines = list[tuple[str, str]]

_TITLES = {
    "service_id": "Service",
    "team": "Team",
    "taken_by": "Taken on at the meeting by",
    "lead_named_by_on": "Who leads is to be named by",
    "level": "Level of need",
    "needs": "Needs",
    "unmet_needs": "Needs that no service can meet now",
    "first_contact_by_on": "First contact by",
    "consent_covers": "Consent covers this agency",
    "previous_service_id": "Service before",
    "previous_because": "Why that ended",
    "days_held": "Days with that service",
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
    "attempts": "What has been tried",
    "deadline_on": "To be had by",
    "without": "If there is none by then",
    "clock_paused": "The wait is paused meanwhile",
    "returns_on": "Comes back to the panel of",
    "by_whom": "Who steps up",
    "sent_on": "Sent on",
    "social_care_reference": "Reference at social care",
    "consent_sought": "Consent was sought",
    "why_not": "Why it was not sought",
    "overridden_because": "Why it goes on without consent",
    "reason": "Why",
    "times_carried": "Times carried over",
    "feedback": "Told to the referrer",
}
_CODES: Mapping[str, Mapping[str, str]] = {
    "consent_covers": COVERS,
    "without": WITHOUT_CONSENT,
    "previous_because": CLOSED_BECAUSE | DECLINED_BECAUSE,
}
_REASONS = {"not_accepted": NOT_ACCEPTED_BECAUSE, "carry_over": CARRIED_OVER_BECAUSE, "close": ENDED_BECAUSE}


@dataclass(frozen=True)
class Names:
    """What the ids in a decision are called: services, people and agencies, by their id as text."""

    services: Mapping[str, str] = field(default_factory=dict)
    people: Mapping[str, str] = field(default_factory=dict)
    agencies: Mapping[str, str] = field(default_factory=dict)


def outcome_label(code: str) -> str:
    """Return what a decision is called."""
    return OUTCOMES[code].label if code in OUTCOMES else code


def decision_in_lines(outcome: str, details: Mapping[str, Any], names: Names = Names()) -> Lines:
    """Return the details of a decision as titled lines."""
    lines = [(title, _value(outcome, name, details[name], names)) for name, title in _TITLES.items() if name in details]
    return [(title, value) for title, value in lines if value]


def children_in_lines(
    children: Iterable[tuple[int, ChildDecision]], level: Mapping[str, Any] | None, names: Names
) -> Lines:
    """Return a line for each child for whom something differs; children are numbered as in the paper.

    `level` is the family's own, whose scheme a child's level is of.
    """
    return [(f"Child {place}", _of_child(child, level or {}, names)) for place, child in children]


def dissent_in_lines(by: Iterable[tuple[str, str]], names: Names) -> Lines:
    """Return the line that says who disagreed, from the ids of people and of their agencies."""
    who = [
        f"{names.people.get(person, person)} ({names.agencies[agency]})"
        if names.agencies.get(agency)
        else names.people.get(person, person)
        for person, agency in by
    ]
    return [("Disagreed", ", ".join(sorted(who)))] if who else []


def day_in_words(day: date) -> str:
    """Return `5 November 2026`."""
    return f"{day.day} {day:%B %Y}"


def _of_child(child: ChildDecision, level: Mapping[str, Any], names: Names) -> str:
    parts = [outcome_label(child.outcome)] if child.outcome else []
    if child.service_id is not None:
        parts.append(names.services.get(str(child.service_id), ""))
    if child.level_number is not None:
        parts.append(_level({**level, "number": child.level_number, "label": ""}))
    return ". ".join([part for part in parts if part] + [child.note])


def _value(outcome: str, name: str, value: Any, names: Names) -> str:
    if name in ("needs", "unmet_needs"):
        labels = code_set("need")
        return ", ".join(labels.get(code, code) for code in value)
    if name in ("service_id", "previous_service_id"):
        return names.services.get(str(value), "")
    if name == "taken_by":
        return names.people.get(str(value), "")
    if name == "level":
        return _level(value)
    codes = _REASONS.get(outcome, {}) if name == "reason" else _CODES.get(name)
    if codes is not None:
        return codes.get(str(value), str(value))
    if name.endswith("_on"):
        return day_in_words(date.fromisoformat(str(value)))
    return {True: "Yes", False: "No"}[value] if isinstance(value, bool) else str(value)


def _level(level: Mapping[str, Any]) -> str:
    number = f"Level {level.get('number')}"
    if level.get("label"):
        return f"{number}: {level['label']}"
    return f"{number} ({level.get('scheme', '')} {level.get('version', '')})" if level.get("scheme") else number
