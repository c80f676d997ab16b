"""Agendas closed at their cut-off, papers sent out, and late items after them."""

from datetime import datetime
from uuid import UUID

import structlog

from services.panel.actions import papers
from services.panel.actions.agenda import AgendaMoved, close_agenda
from services.panel.actions.circulation import goes_out_at, send_out_if_due
from services.panel.actions.late_items import circulate_late
from services.panel.jobs.papers import ask_for_papers
from services.panel.queries import agenda as agenda_queries
from services.panel.queries import circulation as circulation_queries
from services.panel.queries import papers as paper_queries
from shared.service import Resources

log = structlog.get_logger()


def close_agendas(resources: Resources, now: datetime) -> None:
    """Close every agenda whose cut-off has passed; one that cannot be closed now is tried again at the next tick."""
    with resources.database.read() as session:
        due = agenda_queries.due_to_close(session, now)
    for meeting_id in due:
        try:
            _close(resources, meeting_id, now)
        except Exception as accident:
            log.error("agenda_not_closed", meeting_id=str(meeting_id), exc_info=accident)


def next_cut_off(resources: Resources) -> datetime | None:
    """Return when the next agenda closes."""
    with resources.database.read() as session:
        return agenda_queries.next_cut_off(session)


def send_out_papers(resources: Resources, now: datetime) -> None:
    """Send out the papers whose time has come, where that is later than the closing of the agenda."""
    with resources.database.begin() as session:
        for meeting in circulation_queries.waiting_to_go_out(session, lock=True):
            send_out_if_due(session, meeting, now=now)


def next_papers(resources: Resources) -> datetime | None:
    """Return when the next papers go out."""
    with resources.database.read() as session:
        return min((goes_out_at(one) for one in circulation_queries.waiting_to_go_out(session)), default=None)


def _close(resources: Resources, meeting_id: UUID, now: datetime) -> None:
    with resources.database.read() as session:
        request_ids = agenda_queries.request_ids_on(session, meeting_id)
        asked_at = paper_queries.database_now(session)
    given, away = ask_for_papers(resources, request_ids)
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
    given, away = ask_for_papers(resources, request_ids)
    if away:
        return False
    authority, now = resources.authority, resources.clock.now()
    try:
        with resources.database.begin() as session:
            circulate_late(session, meeting_id, given, asked_at=asked_at, authority=authority, now=now)
    except AgendaMoved:
        return False
    return True
