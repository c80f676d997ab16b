"""What referrals announces of a request: it waits for a panel, goes elsewhere, or stops."""

from datetime import datetime

from sqlalchemy.orm import Session

from services.panel.actions.allocations import offer_directly
from services.panel.actions.joined_requests import join_plan
from services.panel.actions.letting_go import let_go, take_back_from_agency
from services.panel.actions.papers import want_paper
from services.panel.actions.queue import queue_request, told_of_request
from services.panel.handlers import panel
from shared.events.referrals import (
    ConsentWithdrawn,
    MoreInformationAsked,
    RequestAddedToPlan,
    RequestReadyForPanel,
    RequestSentToService,
    RequestSignposted,
    RequestTakenBack,
    RequestWithdrawn,
    SafeguardingRaised,
)


@panel.handles(RequestReadyForPanel)
def queue_for_panel(fact: RequestReadyForPanel, session: Session, now: datetime) -> None:
    """Let the request wait for its panel, and have its paper fetched."""
    take_back_from_agency(session, fact.request_id, because="ready_for_panel", now=now)
    want_paper(session, fact.request_id)
    queue_request(session, **told_of_request(fact), panel_key=fact.panel_key, why="new", now=now)


@panel.handles(RequestWithdrawn)
def let_go_withdrawn(fact: RequestWithdrawn, session: Session, now: datetime) -> None:
    """Take a withdrawn request out of queue and agenda, and back from an agency."""
    let_go(session, fact.request_id, because="withdrawn", now=now)


@panel.handles(RequestTakenBack)
def let_go_taken_back(fact: RequestTakenBack, session: Session, now: datetime) -> None:
    """Take a request out that triage decides about anew."""
    let_go(session, fact.request_id, because="taken_back", now=now)


@panel.handles(SafeguardingRaised)
def let_go_to_social_care(fact: SafeguardingRaised, session: Session, now: datetime) -> None:
    """Take a request that went to social care out of queue and agenda, and back from an agency."""
    let_go(session, fact.request_id, because="safeguarding", now=now)


@panel.handles(RequestSignposted)
def let_go_signposted(fact: RequestSignposted, session: Session, now: datetime) -> None:
    """Take a request out that a second triage pointed elsewhere."""
    let_go(session, fact.request_id, because="signposted", now=now)


@panel.handles(MoreInformationAsked)
def let_go_incomplete(fact: MoreInformationAsked, session: Session, now: datetime) -> None:
    """Take a request out for which a second triage needs to know more."""
    let_go(session, fact.request_id, because="more_information_asked", now=now)


@panel.handles(RequestAddedToPlan)
def give_to_plan(fact: RequestAddedToPlan, session: Session, now: datetime) -> None:
    """Put a request with the family's plan, for whoever leads it; it waits nowhere else."""
    let_go(session, fact.request_id, because="added_to_plan", now=now)
    join_plan(session, fact, now)


@panel.handles(RequestSentToService)
def offer_to_service(fact: RequestSentToService, session: Session, now: datetime) -> None:
    """Offer the family to the service that triage chose; it no longer waits for a panel."""
    let_go(session, fact.request_id, because="sent_to_service", now=now)
    offer_directly(session, fact, now)


@panel.handles(ConsentWithdrawn)
def stop_without_consent(fact: ConsentWithdrawn, session: Session, now: datetime) -> None:
    """Stop everything about a family that does not agree any more: queue, agenda, offer and plan."""
    let_go(session, fact.request_id, because="consent_withdrawn", now=now)
