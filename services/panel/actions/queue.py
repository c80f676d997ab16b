"""The queue: families who wait for a meeting, and the places they get."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import TypedDict, Unpack
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.panel.actions.stand import note_for_followers_of
from services.panel.queries import calendar as calendar_queries
from services.panel.queries import queue as queries
from services.panel.queries.no_part import with_part_in
from services.panel.rules.agenda import LEADING_SEATS
from services.panel.rules.queue import CARRIED_TOO_OFTEN, MeetingPlaces, next_meeting_with_room, places_given
from services.panel.tables import AgendaItemRow, AllocationRow, PanelRow, QueueEntryRow
from shared.audit import record
from shared.events.panel import RequestCarriedOverAgain, RequestPlaced
from shared.events.referrals import RequestReadyForPanel, RequestSentToService
from shared.messaging.outbox import announce


class QueuedRequest(TypedDict):
    """What the queue, and an offer, keep of a request; `received_on` is the London date from which its wait counts."""

    request_id: UUID
    family_id: UUID
    reference: str
    kind: str
    urgency: str
    received_on: date
    children: int
    level_scheme: str
    level_version: str
    level_number: int


def told_of_request(
    by: RequestReadyForPanel | RequestSentToService | QueueEntryRow | AllocationRow,
) -> QueuedRequest:
    """Return what the queue, and an offer, keep of a request."""
    return QueuedRequest(
        request_id=by.request_id,
        family_id=by.family_id,
        reference=by.reference,
        kind=by.kind,
        urgency=by.urgency,
        received_on=by.received_on,
        children=by.children,
        level_scheme=by.level_scheme,
        level_version=by.level_version,
        level_number=by.level_number,
    )


def queue_request(
    session: Session,
    *,
    panel_key: str,
    why: str,
    now: datetime,
    times_carried: int = 0,
    not_before: date | None = None,
    **request: Unpack[QueuedRequest],
) -> QueueEntryRow:
    """Let a request wait for a panel, and give it a place at the next meeting with room; raises NotFound for no panel.

    A request waits in one queue at a time. A new one that waits at this panel already stays as it is; one that
    comes back (`why` is not new), or that triage sent to another panel, ends its earlier wait and begins another.
    """
    panel = calendar_queries.panel_by_key(session, panel_key, lock=True)
    earlier = queries.open_entry(session, request["request_id"])
    if earlier is not None:
        if earlier.panel_id == panel.id and (why == "new" or earlier.state == "waiting"):
            return earlier
        leave_queue(session, earlier.request_id, because=why, now=now)
    # Whoever waits already found no room, and none has become free since: only the new one may find some.
    meeting = next_meeting_with_room(
        queries.lock_open_meetings(session, panel.id, now),
        family_id=request["family_id"],
        now=now,
        not_before=not_before,
    )
    entry = begin_wait(session, panel, **request, why=why, now=now, times_carried=times_carried, not_before=not_before)
    if meeting is not None:
        _place(session, entry, meeting)
    session.flush()
    if why == "carried_over":
        alert_if_carried_again(session, entry)
    return entry


def begin_wait(
    session: Session,
    panel: PanelRow,
    *,
    why: str,
    now: datetime,
    times_carried: int,
    not_before: date | None,
    **request: Unpack[QueuedRequest],
) -> QueueEntryRow:
    """Let a request wait at a panel without a place; the caller gives it one, or the free places to whoever is first."""
    entry = QueueEntryRow(
        **request, panel_id=panel.id, queued_at=now, why=why, times_carried=times_carried, not_before=not_before
    )
    session.add(entry)
    record(session, who="panel", did="queued", subject="request", subject_id=entry.request_id, panel=panel.key, why=why)
    return entry


def place_waiting(
    session: Session, panel_id: UUID, now: datetime, *, was_heard_on: Mapping[UUID, date] | None = None
) -> None:
    """Give the panel's free places to those who wait for a later meeting or have none, in their order; announce each.

    Nobody loses a place to somebody else. Whoever finds no room stays in the queue, where the coordinator sees it.
    `was_heard_on` says of a new wait on which day its request was to be heard until now.
    """
    calendar_queries.lock_panel(session, panel_id)
    meetings = queries.lock_open_meetings(session, panel_id, now)
    given = places_given(queries.who_waits(session, panel_id, meetings), meetings, now=now)
    entries = queries.entries_by_id(session, [waiting.entry_id for waiting, _ in given])
    held_on = {meeting.meeting_id: meeting.held_on for meeting in meetings}
    for waiting, meeting in given:
        if waiting.meeting_id is None:
            before = (was_heard_on or {}).get(waiting.entry_id)
            _place(session, entries[waiting.entry_id], meeting, instead_of=before)
        else:
            _move_up(session, entries[waiting.entry_id], meeting, instead_of=held_on[waiting.meeting_id])
    session.flush()


def leave_queue(session: Session, request_id: UUID, *, because: str, now: datetime) -> None:
    """Take a request out of the queue and off its agenda; nothing happens when it waits nowhere.

    On an agenda that is closed it keeps its number and is marked as removed, with the reason. A place that
    becomes free goes to whoever waits.
    """
    panel_id = end_wait(session, request_id, because=because)
    if panel_id is not None:
        place_waiting(session, panel_id, now)


def end_wait(session: Session, request_id: UUID, *, because: str) -> UUID | None:
    """Do what leave_queue does and leave the free place to the caller; return the panel that has one now, or None."""
    panel_id = queries.open_panel_of(session, request_id)
    if panel_id is not None:
        # The panel first, then its rows: the order in which an agenda is closed.
        calendar_queries.lock_panel(session, panel_id)
    entry = queries.open_entry(session, request_id)
    if entry is None:
        return None
    _end_wait(session, entry, because=because)
    record(session, who="panel", did="left_queue", subject="request", subject_id=request_id, because=because)
    note_for_followers_of(session, request_id, "agenda")
    return panel_id


def remember_let_go(session: Session, request_id: UUID, *, because: str) -> None:
    """Mark every wait of a request as over for good, also where a meeting has heard it: no correction takes it up again."""
    waits = sa.update(QueueEntryRow).where(QueueEntryRow.request_id == request_id)
    session.execute(waits.where(QueueEntryRow.let_go_because.is_(None)).values(let_go_because=because))


def alert_if_carried_again(session: Session, entry: QueueEntryRow) -> None:
    """Announce that another meeting did not hear a family, for who leads the panel and has a part in it; not the first time."""
    if entry.times_carried < CARRIED_TOO_OFTEN:
        return
    leaders = calendar_queries.holders_of(session, entry.panel_id, seats=LEADING_SEATS)
    announce(
        session,
        RequestCarriedOverAgain(
            request_id=entry.request_id,
            family_id=entry.family_id,
            reference=entry.reference,
            times_carried=entry.times_carried,
            leader_ids=tuple(with_part_in(session, entry.request_id, leaders)),
        ),
    )


def _place(session: Session, entry: QueueEntryRow, meeting: MeetingPlaces, *, instead_of: date | None = None) -> None:
    entry.state = "placed"
    item = AgendaItemRow(
        meeting_id=meeting.meeting_id,
        queue_entry=entry,
        request_id=entry.request_id,
        family_id=entry.family_id,
        reference=entry.reference,
        state="placed",
    )
    session.add(item)
    announce_place(session, entry, meeting.meeting_id, meeting.held_on, instead_of=instead_of)


def _move_up(session: Session, entry: QueueEntryRow, meeting: MeetingPlaces, *, instead_of: date) -> None:
    """Give a request a place at an earlier meeting: on an open agenda it has no number yet, so its item goes along."""
    item = queries.placed_item(session, entry.id)
    if item is None:
        raise AssertionError("who moves up has a place")
    item.meeting_id = meeting.meeting_id
    record(session, who="panel", did="moved_up", subject="request", subject_id=entry.request_id)
    announce_place(session, entry, meeting.meeting_id, meeting.held_on, instead_of=instead_of)


def announce_place(
    session: Session, entry: QueueEntryRow, meeting_id: UUID, held_on: date, *, instead_of: date | None
) -> None:
    """Announce the place that a request has at a meeting."""
    announce(
        session,
        RequestPlaced(
            request_id=entry.request_id,
            family_id=entry.family_id,
            reference=entry.reference,
            meeting_id=meeting_id,
            held_on=held_on,
            times_carried=entry.times_carried,
            instead_of=instead_of,
        ),
    )


def _end_wait(session: Session, entry: QueueEntryRow, *, because: str) -> None:
    entry.state, entry.left_because = "left", because
    item = queries.placed_item(session, entry.id)
    if item is not None:
        item.state, item.why_not_heard = "removed", because
    session.flush()
