"""What the chair or the coordinator arranges by hand: a family put off or sent back, a meeting given more places."""

from datetime import date, datetime
from functools import partial
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from services.panel.actions.queue import (
    begin_wait,
    end_wait,
    leave_queue,
    place_waiting,
    remember_let_go,
    told_of_request,
)
from services.panel.queries import arrangements as queries
from services.panel.queries import calendar as calendar_queries
from services.panel.queries import meeting as meeting_queries
from services.panel.queries.no_part import check_has_part
from services.panel.queries.requests import lock_requests
from services.panel.rules import arrangements as rules
from services.panel.rules.meeting import check_may_run
from services.panel.tables import ArrangementRow, MeetingRow, QueueEntryRow
from shared.audit import record
from shared.events.panel import RequestSentBack, RequestUnplaced
from shared.london import london_date
from shared.messaging.outbox import announce


def put_off(
    session: Session, request_id: UUID, *, entry_id: UUID | None, not_before: date, reason: str, by: UUID, now: datetime
) -> list[UUID]:
    """Let a family wait for a meeting on a day or after it, with every request of it that stands there too; return those.

    It leaves the agenda that it is on, and keeps its number where that has closed. `entry_id` is the wait that was
    seen. Raises MovedMeanwhile, Conflict when its meeting has begun, Invalid, NotFound, Forbidden.
    """
    family = queries.family_waits_with(session, request_id)
    lock_requests(session, request_id, *family)
    standing = _held(session, request_id, entry_id, by)
    held_on = standing.meeting.held_on if standing.meeting else None
    rules.check_later(not_before, held_on=held_on, today=london_date(now))
    together = [one for one in map(partial(queries.standing_of, session), family) if one.meeting == standing.meeting]
    waits = [_wait_again(session, one.entry, not_before, now) for one in together]
    for one in together:
        _arrange(session, rules.PUT_OFF, one, reason=reason, by=by, now=now, not_before=not_before)
    session.flush()
    # Only now, so that whoever is put off has their turn too where a place becomes free on the day they wait for.
    was_heard_on = {wait.id: held_on for wait in waits} if held_on else {}
    place_waiting(session, standing.entry.panel_id, now, was_heard_on=was_heard_on)
    for one, wait in zip(together, waits, strict=True):
        if wait.state == "waiting" and one.meeting is not None:
            announce(session, _unplaced(one.entry, one.meeting))
    return [one.entry.request_id for one in together]


def _wait_again(session: Session, entry: QueueEntryRow, not_before: date, now: datetime) -> QueueEntryRow:
    end_wait(session, entry.request_id, because=rules.PUT_OFF)
    return begin_wait(
        session,
        entry.panel,
        **told_of_request(entry),
        why=entry.why,
        now=now,
        times_carried=entry.times_carried,
        not_before=not_before,
    )


def _unplaced(entry: QueueEntryRow, meeting: MeetingRow) -> RequestUnplaced:
    return RequestUnplaced(
        request_id=entry.request_id,
        family_id=entry.family_id,
        reference=entry.reference,
        meeting_id=meeting.id,
        held_on=meeting.held_on,
    )


def send_back(
    session: Session, request_id: UUID, *, entry_id: UUID | None, because: str, reason: str, by: UUID, now: datetime
) -> None:
    """Give a request back to the front door, which decides about it anew; on a closed agenda its number stays.

    Raises MovedMeanwhile, Conflict when its meeting has begun, NotFound, Forbidden.
    """
    lock_requests(session, request_id)
    standing = _held(session, request_id, entry_id, by)
    leave_queue(session, request_id, because=rules.SENT_BACK, now=now)
    remember_let_go(session, request_id, because=rules.SENT_BACK)
    _arrange(session, rules.SENT_BACK, standing, reason=reason, by=by, now=now)
    announce(
        session,
        RequestSentBack(
            request_id=request_id,
            family_id=standing.entry.family_id,
            reference=standing.entry.reference,
            because=because,
            sent_back_at=now,
        ),
    )


def give_more_places(
    session: Session, meeting_id: UUID, *, more: int, seen: int, reason: str, by: UUID, now: datetime
) -> MeetingRow:
    """Let a meeting take more families than was planned, and give the places to those who wait.

    `seen` are the places that were on the screen. Raises MovedMeanwhile, Conflict, Invalid, NotFound, Forbidden.
    """
    panel_id = calendar_queries.meeting_by_id(session, meeting_id).panel_id
    check_may_run(meeting_queries.seats_held(session, panel_id, by))
    calendar_queries.lock_panel(session, panel_id)
    meeting = calendar_queries.meeting_by_id(session, meeting_id, lock=True)
    rules.check_more_places(
        meeting.state, meeting.agenda_closes_at, more=more, places=meeting.places, seen=seen, now=now
    )
    meeting.places += more
    # Set by hand, it is not brought back to the panel's rules each night.
    meeting.set_by, meeting.set_at, meeting.set_because = by, now, meeting.set_because or reason
    arrangement = ArrangementRow(kind=rules.MORE_PLACES, panel_id=panel_id, meeting_id=meeting.id, places=more)
    arrangement.reason, arrangement.arranged_by, arrangement.arranged_at = reason, by, now
    session.add(arrangement)
    record(session, who=by, did="gave_more_places", subject="meeting", subject_id=meeting.id, places=meeting.places)
    session.flush()
    place_waiting(session, panel_id, now)
    return meeting


def _held(session: Session, request_id: UUID, entry_id: UUID | None, by: UUID) -> queries.Standing:
    """Return where a request stands, held there: its panel, and then the meeting where its agenda has closed."""
    standing = queries.standing_of(session, request_id)
    check_may_run(meeting_queries.seats_held(session, standing.entry.panel_id, by))
    check_has_part(session, request_id, by)
    calendar_queries.lock_panel(session, standing.entry.panel_id)
    if standing.meeting is not None and standing.meeting.state != "planned":
        meeting_queries.locked_meeting(session, standing.meeting.id)
    standing = queries.standing_of(session, request_id)
    rules.check_stands_where_seen(standing.entry.id, entry_id)
    rules.check_can_leave(standing.meeting.state if standing.meeting else None)
    return standing


def _arrange(
    session: Session, kind: str, standing: queries.Standing, *, reason: str, by: UUID, now: datetime, **more: Any
) -> None:
    entry, meeting = standing.entry, standing.meeting
    session.add(
        ArrangementRow(
            kind=kind,
            panel_id=entry.panel_id,
            meeting_id=meeting.id if meeting else None,
            request_id=entry.request_id,
            reason=reason,
            arranged_by=by,
            arranged_at=now,
            **more,
        )
    )
    record(session, who=by, did=kind, subject="request", subject_id=entry.request_id, reference=entry.reference)
