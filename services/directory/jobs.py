"""What the directory does by the clock."""

from datetime import datetime

from apscheduler.triggers.cron import CronTrigger

from services.directory.actions.signing_in import forget_old_tries
from shared.clock import SystemClock
from shared.service import Resources
from shared.timetable import Job


def forget_tries(resources: Resources, _now: datetime) -> None:
    """Forget who tried to sign in more than a day of real time ago; a rehearsal's nights pass in seconds."""
    with resources.database.begin() as session:
        forget_old_tries(session, now=SystemClock().now())


TIMETABLE = (Job(forget_tries, CronTrigger(hour=3, minute=10, timezone="Europe/London")),)
