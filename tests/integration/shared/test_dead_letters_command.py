"""`python -m services messages dead-letters`: what no service reads, on a real broker."""

import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

import pika
import pytest
import sqlalchemy as sa

from services.embedded.waiting import wait_until
from shared.audit import audit
from shared.events.referrals import RequestReceived, RequestWithdrawn
from shared.messaging.contract import event_type_of
from shared.messaging.envelope import Envelope
from shared.messaging.topology import Topology
from shared.operating.broker import connected
from shared.operating.commands.messages import messages
from shared.operating.commands.topology import topology as topology_command
from tests.brokers import BROKER_URL
from tests.integration.conftest import Running
from tests.integration.shared.conftest import Operate, Run

pytestmark = pytest.mark.rabbitmq

FAMILY = UUID(int=7)
WHY = "It was entered in another way"
STORY = "Mrs Example of 1 High Street"


@pytest.fixture
def panel(start: Callable[..., Running]) -> Running:
    return start("panel")


@pytest.fixture
def referrals(start: Callable[..., Running]) -> Running:
    return start("referrals")


@pytest.fixture
def run(operate: Operate, panel: Running, referrals: Running) -> Run:
    operate(topology_command, panel, referrals)("apply")
    return operate(messages, panel, referrals)


@pytest.fixture
def channel(topology: Topology) -> Iterator[Any]:
    with connected(BROKER_URL) as connection:
        channel = connection.channel()
        channel.confirm_delivery()
        yield channel


@pytest.fixture
def dead(channel: Any, topology: Topology, run: Run) -> Callable[..., str]:
    """Give a function that sends a message to the panel, which refuses it; returns the message's id."""

    def refused(body: bytes = b"", topic: str = "referrals.request_withdrawn.v1") -> str:
        message_id, before = uuid4(), depth(channel, topology.dead_letter_name("panel"))
        properties = pika.BasicProperties(message_id=str(message_id), type=topic, delivery_mode=2)
        channel.basic_publish("", topology.queue_name("panel"), body or a_withdrawal(message_id), properties)
        channel.basic_reject(taken(channel, topology.queue_name("panel"))[0].delivery_tag, requeue=False)
        lie_in(channel, topology.dead_letter_name("panel"), before + 1)
        return str(message_id)

    return refused


def taken(channel: Any, queue: str) -> tuple[Any, Any, bytes]:
    """Return the next message of a queue; a queue with one active consumer cannot be asked for it."""
    method, properties, body = next(channel.consume(queue, inactivity_timeout=15))
    assert method is not None, "a message should have come within 15 seconds"
    channel.cancel()
    return method, properties, body


def a_withdrawal(message_id: UUID) -> bytes:
    fact = RequestWithdrawn(uuid4(), FAMILY, "EH7K-3QWD")
    kind = event_type_of(fact)
    envelope = Envelope(message_id, kind.name, str(FAMILY), 1, kind.dump(fact), "", datetime.now(UTC))
    return json.dumps(envelope.as_json()).encode()


def depth(channel: Any, queue: str) -> int:
    return int(channel.queue_declare(queue, passive=True).method.message_count)


def lie_in(channel: Any, queue: str, messages: int) -> None:
    """Wait until so many messages lie in a queue: the broker counts a little later than it confirms."""
    wait_until(lambda: depth(channel, queue) == messages, f"{messages} in {queue}")


def audited(running: Running) -> list[tuple[str, str, dict[str, Any]]]:
    with running.database.read() as session:
        lines = session.execute(sa.select(audit.c.did, audit.c.subject_id, audit.c.details).order_by(audit.c.id))
        return [(did, subject_id, details) for did, subject_id, details in lines if "letter" in did]


def test_a_letter_is_listed_with_ids_and_the_reason_and_lies_there_afterwards(
    run: Run, dead: Callable[..., str], channel: Any, topology: Topology
) -> None:
    message_id = dead()
    for _ in range(3):
        listed = run("dead-letters", "list").stdout
        for word in (message_id, "referrals.request_withdrawn.v1", str(FAMILY), "it could not be read", "0 min"):
            assert word in listed
    lie_in(channel, topology.dead_letter_name("panel"), 1)
    assert "dead letters of panel" in run().stdout


def test_damaged_bytes_are_told_apart_and_never_quoted(
    run: Run, dead: Callable[..., str], channel: Any, topology: Topology
) -> None:
    message_id = dead(STORY.encode(), topic=STORY)
    channel.basic_publish("", topology.dead_letter_name("panel"), STORY.encode())
    listed = run("dead-letters", "list").stdout
    assert message_id in listed
    assert "sha256-" in listed
    assert "Example" not in listed
    assert str(len(STORY)) in listed


def test_one_letter_is_put_back_into_its_queue_and_the_others_stay(
    run: Run, dead: Callable[..., str], channel: Any, topology: Topology, panel: Running
) -> None:
    stays, goes = dead(), dead()
    assert "1 put back." in run("dead-letters", "again", goes).stdout
    _, properties, _ = taken(channel, topology.queue_name("panel"))
    assert properties.message_id == goes
    assert not properties.headers, "a message that comes back with its deaths may be dropped by the broker"
    assert stays in run("dead-letters", "list").stdout
    assert "put dead letter back" in run("show", goes).stdout
    ((did, subject_id, details),) = audited(panel)
    assert (did, subject_id) == ("put_dead_letter_back", goes)
    assert details["queue"] == topology.dead_letter_name("panel")


def test_all_letters_of_a_service_are_put_back(
    run: Run, dead: Callable[..., str], channel: Any, topology: Topology
) -> None:
    for _ in range(5):
        dead()
    assert "5 put back." in run("dead-letters", "again", "--all", "--service", "panel").stdout
    lie_in(channel, topology.queue_name("panel"), 5)
    assert "There are no dead letters." in run("dead-letters", "list").stdout


def test_a_letter_is_thrown_away_only_for_a_reason_which_is_kept(
    run: Run, dead: Callable[..., str], panel: Running, channel: Any, topology: Topology
) -> None:
    message_id = dead()
    refused = run("dead-letters", "discard", message_id, "--why", "no")
    assert refused.exit_code == 1
    assert "Say why this message can be given up." in refused.stderr
    lie_in(channel, topology.dead_letter_name("panel"), 1)
    assert "Thrown away." in run("dead-letters", "discard", message_id, "--why", WHY).stdout
    lie_in(channel, topology.dead_letter_name("panel"), 0)
    ((did, subject_id, details),) = audited(panel)
    assert (did, subject_id, details["why"]) == ("discarded_dead_letter", message_id, WHY)


def test_what_no_queue_took_goes_to_everybody_who_reads_it_now(
    run: Run, channel: Any, topology: Topology, referrals: Running
) -> None:
    message_id = uuid4()
    channel.queue_unbind(topology.queue_name("panel"), topology.events.name, "referrals.request_withdrawn.v1")
    properties = pika.BasicProperties(message_id=str(message_id), type="referrals.request_withdrawn.v1")
    channel.basic_publish(
        topology.events.name, "referrals.request_withdrawn.v1", a_withdrawal(message_id), properties, mandatory=True
    )
    assert "no queue takes it" in run("dead-letters", "list").stdout
    assert "1 put back." in run("dead-letters", "again", str(message_id)).stdout
    lie_in(channel, topology.queue_name("panel"), 1)
    lie_in(channel, topology.unrouted_queue().name, 0)
    assert [did for did, _, _ in audited(referrals)] == ["put_dead_letter_back"], "its announcer's audit has it"


def test_what_nobody_reads_stays_where_it_is_and_that_is_said(run: Run, channel: Any, topology: Topology) -> None:
    fact = RequestReceived(uuid4(), FAMILY, "EH7K-3QWD", "request", datetime.now(UTC))
    kind = event_type_of(fact).name
    message_id = str(uuid4())
    properties = pika.BasicProperties(message_id=message_id, type=kind)
    channel.basic_publish(topology.events.name, kind, b"{}", properties)
    refused = run("dead-letters", "again", "--all")
    assert refused.exit_code == 1
    assert f"{message_id}: No service reads {kind}." in refused.stderr
    lie_in(channel, topology.unrouted_queue().name, 1)


def test_a_letter_whose_queue_takes_nothing_stays_a_dead_letter(
    run: Run, dead: Callable[..., str], channel: Any, topology: Topology, panel: Running
) -> None:
    message_id = dead()
    channel.queue_delete(topology.queue_name("panel"))
    refused = run("dead-letters", "again", message_id)
    assert refused.exit_code == 1
    assert f"There is no queue {topology.queue_name('panel')}" in refused.stderr
    lie_in(channel, topology.dead_letter_name("panel"), 1)
    assert audited(panel) == []


def test_one_service_sees_its_own_dead_letters_and_not_what_others_may_read(
    run: Run, operate: Operate, panel: Running, dead: Callable[..., str], channel: Any, topology: Topology
) -> None:
    mine = dead()
    theirs = str(uuid4())
    channel.basic_publish("", topology.unrouted_queue().name, b"{}", pika.BasicProperties(message_id=theirs))
    listed = operate(messages, panel)("dead-letters", "list").stdout
    assert mine in listed
    assert theirs not in listed


def test_a_letter_that_is_not_there_and_a_choice_that_is_none_are_said(run: Run) -> None:
    assert "There is no such letter here." in run("dead-letters", "again", str(uuid4())).stderr
    assert "say --all" in run("dead-letters", "again").stderr


def test_without_a_broker_there_are_no_dead_letters_to_look_at(run: Run) -> None:
    said = run("dead-letters", "list", BROKER_URL="memory://")
    assert said.exit_code == 1
    assert "There is no broker here" in said.stderr
