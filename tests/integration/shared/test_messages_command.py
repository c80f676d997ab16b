"""`python -m services.panel messages`: what an operator sees and does at a terminal, with a real broker."""

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from uuid import UUID, uuid4

import pytest
import sqlalchemy as sa
from click.testing import CliRunner, Result

from shared.events.panel import RequestPlaced
from shared.events.referrals import RequestReceived
from shared.messages import messages
from shared.messaging.outbox import announce
from shared.messaging.tables import inbox
from shared.messaging.topology import Topology
from shared.messaging.transport.rabbitmq import RabbitTransport
from tests.brokers import BROKER_URL, need_broker, remove
from tests.integration.conftest import NEIGHBOUR_KEY, PUBLIC_KEY, Running

FAMILY = UUID(int=7)
pytestmark = pytest.mark.rabbitmq

Run = Callable[..., Result]
Start = Callable[..., Running]


@pytest.fixture
def panel(start: Start) -> Running:
    return start("panel")


@pytest.fixture
def topology() -> Iterator[Topology]:
    need_broker()
    topology = Topology(f"test-{uuid4().hex[:12]}")
    yield topology
    remove(topology)


@pytest.fixture
def run(panel: Running, topology: Topology) -> Run:
    environ = {
        "DATABASE_URL_PANEL": panel.resources.settings.database_url,
        "BROKER_URL": BROKER_URL,
        "BROKER_PREFIX": topology.prefix,
        "NEIGHBOUR_KEY": NEIGHBOUR_KEY,
        "SESSION_PUBLIC_KEY": PUBLIC_KEY,
        "PAGE_KEY": "a key that only the tests know, and long enough",
        "TRAINING": "yes",
        "COLUMNS": "220",
    }

    def run_messages(*words: str) -> Result:
        return CliRunner().invoke(messages, words, obj=panel.service, env=environ)

    return run_messages


def parked(panel: Running) -> UUID:
    """Let a fact arrive that the panel does not read, and return its message's id."""
    panel.receives(RequestReceived(uuid4(), FAMILY, "EH7K-3QWD", "request", datetime.now(UTC)))
    with panel.database.read() as session:
        return UUID(str(session.scalars(sa.select(inbox.c.message_id).where(inbox.c.status == "parked")).one()))


def test_an_operator_sees_counts_and_queues(run: Run, panel: Running, topology: Topology) -> None:
    RabbitTransport(BROKER_URL, topology).declare("panel", panel.service.events.topics)
    parked(panel)
    with panel.database.begin() as session:
        announce(session, RequestPlaced(uuid4(), FAMILY, "EH7K-3QWD", uuid4(), date(2026, 11, 12), 0))
    said = run().stdout
    assert "Needs a person" in said
    assert "On its way to the broker" in said
    assert topology.queue_name("panel") in said
    assert topology.dead_letter_name("panel") in said


def test_a_queue_that_is_not_there_is_said(run: Run) -> None:
    assert "is not there" in run().stdout


def test_a_message_is_listed_shown_tried_again_and_given_up(run: Run, panel: Running) -> None:
    message_id = str(parked(panel))
    assert message_id in run("list", "--state", "parked").stdout
    assert "this service does not read referrals.request_received.v1" in run("show", message_id).stdout
    assert "1 to be tried now." in run("again", "--topic", "referrals.request_received.v1").stdout
    with panel.database.begin() as session:
        session.execute(sa.update(inbox).values(status="parked"))
    assert "Say why" in run("discard", message_id, "--why", "no").stderr
    assert "Given up." in run("discard", message_id, "--why", "It was made for a trial").stdout
    assert "No such message is held up." in run("list").stdout


def test_what_cannot_be_done_is_said_in_one_line(run: Run) -> None:
    refused = run("show", str(uuid4()))
    assert refused.exit_code == 1
    assert refused.stderr.strip() == "Error: No such message is held up here."
    assert "Name messages" in run("again").stderr


def test_one_message_that_needs_nothing_does_not_keep_the_others_from_being_tried(run: Run, panel: Running) -> None:
    message_id = str(parked(panel))
    tried = run("again", str(uuid4()), message_id)
    assert "1 to be tried now." in tried.stdout
    assert "No such message is held up here." in tried.stderr
    assert tried.exit_code == 1
