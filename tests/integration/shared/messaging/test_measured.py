"""What monitoring learns while facts travel and jobs run. Each test has a service of its own name, whose figures begin at none."""

import threading
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import pytest
import sqlalchemy as sa
from apscheduler.triggers.cron import CronTrigger
from prometheus_client import REGISTRY
from sqlalchemy.orm import Session

from services.embedded.waiting import wait_until
from shared.database import Database
from shared.events.referrals import RequestReceived
from shared.messaging.consumer import Consumer
from shared.messaging.contract import event_type_of
from shared.messaging.envelope import Envelope
from shared.messaging.inbox import Inbox
from shared.messaging.outbox import announce
from shared.messaging.publisher import Publisher
from shared.messaging.reader import EventReader
from shared.messaging.tables import inbox
from shared.messaging.topology import Topology
from shared.messaging.transport import Outgoing, TransportLost
from shared.messaging.transport.memory import MemorySender, MemoryTransport
from shared.timetable import Job, Timekeeper, timetable_metadata
from tests.factories import a_fact
from tests.fakes import FakeClock
from tests.noted import Noted

TOPIC = "referrals.request_received.v1"
Figure = Callable[..., float]


@pytest.fixture
def service() -> str:
    return f"panel-{uuid4().hex}"


@pytest.fixture
def figure(service: str) -> Figure:
    """Give a function that returns a figure of the test's service, 0 for one that nothing was counted in."""

    def read(name: str, **labels: str) -> float:
        return REGISTRY.get_sample_value(f"early_help_{name}", {"service": service} | labels) or 0.0

    return read


@pytest.fixture
def box(service: str, clock: FakeClock) -> Inbox:
    reader = EventReader(service)

    @reader.handles(RequestReceived)
    def note(fact: RequestReceived, session: Session, now: datetime) -> None:
        if fact.reference == "bad":
            raise RuntimeError("a bug")
        session.execute(sa.text("INSERT INTO noted (note) VALUES (:note)"), {"note": fact.reference})

    return Inbox(reader, clock)


def an_envelope(reference: str) -> Envelope:
    fact = a_fact(reference)
    kind = event_type_of(fact)
    return Envelope(uuid4(), kind.name, str(fact.family_id), 1, kind.dump(fact), "", datetime.now(UTC))


def test_a_fact_on_its_way_is_counted_and_timed_by_who_sends_it_and_by_who_handles_it(
    database: Database, noted: Noted, service: str, figure: Figure, box: Inbox
) -> None:
    stop, transport = threading.Event(), MemoryTransport(Topology(f"test-{uuid4().hex}"))
    transport.declare(service, [TOPIC])
    publisher = Publisher(service, database, transport, stop)
    consumer = Consumer(service, [TOPIC], database, transport, box, stop)
    threads = [threading.Thread(target=role.run) for role in (publisher, consumer)]
    for thread in threads:
        thread.start()
    with database.begin() as session:
        announce(session, a_fact("EH-1"))
    wait_until(lambda: noted.all() == ["EH-1"], "the fact is handled")
    wait_until(lambda: figure("facts_sent_total") == 1, "it is marked as sent")
    assert figure("leader", role="publisher") == 1
    stop.set()
    for thread in threads:
        thread.join(15)
    assert figure("leader", role="publisher") == 0
    assert figure("publish_seconds_count") == 1
    assert figure("handle_seconds_count", topic=TOPIC) == 1
    assert figure("delay_seconds_count") == 1
    assert figure("delay_seconds_sum") < 60


def test_a_fact_that_comes_again_is_a_redelivery_and_not_handled_again(
    database: Database, service: str, figure: Figure, box: Inbox
) -> None:
    consumer = Consumer(service, [], database, MemoryTransport(), box, threading.Event())
    envelope = an_envelope("EH-1")
    for _ in range(3):
        consumer.handle([envelope])
    assert figure("redeliveries_total") == 2
    assert figure("handle_seconds_count", topic=TOPIC) == 1


def test_what_a_handler_fails_on_is_a_failure_each_time_and_a_retry_from_the_second_on(
    database: Database, service: str, figure: Figure, box: Inbox
) -> None:
    Consumer(service, [], database, MemoryTransport(), box, threading.Event()).handle([an_envelope("bad")])
    assert (figure("handle_failures_total", topic=TOPIC), figure("retries_total")) == (1, 0)
    with database.begin() as session:
        session.execute(sa.update(inbox).values(next_attempt_at=datetime.now(UTC)))
    with database.begin() as session:
        assert box.retry_due(session)
    assert (figure("handle_failures_total", topic=TOPIC), figure("retries_total")) == (2, 1)


def test_a_topic_that_the_code_does_not_know_is_no_label(
    database: Database, service: str, figure: Figure, box: Inbox
) -> None:
    unknown = Envelope(uuid4(), "somebody.made_this_up.v1", "1", 1, {}, "", datetime.now(UTC))
    Consumer(service, [], database, MemoryTransport(), box, threading.Event()).handle([unknown])
    assert figure("handle_failures_total", topic="other") == 1


def test_unreadable_messages_and_beginnings_anew_are_counted(
    database: Database, noted: Noted, service: str, figure: Figure, box: Inbox
) -> None:
    class LostAtFirst(MemoryTransport):
        times = 0

        def sender(self) -> MemorySender:
            self.times += 1
            if self.times == 1:
                raise TransportLost("the broker is away")
            return super().sender()

    stop, transport = threading.Event(), LostAtFirst(Topology(f"test-{uuid4().hex}"))
    transport.declare(service, [TOPIC])
    MemoryTransport.sender(transport).publish([Outgoing(uuid4(), TOPIC, "no envelope")])
    roles = (
        Publisher(service, database, transport, stop),
        Consumer(service, [TOPIC], database, transport, box, stop),
    )
    threads = [threading.Thread(target=role.run) for role in roles]
    for thread in threads:
        thread.start()
    wait_until(lambda: figure("unreadable_messages_total") == 1, "the message is refused")
    wait_until(lambda: figure("leader", role="publisher") == 1, "the publisher leads again")
    stop.set()
    for thread in threads:
        thread.join(15)
    assert figure("interruptions_total", role="publisher") == 1
    assert figure("interruptions_total", role="consumer") == 0


def test_a_job_that_fails_is_counted_and_each_run_is_timed(database: Database, service: str, figure: Figure) -> None:
    timetable_metadata.create_all(database.engine)
    attempts: list[datetime] = []

    def sweep(_: Any, slot: datetime) -> None:
        attempts.append(slot)
        if len(attempts) == 1:
            raise RuntimeError("a bug")

    job = Job(sweep, CronTrigger(hour=7))
    keeper = Timekeeper(service, [job], None, database, threading.Event())
    slot = datetime(2026, 11, 2, 7, tzinfo=UTC)
    assert [keeper.run_slot(job, slot), keeper.run_slot(job, slot)] == [False, True]
    assert figure("job_failures_total", job_name="sweep") == 1
    assert figure("job_seconds_count", job_name="sweep") == 2
