"""What is told of a request's place: when a panel hears it, and when it does not."""

from datetime import datetime

from sqlalchemy.orm import Session

from services.notifications.handlers import notifications
from services.notifications.handlers.telling import tell_person, tell_referrer
from shared.events.panel import (
    RequestCarriedOverAgain,
    RequestPlaced,
    RequestSentBack,
    RequestsWithoutLeader,
    RequestUnplaced,
)


@notifications.handles(RequestPlaced)
def tell_of_meeting(fact: RequestPlaced, session: Session, now: datetime) -> None:
    """Tell the referrer on which day the panel hears the request, also when an earlier panel did not or it was moved."""
    template = "request_carried_over" if fact.times_carried else "request_placed"
    if fact.instead_of is not None:
        template = "request_moved"
    tell_referrer(session, fact, template, now, held_on=fact.held_on.isoformat())


@notifications.handles(RequestCarriedOverAgain)
def alert_who_leads_the_panel(fact: RequestCarriedOverAgain, session: Session, now: datetime) -> None:
    """Tell the chair, the deputies and the coordinator of a panel that a family was carried over once more."""
    path, template = f"/panel/queue/requests/{fact.request_id}", "request_carried_over_again"
    for leader_id in fact.leader_ids:
        tell_person(session, fact, template, leader_id, path, now, times=fact.times_carried)


@notifications.handles(RequestsWithoutLeader)
def tell_who_can_give_a_seat(fact: RequestsWithoutLeader, session: Session, now: datetime) -> None:
    """Tell the administrators that a panel has requests for which nobody who leads it may act."""
    path, data = f"/panel/panels/{fact.panel_key}", {"panel_name": fact.panel_name, "requests": fact.requests}
    for person_id in fact.administrator_ids:
        tell_person(session, fact, "requests_without_leader", person_id, path, now, **data)


@notifications.handles(RequestSentBack)
def tell_that_it_is_looked_at_again(fact: RequestSentBack, session: Session, now: datetime) -> None:
    """Tell the referrer that no panel looks at the request now, and that the front door does."""
    tell_referrer(session, fact, "request_sent_back", now)


@notifications.handles(RequestUnplaced)
def tell_of_lost_place(fact: RequestUnplaced, session: Session, now: datetime) -> None:
    """Tell the referrer that the meeting they were told of does not hear the request, and that no other has room yet."""
    tell_referrer(session, fact, "request_unplaced", now, held_on=fact.held_on.isoformat())
