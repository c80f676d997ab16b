"""Reads about receipts: who of a panel has opened which paper of a meeting."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.panel.queries.calendar import seats_of
from services.panel.queries.papers import closed_to_members
from services.panel.rules.receipts import Opened, Reader, together
from services.panel.tables import AgendaItemRow, MeetingRow, PaperOpenedRow


def readers_of(session: Session, meeting: MeetingRow, items: Sequence[AgendaItemRow]) -> list[Reader]:
    """Return everybody with a seat at the meeting's panel, as seats are ordered, with what they have opened of these items."""
    seats = [line for line in seats_of(session, meeting.panel_id) if line.seat.person_id is not None]
    opened = _opened(session, [item.id for item in items])
    person_ids = [line.seat.person_id for line in seats if line.seat.person_id is not None]
    closed = closed_to_members(session, meeting, items, person_ids)
    return [
        Reader(
            person_id=line.seat.person_id,
            name=line.person or "Name not known yet",
            agency=line.agency or "",
            seat=line.seat.seat,
            opened=opened.get(line.seat.person_id, {}),
            closed=closed[line.seat.person_id],
        )
        for line in seats
        if line.seat.person_id is not None
    ]


def _opened(session: Session, item_ids: Sequence[UUID]) -> dict[UUID, dict[UUID, Opened]]:
    rows = session.scalars(sa.select(PaperOpenedRow).where(PaperOpenedRow.agenda_item_id.in_(item_ids)))
    both: dict[tuple[UUID, UUID], list[tuple[str, datetime, datetime, int]]] = {}
    for row in rows:
        said = (row.how, row.first_at, row.last_at, row.times)
        both.setdefault((row.person_id, row.agenda_item_id), []).append(said)
    found: dict[UUID, dict[UUID, Opened]] = {}
    for (person_id, item_id), openings in both.items():
        found.setdefault(person_id, {})[item_id] = together(openings)
    return found
