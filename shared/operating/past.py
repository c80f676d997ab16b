"""A service's past, sent once more to one reader: the facts of its outbox that were sent already, in their order.

They go straight into the reader's queue, past the exchange, so that no other reader has them again. Meanwhile the
service's publisher is held back: nothing new overtakes the past (docs/decisions/0008).
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import pika
import psycopg
import sqlalchemy as sa
from pika.adapters.blocking_connection import BlockingChannel
from pika.exceptions import NackError, UnroutableError
from sqlalchemy.engine import make_url
from sqlalchemy.orm import Session

from shared.audit import record
from shared.database import Database
from shared.errors import Conflict
from shared.messaging.envelope import CONTENT_TYPE
from shared.messaging.tables import inbox, outbox
from shared.messaging.topology import Topology
from shared.operating.comparison import apply
from shared.operating.layout import Layout, layout_of

BATCH = 500


class PublisherRuns(Conflict):
    """The service's publisher is at work, so what it sends would come before the past."""


@dataclass(frozen=True)
class Past:
    """What a service can still send: how many facts, and when the oldest and newest were announced (UTC)."""

    facts: int
    oldest: datetime | None
    newest: datetime | None


@dataclass(frozen=True)
class Wanted:
    """Which facts of a service's past are wanted: of these topics, announced at `since` (UTC) or later."""

    topics: Sequence[str]
    since: datetime | None = None


def past_of(session: Session, wanted: Wanted) -> Past:
    """Return what the outbox still has of what is wanted; what was purged is not in it."""
    at = outbox.c.announced_at
    chosen = _chosen(sa.select(sa.func.count(), sa.func.min(at), sa.func.max(at)), wanted)
    return Past(*session.execute(chosen).one())


def oldest_fact(session: Session) -> datetime | None:
    """Return when the oldest fact was announced that the outbox still has, of any topic."""
    oldest: datetime | None = session.scalar(sa.select(sa.func.min(outbox.c.announced_at)))
    return oldest


def already_taken(session: Session, topics: Sequence[str]) -> Past:
    """Return what a reader's inbox has of these topics, and when it came."""
    at = inbox.c.received_at
    taken = sa.select(sa.func.count(), sa.func.min(at), sa.func.max(at)).where(inbox.c.topic.in_(topics))
    return Past(*session.execute(taken).one())


@contextmanager
def publisher_held_back(database_url: str, service: str) -> Iterator[Callable[[], None]]:
    """Lead in the publisher's place; gives a check that this still holds. Raises PublisherRuns when it leads itself."""
    url = make_url(database_url).set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(url, autocommit=True, connect_timeout=5, keepalives_idle=5, keepalives_count=2) as leader:
        took = "SELECT pg_try_advisory_lock(hashtextextended(%s, 0))"
        row = leader.execute(took, (f"publisher:{service}",)).fetchone()
        if not (row and row[0]):
            raise PublisherRuns(
                f"The publisher of {service} is running. Stop {service}'s `work` for as long as this takes:"
                " what it announces waits in its outbox."
            )

        def check() -> None:
            try:
                leader.execute("SELECT 1")
            except psycopg.Error:
                raise Conflict(f"The database of {service} was away. Start this once more.") from None

        yield check


def send_past(
    database: Database,
    connection: pika.BlockingConnection,
    topology: Topology,
    reader: str,
    wanted: Wanted,
    check: Callable[[], None],
) -> Iterator[UUID]:
    """Fill a reader's queue with the past, then bind it; gives the id of each message that the broker has confirmed.

    The queue is made where there is none. `check` is called before each batch. Raises Conflict when the queue takes no
    more; doing it once more is safe, because the reader drops what it has.
    """
    _provide(connection, layout_of(topology, {reader: []}))
    channel = connection.channel()
    channel.confirm_delivery()
    for batch in _batches(database, wanted):
        check()
        for row in batch:
            _send(channel, topology.queue_name(reader), row)
            yield row.message_id
    check()
    _provide(connection, layout_of(topology, {reader: wanted.topics}))


def _provide(connection: pika.BlockingConnection, layout: Layout) -> None:
    if cannot := apply(connection, layout):
        raise Conflict(" ".join(difference.says for difference in cannot))


def note_replay(session: Session, *, by: str, did: str, to: str, wanted: Wanted, facts: int) -> None:
    """Write into the owner's audit that its past is, or was, sent to a reader."""
    since = wanted.since.isoformat() if wanted.since else ""
    record(
        session, who=by, did=did, subject="service", subject_id=to, topics=list(wanted.topics), since=since, facts=facts
    )


def _batches(database: Database, wanted: Wanted) -> Iterator[Sequence[Any]]:
    last = 0
    columns = sa.select(outbox.c.id, outbox.c.message_id, outbox.c.topic, outbox.c.envelope.cast(sa.Text).label("body"))
    while True:
        following = _chosen(columns, wanted).where(outbox.c.id > last).order_by(outbox.c.id).limit(BATCH)
        with database.read() as session:
            batch = session.execute(following).all()
        if not batch:
            return
        last = batch[-1].id
        yield batch


def _chosen(select: sa.Select[*tuple[Any, ...]], wanted: Wanted) -> sa.Select[*tuple[Any, ...]]:
    chosen = select.where(outbox.c.sent_at.is_not(None), outbox.c.topic.in_(wanted.topics))
    return chosen.where(outbox.c.announced_at >= wanted.since) if wanted.since else chosen


def _send(channel: BlockingChannel, queue: str, row: Any) -> None:
    properties = pika.BasicProperties(
        content_type=CONTENT_TYPE,
        content_encoding="utf-8",
        delivery_mode=pika.DeliveryMode.Persistent.value,
        message_id=str(row.message_id),
        type=row.topic,
    )
    try:
        channel.basic_publish("", queue, row.body.encode(), properties, mandatory=True)
    except UnroutableError:
        raise Conflict(f"The queue {queue} has gone. Start this once more.") from None
    except NackError:
        raise Conflict(f"The queue {queue} takes no more. Start this once more when its reader has read.") from None
