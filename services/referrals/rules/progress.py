"""What happened to a request, in the words of the front door."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from services.referrals.rules.choices import CONSENTS
from services.referrals.rules.consent_choices import SHOWN, WHAT_FOR
from services.referrals.rules.stages import OUTCOMES

_WORDS = {
    "received": "Received",
    "information_given": "What was asked for was answered",
    "not_answered": "No answer came. Back to triage",
    "unplaced": "Its meeting does not hear it. Waiting for another",
    "offered": "Offered to a service",
    "accepted": "A service took the family on",
    "declined": "The service declined",
    "offer_withdrawn": "Taken back from the service, which had not answered",
    "plan_closed": "The plan was closed",
    "joined_plan": "Given to whoever leads the plan",
    "plan_found_closed": "Back to triage: the plan had closed meanwhile",
    "lead_changed": "Somebody else leads the plan now",
    "family_joined": "Joined to a family that we know",
    "consent_withdrawn": "Everything stopped: consent is not given any more. Back to triage",
    "taken_on": "Taken on",
    "handed_back": "Handed back to whoever is free",
    "override_ended": "The override of consent ended",
    "agency_agreed_to": "The family agreed to the service that took it on",
    "amended": "More was said about it",
    "record_corrected": "The record was corrected",
    "file_added": "A file was added",
    "file_destroyed": "A virus was found in a file, which was destroyed",
    "withdrawn_by_sender": "Withdrawn by whoever sent it",
    "wants_to_stop": "Whoever sent it asks that it stops",
    "family_left": "Taken out of the family that it had joined",
    "family_merged": "Its family and another were said to be one",
    "family_merge_undone": "Its family and another were said not to be one after all",
    "family_told_apart": "Said not to be about a family that it looks like",
}
_DECIDED_AT_MEETING = {
    "allocate": "allocated to a service",
    "recommend": "recommended a service",
    "signpost": "signposted",
    "plan_advice": "advice for the plan there is",
    "more_information": "more information is needed",
    "consent_outstanding": "consent is outstanding",
    "step_up": "stepped up to social care",
    "not_accepted": "not accepted",
    "carry_over": "carried over",
    "close": "closed before it was heard",
}
_AT_FRONT_DOOR = frozenset(
    {
        "consent_answered",
        "consent_overridden",
        "override_ended",
        "family_joined",
        "family_left",
        "family_merge_undone",
        "family_merged",
        "family_told_apart",
        "information_given",
        "amended",
        "file_added",
        "record_corrected",
        "withdrawn_by_sender",
        "wants_to_stop",
        "not_answered",
        "plan_found_closed",
        "sent_back",
    }
)
_SENT_BACK_BECAUSE = {
    "not_for_a_panel": "it does not need a panel",
    "another_panel": "another panel should hear it",
    "more_needed": "more has to be known first",
    "asked_twice": "the same was asked twice",
    "moved_away": "the family has moved away",
}


def words_of(code: str, details: Mapping[str, Any]) -> str:
    """Return a step as the front door reads it."""
    by = f", by {details['by_name']}" if details.get("by_name") else ""
    if code.startswith("triaged_"):
        return f"Front door: {OUTCOMES[code.removeprefix('triaged_')]}"
    if code == "placed":
        held_on = date.fromisoformat(details["held_on"])
        return f"On the agenda of {held_on:%A} {held_on.day} {held_on:%B %Y}"
    if code == "decided":
        return f"The meeting decided: {_DECIDED_AT_MEETING.get(details['outcome'], details['outcome'])}"
    if code == "consent_answered":
        answer = details.get("answer") or ("given" if details["given"] else "refused")
        question = CONSENTS[details["kind"]]
        return f"Consent {question[0].lower()}{question[1:]}: {SHOWN[answer].lower()}{by}"
    if code == "sent_back":
        return f"Sent back by the panel: {_SENT_BACK_BECAUSE.get(details['because'], details['because'])}"
    if code == "taken_over":
        return f"Taken over from {details['from_name']}{by}: {details['reason']}"
    if code == "consent_overridden":
        ways = "; ".join(WHAT_FOR[way].lower() for way in details["what_for"])
        return f"Consent overridden for a child's safety, to {ways}{by}"
    return _WORDS.get(code, code.replace("_", " ").capitalize()) + by


def is_change(code: str) -> bool:
    """Say whether a step made a new version of its request: one at the front door, not one of the panel's."""
    return code in _AT_FRONT_DOOR or code.startswith("triaged_")


def is_back_from_plan(stage: str, codes: Iterable[str]) -> bool:
    """Say whether a request waits for triage because the plan to which it was added had closed."""
    return stage == "received" and "plan_found_closed" in codes
