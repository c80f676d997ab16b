"""Takes messages in: each fact once, each family's facts in order, one bad fact never harms another.

A batch is handled in one transaction, as if nothing could go wrong. When something does, the batch is undone
and each of its facts gets a transaction and a savepoint of its own.

An accident (a bug, a lock time-out) rolls back to the fact's savepoint and is tried again later; a
refusal, or an event that this code cannot read, is parked at once for a person to look at. Later facts
of the same family wait behind it; every other family passes.
"""

import json
import random
import time
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import sqlalchemy as sa
import structlog
from sqlalchemy.orm import Session
from structlog.contextvars import bind_contextvars, unbind_contextvars

from shared.clock import Clock
from shared.errors import Refusal
from shared.messaging.contract import UnreadableFact
from shared.messaging.envelope import Envelope, read_envelope
from shared.messaging.reader import EventReader
from shared.messaging.tables import inbox
from shared.metrics.figures import ANY_OTHER, DELAY_SECONDS, FAILURES, HANDLE_SECONDS, REDELIVERIES, RETRIES
from shared.trace import continued

RETRY_AFTER = (
    timedelta(seconds=10),
    timedelta(minutes=1),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
)
"""How long to wait before each further attempt; after the last the fact is parked."""

_JITTER = 0.2

_LOCK_FAMILIES = sa.text(
    "SELECT pg_advisory_xact_lock(number) FROM (SELECT DISTINCT hashtextextended(family_key, 5) AS number"
    " FROM json_array_elements_text(CAST(:family_keys AS json)) AS family_key ORDER BY number) AS in_order"
)
_NOTE_AS_HANDLED = sa.text(
    "INSERT INTO inbox (message_id, topic, family_key, seq, status, attempts, done_at)"
    " SELECT message_id, topic, family_key, seq, 'done', 1, now() FROM json_to_recordset(CAST(:facts AS json))"
    " AS taken (message_id uuid, topic text, family_key text, seq bigint)"
    " ON CONFLICT DO NOTHING RETURNING message_id, EXISTS (SELECT FROM inbox AS earlier"
    " WHERE earlier.family_key = inbox.family_key AND earlier.status IN ('retry', 'blocked', 'parked')) AS must_wait"
)

log = structlog.get_logger()


class NotRead(Exception):
    """An event that this code does not know, or that the service does not read; the text names it."""


@dataclass(frozen=True)
class _Outcome:
    status: str
    error: str | None = None


class Inbox:
    """A service's inbox: what `EventReader` handles, in the transactions that the caller opens."""

    def __init__(self, reader: EventReader, clock: Clock) -> None:
        self._reader = reader
        self._clock = clock
        self._delay_seconds = DELAY_SECONDS.labels(reader.service)

    def take_together(self, session: Session, envelopes: Sequence[Envelope]) -> None:
        """Handle facts that came from the broker, all of them or none; raises whatever a handler raises.

        They share one transaction, so they cost a fraction of what each alone would. When it fails, nothing
        has happened, and `take` finds out which of them it was.
        """
        lock_families(session, {envelope.family_key for envelope in envelopes})
        for envelope, must_wait in self._note_new(session, envelopes):
            if must_wait:
                self._record(session, envelope, _Outcome("blocked"), attempts=0)
            else:
                self._react(session, envelope)

    def take(self, session: Session, envelope: Envelope) -> None:
        """Handle one fact that came from the broker, unless it was taken before; its failure is recorded, not raised."""
        lock_families(session, {envelope.family_key})
        for _, must_wait in self._note_new(session, [envelope]):
            outcome = _Outcome("blocked") if must_wait else self._outcome_of(session, envelope)
            if outcome.status != "done":
                self._record(session, envelope, outcome, attempts=0 if must_wait else 1)

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

    def _note_new(self, session: Session, envelopes: Sequence[Envelope]) -> list[tuple[Envelope, bool]]:
        """Write down as handled what was not taken before, and return it in its order, each fact once.

        Beside each stands whether it must wait, because an earlier fact of its family is not handled yet.
        """
        facts = [
            {
                "message_id": str(envelope.message_id),
                "topic": envelope.topic,
                "family_key": envelope.family_key,
                "seq": envelope.seq,
            }
            for envelope in envelopes
        ]
        noted = session.execute(_NOTE_AS_HANDLED, {"facts": json.dumps(facts)})
        must_wait: dict[UUID, bool] = {row.message_id: row.must_wait for row in noted}
        new = []
        for envelope in envelopes:
            if envelope.message_id in must_wait:
                new.append((envelope, must_wait.pop(envelope.message_id)))
            else:
                REDELIVERIES.labels(self._reader.service).inc()
                log.info("fact_came_again", service=self._reader.service, message_id=str(envelope.message_id))
        return new

    def _react(self, session: Session, envelope: Envelope) -> None:
        """Run the handler for a fact; raises what it raises, UnreadableFact, and NotRead."""
        kind, handler = envelope.event_type, self._reader.handler_of(envelope.topic)
        if kind is None or handler is None:
            raise NotRead(f"this service does not read {envelope.topic}")
        bind_contextvars(
            request_id=envelope.request_id,
            traceparent=continued(envelope.traceparent),
            message_id=str(envelope.message_id),
        )
        started = time.perf_counter()
        try:
            handler(kind.load(envelope.data), session, self._clock.now())
        finally:
            HANDLE_SECONDS.labels(self._reader.service, kind.name).observe(time.perf_counter() - started)
            unbind_contextvars("request_id", "traceparent", "message_id")
        self._delay_seconds.observe(time.time() - envelope.happened_at.timestamp())

    def _outcome_of(self, session: Session, envelope: Envelope) -> _Outcome:
        """Handle a fact behind a savepoint of its own, so that its failure undoes nothing else."""
        about = {"topic": envelope.topic, "message_id": str(envelope.message_id)}
        try:
            with session.begin_nested():
                self._react(session, envelope)
        except NotRead as unread:
            log.error("fact_not_read", **about)
            return _Outcome("parked", str(unread))
        except (Refusal, UnreadableFact) as refusal:
            log.error("fact_refused", **about)
            return _Outcome("parked", f"{type(refusal).__name__}: {refusal}")
        except Exception as accident:
            log.error("fact_failed", **about, exc_info=accident)
            return _Outcome("retry", type(accident).__name__)
        return _Outcome("done")

    def _record(self, session: Session, envelope: Envelope, outcome: _Outcome, *, attempts: int) -> None:
        if outcome.error is not None:
            topic = envelope.topic if envelope.event_type else ANY_OTHER
            FAILURES.labels(self._reader.service, topic).inc()
        session.execute(
            sa.update(inbox)
            .where(inbox.c.message_id == envelope.message_id)
            .values({"envelope": envelope.as_json()} | _status_after(outcome, attempts))
        )

    def _try_again(self, session: Session, row: Any) -> None:
        RETRIES.labels(self._reader.service).inc()
        envelope = read_envelope(row.envelope)
        lock_families(session, {envelope.family_key})
        outcome = self._outcome_of(session, envelope)
        self._record(session, envelope, outcome, attempts=row.attempts + 1)
        if outcome.status == "done":
            unblock_next(session, row.family_key)


def lock_families(session: Session, family_keys: Collection[str]) -> None:
    """Hold families until the transaction ends, so that nobody else handles or frees one of their facts meanwhile.

    A fact that arrives while an earlier one is being tried again must not be left blocked behind one that
    has just been handled: both sides hold the family while they look and write. All take them in one order,
    so that two who want the same families never wait for each other.
    """
    session.execute(_LOCK_FAMILIES, {"family_keys": json.dumps(list(family_keys))})


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
