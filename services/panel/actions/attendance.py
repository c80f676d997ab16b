"""Who is at a meeting, who came in whose place, and who was told of its confidentiality statement."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from services.panel.actions.stand import note_change
from services.panel.queries import meeting as reads
from services.panel.queries import stand as stand_reads
from services.panel.rules import meeting as rules
from services.panel.tables import AcknowledgementRow, AttendanceRow, MeetingRow
from shared.audit import record
from shared.errors import Invalid


@dataclass(frozen=True)
class Presence:
    """Whether somebody is there: a code of PRESENCE, and the name of whoever came in their place."""

    presence: str
    substitute: str = ""


def record_attendance(
    session: Session, meeting_id: UUID, *, presences: Mapping[UUID, Presence], by: UUID, now: datetime
) -> None:
    """Record who is at a meeting; the last word about a person counts, and the audit keeps every one."""
    meeting = reads.locked_meeting(session, meeting_id)
    rules.check_may_run(reads.parts_of(session, meeting, by))
    rules.check_in_session(meeting.state)
    seated = {seat.person_id for seat in reads.seats_of(session, meeting.panel_id)}
    if strangers := set(presences) - seated:
        raise Invalid(
            "Only people with a seat at this panel are recorded.",
            {str(person): ["This person has no seat at this panel."] for person in strangers},
        )
    keep_presences(session, meeting, presences, now)
    note_change(session, meeting.id, "people")
    said = {str(person): presence.presence for person, presence in presences.items()}
    record(session, who=by, did="recorded_attendance", subject="meeting", subject_id=meeting.id, presences=said)


def say_here(session: Session, meeting_id: UUID, *, statement_version: str, by: UUID, now: datetime) -> None:
    """Let somebody with a seat say that they are there, and that they know the confidentiality statement."""
    meeting = reads.locked_meeting(session, meeting_id)
    rules.check_may_see(reads.seats_held(session, meeting.panel_id, by))
    rules.check_in_session(meeting.state)
    keep_presences(session, meeting, {by: Presence("present")}, now)
    _keep_acknowledgements(session, meeting, [by], statement_version, "themselves", by, now)
    note_change(session, meeting.id, "people")


def say_read_out(session: Session, meeting_id: UUID, *, statement_version: str, by: UUID, now: datetime) -> None:
    """Record that the statement was read out to whoever is there, and has not acknowledged it themselves."""
    meeting = reads.locked_meeting(session, meeting_id)
    rules.check_may_run(reads.parts_of(session, meeting, by))
    rules.check_in_session(meeting.state)
    here = [person for person, row in stand_reads.attended(session, meeting.id).items() if row.presence in rules.HERE]
    _keep_acknowledgements(session, meeting, here, statement_version, "read_out", by, now)
    note_change(session, meeting.id, "people")


def keep_presences(session: Session, meeting: MeetingRow, presences: Mapping[UUID, Presence], now: datetime) -> None:
    """Keep who is there, with when they came and left; the caller holds the meeting."""
    agencies = {seat.person_id: seat.agency_id for seat in reads.seats_of(session, meeting.panel_id)}
    known = stand_reads.attended(session, meeting.id)
    for person_id, presence in presences.items():
        before = known.get(person_id)
        came_at, left_at = rules.came_and_left(
            presence.presence,
            now=now,
            came_at=before.came_at if before else None,
            left_at=before.left_at if before else None,
        )
        row = before or AttendanceRow(meeting_id=meeting.id, person_id=person_id, agency_id=agencies.get(person_id))
        row.presence, row.substitute, row.recorded_at = presence.presence, presence.substitute, now
        row.came_at, row.left_at = came_at, left_at
        session.add(row)
    session.flush()


def _keep_acknowledgements(
    session: Session, meeting: MeetingRow, people: Collection[UUID], version: str, how: str, by: UUID, now: datetime
) -> None:
    for person_id in people:
        session.execute(
            insert(AcknowledgementRow)
            .values(
                meeting_id=meeting.id,
                person_id=person_id,
                statement_version=version,
                how=how,
                recorded_by=by,
                acknowledged_at=now,
            )
            .on_conflict_do_nothing()
        )
    details = {"statement": version, "people": len(people)}
    record(session, who=by, did=f"acknowledged_{how}", subject="meeting", subject_id=meeting.id, **details)
