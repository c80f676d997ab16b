"""Sends what the outbox holds: one leader per service, in batches, marking only what was confirmed."""

import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
import structlog
from psycopg.rows import namedtuple_row
from sqlalchemy.dialects.postgresql import insert

from shared.database import Database
from shared.leadership import Leadership
from shared.messaging.outbox import WAKE_CHANNEL
from shared.messaging.tables import broker_seen, outbox, outbox_settled
from shared.messaging.transport import Outgoing, Published, Sender, Transport, TransportLost
from shared.metrics.figures import FACTS_RETURNED, FACTS_SENT, INTERRUPTIONS, LEADS, PUBLISH_SECONDS

BATCH = 200
_POLL_SECONDS = 2.0
"""A net under the notices, and often enough to keep the connection's heart beating."""
_NOTE_BROKER_EVERY = 5.0
_PAUSE_AFTER_LOSS = 1.0
_ROLE = "publisher"
_UNROUTABLE_ATTEMPTS = 5

# A fact that no queue took holds back the later ones of its family until a person has seen to it.
_UNSENT = (
    "SELECT family_key, message_id, topic, CAST(envelope AS text) AS body FROM outbox"
    " WHERE sent_at IS NULL AND parked_at IS NULL"
    " AND family_key NOT IN (SELECT family_key FROM outbox WHERE parked_at IS NOT NULL)"
    " ORDER BY id LIMIT %(batch)s"
)
_MARK_SENT = "UPDATE outbox SET sent_at = %(now)s, attempts = attempts + 1 WHERE message_id = ANY(%(message_ids)s)"
_MARK_RETURNED = (
    "UPDATE outbox SET attempts = attempts + 1, last_error = %(reason)s,"
    " parked_at = CASE WHEN attempts + 1 >= %(most)s THEN CAST(%(now)s AS timestamptz) END"
    " WHERE message_id = %(message_id)s"
)

log = structlog.get_logger()


@dataclass(frozen=True)
class Batch:
    """How many facts were sent, and whether there were more to send than these."""

    sent: int
    left_some: bool


class Publisher:
    """A role of the `work` process: woken by the outbox, it sends until nothing is left."""

    def __init__(self, service: str, database: Database, transport: Transport, stop: threading.Event) -> None:
        self._service = service
        self._database = database
        self._transport = transport
        self._stop = stop
        self._note_broker_after = 0.0

    def run(self) -> None:
        """Lead, or wait to lead, until told to stop."""
        leads, interruptions = LEADS.labels(self._service, _ROLE), INTERRUPTIONS.labels(self._service, _ROLE)
        while not self._stop.is_set():
            try:
                with (
                    Leadership(self._database.url, f"{_ROLE}:{self._service}", self._stop) as leader,
                    leads.track_inprogress(),
                ):
                    self._lead(leader)
            except Exception as error:
                interruptions.inc()
                log.warning("publisher_interrupted", service=self._service, exc_info=error)
                self._stop.wait(_PAUSE_AFTER_LOSS)

    def _lead(self, leader: Leadership) -> None:
        leader.connection.execute(f"LISTEN {WAKE_CHANNEL}")
        is_settled = False
        with self._open_sender() as sender:
            while not self._stop.is_set():
                has_sent = self._send_everything(sender, leader)
                is_settled = (is_settled and not has_sent) or self._note_settled(sender)
                sender.keep_alive()
                self._note_broker()
                leader.wait_for_notice(_POLL_SECONDS)

    def _send_everything(self, sender: Sender, leader: Leadership) -> bool:
        """Send until nothing is left; say whether there was anything.

        What is announced meanwhile need not be looked for: its notice waits.
        """
        batch = self.publish_batch(sender, leader)
        has_sent = batch.sent > 0
        while batch.left_some and not self._stop.is_set():
            self._note_broker()
            leader.check()
            batch = self.publish_batch(sender, leader)
        return has_sent

    @contextmanager
    def _open_sender(self) -> Iterator[Sender]:
        sender = self._transport.sender()
        try:
            yield sender
        finally:
            sender.close()

    def publish_batch(self, sender: Sender, leader: Leadership) -> Batch:
        """Send the oldest unsent fact of each family, and mark what the broker took.

        One of a family at a time: were an earlier one refused and a later one taken, a reader would hear
        of the end before the beginning. The leader's own connection reads and marks, so nobody leads, and
        looks for what is unsent, while somebody who led before can still mark.
        """
        started = time.perf_counter()
        unsent = leader.connection.cursor(row_factory=namedtuple_row).execute(_UNSENT, {"batch": BATCH}).fetchall()
        rows = _first_of_each_family(unsent)
        published, lost = _send(sender, rows)
        self._mark(leader, published)
        if rows:
            self._count(published, time.perf_counter() - started)
        if lost is not None:
            raise lost
        is_cut_short = len(unsent) == BATCH or len(rows) < len(unsent)
        return Batch(len(published.confirmed), left_some=is_cut_short and bool(published.confirmed))

    def _mark(self, leader: Leadership, published: Published) -> None:
        now = datetime.now(UTC)
        if published.confirmed:
            leader.connection.execute(_MARK_SENT, {"message_ids": list(published.confirmed), "now": now})
        for message_id, reason in published.returned.items():
            log.error("message_returned", service=self._service, message_id=str(message_id), error=reason)
            returned = {"message_id": message_id, "reason": reason, "most": _UNROUTABLE_ATTEMPTS, "now": now}
            leader.connection.execute(_MARK_RETURNED, returned)

    def _count(self, published: Published, seconds: float) -> None:
        PUBLISH_SECONDS.labels(self._service).observe(seconds)
        FACTS_SENT.labels(self._service).inc(len(published.confirmed))
        FACTS_RETURNED.labels(self._service).inc(len(published.returned))

    def _note_broker(self) -> None:
        """Write down now and then that the broker answered, for those who must not ask it themselves."""
        if not self._transport.has_broker or time.monotonic() < self._note_broker_after:
            return
        with self._database.begin() as session:
            now = sa.func.clock_timestamp()
            seen = insert(broker_seen).values(seen_at=now)
            session.execute(seen.on_conflict_do_update(index_elements=["only_row"], set_={"seen_at": now}))
        self._note_broker_after = time.monotonic() + _NOTE_BROKER_EVERY

    def _note_settled(self, sender: Sender) -> bool:
        """Write down that everything sent was handled, if it was; say so."""
        seen_at = datetime.now(UTC)
        if not sender.everything_is_handled():
            return False
        with self._database.begin() as session:
            session.execute(
                sa.text(
                    "INSERT INTO outbox_settled (settled_at) VALUES (:at)"
                    " ON CONFLICT (only_row) DO UPDATE SET settled_at = :at"
                ),
                {"at": seen_at},
            )
        return True


def _send(sender: Sender, rows: Sequence[Any]) -> tuple[Published, TransportLost | None]:
    """Return what the broker took, and why the connection was lost if it was: what was confirmed before stays so."""
    if not rows:
        return Published(frozenset()), None
    try:
        return sender.publish([Outgoing(row.message_id, row.topic, row.body) for row in rows]), None
    except TransportLost as lost:
        return Published(lost.confirmed), lost


def _first_of_each_family(unsent: Sequence[Any]) -> list[Any]:
    first: dict[str, Any] = {}
    for row in unsent:
        first.setdefault(row.family_key, row)
    return list(first.values())


def announce_again(database: Database) -> int:
    """Mark as unsent what a forgetful transport may have lost in a crash; return how many facts.

    For the in-memory transport only, before its publisher starts. The readers' inboxes drop what they
    had handled already.
    """
    with database.begin() as session:
        settled_at = session.scalar(sa.select(outbox_settled.c.settled_at))
        again = sa.update(outbox).where(outbox.c.sent_at.is_not(None)).values(sent_at=None)
        if settled_at is not None:
            again = again.where(outbox.c.sent_at >= settled_at)
        return session.execute(again).rowcount  # type: ignore[attr-defined,no-any-return]
