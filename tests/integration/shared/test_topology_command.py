"""`python -m services topology`: the broker compared with what the code wants, on a real one."""

from collections.abc import Callable, Iterator

import pika
import pytest
from click.testing import CliRunner, Result

from services.__main__ import commands
from services.embedded.together import ALL, free_port
from services.embedded.waiting import wait_until
from shared.messaging.topology import QUEUE_LIMIT, Topology
from shared.operating.broker import connected, messages_in
from shared.operating.commands.topology import topology as command
from shared.service import SERVICES
from tests.brokers import BROKER_URL

pytestmark = pytest.mark.rabbitmq

Run = Callable[..., Result]


@pytest.fixture
def run(topology: Topology) -> Run:
    def run_topology(*words: str, services: object = ALL, **environ: str) -> Result:
        given = {"BROKER_URL": BROKER_URL, "BROKER_PREFIX": topology.prefix, "COLUMNS": "200"} | environ
        return CliRunner().invoke(command, words, obj=services, env=given)

    return run_topology


@pytest.fixture
def channel(topology: Topology) -> Iterator[pika.adapters.blocking_connection.BlockingChannel]:
    with connected(BROKER_URL) as connection:
        yield connection.channel()


def test_what_the_code_wants_is_printed_without_asking_the_broker(run: Run, topology: Topology) -> None:
    printed = run("print", BROKER_URL=f"amqp://127.0.0.1:{free_port()}//").stdout
    for name in (topology.events.name, topology.queue_name("panel"), topology.dead_letter_name("panel")):
        assert name in printed
    assert f"x-max-length: {QUEUE_LIMIT}" in printed
    assert "referrals.request_ready_for_panel.v1" in printed


def test_an_empty_broker_lacks_everything_until_it_is_applied(run: Run, topology: Topology) -> None:
    checked = run("check")
    assert checked.exit_code == 1
    assert f"The queue {topology.queue_name('panel')} is not there." in checked.stdout
    assert f"The exchange {topology.events.name} is not there." in checked.stdout
    applied = run("apply")
    assert applied.exit_code == 0
    assert f"Made: queue {topology.queue_name('panel')}." in applied.stdout
    assert run("check").exit_code == 0
    assert "Made" not in run("apply").stdout


def test_a_look_makes_nothing(run: Run, topology: Topology) -> None:
    run("check")
    with connected(BROKER_URL) as connection, pytest.raises(pika.exceptions.ChannelClosedByBroker):
        connection.channel().queue_declare(topology.queue_name("panel"), passive=True)


def test_what_was_applied_carries_a_fact_to_its_reader(
    run: Run, topology: Topology, channel: pika.adapters.blocking_connection.BlockingChannel
) -> None:
    run("apply")
    channel.confirm_delivery()
    channel.basic_publish(topology.events.name, "referrals.request_ready_for_panel.v1", b"{}", mandatory=True)
    wait_until(lambda: messages_in(channel, topology.queue_name("panel")) == 1, "the fact lies in its reader's queue")


def test_a_queue_with_another_argument_is_named_with_both_values_and_not_touched(
    run: Run, topology: Topology, channel: pika.adapters.blocking_connection.BlockingChannel
) -> None:
    name = topology.queue_name("panel")
    wanted = topology.queue("panel", []).queue_arguments
    channel.queue_declare(name, durable=True, arguments=wanted | {"x-max-length": 5})
    for words in ("check", "apply"):
        said = run(words)
        assert said.exit_code == 1
        assert f"The queue {name} has x-max-length: 5 on the broker, {QUEUE_LIMIT} in the code." in said.stdout
        assert "rabbitmqctl delete_queue" in said.stdout
    assert f"The queue {topology.queue_name('referrals')} is not there." not in run("check").stdout


def test_an_exchange_of_another_kind_is_named(
    run: Run, topology: Topology, channel: pika.adapters.blocking_connection.BlockingChannel
) -> None:
    channel.exchange_declare(topology.events.name, "direct", durable=True)
    said = run("check").stdout
    assert f"The exchange {topology.events.name} has type: direct on the broker, topic in the code." in said


def test_one_service_looks_at_its_own_queue_alone(run: Run, topology: Topology) -> None:
    said = run("check", services=ALL[2]).stdout
    assert topology.queue_name("panel") in said
    assert topology.queue_name("referrals") not in said


def test_a_broker_that_is_away_is_said_in_one_line_without_its_password(run: Run) -> None:
    said = run("check", BROKER_URL=f"amqp://guest:a-secret@127.0.0.1:{free_port()}//")
    assert said.exit_code == 1
    assert said.stderr.startswith("Error: RabbitMQ does not answer")
    assert len(said.stderr.splitlines()) == 1
    assert "a-secret" not in said.output


def test_memory_has_nothing_to_compare(run: Run) -> None:
    said = run("check", BROKER_URL="memory://")
    assert said.exit_code == 1
    assert "There is no broker here" in said.stderr


def test_of_several_addresses_the_one_that_answers_is_taken(run: Run) -> None:
    run("apply")
    assert run("check", BROKER_URL=f"amqp://127.0.0.1:{free_port()}//;{BROKER_URL}").exit_code == 0


def test_bindings_are_said_not_to_have_been_looked_at_and_none_is_taken_away_unseen(run: Run) -> None:
    run("apply")
    assert "Bindings were not looked at" in run("check").stdout
    assert "BROKER_ADMIN_URL" in run("apply", "--unbind").stderr


def test_the_command_of_all_services_knows_the_queue_of_each(topology: Topology) -> None:
    given = {"BROKER_URL": BROKER_URL, "BROKER_PREFIX": topology.prefix, "COLUMNS": "200"}
    printed = CliRunner().invoke(commands, ["topology", "print"], env=given).stdout
    for service in SERVICES:
        assert topology.queue_name(service) in printed


def test_what_the_broker_does_not_allow_is_said_in_its_own_words(run: Run) -> None:
    said = run("apply", BROKER_PREFIX="amq")
    assert said.exit_code == 1
    assert said.stderr.startswith("Error: RabbitMQ refuses it: ACCESS_REFUSED")
