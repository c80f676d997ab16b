"""What the minutes of a meeting say, from what was recorded: JSON values only, references in place of families' names."""

from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.panel.queries import meeting as reads
from services.panel.queries import minutes_kept as kept
from services.panel.queries.action_log import ActionLine, lines_of_panel_before
from services.panel.queries.minutes_items import ItemWriter, conflicts_in
from services.panel.rules.action_log import NOT_CHASED, STATES, is_overdue
from services.panel.rules.agenda import SEATS
from services.panel.rules.meeting import HERE, PRESENCE
from services.panel.rules.quorum import There, missing_for_quorum
from services.panel.rules.wording import day_in_words
from services.panel.tables import AcknowledgementRow, AttendanceRow, MeetingRow, SeatRow
from shared.authority import Authority
from shared.authority.panel_words import quorum_in_words
from shared.london import LONDON, london_date, time_in_words

MOST_ARISING = 200
_WERE_THERE = HERE | {"left"}


def minutes_of(session: Session, meeting: MeetingRow, *, authority: Authority) -> dict[str, Any]:
    """Return the minutes of a meeting, with every item, as they would be issued now."""
    items = reads.items_of(session, meeting.id)
    writer = ItemWriter(session, meeting, items)
    written = [writer.item(item) for item in items]
    people = reads.people_of(session, [meeting.chaired_by, meeting.notes_by])
    attendance = _attendance(session, meeting)
    return {
        "authority": authority.name,
        "marking": authority.words.marking,
        "panel": meeting.panel.name,
        "held_on": day_in_words(meeting.held_on),
        "place": meeting.place,
        "planned": f"{_clock(meeting.starts_at)} to {_clock(meeting.ends_at)}",
        "times": _times(meeting),
        "chair": people.get(meeting.chaired_by, "") if meeting.chaired_by else "",
        "notes": people.get(meeting.notes_by, "") if meeting.notes_by else "",
        "confidentiality": f"{authority.confidentiality.text} Version {authority.confidentiality.version}.",
        "acknowledged": _acknowledged(session, meeting),
        "attendance": attendance,
        "attended": _attended(attendance),
        "quorum": _quorum(session, meeting),
        "conflicts": conflicts_in(written),
        "approved_here": _approved_here(session, meeting),
        "arising": _arising(session, meeting),
        "items": written,
        "corrections": _corrections(session, meeting),
        "state": "draft",
        "approval": None,
        "addenda": [],
        "left_out": 0,
    }


def _attendance(session: Session, meeting: MeetingRow) -> list[dict[str, str]]:
    """Return everybody with a seat, and whoever was recorded and has none any more, each with whether they were there."""
    agencies = reads.agency_names(session)
    rows = session.scalars(sa.select(AttendanceRow).where(AttendanceRow.meeting_id == meeting.id))
    recorded = {row.person_id: row for row in rows}
    seats = {seat.person_id: seat for seat in reads.seats_of(session, meeting.panel_id) if seat.person_id is not None}
    people = reads.people_of(session, {*seats, *recorded})
    said = []
    for person_id in [*seats, *(one for one in recorded if one not in seats)]:
        seat, row = seats.get(person_id), recorded.get(person_id)
        agency_id = row.agency_id if row and row.agency_id else seat.agency_id if seat else None
        said.append(
            {
                "name": people[person_id],
                "agency": agencies.get(agency_id, "") if agency_id else "",
                "seat": _seat_in_words(seat) if seat else "No seat any more",
                "presence": PRESENCE.get(row.presence, row.presence) if row else "Not recorded",
                "detail": _detail(row, meeting) if row else "",
                "here": "yes" if row and (row.presence in _WERE_THERE) else "",
            }
        )
    return said


def _seat_in_words(seat: SeatRow) -> str:
    words = SEATS.get(seat.seat, seat.seat)
    return f"{words}, {seat.role}" if seat.role else words


def _quorum(session: Session, meeting: MeetingRow) -> str:
    """Return the panel's rule, and whether it was reached; empty where there is none.

    Who left early counts: they were there.
    """
    quorum = meeting.panel.quorum
    if not quorum.is_on:
        return ""
    seats = {seat.person_id: seat for seat in reads.seats_of(session, meeting.panel_id)}
    there = [
        There(row.agency_id, seat.seat, seat.role)
        for row in session.scalars(sa.select(AttendanceRow).where(AttendanceRow.meeting_id == meeting.id))
        if row.presence in _WERE_THERE and (seat := seats.get(row.person_id)) is not None
    ]
    missing = missing_for_quorum(quorum, there)
    return f"{quorum_in_words(quorum)}. {'Not reached: missing ' + ', '.join(missing) if missing else 'Reached'}."


def _detail(row: AttendanceRow, meeting: MeetingRow) -> str:
    """Return who came instead, and when somebody came late or left early."""
    parts = [row.substitute]
    if row.came_at and meeting.opened_at and (row.came_at - meeting.opened_at).total_seconds() > 600:
        parts.append(f"came at {_clock(row.came_at)}")
    if row.left_at:
        parts.append(f"left at {_clock(row.left_at)}")
    return ", ".join(part for part in parts if part)


def _attended(attendance: list[dict[str, str]]) -> str:
    here = [one for one in attendance if one["here"]]
    agencies = {one["agency"] for one in here if one["agency"]}
    of = f"{len(here)} of {len(attendance)} people were there"
    return f"{of}, from {len(agencies)} {'agency' if len(agencies) == 1 else 'agencies'}"


def _acknowledged(session: Session, meeting: MeetingRow) -> str:
    """Return how many were told of the confidentiality statement, or that none is recorded."""
    statement = sa.select(sa.func.count(sa.distinct(AcknowledgementRow.person_id)))
    count = session.scalar(statement.where(AcknowledgementRow.meeting_id == meeting.id)) or 0
    return (
        f"{count} {'person' if count == 1 else 'people'} acknowledged it"
        if count
        else "It is not recorded that anybody was told of it"
    )


def _times(meeting: MeetingRow) -> str:
    if meeting.opened_at is None or meeting.ended_at is None:
        return ""
    ended = _clock(meeting.ended_at)
    if london_date(meeting.ended_at) != london_date(meeting.opened_at):
        ended += f" on {day_in_words(london_date(meeting.ended_at))}"
    return f"Opened at {_clock(meeting.opened_at)}, ended at {ended}"


def _approved_here(session: Session, meeting: MeetingRow) -> list[dict[str, str]]:
    return [{"held_on": day_in_words(earlier.held_on)} for _, earlier in kept.approved_at(session, meeting.id)]


def _arising(session: Session, meeting: MeetingRow) -> list[dict[str, Any]]:
    """Return the actions of earlier meetings that were open, or were closed since the last one, and how they stand."""
    found = lines_of_panel_before(session, meeting, limit=MOST_ARISING)
    agencies = reads.agency_names(session)
    people = reads.people_of(session, [line.action.owner_person_id for line in found])
    return [_arising_line(line, meeting, agencies, people) for line in found if line.let_go_because not in NOT_CHASED]


def _arising_line(
    line: ActionLine, meeting: MeetingRow, agencies: dict[UUID, str], people: dict[UUID, str]
) -> dict[str, Any]:
    action = line.action
    person = people.get(action.owner_person_id, "") if action.owner_person_id else ""
    overdue = is_overdue(action.due_on, line.state, meeting.held_on)
    return {
        "action": str(action.id),
        "item": str(line.item.id),
        "what": action.what,
        "reference": line.item.reference,
        "who": ", ".join(part for part in (person, agencies.get(action.owner_agency_id, "")) if part),
        "due": day_in_words(action.due_on),
        "state": "Overdue" if overdue else STATES[line.state],
        "note": line.mark.note if line.mark else "",
    }


def _corrections(session: Session, meeting: MeetingRow) -> list[dict[str, Any]]:
    """Return the corrections that were accepted, as the minutes now have them."""
    numbers = {item.id: item.number for item in reads.items_of(session, meeting.id)}
    return [
        {
            "item": str(row.agenda_item_id) if row.agenda_item_id else "",
            "number": numbers.get(row.agenda_item_id) if row.agenda_item_id else None,
            "text": row.correction,
        }
        for row in kept.proposed(session, meeting.id)
        if row.answer == "accepted"
    ]


def _clock(at: datetime) -> str:
    return time_in_words(at.astimezone(LONDON).time())
