"""Where a request stands, derived from the last decision at the front door and from what happened after it."""

from collections.abc import Iterable

STAGES = {
    "received": "To triage",
    "information_asked": "More information asked for",
    "consent_asked": "Consent asked for",
    "at_panel": "Waiting for a panel",
    "placed": "On an agenda",
    "with_service": "Sent to a service",
    "offered": "Offered to a service",
    "accepted": "Being helped",
    "decided": "Decided at a meeting",
    "signposted": "Signposted",
    "no_further_action": "No further action",
    "safeguarding": "Sent to social care",
    "added_to_plan": "Added to an open plan",
    "withdrawn": "Withdrawn",
    "closed": "Closed",
}
"""Every stage with its name for the front door."""

STAGES_FOR_REFERRER = {
    "received": "Received",
    "information_asked": "We asked you for more",
    "consent_asked": "We asked you for the family's agreement",
    "at_panel": "Going to a meeting",
    "placed": "Going to a meeting",
    "with_service": "A service was asked",
    "offered": "A service was asked",
    "accepted": "A worker is named",
    "decided": "A meeting decided",
    "signposted": "Pointed to other help",
    "no_further_action": "Finished",
    "safeguarding": "With another team",
    "added_to_plan": "With the worker of the family",
    "withdrawn": "Withdrawn",
    "closed": "Closed",
}
"""Every stage as the referrer is told."""

FIRST_STAGE = "received"
"""The stage, and the first step, of a request that has just come."""

WAITING_FOR_ANSWER = frozenset({"information_asked", "consent_asked"})
"""Stages in which an answer is outstanding."""

AT_FRONT_DOOR = frozenset({FIRST_STAGE}) | WAITING_FOR_ANSWER
"""Stages in which the front door is to do something."""

ON_ITS_WAY = frozenset({"at_panel", "placed", "with_service", "offered", "accepted", "added_to_plan"})
"""Stages in which others than the front door know of a request, or work with the family."""

OUTCOMES = {
    "panel": "Send to a panel",
    "service": "Send straight to one service",
    "signpost": "Signpost",
    "more_information": "Ask for more information",
    "ask_consent": "Ask for consent",
    "safeguarding": "Safeguarding now: send to social care",
    "add_to_plan": "Add to the plan that is open",
    "no_further_action": "No further action",
    "withdraw": "Withdraw",
}
"""What triage may decide."""

_STAGE_AFTER_TRIAGE = {
    "panel": "at_panel",
    "service": "with_service",
    "signpost": "signposted",
    "more_information": "information_asked",
    "ask_consent": "consent_asked",
    "no_further_action": "no_further_action",
    "safeguarding": "safeguarding",
    "add_to_plan": "added_to_plan",
    "withdraw": "withdrawn",
}
_BACK_IN_THE_QUEUE = frozenset({"carry_over", "more_information", "consent_outstanding"})
_SENT_ON = frozenset({"panel", "service"})
_PANEL_KEEPS_IT = frozenset({"consent_changed", "corrected"})
_BRINGS_BACK = {
    "panel": {"sent_back"},
    "service": {"sent_back"},
    "more_information": {"information_given", "not_answered"},
    "ask_consent": {"information_given", "consent_answered", "not_answered"},
    "add_to_plan": {"plan_found_closed"},
}
"""By decision the steps after which triage decides anew."""


def stage_of(outcome: str | None, later: Iterable[tuple[str, str]]) -> str:
    """Return the stage of a request.

    `outcome` is that of the decision that stands (None before triage), `later` the steps `(code, outcome of a
    meeting or "")` since that decision, in order. What a panel did counts only for a request that was sent on:
    a late message never brings back a request that left every queue.
    """
    since = list(later)
    codes = {code for code, _ in since}
    if "withdrawn_by_sender" in codes:
        return "withdrawn"
    if outcome is None or codes & _BRINGS_BACK.get(outcome, set()) or "consent_withdrawn" in codes:
        return "received"
    stage = _STAGE_AFTER_TRIAGE[outcome]
    if outcome not in _SENT_ON:
        return stage
    for code, meeting_outcome in since:
        stage = _stage_after(stage, code, meeting_outcome)
    return stage


def panel_keeps_request(because: str) -> bool:
    """Say whether a request is still the panel's after an offer was taken back, by the code that says why."""
    return because in _PANEL_KEEPS_IT


def _stage_after(stage: str, code: str, meeting_outcome: str) -> str:
    if code == "unplaced":
        return "at_panel" if stage == "placed" else stage
    if code == "decided":
        if meeting_outcome in _BACK_IN_THE_QUEUE:
            return "at_panel"
        return "offered" if meeting_outcome == "allocate" else "decided"
    return {
        "placed": "placed",
        "offered": "offered",
        "accepted": "accepted",
        "declined": "at_panel",
        "offer_withdrawn": "at_panel",
        "plan_closed": "closed",
    }.get(code, stage)


_BEFORE_ALLOCATION = frozenset(OUTCOMES)
_LEAVING = frozenset({"safeguarding", "withdraw"})
_MAY_DECIDE = {
    "with_service": _LEAVING,
    "offered": _LEAVING,
    "accepted": frozenset[str](),
    "decided": frozenset[str](),
    "closed": frozenset[str](),
}


def outcomes_allowed(stage: str) -> frozenset[str]:
    """Return what triage may still decide: anything before an allocation, only to stop while one is merely offered."""
    return _MAY_DECIDE.get(stage, _BEFORE_ALLOCATION)
