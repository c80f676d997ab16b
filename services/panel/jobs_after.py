"""The clock's door to what comes after a meeting: late answers, reviews and actions that are due or overdue, months to count."""

from datetime import datetime

from apscheduler.triggers.cron import CronTrigger

from services.panel.actions import allocations, chasing, letters, reviews, statistics, urgent
from services.panel.queries import urgent as urgent_queries
from shared.neighbours import NeighbourAway, NeighbourRefused
from shared.service import Loop, Resources
from shared.timetable import Job


def chase_unanswered_offers(resources: Resources, now: datetime) -> None:
    """Announce every offer that an agency has not answered by its day, once each."""
    with resources.database.begin() as session:
        allocations.chase_unanswered(session, now)


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


def count_last_month(resources: Resources, now: datetime) -> None:
    """Count the month that is over, once; it stays as it was counted."""
    with resources.database.begin() as session:
        statistics.count_months(session, now)


def carry_ratifications(resources: Resources, now: datetime) -> None:
    """Put urgent decisions that their meeting did not ratify on the next agenda."""
    with resources.database.begin() as session:
        urgent.carry_ratifications(session, resources.authority, now)


def _left_to_ratify(resources: Resources) -> datetime | None:
    with resources.database.read() as session:
        return urgent_queries.left_since(session)


JOBS_AFTER = [
    Job(carry_ratifications, CronTrigger(minute="2-59/5", timezone="Europe/London"), next_due=_left_to_ratify),
    Job(count_last_month, CronTrigger(day=1, hour=3, timezone="Europe/London")),
    Job(remind_of_reviews, CronTrigger(hour=7, timezone="Europe/London")),
    Job(alert_overdue_reviews, CronTrigger(hour=7, minute=30, timezone="Europe/London")),
    Job(chase_actions, CronTrigger(hour=7, minute=15, timezone="Europe/London")),
    Job(chase_unanswered_offers, CronTrigger(hour=8, timezone="Europe/London")),
]


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


LOOPS_AFTER = [Loop(make_letters, every_seconds=2.0)]
