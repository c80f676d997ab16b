"""What has to happen when a family does not agree, or no longer: said plainly on the request."""

from services.referrals.rules.stages import AT_FRONT_DOOR

_IN_A_QUEUE = frozenset({"at_panel", "placed"})
_WITH_AN_AGENCY = frozenset({"with_service", "offered"})
_WITH_WHO_LEADS = frozenset({"accepted", "added_to_plan"})
_NEVER_NEEDED = "Safeguarding does not need consent."


def consent_tasks(stage: str, *, may_ask: bool, may_share: bool) -> list[str]:
    """Return what the front door has to do about consent that is not given; empty when nothing."""
    if may_ask and may_share:
        return []
    refused = "to this request" if not may_ask else "that it is shared with those who may help"
    if stage in AT_FRONT_DOOR:
        return [f"The family has not agreed {refused}. It cannot go to a panel, a service or a plan. {_NEVER_NEEDED}"]
    if stage in _IN_A_QUEUE:
        task = "Take it off the agenda now: decide again and withdraw it, or ring the family first if you are not sure."
    elif stage in _WITH_AN_AGENCY:
        task = "Stop the offer now: decide again and withdraw the request."
    elif stage in _WITH_WHO_LEADS:
        task = "Ring who leads the plan today: help goes on only if the family agrees to it anew."
    else:
        return []
    return [f"The family no longer agrees {refused}. Nobody else may be told of it. {task} {_NEVER_NEEDED}"]
