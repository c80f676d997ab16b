"""Families' papers: asked of the referrals service, kept as they were given, put together for a meeting."""

from collections.abc import Collection, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from services.panel.queries import agenda as queries
from services.panel.rules.cut_off import LONDON, time_in_words
from services.panel.rules.paper import level_in_words, paper_in_lines
from services.panel.rules.queue import WHY
from services.panel.tables import AgendaItemRow, MeetingRow, PaperRow, PaperWantedRow
from shared.authority import Authority
from shared.pdf import render_pdf

AGENDA_PACK = "agenda_pack"
_TEMPLATE = Path(__file__).parent.parent / "papers" / "agenda.typ"
_A_MOMENT = timedelta(microseconds=1)
_FIRST_WAIT, _LONGEST_WAIT = timedelta(seconds=2), timedelta(minutes=5)


def want_paper(session: Session, request_id: UUID, *, error: str | None = None) -> None:
    """Have a request's paper fetched soon. The time is the real one: a rehearsal's clock may stand still."""
    statement = insert(PaperWantedRow).values(
        request_id=request_id, next_attempt_at=datetime.now(UTC), attempts=0, last_error=error
    )
    changes = {"next_attempt_at": datetime.now(UTC), "last_error": error}
    session.execute(statement.on_conflict_do_update(index_elements=[PaperWantedRow.request_id], set_=changes))


def claim_wanted_paper(session: Session) -> UUID | None:
    """Return a request whose paper is due to be fetched, or None; nobody else gets it before the next attempt."""
    row = session.scalar(
        sa.select(PaperWantedRow)
        .where(PaperWantedRow.next_attempt_at <= datetime.now(UTC))
        .order_by(PaperWantedRow.next_attempt_at)
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    if row is None:
        return None
    row.next_attempt_at = datetime.now(UTC) + min(_FIRST_WAIT * 2 ** min(row.attempts, 10), _LONGEST_WAIT)
    row.attempts += 1
    return row.request_id


def note_failure(session: Session, request_id: UUID, error: str) -> None:
    """Keep why a paper could not be fetched, for the coordinator to see; it is asked for again."""
    session.execute(sa.update(PaperWantedRow).where(PaperWantedRow.request_id == request_id).values(last_error=error))


def keep_paper(session: Session, request_id: UUID, content: Mapping[str, Any], now: datetime) -> PaperRow:
    """Keep a paper as it was given, beside the earlier ones, unless it says what the newest one says."""
    session.execute(sa.delete(PaperWantedRow).where(PaperWantedRow.request_id == request_id))
    newest = queries.latest_paper(session, request_id)
    if newest is not None and newest.content == content:
        return newest
    # A rehearsal's clock may stand still between two papers; the later one must still be the newest.
    fetched_at = max(now, newest.fetched_at + _A_MOMENT) if newest is not None else now
    paper = PaperRow(request_id=request_id, fetched_at=fetched_at, content=dict(content))
    session.add(paper)
    session.flush()
    return paper


def agenda_pack(
    meeting: MeetingRow, items: Sequence[AgendaItemRow], authority: Authority, *, without: Collection[UUID] = ()
) -> bytes:
    """Return the PDF that members read: the agenda, then one paper for each item but those `without`."""
    data = {
        "authority": authority.name,
        "panel": meeting.panel.name,
        "day": f"{meeting.held_on:%A} {meeting.held_on.day} {meeting.held_on:%B %Y}",
        "time": " to ".join(time_in_words(at.astimezone(LONDON).time()) for at in (meeting.starts_at, meeting.ends_at)),
        "place": meeting.place,
        "items": [_line(item, authority) for item in items],
        "papers": [
            {"number": item.number, **paper_in_lines(item.paper.content, meeting.held_on)}
            for item in items
            if item.paper is not None and item.id not in without
        ],
    }
    return render_pdf(_TEMPLATE, data)


def pack_for(session: Session, meeting: MeetingRow, person_id: UUID, authority: Authority) -> bytes:
    """Return the pack as it was circulated, or without the papers that a conflict closes to this person.

    Raises NotFound while the agenda is open.
    """
    circulated = queries.document(session, meeting.id, AGENDA_PACK)
    conflicts = queries.conflicts_of(session, meeting.id, person_id)
    if not conflicts:
        return circulated.pdf
    return agenda_pack(meeting, queries.items_of(session, meeting.id), authority, without=conflicts)


def _line(item: AgendaItemRow, authority: Authority) -> dict[str, Any]:
    entry = item.queue_entry
    return {
        "number": item.number,
        "reference": item.reference,
        "children": entry.children,
        "level": level_in_words(authority, entry.level_scheme, entry.level_version, entry.level_number),
        "why": WHY.get(entry.why, entry.why),
        "received": f"{entry.received_on.day} {entry.received_on:%b %Y}",
        "has_paper": item.paper is not None,
    }
