"""Write the minutes of a meeting and issue them to its members."""

from collections.abc import Collection
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from services.panel.queries import meeting as reads
from services.panel.queries.minutes import minutes_of
from services.panel.queries.papers import closed_to_member
from services.panel.tables import DocumentRow, MeetingRow
from shared.events.panel import MinutesIssued
from shared.messaging.outbox import announce
from shared.pdf import render_pdf

TEMPLATE = Path(__file__).parents[1] / "papers" / "minutes.typ"
KIND = "minutes"


def issue_minutes(session: Session, meeting: MeetingRow, *, authority_name: str, now: datetime) -> DocumentRow:
    """Make the minutes of an ended meeting a PDF, the next version of them after a correction, and announce it."""
    newest = reads.latest_document(session, meeting.id, KIND)
    document = DocumentRow(
        meeting_id=meeting.id,
        kind=KIND,
        version=newest.version + 1 if newest else 1,
        made_at=now,
        pdf=minutes_pdf(minutes_of(session, meeting, authority_name=authority_name)),
    )
    session.add(document)
    session.flush()
    seats = reads.seats_of(session, meeting.panel_id)
    announce(
        session,
        MinutesIssued(
            meeting_id=meeting.id,
            panel_name=meeting.panel.name,
            held_on=meeting.held_on,
            member_ids=tuple(seat.person_id for seat in seats if seat.person_id is not None),
        ),
    )
    return document


def minutes_pdf(minutes: dict[str, Any]) -> bytes:
    """Return minutes as a tagged PDF."""
    return render_pdf(TEMPLATE, minutes)


def minutes_for(session: Session, meeting: MeetingRow, person_id: UUID, *, authority_name: str) -> dict[str, Any]:
    """Return the minutes as this member may read them.

    The items are left out on which they declared a conflict, and those of families that exclude their
    agency now, or whose newest answer is not here yet.
    """
    minutes = minutes_of(session, meeting, authority_name=authority_name)
    closed = _items_closed_to(session, meeting, person_id)
    shown = [item for item in minutes["items"] if item["id"] not in closed]
    return minutes | {"items": shown, "left_out": len(minutes["items"]) - len(shown)}


def pdf_for(session: Session, meeting: MeetingRow, person_id: UUID, *, authority_name: str) -> bytes | None:
    """Return the issued minutes as this member may read them, or None when there are none yet."""
    document = reads.latest_document(session, meeting.id, KIND)
    if document is None:
        return None
    minutes = minutes_for(session, meeting, person_id, authority_name=authority_name)
    return minutes_pdf(minutes) if minutes["left_out"] else document.pdf


def _items_closed_to(session: Session, meeting: MeetingRow, person_id: UUID) -> Collection[str]:
    closed = closed_to_member(session, meeting, reads.items_of(session, meeting.id), person_id)
    return {str(item_id) for item_id, why in closed.items() if why in ("conflict", "excluded", "awaited")}
