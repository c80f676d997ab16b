"""What whoever sent a request may still do with it, stage by stage: add and correct, withdraw, or ask that it stops."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from services.referrals.rules.choices import FAMILY_SOURCES
from services.referrals.rules.stages import AT_FRONT_DOOR
from shared.errors import Conflict, Invalid

ABOUT = {
    "contact": "How to get in touch safely",
    "addresses": "Addresses",
    "children": "The children",
    "adults": "The adults, and who has parental responsibility",
    "professionals": "School, GP and others who know the family",
    "needs": "What help is needed",
    "story": "What is happening",
    "consent": "What the family agreed to",
    "other": "Something else",
}
"""What an amendment may be about."""

KINDS = {"added": "Something new", "corrected": "Something that was wrong"}
"""What an amendment may be; `withdrawn` and `wants_to_stop` are what else a sender may say."""

SHOWN = {
    "added": "Added",
    "corrected": "Corrected",
    "withdrawn": "Withdrawn",
    "wants_to_stop": "Asked to stop",
}
"""Every kind as pages show it."""

FRONT_DOOR_ALONE = frozenset({"contact", "addresses"})
"""What nobody but the front door reads: it may say where a family must not be found."""

REASONS = {
    "not_wanted": "The help is not wanted any more",
    "not_agreed": "Somebody in the family does not agree any more",
    "helped": "There is help already",
    "moved": "The family has moved away",
    "mistake": "It was sent by mistake, or twice",
    "other": "Another reason",
}
"""Why somebody withdraws, or asks that it stops."""

BY = {"referrer": "the referrer", "family": "the family", "front_door": "the front door"}
"""Who may amend or withdraw; the front door corrects what is on record."""

_ENDED = frozenset({"signposted", "no_further_action", "withdrawn", "closed"})
_WITH_A_WORKER = frozenset({"accepted", "added_to_plan"})
_STOPS_ONLY_BY_TELEPHONE = frozenset({"safeguarding"})


class Ended(Conflict):
    """The request has ended, or this cannot be done with it any more."""


@dataclass(frozen=True)
class Allowed:
    """What a sender may do: add and correct, withdraw at once, or ask those who help to stop."""

    amend: bool
    withdraw: bool
    ask_to_stop: bool


def allowed_at(stage: str) -> Allowed:
    """Return what whoever sent a request may do with it at a stage.

    Where a worker helps the family already nothing ends by itself: whoever holds the reference and a telephone might be
    the person from whom the family must be safe, so the worker asks the family. Social care is never stopped from here.
    """
    if stage in _ENDED:
        return Allowed(amend=False, withdraw=False, ask_to_stop=False)
    if stage in _STOPS_ONLY_BY_TELEPHONE:
        return Allowed(amend=True, withdraw=False, ask_to_stop=False)
    is_helped = stage in _WITH_A_WORKER
    return Allowed(amend=True, withdraw=not is_helped, ask_to_stop=is_helped)


def what_happens(stage: str) -> str:
    """Return what becomes of an amendment at a stage, as whoever sends it reads."""
    if stage in AT_FRONT_DOOR:
        return "The front door reads it before it decides."
    if stage in ("at_panel", "placed"):
        return "The front door reads it, and the meeting sees that something was added."
    if stage in ("with_service", "offered"):
        return "The front door reads it, and the service that was asked is told that there is more to read."
    if stage in _WITH_A_WORKER:
        return "The front door reads it, and the worker who helps the family is told that there is more to read."
    return "The front door reads it."


def who_sent(source: str, *, is_referrer: bool) -> str:
    """Return whether it is the referrer or the family that speaks; a family that asked for itself is the family."""
    return "referrer" if is_referrer and source not in FAMILY_SOURCES else "family"


def check_amendment(values: Mapping[str, Any]) -> None:
    """Raise Invalid where a correction does not say what was wrong, or words are missing."""
    faults = {}
    if not values.get("words"):
        faults["words"] = "Enter what is right, or what you want to add"
    if values.get("kind") == "corrected" and not values.get("was"):
        faults["was"] = "Enter what was wrong"
    if faults:
        raise Invalid("Some of the answers are not right.", faults)


def check_reason(values: Mapping[str, Any]) -> None:
    """Raise Invalid where the reason needs words and has none."""
    if values.get("reason") == "other" and not values.get("words"):
        raise Invalid("The reason is missing.", {"words": "Enter the reason in your words"})
