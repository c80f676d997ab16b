"""Fills a panel's database with one meeting that can be opened: its people, and families with their papers."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.panel.actions.meeting import open_meeting
from services.panel.tables import AgendaItemRow, KnownPersonRow, MeetingRow, PanelRow, PaperRow, QueueEntryRow, SeatRow
from shared.identity import Person
from shared.london import london_date
from shared.references import new_reference

_CHARACTERS = 4_000
"""Of text in each paper, as the longer ones of the samples have."""


def fill_meeting(session: Session, chair: Person, members: Sequence[Person], families: int) -> UUID:
    """Open a meeting today with so many families, led by the chair and noted by the first member; return its id."""
    now = datetime.now(UTC)
    panel = session.scalars(sa.select(PanelRow).where(PanelRow.key == "ehap")).one()
    for person, seat in ((chair, "chair"), *((one, "member") for one in members)):
        session.add(_known(person))
        session.add(SeatRow(panel_id=panel.id, agency_id=person.agency_id, person_id=person.person_id, seat=seat))
    session.execute(sa.delete(MeetingRow).where(MeetingRow.held_on == london_date(now)))
    meeting = MeetingRow(
        panel_id=panel.id,
        held_on=london_date(now),
        starts_at=now,
        ends_at=now + timedelta(hours=3),
        agenda_closes_at=now - timedelta(days=6),
        agenda_closed_at=now - timedelta(days=6),
        papers_sent_at=now - timedelta(days=6),
        place="Guildhall",
        places=families,
        state="agenda_closed",
    )
    session.add(meeting)
    session.flush()
    for number in range(1, families + 1):
        _add_family(session, panel, meeting, number, now)
    session.flush()
    notes_by = members[0].person_id
    open_meeting(session, meeting.id, chaired_by=chair.person_id, notes_by=notes_by, by=chair.person_id, now=now)
    return meeting.id


def _known(person: Person) -> KnownPersonRow:
    return KnownPersonRow(
        person_id=person.person_id,
        agency_id=person.agency_id,
        roles=sorted(person.roles),
        is_active=True,
        name=person.name,
        is_stale=False,
    )


def _add_family(session: Session, panel: PanelRow, meeting: MeetingRow, number: int, now: datetime) -> None:
    request_id, family_id, reference = uuid4(), uuid4(), new_reference()
    content = {
        "reference": reference,
        "consent": {"may_share": True, "not_with": []},
        "worried_about": "x" * _CHARACTERS,
    }
    paper = PaperRow(request_id=request_id, fetched_at=now, asked_at=now, content=content)
    entry = QueueEntryRow(
        request_id=request_id,
        family_id=family_id,
        reference=reference,
        kind="request",
        panel_id=panel.id,
        urgency="routine",
        received_on=meeting.held_on,
        queued_at=now,
        children=2,
        level_scheme="bathnes",
        level_version="2024",
        level_number=3,
        state="placed",
    )
    session.add_all([paper, entry])
    session.flush()
    session.add(
        AgendaItemRow(
            meeting_id=meeting.id,
            queue_entry_id=entry.id,
            request_id=request_id,
            family_id=family_id,
            reference=reference,
            number=number,
            paper_id=paper.id,
        )
    )
