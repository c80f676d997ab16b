"""What runs by the clock: old drafts go, names are asked of the directory, attachments are checked and cleared."""

from datetime import UTC, datetime

from apscheduler.triggers.cron import CronTrigger

from services.referrals.actions import information, known
from services.referrals.actions.drafts import delete_old_drafts
from services.referrals.actions.tries import forget_tries
from services.referrals.attaching import check_one, clear_one
from services.referrals.files import files_of
from services.referrals.queries.known import person_to_ask_about
from shared.london import london_date
from shared.neighbours import NeighbourAway, NeighbourRefused
from shared.service import Loop, Resources
from shared.timetable import Job


def delete_drafts(resources: Resources, now: datetime) -> None:
    """Delete drafts whose time is over, and tries that no longer count."""
    kept_days = resources.profile.on(london_date(now)).records.drafts_kept_days
    with resources.database.begin() as session:
        delete_old_drafts(session, kept_days=kept_days, today=london_date(now))
        forget_tries(session)


def fetch_names(resources: Resources) -> bool:
    """Ask the directory for the name of one person who leads a plan; say whether there was one to ask about."""
    real_now = datetime.now(UTC)  # Retries are paced by real time: a training clock may stand still.
    with resources.database.read() as session:
        person_id = person_to_ask_about(session, real_now)
    if person_id is None:
        return False
    try:
        person = resources.neighbours.get("directory", f"/people/{person_id}")
    except NeighbourAway:
        with resources.database.begin() as session:
            known.ask_later(session, person_id, real_now)
        return False
    except NeighbourRefused:
        with resources.database.begin() as session:
            known.stop_asking(session, person_id)
        return True
    with resources.database.begin() as session:
        known.name_person(
            session, person_id, name=person["name"], agency_name=person["agency_name"], phone=person["mobile"] or ""
        )
    return True


def check_attachments(resources: Resources) -> bool:
    """Have one attachment checked that the virus scanner did not see yet; say whether it answered."""
    return check_one(resources.database, files_of(resources.settings))


def clear_attachments(resources: Resources) -> bool:
    """Remove one file that was removed, had a virus, or was left by a draft that ended; say whether there was one."""
    return clear_one(resources.database, files_of(resources.settings))


def chase_answers(resources: Resources, now: datetime) -> None:
    """Remind of answers that are outstanding, and stop waiting for those whose last day has passed."""
    with resources.database.begin() as session:
        information.chase_answers(session, authority=resources.authority, now=now)


TIMETABLE = (
    Job(delete_drafts, CronTrigger(hour=3, minute=15, timezone="Europe/London")),
    Job(chase_answers, CronTrigger(hour=8, minute=0, timezone="Europe/London")),
)
LOOPS = (
    Loop(fetch_names, every_seconds=2.0),
    Loop(check_attachments, every_seconds=30.0),
    Loop(clear_attachments, every_seconds=60.0),
)
