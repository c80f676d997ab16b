"""The front door's decision about a request. A correction is a new decision that supersedes the old one."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.referrals.actions.information import ASKED_FOR, ask
from services.referrals.actions.progress import add_step
from services.referrals.queries.consent import consent_of
from services.referrals.queries.families import open_plans
from services.referrals.queries.known import service_offers
from services.referrals.queries.requests import last_decision, locked_request
from services.referrals.rules.consent import refusals
from services.referrals.rules.triage import (
    MOVED_ON,
    Choice,
    MovedOn,
    ServiceOffer,
    Standing,
    check_choice,
    told_of,
    with_details,
)
from services.referrals.rules.working_on import check_may_decide
from services.referrals.tables import ChildRow, InformationAskedRow, RequestRow, TriageDecisionRow
from shared.audit import record
from shared.authority import Authority, ConsentRules
from shared.events import referrals as events
from shared.identity import Person
from shared.london import london_date
from shared.messaging.outbox import announce

_SENT_ON = frozenset({"panel", "service"})
_LEAVES_BY_ITSELF = frozenset({"safeguarding", "withdraw"})


def standing_of(session: Session, request: RequestRow, *, rules: ConsentRules, today: date) -> Standing:
    """Return what triage must know of a request."""
    consent = consent_of(request, rules, today)
    return Standing(
        stage=request.stage,
        kind=request.kind,
        locality=request.locality,
        refusals=refusals(consent, rules),
        not_with=consent.not_with,
        open_plans={str(plan.plan_id): plan.agency for plan in open_plans(session, [request.family_id])},
    )


def triage(
    session: Session,
    request_id: UUID,
    choice: Choice,
    *,
    by: Person,
    authority: Authority,
    now: datetime,
    seen_version: int | None = None,
) -> TriageDecisionRow:
    """Decide what happens to a request, and announce it.

    `seen_version` is the version that the person had before them: when it is no longer the newest, MovedOn is
    raised. Raises OwnRequest, SomebodyWorksOnIt, AlreadyAllocated, and Invalid with the fields that do not fit.
    """
    request = locked_request(session, request_id)
    check_may_decide(
        choice.outcome, by.person_id, made_by=request.made_by, worker=request.worker_id, name=request.worker_name
    )
    if seen_version is not None and seen_version != request.version:
        raise MovedOn(MOVED_ON)
    services = service_offers(session)
    choice = with_details(choice, services)
    scheme = authority.level_scheme
    levels = {level.number for level in scheme.levels}
    standing = standing_of(session, request, rules=authority.consent, today=london_date(now))
    reasons = authority.triage.why_no_further_action
    check_choice(choice, standing, panels=authority.panels, services=services, levels=levels, reasons=reasons)
    before = last_decision(session, request_id)
    decision = _keep(session, request, choice, before, by=by, authority=authority, now=now)
    service = services.get(choice.service_id)
    if before and before.outcome in _SENT_ON and choice.outcome not in _LEAVES_BY_ITSELF:
        announce(session, events.RequestTakenBack(request.id, request.family_id, request.reference))
    _ANNOUNCE[choice.outcome](session, request, decision, service)
    record(
        session, who=by.person_id, did="triaged", subject="request", subject_id=request.id,
        outcome=choice.outcome, supersedes=bool(before),
    )  # fmt: skip
    return decision


def _keep(
    session: Session,
    request: RequestRow,
    choice: Choice,
    before: TriageDecisionRow | None,
    *,
    by: Person,
    authority: Authority,
    now: datetime,
) -> TriageDecisionRow:
    scheme = authority.level_scheme
    decision = TriageDecisionRow(
        request_id=request.id,
        number=before.number + 1 if before else 1,
        supersedes_id=before.id if before else None,
        outcome=choice.outcome,
        reason=choice.reason,
        level_scheme=scheme.scheme if choice.level_number is not None else "",
        level_version=scheme.version if choice.level_number is not None else "",
        level_number=choice.level_number,
        details=choice.details,
        decided_by=by.person_id,
        decided_by_name=by.name,
        decided_at=now,
    )
    session.add(decision)
    session.flush()
    if choice.outcome in ASKED_FOR:
        ask(session, request, decision, choice.what, authority=authority, now=now)
    request.version += 1
    add_step(session, request, f"triaged_{choice.outcome}", at=now, decision_id=str(decision.id), **told_of(choice))
    return decision


def _ids(request: RequestRow) -> dict[str, Any]:
    return {"request_id": request.id, "family_id": request.family_id, "reference": request.reference}


def _sent_on(session: Session, request: RequestRow, decision: TriageDecisionRow) -> dict[str, Any]:
    children = sa.select(sa.func.count()).select_from(ChildRow).where(ChildRow.request_id == request.id)
    return _ids(request) | {
        "kind": request.kind,
        "urgency": request.urgency,
        "received_on": london_date(request.received_at),
        "children": session.scalar(children) or 0,
        "level_scheme": decision.level_scheme,
        "level_version": decision.level_version,
        "level_number": decision.level_number or 0,
    }


def _to_panel(session: Session, request: RequestRow, decision: TriageDecisionRow, _: ServiceOffer | None) -> None:
    fact = events.RequestReadyForPanel(**_sent_on(session, request, decision), panel_key=decision.details["panel_key"])
    announce(session, fact)


def _to_service(
    session: Session, request: RequestRow, decision: TriageDecisionRow, service: ServiceOffer | None
) -> None:
    if service is None:
        raise AssertionError("a choice of a service is checked before it is kept")
    fact = events.RequestSentToService(
        **_sent_on(session, request, decision),
        agency_id=UUID(service.agency_id),
        service_id=UUID(service.service_id),
    )
    announce(session, fact)


def _ask_for_more(session: Session, request: RequestRow, decision: TriageDecisionRow, _: ServiceOffer | None) -> None:
    asked = session.get_one(InformationAskedRow, decision.id)
    announce(session, events.MoreInformationAsked(**_ids(request), due_on=asked.due_on, asked_for=asked.kind))


def _to_plan(session: Session, request: RequestRow, decision: TriageDecisionRow, _: ServiceOffer | None) -> None:
    plan_id = UUID(decision.details["plan_id"])
    announce(session, events.RequestAddedToPlan(**_ids(request), plan_id=plan_id))


def _plainly(
    kind: Callable[..., Any],
) -> Callable[[Session, RequestRow, TriageDecisionRow, ServiceOffer | None], None]:
    def tell(session: Session, request: RequestRow, _: TriageDecisionRow, __: ServiceOffer | None) -> None:
        announce(session, kind(**_ids(request)))

    return tell


_ANNOUNCE: dict[str, Callable[[Session, RequestRow, TriageDecisionRow, ServiceOffer | None], None]] = {
    "panel": _to_panel,
    "service": _to_service,
    "signpost": _plainly(events.RequestSignposted),
    "more_information": _ask_for_more,
    "ask_consent": _ask_for_more,
    "no_further_action": _plainly(events.RequestNotTakenFurther),
    "safeguarding": _plainly(events.SafeguardingRaised),
    "add_to_plan": _to_plan,
    "withdraw": _plainly(events.RequestWithdrawn),
}
