"""Takes messages in: each fact once, each family's facts in order, one bad fact never harms another.

An accident (a bug, a lock time-out) rolls back to the fact's savepoint and is tried again later; a
refusal, or an event that this code cannot read, is parked at once for a person to look at. Later facts
of the same family wait behind it; every other family passes.
"""

import random
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import sqlalchemy as sa
import structlog
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session
from structlog.contextvars import bound_contextvars

from shared.clock import Clock
from shared.errors import Refusal
from shared.messaging.contract import UnreadableFact
from shared.messaging.envelope import Envelope, read_envelope
from shared.messaging.reader import EventReader
from shared.messaging.tables import inbox

RETRY_AFTER = (
    timedelta(seconds=10),
    timedelta(minutes=1),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
)
"""How long to wait before each further attempt; after the last the fact is parked."""

_JITTER = 0.2
_OPEN = ("retry", "blocked", "parked")

log = structlog.get_logger()


@dataclass(frozen=True)
class _Outcome:
    status: str
    error: str | None = None


class Inbox:
    """A service's inbox: what `EventReader` handles, in the transactions that the caller opens."""

    def __init__(self, reader: EventReader, clock: Clock) -> None:
        self._reader = reader
        self._clock = clock

    def take(self, session: Session, envelope: Envelope) -> None:
        """Handle a fact that came from the broker, unless it was taken before."""
        if not self._is_new(session, envelope):
            log.info("fact_came_again", service=self._reader.service, message_id=str(envelope.message_id))
            return
        lock_family(session, envelope.family_key)
        if self._family_waits(session, envelope.family_key, envelope.message_id):
            self._record(session, envelope, _Outcome("blocked"), attempts=0)
            return
        self._record(session, envelope, self._handle(session, envelope), attempts=1)

    def retry_due(self, session: Session) -> bool:
        """Try the fact again that has been due for longest; say whether there was one."""
        row = session.execute(
            sa.select(inbox)
            .where(inbox.c.status == "retry", inbox.c.next_attempt_at <= datetime.now(UTC))
            .order_by(inbox.c.next_attempt_at)
            .limit(1)
            .with_for_update(skip_locked=True)
        ).one_or_none()
        if row is None:
            return False
        self._try_again(session, row)
        return True

    def _is_new(self, session: Session, envelope: Envelope) -> bool:
        taken = session.execute(
            insert(inbox)
            .values(
                message_id=envelope.message_id,
                topic=envelope.topic,
                family_key=envelope.family_key,
                seq=envelope.seq,
                status="done",
            )
            .on_conflict_do_nothing()
            .returning(inbox.c.message_id)
        )
        return taken.first() is not None

    def _family_waits(self, session: Session, family_key: str, but_not: UUID) -> bool:
        waiting = sa.select(inbox.c.message_id).where(
            inbox.c.family_key == family_key, inbox.c.status.in_(_OPEN), inbox.c.message_id != but_not
        )
        return session.execute(waiting.limit(1)).first() is not None

    def _handle(self, session: Session, envelope: Envelope) -> _Outcome:
        kind, handler = envelope.event_type, self._reader.handler_of(envelope.topic)
        if kind is None or handler is None:
            return _Outcome("parked", f"this service does not read {envelope.topic}")
        with bound_contextvars(request_id=envelope.request_id, message_id=str(envelope.message_id)):
            try:
                with session.begin_nested():
                    handler(kind.load(envelope.data), session, self._clock.now())
                return _Outcome("done")
            except (Refusal, UnreadableFact) as refusal:
                log.error("fact_refused", topic=envelope.topic, message_id=str(envelope.message_id))
                return _Outcome("parked", f"{type(refusal).__name__}: {refusal}")
            except Exception as accident:
                log.error("fact_failed", topic=envelope.topic, message_id=str(envelope.message_id), exc_info=accident)
                return _Outcome("retry", type(accident).__name__)

    def _record(self, session: Session, envelope: Envelope, outcome: _Outcome, *, attempts: int) -> None:
        session.execute(
            sa.update(inbox)
            .where(inbox.c.message_id == envelope.message_id)
            .values({"envelope": envelope.as_json()} | _status_after(outcome, attempts))
        )

    def _try_again(self, session: Session, row: Any) -> None:
        envelope = read_envelope(row.envelope)
        lock_family(session, envelope.family_key)
        outcome = self._handle(session, envelope)
        self._record(session, envelope, outcome, attempts=row.attempts + 1)
        if outcome.status == "done":
            unblock_next(session, row.family_key)


def lock_family(session: Session, family_key: str) -> None:
    """Hold a family until the transaction ends, so that nobody else handles or frees one of its facts meanwhile.

    A fact that arrives while an earlier one is being tried again must not be left blocked behind one that
    has just been handled: both sides hold the family while they look and write.
    """
    session.execute(sa.text("SELECT pg_advisory_xact_lock(hashtextextended(:key, 5))"), {"key": family_key})


def unblock_next(session: Session, family_key: str) -> None:
    """Let the family's oldest blocked fact be tried now."""
    following = (
        sa.select(inbox.c.message_id)
        .where(inbox.c.family_key == family_key, inbox.c.status == "blocked")
        .order_by(inbox.c.received_at, inbox.c.seq)
        .limit(1)
        .scalar_subquery()
    )
    session.execute(
        sa.update(inbox)
        .where(inbox.c.message_id == following)
        .values(status="retry", next_attempt_at=datetime.now(UTC))
    )


def _status_after(outcome: _Outcome, attempts: int) -> dict[str, Any]:
    if outcome.status == "done":
        return {
            "status": "done",
            "attempts": attempts,
            "done_at": datetime.now(UTC),
            "envelope": None,
            "last_error": None,
            "next_attempt_at": None,
        }
    if outcome.status == "retry" and attempts <= len(RETRY_AFTER):
        wait = RETRY_AFTER[attempts - 1] * random.uniform(1 - _JITTER, 1 + _JITTER)
        return {
            "status": "retry",
            "attempts": attempts,
            "next_attempt_at": datetime.now(UTC) + wait,
            "last_error": outcome.error,
        }
    status = "blocked" if outcome.status == "blocked" else "parked"
    return {"status": status, "attempts": attempts, "last_error": outcome.error, "next_attempt_at": None}
