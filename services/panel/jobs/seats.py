"""Seats that somebody has to fill."""

from datetime import datetime

from services.panel.actions.no_leader import tell_of_requests_without_leader
from shared.service import Resources


def tell_of_missing_leaders(resources: Resources, _: datetime) -> None:
    """Tell the administrators of requests for which nobody who leads their panel may act, every morning until somebody may."""
    with resources.database.begin() as session:
        tell_of_requests_without_leader(session)
