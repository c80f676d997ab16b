"""Reviews that come up or were not held, and actions that are due or overdue."""

from datetime import datetime

from services.panel.actions import chasing, reviews
from shared.service import Resources


def remind_of_reviews(resources: Resources, now: datetime) -> None:
    """Announce every review that comes up within the authority's reminder time, once each."""
    with resources.database.begin() as session:
        reviews.remind_of_due_reviews(session, days_before=resources.authority.reviews.remind_days_before, now=now)


def alert_overdue_reviews(resources: Resources, now: datetime) -> None:
    """Announce every review that was not held by its day, once each."""
    with resources.database.begin() as session:
        reviews.raise_overdue_reviews(session, now)


def chase_actions(resources: Resources, now: datetime) -> None:
    """Remind of actions that are due soon and chase those that are overdue, once for each time that the rule gives."""
    with resources.database.begin() as session:
        chasing.chase_actions(session, rule=resources.authority.chasing, now=now)
