"""Requests: one by its id, key or reference; the ones a person sent."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session, selectinload

from services.referrals.queries.consent import leaves_out_referrer
from services.referrals.rules.stages import FIRST_STAGE, WAITING_FOR_ANSWER
from services.referrals.tables import (
    FailedNoticeRow,
    InformationAskedRow,
    ProgressRow,
    RequestRow,
    StepDownRow,
    TriageDecisionRow,
)
from shared.errors import NotFound
from shared.paging import PageOf, page_of

_NOT_THERE = "There is no such request, or you may not see it."
_MOST_WAITING = 10_000
_WHOLE = (
    selectinload(RequestRow.children),
    selectinload(RequestRow.adults),
    selectinload(RequestRow.addresses),
    selectinload(RequestRow.professionals),
    selectinload(RequestRow.consents),
    selectinload(RequestRow.consent_overrides),
    selectinload(RequestRow.safeguarding_check),
    selectinload(RequestRow.decisions),
    selectinload(RequestRow.progress),
    selectinload(RequestRow.step_down).selectinload(StepDownRow.papers),
)


def whole_request(session: Session, request_id: UUID) -> RequestRow:
    """Return a request with everything in it; raises NotFound."""
    row = session.get(RequestRow, request_id, options=_WHOLE, populate_existing=True)
    if row is None:
        raise NotFound(_NOT_THERE)
    return row


def locked_request(session: Session, request_id: UUID) -> RequestRow:
    """Return a request that nobody else can change until this transaction ends; raises NotFound."""
    row = session.get(RequestRow, request_id, with_for_update=True, populate_existing=True)
    if row is None:
        raise NotFound(_NOT_THERE)
    return row


def request_with_reference(session: Session, reference: str) -> RequestRow | None:
    """Return the request with this reference, or None."""
    return session.scalar(sa.select(RequestRow).where(RequestRow.reference == reference))


def sent_by(session: Session, person_id: UUID, *, number: int) -> PageOf[RequestRow]:
    """Return one page of what a person sent, newest first."""
    mine = sa.select(RequestRow).where(RequestRow.referrer_person_id == person_id)
    newest_first = mine.order_by(RequestRow.received_at.desc(), RequestRow.id)
    return page_of(
        session,
        newest_first.options(selectinload(RequestRow.children), selectinload(RequestRow.consents)),
        number=number,
    )


def own_request(session: Session, request_id: UUID, person_id: UUID) -> RequestRow:
    """Return a request that this person sent; raises NotFound, also when somebody else did or the family leaves them out."""
    row = whole_request(session, request_id)
    if row.referrer_person_id != person_id:
        raise NotFound(_NOT_THERE)
    if leaves_out_referrer(row):
        raise NotFound("The family does not want your organisation to hear more of this request. Ring us if you worry.")
    return row


def last_decision(session: Session, request_id: UUID) -> TriageDecisionRow | None:
    """Return the decision that stands, or None before triage."""
    return session.scalar(
        sa.select(TriageDecisionRow)
        .where(TriageDecisionRow.request_id == request_id)
        .order_by(TriageDecisionRow.number.desc())
        .limit(1)
    )


def steps_of(session: Session, request_id: UUID) -> Sequence[ProgressRow]:
    """Return what happened to a request, in order."""
    return session.scalars(
        sa.select(ProgressRow).where(ProgressRow.request_id == request_id).order_by(ProgressRow.number)
    ).all()


def information_asked(session: Session, request_id: UUID) -> Sequence[InformationAskedRow]:
    """Return what was asked of the referrer, oldest first."""
    return session.scalars(
        sa.select(InformationAskedRow)
        .join(TriageDecisionRow, TriageDecisionRow.id == InformationAskedRow.decision_id)
        .where(InformationAskedRow.request_id == request_id)
        .order_by(TriageDecisionRow.number)
    ).all()


def outstanding_answers(session: Session, *, today: date) -> Sequence[UUID]:
    """Return the decisions whose question to the referrer may want a reminder or an end, the one due first at first."""
    return session.scalars(
        sa.select(InformationAskedRow.decision_id)
        .join(RequestRow, RequestRow.id == InformationAskedRow.request_id)
        .where(
            RequestRow.stage.in_(WAITING_FOR_ANSWER),
            InformationAskedRow.answered_at.is_(None),
            InformationAskedRow.ended_at.is_(None),
            sa.or_(InformationAskedRow.reminded_at.is_(None), InformationAskedRow.due_on < today),
        )
        .order_by(InformationAskedRow.due_on)
        .limit(_MOST_WAITING)
    ).all()


def next_back_without_time(session: Session) -> UUID | None:
    """Return a request that came back to triage, and of which nobody has said until when it must be decided, or None."""
    back = sa.select(RequestRow.id).where(RequestRow.stage == FIRST_STAGE, RequestRow.triage_paused_at.is_not(None))
    return session.scalar(back.limit(1))


def failed_notices(session: Session, request_id: UUID) -> Sequence[FailedNoticeRow]:
    """Return the messages about a request that could not be delivered."""
    return session.scalars(
        sa.select(FailedNoticeRow)
        .where(FailedNoticeRow.request_id == request_id)
        .order_by(FailedNoticeRow.failed_at)
        .limit(50)
    ).all()
