"""Stop and start the front door's time for a request."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from services.referrals.queries.requests import locked_request
from services.referrals.rules.stages import FIRST_STAGE
from services.referrals.rules.triage_clock import clock_after_pause, clock_from
from services.referrals.tables import RequestRow
from shared.authority import TriageRules


def set_clock(request: RequestRow, columns: Mapping[str, datetime | None]) -> None:
    """Put the request's time as its rules say."""
    for name, value in columns.items():
        setattr(request, name, value)


def pause(request: RequestRow, rules: TriageRules, *, at: datetime) -> None:
    """Let the time stand still, where the authority does so while an answer is outstanding."""
    if rules.pauses:
        request.triage_paused_at = request.triage_paused_at or at


def go_on(request: RequestRow, rules: TriageRules, *, at: datetime) -> None:
    """Let the time go on that stood still; of what was not paused nothing changes."""
    set_clock(request, clock_after_pause(rules, request.triage_due_at, paused_at=request.triage_paused_at, at=at))


def begin_anew(session: Session, request_id: UUID, rules: TriageRules) -> None:
    """Give the front door its whole time for a request that came back, from when it did."""
    request = locked_request(session, request_id)
    if request.stage == FIRST_STAGE and request.triage_paused_at:
        set_clock(request, clock_from(rules, request.triage_paused_at))
