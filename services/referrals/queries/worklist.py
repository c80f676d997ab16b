"""The front door's worklist: late ones first, bounded."""

from collections.abc import Sequence
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session, selectinload

from services.referrals.rules.stages import AT_FRONT_DOOR
from services.referrals.tables import (
    FailedNoticeRow,
    InformationAskedRow,
    ProgressRow,
    RequestRow,
    SafeguardingCheckRow,
)
from shared.paging import PAGE_SIZE, PageOf, page_of

_URGENCY_ORDER = {"urgent": 0, "soon": 1, "routine": 2}


def worklist(
    session: Session, *, stages: Sequence[str], today: date, number: int, size: int = PAGE_SIZE
) -> PageOf[RequestRow]:
    """Return one page of the requests in these stages.

    Those whose sender says that they should be a safeguarding referral are first. Late ones and those that came back from a closed plan are next, then urgent, then oldest first.
    """
    requests = (
        sa.select(RequestRow)
        .where(RequestRow.stage.in_(stages))
        .options(selectinload(RequestRow.children), selectinload(RequestRow.safeguarding_check))
        .order_by(
            sa.case((sa.and_(RequestRow.stage.in_(AT_FRONT_DOOR), _marked_by_sender()), 0), else_=1),
            sa.case(
                (sa.and_(RequestRow.stage == "received", sa.or_(RequestRow.triage_due_on < today, _came_back())), 0),
                else_=1,
            ),
            sa.case(_URGENCY_ORDER, value=RequestRow.urgency, else_=9),
            RequestRow.received_at,
            RequestRow.id,
        )
    )
    return page_of(session, requests, number=number, size=size)


def stage_counts(session: Session) -> dict[str, int]:
    """Return how many requests stand in each stage."""
    rows = session.execute(sa.select(RequestRow.stage, sa.func.count()).group_by(RequestRow.stage))
    return {row[0]: row[1] for row in rows}


def late_count(session: Session, today: date) -> int:
    """Return how many requests wait for triage past their time."""
    late = sa.and_(RequestRow.stage == "received", RequestRow.triage_due_on < today)
    return session.scalar(sa.select(sa.func.count()).select_from(RequestRow).where(late)) or 0


def information_due(session: Session, requests: Sequence[RequestRow]) -> dict[object, date]:
    """Return by request id when information that was asked for is due, for those that still wait for it."""
    rows = session.execute(
        sa.select(InformationAskedRow.request_id, sa.func.max(InformationAskedRow.due_on))
        .where(
            InformationAskedRow.request_id.in_([row.id for row in requests if row.stage == "information_asked"]),
            InformationAskedRow.answered_at.is_(None),
        )
        .group_by(InformationAskedRow.request_id)
    )
    return {row[0]: row[1] for row in rows}


def back_from_plans(session: Session, requests: Sequence[RequestRow]) -> set[object]:
    """Return the ids of the requests that wait for triage because their plan had closed."""
    ids = [row.id for row in requests if row.stage == "received"]
    return set(session.scalars(sa.select(RequestRow.id).where(RequestRow.id.in_(ids), _came_back())))


def with_failed_notices(session: Session, requests: Sequence[RequestRow]) -> set[object]:
    """Return the ids of the requests about which a message could not be delivered."""
    ids = [row.id for row in requests]
    return set(session.scalars(sa.select(FailedNoticeRow.request_id).where(FailedNoticeRow.request_id.in_(ids))))


def _marked_by_sender() -> sa.ColumnElement[bool]:
    return sa.exists().where(SafeguardingCheckRow.request_id == RequestRow.id, SafeguardingCheckRow.answer == "yes")


def _came_back() -> sa.ColumnElement[bool]:
    return sa.exists().where(ProgressRow.request_id == RequestRow.id, ProgressRow.code == "plan_found_closed")
