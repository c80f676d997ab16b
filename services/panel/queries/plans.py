"""Reads about plans and their reviews."""

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session, contains_eager

from services.panel.tables import PlanLeadRow, PlanRequestRow, PlanRow, ReviewRow
from shared.errors import NotFound
from shared.identity import Person
from shared.paging import LONG_PAGE_SIZE, PageOf, page_of_lines


class PlanLine(NamedTuple):
    """A plan and when its next review is due, if one is."""

    plan: PlanRow
    review_due_on: date | None


def _seen_by(person: Person) -> sa.ColumnElement[bool]:
    """Return which plans a person may see: their own, and as a manager those of their agency."""
    seen: list[sa.ColumnElement[bool]] = []
    if person.has("lead_practitioner"):
        # Who has moved to another agency leaves their families behind with the agency that took them on.
        seen.append(sa.and_(PlanRow.practitioner_id == person.person_id, PlanRow.agency_id == person.agency_id))
    if person.has("agency_manager") and person.agency_id is not None:
        seen.append(PlanRow.agency_id == person.agency_id)
    return sa.or_(sa.false(), *seen)


def plans_for(session: Session, person: Person, *, closed: bool, number: int) -> PageOf[PlanLine]:
    """Return a page of plans, the soonest review first."""
    waiting = sa.and_(ReviewRow.plan_id == PlanRow.id, ReviewRow.held_on.is_(None))
    is_closed = PlanRow.closed_on.is_not(None) if closed else PlanRow.closed_on.is_(None)
    statement = (
        sa.select(PlanRow, ReviewRow.due_on)
        .outerjoin(ReviewRow, waiting)
        .where(_seen_by(person), is_closed)
        .order_by(ReviewRow.due_on.nulls_last(), PlanRow.closed_on.desc(), PlanRow.id)
    )
    return page_of_lines(session, statement, PlanLine, number=number, size=LONG_PAGE_SIZE)


def plan_for(session: Session, plan_id: UUID, person: Person) -> PlanRow:
    """Return a plan that this person may see; raises NotFound for any other."""
    plan = session.scalars(sa.select(PlanRow).where(PlanRow.id == plan_id, _seen_by(person))).one_or_none()
    if plan is None:
        raise NotFound("There is no such plan, or it is somebody else's.")
    return plan


def plan_led_by(session: Session, plan_id: UUID, person: Person) -> PlanRow:
    """Return a plan that this person leads for its agency, locked; raises NotFound for any other."""
    statement = sa.select(PlanRow).where(
        PlanRow.id == plan_id, PlanRow.practitioner_id == person.person_id, PlanRow.agency_id == person.agency_id
    )
    plan = session.scalars(statement.with_for_update().execution_options(populate_existing=True)).one_or_none()
    if plan is None:
        raise NotFound("There is no such plan, or somebody else leads it.")
    return plan


def plan_once_led_by(session: Session, plan_id: UUID, person: Person) -> PlanRow:
    """Return a plan that this person leads or has led; raises NotFound for any other."""
    named = sa.exists().where(PlanLeadRow.plan_id == PlanRow.id, PlanLeadRow.practitioner_id == person.person_id)
    plan = session.scalars(sa.select(PlanRow).where(PlanRow.id == plan_id, named)).one_or_none()
    if plan is None:
        raise NotFound("There is no such plan, or somebody else leads it.")
    return plan


def plan_of_agency(session: Session, plan_id: UUID, agency_id: UUID | None, *, lock: bool = False) -> PlanRow:
    """Return a plan of this agency, locked if asked; raises NotFound for any other."""
    statement = sa.select(PlanRow).where(PlanRow.id == plan_id, PlanRow.agency_id == agency_id)
    if lock:
        statement = statement.with_for_update().execution_options(populate_existing=True)
    plan = session.scalars(statement).one_or_none()
    if plan is None:
        raise NotFound("There is no such plan, or it is another agency's.")
    return plan


def locked_plan(session: Session, plan_id: UUID) -> PlanRow:
    """Return a plan, locked; raises NotFound."""
    plan = session.get(PlanRow, plan_id, with_for_update=True, populate_existing=True)
    if plan is None:
        raise NotFound("There is no such plan.")
    return plan


def locked_open_plan_of(session: Session, request_id: UUID) -> PlanRow | None:
    """Return the open plan that a request led to, locked, or None."""
    statement = sa.select(PlanRow).where(PlanRow.request_id == request_id, PlanRow.closed_on.is_(None))
    return session.scalars(statement.with_for_update().execution_options(populate_existing=True)).one_or_none()


def leads_of(session: Session, plan_id: UUID) -> Sequence[PlanLeadRow]:
    """Return who was named to lead a plan, the first one first."""
    statement = sa.select(PlanLeadRow).where(PlanLeadRow.plan_id == plan_id)
    rows = {row.supersedes_id: row for row in session.scalars(statement)}
    # A rehearsal's clock may stand still between two namings: what each one supersedes gives the order.
    leads = [rows[None]]
    while leads[-1].id in rows:
        leads.append(rows[leads[-1].id])
    return leads


def standing_lead(session: Session, plan_id: UUID) -> PlanLeadRow:
    """Return the naming of a plan's lead practitioner that no other one supersedes."""
    return leads_of(session, plan_id)[-1]


def requests_of(session: Session, plan_id: UUID, *, lock: bool = False) -> Sequence[PlanRequestRow]:
    """Return the later requests that lie with a plan, the newest first."""
    statement = sa.select(PlanRequestRow).where(PlanRequestRow.plan_id == plan_id, PlanRequestRow.left_on.is_(None))
    if lock:
        statement = statement.with_for_update().execution_options(populate_existing=True)
    return session.scalars(statement.order_by(PlanRequestRow.joined_on.desc(), PlanRequestRow.reference)).all()


def request_of(session: Session, plan_id: UUID, request_id: UUID) -> PlanRequestRow:
    """Return a later request that lies with a plan; raises NotFound."""
    row = next((row for row in requests_of(session, plan_id) if row.request_id == request_id), None)
    if row is None:
        raise NotFound("There is no such request with this plan.")
    return row


def open_plan_with(session: Session, request_id: UUID) -> PlanRow | None:
    """Return the open plan that a request led to or lies with, or None."""
    joined = sa.select(PlanRequestRow.plan_id).where(
        PlanRequestRow.request_id == request_id, PlanRequestRow.left_on.is_(None)
    )
    is_its = sa.or_(PlanRow.request_id == request_id, PlanRow.id.in_(joined))
    return session.scalars(sa.select(PlanRow).where(is_its, PlanRow.closed_on.is_(None))).first()


def plan_joined_by(session: Session, request_id: UUID) -> UUID | None:
    """Return the plan with which a request lies, or None."""
    return session.scalar(
        sa.select(PlanRequestRow.plan_id).where(
            PlanRequestRow.request_id == request_id, PlanRequestRow.left_on.is_(None)
        )
    )


def new_requests(session: Session, plan_ids: Sequence[UUID]) -> dict[UUID, int]:
    """Return how many requests with each plan are new to whoever leads it; plans without one are left out."""
    rows = session.execute(
        sa.select(PlanRequestRow.plan_id, sa.func.count())
        .where(
            PlanRequestRow.plan_id.in_(plan_ids),
            PlanRequestRow.left_on.is_(None),
            PlanRequestRow.opened_at.is_(None),
            PlanRequestRow.seen_at.is_(None),
        )
        .group_by(PlanRequestRow.plan_id)
    )
    return {row[0]: row[1] for row in rows}


def plan_of_allocation(session: Session, allocation_id: UUID) -> PlanRow | None:
    """Return the plan that an accepted allocation opened, or None."""
    return session.scalars(sa.select(PlanRow).where(PlanRow.allocation_id == allocation_id)).one_or_none()


def reviews_of(session: Session, plan_id: UUID) -> Sequence[ReviewRow]:
    """Return the reviews of a plan, the one that is due first, then the newest."""
    statement = sa.select(ReviewRow).where(ReviewRow.plan_id == plan_id)
    return session.scalars(statement.order_by(ReviewRow.held_on.desc().nulls_first(), ReviewRow.due_on.desc())).all()


def waiting_review(session: Session, plan_id: UUID) -> ReviewRow | None:
    """Return the review of a plan that is still to be held, or None."""
    statement = sa.select(ReviewRow).where(ReviewRow.plan_id == plan_id, ReviewRow.held_on.is_(None))
    return session.scalars(statement.execution_options(populate_existing=True)).one_or_none()


def last_held_on(session: Session, plan_id: UUID) -> date | None:
    """Return when the last review of a plan was held, or None."""
    return session.scalar(sa.select(sa.func.max(ReviewRow.held_on)).where(ReviewRow.plan_id == plan_id))


def reviews_to_remind_of(session: Session, today: date, until: date) -> Sequence[ReviewRow]:
    """Return the reviews due from today until a day that nobody was reminded of, locked, each with its plan."""
    return session.scalars(
        _waiting().where(ReviewRow.due_on.between(today, until), ReviewRow.reminded_at.is_(None))
    ).all()


def overdue_reviews(session: Session, today: date) -> Sequence[ReviewRow]:
    """Return the reviews past their day that nobody was alerted of, locked, each with its plan."""
    return session.scalars(_waiting().where(ReviewRow.due_on < today, ReviewRow.overdue_at.is_(None))).all()


def _waiting() -> sa.Select[ReviewRow]:
    return (
        sa.select(ReviewRow)
        .join(ReviewRow.plan)
        .options(contains_eager(ReviewRow.plan))
        .where(ReviewRow.held_on.is_(None), PlanRow.closed_on.is_(None))
        .order_by(ReviewRow.due_on, ReviewRow.id)
        .with_for_update(of=ReviewRow, skip_locked=True)
    )


def has_open_plan(session: Session, family_id: UUID) -> bool:
    """Say whether somebody leads a plan for a family."""
    open_plans = sa.exists().where(PlanRow.family_id == family_id, PlanRow.closed_on.is_(None))
    return bool(session.scalar(sa.select(open_plans)))
