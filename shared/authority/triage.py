"""How the front door decides in this authority: how long it has, when it is open, and why it may take nothing further."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import time

from shared.london import time_in_words

TRIAGE_COUNTS = {"working_days": "working day", "working_hours": "working hour"}
"""In what the time for a decision is counted, with the word for one of it."""

_HOURS_IN_A_DAY = 24


@dataclass(frozen=True)
class Reason:
    """A reason for taking nothing further, as whoever asked reads it."""

    code: str
    label: str


@dataclass(frozen=True)
class TriageRules:
    """How long the front door has.

    A decision is due `within` so many working days or hours, by `counts`; working hours lie between `opens` and
    `closes`, London times of a working day. It is soon due when `amber_hours` working hours are left. `pauses` says
    whether time stands still while an answer is outstanding; of that the referrer is reminded so many working days
    before the answer is due.
    """

    within: int
    counts: str
    opens: time
    closes: time
    amber_hours: int
    pauses: bool
    remind_working_days_before: int
    no_further_action: tuple[Reason, ...]

    @property
    def why_no_further_action(self) -> dict[str, str]:
        """Return the reasons for taking nothing further, by code."""
        return {reason.code: reason.label for reason in self.no_further_action}


def wrong_in_triage(rules: TriageRules) -> Iterator[str]:
    """Yield what is wrong in the rules beyond their types."""
    if rules.counts not in TRIAGE_COUNTS:
        yield f"triage: counts is {' or '.join(TRIAGE_COUNTS)}, not {rules.counts!r}"
    for name in ("within", "remind_working_days_before"):
        if getattr(rules, name) < 1:
            yield f"triage: {name} must be at least 1, not {getattr(rules, name)}"
    if rules.closes <= rules.opens:
        yield f"triage: closes ({rules.closes:%H:%M}) must be after opens ({rules.opens:%H:%M})"
    if not 0 <= rules.amber_hours < _HOURS_IN_A_DAY:
        yield f"triage: amber_hours must be from 0 to 23, not {rules.amber_hours}"
    codes = [reason.code for reason in rules.no_further_action]
    if not codes:
        yield "triage: there is no reason for no further action"
    if len(set(codes)) != len(codes):
        yield "triage: a reason for no further action stands there twice"


def triage_in_words(rules: TriageRules) -> dict[str, str]:
    """Return the rules in words, each by its name."""
    return {
        "Decision": _counted(rules.within, TRIAGE_COUNTS[rules.counts]),
        "Open": f"{time_in_words(rules.opens)} to {time_in_words(rules.closes)} on working days",
        "Soon due": f"{_counted(rules.amber_hours, 'working hour')} before",
        "While an answer is outstanding": "Time stands still" if rules.pauses else "Time goes on",
        "Reminder of an answer": f"{_counted(rules.remind_working_days_before, 'working day')} before it is due",
        "Reasons for no further action": "; ".join(reason.label for reason in rules.no_further_action),
    }


def _counted(count: int, one: str) -> str:
    return f"{count} {one if count == 1 else one + 's'}"
