"""Record what a meeting decided about a family, and let follow what follows."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from services.panel.actions import allocations, corrections
from services.panel.actions.minutes import issue_minutes
from services.panel.actions.queue import queue_request, told_of_request
from services.panel.actions.stand import go_on_after_decision
from services.panel.queries import meeting as reads
from services.panel.queries.papers import awaited_answers, latest_paper
from services.panel.queries.requests import lock_requests
from services.panel.rules import decisions as rules
from services.panel.rules import meeting as meeting_rules
from services.panel.rules.consent import AnswerAwaited, check_may_be_told
from services.panel.rules.paper import excluded_agencies
from services.panel.tables import ActionRow, AgendaItemRow, DecisionRow, KnownServiceRow, MeetingRow
from shared.audit import record
from shared.errors import Invalid
from shared.events.panel import DecisionMade
from shared.messaging.outbox import announce


@dataclass(frozen=True)
class NewAction:
    """What somebody is to do after a decision, who, and by when (a London date)."""

    what: str
    agency_id: UUID
    due_on: date


@dataclass(frozen=True, kw_only=True)
class NewDecision:
    """A decision as it was put: `supersedes` is the one that its writer saw standing, if any."""

    outcome: str
    reasons: str
    details: Mapping[str, Any] = field(default_factory=dict)
    dissent: str = ""
    actions: tuple[NewAction, ...] = ()
    chaired_by: UUID | None = None
    supersedes: UUID | None = None


@dataclass(frozen=True)
class Terms:
    """What the authority's profile says that a decision needs to know."""

    answer_working_days: int
    authority_name: str


def record_decision(
    session: Session, item_id: UUID, decision: NewDecision, *, by: UUID, terms: Terms, now: datetime
) -> DecisionRow:
    """Record a decision about an item, or one that corrects it, announce it and let follow what follows.

    Raises AlreadyDecided when another decision stands than the writer saw, CannotBeCorrected,
    Forbidden to anybody but who runs the meeting, Invalid with what the outcome still needs.
    """
    lock_requests(session, reads.the_item(session, item_id).request_id)
    item, meeting = reads.locked_item(session, item_id)
    meeting_rules.check_may_run(reads.parts_of(session, meeting, by))
    standing = reads.standing_decision(session, item.id)
    chaired_by = _check_circumstances(session, item, meeting, decision, standing, by)
    _check_content(session, item, decision)
    if standing is not None:
        corrections.undo(session, item, standing, meeting_ended=meeting.state == "ended", now=now)
    row = _keep(session, item, decision, chaired_by=chaired_by, by=by, now=now)
    _let_follow(session, item, row, decision, terms=terms, now=now)
    go_on_after_decision(session, meeting, item.id, by=by)
    if meeting.state == "ended":
        session.flush()
        issue_minutes(session, meeting, authority_name=terms.authority_name, now=now)
    return row


def carry_over(session: Session, item_id: UUID, *, because: str, by: UUID, now: datetime) -> None:
    """Carry an item over that the meeting did not come to; the caller ends the meeting and holds the request."""
    item, _ = reads.locked_item(session, item_id)
    decision = NewDecision(
        outcome=rules.CARRY_OVER, reasons="The meeting ended before this family was heard.", details={"reason": because}
    )
    row = _keep(session, item, decision, chaired_by=item.meeting.chaired_by, by=by, now=now)
    _queue_again(session, item, row, decision, now=now)


def _check_circumstances(
    session: Session,
    item: AgendaItemRow,
    meeting: MeetingRow,
    decision: NewDecision,
    standing: DecisionRow | None,
    by: UUID,
) -> UUID | None:
    conflicts = reads.conflicts_of(session, [item.id]).get(item.id, [])
    in_conflict = {conflict.person_id for conflict in conflicts}
    rules.check_may_decide(
        meeting_state=meeting.state,
        item_state=item.state,
        is_let_go=item.queue_entry.let_go_because is not None,
        is_correction=standing is not None,
        person=by,
        in_conflict=in_conflict,
    )
    rules.check_supersedes(standing.id if standing else None, decision.supersedes)
    chaired_by = decision.chaired_by or meeting.chaired_by
    if chaired_by is not None:
        seats = reads.seats_of(session, meeting.panel_id)
        may_chair = {seat.person_id for seat in seats if seat.seat in meeting_rules.CHAIRS and seat.person_id}
        rules.check_chair_of_item(chaired_by, may_chair=may_chair, in_conflict=in_conflict)
    return chaired_by


def _check_content(session: Session, item: AgendaItemRow, decision: NewDecision) -> None:
    rules.check_details(decision.outcome, decision.details, actions=len(decision.actions))
    paper = latest_paper(session, item.request_id)
    not_with = excluded_agencies(paper.content) if paper else []
    if (decision.actions or decision.outcome == rules.ALLOCATE) and awaited_answers(session, [item.request_id]):
        raise AnswerAwaited(
            "The family has given a new answer about sharing. We are fetching it: record this decision in a minute."
        )
    if decision.actions or decision.outcome == rules.ALLOCATE:
        check_may_be_told(paper.content if paper else None)
    names = [reads.agency_name(session, action.agency_id) for action in decision.actions]
    if unknown := [number for number, name in enumerate(names) if not name]:
        errors = {number: {"agency_id": ["Select an agency that the directory knows"]} for number in unknown}
        raise Invalid("An action needs an agency.", {"actions": errors})
    rules.check_actions(names, not_with)
    if decision.outcome == rules.ALLOCATE:
        service = session.get(KnownServiceRow, decision.details["service_id"])
        if service is None:
            message = "Select a service that the directory knows"
            raise Invalid(message, {"service_id": [message]})
        agency = reads.agency_name(session, service.agency_id)
        rules.check_offer(agency, is_open=service.is_open and bool(agency), not_with=not_with)


def _keep(
    session: Session, item: AgendaItemRow, decision: NewDecision, *, chaired_by: UUID | None, by: UUID, now: datetime
) -> DecisionRow:
    row = DecisionRow(
        agenda_item_id=item.id,
        meeting_id=item.meeting_id,
        request_id=item.request_id,
        family_id=item.family_id,
        outcome=decision.outcome,
        reasons=decision.reasons,
        details=_as_json(decision.details),
        dissent=decision.dissent,
        decided_at=now,
        recorded_by=by,
        chaired_by=chaired_by,
        supersedes_id=decision.supersedes,
    )
    session.add(row)
    session.flush()
    for action in decision.actions:
        session.add(
            ActionRow(decision_id=row.id, what=action.what, owner_agency_id=action.agency_id, due_on=action.due_on)
        )
    announce(
        session,
        DecisionMade(
            decision_id=row.id,
            request_id=row.request_id,
            family_id=row.family_id,
            reference=item.reference,
            meeting_id=row.meeting_id,
            outcome=row.outcome,
            decided_at=now,
        ),
    )
    record(session, who=by, did="decided", subject="request", subject_id=row.request_id, outcome=row.outcome)
    return row


def _let_follow(
    session: Session, item: AgendaItemRow, row: DecisionRow, decision: NewDecision, *, terms: Terms, now: datetime
) -> None:
    follows = rules.OUTCOMES[decision.outcome].follows
    if follows is rules.Follows.QUEUED:
        _queue_again(session, item, row, decision, now=now)
        return
    item.state, item.why_not_heard = "heard", None
    item.queue_entry.state, item.queue_entry.left_because = "heard", row.outcome
    session.flush()
    if follows is rules.Follows.OFFERED:
        allocations.offer_after_decision(
            session,
            item,
            row,
            service_id=decision.details["service_id"],
            working_days=terms.answer_working_days,
            now=now,
        )


def _queue_again(
    session: Session, item: AgendaItemRow, row: DecisionRow, decision: NewDecision, *, now: datetime
) -> None:
    """Put the family back in the queue of the same panel; a carried-over item counts how often it was."""
    entry = item.queue_entry
    carried = decision.outcome == rules.CARRY_OVER
    item.state = "carried_over" if carried else "heard"
    item.why_not_heard = str(row.details.get("reason", "")) if carried else None
    entry.state, entry.left_because = ("left" if carried else "heard"), row.outcome
    session.flush()
    queue_request(
        session,
        **told_of_request(entry),
        panel_key=entry.panel.key,
        why="carried_over" if carried else "more_information",
        now=now,
        times_carried=entry.times_carried + 1 if carried else entry.times_carried,
        not_before=rules.comes_back_on(decision.outcome, decision.details),
    )


def _as_json(details: Mapping[str, Any]) -> dict[str, Any]:
    def plain(value: Any) -> Any:
        if isinstance(value, date):
            return value.isoformat()
        return str(value) if isinstance(value, UUID) else value

    return {name: plain(value) for name, value in details.items() if value not in (None, "", [])}
