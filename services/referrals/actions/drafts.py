"""Requests in the making: kept on the server from the first page, emptied when they are sent."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from services.referrals.actions.receive import Arrival, body_hash, receive_request
from services.referrals.queries import drafts as queries
from services.referrals.rules.choices import FAMILY_SOURCES
from services.referrals.rules.drafts import over_before
from services.referrals.tables import DraftRow, SentCopyRow
from shared.audit import record
from shared.authority import Authority


def begin_draft(session: Session, *, person_id: UUID | None, content: dict[str, Any], now: datetime) -> UUID:
    """Begin a draft and return its id."""
    draft = DraftRow(person_id=person_id, content=content, created_at=now, updated_at=now)
    session.add(draft)
    session.flush()
    record(session, who=str(person_id or "visitor"), did="began_draft", subject="draft", subject_id=draft.id)
    return draft.id


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
    copy: list[dict[str, Any]],
    authority: Authority,
    now: datetime,
) -> None:
    """Make the request of a held draft, once, keep the copy as its sender saw it, and empty the draft; raises Invalid."""
    if draft.request_id is not None:
        return
    key = f"draft/{draft.id}"
    taken_by = document["referrer"]["taken_by"]
    arrival = Arrival(
        key=key,
        body_hash=body_hash(key),
        arrived_by="phone" if taken_by else "page",
        person_id=None if taken_by or document["referrer"]["source"] in FAMILY_SOURCES else person_id,
        entered_by=person_id,
        who=str(person_id or "visitor"),
        request_id=draft.id,
    )
    draft.request_id = receive_request(session, document, arrival, authority=authority, now=now).id
    session.add(SentCopyRow(request_id=draft.request_id, sections=copy))
    draft.content, draft.openings, draft.waiting = {"sent": True}, {}, {}
    forget_link(draft)
    draft.updated_at = now


def give_to_person(session: Session, draft: DraftRow, person_id: UUID) -> None:
    """Keep a held draft that nobody had with a person's account; its link ends."""
    draft.person_id = draft.person_id or person_id
    forget_link(draft)
    record(session, who=person_id, did="took_draft", subject="draft", subject_id=draft.id)


def forget_link(draft: DraftRow) -> None:
    """Let a draft's return link lead nowhere any more."""
    draft.link_fingerprint, draft.link_word, draft.link_email = None, "", ""


def delete_draft(session: Session, draft: DraftRow, *, who: str) -> None:
    """Delete a held draft for good."""
    _remove(session, draft, who=who, did="deleted_draft")


def delete_old_drafts(session: Session, *, kept_days: int, today: date) -> int:
    """Delete the drafts whose time is over, and return how many there were."""
    gone = queries.drafts_changed_before(session, over_before(kept_days, today))
    for draft in gone:
        _remove(session, draft, who="referrals", did="removed_draft_at_its_end")
    return len(gone)


def _remove(session: Session, draft: DraftRow, *, who: str, did: str) -> None:
    record(session, who=who, did=did, subject="draft", subject_id=draft.id, was_sent=draft.request_id is not None)
    session.delete(draft)
    session.flush()
