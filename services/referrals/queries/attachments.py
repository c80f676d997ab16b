"""Reads of attachments: of a request or draft, one that may be opened, and those that a job has to see to."""

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.referrals.rules.attachments import OPENABLE, STATES
from services.referrals.tables import AttachmentRow, DraftRow, RequestRow
from shared.errors import Conflict, NotFound

_ARRIVES_WITHIN = timedelta(hours=1)
"""After so long in real time an upload was cut off: the process that did it is gone."""


class NotToBeOpened(Conflict):
    """The file is there but must not be opened now."""


def attachments_of(session: Session, request_id: UUID) -> Sequence[AttachmentRow]:
    """Return the attachments of a request or a draft, in the order in which they were added."""
    return session.scalars(
        sa.select(AttachmentRow)
        .where(AttachmentRow.request_id == request_id, AttachmentRow.state != "leaving")
        .order_by(AttachmentRow.number)
    ).all()


def attachment_of(session: Session, request_id: UUID, attachment_id: UUID) -> AttachmentRow:
    """Return one attachment of this request or draft; raises NotFound."""
    row = session.get(AttachmentRow, attachment_id, populate_existing=True)
    if row is None or row.request_id != request_id or row.state == "leaving":
        raise NotFound("There is no such file, or it was removed.")
    return row


def openable_attachment(session: Session, request_id: UUID, attachment_id: UUID) -> AttachmentRow:
    """Return one attachment of this request that may be opened; raises NotFound and NotToBeOpened."""
    row = attachment_of(session, request_id, attachment_id)
    if row.state not in OPENABLE:
        raise NotToBeOpened(f"{STATES[row.state]}.")
    return row


def next_to_check(session: Session) -> AttachmentRow | None:
    """Return the attachment that a virus scanner has to see next: the one tried least, then the oldest."""
    return session.scalar(
        sa.select(AttachmentRow)
        .where(AttachmentRow.state.in_(("unchecked", "not_checked")))
        .order_by(AttachmentRow.tries, AttachmentRow.number)
        .limit(1)
    )


def next_to_clear(session: Session) -> AttachmentRow | None:
    """Return an attachment whose file has to go: removed, with a virus, cut off, or left by a draft that ended."""
    cut_off = sa.and_(AttachmentRow.state == "arriving", AttachmentRow.made_at < sa.func.now() - _ARRIVES_WITHIN)
    left_over = sa.and_(
        ~sa.exists().where(DraftRow.id == AttachmentRow.request_id),
        ~sa.exists().where(RequestRow.id == AttachmentRow.request_id),
    )
    return session.scalar(
        sa.select(AttachmentRow)
        .where(sa.or_(AttachmentRow.state.in_(("leaving", "infected")), cut_off, left_over))
        .order_by(AttachmentRow.number)
        .limit(1)
    )
