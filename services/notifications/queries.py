"""Named reads of the notifications service."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.notifications.tables import DeliveredMessageRow, DeliveryAttemptRow, NoticeRow
from shared.errors import NotFound
from shared.paging import PageOf, count_of, page_of, page_of_lines

NEEDS_PERSON = "needs_person"
"""Asked for in place of a state: the notices about which somebody has to act, whatever their state."""


class InboxLine(NamedTuple):
    """A message of the built-in inbox with its notice."""

    message: DeliveredMessageRow
    notice: NoticeRow


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


def undelivered_about_offer(
    session: Session, family_id: UUID, *, path: str, recipient_kind: str
) -> Sequence[NoticeRow]:
    """Return every notice to an agency, or to people in it, about an offer that is not known to have arrived, locked."""
    about = sa.select(NoticeRow).where(
        NoticeRow.family_id == family_id, NoticeRow.path == path, NoticeRow.recipient_kind == recipient_kind
    )
    return session.scalars(about.where(NoticeRow.state.not_in(("delivered", "passed_on"))).with_for_update()).all()


def notices(session: Session, *, reference: str, state: str, number: int, size: int) -> PageOf[NoticeRow]:
    """Return a page of notices, those that need a person first, then the newest."""
    found = sa.select(NoticeRow).where(*_notice_filters(reference, state))
    ordered = found.order_by(NoticeRow.needs_person.desc(), NoticeRow.number.desc())
    return page_of(session, ordered, number=number, size=size)


def count_needing_person(session: Session) -> int:
    """Return about how many notices somebody has to act."""
    return count_of(session, sa.select(NoticeRow.id).where(*_notice_filters("", NEEDS_PERSON)))


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


def inbox(session: Session, *, reference: str, to: str, number: int, size: int) -> PageOf[InboxLine]:
    """Return a page of the built-in inbox, newest first."""
    ordered = _delivered().where(*_inbox_filters(reference, to)).order_by(DeliveredMessageRow.number.desc())
    return page_of_lines(session, ordered, InboxLine, number=number, size=size)


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
