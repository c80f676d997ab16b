"""What members say is wrong in draft minutes, and the answer of whoever runs the meeting."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from services.panel.actions.minutes import check_names_only, issue_minutes, item_open_to
from services.panel.queries import meeting as reads
from services.panel.queries import minutes_kept as kept
from services.panel.queries.papers import closed_to_member
from services.panel.rules import minutes as rules
from services.panel.rules.consent import HIDES_DECISION
from services.panel.rules.meeting import check_may_run, check_may_see
from services.panel.tables import MeetingRow, ProposedCorrectionRow
from shared.audit import record
from shared.authority import Authority
from shared.errors import Invalid, NotFound


def propose_correction(
    session: Session, meeting_id: UUID, *, item_id: UUID | None, text: str, by: UUID, now: datetime
) -> ProposedCorrectionRow:
    """Keep what a member says is wrong in the draft; raises NotFound, Conflict, Invalid."""
    meeting = reads.locked_meeting(session, meeting_id)
    check_may_see(reads.parts_of(session, meeting, by))
    rules.check_may_propose(kept.state_at(session, meeting_id), kept.waiting(session, meeting_id))
    check_names_only(session, meeting, text, item_open_to(session, meeting, item_id, by))
    row = ProposedCorrectionRow(
        meeting_id=meeting_id, agenda_item_id=item_id, text=text, proposed_by=by, proposed_at=now
    )
    session.add(row)
    session.flush()
    record(session, who=by, did="proposed_correction", subject="meeting", subject_id=meeting_id)
    return row


def correction_to_answer(
    session: Session, meeting: MeetingRow, proposal_id: UUID, *, by: UUID
) -> ProposedCorrectionRow:
    """Return a proposed correction of these minutes for whoever answers it.

    Raises Forbidden, and NotFound for one of other minutes or about an item that is closed to them.
    """
    check_may_run(reads.parts_of(session, meeting, by))
    row = kept.proposed_one(session, proposal_id)
    closed = closed_to_member(session, meeting, reads.items_of(session, meeting.id), by)
    is_closed = row.agenda_item_id is not None and closed.get(row.agenda_item_id) in HIDES_DECISION
    if row.meeting_id != meeting.id or is_closed:
        raise NotFound("There is no such correction.")
    return row


def answer_correction(
    session: Session,
    proposal_id: UUID,
    *,
    answer: str,
    correction: str,
    reason: str,
    by: UUID,
    authority: Authority,
    now: datetime,
) -> ProposedCorrectionRow:
    """Accept a proposed correction, which makes a new version of the draft, or say why not.

    Raises NotFound, Forbidden, AlreadyAnswered, AlreadyApproved, Invalid.
    """
    meeting = reads.locked_meeting(session, kept.proposed_one(session, proposal_id).meeting_id)
    row = correction_to_answer(session, meeting, proposal_id, by=by)
    state = kept.state_at(session, meeting.id)
    rules.check_answer(answer, state=state, earlier=row.answer, correction=correction, reason=reason)
    _check_names_only(session, meeting, row, correction, reason)
    row.answer, row.answered_by, row.answered_at = answer, by, now
    row.correction = correction if answer == "accepted" else ""
    row.reason = reason
    session.flush()
    record(session, who=by, did="answered_correction", subject="meeting", subject_id=meeting.id, answer=answer)
    if answer == "accepted":
        issue_minutes(session, meeting, authority=authority, now=now, because="correction_accepted", by=by)
    return row


def _check_names_only(
    session: Session, meeting: MeetingRow, row: ProposedCorrectionRow, correction: str, reason: str
) -> None:
    """Refuse an answer that names another item than the one that the proposal is about; raises Invalid at its words."""
    about = reads.the_item(session, row.agenda_item_id) if row.agenda_item_id else None
    for name, words in (("correction", correction), ("reason", reason)):
        try:
            check_names_only(session, meeting, words, about)
        except Invalid as refusal:
            raise Invalid(str(refusal), {name: [str(refusal)]}) from None
