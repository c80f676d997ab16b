"""Word to a referrer about a panel's decision: whoever has to see to it in time hears when it is done."""

from uuid import UUID

from sqlalchemy.orm import Session

from services.notifications.tables import NoticeRow
from shared.events.notifications import ReferrerTold
from shared.messaging.outbox import announce

ABOUT_DECISION = "decision_made"


def announce_told(session: Session, notice: NoticeRow, how: str) -> None:
    """Announce that the referrer knows of a decision; nothing where the notice is about something else."""
    if notice.template != ABOUT_DECISION or "decision_id" not in notice.data:
        return
    if notice.request_id and notice.family_id:
        decision_id = UUID(notice.data["decision_id"])
        announce(session, ReferrerTold(decision_id, notice.request_id, notice.family_id, notice.reference, how))
