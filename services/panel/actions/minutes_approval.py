"""Approve the minutes of an earlier meeting; what is wrong in them from then on is put right by an addendum."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from services.panel.actions.minutes import (
    announce_minutes,
    check_names_only,
    item_open_to,
    keep_addendum,
    keep_version,
)
from services.panel.queries import meeting as reads
from services.panel.queries import minutes_kept as kept
from services.panel.queries.minutes import minutes_of
from services.panel.rules import minutes as rules
from services.panel.rules.meeting import check_may_run
from services.panel.rules.wording import day_in_words
from services.panel.tables import DocumentRow, MinutesApprovalRow
from shared.audit import record
from shared.authority import Authority


def approve_minutes(
    session: Session,
    meeting_id: UUID,
    *,
    at_meeting_id: UUID,
    by: UUID,
    authority: Authority,
    now: datetime,
) -> MinutesApprovalRow:
    """Record that a later meeting approved the minutes of this one; they then stay so.

    What it wants to be otherwise is corrected first, at the item that it is about (actions/minutes_corrections.py).

    Raises NotFound, Forbidden, AlreadyApproved, Conflict.
    """
    meeting = reads.locked_meeting(session, meeting_id)
    at_meeting = reads.the_meeting(session, at_meeting_id)
    check_may_run(reads.parts_of(session, at_meeting, by))
    is_later = at_meeting.panel_id == meeting.panel_id and at_meeting.held_on > meeting.held_on
    rules.check_may_approve(
        kept.state_at(session, meeting_id),
        waiting=kept.waiting(session, meeting_id),
        is_later_meeting=is_later,
        sits=at_meeting.state == "in_session",
    )
    row = MinutesApprovalRow(
        meeting_id=meeting_id,
        approved_at_meeting_id=at_meeting_id,
        corrections="",
        chaired_by=at_meeting.chaired_by,
        recorded_by=by,
        approved_at=now,
    )
    session.add(row)
    session.flush()
    newest = kept.newest(session, meeting_id)
    draft = newest.content if newest else None
    chair = reads.people_of(session, [at_meeting.chaired_by])
    content = (draft or minutes_of(session, meeting, authority=authority)) | {
        "state": "approved",
        "approval": {
            "at": day_in_words(at_meeting.held_on),
            "chair": chair.get(at_meeting.chaired_by, "") if at_meeting.chaired_by else "",
            "corrections": "",
        },
    }
    keep_version(session, meeting, content, state="approved", because="approved", by=by, now=now)
    announce_minutes(session, meeting, state="approved")
    at = str(at_meeting_id)
    record(session, who=by, did="approved_minutes", subject="meeting", subject_id=meeting_id, at_meeting=at)
    return row


def add_to_minutes(
    session: Session, meeting_id: UUID, *, words: str, item_id: UUID | None, by: UUID, now: datetime
) -> DocumentRow:
    """Add to approved minutes what is to be known about an item or the whole; raises NotFound, Forbidden, Conflict, Invalid."""
    meeting = reads.locked_meeting(session, meeting_id)
    check_may_run(reads.parts_of(session, meeting, by))
    rules.check_may_add(kept.state_at(session, meeting_id))
    about = item_open_to(session, meeting, item_id, by)
    check_names_only(session, meeting, words, about)
    record(session, who=by, did="added_to_minutes", subject="meeting", subject_id=meeting_id)
    return keep_addendum(session, meeting, words=words, about=about, items=[], by=by, now=now)
