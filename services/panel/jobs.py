"""The clock's door and the sweeps: calendars made ahead, agendas closed, papers and names fetched."""

from datetime import datetime
from typing import Any
from uuid import UUID

import structlog
from apscheduler.triggers.cron import CronTrigger

from services.panel.actions import allocations, calendar, consent, papers, people
from services.panel.actions.agenda import AgendaMoved, close_agenda
from services.panel.actions.circulation import freeze_what_went_out, goes_out_at, send_out_if_due
from services.panel.actions.late_items import circulate_late
from services.panel.actions.planning import plan_meetings as plan_ahead
from services.panel.actions.queue import place_waiting
from services.panel.queries import agenda as agenda_queries
from services.panel.queries import calendar as calendar_queries
from services.panel.queries import circulation as circulation_queries
from services.panel.queries import papers as paper_queries
from services.panel.queries import people as people_queries
from services.panel.rules.allocations import panel_choices
from shared.london import london_date
from shared.neighbours import NeighbourAway, NeighbourRefused
from shared.service import Loop, Resources
from shared.timetable import Job

_GONE = (404, 410)

log = structlog.get_logger()


def prepare(resources: Resources) -> None:
    """Bring panels, limits and calendars to the authority's profile, at every start."""
    plan_meetings(resources, resources.clock.now())
    with resources.database.begin() as session:
        freeze_what_went_out(session, resources.authority)


def plan_meetings(resources: Resources, now: datetime) -> None:
    """Bring panels and limits to the profile in force, make the meetings of two years, and give places to who waits."""
    authority = resources.profile.on(london_date(now))
    with resources.database.begin() as session:
        calendar.keep_panels(session, authority.panels)
        allocations.keep_limits(session, authority.limits)
    with resources.database.begin() as session:
        plan_ahead(session, authority, now)
        for panel in calendar_queries.panels(session):
            place_waiting(session, panel.id, now)


def close_agendas(resources: Resources, now: datetime) -> None:
    """Close every agenda whose cut-off has passed; one that cannot be closed now is tried again at the next tick."""
    with resources.database.read() as session:
        due = agenda_queries.due_to_close(session, now)
    for meeting_id in due:
        try:
            _close(resources, meeting_id, now)
        except Exception as accident:
            log.error("agenda_not_closed", meeting_id=str(meeting_id), exc_info=accident)


def _next_cut_off(resources: Resources) -> datetime | None:
    with resources.database.read() as session:
        return agenda_queries.next_cut_off(session)


def send_out_papers(resources: Resources, now: datetime) -> None:
    """Send out the papers whose time has come, where that is later than the closing of the agenda."""
    with resources.database.begin() as session:
        for meeting in circulation_queries.waiting_to_go_out(session, lock=True):
            send_out_if_due(session, meeting, now=now)


def _next_papers(resources: Resources) -> datetime | None:
    with resources.database.read() as session:
        return min((goes_out_at(one) for one in circulation_queries.waiting_to_go_out(session)), default=None)


def fetch_papers(resources: Resources) -> bool:
    """Fetch one paper that is due; say whether there was one."""
    with resources.database.begin() as session:
        claimed = papers.claim_wanted_paper(session)
    if claimed is None:
        return False
    try:
        content = resources.neighbours.get("referrals", f"/requests/{claimed.request_id}/paper")
    except (NeighbourAway, NeighbourRefused) as error:
        with resources.database.begin() as session:
            papers.note_failure(session, claimed.request_id, str(error))
    else:
        with resources.database.begin() as session:
            consent.keep_newest_paper(
                session,
                claimed,
                content,
                panels=panel_choices(resources.authority),
                now=resources.clock.now(),
            )
    return True


def fetch_people(resources: Resources) -> bool:
    """Ask the directory for one name that is not known or may have changed; say whether one was learnt."""
    with resources.database.read() as session:
        person_id = people_queries.stale_person(session)
    if person_id is None:
        return False
    try:
        who = resources.neighbours.get("directory", f"/people/{person_id}")
    except NeighbourAway as error:
        log.warning("name_not_fetched", reason=str(error))
        return False
    except NeighbourRefused:
        with resources.database.begin() as session:
            people.give_up_name(session, person_id)
        return True
    with resources.database.begin() as session:
        people.keep_name(session, person_id, name=who["name"], job_title=who.get("job_title") or "")
    return True


def _close(resources: Resources, meeting_id: UUID, now: datetime) -> None:
    with resources.database.read() as session:
        request_ids = agenda_queries.request_ids_on(session, meeting_id)
        asked_at = paper_queries.database_now(session)
    given, away = _ask_for_papers(resources, request_ids)
    with resources.database.begin() as session:
        if away:
            for request_id, error in away.items():
                papers.want_paper(session, request_id, error=error)
            return
        close_agenda(session, meeting_id, given, asked_at=asked_at, authority=resources.authority, now=now)


def circulate_supplements(resources: Resources) -> bool:
    """Send out late items as soon as their papers can be asked for; say whether some went out."""
    with resources.database.read() as session:
        late = agenda_queries.with_late_items(session)
    sent = [_circulate_late(resources, meeting_id, request_ids) for meeting_id, request_ids in late.items()]
    return any(sent)


def _circulate_late(resources: Resources, meeting_id: UUID, request_ids: list[UUID]) -> bool:
    with resources.database.read() as session:
        asked_at = paper_queries.database_now(session)
    given, away = _ask_for_papers(resources, request_ids)
    if away:
        return False
    authority, now = resources.authority, resources.clock.now()
    try:
        with resources.database.begin() as session:
            circulate_late(session, meeting_id, given, asked_at=asked_at, authority=authority, now=now)
    except AgendaMoved:
        return False
    return True


def _ask_for_papers(
    resources: Resources, request_ids: list[UUID]
) -> tuple[dict[UUID, dict[str, Any] | None], dict[UUID, str]]:
    """Return the papers as they are now, None where there is none any more, and what could not be asked."""
    given: dict[UUID, dict[str, Any] | None] = {}
    away: dict[UUID, str] = {}
    for request_id in request_ids:
        try:
            given[request_id] = resources.neighbours.get("referrals", f"/requests/{request_id}/paper")
        except NeighbourAway as error:
            away[request_id] = str(error)
            break
        except NeighbourRefused as error:
            if error.status not in _GONE:
                away[request_id] = str(error)
                break
            given[request_id] = None
    return given, away


TIMETABLE = [
    Job(plan_meetings, CronTrigger(hour=2, timezone="Europe/London")),
    Job(close_agendas, CronTrigger(minute="*/5", timezone="Europe/London"), next_due=_next_cut_off),
    Job(send_out_papers, CronTrigger(minute="*/5", timezone="Europe/London"), next_due=_next_papers),
]
LOOPS = [
    Loop(fetch_papers, every_seconds=1.0),
    Loop(circulate_supplements, every_seconds=2.0),
    Loop(fetch_people, every_seconds=2.0),
]
