"""The front door's worklist: what is late or came back first, filtered, bounded, in as many statements for 60 rows as for one."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased, selectinload

from services.referrals.rules.stages import AT_FRONT_DOOR, WAITING_FOR_ANSWER
from services.referrals.tables import (
    AdultRow,
    ChildRow,
    FailedNoticeRow,
    InformationAskedRow,
    ProgressRow,
    RequestRow,
    SafeguardingCheckRow,
)
from shared.paging import PAGE_SIZE, PageOf, page_of

_URGENCY_ORDER = {"urgent": 0, "soon": 1, "routine": 2}


@dataclass(frozen=True)
class Filter:
    """Which requests of the worklist; what is empty leaves nothing out.

    `worker` is a person's id, or `nobody`; `clock` is amber or red, of those that wait for triage; `text` a reference,
    or a part of somebody's name.
    """

    stages: Collection[str]
    locality: str = ""
    kind: str = ""
    worker: UUID | str = ""
    clock: str = ""
    text: str = field(default="", repr=False)


def worklist(
    session: Session, asked: Filter, *, now: datetime, number: int, size: int = PAGE_SIZE
) -> PageOf[RequestRow]:
    """Return one page of these requests.

    Those whose sender says that they should be a safeguarding referral are first, then late ones and those that came
    back from a closed plan, then urgent, then oldest first.
    """
    requests = (
        sa.select(RequestRow)
        .where(*_conditions(asked, now))
        .options(selectinload(RequestRow.children), selectinload(RequestRow.safeguarding_check))
        .order_by(
            sa.case((sa.and_(RequestRow.stage.in_(AT_FRONT_DOOR), _marked_by_sender()), 0), else_=1),
            sa.case(
                (sa.and_(RequestRow.stage == "received", sa.or_(RequestRow.triage_due_at < now, _came_back())), 0),
                else_=1,
            ),
            sa.case(_URGENCY_ORDER, value=RequestRow.urgency, else_=9),
            RequestRow.received_at,
            RequestRow.id,
        )
    )
    return page_of(session, requests, number=number, size=size)


def _conditions(asked: Filter, now: datetime) -> list[sa.ColumnElement[bool]]:
    conditions: list[sa.ColumnElement[bool]] = [RequestRow.stage.in_(sorted(asked.stages))]
    if asked.locality:
        conditions.append(RequestRow.locality == asked.locality)
    if asked.kind:
        conditions.append(RequestRow.kind == asked.kind)
    if asked.worker:
        is_nobody = asked.worker == "nobody"
        conditions.append(RequestRow.worker_id.is_(None) if is_nobody else RequestRow.worker_id == asked.worker)
    if asked.clock:
        conditions += [RequestRow.stage == "received", _is_of_colour(asked.clock, now)]
    if asked.text:
        conditions.append(_is_about(asked.text))
    return conditions


def _is_of_colour(clock: str, now: datetime) -> sa.ColumnElement[bool]:
    is_red = RequestRow.triage_due_at < now
    return is_red if clock == "red" else sa.and_(RequestRow.triage_amber_at <= now, sa.not_(is_red))


def _is_about(text: str) -> sa.ColumnElement[bool]:
    return sa.or_(
        RequestRow.reference == text.strip().upper().replace(" ", "-"),
        *(
            sa.exists().where(
                table.request_id == RequestRow.id,
                sa.func.concat(table.given_name, " ", table.family_name).icontains(text.strip(), autoescape=True),
            )
            for table in (ChildRow, AdultRow)
        ),
    )


def stage_counts(session: Session) -> dict[str, int]:
    """Return how many requests stand in each stage."""
    rows = session.execute(sa.select(RequestRow.stage, sa.func.count()).group_by(RequestRow.stage))
    return {row[0]: row[1] for row in rows}


def late_count(session: Session, now: datetime) -> int:
    """Return how many requests wait for triage past their time."""
    late = sa.and_(RequestRow.stage == "received", RequestRow.triage_due_at < now)
    return session.scalar(sa.select(sa.func.count()).select_from(RequestRow).where(late)) or 0


def information_due(session: Session, requests: Sequence[RequestRow]) -> dict[object, date]:
    """Return by request id when what was asked for is due, for those that still wait for it."""
    rows = session.execute(
        sa.select(InformationAskedRow.request_id, sa.func.max(InformationAskedRow.due_on))
        .where(
            InformationAskedRow.request_id.in_([row.id for row in requests if row.stage in WAITING_FOR_ANSWER]),
            InformationAskedRow.answered_at.is_(None),
        )
        .group_by(InformationAskedRow.request_id)
    )
    return {row[0]: row[1] for row in rows}


def unanswered(session: Session, requests: Sequence[RequestRow]) -> set[object]:
    """Return the ids of the requests that are back at triage without the answer that they waited for."""
    ids = [row.id for row in requests if row.stage == "received"]
    newer = aliased(InformationAskedRow)
    asked_anew = sa.exists().where(
        newer.request_id == InformationAskedRow.request_id, newer.asked_at > InformationAskedRow.asked_at
    )
    in_vain = sa.select(InformationAskedRow.request_id).where(
        InformationAskedRow.request_id.in_(ids),
        InformationAskedRow.ended_at.is_not(None),
        InformationAskedRow.answered_at.is_(None),
        ~asked_anew,
    )
    return set(session.scalars(in_vain))


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
