"""Let a family or a referrer without an account see how far a request is: reference and a contact that we hold."""

from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.referrals.actions.tries import Counted, count_try, refuse_too_many
from services.referrals.queries.consent import leaves_out_referrer
from services.referrals.queries.requests import request_with_reference
from services.referrals.rules.follow import knows_request
from services.referrals.tables import AdultRow, RequestRow
from shared.errors import Invalid
from shared.references import read_reference

TRIES_A_REFERENCE, TRIES_AN_ADDRESS = 5, 30


@dataclass(frozen=True)
class Followed:
    """A request that somebody follows; the referrer may also read what the front door asks."""

    request: RequestRow
    is_referrer: bool


def find_to_follow(session: Session, reference: str, contact: str, *, asked_from: str) -> Followed | None:
    """Return the request, or None when the pair is wrong, whatever is wrong with it; raises TooManyTries.

    A wrong try is kept by real time and counts against the reference and the address it came from.
    """
    counted = [
        Counted("reference", reference.upper(), TRIES_A_REFERENCE),
        Counted("address", asked_from, TRIES_AN_ADDRESS),
    ]
    refuse_too_many(session, counted)
    followed = _followed(session, reference, contact)
    if followed is None:
        count_try(session, counted)
    return followed


def _followed(session: Session, reference: str, contact: str) -> Followed | None:
    try:
        request = request_with_reference(session, read_reference(reference))
    except Invalid:
        return None
    if request is None:
        return None
    is_referrer = knows_request(contact, [request.referrer_email, request.referrer_phone])
    if is_referrer and not leaves_out_referrer(request):
        return Followed(request, is_referrer=True)
    mobile = session.scalar(
        sa.select(AdultRow.mobile).where(AdultRow.request_id == request.id, AdultRow.ref == request.contact_adult_ref)
    )
    return Followed(request, is_referrer=False) if knows_request(contact, [mobile or ""]) else None
