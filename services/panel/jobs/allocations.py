"""Offers that nobody answered."""

from datetime import datetime

from services.panel.actions import allocations
from shared.service import Resources


def chase_unanswered_offers(resources: Resources, now: datetime) -> None:
    """Announce every offer that an agency has not answered by its day, once each."""
    with resources.database.begin() as session:
        allocations.chase_unanswered(session, now)
