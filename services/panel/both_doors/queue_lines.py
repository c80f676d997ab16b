"""A page of the queue as whoever leads a panel reads it, with what is expected: for the page and for JSON alike."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy.orm import Session

from services.panel.queries.queue import OpenMeeting, Overflow, open_meetings, overflow_at
from services.panel.queries.queue_page import QueueLine
from services.panel.rules.queue import expected_on
from services.panel.tables import PanelRow


@dataclass(frozen=True)
class PanelsPlaces:
    """How a panel's places stand: its meetings that still take families, and who has no place at any of them."""

    panel: PanelRow
    meetings: Sequence[OpenMeeting]
    overflow: Overflow

    @property
    def first_with_room(self) -> OpenMeeting | None:
        """Return the next meeting that can take another family, or None where every planned one is full."""
        return next((meeting for meeting in self.meetings if meeting.free), None)


def places_of(session: Session, panels: Sequence[PanelRow], now: datetime) -> dict[UUID, PanelsPlaces]:
    """Return how the places of each panel stand."""
    panel_ids = [panel.id for panel in panels]
    meetings, overflow = open_meetings(session, panel_ids, now), overflow_at(session, panel_ids)
    return {
        panel.id: PanelsPlaces(panel, meetings.get(panel.id, []), overflow.get(panel.id, Overflow(0, 0)))
        for panel in panels
    }


def expected(lines: Sequence[QueueLine], places: dict[UUID, PanelsPlaces]) -> dict[UUID, date]:
    """Return about when each family without a place would be heard, by the entry; left out where nothing can be said."""
    found: dict[UUID, date] = {}
    for line in lines:
        planned = [meeting.held_on for meeting in places[line.entry.panel_id].meetings]
        if line.families_ahead is not None:
            day = expected_on(line.families_ahead, planned, line.entry.panel.capacity)
            found |= {line.entry.id: day} if day else {}
    return found
