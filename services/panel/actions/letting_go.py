"""Let go of a request that the front door sends elsewhere: it stands nowhere in the panel's service any more."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from services.panel.actions.allocations import withdraw_offer
from services.panel.actions.joined_requests import leave_plan
from services.panel.actions.plans import close_plan
from services.panel.actions.queue import leave_queue, remember_let_go
from services.panel.queries.plans import locked_open_plan_of
from services.panel.queries.requests import is_with_agency, lock_requests
from services.panel.rules.reviews import closes_after_letting_go


def let_go(session: Session, request_id: UUID, *, because: str, now: datetime) -> None:
    """Take a request out of queue and agenda, back from its agency, and out of the plan that it joined."""
    lock_requests(session, request_id)
    leave_queue(session, request_id, because=because, now=now)
    remember_let_go(session, request_id, because=because)
    take_back_from_agency(session, request_id, because=because, now=now)


def take_back_from_agency(session: Session, request_id: UUID, *, because: str, now: datetime) -> None:
    """Withdraw the offer of a request, or end the plan that an agency opened by accepting it a moment before."""
    lock_requests(session, request_id)
    if not is_with_agency(session, request_id):
        return
    withdraw_offer(session, request_id, because=because, now=now)
    plan = locked_open_plan_of(session, request_id)
    if plan is not None:
        close_plan(session, plan, because=closes_after_letting_go(because), now=now, by_the_lead=False)
    leave_plan(session, request_id, because=closes_after_letting_go(because), now=now)
