"""Families' papers: asked of the referrals service, and kept as they were given."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from services.panel.actions.stand import note_for_followers_of
from services.panel.actions.wanted import claim_wanted
from services.panel.queries import papers as paper_queries
from services.panel.tables import PaperRow, PaperWantedRow


@dataclass(frozen=True)
class ClaimedPaper:
    """A request whose paper is asked for now; `asked_at` is by the database's clock."""

    request_id: UUID
    asked_at: datetime


def want_paper(session: Session, request_id: UUID, *, error: str | None = None, consent_changed: bool = False) -> None:
    """Have a request's paper fetched soon. The time is the real one: a rehearsal's clock may stand still."""
    values = {
        "request_id": request_id,
        "wanted_at": sa.func.clock_timestamp(),
        "next_attempt_at": datetime.now(UTC),
        "last_error": error,
        "consent_changed": consent_changed,
    }
    statement = insert(PaperWantedRow).values(attempts=0, **values)
    changes = values | {"consent_changed": sa.or_(PaperWantedRow.consent_changed, statement.excluded.consent_changed)}
    session.execute(statement.on_conflict_do_update(index_elements=[PaperWantedRow.request_id], set_=changes))
    if consent_changed:
        note_for_followers_of(session, request_id, "papers")


def claim_wanted_paper(session: Session) -> ClaimedPaper | None:
    """Return a request whose paper is due to be fetched, or None; nobody else gets it before the next attempt."""
    row = claim_wanted(session, PaperWantedRow)
    return ClaimedPaper(row.request_id, paper_queries.database_now(session)) if row is not None else None


def note_failure(session: Session, request_id: UUID, error: str) -> None:
    """Keep why a paper could not be fetched, for the coordinator to see; it is asked for again."""
    session.execute(sa.update(PaperWantedRow).where(PaperWantedRow.request_id == request_id).values(last_error=error))


def keep_paper(
    session: Session, request_id: UUID, content: Mapping[str, Any], *, asked_at: datetime, now: datetime
) -> PaperRow:
    """Keep a paper as it was given, beside the earlier ones, unless it says what the newest one says.

    Where the paper was wanted anew after it had been asked for, it is still wanted: this one may be out of date.
    """
    session.execute(
        sa.delete(PaperWantedRow).where(PaperWantedRow.request_id == request_id, PaperWantedRow.wanted_at <= asked_at)
    )
    note_for_followers_of(session, request_id, "papers")
    newest = paper_queries.latest_paper(session, request_id)
    if newest is not None and newest.content == content:
        newest.asked_at = max(newest.asked_at, asked_at)
        return newest
    paper = PaperRow(request_id=request_id, fetched_at=now, asked_at=asked_at, content=dict(content))
    session.add(paper)
    session.flush()
    return paper
