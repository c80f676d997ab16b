"""Keep what happened to a request, and let its stage follow."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from services.referrals.actions.known import ask_about
from services.referrals.queries.requests import last_decision, locked_request, steps_of
from services.referrals.rules.stages import AT_FRONT_DOOR, panel_keeps_request, stage_of
from services.referrals.tables import FailedNoticeRow, OpenPlanRow, ProgressRow, RequestRow

_TRIAGED = "triaged_"


def add_step(session: Session, request: RequestRow, code: str, *, at: datetime, **details: Any) -> None:
    """Add a step to a request's way and bring its stage up to date; what left the front door, nobody there works on."""
    session.add(ProgressRow(request_id=request.id, at=at, code=code, details=details))
    session.flush()
    request.stage = _stage(session, request.id)
    if request.stage not in AT_FRONT_DOOR:
        request.worker_id, request.worker_name, request.worker_since = None, "", None
    session.flush()


def note_placed(session: Session, request_id: UUID, *, meeting_id: UUID, held_on: date, at: datetime) -> None:
    """Keep that a request has a place on a meeting's agenda."""
    request = locked_request(session, request_id)
    add_step(session, request, "placed", at=at, meeting_id=str(meeting_id), held_on=held_on.isoformat())


def note_unplaced(session: Session, request_id: UUID, *, meeting_id: UUID, at: datetime) -> None:
    """Keep that a request's meeting was cancelled, and that it waits for another."""
    add_step(session, locked_request(session, request_id), "unplaced", at=at, meeting_id=str(meeting_id))


def note_decided(session: Session, request_id: UUID, *, decision_id: UUID, outcome: str, at: datetime) -> None:
    """Keep that a meeting decided about a request."""
    request = locked_request(session, request_id)
    add_step(session, request, "decided", at=at, decision_id=str(decision_id), outcome=outcome)


def note_offered(session: Session, request_id: UUID, *, allocation_id: UUID, at: datetime) -> None:
    """Keep that a family was offered to an agency."""
    add_step(session, locked_request(session, request_id), "offered", at=at, allocation_id=str(allocation_id))


def note_declined(session: Session, request_id: UUID, *, allocation_id: UUID, reason: str, at: datetime) -> None:
    """Keep that an agency declined a family."""
    request = locked_request(session, request_id)
    add_step(session, request, "declined", at=at, allocation_id=str(allocation_id), reason=reason)


def note_offer_withdrawn(
    session: Session, request_id: UUID, *, allocation_id: UUID, because: str, at: datetime
) -> None:
    """Keep that an offer was taken back; where the front door itself sent the request elsewhere, that says it all."""
    if panel_keeps_request(because):
        request = locked_request(session, request_id)
        add_step(session, request, "offer_withdrawn", at=at, allocation_id=str(allocation_id), because=because)


def note_accepted(
    session: Session,
    request_id: UUID,
    *,
    plan_id: UUID,
    practitioner_id: UUID,
    agency_id: UUID,
    at: datetime,
) -> None:
    """Keep that a plan is open and who leads it; the name is asked of the directory later."""
    request = locked_request(session, request_id)
    opened = insert(OpenPlanRow).values(
        plan_id=plan_id,
        family_id=request.family_id,
        request_id=request_id,
        practitioner_id=practitioner_id,
        agency_id=agency_id,
        opened_at=at,
    )
    session.execute(opened.on_conflict_do_nothing())
    ask_about(session, practitioner_id)
    add_step(session, request, "accepted", at=at, plan_id=str(plan_id))


def note_plan_closed(session: Session, request_id: UUID, *, plan_id: UUID, reason: str, at: datetime) -> None:
    """Keep that a plan ended."""
    request = locked_request(session, request_id)
    _close(session, plan_id, at)
    add_step(session, request, "plan_closed", at=at, plan_id=str(plan_id), reason=reason)


def note_lead_changed(
    session: Session, request_id: UUID, *, plan_id: UUID, practitioner_id: UUID, agency_id: UUID, at: datetime
) -> None:
    """Keep that somebody else leads an open plan; the name is asked of the directory later."""
    request = locked_request(session, request_id)
    plan = session.get(OpenPlanRow, plan_id, with_for_update=True)
    if plan is not None:
        plan.practitioner_id, plan.agency_id = practitioner_id, agency_id
    ask_about(session, practitioner_id)
    add_step(session, request, "lead_changed", at=at, plan_id=str(plan_id))


def note_joined_plan(session: Session, request_id: UUID, *, plan_id: UUID, at: datetime) -> None:
    """Keep that a request lies with the plan to which it was added, for whoever leads it to read."""
    add_step(session, locked_request(session, request_id), "joined_plan", at=at, plan_id=str(plan_id))


def note_plan_found_closed(session: Session, request_id: UUID, *, plan_id: UUID, at: datetime) -> None:
    """Take a request back to triage whose plan had closed meanwhile; what was decided anew since then stands."""
    request = locked_request(session, request_id)
    _close(session, plan_id, at)
    decision = last_decision(session, request_id)
    if decision is None or decision.details.get("plan_id") != str(plan_id):
        return
    _come_back(session, request, "plan_found_closed", at, plan_id=str(plan_id))


def note_sent_back(session: Session, request_id: UUID, *, because: str, sent_back_at: datetime, at: datetime) -> None:
    """Take a request back to triage that its panel gave back; what was decided anew since then stands."""
    request = locked_request(session, request_id)
    decision = last_decision(session, request_id)
    if decision is None or decision.decided_at > sent_back_at:
        return
    _come_back(session, request, "sent_back", at, because=because)


def note_undelivered(session: Session, request_id: UUID, *, notice_id: UUID, recipient: str, at: datetime) -> None:
    """Keep that a message about a request could not be delivered."""
    locked_request(session, request_id)
    failed = insert(FailedNoticeRow).values(
        notice_id=notice_id, request_id=request_id, recipient=recipient, failed_at=at
    )
    session.execute(failed.on_conflict_do_nothing())


def forget_undelivered(session: Session, notice_id: UUID) -> None:
    """Take away that a message could not be delivered."""
    session.execute(sa.delete(FailedNoticeRow).where(FailedNoticeRow.notice_id == notice_id))


def _come_back(session: Session, request: RequestRow, code: str, at: datetime, **details: str) -> None:
    """Have triage decide anew. Its time stands still until `start_time` says, by the authority's rules, how long it has."""
    request.version += 1
    request.triage_paused_at = at
    add_step(session, request, code, at=at, **details)


def _close(session: Session, plan_id: UUID, at: datetime) -> None:
    plan = session.get(OpenPlanRow, plan_id, with_for_update=True)
    if plan is not None:
        plan.closed_at = plan.closed_at or at


def _stage(session: Session, request_id: UUID) -> str:
    steps = steps_of(session, request_id)
    decided = max((place for place, step in enumerate(steps) if step.code.startswith(_TRIAGED)), default=-1)
    later = [(step.code, str(step.details.get("outcome", ""))) for step in steps[decided + 1 :]]
    decision = last_decision(session, request_id)
    return stage_of(decision.outcome if decision else None, later)
