"""Events in that concern what comes after: families sent straight to a service, referrers who were told."""

from datetime import datetime

from sqlalchemy.orm import Session

from services.panel.actions.allocations import offer_directly
from services.panel.actions.decisions import keep_referrer_told
from services.panel.actions.letting_go import let_go
from shared.events.notifications import ReferrerTold
from shared.events.referrals import RequestSentToService
from shared.messaging.reader import EventReader


def register(panel: EventReader) -> None:
    """Add these handlers to the service's reader."""
    panel.handles(RequestSentToService)(offer_to_service)
    panel.handles(ReferrerTold)(note_referrer_told)


def offer_to_service(fact: RequestSentToService, session: Session, now: datetime) -> None:
    """Offer the family to the service that triage chose; it no longer waits for a panel."""
    let_go(session, fact.request_id, because="sent_to_service", now=now)
    offer_directly(session, fact, now)


def note_referrer_told(fact: ReferrerTold, session: Session, now: datetime) -> None:
    """Keep that the referrer knows of a decision; the first time counts."""
    keep_referrer_told(session, fact.decision_id, how=fact.how, now=now)
