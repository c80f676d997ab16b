"""Record what a meeting decided about a family, and let follow what follows."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from services.panel.actions import allocations, corrections
from services.panel.actions.action_log import keep_what_became
from services.panel.actions.decision_checks import check_circumstances, check_content
from services.panel.actions.letters import want_letters
from services.panel.actions.minutes import follow_correction
from services.panel.actions.notes import drop_unsaved_decision
from services.panel.actions.queue import queue_request, told_of_request
from services.panel.actions.stand import go_on_after_decision
from services.panel.queries import meeting as reads
from services.panel.queries.decisions import services_before
from services.panel.queries.papers import latest_paper
from services.panel.queries.queue import placed_item
from services.panel.queries.requests import lock_requests
from services.panel.rules import decisions as rules
from services.panel.rules import meeting as meeting_rules
from services.panel.rules.allocations import answer_due_on
from services.panel.rules.children import positions
from services.panel.rules.new_decision import NewDecision, Urgent
from services.panel.rules.recorded import consent_covers, reallocated_from
from services.panel.tables import (
    ActionRow,
    AgendaItemRow,
    DecisionChildRow,
    DecisionRow,
    DissentRow,
    KnownServiceRow,
    QueueEntryRow,
    ReferrerToldRow,
)
from shared.audit import record
from shared.authority import Authority
from shared.events.panel import DecisionMade
from shared.london import london_date
from shared.messaging.outbox import announce


def record_decision(
    session: Session, item_id: UUID, decision: NewDecision, *, by: UUID, authority: Authority, now: datetime
) -> DecisionRow:
    """Record a decision about an item, or one that corrects it, announce it and let follow what follows.

    Raises AlreadyDecided when another decision stands than the writer saw, CannotBeCorrected,
    Forbidden to anybody but who runs the meeting, Invalid with what the outcome still needs.
    """
    lock_requests(session, reads.the_item(session, item_id).request_id)
    item, meeting = reads.locked_item(session, item_id, with_panel=True)
    meeting_rules.check_may_run(reads.parts_of(session, meeting, by))
    standing = reads.standing_decision(session, item.id)
    chaired_by = check_circumstances(session, item, meeting, decision, standing, by)
    check_content(session, item, decision)
    if standing is not None:
        corrections.undo(session, item, standing, meeting_ended=meeting.state == "ended", now=now)
    derived = derived_details(session, item, decision, authority=authority, now=now)
    row = keep_decision(session, item, decision, derived, chaired_by=chaired_by, by=by, now=now)
    if standing is not None:
        keep_what_became(session, standing.id, row.id)
    let_follow(session, item, row, decision, authority=authority, now=now)
    drop_unsaved_decision(session, item.id, by=by)
    go_on_after_decision(session, meeting, item.id, by=by)
    if meeting.state == "ended":
        session.flush()
        follow_correction(session, meeting, item.id, authority=authority, by=by, now=now)
    return row


def keep_referrer_told(session: Session, decision_id: UUID, *, how: str, now: datetime) -> None:
    """Keep that the referrer knows of a decision; the first time counts."""
    told = insert(ReferrerToldRow).values(decision_id=decision_id, how=how, told_at=now)
    session.execute(told.on_conflict_do_nothing())


def carry_over(session: Session, item_id: UUID, *, because: str, by: UUID, now: datetime) -> None:
    """Carry an item over that the meeting did not come to; the caller ends the meeting, and holds it, its panel and the request."""
    item, _ = reads.locked_item(session, item_id)
    decision = NewDecision(
        outcome=rules.CARRY_OVER, reasons="The meeting ended before this family was heard.", details={"reason": because}
    )
    derived = {"times_carried": item.queue_entry.times_carried + 1}
    row = keep_decision(session, item, decision, derived, chaired_by=item.meeting.chaired_by, by=by, now=now)
    _queue_again(session, item, row, decision, now=now)


def derived_details(
    session: Session, item: AgendaItemRow, decision: NewDecision, *, authority: Authority, now: datetime
) -> dict[str, Any]:
    """Return what a decision records besides, because it follows from what is known now."""
    entry = item.queue_entry
    if decision.outcome == rules.CARRY_OVER:
        return {"times_carried": entry.times_carried + 1}
    paper = latest_paper(session, item.request_id)
    level = _level(entry, paper.content if paper else {})
    if decision.outcome != rules.ALLOCATE:
        return {"level": level} if any(child.level_number is not None for child in decision.children) else {}
    service = session.get_one(KnownServiceRow, decision.details["service_id"])
    return {
        "level": level,
        "consent_covers": consent_covers(
            paper.content if paper else None, reads.agency_name(session, service.agency_id)
        ),
        "lead_named_by_on": answer_due_on(london_date(now), authority.limits.allocation_answer_working_days),
        **reallocated_from(services_before(session, item.request_id)),
    }


def _level(entry: QueueEntryRow, content: Mapping[str, Any]) -> dict[str, Any]:
    level = {"scheme": entry.level_scheme, "version": entry.level_version, "number": entry.level_number}
    said = content.get("level") or {}
    label = said.get("label", "") if all(said.get(name) == value for name, value in level.items()) else ""
    return level | {"label": label}


def keep_decision(
    session: Session,
    item: AgendaItemRow,
    decision: NewDecision,
    derived: Mapping[str, Any],
    *,
    chaired_by: UUID | None,
    by: UUID,
    now: datetime,
    urgent: Urgent | None = None,
) -> DecisionRow:
    """Record a decision with all that stands beside it, announce it, and have its letters made."""
    row = DecisionRow(
        agenda_item_id=item.id,
        meeting_id=item.meeting_id,
        request_id=item.request_id,
        family_id=item.family_id,
        outcome=decision.outcome,
        reasons=decision.reasons,
        details=_as_json({**decision.details, **derived}),
        dissent=decision.dissent,
        agreed_outside=decision.agreed_outside,
        urgent_because=urgent.because if urgent else None,
        consulted=urgent.consulted if urgent else None,
        decided_at=now,
        recorded_by=by,
        chaired_by=chaired_by,
        supersedes_id=decision.supersedes,
    )
    session.add(row)
    session.flush()
    _keep_beside(session, item, row, decision)
    want_letters(session, row.id)
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
            children_outcomes=tuple(sorted({child.outcome for child in decision.children} - {"", row.outcome})),
        ),
    )
    record(session, who=by, did="decided", subject="request", subject_id=row.request_id, outcome=row.outcome)
    return row


def _keep_beside(session: Session, item: AgendaItemRow, row: DecisionRow, decision: NewDecision) -> None:
    """Keep the actions, where the decision differs for a child, and who disagreed."""
    for action in decision.actions:
        session.add(
            ActionRow(
                decision_id=row.id,
                what=action.what,
                owner_agency_id=action.agency_id,
                owner_person_id=action.person_id,
                due_on=action.due_on,
            )
        )
    paper = latest_paper(session, item.request_id)
    places = positions(paper.content) if paper else {}
    for child in decision.children:
        session.add(
            DecisionChildRow(
                decision_id=row.id,
                child_ref=child.child_ref,
                position=places[child.child_ref],
                outcome=child.outcome or None,
                service_id=child.service_id,
                level_number=child.level_number,
                note=child.note,
            )
        )
    agencies = {seat.person_id: seat.agency_id for seat in reads.seats_of(session, item.queue_entry.panel_id)}
    for person_id in decision.dissent_by:
        session.add(DissentRow(decision_id=row.id, person_id=person_id, agency_id=agencies[person_id]))
    session.flush()


def let_follow(
    session: Session,
    item: AgendaItemRow,
    row: DecisionRow,
    decision: NewDecision,
    *,
    authority: Authority,
    now: datetime,
) -> None:
    """Offer the family, let it wait for a later meeting, or let its way end, as the outcome says."""
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
            working_days=authority.limits.allocation_answer_working_days,
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
    waits = queue_request(
        session,
        **told_of_request(entry),
        panel_key=entry.panel.key,
        why="carried_over" if carried else "more_information",
        now=now,
        times_carried=entry.times_carried + 1 if carried else entry.times_carried,
        not_before=rules.comes_back_on(decision.outcome, decision.details),
    )
    place = placed_item(session, waits.id)
    if place is not None:
        row.details = row.details | {"returns_on": place.meeting.held_on.isoformat()}


def _as_json(details: Mapping[str, Any]) -> dict[str, Any]:
    def plain(value: Any) -> Any:
        if isinstance(value, date):
            return value.isoformat()
        return str(value) if isinstance(value, UUID) else value

    return {name: plain(value) for name, value in details.items() if value not in (None, "", [])}
