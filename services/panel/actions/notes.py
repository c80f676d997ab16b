"""What is written about an item while it is heard: notes that two people cannot overwrite, and what is not saved yet."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from services.panel.actions.stand import note_change
from services.panel.queries import meeting as reads
from services.panel.queries import stand as stand_reads
from services.panel.queries.no_part import check_has_part
from services.panel.rules import meeting as rules
from services.panel.rules.notes import DECISION, NOTES, UNSAVED_KEPT
from services.panel.tables import AgendaItemRow, MeetingRow, NoteRow, UnsavedRow
from shared.audit import record
from shared.errors import Conflict


class NoteChanged(Conflict):
    """Somebody else saved the note since whoever writes it read it."""


def write_note(session: Session, item_id: UUID, *, text: str, seen: int, by: UUID, now: datetime) -> NoteRow:
    """Save the note of an item, from the version that its writer saw (`seen`, 0 where there was none).

    Raises NoteChanged when another version stands, Forbidden on a conflict of the writer's own.
    """
    item, meeting = reads.locked_item(session, item_id)
    check_may_write(session, item, meeting, by)
    standing = stand_reads.latest_note(session, item.id)
    version = standing.version if standing else 0
    if version != seen:
        raise NoteChanged("Somebody else saved notes on this item while you were writing.")
    drop_unsaved(session, item.id, NOTES, by=by)
    if standing is not None and standing.text == text:
        return standing
    row = NoteRow(agenda_item_id=item.id, version=version + 1, text=text, written_by=by, written_at=now)
    session.add(row)
    session.flush()
    note_change(session, meeting.id, "notes")
    record(session, who=by, did="wrote_note", subject="agenda_item", subject_id=item.id, version=row.version)
    return row


def keep_unsaved(
    session: Session, item_id: UUID, form: str, *, fields: Mapping[str, list[str]], by: UUID, now: datetime
) -> None:
    """Keep what somebody has typed on a form about an item, so that it is there wherever they sign in next."""
    item = reads.the_item(session, item_id)
    check_may_write(session, item, reads.the_meeting(session, item.meeting_id), by)
    if form == NOTES and stand_reads.unsaved_by(session, item.id, by, form) is None:
        # The others see that somebody writes, not what.
        note_change(session, item.meeting_id, "notes")
    values = {"fields": dict(fields), "kept_at": now}
    session.execute(
        insert(UnsavedRow)
        .values(agenda_item_id=item.id, person_id=by, form=form, **values)
        .on_conflict_do_update(index_elements=["agenda_item_id", "person_id", "form"], set_=values)
    )


def drop_unsaved(session: Session, item_id: UUID, form: str, *, by: UUID) -> None:
    """Forget what somebody had typed on a form about an item: it is saved, or they do not want it."""
    session.execute(
        sa.delete(UnsavedRow).where(
            UnsavedRow.agenda_item_id == item_id, UnsavedRow.person_id == by, UnsavedRow.form == form
        )
    )


def drop_unsaved_decision(session: Session, item_id: UUID, *, by: UUID) -> None:
    """Forget what somebody had typed about an item on decision forms, of whatever outcome: one decision is recorded."""
    session.execute(
        sa.delete(UnsavedRow).where(
            UnsavedRow.agenda_item_id == item_id, UnsavedRow.person_id == by, UnsavedRow.form.startswith(DECISION)
        )
    )


def forget_unsaved(session: Session, now: datetime) -> None:
    """Forget what was typed and not saved within a day, so that nothing about a family lies around."""
    session.execute(sa.delete(UnsavedRow).where(UnsavedRow.kept_at < now - UNSAVED_KEPT))


def check_may_write(session: Session, item: AgendaItemRow, meeting: MeetingRow, by: UUID) -> None:
    """Refuse anybody but who runs the meeting, before it opened, and whoever has no part in the item."""
    rules.check_may_run(reads.parts_of(session, meeting, by))
    rules.check_was_opened(meeting.state)
    check_has_part(session, item.request_id, by)
