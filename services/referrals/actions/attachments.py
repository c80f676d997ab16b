"""What happens to the row of an attachment; its file is seen to by `attaching.py`, outside of transactions."""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from services.referrals.queries.attachments import attachment_of, attachments_of
from services.referrals.rules.attachments import MOST
from services.referrals.tables import AttachmentRow
from shared.audit import record
from shared.errors import Invalid

_COUNT_NOT = frozenset({"infected", "destroyed"})


@dataclass(frozen=True)
class Given:
    """A file as it was given: the name to show, its kind by its content, and the content."""

    name: str
    kind: str
    content: bytes


def begin_attachment(session: Session, request_id: UUID, given: Given, *, who: str, now: datetime) -> UUID:
    """Say that a file is about to be kept, and return its id; raises Invalid when there are enough.

    The caller holds the draft or the request, so that two at a time are counted both.
    """
    there = [row for row in attachments_of(session, request_id) if row.state not in _COUNT_NOT]
    if len(there) >= MOST:
        message = f"There can be {MOST} files at most. Remove one first, or tell us of the others by phone"
        raise Invalid(message, {"file": message})
    row = AttachmentRow(
        request_id=request_id,
        name=given.name,
        kind=given.kind,
        size=len(given.content),
        sha256=hashlib.sha256(given.content).hexdigest(),
        state="arriving",
        added_by=who,
        added_at=now,
    )
    session.add(row)
    session.flush()
    _note(session, row, who=who, did="attached")
    return row.id


def settle_attachment(session: Session, attachment_id: UUID, state: str, *, key_id: str = "") -> None:
    """Say how an attachment stands now; one that was removed meanwhile stays removed."""
    row = session.get(AttachmentRow, attachment_id, with_for_update=True, populate_existing=True)
    if row is None or row.state == "leaving":
        return
    row.state = state
    row.key_id = key_id or row.key_id
    _note(session, row, who="referrals", did=f"attachment_{state}")


def remove_attachment(session: Session, request_id: UUID, attachment_id: UUID, *, who: str) -> None:
    """Take an attachment out of a draft; its file goes after it. Raises NotFound."""
    row = attachment_of(session, request_id, attachment_id)
    row.state = "leaving"
    _note(session, row, who=who, did="attachment_removed")


def count_try(session: Session, attachment_id: UUID) -> None:
    """Note that a file could not be checked, so that others have their turn first."""
    row = session.get(AttachmentRow, attachment_id, with_for_update=True, populate_existing=True)
    if row is not None:
        row.tries += 1


def forget_file(session: Session, attachment_id: UUID) -> None:
    """Say that the file is gone: of one with a virus the row stays and says so, of others nothing does."""
    row = session.get(AttachmentRow, attachment_id, with_for_update=True, populate_existing=True)
    if row is None:
        return
    if row.state == "infected":
        row.state = "destroyed"
    else:
        session.delete(row)


def _note(session: Session, row: AttachmentRow, *, who: str, did: str) -> None:
    record(
        session, who=who, did=did, subject="attachment", subject_id=row.id, of_request=str(row.request_id),
        kind=row.kind, size=row.size,
    )  # fmt: skip
