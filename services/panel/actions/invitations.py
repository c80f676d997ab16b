"""People told of meetings for their own calendars, whenever what they were told is not true any more."""

from collections.abc import Collection
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from services.panel.queries import calendar as queries
from services.panel.queries import invitations as reads
from services.panel.rules.invitations import Entry, Told, is_told_of, whom_to_tell
from services.panel.tables import InvitationRow, MeetingRow
from shared.events.panel import InvitationsWithdrawn, MeetingCancelled, MembersInvited
from shared.messaging.outbox import announce


def bring_invitations(session: Session, panel_id: UUID, now: datetime) -> None:
    """Tell everybody with a seat of the meetings that are near or were set singly, and of what changed about them.

    Whoever has left a seat is told that they need not come. The caller holds the panel.
    """
    seated = queries.holders_of(session, panel_id)
    told = reads.invitations_of(session, panel_id, now)
    for meeting in reads.meetings_to_tell_of(session, panel_id, now):
        rows = told.get(meeting.id, {})
        if rows or is_told_of(meeting.starts_at, is_set_singly=meeting.set_by is not None, now=now):
            _tell(session, meeting, seated, rows)
    session.flush()


def tell_of_move(session: Session, meeting: MeetingRow, *, was_starts_at: datetime) -> None:
    """Tell everybody with a seat when and where the meeting is now, also those who had not been invited yet."""
    seated = queries.holders_of(session, meeting.panel_id)
    _tell(session, meeting, seated, reads.invitations_to(session, meeting.id), was_starts_at=was_starts_at)
    session.flush()


def tell_of_cancellation(session: Session, meeting: MeetingRow) -> None:
    """Tell everybody with a seat, and whoever was invited, that the meeting is not held."""
    rows = reads.invitations_to(session, meeting.id)
    invited = frozenset(person for person, row in rows.items() if not row.is_withdrawn)
    seated = queries.holders_of(session, meeting.panel_id)
    _outnumber(meeting, [rows[person] for person in invited])
    _keep(session, meeting, rows, invited, is_withdrawn=True)
    announce(
        session,
        MeetingCancelled(
            **calendar_entry(meeting),
            member_ids=_sorted(invited | set(seated)),
            invited_ids=_sorted(invited),
        ),
    )
    session.flush()


def _tell(
    session: Session,
    meeting: MeetingRow,
    seated: Collection[UUID],
    rows: dict[UUID, InvitationRow],
    *,
    was_starts_at: datetime | None = None,
) -> None:
    told = {person: Told(_said(row), row.is_withdrawn) for person, row in rows.items()}
    telling = whom_to_tell(_said(meeting), seated, told)
    _outnumber(
        meeting, [rows[person] for person in telling.invited | telling.changed | telling.withdrawn if person in rows]
    )
    if telling.withdrawn:
        _announce_withdrawal(session, meeting, telling.withdrawn)
    # Of a move by hand everybody hears, also who had not been invited yet.
    moved = telling.changed if was_starts_at is None else telling.changed | telling.invited
    if moved:
        before = was_starts_at or min(rows[person].starts_at for person in moved)
        _announce_invitation(session, meeting, moved, was_starts_at=before)
    if new := telling.invited - moved:
        _announce_invitation(session, meeting, new, was_starts_at=None)
    _keep(session, meeting, rows, telling.invited | telling.changed, is_withdrawn=False)
    _keep(session, meeting, rows, telling.withdrawn, is_withdrawn=True)


def _announce_invitation(
    session: Session, meeting: MeetingRow, people: Collection[UUID], *, was_starts_at: datetime | None
) -> None:
    announce(
        session,
        MembersInvited(
            **calendar_entry(meeting),
            video_link=meeting.video_link,
            member_ids=_sorted(people),
            was_starts_at=was_starts_at,
        ),
    )


def _announce_withdrawal(session: Session, meeting: MeetingRow, people: Collection[UUID]) -> None:
    announce(
        session,
        InvitationsWithdrawn(
            **calendar_entry(meeting),
            member_ids=_sorted(people),
        ),
    )


def calendar_entry(meeting: MeetingRow) -> dict[str, Any]:
    """Return what each fact that changes calendars says of a meeting."""
    return {
        "meeting_id": meeting.id,
        "panel_name": meeting.panel.name,
        "place": meeting.place,
        "starts_at": meeting.starts_at,
        "ends_at": meeting.ends_at,
        "sequence": meeting.sequence,
    }


def _outnumber(meeting: MeetingRow, rows: Collection[InvitationRow]) -> None:
    """Give the meeting a higher number than anybody was told: a calendar takes only what is newer (RFC 5546, 2.1.4)."""
    highest = max((row.sequence for row in rows), default=-1)
    meeting.sequence = max(meeting.sequence, highest + 1)


def _keep(
    session: Session,
    meeting: MeetingRow,
    rows: dict[UUID, InvitationRow],
    people: Collection[UUID],
    *,
    is_withdrawn: bool,
) -> None:
    for person in people:
        row = rows.get(person)
        if row is None:
            row = InvitationRow(meeting_id=meeting.id, person_id=person)
            session.add(row)
        row.sequence, row.is_withdrawn = meeting.sequence, is_withdrawn
        row.starts_at, row.ends_at = meeting.starts_at, meeting.ends_at
        row.place, row.video_link = meeting.place, meeting.video_link


def _said(by: MeetingRow | InvitationRow) -> Entry:
    return Entry(by.starts_at, by.ends_at, by.place, by.video_link)


def _sorted(people: Collection[UUID]) -> tuple[UUID, ...]:
    return tuple(sorted(people))
