"""Facts that are held up in a service: not sent yet, waiting for another attempt or behind another fact, or for a person.

What is shown are ids, codes and the reason, never a family's story. What a person does about one is audited.
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from shared.audit import record
from shared.errors import Conflict, Invalid, NotFound
from shared.messaging.inbox import lock_families, unblock_next
from shared.messaging.outbox import wake_publisher
from shared.messaging.tables import inbox, outbox
from shared.paging import LONG_PAGE_SIZE, PageOf, page_of_lines

STATES = {
    "unsent": "On its way to the broker",
    "unroutable": "No queue takes it: needs a person",
    "retry": "Failed, and will be tried again",
    "blocked": "Waits behind an earlier fact of its family",
    "parked": "Needs a person",
}
"""Every state of a held fact, with its words; the first two are of the outbox, the others of the inbox."""

NEED_A_PERSON = ("unroutable", "parked")
LARGEST_LIST = 500
_SHORTEST_REASON = 10


@dataclass(frozen=True)
class HeldFact:
    """A fact that is held up; `since` is when it was announced or received here (UTC)."""

    message_id: UUID
    topic: str
    family_key: str
    state: str
    attempts: int
    since: datetime
    next_attempt_at: datetime | None
    reason: str


@dataclass(frozen=True)
class HeldCount:
    """How many facts are in a state, and since when the oldest of them is (UTC)."""

    state: str
    facts: int
    oldest: datetime


def held_facts(session: Session, *, state: str = "", topic: str = "", limit: int = 50) -> list[HeldFact]:
    """Return held facts, those that need a person first, then the oldest first; at most LARGEST_LIST of them."""
    rows = session.execute(_wanted(state, topic).limit(min(limit, LARGEST_LIST)))
    return [HeldFact(*row) for row in rows]


def held_page(session: Session, *, state: str = "", number: int) -> PageOf[HeldFact]:
    """Return one page of the held facts, in the order of `held_facts`."""
    return page_of_lines(session, _wanted(state), HeldFact, number=number, size=LONG_PAGE_SIZE)


def held_fact(session: Session, message_id: UUID) -> HeldFact:
    """Return one held fact; raises NotFound."""
    held = _held()
    row = session.execute(sa.select(held).where(held.c.message_id == message_id)).one_or_none()
    if row is None:
        raise NotFound("No such message is held up here.")
    return HeldFact(*row)


def held_counts(session: Session) -> list[HeldCount]:
    """Return how many facts are held up, by state; states without any are left out."""
    held = _held()
    counts = sa.select(held.c.state, sa.func.count(), sa.func.min(held.c.since)).group_by(held.c.state)
    found = {row[0]: HeldCount(*row) for row in session.execute(counts)}
    return [found[state] for state in STATES if state in found]


def try_again(session: Session, message_id: UUID, *, by: UUID | str) -> None:
    """Have a held fact tried now, with as many attempts as a new one; raises NotFound, Conflict for one that waits its turn."""
    fact = held_fact(session, message_id)
    if fact.state in ("blocked", "unsent"):
        raise Conflict(f"This message needs nothing done to it. {STATES[fact.state]}.")
    if fact.state == "unroutable":
        anew = sa.update(outbox).where(outbox.c.message_id == message_id).values(parked_at=None, attempts=0)
        session.execute(anew)
        wake_publisher(session)
    else:
        anew = sa.update(inbox).where(inbox.c.message_id == message_id, inbox.c.status.in_(("parked", "retry")))
        session.execute(anew.values(status="retry", attempts=0, next_attempt_at=datetime.now(UTC)))
    _audit(session, fact, by=by, did="tried_message_again")


def discard(session: Session, message_id: UUID, *, why: str, by: UUID | str) -> None:
    """Give a parked fact up for ever, for a reason that the inbox keeps; its family's later facts go on.

    Raises NotFound, Invalid without a reason, Conflict for a fact that nobody has to give up.
    """
    if len(why.strip()) < _SHORTEST_REASON:
        message = "Say why this message can be given up"
        raise Invalid(message, {"why": [message]})
    fact = held_fact(session, message_id)
    lock_families(session, {fact.family_key})
    given_up = sa.update(inbox).where(inbox.c.message_id == message_id, inbox.c.status == "parked")
    reasons = f"{fact.reason}; given up: {why.strip()}"
    values: dict[str, Any] = {"status": "discarded", "done_at": datetime.now(UTC), "last_error": reasons}
    if session.execute(given_up.values(values).returning(inbox.c.message_id)).first() is None:
        raise Conflict(f"Only a message that needs a person can be given up. {STATES[fact.state]}.")
    unblock_next(session, fact.family_key)
    _audit(session, fact, by=by, did="discarded_message")


def _wanted(state: str, topic: str = "") -> sa.Select[*tuple[Any, ...]]:
    held = _held()
    wanted = sa.select(held).order_by(held.c.state.in_(NEED_A_PERSON).desc(), held.c.since, held.c.message_id)
    if state:
        wanted = wanted.where(held.c.state == state)
    return wanted.where(held.c.topic == topic) if topic else wanted


def _held() -> sa.Subquery:
    """Return what is held up, with the columns of HeldFact in their order."""
    state = sa.case((outbox.c.parked_at.is_(None), "unsent"), else_="unroutable").label("state")
    unsent = sa.select(
        outbox.c.message_id,
        outbox.c.topic,
        outbox.c.family_key,
        state,
        outbox.c.attempts,
        outbox.c.announced_at.label("since"),
        sa.null().cast(sa.DateTime(timezone=True)).label("next_attempt_at"),
        sa.func.coalesce(outbox.c.last_error, "").label("reason"),
    ).where(outbox.c.sent_at.is_(None))
    unhandled = sa.select(
        inbox.c.message_id,
        inbox.c.topic,
        inbox.c.family_key,
        inbox.c.status,
        inbox.c.attempts,
        inbox.c.received_at,
        inbox.c.next_attempt_at,
        sa.func.coalesce(inbox.c.last_error, ""),
    ).where(inbox.c.status.in_(("retry", "blocked", "parked")))
    return sa.union_all(unsent, unhandled).subquery("held")


def _audit(session: Session, fact: HeldFact, *, by: UUID | str, did: str) -> None:
    record(session, who=by, did=did, subject="message", subject_id=fact.message_id, topic=fact.topic, state=fact.state)
