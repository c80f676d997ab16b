"""Both transports keep the same promises: one suite, run on each."""

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import psycopg
import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session
from structlog.contextvars import bound_contextvars, get_contextvars

from services.embedded.waiting import wait_until
from shared.database import Database
from shared.events.referrals import RequestReceived, RequestWithdrawn
from shared.leadership import Leadership
from shared.messaging.consumer import Consumer
from shared.messaging.inbox import Inbox
from shared.messaging.outbox import announce
from shared.messaging.publisher import Publisher, announce_again
from shared.messaging.reader import EventReader
from shared.messaging.tables import broker_seen, inbox, outbox
from shared.messaging.transport import Outgoing, Published, Sender, Transport, TransportLost
from shared.messaging.transport.memory import MemorySender, MemoryTransport
from shared.trace import continued
from tests.factories import a_fact
from tests.fakes import FakeClock
from tests.noted import Noted

_END_LEADERS = sa.text(
    "SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory'"
    " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
)


def note(fact: Any, session: Session, now: datetime) -> None:
    session.execute(sa.text("INSERT INTO noted (note) VALUES (:note)"), {"note": fact.reference})


def a_reader() -> EventReader:
    reader = EventReader("panel")
    reader.handles(RequestReceived)(note)
    return reader


@contextmanager
def running(*targets: Callable[[], None], stop: threading.Event) -> Iterator[None]:
    threads = [threading.Thread(target=target) for target in targets]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        stop.set()
        for thread in threads:
            thread.join(15)
            assert not thread.is_alive(), "did not stop within 15 seconds"


@contextmanager
def whole_way(
    database: Database, transport: Transport, clock: FakeClock, reader: EventReader | None = None
) -> Iterator[None]:
    stop = threading.Event()
    reader = reader or a_reader()
    transport.declare("panel", reader.topics)
    publisher = Publisher("referrals", database, transport, stop)
    consumer = Consumer("panel", reader.topics, database, transport, Inbox(reader, clock), stop)
    with running(publisher.run, consumer.run, stop=stop):
        yield


def test_what_is_announced_is_handled_once_and_marked_as_sent(
    database: Database, transport: Transport, clock: FakeClock, noted: Noted
) -> None:
    with whole_way(database, transport, clock):
        for number in range(120):
            with database.begin() as session:
                announce(session, a_fact(f"EH-{number}"))
        wait_until(lambda: len(noted.all()) >= 120, "all facts handled")
    assert sorted(noted.all()) == sorted(f"EH-{number}" for number in range(120))
    with database.read() as session:
        assert session.scalar(sa.select(sa.func.count()).where(outbox.c.sent_at.is_(None))) == 0


def test_a_familys_facts_arrive_in_the_order_in_which_they_were_announced(
    database: Database, transport: Transport, clock: FakeClock, noted: Noted
) -> None:
    family = uuid4()
    with whole_way(database, transport, clock):
        for number in range(60):
            with database.begin() as session:
                announce(session, a_fact(f"{number:03}", family))
        wait_until(lambda: len(noted.all()) >= 60, "all facts handled")
    assert noted.all() == [f"{number:03}" for number in range(60)]


def test_what_was_rolled_back_is_never_announced(
    database: Database, transport: Transport, clock: FakeClock, noted: Noted
) -> None:
    with whole_way(database, transport, clock):
        with suppress(ZeroDivisionError), database.begin() as undone:
            with undone.begin_nested():
                announce(undone, a_fact("never"))
            raise ZeroDivisionError
        with database.begin() as kept:
            announce(kept, a_fact("kept"))
        wait_until(lambda: noted.all() == ["kept"], "only the committed fact")


def test_bytes_that_are_no_envelope_are_set_aside_and_the_next_message_passes(
    database: Database, transport: Transport, clock: FakeClock, noted: Noted
) -> None:
    with whole_way(database, transport, clock):
        sender = transport.sender()
        sender.publish([Outgoing(uuid4(), "referrals.request_received.v1", "this is no envelope")])
        sender.close()
        with database.begin() as session:
            announce(session, a_fact("after"))
        wait_until(lambda: noted.all() == ["after"], "the message behind the damaged one")


def test_a_fact_taken_but_not_acknowledged_comes_again_and_changes_nothing(
    database: Database, transport: Transport, clock: FakeClock, noted: Noted
) -> None:
    reader = a_reader()
    transport.declare("panel", reader.topics)
    with database.begin() as session:
        announce(session, a_fact("once"))
    with database.read() as session:
        body = session.execute(sa.select(outbox.c.message_id, outbox.c.envelope.cast(sa.Text))).one()
    sender = transport.sender()
    sender.publish([Outgoing(body[0], "referrals.request_received.v1", body[1])])
    sender.publish([Outgoing(body[0], "referrals.request_received.v1", body[1])])
    sender.close()
    with whole_way(database, transport, clock):
        wait_until(lambda: len(noted.all()) >= 1, "the fact")
        with database.begin() as session:
            announce(session, a_fact("last"))
        wait_until(lambda: "last" in noted.all(), "a later fact")
    assert noted.all() == ["once", "last"]


def test_an_event_that_only_another_service_reads_does_not_disturb_this_one(
    database: Database, transport: Transport, clock: FakeClock, noted: Noted
) -> None:
    transport.declare("notifications", ["referrals.request_withdrawn.v1"])
    with whole_way(database, transport, clock):
        with database.begin() as session:
            announce(session, RequestWithdrawn(uuid4(), uuid4(), "EH-W"))
            announce(session, a_fact("EH-R"))
        wait_until(lambda: noted.all() == ["EH-R"], "the event that is read")
    with database.read() as session:
        assert session.scalar(sa.select(sa.func.count()).select_from(inbox)) == 1


def test_after_a_crash_of_the_memory_everything_since_the_last_calm_is_announced_again(database: Database) -> None:
    with database.begin() as session:
        announce(session, a_fact("calm"))
        announce(session, a_fact("lost"))
    with database.begin() as session:
        session.execute(sa.text("INSERT INTO outbox_settled (settled_at) VALUES ('2026-11-02T10:00Z')"))
        session.execute(
            sa.text("UPDATE outbox SET sent_at = '2026-11-02T09:00Z' WHERE envelope->'data'->>'reference' = 'calm'")
        )
        session.execute(
            sa.text("UPDATE outbox SET sent_at = '2026-11-02T10:01Z' WHERE envelope->'data'->>'reference' = 'lost'")
        )
    assert announce_again(database) == 1


def test_what_is_there_is_taken_together_and_in_its_order(transport: Transport) -> None:
    topic = "referrals.request_received.v1"
    transport.declare("panel", [topic])
    sender, receiver = transport.sender(), transport.receiver("panel", [topic])
    sender.publish([Outgoing(uuid4(), topic, str(number)) for number in range(50)])
    taken: list[int] = []
    batches = 0
    while len(taken) < 50:
        batch = receiver.receive(50, 10)
        receiver.acknowledge(batch)
        taken.extend(int(message.body) for message in batch)
        batches += 1
    assert taken == list(range(50))
    assert batches < 25
    sender.close()
    receiver.close()


def test_what_follows_from_a_fact_stays_in_its_trace(
    database: Database, transport: Transport, clock: FakeClock, noted: Noted
) -> None:
    begun = continued("")

    def note_trace(fact: Any, session: Session, now: datetime) -> None:
        trace = str(get_contextvars()["traceparent"])
        session.execute(sa.text("INSERT INTO noted (note) VALUES (:note)"), {"note": trace[3:35]})
        announce(session, RequestWithdrawn(uuid4(), fact.family_id, fact.reference))

    reader = EventReader("panel")
    reader.handles(RequestReceived)(note_trace)
    with whole_way(database, transport, clock, reader):
        with bound_contextvars(traceparent=begun), database.begin() as session:
            announce(session, a_fact("EH-1"))
        wait_until(lambda: len(noted.all()) >= 1, "the fact")
    with database.read() as session:
        traces = session.scalars(sa.select(outbox.c.envelope["traceparent"].astext)).all()
    assert noted.all() == [begun[3:35]]
    assert [trace[3:35] for trace in traces] == [begun[3:35]] * 2


def test_the_publisher_notes_that_a_broker_answers_where_there_is_one(
    database: Database, transport: Transport, clock: FakeClock, noted: Noted
) -> None:
    with whole_way(database, transport, clock):
        with database.begin() as session:
            announce(session, a_fact("EH-1"))
        wait_until(lambda: noted.all() == ["EH-1"], "the fact")
    with database.read() as session:
        seen = session.scalars(sa.select(broker_seen.c.seen_at)).all()
    assert len(seen) == (1 if transport.has_broker else 0)


def test_later_facts_of_a_family_wait_behind_one_that_no_queue_took(database: Database) -> None:
    family = uuid4()
    with database.begin() as session:
        announce(session, a_fact("first", family))
        announce(session, a_fact("second", family))
        announce(session, a_fact("of another family"))
    with database.begin() as session:
        first = sa.select(sa.func.min(outbox.c.id)).scalar_subquery()
        session.execute(sa.update(outbox).where(outbox.c.id == first).values(parked_at=datetime.now(UTC)))
    sender = BreaksAfterTheFirst()
    with pytest.raises(TransportLost):
        send_a_batch(database, sender)
    assert ["of another family" in message.body for message in sender.took] == [True]


def send_a_batch(database: Database, sender: Sender) -> None:
    stop = threading.Event()
    with Leadership(database.url, "publisher:referrals", stop) as leader:
        Publisher("referrals", database, MemoryTransport(), stop).publish_batch(sender, leader)


class BreaksAfterTheFirst:
    """A sender whose connection is lost after the broker confirmed the first message of a batch."""

    def __init__(self) -> None:
        self.took: list[Outgoing] = []

    def publish(self, messages: Sequence[Outgoing]) -> Published:
        self.took = list(messages)
        raise TransportLost("cut", frozenset({messages[0].message_id}))

    def keep_alive(self) -> None:
        """Never idle."""

    def everything_is_handled(self) -> bool:
        return False

    def close(self) -> None:
        """Nothing to close."""


def test_what_was_confirmed_before_the_connection_was_lost_is_not_sent_again(database: Database) -> None:
    with database.begin() as session:
        announce(session, a_fact("first"))
        announce(session, a_fact("second"))
    sender = BreaksAfterTheFirst()
    with pytest.raises(TransportLost):
        send_a_batch(database, sender)
    with database.read() as session:
        unsent = session.scalars(sa.select(outbox.c.message_id).where(outbox.c.sent_at.is_(None))).all()
    assert list(unsent) == [sender.took[1].message_id]


def test_a_later_fact_of_a_family_is_not_sent_before_the_earlier_one_is_safe(database: Database) -> None:
    family = uuid4()
    with database.begin() as session:
        for reference in ("first", "second"):
            announce(session, a_fact(reference, family))
    sender = BreaksAfterTheFirst()
    with pytest.raises(TransportLost):
        send_a_batch(database, sender)
    assert ["first" in message.body for message in sender.took] == [True]


class LosesTheLead(MemorySender):
    """A sender that sends only when another leader has sent everything there was."""

    def __init__(self, transport: MemoryTransport, database: Database) -> None:
        super().__init__(transport)
        self._database = database

    def publish(self, messages: Sequence[Outgoing]) -> Published:
        with self._database.begin() as session:
            session.execute(_END_LEADERS)
        transport = MemoryTransport()
        for _ in messages:
            send_a_batch(self._database, transport.sender())
        return super().publish(messages)


def test_who_lost_the_lead_while_sending_marks_nothing_any_more(database: Database) -> None:
    family = uuid4()
    with database.begin() as session:
        for reference in ("first", "second"):
            announce(session, a_fact(reference, family))
    with pytest.raises(psycopg.OperationalError):
        send_a_batch(database, LosesTheLead(MemoryTransport(), database))
    with database.read() as session:
        attempts = session.execute(sa.select(outbox.c.attempts, outbox.c.sent_at.is_(None)).order_by(outbox.c.id)).all()
    assert attempts == [(1, False), (0, True)]
