"""What was added to requests after they were sent, and what of it nobody has read."""

from collections.abc import Sequence
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.referrals.rules.amending import FRONT_DOOR_ALONE
from services.referrals.tables import AmendmentRow, RequestRow
from shared.paging import PageOf, page_of_lines

Unread = tuple[AmendmentRow, RequestRow]


def amendments_of(session: Session, request_id: UUID) -> Sequence[AmendmentRow]:
    """Return what was added to a request, oldest first."""
    found = sa.select(AmendmentRow).where(AmendmentRow.request_id == request_id)
    return session.scalars(found.order_by(AmendmentRow.number)).all()


def own_amendments(session: Session, request_id: UUID, person_id: UUID) -> Sequence[AmendmentRow]:
    """Return what this person added to a request, oldest first."""
    return [row for row in amendments_of(session, request_id) if row.person_id == person_id]


def unread_amendments(session: Session, *, number: int) -> PageOf[Unread]:
    """Return one page of what nobody of the front door has read, oldest first, each with its request."""
    found = (
        sa.select(AmendmentRow, RequestRow)
        .join(RequestRow, RequestRow.id == AmendmentRow.request_id)
        .where(AmendmentRow.read_at.is_(None))
        .order_by(AmendmentRow.number)
    )
    return page_of_lines(session, found, lambda amendment, request: (amendment, request), number=number)


def count_unread(session: Session) -> int:
    """Return how much nobody of the front door has read."""
    return session.scalar(sa.select(sa.func.count()).where(AmendmentRow.read_at.is_(None))) or 0


def has_unread_contact(session: Session, request_id: UUID) -> bool:
    """Say whether nobody has read yet what was said about how, or where, a family can be reached."""
    unread = sa.exists().where(
        AmendmentRow.request_id == request_id,
        AmendmentRow.read_at.is_(None),
        AmendmentRow.about.in_(FRONT_DOOR_ALONE),
    )
    return bool(session.scalar(sa.select(unread)))
