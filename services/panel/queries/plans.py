"""Reads about plans and their reviews."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session, contains_eager

from services.panel.tables import PlanRow, ReviewRow
from shared.errors import NotFound
from shared.identity import Person

PAGE_SIZE = 50


def _seen_by(person: Person) -> sa.ColumnElement[bool]:
    """Return which plans a person may see: their own, and as a manager those of their agency."""
    seen: list[sa.ColumnElement[bool]] = []
    if person.has("lead_practitioner"):
        seen.append(PlanRow.practitioner_id == person.person_id)
    if person.has("agency_manager") and person.agency_id is not None:
        seen.append(PlanRow.agency_id == person.agency_id)
    return sa.or_(sa.false(), *seen)


def plans_for(
    session: Session, person: Person, *, closed: bool, page: int
) -> tuple[Sequence[tuple[PlanRow, date | None]], bool]:
    """Return a page of plans, each with when its next review is due, soonest first; and whether there are more."""
    waiting = sa.and_(ReviewRow.plan_id == PlanRow.id, ReviewRow.held_on.is_(None))
    is_closed = PlanRow.closed_on.is_not(None) if closed else PlanRow.closed_on.is_(None)
    statement = (
        sa.select(PlanRow, ReviewRow.due_on)
        .outerjoin(ReviewRow, waiting)
        .where(_seen_by(person), is_closed)
        .order_by(ReviewRow.due_on.nulls_last(), PlanRow.closed_on.desc(), PlanRow.id)
        .offset((page - 1) * PAGE_SIZE)
        .limit(PAGE_SIZE + 1)
    )
    rows = [(row[0], row[1]) for row in session.execute(statement)]
    return rows[:PAGE_SIZE], len(rows) > PAGE_SIZE


def plan_for(session: Session, plan_id: UUID, person: Person) -> PlanRow:
    """Return a plan that this person may see; raises NotFound for any other."""
    plan = session.scalars(sa.select(PlanRow).where(PlanRow.id == plan_id, _seen_by(person))).one_or_none()
    if plan is None:
        raise NotFound("There is no such plan, or it is somebody else's.")
    return plan


def plan_led_by(session: Session, plan_id: UUID, practitioner_id: UUID) -> PlanRow:
    """Return a plan that this person leads, locked; raises NotFound for any other."""
    statement = sa.select(PlanRow).where(PlanRow.id == plan_id, PlanRow.practitioner_id == practitioner_id)
    plan = session.scalars(statement.with_for_update().execution_options(populate_existing=True)).one_or_none()
    if plan is None:
        raise NotFound("There is no such plan, or somebody else leads it.")
    return plan


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
