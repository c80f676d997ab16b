"""What each decision asks for: the same fields, checks and words for the page and for JSON."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from marshmallow import fields

from services.panel.rules.children import CHILD_OUTCOMES, ChildDecision
from services.panel.rules.decisions import (
    CARRIED_OVER_BECAUSE,
    CARRY_OVER,
    CLOSE,
    ENDED_BECAUSE,
    NOT_ACCEPTED_BECAUSE,
    WITHOUT_CONSENT,
)
from services.panel.rules.new_decision import NewAction, NewDecision, Urgent
from shared.authority import Authority
from shared.codes import code_set
from shared.web.fields import Choice, Choices, Day, Line, Words, YesNo


@dataclass(frozen=True)
class Options:
    """What can be chosen at this item: ids as text to labels; `people` by the name of their agency."""

    services: Mapping[str, str] = field(default_factory=dict)
    agencies: Mapping[str, str] = field(default_factory=dict)
    chairs: Mapping[str, str] = field(default_factory=dict)
    members: Mapping[str, str] = field(default_factory=dict)
    children: Mapping[str, str] = field(default_factory=dict)
    levels: Mapping[str, str] = field(default_factory=dict)
    people: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    @property
    def everybody(self) -> dict[str, str]:
        """Return the people of all agencies in one."""
        return {key: name for some in self.people.values() for key, name in some.items()}


def levels_of(authority: Authority, scheme: str, version: str) -> dict[str, str]:
    """Return the levels of a scheme, by their number as text; empty where the authority has no such scheme."""
    schemes = [one for one in authority.level_schemes if (one.scheme, one.version) == (scheme, version)]
    return {str(level.number): f"Level {level.number}: {level.label}" for one in schemes for level in one.levels}


def details_of(outcome: str, options: Options) -> dict[str, fields.Field[Any]]:
    """Return the fields that this outcome asks for; what was not met is asked of every family that was discussed."""
    own = (_for_services(options) | _for_coming_back() | _for_leaving())[outcome]
    if outcome in (CARRY_OVER, CLOSE):
        return own
    return own | {"unmet_needs": Choices("Needs that no service can meet now", code_set("need"))}


def _for_services(options: Options) -> dict[str, dict[str, fields.Field[Any]]]:
    return {
        "allocate": {
            "service_id": Choice("The service", options.services, required=True),
            "needs": Choices("The needs it is to meet", code_set("need"), fewest=1),
            "first_contact_by_on": Day("The date of the first contact with the family", future=True, required=True),
            "team": Line("The team"),
            "taken_by": Choice("Who takes the family on for the service", options.members),
        },
        "recommend": {
            "service": Line("The service", required=True),
            "referred_by": Line("Who makes the referral", required=True),
            "family_agreed": YesNo("Whether the family agreed", required=True),
        },
        "signpost": {
            "where": Line("Where the family is pointed to", required=True),
            "told_by": Line("Who tells the family", required=True),
        },
        "plan_advice": {
            "lead": Line("Who leads the plan"),
            "review_on": Day("The date of the next review", future=True, required=True),
        },
    }


def _for_coming_back() -> dict[str, dict[str, fields.Field[Any]]]:
    return {
        "more_information": {
            "what": Words("What is needed", required=True),
            "from_whom": Line("From whom", required=True),
            "by_on": Day("The date by which it is needed", future=True, required=True),
            "clock_paused": YesNo("Whether the wait is paused meanwhile", required=True),
            "told_by": Line("Who tells the family", required=True),
        },
        "consent_outstanding": {
            "whose": Line("Whose consent is outstanding", required=True),
            "attempts": Words("What has been tried", required=True),
            "deadline_on": Day("The deadline", future=True, required=True),
            "without": Choice("What happens without consent", WITHOUT_CONSENT, required=True),
        },
        "carry_over": {"reason": Choice("Why the family was not heard", CARRIED_OVER_BECAUSE, required=True)},
    }


def _for_leaving() -> dict[str, dict[str, fields.Field[Any]]]:
    return {
        "step_up": {
            "by_whom": Line("Who makes the referral to social care", required=True),
            "sent_on": Day("The date on which it is sent", required=True),
            "social_care_reference": Line("The reference at social care"),
            "consent_sought": YesNo("Whether consent was sought", required=True),
            "why_not": Words("Why consent was not sought"),
            "overridden_because": Words("Why it goes on although the family said no"),
        },
        "not_accepted": {
            "reason": Choice("The reason", NOT_ACCEPTED_BECAUSE, required=True),
            "feedback": Words("What the referrer is told", required=True),
        },
        "close": {"reason": Choice("Why the request ended", ENDED_BECAUSE, required=True)},
    }


def always(options: Options) -> dict[str, fields.Field[Any]]:
    """Return the fields that every decision asks for, after its own."""
    return {
        "reasons": Words("The reasons", required=True),
        "dissent": Words("Dissent"),
        "dissent_by": Choices("Who disagreed", options.members),
        "agreed_outside": Words("What was agreed outside the meeting"),
        "chaired_by": Choice("Who chaired this item", options.chairs),
        "supersedes": Line("The decision that this one corrects"),
    }


def urgent_fields() -> dict[str, fields.Field[Any]]:
    """Return the fields that a decision between meetings has besides."""
    return {
        "urgent_because": Words("Why it cannot wait for the meeting", required=True),
        "consulted": Line("Whom you consulted", required=True, longest=500),
    }


def urgent_of(values: Mapping[str, Any]) -> Urgent:
    """Return what checked values say of a decision between meetings."""
    return Urgent(values["urgent_because"], values["consulted"])


def of_child(options: Options) -> dict[str, fields.Field[Any]]:
    """Return the fields that say what differs for one child."""
    return {
        "outcome": Choice("What is decided for this child", CHILD_OUTCOMES),
        "service_id": Choice("The service for this child", options.services),
        "level": Choice("The level of need of this child", options.levels),
        "note": Words("Why it is different for this child", longest=2000),
    }


def child_decision(ref: str, values: Mapping[str, Any]) -> ChildDecision:
    """Return what checked values say of one child."""
    return ChildDecision(
        child_ref=ref,
        outcome=values["outcome"],
        service_id=_id(values["service_id"]),
        level_number=int(values["level"]) if values["level"] else None,
        note=values["note"],
    )


def new_decision(
    outcome: str,
    values: Mapping[str, Any],
    options: Options,
    *,
    actions: tuple[NewAction, ...] = (),
    children: tuple[ChildDecision, ...] = (),
) -> NewDecision:
    """Return the decision that checked values describe."""
    details = {name: values[name] for name in details_of(outcome, options) if name in values}
    if "service_id" in details:
        details["service_id"] = UUID(details["service_id"])
    return NewDecision(
        outcome=outcome,
        reasons=values["reasons"],
        details=details,
        dissent=values["dissent"],
        dissent_by=tuple(UUID(person) for person in values["dissent_by"]),
        agreed_outside=values["agreed_outside"],
        actions=actions,
        children=children,
        chaired_by=_id(values["chaired_by"]),
        supersedes=_id(values["supersedes"]),
    )


def _id(text: str) -> UUID | None:
    try:
        return UUID(text) if text else None
    except ValueError:
        return None
