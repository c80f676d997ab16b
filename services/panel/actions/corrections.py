"""Undo what followed from a decision that another one supersedes; the decision itself stays on record."""

from datetime import datetime

from sqlalchemy.orm import Session

from services.panel.actions.allocations import withdraw_offer
from services.panel.actions.letters import withdraw_letters
from services.panel.actions.queue import leave_queue
from services.panel.queries import queue as queue_reads
from services.panel.queries.allocations import offer_of_decision
from services.panel.rules.decisions import OUTCOMES, Follows, Waits, check_can_be_corrected
from services.panel.tables import AgendaItemRow, DecisionRow


def undo(session: Session, item: AgendaItemRow, standing: DecisionRow, *, meeting_ended: bool, now: datetime) -> None:
    """Withdraw the offer, or take the family out of the queue, that followed; raises CannotBeCorrected."""
    withdraw_letters(session, standing.id)
    offer = offer_of_decision(session, standing.id)
    check_can_be_corrected(
        standing.outcome,
        meeting_ended=meeting_ended,
        offer_state=offer.state if offer else None,
        waits=_waits(session, item),
    )
    follows = OUTCOMES[standing.outcome].follows
    if follows is Follows.OFFERED:
        withdraw_offer(session, item.request_id, because="corrected", now=now)
    elif follows is Follows.QUEUED:
        leave_queue(session, item.request_id, because="corrected", now=now)
    session.flush()


def _waits(session: Session, item: AgendaItemRow) -> Waits:
    """Return where the family waits that this item put off; a wait that a later item began is not this one's to end."""
    entry = queue_reads.open_entry(session, item.request_id)
    if entry is None or queue_reads.is_heard_after(session, item):
        return Waits.NO_LONGER
    place = queue_reads.placed_item(session, entry.id)
    can_leave = place is None or place.meeting.state == "planned"
    return Waits.WHERE_IT_CAN_LEAVE if can_leave else Waits.ON_CLOSED_AGENDA
