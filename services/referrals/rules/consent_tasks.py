"""What has to happen when consent is missing, only spoken, or overridden: said plainly on the request."""

from collections.abc import Sequence
from datetime import date

from services.referrals.rules.stages import AT_FRONT_DOOR
from shared.agencies import is_excluded

_IN_A_QUEUE = frozenset({"at_panel", "placed"})
_WITH_AN_AGENCY = frozenset({"with_service", "offered"})
_WITH_WHO_LEADS = frozenset({"accepted", "added_to_plan"})
_ON_ITS_WAY = _IN_A_QUEUE | _WITH_AN_AGENCY | _WITH_WHO_LEADS
_NEVER_NEEDED = "Safeguarding does not need consent."


def consent_tasks(stage: str, why_not: Sequence[str], *, is_overridden: bool = False) -> list[str]:
    """Return what the front door has to do about consent that is not given; empty when nothing."""
    if not why_not:
        return []
    reasons = " ".join(why_not)
    if stage in AT_FRONT_DOOR:
        goes = "" if is_overridden else " It cannot go to a panel, a service or a plan."
        return [f"Consent is not given. {reasons}{goes} {_NEVER_NEEDED}"]
    if stage not in _ON_ITS_WAY or is_overridden:
        return []
    if stage in _IN_A_QUEUE:
        task = "Take it off the agenda now: decide again and withdraw it, or ring the family first if you are not sure."
    elif stage in _WITH_AN_AGENCY:
        task = "Stop the offer now: decide again and withdraw the request."
    else:
        task = "Ring who leads the plan today: help goes on only if the family agrees to it anew."
    return [f"Consent is not given any more. {reasons} Nobody else may be told of it. {task} {_NEVER_NEEDED}"]


def confirm_task(*, is_given: bool, is_in_writing: bool, due_on: date | None, today: date) -> list[str]:
    """Return what is to be done about an agreement that is only spoken; empty when nothing."""
    if not is_given or is_in_writing or due_on is None:
        return []
    when = f"It {'was' if due_on < today else 'is'} due by {due_on:%A} {due_on.day} {due_on:%B %Y}."
    return [f"The family has agreed by word of mouth only. Have it signed, and record that here. {when}"]


def other_requests_task(references: Sequence[str]) -> list[str]:
    """Return what is to be done about other requests of a family that said no on one of them; empty when none goes on."""
    if not references:
        return []
    return [
        f"The family said no here, and other requests of it go on: {', '.join(references)}. Record the answer there too,"
        " or ring the family if you are not sure that it is about all of them."
    ]


def left_out_task(leading: Sequence[str], not_with: Sequence[str]) -> list[str]:
    """Return what is to be done about agencies that lead a plan and that the family leaves out; empty when nothing."""
    return [
        f"The family does not want {agency} to know any more, and {agency} leads its plan. Its paper is closed to them."
        " Ring the family today about who should help, and the agency's manager about ending the plan."
        for agency in leading
        if is_excluded(agency, not_with)
    ]
