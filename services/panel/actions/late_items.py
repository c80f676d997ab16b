"""Late items: families that come on to an agenda after it has closed, by leave, and go out as a supplement."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from services.panel.actions.agenda import AgendaMoved, freeze_paper
from services.panel.actions.circulation import send_out_supplement
from services.panel.actions.queue import announce_place, place_waiting
from services.panel.actions.stand import note_change
from services.panel.queries import agenda as agenda_queries
from services.panel.queries import arrangements as queries
from services.panel.queries import calendar as calendar_queries
from services.panel.queries import meeting as meeting_queries
from services.panel.queries import papers as paper_queries
from services.panel.queries.no_part import check_has_part, no_part_in
from services.panel.queries.queue import as_waiting
from services.panel.queries.requests import lock_requests
from services.panel.rules import arrangements as rules
from services.panel.rules.meeting import CHAIRS, check_may_run
from services.panel.rules.queue import waiting_order
from services.panel.tables import AgendaItemRow, ArrangementRow, MeetingRow
from shared.audit import record
from shared.authority import Authority
from shared.errors import Conflict


def take_late(
    session: Session,
    meeting_id: UUID,
    request_ids: Sequence[UUID],
    *,
    leave_by: UUID,
    reason: str,
    by: UUID,
    now: datetime,
) -> None:
    """Take requests on to an agenda that has closed, numbered after its last item; places are not counted.

    They wait at the panel, without a meeting or for a later one. Their papers follow as a supplement. Raises
    Conflict, Invalid, NotFound, Forbidden.
    """
    rules.check_how_many_late(len(set(request_ids)))
    lock_requests(session, *set(request_ids))
    panel_id = calendar_queries.meeting_by_id(session, meeting_id).panel_id
    check_may_run(meeting_queries.seats_held(session, panel_id, by))
    meeting = meeting_queries.locked_meeting(session, meeting_id, with_panel=True)
    may_chair = {
        seat.person_id for seat in meeting_queries.seats_of(session, panel_id) if seat.seat in CHAIRS and seat.person_id
    }
    rules.check_takes_late_items(meeting.state, leave_by=leave_by, may_chair=may_chair)
    for request_id in request_ids:
        check_has_part(session, request_id, by)
        rules.check_has_part_in_late_item(leave_by, no_part_in(session, request_id, [leave_by]))
    standings = {one.entry.id: one for one in (queries.standing_of(session, each) for each in set(request_ids))}
    for waiting in waiting_order([as_waiting(one.entry) for one in standings.values()]):
        standing = standings[waiting.entry_id]
        _check_can_come(standing, meeting)
        _take(session, standing, meeting)
        arrangement = ArrangementRow(kind=rules.LATE_ITEM, panel_id=panel_id, meeting_id=meeting.id, leave_by=leave_by)
        arrangement.request_id, arrangement.reason = standing.entry.request_id, reason
        arrangement.arranged_by, arrangement.arranged_at = by, now
        session.add(arrangement)
        record(session, who=by, did="took_late_item", subject="request", subject_id=standing.entry.request_id)
    session.flush()
    note_change(session, meeting.id, "agenda")
    place_waiting(session, panel_id, now)


def circulate_late(
    session: Session,
    meeting_id: UUID,
    papers: Mapping[UUID, Mapping[str, Any] | None],
    *,
    asked_at: datetime,
    authority: Authority,
    now: datetime,
) -> None:
    """Freeze the papers of a meeting's late items and send them out as its next supplement.

    `papers` is as for close_agenda; a late item that is not in it waits for the supplement after. Does nothing where
    nothing is late any more. Raises AgendaMoved when a family has answered anew about sharing meanwhile.
    """
    meeting = meeting_queries.locked_meeting(session, meeting_id)
    late = [item for item in agenda_queries.late_items(session, meeting_id) if item.request_id in papers]
    if not late:
        return
    for item in late:
        freeze_paper(session, item, papers[item.request_id], asked_at=asked_at, now=now)
    if paper_queries.awaited_answers(session, [item.request_id for item in late]):
        raise AgendaMoved("A family has answered anew about sharing while its paper was being circulated.")
    supplement = send_out_supplement(session, meeting, late, authority, now=now)
    note_change(session, meeting.id, "agenda")
    record(
        session,
        who="panel",
        did="circulated_supplement",
        subject="meeting",
        subject_id=meeting.id,
        supplement=supplement.number,
        items=len(late),
    )


def _check_can_come(standing: queries.Standing, meeting: MeetingRow) -> None:
    entry, at = standing.entry, standing.meeting
    if entry.panel_id != meeting.panel_id:
        raise Conflict(f"{entry.reference} waits for another panel.")
    if at is not None and at.state != "planned":
        where = "is on this agenda already" if at.id == meeting.id else "is on an agenda that has closed"
        raise Conflict(f"{entry.reference} {where}.")


def _take(session: Session, standing: queries.Standing, meeting: MeetingRow) -> None:
    entry, item = standing.entry, standing.item
    instead_of = standing.meeting.held_on if standing.meeting else None
    number = agenda_queries.last_number(session, meeting.id) + 1
    if item is None:
        item = AgendaItemRow(
            queue_entry=entry, request_id=entry.request_id, family_id=entry.family_id, reference=entry.reference
        )
        session.add(item)
    # An item of an open agenda has neither number nor paper: it moves, and is on one agenda all the time.
    item.meeting_id, item.state, item.number = meeting.id, "placed", number
    entry.state = "placed"
    session.flush()
    announce_place(session, entry, meeting.id, meeting.held_on, instead_of=instead_of)
