"""Keep a new answer about consent; what was answered before stays beside it. Where it says no, everything stops."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from services.referrals.actions.consent_rows import consent_columns
from services.referrals.actions.progress import add_step
from services.referrals.actions.triage_clock import go_on, set_clock
from services.referrals.queries.consent import consent_of
from services.referrals.queries.requests import last_decision, locked_request, whole_request
from services.referrals.rules.answer_faults import answer_faults
from services.referrals.rules.consent import must_stop
from services.referrals.rules.stages import ON_ITS_WAY
from services.referrals.rules.triage_clock import clock_from
from services.referrals.tables import ConsentRow, RequestRow
from shared.audit import record
from shared.authority import Authority
from shared.errors import Invalid
from shared.events.referrals import ConsentChanged, ConsentWithdrawn
from shared.identity import Person
from shared.london import london_date
from shared.messaging.outbox import announce


def record_consent(
    session: Session,
    request_id: UUID,
    kind: str,
    answer: Mapping[str, Any],
    *,
    by: Person,
    authority: Authority,
    now: datetime,
) -> bool:
    """Keep what somebody answered to one of the questions and announce it; return whether everything stopped.

    Raises Invalid, NotFound.
    """
    locked_request(session, request_id)
    request = whole_request(session, request_id)
    children = {child.ref for child in request.children}
    if faults := {str(path[0]): message for path, message in answer_faults(answer, request.who_may_agree, children)}:
        raise Invalid("Some of the answer about consent is not right.", faults)
    request.consents.append(ConsentRow(**consent_columns(kind, answer, recorded_by=str(by.person_id), now=now)))
    request.version += 1
    if request.stage == "consent_asked":
        go_on(request, authority.triage, at=now)
    add_step(session, request, "consent_answered", at=now, kind=kind, answer=answer["answer"], by_name=by.name)
    announce_change(session, request, kind)
    record(
        session, who=by.person_id, did="recorded_consent", subject="request", subject_id=request_id,
        kind=kind, answer=answer["answer"],
    )  # fmt: skip
    return stop_without_consent(session, request, authority=authority, now=now)


def announce_change(session: Session, request: RequestRow, kind: str) -> None:
    """Announce that what holds about a request's consent may have changed."""
    fact = ConsentChanged(request_id=request.id, family_id=request.family_id, reference=request.reference, kind=kind)
    announce(session, fact)


def stop_without_consent(session: Session, request: RequestRow, *, authority: Authority, now: datetime) -> bool:
    """Stop sharing and work at once where a request on its way is not agreed to any more; say whether that was so.

    The record stays: it does not rest on consent. The front door decides anew, within its own time limit.
    """
    session.flush()
    decision = last_decision(session, request.id)
    if decision is None or request.stage not in ON_ITS_WAY:
        return False
    consent = consent_of(request, authority.consent, london_date(now))
    if not must_stop(consent, decision.outcome):
        return False
    set_clock(request, clock_from(authority.triage, now))
    add_step(session, request, "consent_withdrawn", at=now)
    announce(session, ConsentWithdrawn(request.id, request.family_id, request.reference))
    record(session, who="referrals", did="stopped_without_consent", subject="request", subject_id=request.id)
    return True
