"""What an agency says before the meeting that it knows of a family."""

from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from services.panel.queries.knowledge import answers_for, standing_answer
from services.panel.rules.knowledge import AnsweredMeanwhile, check_is_newest, check_may_say, is_said_already
from services.panel.tables import AgencyKnowledgeRow, AgendaItemRow, MeetingRow
from shared.audit import record


def say_what_is_known(
    session: Session,
    meeting: MeetingRow,
    item: AgendaItemRow,
    *,
    knows: str,
    note: str,
    supersedes: UUID | None,
    by: UUID,
    now: datetime,
) -> None:
    """Keep what somebody's agency knows of a family, in place of its answer `supersedes`, the one they have seen.

    The caller has checked that they may read the family's paper. Raises Forbidden, Conflict and AnsweredMeanwhile.
    """
    agency_id = check_may_say(answers_for(session, meeting.panel_id, by), meeting.state)
    standing = standing_answer(session, item.request_id, agency_id)
    if is_said_already(standing, knows=knows, note=note, by=by):
        return
    check_is_newest(standing, supersedes)
    kept = session.execute(
        insert(AgencyKnowledgeRow)
        .values(
            id=uuid4(),
            request_id=item.request_id,
            agenda_item_id=item.id,
            agency_id=agency_id,
            knows=knows,
            note=note,
            said_by=by,
            said_at=now,
            supersedes_id=supersedes,
        )
        .on_conflict_do_nothing()
        .returning(AgencyKnowledgeRow.id)
    )
    if kept.first() is None:
        raise AnsweredMeanwhile(
            "A colleague answered for your agency at this moment. Look at it, and send yours again."
        )
    record(
        session, who=by, did="said_what_is_known", subject="request", subject_id=item.request_id,
        agency=str(agency_id), knows=knows,
    )  # fmt: skip
