"""Where a meeting stands: which item it hears. Whoever follows is told of every change, with ids and numbers only."""

from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from services.panel.queries import meeting as reads
from services.panel.queries import stand as stand_reads
from services.panel.rules import meeting as meeting_rules
from services.panel.rules import stand as rules
from services.panel.tables import LeftForLaterRow, MeetingRow, StandRow
from shared.audit import record

CHANNEL = "panel_stand"
"""Where PostgreSQL tells of a change: `<meeting id> <version> <what changed>`."""


def note_change(session: Session, meeting_id: UUID, what: str) -> int:
    """Give a meeting's stand its next version and tell who follows, when the transaction commits.

    `what` is one word: opened, item, people, conflict, decision, notes, agenda, papers, ended. Whatever says to whom a
    family's paper is closed is such a change: screens keep what is closed for as long as the version stands.
    """
    version: int = session.execute(
        insert(StandRow)
        .values(meeting_id=meeting_id, version=1)
        .on_conflict_do_update(index_elements=["meeting_id"], set_={"version": StandRow.version + 1})
        .returning(StandRow.version)
    ).scalar_one()
    session.execute(sa.select(sa.func.pg_notify(CHANNEL, f"{meeting_id} {version} {what}")))
    return version


def note_for_followers_of(session: Session, request_id: UUID, what: str) -> None:
    """Give each meeting that is followed and has a request on its agenda its next version."""
    for meeting_id in stand_reads.followed(session, stand_reads.has_item_of(request_id)):
        note_change(session, meeting_id, what)


def note_for_panel(session: Session, panel_id: UUID, what: str) -> None:
    """Give each meeting of a panel that is followed its next version."""
    for meeting_id in stand_reads.followed(session, MeetingRow.panel_id == panel_id):
        note_change(session, meeting_id, what)


def note_for_person(session: Session, person_id: UUID, what: str) -> None:
    """Give each meeting that is followed, and at which somebody has a part, its next version."""
    for meeting_id in stand_reads.followed(session, stand_reads.has_part(person_id)):
        note_change(session, meeting_id, what)


def note_for_all(session: Session, what: str) -> None:
    """Give each meeting that is followed its next version."""
    for meeting_id in stand_reads.followed(session, sa.true()):
        note_change(session, meeting_id, what)


def go_to_item(session: Session, item_id: UUID, *, seen: UUID | None, by: UUID) -> None:
    """Take up an item, the next or any other, from the one that whoever asks for it saw (`seen`); raises MovedOn."""
    item, meeting = reads.locked_item(session, item_id)
    _check_moving(session, meeting, seen, by)
    rules.check_may_be_heard(item.state)
    session.execute(sa.delete(LeftForLaterRow).where(LeftForLaterRow.agenda_item_id == item.id))
    _stand_at(session, meeting, item.id, by)


def leave_for_later(session: Session, item_id: UUID, *, by: UUID, now: datetime) -> None:
    """Leave the item that is heard for later, and take up the next; raises MovedOn where it is not heard any more."""
    item, meeting = reads.locked_item(session, item_id)
    _check_moving(session, meeting, item.id, by)
    rules.check_may_be_left(item.state)
    session.execute(insert(LeftForLaterRow).values(agenda_item_id=item.id, left_at=now).on_conflict_do_nothing())
    record(session, who=by, did="left_item_for_later", subject="agenda_item", subject_id=item.id)
    _take_up_next(session, meeting, item.id, by)


def go_on_after_decision(session: Session, meeting: MeetingRow, item_id: UUID, *, by: UUID) -> None:
    """Take up the next item where the one that is heard has been decided; the caller holds the meeting."""
    if meeting.state != "in_session":
        return
    session.flush()
    session.execute(sa.delete(LeftForLaterRow).where(LeftForLaterRow.agenda_item_id == item_id))
    if stand_reads.stand_of(session, meeting.id).item_id == item_id:
        _take_up_next(session, meeting, item_id, by)
    else:
        note_change(session, meeting.id, "decision")


def begin_stand(session: Session, meeting: MeetingRow) -> None:
    """Let a meeting that opens stand before its first item."""
    _set_item(session, meeting.id, None)
    note_change(session, meeting.id, "opened")


def end_stand(session: Session, meeting: MeetingRow, what: str) -> None:
    """Let a meeting that ends, or does not sit after all, stand at no item."""
    _set_item(session, meeting.id, None)
    note_change(session, meeting.id, what)


def _check_moving(session: Session, meeting: MeetingRow, seen: UUID | None, by: UUID) -> None:
    meeting_rules.check_may_run(reads.parts_of(session, meeting, by))
    meeting_rules.check_in_session(meeting.state)
    rules.check_still_there(stand_reads.stand_of(session, meeting.id).item_id, seen)


def _take_up_next(session: Session, meeting: MeetingRow, current: UUID, by: UUID) -> None:
    session.flush()
    left = stand_reads.left_for_later(session, meeting.id)
    items = stand_reads.hearable(reads.items_of(session, meeting.id), left)
    _stand_at(session, meeting, rules.next_to_hear(items, current), by)


def _stand_at(session: Session, meeting: MeetingRow, item_id: UUID | None, by: UUID) -> None:
    _set_item(session, meeting.id, item_id)
    note_change(session, meeting.id, "item")
    if item_id is not None:
        record(session, who=by, did="took_up_item", subject="agenda_item", subject_id=item_id)


def _set_item(session: Session, meeting_id: UUID, item_id: UUID | None) -> None:
    since = sa.func.clock_timestamp() if item_id else None
    session.execute(
        sa.update(StandRow).where(StandRow.meeting_id == meeting_id).values(item_id=item_id, item_since=since)
    )
