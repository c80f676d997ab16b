"""Attempts: a notice is claimed, begun and settled in three short transactions, with the sending between the last two.

A claim is a lease: whoever dies before `begin` leaves a notice that is simply claimed again later. Whoever dies after
`begin` leaves one in state `sending`, and nobody knows whether the message left: it becomes `unknown`, unless the
carrier gives the same message only once however often it is asked.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from sqlalchemy.orm import Session

from services.notifications import queries
from services.notifications.actions.needing_a_person import ask_for_person
from services.notifications.actions.notices import HELD_BACK, pass_on
from services.notifications.actions.word_to_referrer import announce_told
from services.notifications.rules.retries import wait_after_failure, wait_for_neighbour
from services.notifications.tables import DeliveryAttemptRow, NoticeRow

LEASE = timedelta(minutes=1)
"""How long a claim holds: longer than it takes to ask who the recipient is."""

SILENCE = timedelta(minutes=5)
"""After how long a sending that was never settled is taken for interrupted."""

INTERRUPTED = "the sender stopped in the middle: it may have arrived or not"


@dataclass(frozen=True)
class Claim:
    """A notice that this sender alone works on until its lease ends."""

    notice: NoticeRow
    claim_id: UUID


@dataclass(frozen=True)
class Result:
    """What came of an attempt: `outcome` is delivered, refused, later or unknown; `detail` holds no address."""

    outcome: str
    detail: str = ""


def claim_next(session: Session, *, real_now: datetime) -> Claim | None:
    """Claim the notice that has been due for longest and that nobody else holds."""
    notice = queries.next_due(session, real_now)
    if notice is None:
        return None
    notice.claim_id = uuid4()
    notice.next_attempt_at = real_now + LEASE
    return Claim(notice, notice.claim_id)


def put_off(session: Session, claim: Claim, why: str, *, real_now: datetime) -> None:
    """Leave a claimed notice for later because somebody else is away; this never gives up."""
    notice = queries.claimed(session, claim.notice.id, claim.claim_id)
    if notice is not None:
        notice.next_attempt_at = real_now + wait_for_neighbour(notice.waits)
        notice.waits += 1
        notice.claim_id, notice.last_error = None, why


def give_up(session: Session, claim: Claim, state: str, why: str, *, needs_person: bool = True) -> None:
    """Settle a claimed notice without sending it: `not_sent` when nobody may be written to, else `failed`."""
    notice = queries.claimed(session, claim.notice.id, claim.claim_id)
    if notice is not None:
        notice.state, notice.last_error, notice.claim_id = state, why, None
        if needs_person:
            ask_for_person(session, notice)
        else:
            announce_told(session, notice, "nobody")


def pass_on_to_managers(session: Session, claim: Claim, person_ids: tuple[UUID, ...]) -> None:
    """Settle an agency's notice by giving each manager one."""
    notice = queries.claimed(session, claim.notice.id, claim.claim_id)
    if notice is not None:
        pass_on(session, notice, person_ids)
        notice.state, notice.claim_id, notice.last_error = "passed_on", None, ""


def begin(session: Session, claim: Claim, channel: str, *, real_now: datetime) -> bool:
    """Mark a claimed notice as being sent; False when it is no longer ours, or was held back meanwhile."""
    notice = queries.claimed(session, claim.notice.id, claim.claim_id)
    if notice is None:
        return False
    notice.state, notice.channel, notice.claimed_at = "sending", channel, real_now
    notice.attempts += 1
    return True


def settle(
    session: Session, claim: Claim, result: Result, *, address_hash: str, now: datetime, real_now: datetime
) -> None:
    """Record what came of sending, with its proof; a notice that was settled meanwhile keeps what it says."""
    notice = queries.being_sent(session, claim.notice.id, claim.claim_id)
    if notice is None:
        return
    _add_attempt(session, notice, result, at=now, address_hash=address_hash)
    notice.last_error, notice.claim_id, notice.claimed_at = result.detail, None, None
    if result.outcome == "delivered":
        notice.state, notice.sent_at, notice.last_error = "delivered", now, ""
        announce_told(session, notice, "message")
    elif result.outcome == "unknown":
        notice.state = "unknown"
        ask_for_person(session, notice)
    else:
        _try_later_or_fail(session, notice, result, real_now)


def settle_interrupted(session: Session, *, is_repeatable: bool, now: datetime, real_now: datetime) -> bool:
    """Settle one notice whose sender died in the middle; say whether there was one."""
    notice = queries.interrupted(session, real_now - (LEASE if is_repeatable else SILENCE))
    if notice is None:
        return False
    notice.claim_id, notice.claimed_at = None, None
    if is_repeatable:
        _put_back(notice, real_now)
        return True
    _add_attempt(session, notice, Result("unknown", INTERRUPTED), at=now, address_hash="")
    notice.state, notice.last_error = "unknown", INTERRUPTED
    ask_for_person(session, notice)
    return True


def _try_later_or_fail(session: Session, notice: NoticeRow, result: Result, real_now: datetime) -> None:
    wait = wait_after_failure(notice.attempts) if result.outcome == "later" else None
    if wait is None:
        notice.state = "failed"
        ask_for_person(session, notice)
    else:
        _put_back(notice, real_now + wait)


def _put_back(notice: NoticeRow, due_at: datetime) -> None:
    """Let a notice that surely did not leave be sent later; one that was held back meanwhile stays here."""
    if notice.is_held_back:
        notice.state, notice.last_error = "not_sent", HELD_BACK
    else:
        notice.state, notice.next_attempt_at = "created", due_at


def _add_attempt(session: Session, notice: NoticeRow, result: Result, *, at: datetime, address_hash: str) -> None:
    session.add(
        DeliveryAttemptRow(
            notice_id=notice.id,
            at=at,
            channel=notice.channel or "email",
            outcome=result.outcome,
            detail=result.detail,
            address_hash=address_hash,
        )
    )
