"""What runs by the clock and all the time: what was announced or came back, attachments, old drafts, outstanding answers."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

from apscheduler.triggers.cron import CronTrigger

from services.referrals.actions import information, known
from services.referrals.actions.drafts import delete_old_drafts
from services.referrals.actions.triage_clock import begin_anew
from services.referrals.actions.tries import forget_tries
from services.referrals.attaching import check_one, clear_one
from services.referrals.files import files_of
from services.referrals.queries.known import Row, next_to_ask_about
from services.referrals.queries.requests import next_back_without_time, outstanding_answers
from services.referrals.tables import KnownPersonRow, KnownServiceRow
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
    return _ask_directory(resources, KnownPersonRow, known.name_person)


def fetch_services(resources: Resources) -> bool:
    """Ask the directory how to reach one service; say whether there was one to ask about."""
    return _ask_directory(resources, KnownServiceRow, known.keep_reach)


def check_attachments(resources: Resources) -> bool:
    """Have one attachment checked that the virus scanner did not see yet; say whether it answered."""
    return check_one(resources.database, files_of(resources.settings), now=resources.clock.now())


def clear_attachments(resources: Resources) -> bool:
    """Remove one file that was removed, had a virus, or was left by a draft that ended; say whether there was one."""
    return clear_one(resources.database, files_of(resources.settings))


def start_time(resources: Resources) -> bool:
    """Give the front door its time for one request that came back to triage; say whether there was one.

    The fact that brings one back is handled without the authority's rules, which say how long that is.
    """
    with resources.database.begin() as session:
        request_id = next_back_without_time(session)
        if request_id is not None:
            begin_anew(session, request_id, resources.authority.triage)
    return request_id is not None


def chase_answers(resources: Resources, now: datetime) -> None:
    """Remind of answers that are outstanding, and stop waiting for those whose last day has passed.

    Each in its own transaction: one that cannot be seen to now does not hold up the others, and the job is run again.
    """
    with resources.database.read() as session:
        outstanding = outstanding_answers(session, today=london_date(now))
    accidents = []
    for decision_id in outstanding:
        try:
            with resources.database.begin() as session:
                information.chase_answer(session, decision_id, authority=resources.authority, now=now)
        except Exception as accident:
            accidents.append(accident)
    if accidents:
        raise ExceptionGroup("some answers were not chased", accidents)


def _ask_directory(resources: Resources, table: type[Row], keep: Callable[[Row, Mapping[str, Any]], None]) -> bool:
    """Ask about what is due next and keep what the directory says; say whether it answered."""
    real_now = datetime.now(UTC)  # Retries are paced by real time: a training clock may stand still.
    with resources.database.read() as session:
        row = next_to_ask_about(session, table, real_now)
    if row is None:
        return False
    asked_at, said, is_away = row.next_attempt_at, None, False
    try:
        said = resources.neighbours.get("directory", row.path)
    except NeighbourAway:
        is_away = True
    except NeighbourRefused:
        pass  # The directory does not know it, and will not know it later.
    with resources.database.begin() as session:
        session.add(row)
        session.refresh(row, with_for_update=True)
        if is_away:
            known.ask_later(row, real_now)
            return False
        if said is not None:
            keep(row, said)
        if row.next_attempt_at == asked_at:
            known.stop_asking(row)
    return True


TIMETABLE = (
    Job(delete_drafts, CronTrigger(hour=3, minute=15, timezone="Europe/London")),
    Job(chase_answers, CronTrigger(hour=8, minute=0, timezone="Europe/London")),
)
LOOPS = (
    Loop(start_time, every_seconds=5.0),
    Loop(fetch_names, every_seconds=2.0),
    Loop(fetch_services, every_seconds=5.0),
    Loop(check_attachments, every_seconds=30.0),
    Loop(clear_attachments, every_seconds=60.0),
)
