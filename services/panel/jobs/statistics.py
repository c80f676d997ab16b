"""Months to count."""

from datetime import datetime

from services.panel.actions import statistics
from shared.service import Resources


def count_last_month(resources: Resources, now: datetime) -> None:
    """Count the month that is over, once; it stays as it was counted."""
    with resources.database.begin() as session:
        statistics.count_months(session, now)
