"""Sends notices, one at a time: claim, ask who and where, put into words, begin, send, settle.

Only the first, the fourth and the last step touch the database, each in a short transaction of its own.
"""

import hashlib
import hmac
from datetime import UTC, datetime

import structlog
from structlog.contextvars import bound_contextvars

from services.notifications.actions import attempts
from services.notifications.actions.attempts import Claim, Result
from services.notifications.carriers import Carrier, Later, NobodyKnows, Refused
from services.notifications.messages import Message, compose
from services.notifications.recipients import Found, find_recipient
from services.notifications.rules.recipients import Address, Held, Managers, Nobody
from shared.neighbours import NeighbourAway, NeighbourRefused
from shared.service import Resources

NOT_LET_IN = (401, 403)
"""What a neighbour says while keys are being changed: somebody puts it right, so the notice waits."""

log = structlog.get_logger()


def send_next(resources: Resources, carrier: Carrier) -> bool:
    """Send the notice that has been due for longest; say whether there was one."""
    with resources.database.begin() as session:
        claim = attempts.claim_next(session, real_now=_real_now())
    if claim is None:
        return False
    with bound_contextvars(notice_id=str(claim.notice.id)):
        _work_on(resources, carrier, claim)
    return True


def _work_on(resources: Resources, carrier: Carrier, claim: Claim) -> None:
    try:
        found = find_recipient(claim.notice, resources.neighbours)
    except NeighbourAway:
        _put_off(resources, claim, "the service that knows the recipient is away")
    except NeighbourRefused as refusal:
        _not_answered(resources, claim, refusal)
    except (KeyError, TypeError, ValueError, AttributeError) as misfit:
        log.error("recipient_unreadable", error_type=type(misfit).__name__)
        _put_off(resources, claim, "the service that knows the recipient gave an answer that cannot be read")
    else:
        _deliver(resources, carrier, claim, found)


def _deliver(resources: Resources, carrier: Carrier, claim: Claim, found: Found) -> None:
    recipient = found.recipient
    if isinstance(recipient, Nobody):
        _give_up(resources, claim, "not_sent", recipient.reason, needs_person=recipient.needs_person)
    elif isinstance(recipient, Held):
        _put_off(resources, claim, recipient.reason)
    elif isinstance(recipient, Managers):
        with resources.database.begin() as session:
            attempts.pass_on_to_managers(session, claim, recipient.person_ids)
    else:
        message = _in_words(resources, claim, recipient, found)
        if message is not None:
            _send(resources, carrier, claim, message)


def _in_words(resources: Resources, claim: Claim, address: Address, found: Found) -> Message | None:
    try:
        return compose(
            claim.notice,
            address,
            resources.settings,
            resources.authority,
            locality=found.locality,
            path=found.path,
            now=resources.clock.now(),
        )
    except Exception as accident:
        # A text that cannot be written is a fault of ours: the notice waits, visibly, until it is mended.
        log.error("notice_without_words", exc_info=accident)
        _put_off(resources, claim, f"the message could not be written: {type(accident).__name__}")
        return None


def _send(resources: Resources, carrier: Carrier, claim: Claim, message: Message) -> None:
    with resources.database.begin() as session:
        if not attempts.begin(session, claim, message.channel, real_now=_real_now()):
            return
    now = resources.clock.now()
    result = _hand_to(carrier, message, now)
    log.info("notice_sent", channel=message.channel, outcome=result.outcome)
    with resources.database.begin() as session:
        attempts.settle(
            session,
            claim,
            result,
            address_hash=_proof_of(message.to, resources.settings.page_key),
            now=now,
            real_now=_real_now(),
        )


def _hand_to(carrier: Carrier, message: Message, now: datetime) -> Result:
    try:
        carrier.send(message, now)
    except Later as trouble:
        return Result("later", str(trouble))
    except Refused as refusal:
        return Result("refused", str(refusal))
    except NobodyKnows as silence:
        return Result("unknown", str(silence))
    except Exception as accident:
        # A carrier turns what fails before it hands over into Later, so here the message may have left.
        # The accident's own words may repeat the address: only its type is kept.
        log.error("carrier_broke_down", error_type=type(accident).__name__)
        return Result("unknown", f"the carrier broke down ({type(accident).__name__}): it may have arrived or not")
    return Result("delivered")


def _not_answered(resources: Resources, claim: Claim, refusal: NeighbourRefused) -> None:
    why = f"the service that knows the recipient answered {refusal.status}"
    if refusal.status in NOT_LET_IN:
        _put_off(resources, claim, why)
    else:
        _give_up(resources, claim, "failed", why)


def _put_off(resources: Resources, claim: Claim, why: str) -> None:
    with resources.database.begin() as session:
        attempts.put_off(session, claim, why, real_now=_real_now())


def _give_up(resources: Resources, claim: Claim, state: str, why: str, *, needs_person: bool = True) -> None:
    log.info("notice_not_sent", outcome=state, needs_person=needs_person)
    with resources.database.begin() as session:
        attempts.give_up(session, claim, state, why, needs_person=needs_person)


def _proof_of(address: str, key: str) -> str:
    return hmac.new(key.encode(), address.casefold().encode(), hashlib.sha256).hexdigest()


def _real_now() -> datetime:
    """Return the real time: waiting for a mail server does not stand still with a training clock."""
    return datetime.now(UTC)
