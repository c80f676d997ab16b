"""Reads about minutes as they were issued: their versions, proposed corrections, approvals, and what is late."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from services.panel.rules.minutes import Minutes, due_on, state_of
from services.panel.tables import (
    DocumentRow,
    MeetingRow,
    MinutesApprovalRow,
    MinutesRow,
    PanelRow,
    ProposedCorrectionRow,
)
from shared.errors import NotFound

KIND = "minutes"
MOST_VERSIONS = 200


@dataclass(frozen=True)
class Kept:
    """The newest version of a meeting's minutes; `content` is None for one that was made before content was kept."""

    document: DocumentRow
    content: dict[str, Any] | None
    state: str


@dataclass(frozen=True)
class MinutesLine:
    """How the minutes of a meeting stand, by when they were to go out, and how many corrections wait for an answer."""

    meeting: MeetingRow
    panel: PanelRow
    state: Minutes
    due_on: date
    is_overdue: bool
    waiting: int
    approved_at: MeetingRow | None


def newest(session: Session, meeting_id: UUID) -> Kept | None:
    """Return the newest version of a meeting's minutes, or None before they are issued."""
    row = session.execute(_versions(meeting_id).limit(1)).one_or_none()
    return Kept(row[0], row[1].content if row[1] else None, row[1].state if row[1] else "draft") if row else None


def versions(session: Session, meeting_id: UUID) -> list[tuple[DocumentRow, MinutesRow | None]]:
    """Return the versions of a meeting's minutes, the newest first."""
    return [(row[0], row[1]) for row in session.execute(_versions(meeting_id).limit(MOST_VERSIONS))]


def approval_of(session: Session, meeting_id: UUID) -> MinutesApprovalRow | None:
    """Return the approval of a meeting's minutes, or None."""
    return session.get(MinutesApprovalRow, meeting_id)


def state_at(session: Session, meeting_id: UUID) -> Minutes:
    """Return how the minutes of a meeting stand."""
    issued = newest(session, meeting_id) is not None
    return state_of(versions=int(issued), is_approved=approval_of(session, meeting_id) is not None)


def proposed(session: Session, meeting_id: UUID) -> Sequence[ProposedCorrectionRow]:
    """Return the corrections that members proposed, in the order in which they came."""
    statement = sa.select(ProposedCorrectionRow).where(ProposedCorrectionRow.meeting_id == meeting_id)
    return session.scalars(statement.order_by(ProposedCorrectionRow.proposed_at, ProposedCorrectionRow.id)).all()


def waiting(session: Session, meeting_id: UUID) -> int:
    """Return how many proposed corrections have no answer yet."""
    return sum(row.answer is None for row in proposed(session, meeting_id))


def proposed_one(session: Session, proposal_id: UUID) -> ProposedCorrectionRow:
    """Return a proposed correction; raises NotFound."""
    row = session.get(ProposedCorrectionRow, proposal_id, populate_existing=True)
    if row is None:
        raise NotFound("There is no such correction.")
    return row


def approved_at(session: Session, meeting_id: UUID) -> Sequence[tuple[MinutesApprovalRow, MeetingRow]]:
    """Return the approvals that a meeting gave, each with the meeting whose minutes they are of."""
    statement = (
        sa.select(MinutesApprovalRow, MeetingRow)
        .join(MeetingRow, MeetingRow.id == MinutesApprovalRow.meeting_id)
        .where(MinutesApprovalRow.approved_at_meeting_id == meeting_id)
        .order_by(MeetingRow.held_on)
    )
    return [(row[0], row[1]) for row in session.execute(statement)]


def drafts_before(session: Session, meeting: MeetingRow, *, limit: int = 20) -> Sequence[MeetingRow]:
    """Return the earlier meetings of the panel whose minutes were issued and not approved, the oldest first."""
    issued = sa.exists().where(DocumentRow.meeting_id == MeetingRow.id, DocumentRow.kind == KIND)
    approved = sa.exists().where(MinutesApprovalRow.meeting_id == MeetingRow.id)
    statement = sa.select(MeetingRow).where(
        MeetingRow.panel_id == meeting.panel_id, MeetingRow.held_on < meeting.held_on, issued, ~approved
    )
    return session.scalars(statement.order_by(MeetingRow.held_on).limit(limit)).all()


def lines_of(session: Session, panel_ids: Sequence[UUID], *, today: date, limit: int = 100) -> list[MinutesLine]:
    """Return how the minutes of past meetings of these panels stand: overdue first, then the latest meeting, at most `limit`."""
    statement = (
        sa.select(MeetingRow)
        .where(MeetingRow.panel_id.in_(panel_ids), MeetingRow.state != "cancelled")
        .where(sa.or_(MeetingRow.state == "ended", MeetingRow.held_on < today))
        .options(joinedload(MeetingRow.panel))
        .order_by(MeetingRow.held_on.desc(), MeetingRow.id)
        .limit(limit)
    )
    meetings = session.scalars(statement).all()
    ids = [meeting.id for meeting in meetings]
    approvals = _approvals(session, ids)
    issued = set(
        session.scalars(
            sa.select(DocumentRow.meeting_id).where(DocumentRow.meeting_id.in_(ids), DocumentRow.kind == KIND)
        )
    )
    counts = _waiting_at(session, ids)
    found = []
    for meeting in meetings:
        approved_at = approvals.get(meeting.id)
        state = state_of(versions=int(meeting.id in issued), is_approved=approved_at is not None)
        due = due_on(meeting.held_on, meeting.panel.minutes_within)
        is_overdue = state is Minutes.NOT_ISSUED and due < today
        waits = counts.get(meeting.id, 0)
        found.append(MinutesLine(meeting, meeting.panel, state, due, is_overdue, waits, approved_at))
    return sorted(found, key=lambda line: not line.is_overdue)


def _approvals(session: Session, meeting_ids: Sequence[UUID]) -> dict[UUID, MeetingRow]:
    """Return the meeting that approved the minutes of each of these, where one did."""
    rows = session.execute(
        sa.select(MinutesApprovalRow.meeting_id, MeetingRow)
        .join(MeetingRow, MeetingRow.id == MinutesApprovalRow.approved_at_meeting_id)
        .where(MinutesApprovalRow.meeting_id.in_(meeting_ids))
    )
    return {row[0]: row[1] for row in rows}


def _waiting_at(session: Session, meeting_ids: Sequence[UUID]) -> dict[UUID, int]:
    """Return how many proposed corrections of each of these meetings' minutes have no answer yet."""
    rows = session.execute(
        sa.select(ProposedCorrectionRow.meeting_id, sa.func.count())
        .where(ProposedCorrectionRow.meeting_id.in_(meeting_ids), ProposedCorrectionRow.answer.is_(None))
        .group_by(ProposedCorrectionRow.meeting_id)
    )
    return {row[0]: row[1] for row in rows}


def _versions(meeting_id: UUID) -> sa.Select[*tuple[Any, ...]]:
    return (
        sa.select(DocumentRow, MinutesRow)
        .outerjoin(MinutesRow, MinutesRow.document_id == DocumentRow.id)
        .where(DocumentRow.meeting_id == meeting_id, DocumentRow.kind == KIND)
        .order_by(DocumentRow.version.desc())
    )
