"""What happens to the row of an attachment; its file is seen to by `attaching.py`, outside of transactions."""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from services.referrals.actions.progress import add_step
from services.referrals.queries.attachments import attachment_of, attachments_of
from services.referrals.queries.requests import last_decision, locked_request
from services.referrals.rules.attachments import MOST
from services.referrals.rules.stages import AT_FRONT_DOOR
from services.referrals.tables import AttachmentRow, RequestRow
from shared.audit import record
from shared.errors import Conflict, Invalid, NotFound
from shared.events.referrals import AttachmentDestroyed
from shared.messaging.outbox import announce

_COUNT_NOT = frozenset({"infected", "destroyed"})


class PastFrontDoor(Conflict):
    """The front door has decided about the request, so that nothing is attached to it any more."""


@dataclass(frozen=True)
class Given:
    """A file as it was given: the name to show, its kind by its content, and the content."""

    name: str
    kind: str
    content: bytes

    @property
    def sha256(self) -> str:
        """Return the fingerprint of the content."""
        return hashlib.sha256(self.content).hexdigest()


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
        sha256=given.sha256,
        state="arriving",
        added_by=who,
        added_at=now,
    )
    session.add(row)
    session.flush()
    _note(session, row, who=who, did="attached")
    return row.id


def attach_to_sent(
    session: Session, request_id: UUID, given: Given, *, portal: str, now: datetime
) -> tuple[UUID, bool]:
    """Say that a file is about to be kept with a request that a portal sent; return its id and whether it is new.

    The same file under the same name is one attachment, however often it comes. Raises NotFound where another sent
    the request, PastFrontDoor, and Invalid when there are enough.
    """
    request = locked_request(session, request_id)
    check_is_of(request, portal)
    for row in attachments_of(session, request_id):
        if (row.sha256, row.name) == (given.sha256, given.name):
            return row.id, False
    if request.stage not in AT_FRONT_DOOR:
        raise PastFrontDoor("The front door has decided about this request. Ring them about what is to be added.")
    attachment_id = begin_attachment(session, request_id, given, who=portal, now=now)
    request.version += 1
    add_step(session, request, "file_added", at=now)
    return attachment_id, True


def check_is_of(request: RequestRow, portal: str) -> None:
    """Raise NotFound unless this portal sent the request."""
    if request.portal != portal:
        raise NotFound("There is no such request, or another portal sent it.")


def settle_attachment(session: Session, attachment_id: UUID, state: str, *, key_id: str = "") -> None:
    """Say how an attachment stands now; one that was removed meanwhile stays removed.

    What could not be kept does not take away what the same sender kept at the same moment.
    """
    row = session.get(AttachmentRow, attachment_id, with_for_update=True, populate_existing=True)
    if row is None or row.state == "leaving" or (state == "leaving" and row.state != "arriving"):
        return
    row.state = state
    row.key_id = key_id or row.key_id
    _note(session, row, who="referrals", did=f"attachment_{state}")


def tell_of_virus(session: Session, row: AttachmentRow, *, now: datetime) -> None:
    """Announce that a virus was found in a file that had come with a request; of a draft's its own page tells."""
    if session.get(RequestRow, row.request_id) is None:
        return
    request = locked_request(session, row.request_id)
    decision = last_decision(session, request.id)
    add_step(session, request, "file_destroyed", at=now)
    fact = AttachmentDestroyed(
        request_id=request.id, family_id=request.family_id, reference=request.reference, attachment_id=row.id,
        front_door_id=decision.decided_by if decision else None,
    )  # fmt: skip
    announce(session, fact)


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
