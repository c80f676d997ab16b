"""Urgent decisions: the chair decides between meetings, and the next meeting ratifies it or decides otherwise."""

from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.panel.actions.circulation import send_out_supplement
from services.panel.actions.decision_checks import check_content
from services.panel.actions.decisions import derived_details, keep_decision, let_follow
from services.panel.actions.stand import go_on_after_decision
from services.panel.queries import arrangements as waits
from services.panel.queries import calendar as calendar_reads
from services.panel.queries import meeting as reads
from services.panel.queries import urgent as queries
from services.panel.queries.no_part import check_has_part
from services.panel.queries.papers import latest_paper
from services.panel.queries.requests import lock_requests
from services.panel.rules import decisions as rules
from services.panel.rules import meeting as meeting_rules
from services.panel.rules.consent import AnswerAwaited
from services.panel.rules.new_decision import NewDecision, Urgent
from services.panel.tables import AgendaItemRow, DecisionRow, MeetingRow, QueueEntryRow, RatificationRow
from shared.audit import record
from shared.authority import Authority
from shared.errors import Conflict
from shared.london import london_date

TO_RATIFY = "to_ratify"


def decide_urgently(
    session: Session,
    request_id: UUID,
    decision: NewDecision,
    urgent: Urgent,
    *,
    by: UUID,
    authority: Authority,
    now: datetime,
) -> DecisionRow:
    """Record what the chair decides about a family that waits; it takes effect at once and is on the next agenda.

    Raises NotFound where the family waits nowhere, Forbidden to anybody but a chair or deputy, Conflict where a
    meeting hears it or none comes, Invalid with what the outcome still needs.
    """
    lock_requests(session, request_id)
    panel_id = waits.standing_of(session, request_id).entry.panel_id
    calendar_reads.lock_panel(session, panel_id)
    standing = waits.standing_of(session, request_id)
    rules.check_may_decide_urgently(
        decision.outcome,
        chairs=bool(reads.seats_held(session, panel_id, by) & set(meeting_rules.CHAIRS)),
        meeting_state=standing.meeting.state if standing.meeting else "",
    )
    check_has_part(session, request_id, by)
    if latest_paper(session, request_id) is None:
        raise AnswerAwaited("The family's paper is being fetched. Try again in a minute.")
    meeting = _next_meeting(session, panel_id, now)
    item = _item_to_ratify(session, standing, meeting)
    check_content(session, item, decision)
    derived = derived_details(session, item, decision, authority=authority, now=now)
    row = keep_decision(session, item, decision, derived, chaired_by=by, by=by, now=now, urgent=urgent)
    let_follow(session, item, row, decision, authority=authority, now=now)
    item.state = TO_RATIFY
    session.add(RatificationRow(agenda_item_id=item.id, decision_id=row.id))
    _put_on_agenda(session, item, meeting, authority, now=now)
    record(session, who=by, did="decided_urgently", subject="request", subject_id=request_id, outcome=row.outcome)
    return row


def ratify(session: Session, item_id: UUID, *, decision_id: UUID, note: str, by: UUID, now: datetime) -> None:
    """Record that a meeting ratifies an urgent decision, the one that whoever records it saw; raises AlreadyDecided."""
    lock_requests(session, reads.the_item(session, item_id).request_id)
    item, meeting = reads.locked_item(session, item_id)
    meeting_rules.check_may_run(reads.parts_of(session, meeting, by))
    ratification = queries.ratification_of(session, item_id)
    standing = reads.standing_decision(session, item_id)
    rules.check_can_be_ratified(
        is_standing=standing is not None and standing.id == ratification.decision_id == decision_id,
        is_ratified=ratification.ratified_at is not None,
        meeting_state=meeting.state,
    )
    check_has_part(session, item.request_id, by)
    ratification.ratified_at, ratification.recorded_by, ratification.note = now, by, note
    item.state = "heard"
    record(session, who=by, did="ratified", subject="request", subject_id=item.request_id)
    go_on_after_decision(session, meeting, item_id, by=by)


def carry_ratifications(session: Session, authority: Authority, now: datetime) -> int:
    """Put urgent decisions that their meeting did not come to on the next agenda; return how many there were."""
    left = queries.left_to_ratify(session)
    for ratification, item in left:
        calendar_reads.lock_panel(session, item.queue_entry.panel_id)
        meeting = _next_meeting(session, item.queue_entry.panel_id, now)
        item.state, item.why_not_heard = "carried_over", "not_ratified"
        later = _new_item(session, item.queue_entry, meeting)
        session.add(RatificationRow(agenda_item_id=later.id, decision_id=ratification.decision_id))
        _put_on_agenda(session, later, meeting, authority, now=now)
    return len(left)


def _next_meeting(session: Session, panel_id: UUID, now: datetime) -> MeetingRow:
    meeting = queries.next_meeting_to_sit(session, panel_id, london_date(now))
    if meeting is None:
        raise Conflict("No meeting of this panel is planned that could ratify it.")
    return meeting


def _item_to_ratify(session: Session, standing: waits.Standing, meeting: MeetingRow) -> AgendaItemRow:
    """Return the family's item at a meeting; a place that it had at a later one is given up."""
    if standing.item is not None and standing.item.meeting_id == meeting.id:
        return standing.item
    if standing.item is not None:
        standing.item.state, standing.item.why_not_heard = "removed", "decided_urgently"
    return _new_item(session, standing.entry, meeting)


def _new_item(session: Session, entry: QueueEntryRow, meeting: MeetingRow) -> AgendaItemRow:
    item = AgendaItemRow(
        meeting_id=meeting.id,
        queue_entry=entry,
        request_id=entry.request_id,
        family_id=entry.family_id,
        reference=entry.reference,
        state=TO_RATIFY,
    )
    session.add(item)
    session.flush()
    return item


def _put_on_agenda(
    session: Session, item: AgendaItemRow, meeting: MeetingRow, authority: Authority, *, now: datetime
) -> None:
    """Give an item of a closed agenda its number and its paper, and send them out as a supplement."""
    session.flush()
    if meeting.state != "agenda_closed" or item.number is not None:
        return
    last = session.scalar(sa.select(sa.func.max(AgendaItemRow.number)).where(AgendaItemRow.meeting_id == meeting.id))
    item.number, item.paper, item.supplement = (last or 0) + 1, latest_paper(session, item.request_id), None
    session.flush()
    send_out_supplement(session, meeting, [item], authority, now=now)
