"""What happened to a request while somebody had it open: shown to them beside what they typed."""

from dataclasses import dataclass
from datetime import datetime

from services.referrals.rules.progress import is_change, words_of
from services.referrals.tables import ProgressRow, RequestRow


@dataclass(frozen=True)
class Meanwhile:
    """Something that somebody else did; `by` and `reason` are empty where there are none."""

    text: str
    by: str
    at: datetime
    reason: str


def meanwhile(row: RequestRow, seen_version: int) -> list[Meanwhile]:
    """Return what was done since a version of the request, oldest first; what a panel did last when it was that."""
    changes = [step for step in row.progress if is_change(step.code)]
    count = row.version - seen_version
    since = changes[-count:] if count > 0 else row.progress[-1:]
    return [_meanwhile(row, step) for step in since]


def _meanwhile(row: RequestRow, step: ProgressRow) -> Meanwhile:
    decisions = {str(decision.id): decision for decision in row.decisions}
    decision = decisions.get(step.details.get("decision_id", ""))
    text = words_of(step.code, step.details)
    if decision is None:
        return Meanwhile(text, "", step.at, "")
    return Meanwhile(text, decision.decided_by_name, step.at, decision.reason)
