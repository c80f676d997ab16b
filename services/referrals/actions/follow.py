"""Let a family or a referrer without an account see how far a request is: reference and a contact that we hold."""

import hashlib
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.referrals.queries.consent import leaves_out_referrer
from services.referrals.queries.requests import request_with_reference
from services.referrals.rules.follow import knows_request
from services.referrals.tables import AdultRow, FollowTryRow, RequestRow
from shared.errors import Invalid, Refusal
from shared.references import read_reference

TRIES_A_REFERENCE, TRIES_AN_ADDRESS, TRIES_PER_MINUTES = 5, 30, 15


class TooManyTries(Refusal):
    """Too many wrong tries in a short time."""


@dataclass(frozen=True)
class Followed:
    """A request that somebody follows; the referrer may also read what the front door asks."""

    request: RequestRow
    is_referrer: bool


def find_to_follow(session: Session, reference: str, contact: str, *, asked_from: str) -> Followed | None:
    """Return the request, or None when the pair is wrong, whatever is wrong with it; raises TooManyTries.

    A wrong try is kept by real time and counts against the reference and the address it came from.
    """
    abouts = [_fingerprint("reference", reference.upper()), _fingerprint("address", asked_from)]
    for about, most in zip(abouts, (TRIES_A_REFERENCE, TRIES_AN_ADDRESS), strict=True):
        session.execute(sa.text("SELECT pg_advisory_xact_lock(hashtextextended(:about, 0))"), {"about": about})
        if _recent_tries(session, about) >= most:
            raise TooManyTries(f"There were too many tries. Wait {TRIES_PER_MINUTES} minutes and try again.")
    followed = _followed(session, reference, contact)
    if followed is None:
        session.add_all([FollowTryRow(about=about) for about in abouts])
        session.flush()
    return followed


def forget_tries(session: Session) -> None:
    """Delete wrong tries that no longer count."""
    session.execute(sa.delete(FollowTryRow).where(FollowTryRow.tried_at < _since()))


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


def _recent_tries(session: Session, about: str) -> int:
    recent = sa.select(sa.func.count()).select_from(FollowTryRow)
    return session.scalar(recent.where(FollowTryRow.about == about, FollowTryRow.tried_at >= _since())) or 0


def _since() -> sa.ColumnElement[datetime]:
    return sa.func.now() - sa.text(f"interval '{TRIES_PER_MINUTES} minutes'")


def _fingerprint(kind: str, text: str) -> str:
    return hashlib.sha256(f"{kind}:{''.join(text.split())}".encode()).hexdigest()
