"""Offer a family to an agency, and take its answer. A request has one open offer at most."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from services.panel.actions.agreement import keep_agreement
from services.panel.actions.papers import want_paper
from services.panel.actions.plans import check_leads_plans, open_plan
from services.panel.actions.queue import queue_request, told_of_request
from services.panel.queries import allocations as reads
from services.panel.queries.papers import closed_to_agency, latest_paper
from services.panel.queries.requests import lock_requests
from services.panel.rules import allocations as rules
from services.panel.rules.agreement import Agreement
from services.panel.rules.allocations import PanelChoice
from services.panel.rules.consent import check_may_take_on
from services.panel.tables import (
    AgendaItemRow,
    AllocationRow,
    DecisionRow,
    KnownServiceRow,
    LimitsRow,
    MeetingRow,
    PlanRow,
)
from shared.audit import record
from shared.authority import Limits, Reviews
from shared.errors import Invalid
from shared.events.panel import (
    AllocationAccepted,
    AllocationDeclined,
    AllocationOffered,
    AllocationUnanswered,
    AllocationWithdrawn,
)
from shared.events.referrals import RequestSentToService
from shared.identity import Person
from shared.london import london_date
from shared.messaging.outbox import announce


def keep_limits(session: Session, limits: Limits) -> None:
    """Keep the authority's time limits where the event handlers can read them."""
    days = limits.allocation_answer_working_days
    session.execute(
        insert(LimitsRow)
        .values(only_row=True, allocation_answer_working_days=days)
        .on_conflict_do_update(index_elements=["only_row"], set_={"allocation_answer_working_days": days})
    )


def offer_after_decision(
    session: Session, item: AgendaItemRow, decision: DecisionRow, *, service_id: UUID, working_days: int, now: datetime
) -> AllocationRow:
    """Offer a family to the agency of the service that a meeting allocated it to."""
    entry = item.queue_entry
    service = session.get_one(KnownServiceRow, service_id)
    offer = AllocationRow(
        **told_of_request(entry),
        decision_id=decision.id,
        meeting_id=item.meeting_id,
        agency_id=service.agency_id,
        service_id=service.service_id,
        offered_at=now,
        answer_due_on=rules.answer_due_on(london_date(now), working_days),
    )
    return _offer(session, offer)


def offer_directly(session: Session, fact: RequestSentToService, now: datetime) -> AllocationRow:
    """Offer a family that triage sent straight to a service; the caller has let go of the request before."""
    days = session.scalars(sa.select(LimitsRow.allocation_answer_working_days)).one()
    offer = AllocationRow(
        **told_of_request(fact),
        agency_id=fact.agency_id,
        service_id=fact.service_id,
        offered_at=now,
        answer_due_on=rules.answer_due_on(london_date(now), days),
    )
    want_paper(session, fact.request_id)
    return _offer(session, offer)


def accept_allocation(
    session: Session,
    allocation_id: UUID,
    *,
    practitioner_id: UUID,
    by: Person,
    reviews: Reviews,
    review_case: str = "",
    agreement: Agreement | None = None,
    new_agency: str = "never",
    now: datetime,
) -> PlanRow:
    """Take a family on for the manager's agency and name who leads: the plan is open, its first review is due.

    `review_case` empty is the case of its kind. `agreement` is the family's to this agency, needed by the authority's
    rule `new_agency`. Raises NotFound for another agency's offer, or where the family does not share with this agency
    any more, AlreadyAnswered, AnswerAwaited, PaperAwaited, Invalid when that person does not lead plans there or the
    family has not agreed.
    """
    allocation = _to_answer(session, allocation_id, by)
    check_may_take_on(closed_to_agency(session, allocation.request_id, allocation.agency_id))
    check_leads_plans(session, practitioner_id, allocation.agency_id)
    keep_agreement(session, allocation, agreement, new_agency=new_agency, by=by, now=now)
    _answer(allocation, "accepted", by, now)
    allocation.practitioner_id = practitioner_id
    plan, due_on = open_plan(
        session, allocation, practitioner_id=practitioner_id, reviews=reviews, review_case=review_case, now=now
    )
    announce(
        session,
        AllocationAccepted(
            allocation_id=allocation.id,
            request_id=allocation.request_id,
            family_id=allocation.family_id,
            reference=allocation.reference,
            agency_id=allocation.agency_id,
            practitioner_id=practitioner_id,
            plan_id=plan.id,
            review_due_on=due_on,
        ),
    )
    record(session, who=by.person_id, did="accepted", subject="request", subject_id=allocation.request_id)
    return plan


def decline_allocation(
    session: Session,
    allocation_id: UUID,
    *,
    reason: str,
    note: str,
    by: Person,
    panels: Sequence[PanelChoice],
    now: datetime,
) -> None:
    """Decline a family with a reason: it is back in the queue of the panel that it came from at once.

    Raises NotFound for another agency's offer, AlreadyAnswered, Invalid when another reason is not told.
    """
    allocation = _to_answer(session, allocation_id, by)
    if reason == "other" and not note:
        message = "Enter the reason"
        raise Invalid(message, {"note": [message]})
    _answer(allocation, "declined", by, now)
    allocation.declined_because, allocation.decline_note = reason, note
    session.flush()
    announce(
        session,
        AllocationDeclined(
            allocation_id=allocation.id,
            request_id=allocation.request_id,
            family_id=allocation.family_id,
            reference=allocation.reference,
            agency_id=allocation.agency_id,
            reason=reason,
        ),
    )
    record(session, who=by.person_id, did="declined", subject="request", subject_id=allocation.request_id)
    _queue_again(session, allocation, panels, why="declined", now=now)


def withdraw_offer(session: Session, request_id: UUID, *, because: str, now: datetime) -> bool:
    """Withdraw the offer of a request that nobody has answered yet; say whether there was one."""
    allocation = reads.open_offer_of(session, request_id)
    if allocation is None:
        return False
    _withdraw(session, allocation, because=because, now=now)
    return True


def withdraw_and_queue(
    session: Session, allocation: AllocationRow, *, panels: Sequence[PanelChoice], now: datetime
) -> None:
    """Take an offer back that the family's newest answer about sharing rules out; the family waits for a panel again."""
    _withdraw(session, allocation, because="consent_changed", now=now)
    _queue_again(session, allocation, panels, why="consent_changed", now=now)


def chase_unanswered(session: Session, now: datetime) -> int:
    """Announce each offer that is past its day and unanswered, once; return how many there were."""
    late = reads.unanswered_offers(session, london_date(now))
    for allocation in late:
        allocation.chased_at = now
        announce(
            session,
            AllocationUnanswered(
                allocation_id=allocation.id,
                request_id=allocation.request_id,
                family_id=allocation.family_id,
                reference=allocation.reference,
                agency_id=allocation.agency_id,
                answer_due_on=allocation.answer_due_on,
            ),
        )
    return len(late)


def _offer(session: Session, offer: AllocationRow) -> AllocationRow:
    session.add(offer)
    session.flush()
    announce(
        session,
        AllocationOffered(
            allocation_id=offer.id,
            request_id=offer.request_id,
            family_id=offer.family_id,
            reference=offer.reference,
            agency_id=offer.agency_id,
            service_id=offer.service_id,
            meeting_id=offer.meeting_id,
            answer_due_on=offer.answer_due_on,
        ),
    )
    return offer


def _withdraw(session: Session, allocation: AllocationRow, *, because: str, now: datetime) -> None:
    allocation.state, allocation.answered_at = "withdrawn", now
    session.flush()
    announce(
        session,
        AllocationWithdrawn(
            allocation_id=allocation.id,
            request_id=allocation.request_id,
            family_id=allocation.family_id,
            reference=allocation.reference,
            agency_id=allocation.agency_id,
            because=because,
        ),
    )
    record(
        session,
        who="panel",
        did="withdrew_offer",
        subject="request",
        subject_id=allocation.request_id,
        agency=str(allocation.agency_id),
        because=because,
    )


def _to_answer(session: Session, allocation_id: UUID, by: Person) -> AllocationRow:
    allocation = reads.allocation_for(session, allocation_id, by.agency_id)
    lock_requests(session, allocation.request_id)
    allocation = reads.allocation_for(session, allocation_id, by.agency_id, lock=True)
    rules.check_unanswered(allocation.state)
    return allocation


def _answer(allocation: AllocationRow, state: str, by: Person, now: datetime) -> None:
    allocation.state, allocation.answered_at, allocation.answered_by = state, now, by.person_id


def _panel_of(session: Session, allocation: AllocationRow, panels: Sequence[PanelChoice]) -> str:
    """Return the key of the panel to which a family goes back."""
    if allocation.meeting_id is not None:
        return session.get_one(MeetingRow, allocation.meeting_id).panel.key
    paper = latest_paper(session, allocation.request_id)
    locality = str(paper.content.get("locality") or "") if paper else ""
    return rules.panel_to_return_to(panels, kind=allocation.kind, locality=locality)


def _queue_again(
    session: Session, allocation: AllocationRow, panels: Sequence[PanelChoice], *, why: str, now: datetime
) -> None:
    queue_request(
        session,
        **told_of_request(allocation),
        panel_key=_panel_of(session, allocation, panels),
        why=why,
        now=now,
    )
