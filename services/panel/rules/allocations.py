"""How an offer to an agency is answered, and where a family goes that was declined."""

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from services.panel.rules.waiting import QUANTILES, waited
from shared.authority import Authority
from shared.errors import Conflict
from shared.working_days import working_days_after, working_days_between

DECLINED_BECAUSE = {
    "cannot_meet_need": "We cannot meet the need",
    "family_declined": "The family does not want our service",
    "capacity": "We have no room",
    "moved_away": "The family has moved away",
    "duplicate": "We work with the family already",
    "other": "Another reason",
}
STATES = {
    "offered": "Waiting for an answer",
    "accepted": "Accepted",
    "declined": "Declined",
    "withdrawn": "Withdrawn",
}
"""The states of an allocation; only the first is open."""

ACCEPTANCES_COUNTED = 20
"""How many of a service's last acceptances say how long it takes to accept; older ones say little of it now."""
_FEWEST_ACCEPTANCES = 3

WITH_PAPER = ("offered", "accepted")
"""The states in which the agency sees the family's paper."""

_WHY_NOT = {
    "accepted": "Somebody at your agency has accepted this family already.",
    "declined": "Somebody at your agency has declined this family already.",
    "withdrawn": "This offer has been withdrawn. There is nothing to answer any more.",
}


class AlreadyAnswered(Conflict):
    """An offer was answered, or withdrawn, before this answer came."""


@dataclass(frozen=True)
class PanelChoice:
    """A panel of the authority, as the choice of where a family is heard again needs it."""

    key: str
    kind: str
    locality: str


def panel_choices(authority: Authority) -> list[PanelChoice]:
    """Return the authority's panels in the order of its profile."""
    return [PanelChoice(panel.key, panel.kind, panel.locality) for panel in authority.panels]


def check_unanswered(state: str) -> None:
    """Refuse a second answer to an offer; raises AlreadyAnswered."""
    if state != "offered":
        raise AlreadyAnswered(_WHY_NOT[state])


def answer_due_on(offered_on: date, working_days: int, closures: Collection[date] = ()) -> date:
    """Return the London date by which an agency answers an offer; the day of the offer does not count."""
    return working_days_after(offered_on, working_days, closures)


def median_days_to_accept(accepted: Sequence[tuple[date, date]]) -> int | None:
    """Return within how many working days half of these offers were accepted, or None for fewer than three.

    Each is the London dates of offer and acceptance. The day of the offer does not count.
    """
    if len(accepted) < _FEWEST_ACCEPTANCES:
        return None
    return waited(Counter(working_days_between(*days) for days in accepted), QUANTILES["median"])


def days_left(due_on: date, today: date) -> int:
    """Return the days until an answer is due, below nought once it is late."""
    return (due_on - today).days


def panel_to_return_to(panels: Sequence[PanelChoice], *, kind: str, locality: str) -> str:
    """Return the key of the panel that hears a family whom no panel had sent to the agency.

    A step-down goes to a step-down meeting, any other request to an allocation panel, where the
    authority has one; among several, to the one of the family's locality, else the profile's first.
    """
    wanted = "step_down" if kind == "step_down" else "allocation"
    fitting = [panel for panel in panels if panel.kind == wanted] or list(panels)
    return next((panel.key for panel in fitting if panel.locality == locality), fitting[0].key)
