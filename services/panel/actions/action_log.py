"""Say of an action that it is done, not needed any more, or open again; each word supersedes the one before."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from services.panel.action_tables import ActionMarkRow
from services.panel.queries import action_log as reads
from services.panel.rules.action_log import AlreadyMarked, check_mark
from services.panel.rules.consent import CLOSED_BECAUSE
from shared.audit import record
from shared.errors import NotFound
from shared.identity import Person


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
