"""What is told of a request on its way to triage and through it, to who sent it, the family and the front door."""

from datetime import datetime

from sqlalchemy.orm import Session

from services.notifications.actions.notices import Recipient, hold_back_family, write_notice
from services.notifications.handlers import notifications
from services.notifications.handlers.telling import request_page, tell_family, tell_person, tell_referrer
from shared.events.referrals import (
    AttachmentDestroyed,
    ConsentWithdrawn,
    DraftLinkAsked,
    MoreInformationAsked,
    RequestAddedToPlan,
    RequestNotTakenFurther,
    RequestReceived,
    RequestSignposted,
    RequestWithdrawn,
    SafeguardingRaised,
)

RETURN = "/referrals/return"
"""Where somebody without an account comes back to a request that they began."""

_ASKED_FOR = {"information": "more_information_asked", "consent": "consent_asked"}


@notifications.handles(DraftLinkAsked)
def mail_draft_link(fact: DraftLinkAsked, session: Session, now: datetime) -> None:
    """Mail the link to a request half done; the link itself is asked for at the moment of sending, and never kept."""
    data = {"number": fact.number, "last_day_on": fact.last_day_on.isoformat()}
    recipient = Recipient("draft", fact.draft_id)
    write_notice(session, fact, "draft_link", recipient, path=RETURN, now=now, data=data)


@notifications.handles(RequestReceived)
def tell_that_it_arrived(fact: RequestReceived, session: Session, now: datetime) -> None:
    """Tell the referrer and the family that the request arrived."""
    tell_referrer(session, fact, "request_received", now)
    tell_family(session, fact, "request_received_to_family", now)


@notifications.handles(MoreInformationAsked)
def ask_for_more(fact: MoreInformationAsked, session: Session, now: datetime) -> None:
    """Ask the referrer for more or for consent, or remind them of it."""
    template = _ASKED_FOR[fact.asked_for] + ("_reminder" if fact.is_reminder else "")
    tell_referrer(session, fact, template, now, due_on=fact.due_on.isoformat())


@notifications.handles(RequestNotTakenFurther)
def tell_that_nothing_follows(fact: RequestNotTakenFurther, session: Session, now: datetime) -> None:
    """Tell the referrer that the request was looked at and is finished."""
    tell_referrer(session, fact, "request_not_taken_further", now)


@notifications.handles(RequestSignposted)
def tell_of_other_help(fact: RequestSignposted, session: Session, now: datetime) -> None:
    """Tell the referrer and the family that the request is answered."""
    tell_referrer(session, fact, "request_signposted", now)
    tell_family(session, fact, "request_signposted_to_family", now)


@notifications.handles(SafeguardingRaised)
def tell_referrer_alone(fact: SafeguardingRaised, session: Session, now: datetime) -> None:
    """Tell the referrer without a detail, and stop whatever was on its way to the family."""
    hold_back_family(session, fact.request_id)
    tell_referrer(session, fact, "safeguarding_raised", now)


@notifications.handles(RequestAddedToPlan)
def tell_of_open_plan(fact: RequestAddedToPlan, session: Session, now: datetime) -> None:
    """Tell the referrer that somebody works with the family already."""
    tell_referrer(session, fact, "request_added_to_plan", now)


@notifications.handles(RequestWithdrawn)
def tell_of_withdrawal(fact: RequestWithdrawn, session: Session, now: datetime) -> None:
    """Tell the referrer that nothing more will happen; where they took it back themselves, the family and the front door.

    Agencies hear when the panel takes the family back from them.
    """
    tell_referrer(session, fact, "request_withdrawn", now)
    if fact.by == "referrer":
        tell_family(session, fact, "request_withdrawn_to_family", now)
    if fact.front_door_id is not None:
        path = request_page(fact.request_id)
        tell_person(session, fact, "request_withdrawn_to_front_door", fact.front_door_id, path, now)


@notifications.handles(AttachmentDestroyed)
def tell_of_destroyed_file(fact: AttachmentDestroyed, session: Session, now: datetime) -> None:
    """Tell who sent a request, and who decided about it, that a file which came with it cannot be read."""
    tell_referrer(session, fact, "attachment_destroyed", now)
    if fact.front_door_id is not None:
        path = request_page(fact.request_id)
        tell_person(session, fact, "attachment_destroyed_to_front_door", fact.front_door_id, path, now)


@notifications.handles(ConsentWithdrawn)
def tell_that_it_stopped(fact: ConsentWithdrawn, session: Session, now: datetime) -> None:
    """Tell the referrer that the request has stopped; agencies hear when the panel takes the family back from them."""
    tell_referrer(session, fact, "request_stopped", now)
