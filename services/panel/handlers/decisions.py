"""What notifications announces of a decision: that its referrer was told."""

from datetime import datetime

from sqlalchemy.orm import Session

from services.panel.actions.decisions import keep_referrer_told
from services.panel.handlers import panel
from shared.events.notifications import ReferrerTold


@panel.handles(ReferrerTold)
def note_referrer_told(fact: ReferrerTold, session: Session, now: datetime) -> None:
    """Keep that the referrer knows of a decision; the first time counts."""
    keep_referrer_told(session, fact.decision_id, how=fact.how, now=now)
