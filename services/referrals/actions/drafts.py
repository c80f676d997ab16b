"""Requests in the making: kept on the server from the first page, emptied when they are sent."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.referrals.actions.receive import Arrival, body_hash, receive_request
from services.referrals.rules.choices import FAMILY_SOURCES
from services.referrals.tables import DraftRow
from shared.authority import Authority
from shared.errors import NotFound

KEPT_FOR = timedelta(days=30)
"""How long a draft is kept after it was last touched."""


def begin_draft(session: Session, *, person_id: UUID | None, content: dict[str, Any], now: datetime) -> UUID:
    """Begin a draft and return its id."""
    draft = DraftRow(person_id=person_id, content=content, created_at=now, updated_at=now)
    session.add(draft)
    session.flush()
    return draft.id


def find_draft(session: Session, draft_id: UUID, person_id: UUID | None, *, hold: bool = False) -> DraftRow:
    """Return a draft of this person, or of somebody without an account; raises NotFound.

    A draft that was begun signed in is only for that person: browsers in a staff room are shared.
    """
    draft = session.get(DraftRow, draft_id, with_for_update=hold or None, populate_existing=True)
    if draft is None or (draft.person_id is not None and draft.person_id != person_id):
        raise NotFound("There is nothing half done here. Start again.")
    return draft


def change_draft(session: Session, draft: DraftRow, content: Mapping[str, Any], *, now: datetime) -> None:
    """Keep what was typed on a page."""
    draft.content = dict(content)
    draft.updated_at = now
    session.flush()


def send_draft(
    session: Session,
    draft: DraftRow,
    document: Mapping[str, Any],
    *,
    person_id: UUID | None,
    authority: Authority,
    now: datetime,
) -> None:
    """Make the request of a held draft, once, and empty the draft; raises Invalid."""
    if draft.request_id is not None:
        return
    key = f"draft/{draft.id}"
    taken_by = document["referrer"]["taken_by"]
    arrival = Arrival(
        key=key,
        body_hash=body_hash(key),
        arrived_by="phone" if taken_by else "page",
        person_id=None if taken_by or document["referrer"]["source"] in FAMILY_SOURCES else person_id,
        who=str(person_id or "visitor"),
    )
    draft.request_id = receive_request(session, document, arrival, authority=authority, now=now).id
    draft.content = {"sent": True}
    draft.updated_at = now


def delete_old_drafts(session: Session, now: datetime) -> int:
    """Delete the drafts that nobody touched for 30 days, and return how many there were."""
    gone = session.execute(sa.delete(DraftRow).where(DraftRow.updated_at < now - KEPT_FOR).returning(DraftRow.id)).all()
    return len(gone)
