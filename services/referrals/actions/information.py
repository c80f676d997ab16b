"""Ask the referrer for more, or for consent; keep the answer, remind, and after the last day go on without one."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from services.referrals.actions.progress import add_step
from services.referrals.actions.triage_clock import go_on, pause
from services.referrals.queries.requests import information_asked, last_decision, locked_request
from services.referrals.rules.stages import AT_FRONT_DOOR, WAITING_FOR_ANSWER
from services.referrals.tables import InformationAskedRow, RequestRow, TriageDecisionRow
from shared.audit import record
from shared.authority import Authority
from shared.errors import Conflict
from shared.events.referrals import MoreInformationAsked
from shared.london import london_date
from shared.messaging.outbox import announce
from shared.working_days import working_days_after, working_days_before

ASKED_FOR = {"more_information": "information", "ask_consent": "consent"}
"""By outcome of triage what the referrer is asked for."""


class NothingAsked(Conflict):
    """Nothing is asked about this request now."""


def ask(
    session: Session,
    request: RequestRow,
    decision: TriageDecisionRow,
    what: str,
    *,
    authority: Authority,
    now: datetime,
) -> None:
    """Wait for an answer, within the authority's time; the time for a decision stands still where it does so."""
    asked = InformationAskedRow(
        decision_id=decision.id,
        request_id=request.id,
        kind=ASKED_FOR[decision.outcome],
        what=what,
        asked_at=now,
        due_on=working_days_after(london_date(now), authority.limits.more_information_working_days),
    )
    session.add(asked)
    pause(request, authority.triage, at=now)
    session.flush()


def give_information(
    session: Session, request_id: UUID, answer: str, *, who: str, authority: Authority, now: datetime
) -> None:
    """Keep an answer to what was asked, also one that comes late, while nobody has decided; raises NothingAsked, NotFound."""
    request = locked_request(session, request_id)
    waiting = [row for row in information_asked(session, request_id) if row.answered_at is None]
    decision = last_decision(session, request_id)
    is_last = bool(waiting and decision and decision.id == waiting[-1].decision_id)
    if request.stage not in AT_FRONT_DOOR or not is_last:
        raise NothingAsked("We have what we asked for. Ring us if there is more to say.")
    waiting[-1].answer, waiting[-1].answered_at = answer, now
    request.version += 1
    go_on(request, authority.triage, at=now)
    add_step(session, request, "information_given", at=now)
    record(session, who=who, did="gave_information", subject="request", subject_id=request_id)


def chase_answer(session: Session, decision_id: UUID, *, authority: Authority, now: datetime) -> None:
    """Remind of an answer that is due soon, once, or take its request back to triage when the last day has passed.

    What was answered or decided anew meanwhile is left alone.
    """
    asked = session.get_one(InformationAskedRow, decision_id)
    request = locked_request(session, asked.request_id)
    session.refresh(asked)
    decision = last_decision(session, request.id)
    if request.stage in WAITING_FOR_ANSWER and decision and decision.id == asked.decision_id:
        _chase(session, request, asked, authority, now)


def _chase(
    session: Session, request: RequestRow, asked: InformationAskedRow, authority: Authority, now: datetime
) -> None:
    if asked.answered_at or asked.ended_at:
        return
    today, rules = london_date(now), authority.triage
    if today > asked.due_on:
        asked.ended_at = now
        request.version += 1
        go_on(request, rules, at=now)
        add_step(session, request, "not_answered", at=now)
        record(session, who="referrals", did="ended_waiting", subject="request", subject_id=request.id)
    elif asked.reminded_at is None and today >= working_days_before(asked.due_on, rules.remind_working_days_before):
        asked.reminded_at = now
        announce(
            session,
            MoreInformationAsked(
                request.id, request.family_id, request.reference, asked.due_on, asked.kind, is_reminder=True
            ),
        )
