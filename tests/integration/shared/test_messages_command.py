"""`python -m services.panel messages`: what an operator sees and does at a terminal, with a real broker."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from uuid import UUID, uuid4

import pytest
import sqlalchemy as sa

from services.embedded.together import free_port
from shared.events.panel import RequestPlaced
from shared.events.referrals import RequestReceived
from shared.messaging.outbox import announce
from shared.messaging.tables import inbox, outbox
from shared.messaging.topology import Topology
from shared.messaging.transport.rabbitmq import RabbitTransport
from shared.operating.commands.messages import held_up, messages
from tests.brokers import BROKER_URL
from tests.integration.conftest import Running
from tests.integration.shared.conftest import Operate, Run

FAMILY = UUID(int=7)
pytestmark = pytest.mark.rabbitmq

Start = Callable[..., Running]


@pytest.fixture
def panel(start: Start) -> Running:
    return start("panel")


@pytest.fixture
def run(panel: Running, operate: Operate) -> Run:
    return operate(messages, panel)


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
    assert refused.stderr.strip() == "Error: No service here knows such a message."
    assert "Name messages" in run("again").stderr


def test_one_message_that_needs_nothing_does_not_keep_the_others_from_being_tried(run: Run, panel: Running) -> None:
    message_id = str(parked(panel))
    tried = run("again", str(uuid4()), message_id)
    assert "1 to be tried now." in tried.stdout
    assert "No such message is held up here." in tried.stderr
    assert tried.exit_code == 1


@pytest.fixture
def referrals(start: Start) -> Running:
    return start("referrals")


@pytest.fixture
def run_all(panel: Running, referrals: Running, operate: Operate) -> Run:
    return operate(messages, panel, referrals)


def unroutable(referrals: Running) -> UUID:
    """Let referrals announce a fact that no queue took, and return its message's id."""
    with referrals.database.begin() as session:
        announce(session, RequestReceived(uuid4(), FAMILY, "EH7K-3QWD", "request", datetime.now(UTC)))
    with referrals.database.begin() as session:
        session.execute(sa.update(outbox).values(parked_at=datetime.now(UTC), attempts=5, last_error="NO_ROUTE"))
        return UUID(str(session.scalars(sa.select(outbox.c.message_id)).one()))


def test_one_look_shows_every_service_its_queues_and_what_nobody_reads(
    run_all: Run, panel: Running, referrals: Running, topology: Topology
) -> None:
    RabbitTransport(BROKER_URL, topology).declare("panel", panel.service.events.topics)
    parked(panel)
    unroutable(referrals)
    said = run_all().stdout
    for words in ("panel", "parked", "referrals", "unroutable", topology.unrouted_queue().name, "is not there"):
        assert words in said
    listed = run_all("list").stdout
    assert "NO_ROUTE" in listed
    assert "this service does not read" in listed
    assert "NO_ROUTE" not in run_all("list", "--service", "panel").stdout


def test_what_became_of_a_message_is_shown_by_each_service_that_knows_it(
    run_all: Run, panel: Running, referrals: Running
) -> None:
    message_id = unroutable(referrals)
    with panel.database.begin() as session:
        came = {"topic": "referrals.request_received.v1", "family_key": str(FAMILY), "seq": 1, "attempts": 6}
        session.execute(sa.insert(inbox).values(message_id=message_id, status="parked", last_error="Boom", **came))
    assert "2 to be tried now." in run_all("again", str(message_id)).stdout
    shown = run_all("show", str(message_id)).stdout
    for words in ("referrals", "announced", "NO_ROUTE", "panel", "received", "Boom"):
        assert words in shown
    assert shown.count("tried message again, operator") == 2


def test_messages_of_every_service_are_tried_again_by_state(run_all: Run, panel: Running, referrals: Running) -> None:
    parked(panel)
    unroutable(referrals)
    assert "1 to be tried now." in run_all("again", "--state", "parked").stdout
    assert "2 to be tried now." in run_all("again", "--topic", "referrals.request_received.v1").stdout


def test_a_message_that_several_services_hold_is_given_up_in_the_one_that_is_named(
    run_all: Run, panel: Running, referrals: Running
) -> None:
    message_id = unroutable(referrals)
    with panel.database.begin() as session:
        came = {"topic": "referrals.request_received.v1", "family_key": str(FAMILY), "seq": 1}
        session.execute(sa.insert(inbox).values(message_id=message_id, status="parked", **came))
    refused = run_all("discard", str(message_id), "--why", "It was made for a trial")
    assert "say which with --service" in refused.stderr
    given_up = run_all("discard", str(message_id), "--why", "It was made for a trial", "--service", "panel")
    assert "Given up." in given_up.stdout


def test_one_service_does_not_answer_for_another(run: Run) -> None:
    refused = run("list", "--service", "referrals")
    assert refused.exit_code == 2
    assert "knows only panel" in refused.stderr


def test_a_database_that_is_away_is_said_in_one_line(run: Run) -> None:
    away = f"postgresql+psycopg://nobody:a-secret@127.0.0.1:{free_port()}/panel"
    said = run("list", DATABASE_URL_PANEL=away)
    assert said.exit_code == 1
    assert said.stderr == "Error: The database of panel does not answer.\n"


def test_in_one_process_the_databases_are_looked_at_alone(run: Run, panel: Running) -> None:
    parked(panel)
    said = run(BROKER_URL="memory://")
    assert said.exit_code == 0
    assert "Needs a person" in said.stdout
    assert "Queues" not in said.stdout


def test_a_reason_in_brackets_is_printed_as_it_is(run: Run, panel: Running) -> None:
    message_id = parked(panel)
    with panel.database.begin() as session:
        session.execute(sa.update(inbox).values(last_error="[bold]Boom[/red]"))
    assert "[bold]Boom[/red]" in run("list").stdout
    assert "[bold]Boom[/red]" in run("show", str(message_id)).stdout


def test_of_very_many_messages_it_is_said_that_there_are_more(
    run: Run, panel: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(held_up, "LARGEST_LIST", 1)
    parked(panel)
    panel.receives(RequestReceived(uuid4(), UUID(int=8), "EH7K-3QWD", "request", datetime.now(UTC)))
    assert "1 to be tried now. There are more" in run("again", "--state", "parked").stdout
