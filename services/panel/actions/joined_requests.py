"""Later requests of a family that has a plan: they lie with the plan, for whoever leads it to read."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from services.panel.actions.papers import want_paper
from services.panel.queries import plans as reads
from services.panel.queries.papers import closed_to_agency, latest_paper_id
from services.panel.rules.consent import check_stays_unread
from services.panel.tables import PlanRequestRow, PlanRow
from shared.audit import record
from shared.errors import NotFound
from shared.events.panel import RequestFoundPlanClosed, RequestJoinedPlan
from shared.events.referrals import RequestAddedToPlan
from shared.identity import Person
from shared.london import london_date
from shared.messaging.outbox import announce


def join_plan(session: Session, fact: RequestAddedToPlan, now: datetime) -> None:
    """Put a request with a plan and have its paper fetched; raises NotFound when there is no such plan.

    A plan that has ended takes no request: the front door hears of it and decides anew.
    """
    plan = reads.locked_plan(session, fact.plan_id)
    if plan.closed_on is not None:
        _tell_front_door(session, plan.id, fact.request_id, fact.family_id, fact.reference)
        return
    session.add(
        PlanRequestRow(
            plan_id=plan.id,
            request_id=fact.request_id,
            family_id=fact.family_id,
            reference=fact.reference,
            joined_on=london_date(now),
        )
    )
    session.flush()
    want_paper(session, fact.request_id)
    announce(
        session,
        RequestJoinedPlan(
            plan_id=plan.id,
            request_id=fact.request_id,
            family_id=fact.family_id,
            reference=fact.reference,
            practitioner_id=plan.practitioner_id,
        ),
    )
    record(session, who="panel", did="joined_plan", subject="request", subject_id=fact.request_id, plan=str(plan.id))


def leave_plan(session: Session, request_id: UUID, *, because: str, now: datetime) -> None:
    """Take a request away from the plan that it joined; nothing happens when it is with none."""
    row = _locked(session, request_id)
    if row is not None:
        row.left_on, row.left_because = london_date(now), because
        session.flush()


def give_back_requests(session: Session, plan: PlanRow, *, also_read: bool, now: datetime) -> None:
    """Send the requests back to the front door that nobody has read when their plan ends, or every one."""
    for row in reads.requests_of(session, plan.id, lock=True):
        if also_read or row.opened_at is None:
            row.left_on, row.left_because = london_date(now), "plan_closed"
            _tell_front_door(session, plan.id, row.request_id, row.family_id, row.reference)
        else:
            row.last_paper_id = latest_paper_id(session, row.request_id)


def open_request(row: PlanRequestRow, *, by: UUID, led_by: UUID, now: datetime) -> None:
    """Keep that somebody read a request that joined a plan; it is new until whoever leads the plan has."""
    if row.opened_at is None and by == led_by:
        row.opened_at = now


def mark_seen(session: Session, plan_id: UUID, request_id: UUID, *, by: Person, now: datetime) -> None:
    """Keep that whoever leads a plan saw that a request is closed to them: it is new no more, and still unread.

    When the plan ends it goes back to the front door, as nobody has read it. Raises NotFound, CanBeRead.
    """
    plan = reads.plan_led_by(session, plan_id, by)
    row = _among(reads.requests_of(session, plan.id, lock=True), request_id)
    if row is None:
        raise NotFound("There is no such request with this plan.")
    closed = closed_to_agency(session, request_id, plan.agency_id)
    check_stays_unread(closed)
    row.seen_at = row.seen_at or now
    record(session, who=by.person_id, did="marked_seen", subject="request", subject_id=request_id, because=closed)


def show_as_new_again(session: Session, request_id: UUID) -> None:
    """Let a request be new again to whoever leads its plan: the family has answered anew, so they may read it now."""
    row = _locked(session, request_id)
    if row is not None:
        row.seen_at = None
        session.flush()


def _locked(session: Session, request_id: UUID) -> PlanRequestRow | None:
    """Return what is kept of a request with the plan that it joined, or None when it is with none."""
    plan_id = reads.plan_joined_by(session, request_id)
    if plan_id is None:
        return None
    # The plan first, then its requests: the order in which a plan is closed.
    reads.locked_plan(session, plan_id)
    return _among(reads.requests_of(session, plan_id, lock=True), request_id)


def _among(rows: Sequence[PlanRequestRow], request_id: UUID) -> PlanRequestRow | None:
    return next((row for row in rows if row.request_id == request_id), None)


def _tell_front_door(session: Session, plan_id: UUID, request_id: UUID, family_id: UUID, reference: str) -> None:
    announce(
        session,
        RequestFoundPlanClosed(plan_id=plan_id, request_id=request_id, family_id=family_id, reference=reference),
    )
