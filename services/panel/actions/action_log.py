"""Say of an action that it is done, not needed any more, or open again; each word supersedes the one before."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy.orm import Session

from services.panel.queries import action_log as reads
from services.panel.queries.meeting import actions_of
from services.panel.rules.action_log import AlreadyMarked, check_mark
from services.panel.rules.consent import CLOSED_BECAUSE
from services.panel.tables import ActionChaseRow, ActionMarkRow, ActionRow
from shared.audit import record
from shared.errors import NotFound
from shared.identity import Person


def keep_what_became(session: Session, earlier_decision_id: UUID, decision_id: UUID) -> None:
    """Let an action that a corrected decision asks for again stand as it stood, chased as often as it was.

    The same again is the same words, for the same agency, by the same day.
    """
    earlier = {_same(row): row for row in actions_of(session, [earlier_decision_id]).get(earlier_decision_id, [])}
    for row in actions_of(session, [decision_id]).get(decision_id, []):
        if (before := earlier.get(_same(row))) is None:
            continue
        supersedes: UUID | None = None
        for mark in reads.marks_of(session, before.id):
            copy = ActionMarkRow(
                action_id=row.id,
                mark=mark.mark,
                note=mark.note,
                marked_by=mark.marked_by,
                marked_at=mark.marked_at,
                supersedes_id=supersedes,
            )
            session.add(copy)
            session.flush()
            supersedes = copy.id
        chases = reads.chases_of(session, [before.id]).get(before.id, {})
        session.add_all(ActionChaseRow(action_id=row.id, number=number, chased_at=at) for number, at in chases.items())
    session.flush()


def _same(row: ActionRow) -> tuple[str, UUID, date]:
    return row.what, row.owner_agency_id, row.due_on


def mark_action(
    session: Session,
    action_id: UUID,
    *,
    mark: str,
    note: str,
    supersedes: UUID | None,
    by: Person,
    now: datetime,
) -> ActionMarkRow:
    """Mark an action; `supersedes` is the mark that its writer saw, if any. Raises NotFound, Forbidden, AlreadyMarked, Invalid."""
    reads.lock_action(session, action_id)
    line = reads.the_line(session, action_id, by)
    runs = reads.runs_panel(session, line.panel.id, by)
    if why := reads.why_words_are_closed(session, [line], by).get(action_id):
        raise NotFound(f"This action is closed to you. {CLOSED_BECAUSE[why]}.")
    standing = line.mark.id if line.mark else None
    if standing != supersedes:
        raise AlreadyMarked(
            "Somebody has said something about this action since you opened it. Read it below."
            " What you typed is still here."
        )
    check_mark(mark, note, state=line.state, runs=runs, owns=reads.owns(line.action, by))
    row = ActionMarkRow(
        action_id=action_id, mark=mark, note=note, marked_by=by.person_id, marked_at=now, supersedes_id=standing
    )
    session.add(row)
    session.flush()
    record(session, who=by.person_id, did="marked_action", subject="action", subject_id=action_id, mark=mark)
    return row
