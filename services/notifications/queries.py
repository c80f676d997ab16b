"""Named reads of the notifications service."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.notifications.tables import DeliveredMessageRow, DeliveryAttemptRow, NoticeRow
from shared.errors import NotFound

NEEDS_PERSON = "needs_person"
"""Asked for in place of a state: the notices about which somebody has to act, whatever their state."""


def notice(session: Session, notice_id: UUID, *, for_change: bool = False) -> NoticeRow:
    """Return a notice, locked when it is about to change; raises NotFound."""
    found = session.get(NoticeRow, notice_id, with_for_update=for_change or None)
    if found is None:
        raise NotFound("There is no such message.")
    return found


def next_due(session: Session, real_now: datetime) -> NoticeRow | None:
    """Return the notice that has been due for longest, locked; one that somebody else holds is passed over."""
    due = sa.select(NoticeRow).where(NoticeRow.state == "created", NoticeRow.next_attempt_at <= real_now)
    return session.scalar(due.order_by(NoticeRow.next_attempt_at).limit(1).with_for_update(skip_locked=True))


def claimed(session: Session, notice_id: UUID, claim_id: UUID) -> NoticeRow | None:
    """Return a notice that is still claimed and not yet being sent, locked."""
    return _held(session, notice_id, claim_id, "created")


def being_sent(session: Session, notice_id: UUID, claim_id: UUID) -> NoticeRow | None:
    """Return a notice that this claim is sending, locked."""
    return _held(session, notice_id, claim_id, "sending")


def interrupted(session: Session, begun_before: datetime) -> NoticeRow | None:
    """Return a notice whose sending began before an instant and was never settled, locked."""
    begun = sa.select(NoticeRow).where(NoticeRow.state == "sending", NoticeRow.claimed_at <= begun_before)
    return session.scalar(begun.limit(1).with_for_update(skip_locked=True))


def undelivered_at_request(session: Session, request_id: UUID) -> Sequence[NoticeRow]:
    """Return every notice to the family or the referrer of a request that is not known to have arrived, locked."""
    to_them = sa.select(NoticeRow).where(
        NoticeRow.request_id == request_id, NoticeRow.recipient_kind.in_(("family", "referrer"))
    )
    return session.scalars(to_them.where(NoticeRow.state != "delivered").with_for_update()).all()


def notices(session: Session, *, reference: str, state: str, offset: int, limit: int) -> Sequence[NoticeRow]:
    """Return notices, those that need a person first, then the newest."""
    found = sa.select(NoticeRow).where(*_notice_filters(reference, state))
    order = (NoticeRow.needs_person.desc(), NoticeRow.number.desc())
    return session.scalars(found.order_by(*order).offset(offset).limit(limit)).all()


def count_notices(session: Session, *, reference: str, state: str) -> int:
    """Return how many notices fit the filters."""
    counted = sa.select(sa.func.count()).select_from(NoticeRow).where(*_notice_filters(reference, state))
    return session.execute(counted).scalar_one()


def attempts_of(session: Session, notice_id: UUID) -> Sequence[DeliveryAttemptRow]:
    """Return the last hundred attempts to send a notice, newest first."""
    tried = sa.select(DeliveryAttemptRow).where(DeliveryAttemptRow.notice_id == notice_id)
    return session.scalars(tried.order_by(DeliveryAttemptRow.at.desc(), DeliveryAttemptRow.id).limit(100)).all()


def delivered(session: Session, notice_id: UUID) -> tuple[DeliveredMessageRow, NoticeRow]:
    """Return a message of the built-in inbox with its notice; raises NotFound."""
    found = session.execute(_delivered().where(DeliveredMessageRow.notice_id == notice_id)).one_or_none()
    if found is None:
        raise NotFound("There is no such message.")
    message, its_notice = found
    return message, its_notice


def inbox(
    session: Session, *, reference: str, to: str, offset: int, limit: int
) -> Sequence[tuple[DeliveredMessageRow, NoticeRow]]:
    """Return messages of the built-in inbox with their notices, newest first."""
    found = _delivered().where(*_inbox_filters(reference, to)).order_by(DeliveredMessageRow.number.desc())
    return [(message, its_notice) for message, its_notice in session.execute(found.offset(offset).limit(limit))]


def count_inbox(session: Session, *, reference: str, to: str) -> int:
    """Return how many messages of the built-in inbox fit the filters."""
    counted = sa.select(sa.func.count()).select_from(DeliveredMessageRow).join(NoticeRow)
    return session.execute(counted.where(*_inbox_filters(reference, to))).scalar_one()


def _held(session: Session, notice_id: UUID, claim_id: UUID, state: str) -> NoticeRow | None:
    held = sa.select(NoticeRow).where(
        NoticeRow.id == notice_id, NoticeRow.claim_id == claim_id, NoticeRow.state == state
    )
    return session.scalar(held.with_for_update())


def _notice_filters(reference: str, state: str) -> list[sa.ColumnElement[bool]]:
    filters: list[sa.ColumnElement[bool]] = []
    if reference:
        filters.append(NoticeRow.reference == reference)
    if state == NEEDS_PERSON:
        filters.append(NoticeRow.needs_person == sa.true())
    elif state:
        filters.append(NoticeRow.state == state)
    return filters


def _delivered() -> sa.Select[DeliveredMessageRow, NoticeRow]:
    return sa.select(DeliveredMessageRow, NoticeRow).join(NoticeRow, NoticeRow.id == DeliveredMessageRow.notice_id)


def _inbox_filters(reference: str, to: str) -> list[sa.ColumnElement[bool]]:
    filters: list[sa.ColumnElement[bool]] = []
    if reference:
        filters.append(NoticeRow.reference == reference)
    if to:
        filters.append(DeliveredMessageRow.to_address.icontains(to, autoescape=True))
    return filters
