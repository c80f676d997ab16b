"""Run a meeting: open it, hand it over, take in who declares a conflict, end it."""

from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from services.panel.actions import decisions
from services.panel.actions.attendance import Presence, keep_presences
from services.panel.actions.minutes import issue_minutes
from services.panel.actions.stand import begin_stand, end_stand, note_change
from services.panel.queries import meeting as reads
from services.panel.queries import stand as stand_reads
from services.panel.queries.agenda import request_ids_on
from services.panel.queries.requests import lock_requests
from services.panel.rules import meeting as rules
from services.panel.rules.decisions import CARRIED_OVER_BECAUSE
from services.panel.rules.stand import check_opening_may_be_taken_back
from services.panel.tables import AcknowledgementRow, AttendanceRow, ConflictRow, MeetingRow, UnsavedRow
from shared.audit import record
from shared.authority import Authority
from shared.errors import Conflict, Invalid
from shared.london import london_date


def open_meeting(
    session: Session, meeting_id: UUID, *, chaired_by: UUID, notes_by: UUID, by: UUID, now: datetime
) -> MeetingRow:
    """Open a meeting and say who chairs it and who takes notes; both are then present."""
    meeting = reads.locked_meeting(session, meeting_id)
    rules.check_may_run(reads.seats_held(session, meeting.panel_id, by))
    rules.check_opening(meeting.state, held_on=meeting.held_on, today=london_date(now))
    meeting.state, meeting.opened_at = "in_session", now
    _appoint(session, meeting, chaired_by=chaired_by, notes_by=notes_by, now=now)
    begin_stand(session, meeting)
    record(session, who=by, did="opened_meeting", subject="meeting", subject_id=meeting.id)
    return meeting


def hand_over(
    session: Session, meeting_id: UUID, *, chaired_by: UUID, notes_by: UUID, by: UUID, now: datetime
) -> MeetingRow:
    """Let somebody else chair a meeting that sits, or take its notes: still two people, both of them there."""
    meeting = reads.locked_meeting(session, meeting_id)
    rules.check_may_run(reads.parts_of(session, meeting, by))
    rules.check_in_session(meeting.state)
    _appoint(session, meeting, chaired_by=chaired_by, notes_by=notes_by, now=now)
    note_change(session, meeting.id, "people")
    now_are = {"chaired_by": str(chaired_by), "notes_by": str(notes_by)}
    record(session, who=by, did="handed_over", subject="meeting", subject_id=meeting.id, **now_are)
    return meeting


def take_back_opening(session: Session, meeting_id: UUID, *, by: UUID) -> MeetingRow:
    """Take back that a meeting was opened, by mistake: possible until a family has been decided about."""
    meeting = reads.locked_meeting(session, meeting_id)
    rules.check_may_run(reads.parts_of(session, meeting, by))
    decided = stand_reads.decided_at(session, meeting.id)
    check_opening_may_be_taken_back(meeting.state, decided)
    meeting.state, meeting.opened_at = "agenda_closed", None
    meeting.chaired_by = meeting.notes_by = None
    for kept in (AttendanceRow, AcknowledgementRow):
        session.execute(sa.delete(kept).where(kept.meeting_id == meeting.id))
    end_stand(session, meeting, "opened")
    record(session, who=by, did="took_back_opening", subject="meeting", subject_id=meeting.id)
    return meeting


def declare_conflict(session: Session, item_id: UUID, *, person_id: UUID, nature: str, by: UUID, now: datetime) -> None:
    """Record that a member has a conflict with an item: its paper and its decision are closed to them from now on.

    Members declare their own, from the moment they have the agenda; who runs the meeting may do it for them.
    """
    item, meeting = reads.locked_item(session, item_id)
    parts = reads.parts_of(session, meeting, by)
    rules.check_may_see(parts)
    if person_id != by:
        rules.check_may_run(parts)
    if meeting.state not in ("agenda_closed", "in_session"):
        raise Conflict("A conflict is declared before an item is heard, and this meeting has ended.")
    if not reads.seats_held(session, meeting.panel_id, person_id):
        message = "Select somebody with a seat at this panel"
        raise Invalid(message, {"person_id": [message]})
    declared = session.execute(
        insert(ConflictRow)
        .values(agenda_item_id=item.id, person_id=person_id, nature=nature, declared_at=now)
        .on_conflict_do_nothing()
        .returning(ConflictRow.person_id)
    )
    if declared.first() is None:
        raise Conflict("This conflict has been declared already.")
    session.execute(
        sa.delete(UnsavedRow).where(UnsavedRow.agenda_item_id == item.id, UnsavedRow.person_id == person_id)
    )
    note_change(session, meeting.id, "conflict")
    record(session, who=by, did="declared_conflict", subject="agenda_item", subject_id=item.id, person=str(person_id))


def end_meeting(
    session: Session,
    meeting_id: UUID,
    *,
    not_heard_because: str,
    by: UUID,
    authority: Authority,
    now: datetime,
    issues_minutes: bool = True,
) -> MeetingRow:
    """End a meeting: what was not heard is carried over with the reason, and the minutes go to the members, or are checked first."""
    lock_requests(session, *request_ids_on(session, meeting_id))
    meeting = reads.locked_meeting(session, meeting_id, with_panel=True)
    rules.check_may_run(reads.parts_of(session, meeting, by))
    rules.check_in_session(meeting.state)
    not_heard = [item for item in reads.items_of(session, meeting.id) if item.state == "placed"]
    if not_heard and not_heard_because not in CARRIED_OVER_BECAUSE:
        message = "Select why not every family was heard"
        raise Invalid(message, {"not_heard_because": [message]})
    for item in not_heard:
        decisions.carry_over(session, item.id, because=not_heard_because, by=by, now=now)
    meeting.state, meeting.ended_at = "ended", now
    end_stand(session, meeting, "ended")
    session.flush()
    if issues_minutes:
        issue_minutes(session, meeting, authority=authority, now=now)
    record(session, who=by, did="ended_meeting", subject="meeting", subject_id=meeting.id, carried_over=len(not_heard))
    return meeting


def _appoint(session: Session, meeting: MeetingRow, *, chaired_by: UUID, notes_by: UUID, now: datetime) -> None:
    seats = reads.seats_of(session, meeting.panel_id)
    may_chair = {seat.person_id for seat in seats if seat.seat in rules.CHAIRS and seat.person_id}
    seated = {seat.person_id for seat in seats if seat.person_id}
    rules.check_chair_and_notes(chaired_by, notes_by, may_chair=may_chair, seated=seated)
    meeting.chaired_by, meeting.notes_by = chaired_by, notes_by
    here = Presence("present")
    keep_presences(session, meeting, {chaired_by: here, notes_by: here}, now)
