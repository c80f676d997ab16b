"""One meeting moved, cancelled or added by hand, with everybody told and the families on it looked after."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.panel.actions.calendar import times_of
from services.panel.actions.invitations import bring_invitations, tell_of_cancellation, tell_of_move
from services.panel.actions.queue import alert_if_carried_again, place_waiting
from services.panel.queries import agenda as agenda_queries
from services.panel.queries import calendar as queries
from services.panel.rules import rescheduling as rules
from services.panel.rules.cut_off import CutOffWrong
from services.panel.rules.rescheduling import WhenAndWhere
from services.panel.tables import AgendaItemRow, MeetingRow, PanelRow
from shared.audit import record
from shared.authority import Closure
from shared.errors import Conflict, Invalid
from shared.events.panel import RequestPlaced, RequestUnplaced
from shared.messaging.outbox import announce

MEETING_MOVED, MEETING_CANCELLED = "meeting_moved", "meeting_cancelled"
_TO_TELL = ("held_on", "starts_at", "ends_at", "place", "video_link")


@dataclass(frozen=True)
class Change:
    """Who changes a meeting and why; `seen` is its sequence when they looked at it.

    `is_confirmed` says that it is to change although its papers have gone out.
    """

    by: UUID
    because: str
    seen: int
    is_confirmed: bool


def move_meeting(
    session: Session, meeting_id: UUID, new: WhenAndWhere, change: Change, *, closures: Sequence[Closure], now: datetime
) -> MeetingRow:
    """Give one meeting another day, time or place; its families go along, and everybody is told.

    A family moves up where an earlier meeting has room. An open agenda closes by the rule for the new day, or when `new` says; one that has closed stays closed.
    Raises Conflict or Invalid.
    """
    panel, meeting = _lock(session, meeting_id)
    rules.check_may_change(meeting.state, sequence=meeting.sequence, seen=change.seen, is_confirmed=change.is_confirmed)
    _check_room(session, meeting, new)
    rules.check_when_and_where(new, taken=_taken(session, panel.id, besides=meeting.id), now=now)
    before = {name: getattr(meeting, name) for name in (*_TO_TELL, "agenda_closes_at", "places")}
    values = _times(panel, new, closures, is_open=meeting.state == "planned", now=now)
    if meeting.state != "planned":
        del values["agenda_closes_at"]
    values |= {"place": new.place, "video_link": new.video_link, "places": new.places}
    if all(before[name] == value for name, value in values.items()):
        message = "Change the day, the time, the place or the number of families"
        raise Invalid(message, {"held_on": [message]})
    for name, value in values.items():
        setattr(meeting, name, value)
    _note(session, meeting, change, "moved_meeting", now, was=before["starts_at"].isoformat())
    if any(before[name] != getattr(meeting, name) for name in _TO_TELL):
        tell_of_move(session, meeting, was_starts_at=before["starts_at"])
    if meeting.state == "planned":
        _let_go_of_too_early(session, meeting)
    if meeting.held_on != before["held_on"]:
        _tell_referrers(session, meeting, instead_of=before["held_on"])
    place_waiting(session, panel.id, now)
    return meeting


def cancel_meeting(session: Session, meeting_id: UUID, change: Change, *, now: datetime) -> MeetingRow:
    """Cancel one meeting: its families go to the next meeting with room, or wait, and everybody is told; raises Conflict."""
    panel, meeting = _lock(session, meeting_id)
    rules.check_may_change(meeting.state, sequence=meeting.sequence, seen=change.seen, is_confirmed=change.is_confirmed)
    meeting.state = "cancelled"
    _note(session, meeting, change, "cancelled_meeting", now)
    tell_of_cancellation(session, meeting)
    moved = _back_to_queue(session, meeting)
    place_waiting(session, panel.id, now)
    for item in moved:
        if item.queue_entry.state == "waiting":
            announce(
                session,
                RequestUnplaced(
                    request_id=item.request_id,
                    family_id=item.family_id,
                    reference=item.reference,
                    meeting_id=meeting.id,
                    held_on=meeting.held_on,
                ),
            )
    return meeting


def add_meeting(
    session: Session,
    panel: PanelRow,
    new: WhenAndWhere,
    *,
    because: str,
    by: UUID,
    closures: Sequence[Closure],
    now: datetime,
) -> MeetingRow:
    """Add a meeting that the recurrence does not give; the most urgent who wait move up to it, and everybody is told; raises Invalid."""
    panel = queries.lock_panel(session, panel.id)
    if not panel.is_in_profile:
        raise Conflict("This panel is not held any more: the authority's rules no longer have it.")
    rules.check_when_and_where(new, taken=_taken(session, panel.id), now=now)
    meeting = MeetingRow(
        panel=panel,
        **_times(panel, new, closures, is_open=True, now=now),
        place=new.place,
        video_link=new.video_link,
        places=new.places,
        state="planned",
        sequence=0,
    )
    session.add(meeting)
    session.flush()
    _note(session, meeting, Change(by, because, 0, is_confirmed=True), "arranged_meeting", now)
    bring_invitations(session, panel.id, now)
    place_waiting(session, panel.id, now)
    return meeting


def _lock(session: Session, meeting_id: UUID) -> tuple[PanelRow, MeetingRow]:
    """Return the meeting with its panel, both locked, the panel first: the order in which an agenda is closed."""
    panel_id = queries.meeting_by_id(session, meeting_id).panel_id
    panel = queries.lock_panel(session, panel_id)
    return panel, queries.meeting_by_id(session, meeting_id, lock=True)


def _check_room(session: Session, meeting: MeetingRow, new: WhenAndWhere) -> None:
    families = agenda_queries.families_at(session, [meeting.id]).get(meeting.id, 0)
    if new.places < families:
        message = f"{families} families are on the agenda: give at least so many places"
        raise Invalid(message, {"places": [message]})


def _taken(session: Session, panel_id: UUID, *, besides: UUID | None = None) -> set[date]:
    days = sa.select(MeetingRow.held_on).where(MeetingRow.panel_id == panel_id, MeetingRow.state != "cancelled")
    return set(session.scalars(days.where(MeetingRow.id != besides) if besides else days))


def _times(
    panel: PanelRow, new: WhenAndWhere, closures: Sequence[Closure], *, is_open: bool, now: datetime
) -> dict[str, Any]:
    try:
        times = times_of(panel, new.held_on, new.starts, new.minutes, closures)
    except CutOffWrong as wrong:
        raise Invalid(str(wrong), {"starts": ["The agenda would close when the meeting has begun"]}) from wrong
    if new.agenda_closes_at is not None:
        times["agenda_closes_at"] = new.agenda_closes_at
    if is_open:
        is_given = new.agenda_closes_at is not None
        rules.check_cut_off(times["agenda_closes_at"], times["starts_at"], is_given=is_given, now=now)
    return times


def _note(session: Session, meeting: MeetingRow, change: Change, did: str, now: datetime, **details: str) -> None:
    meeting.set_by, meeting.set_at, meeting.set_because = change.by, now, change.because
    meeting.sequence += 1
    said = {"held_on": meeting.held_on.isoformat(), "because": change.because, **details}
    record(session, who=change.by, did=did, subject="meeting", subject_id=meeting.id, **said)


def _back_to_queue(session: Session, meeting: MeetingRow) -> list[AgendaItemRow]:
    """Let the families of a cancelled meeting wait again, as those whom a meeting did not hear."""
    items = [item for item in agenda_queries.items_of(session, meeting.id) if item.state == "placed"]
    for item in items:
        item.state, item.why_not_heard = "removed", MEETING_CANCELLED
        entry = item.queue_entry
        entry.state, entry.why, entry.times_carried = "waiting", "carried_over", entry.times_carried + 1
        record(session, who="panel", did="queued", subject="request", subject_id=item.request_id, why=MEETING_CANCELLED)
        alert_if_carried_again(session, entry)
    session.flush()
    return items


def _let_go_of_too_early(session: Session, meeting: MeetingRow) -> None:
    """Let families wait again who were not to be heard before a day that the meeting is now ahead of."""
    for item in agenda_queries.items_of(session, meeting.id):
        entry = item.queue_entry
        if item.state == "placed" and entry.not_before is not None and entry.not_before > meeting.held_on:
            item.state, item.why_not_heard, entry.state = "removed", MEETING_MOVED, "waiting"
    session.flush()


def _tell_referrers(session: Session, meeting: MeetingRow, *, instead_of: date) -> None:
    for item in agenda_queries.items_of(session, meeting.id):
        if item.state == "placed":
            announce(
                session,
                RequestPlaced(
                    request_id=item.request_id,
                    family_id=item.family_id,
                    reference=item.reference,
                    meeting_id=meeting.id,
                    held_on=meeting.held_on,
                    times_carried=item.queue_entry.times_carried,
                    instead_of=instead_of,
                ),
            )
