"""Follow what a family says about sharing: ask for its newest answer, and let go where it says no."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from services.panel.actions.allocations import withdraw_and_queue
from services.panel.actions.joined_requests import show_as_new_again
from services.panel.actions.papers import ClaimedPaper, keep_paper, want_paper
from services.panel.queries.allocations import open_offer_of
from services.panel.queries.papers import closed_to_agency, has_or_wants_paper
from services.panel.queries.requests import lock_requests
from services.panel.rules.allocations import PanelChoice
from shared.events.referrals import ConsentChanged

_ABOUT_READING = ("to_ask", "to_share")
"""The questions whose answer says who may read; what a family says about research closes nothing."""


def ask_again(session: Session, fact: ConsentChanged) -> None:
    """Have the paper fetched anew; until it is here, it is closed to nearly everybody.

    Nothing happens with a request of which the panel has never had a paper.
    """
    lock_requests(session, fact.request_id)
    if has_or_wants_paper(session, fact.request_id):
        want_paper(session, fact.request_id, consent_changed=fact.kind in _ABOUT_READING)
    if fact.kind in _ABOUT_READING:
        show_as_new_again(session, fact.request_id)


def keep_newest_paper(
    session: Session,
    claimed: ClaimedPaper,
    content: Mapping[str, Any],
    *,
    panels: Sequence[PanelChoice],
    now: datetime,
) -> None:
    """Keep a paper that was fetched; an offer to an agency that it is closed to goes back to the queue."""
    lock_requests(session, claimed.request_id)
    keep_paper(session, claimed.request_id, content, asked_at=claimed.asked_at, now=now)
    offer = open_offer_of(session, claimed.request_id)
    if offer and closed_to_agency(session, claimed.request_id, offer.agency_id) in ("excluded", "not_shared"):
        withdraw_and_queue(session, offer, panels=panels, now=now)
