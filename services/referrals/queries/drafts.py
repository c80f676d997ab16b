"""Drafts: one by its id or its return link, and those that a person has begun."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.referrals.rules.drafts import fingerprint_of, read_return_code
from services.referrals.tables import DraftRow
from shared.errors import Invalid, NotFound
from shared.paging import PageOf, page_of

_NOT_THERE = "There is nothing half done here. Start again."


def find_draft(
    session: Session, draft_id: UUID, person_id: UUID | None, *, not_before: datetime, hold: bool = False
) -> DraftRow:
    """Return a draft of this person, or of somebody without an account, that was changed not before an instant.

    A draft that was begun signed in is only for that person: browsers in a staff room are shared. Raises NotFound.
    """
    draft = session.get(DraftRow, draft_id, with_for_update=hold or None, populate_existing=True)
    if draft is None or draft.updated_at < not_before or (draft.person_id is not None and draft.person_id != person_id):
        raise NotFound(_NOT_THERE)
    return draft


def draft_to_wait_with(session: Session, draft_id: UUID, *, not_before: datetime) -> DraftRow | None:
    """Return a draft that is not sent, held, whoever's it is: for an answer to wait with it, and for nothing else."""
    draft = session.get(DraftRow, draft_id, with_for_update=True, populate_existing=True)
    return draft if draft is not None and draft.updated_at >= not_before and draft.request_id is None else None


def draft_with_code(session: Session, code: str, *, not_before: datetime) -> DraftRow | None:
    """Return the draft to which a return code leads, however it was typed, or None."""
    try:
        code = read_return_code(code)
    except Invalid:
        return None
    return session.scalar(
        sa.select(DraftRow).where(DraftRow.link_fingerprint == fingerprint_of(code), DraftRow.updated_at >= not_before)
    )


def begun_by(session: Session, person_id: UUID, *, not_before: datetime, number: int) -> PageOf[DraftRow]:
    """Return one page of the drafts that a person has begun and not sent, the last changed first."""
    mine = sa.select(DraftRow).where(
        DraftRow.person_id == person_id, DraftRow.request_id.is_(None), DraftRow.updated_at >= not_before
    )
    return page_of(session, mine.order_by(DraftRow.updated_at.desc(), DraftRow.id), number=number)


def drafts_changed_before(session: Session, instant: datetime) -> Sequence[DraftRow]:
    """Return the drafts that were changed last before an instant, held."""
    return session.scalars(
        sa.select(DraftRow).where(DraftRow.updated_at < instant).with_for_update(skip_locked=True)
    ).all()


def mailed_link(session: Session, draft_id: UUID, number: int) -> str:
    """Return to which address a draft's link of this number is mailed, or `` when it ended or is not mailed."""
    last_one = sa.select(DraftRow.link_email).where(DraftRow.id == draft_id, DraftRow.link_number == number)
    return session.scalar(last_one.where(DraftRow.link_fingerprint.is_not(None))) or ""
