"""What the register answers to whom: the front door all, others what the authority's rule allows."""

from shared.authority import RegisterRule
from shared.identity import Person

PURPOSES = {
    "new_request": "I am about to ask for help for this family",
    "plan": "I work with this family and want to know who leads the plan",
    "safeguarding": "A child's safety",
    "subject_access": "The person asks what we hold about them",
}
"""Why somebody asks, with the words for it."""

_OF_FRONT_DOOR = frozenset({"safeguarding", "subject_access"})

MAY_ASK = ("front_door", "coordinator", "lead_practitioner", "social_worker", "referrer", "information_officer")
_SEES_ALL = ("front_door", "information_officer")


def scope(person: Person, *, has_consent: bool, rule: RegisterRule) -> str:
    """Return how much of an answer somebody gets: all, who_leads, whether_a_plan_is_open or nothing.

    Source of the rule that a spoken agreement is enough to be told whether a plan is open: Hertfordshire.
    """
    if person.has(*_SEES_ALL):
        return "all"
    return rule.with_consent if has_consent else rule.without_consent


def purposes_for(person: Person) -> dict[str, str]:
    """Return the purposes that somebody may name."""
    sees_all = person.has(*_SEES_ALL)
    return {code: words for code, words in PURPOSES.items() if sees_all or code not in _OF_FRONT_DOOR}
