"""Writes down that somebody is to be told, by who they are; and the pages that a message leads to."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from services.notifications.actions.notices import Recipient, write_notice

FOLLOW = "/referrals/follow"
"""Where a referrer and a family see what became of a request, with its reference."""

NO_CONSENT = "consent_withdrawn"
"""Why an offer is taken back and a plan ends when the family does not agree any more."""


def request_page(request_id: UUID) -> str:
    """Return where the front door sees a request."""
    return f"/referrals/requests/{request_id}"


def offer_page(allocation_id: UUID) -> str:
    """Return where an agency answers an offer."""
    return f"/panel/allocations/{allocation_id}"


def tell_referrer(session: Session, fact: Any, template: str, now: datetime, **data: Any) -> None:
    """Write down that who sent the request is to be told."""
    recipient = Recipient("referrer", fact.request_id)
    write_notice(session, fact, template, recipient, path=FOLLOW, now=now, data=data)


def tell_family(session: Session, fact: Any, template: str, now: datetime, **data: Any) -> None:
    """Write down that the family is to be told."""
    recipient = Recipient("family", fact.request_id)
    write_notice(session, fact, template, recipient, path=FOLLOW, now=now, data=data)


def tell_person(
    session: Session, fact: Any, template: str, person_id: UUID, path: str, now: datetime, **data: Any
) -> None:
    """Write down that somebody with an account is to be told."""
    write_notice(session, fact, template, Recipient("person", person_id), path=path, now=now, data=data)


def tell_agency(session: Session, fact: Any, template: str, path: str, now: datetime, **data: Any) -> None:
    """Write down that every manager of the fact's agency is to be told."""
    write_notice(session, fact, template, Recipient("agency", fact.agency_id), path=path, now=now, data=data)
