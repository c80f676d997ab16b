"""`python -m services messages replay`: a service's past for a new reader, on a real broker."""

import itertools
import json
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

import pytest
import sqlalchemy as sa

from services.embedded.waiting import wait_until
from shared.audit import audit
from shared.events.referrals import RequestReceived, RequestWithdrawn
from shared.leadership import Leadership
from shared.messaging.outbox import announce
from shared.messaging.publisher import Publisher
from shared.messaging.tables import inbox, outbox
from shared.messaging.topology import Topology
from shared.messaging.transport.rabbitmq import RabbitTransport
from shared.operating.broker import connected
from shared.operating.commands.messages import messages
from tests.brokers import BROKER_URL
from tests.integration.conftest import Running
from tests.integration.shared.conftest import Operate, Run

pytestmark = pytest.mark.rabbitmq

FAMILY = UUID(int=7)
WITHDRAWN = "referrals.request_withdrawn.v1"


@pytest.fixture
def panel(start: Callable[..., Running]) -> Running:
    return start("panel")


@pytest.fixture
def referrals(start: Callable[..., Running]) -> Running:
    return start("referrals")


@pytest.fixture
def run(operate: Operate, panel: Running, referrals: Running) -> Run:
    return operate(messages, panel, referrals)


@pytest.fixture
def channel(topology: Topology) -> Iterator[Any]:
    with connected(BROKER_URL) as connection:
        yield connection.channel()


def announces(referrals: Running, reference: str, *, day: int | None = None) -> None:
    """Let referrals announce a withdrawal; with a `day` of March 2026, as one that was sent on it."""
    with referrals.database.begin() as session:
        announce(session, RequestWithdrawn(uuid4(), FAMILY, reference))
        announce(session, RequestReceived(uuid4(), FAMILY, reference, "request", datetime.now(UTC)))
    if day is not None:
        at = datetime(2026, 3, day, 12, tzinfo=UTC)
        with referrals.database.begin() as session:
            session.execute(sa.update(outbox).where(outbox.c.sent_at.is_(None)).values(announced_at=at, sent_at=at))


def lying_in(channel: Any, queue: str, count: int) -> list[str]:
    """Wait for so many facts in a queue, and return their references in their order."""
    wait_until(lambda: channel.queue_declare(queue, passive=True).method.message_count == count, f"{count} in {queue}")
    taken = itertools.islice(channel.consume(queue, inactivity_timeout=15), count)
    return [json.loads(body or "{}")["data"]["reference"] for _, _, body in taken]


def replay(run: Run, *words: str) -> Any:
    return run("replay", "--from", "referrals", "--to", "panel", *words)


def test_a_new_reader_gets_what_was_sent_that_it_reads_in_the_order_of_the_outbox(
    run: Run, referrals: Running, channel: Any, topology: Topology
) -> None:
    for day, reference in enumerate(["EH-1", "EH-2", "EH-3"], start=1):
        announces(referrals, reference, day=day)
    said = replay(run)
    assert said.exit_code == 0, said.output
    assert "The oldest fact that referrals still has is of 1 March 2026" in said.stdout
    assert f"3 facts sent to {topology.queue_name('panel')}" in said.stdout
    assert lying_in(channel, topology.queue_name("panel"), 3) == ["EH-1", "EH-2", "EH-3"]


def test_what_is_announced_meanwhile_comes_after_the_past_and_none_is_missed(
    run: Run, referrals: Running, channel: Any, topology: Topology
) -> None:
    announces(referrals, "past", day=1)
    announces(referrals, "meanwhile")
    assert replay(run).exit_code == 0
    stop = threading.Event()
    publisher = Publisher("referrals", referrals.database, RabbitTransport(BROKER_URL, topology), stop)
    thread = threading.Thread(target=publisher.run)
    thread.start()
    try:
        wait_until(lambda: unsent(referrals) == 0, "the publisher sent what had waited")
    finally:
        stop.set()
        thread.join(15)
    assert lying_in(channel, topology.queue_name("panel"), 2) == ["past", "meanwhile"]


def unsent(running: Running) -> int:
    with running.database.read() as session:
        return int(session.scalar(sa.select(sa.func.count()).where(outbox.c.sent_at.is_(None))) or 0)


def test_it_is_refused_while_the_publisher_runs(run: Run, referrals: Running, channel: Any) -> None:
    announces(referrals, "EH-1", day=1)
    with Leadership(referrals.database.url, "publisher:referrals", threading.Event()):
        said = replay(run)
    assert said.exit_code == 1
    assert "The publisher of referrals is running." in said.stderr
    assert replay(run).exit_code == 0


def test_only_what_is_wanted_is_sent(run: Run, referrals: Running, channel: Any, topology: Topology) -> None:
    for day, reference in enumerate(["EH-1", "EH-2", "EH-3"], start=1):
        announces(referrals, reference, day=day)
    assert "2 facts sent" in replay(run, "--since", "2026-03-02", "--topic", WITHDRAWN).stdout
    assert lying_in(channel, topology.queue_name("panel"), 2) == ["EH-2", "EH-3"]


def test_a_reader_that_had_some_is_told_of(run: Run, referrals: Running, panel: Running) -> None:
    announces(referrals, "EH-1", day=1)
    with panel.database.begin() as session:
        taken = {"message_id": uuid4(), "topic": WITHDRAWN, "family_key": str(FAMILY), "seq": 1, "status": "done"}
        session.execute(sa.insert(inbox).values(taken))
    assert "panel has taken 1 fact of these kinds before." in replay(run).stdout


def test_it_is_written_into_the_owners_audit(run: Run, referrals: Running, channel: Any) -> None:
    announces(referrals, "EH-1", day=1)
    replay(run)
    with referrals.database.read() as session:
        lines = session.execute(sa.select(audit.c.did, audit.c.subject_id, audit.c.details).order_by(audit.c.id)).all()
    assert [(did, to, details["facts"]) for did, to, details in lines] == [
        ("began_replay", "panel", 1),
        ("replayed", "panel", 1),
    ]


def test_many_facts_are_sent_batch_by_batch(
    run: Run, referrals: Running, channel: Any, topology: Topology, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("shared.operating.past.BATCH", 7)
    for number in range(20):
        announces(referrals, f"{number:02}", day=1)
    assert "20 facts sent" in replay(run).stdout
    assert lying_in(channel, topology.queue_name("panel"), 20) == [f"{number:02}" for number in range(20)]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--to", "panel"), "Say whose past with --from."),
        (("--from", "panel", "--to", "panel"), "panel reads nothing of panel."),
        (("--from", "referrals", "--to", "panel", "--topic", "referrals.no.v1"), "panel reads no referrals.no.v1"),
        (("--from", "directory", "--to", "panel"), "knows only"),
    ],
)
def test_a_choice_that_makes_no_sense_is_said(run: Run, words: tuple[str, ...], said: str) -> None:
    refused = run("replay", *words)
    assert refused.exit_code == 2
    assert said in refused.stderr


def test_one_service_alone_must_be_told_what_the_reader_reads(
    operate: Operate, referrals: Running, channel: Any, topology: Topology
) -> None:
    announces(referrals, "EH-1", day=1)
    run = operate(messages, referrals)
    assert "or name it with --topic" in run("replay", "--to", "panel").stderr
    assert "1 fact sent" in run("replay", "--to", "panel", "--topic", WITHDRAWN).stdout
    assert lying_in(channel, topology.queue_name("panel"), 1) == ["EH-1"]


def test_in_one_process_there_is_no_queue_to_fill(run: Run, referrals: Running) -> None:
    said = run("replay", "--from", "referrals", "--to", "panel", BROKER_URL="memory://")
    assert said.exit_code == 1
    assert "There is no broker here" in said.stderr
