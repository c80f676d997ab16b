"""What follows a decision by itself: its letters, and ratifying what was urgent."""

from datetime import datetime

from services.panel.actions import letters, urgent
from services.panel.queries import urgent as urgent_queries
from shared.neighbours import NeighbourAway, NeighbourRefused
from shared.service import Resources


def carry_ratifications(resources: Resources, now: datetime) -> None:
    """Put urgent decisions that their meeting did not ratify on the next agenda."""
    with resources.database.begin() as session:
        urgent.carry_ratifications(session, resources.authority, now)


def left_to_ratify(resources: Resources) -> datetime | None:
    """Return since when an urgent decision is left to ratify."""
    with resources.database.read() as session:
        return urgent_queries.left_since(session)


def make_letters(resources: Resources) -> bool:
    """Make the letters of one decision that is due to have them; say whether there was one."""
    with resources.database.begin() as session:
        decision = letters.claim_wanted_letters(session)
        if decision is None:
            return False
        decision_id, request_id = decision.id, decision.request_id
    try:
        answer = resources.neighbours.get("referrals", f"/requests/{request_id}/letters")
    except (NeighbourAway, NeighbourRefused) as error:
        with resources.database.begin() as session:
            letters.note_failure(session, decision_id, str(error))
    else:
        with resources.database.begin() as session:
            letters.make_letters(session, decision_id, answer, now=resources.clock.now())
    return True
