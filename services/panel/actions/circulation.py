"""What goes out for a meeting: frozen item by item, sent out once, and made into each reader's own copy."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from services.panel.actions.invitations import calendar_entry
from services.panel.actions.receipts import note_opened
from services.panel.queries import agenda as agenda_queries
from services.panel.queries import calendar as calendar_queries
from services.panel.queries import circulation as reads
from services.panel.queries.papers import closed_to_member
from services.panel.rules.circulation import Part, changed_since, copy_for_reader, papers_go_out_at, papers_in
from services.panel.rules.paper import level_in_words, paper_in_lines
from services.panel.rules.queue import WHY
from services.panel.tables import AgendaItemRow, CirculatedItemRow, CirculationRow, MeetingRow
from shared.audit import record
from shared.authority import Authority
from shared.errors import NotFound
from shared.events.panel import PapersCirculated
from shared.identity import Person
from shared.london import LONDON, date_in_words, moment_in_words, time_in_words
from shared.messaging.outbox import announce
from shared.pdf import render_pdf

_TEMPLATE = Path(__file__).parent.parent / "papers" / "agenda.typ"


def freeze(
    session: Session, meeting: MeetingRow, items: Sequence[AgendaItemRow], authority: Authority, *, now: datetime
) -> CirculationRow:
    """Keep how these items and their papers read now: as the meeting's agenda, or after that as its next supplement."""
    circulation = CirculationRow(
        meeting_id=meeting.id,
        number=len(reads.circulations_of(session, meeting.id)),
        made_at=now,
        heading=_heading(meeting, authority),
    )
    session.add(circulation)
    session.flush()
    for item in items:
        item.supplement = circulation.number
    session.add_all(
        CirculatedItemRow(
            agenda_item_id=item.id,
            circulation_id=circulation.id,
            number=item.number,
            contents=_contents(item, meeting, authority),
        )
        for item in items
    )
    session.flush()
    return circulation


def send_out_if_due(session: Session, meeting: MeetingRow, *, now: datetime) -> bool:
    """Open a meeting's frozen papers to its members, and announce it, once their time has come; say whether it did."""
    if meeting.papers_sent_at is not None or now < goes_out_at(meeting):
        return False
    meeting.papers_sent_at = now
    made = [one.id for one in reads.circulations_of(session, meeting.id)]
    _announce(session, meeting, items=sum(len(items) for items in reads.circulated_items(session, made).values()))
    record(session, who="panel", did="sent_out_papers", subject="meeting", subject_id=meeting.id)
    return True


def send_out_supplement(
    session: Session, meeting: MeetingRow, items: Sequence[AgendaItemRow], authority: Authority, *, now: datetime
) -> CirculationRow:
    """Freeze late items, which have their numbers and papers, and tell the members; with the others while those wait."""
    supplement = freeze(session, meeting, items, authority, now=now)
    if meeting.papers_sent_at is not None:
        _announce(session, meeting, items=len(items), supplement=supplement.number)
    return supplement


def goes_out_at(meeting: MeetingRow) -> datetime:
    """Return when a meeting's papers go out by its panel's rule (UTC)."""
    panel = meeting.panel
    return papers_go_out_at(
        meeting.held_on,
        go_out=panel.papers_go_out,
        working_days=panel.papers_working_days,
        at=panel.papers_at,
        closes_at=meeting.agenda_closed_at or meeting.agenda_closes_at,
    )


def freeze_what_went_out(session: Session, authority: Authority) -> None:
    """Freeze what was circulated before it was kept item by item; nobody is told of it again."""
    for meeting in reads.without_circulation(session):
        closed_at = meeting.agenda_closed_at or meeting.agenda_closes_at
        freeze(session, meeting, agenda_queries.items_of(session, meeting.id), authority, now=closed_at)
        meeting.papers_sent_at = closed_at


def copy_of(
    session: Session, meeting: MeetingRow, reader: Person, *, now: datetime, supplement: int | None = None
) -> dict[str, Any]:
    """Return a reader's own copy of what went out, or of one supplement, without what is closed to them by now.

    Raises NotFound while nothing has been made.
    """
    made = [one for one in reads.circulations_of(session, meeting.id) if supplement in (None, one.number)]
    if not made:
        raise NotFound("There is no such document yet.")
    items = agenda_queries.items_of(session, meeting.id)
    closed = closed_to_member(session, meeting, items, reader.person_id)
    by_circulation = reads.circulated_items(session, [one.id for one in made])
    parts = [
        Part(
            one.number,
            date_in_words(one.made_at.astimezone(LONDON).date()),
            [item.contents for item in by_circulation[one.id]],
        )
        for one in made
    ]
    return copy_for_reader(
        made[-1].heading | {"changed": changed_since(made[-1].heading, _heading_of(meeting))},
        parts,
        closed={str(item_id): why for item_id, why in closed.items()},
        reader=reader.name,
        at=moment_in_words(now),
    )


def pack_for(
    session: Session, meeting: MeetingRow, reader: Person, *, now: datetime, supplement: int | None = None
) -> bytes:
    """Return a reader's own copy as a PDF, and note that they opened the papers in it."""
    copy = copy_of(session, meeting, reader, now=now, supplement=supplement)
    note_opened(session, [UUID(one) for one in papers_in(copy)], by=reader.person_id, how="pdf", now=now)
    return render_pdf(_TEMPLATE, copy)


def _heading(meeting: MeetingRow, authority: Authority) -> dict[str, Any]:
    return {"authority": authority.name, "marking": authority.words.marking, **_heading_of(meeting)}


def _heading_of(meeting: MeetingRow) -> dict[str, str]:
    return {
        "panel": meeting.panel.name,
        "day": f"{meeting.held_on:%A} {date_in_words(meeting.held_on)}",
        "time": " to ".join(time_in_words(at.astimezone(LONDON).time()) for at in (meeting.starts_at, meeting.ends_at)),
        "place": meeting.place,
    }


def _contents(item: AgendaItemRow, meeting: MeetingRow, authority: Authority) -> dict[str, Any]:
    entry = item.queue_entry
    return {
        "item_id": str(item.id),
        "number": item.number,
        "reference": item.reference,
        "kind": entry.kind,
        "level": level_in_words(authority, entry.level_scheme, entry.level_version, entry.level_number),
        "children": entry.children,
        "received": f"{entry.received_on.day} {entry.received_on:%b %Y}",
        "why": WHY.get(entry.why, entry.why),
        "paper": paper_in_lines(item.paper.content, meeting.held_on) if item.paper is not None else None,
    }


def _announce(session: Session, meeting: MeetingRow, *, items: int, supplement: int = 0) -> None:
    announce(
        session,
        PapersCirculated(
            **calendar_entry(meeting),
            items=items,
            member_ids=tuple(calendar_queries.holders_of(session, meeting.panel_id)),
            supplement=supplement,
        ),
    )
