"""`python -m deploy.prepare` on real servers: who reaches what afterwards, and what is refused."""

import os
import shutil
import signal
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

import kombu
import psycopg
import pytest
import requests
from click.testing import CliRunner, Result
from psycopg import sql
from sqlalchemy.engine import URL, make_url

from deploy.postgres import databases
from deploy.rabbitmq import definitions
from services.embedded.postgres import PrivatePostgres
from services.embedded.together import ALL, free_port
from services.embedded.waiting import wait_until
from shared.messaging.topology import Topology
from shared.messaging.transport import Outgoing, TransportLost
from shared.messaging.transport.rabbitmq import RabbitTransport
from shared.operating.broker import connected
from shared.operating.commands.topology import topology
from shared.service import SERVICES
from tests.integration.deploy.conftest import ROOT

_SERVER = "/usr/lib/rabbitmq/bin/rabbitmq-server"


@pytest.fixture
def urls(postgres: PrivatePostgres) -> Iterator[list[URL]]:
    server, token = make_url(postgres.url("postgres")), f"prepare_{uuid4().hex[:8]}"
    server = server.difference_update_query(["user"])
    made = [server.set(username=f"{token}_{name}", password="first", database=f"{token}_{name}") for name in SERVICES]
    yield made
    with _connected(postgres) as connection:
        for url in made:
            for statement in ("DROP DATABASE IF EXISTS {}", "DROP ROLE IF EXISTS {}"):
                connection.execute(sql.SQL(statement).format(sql.Identifier(str(url.database))))


def _connected(postgres: PrivatePostgres) -> psycopg.Connection[tuple[object, ...]]:
    return psycopg.connect(_libpq(make_url(postgres.url("postgres"))), autocommit=True)


def _libpq(url: URL) -> str:
    return url.set(drivername="postgresql").render_as_string(hide_password=False)


def _provide(postgres: PrivatePostgres, urls: list[URL]) -> None:
    databases.provide(_libpq(make_url(postgres.url("postgres"))), "", urls)


def test_each_role_reaches_its_own_database_and_no_other(postgres: PrivatePostgres, urls: list[URL]) -> None:
    _provide(postgres, urls)
    for role in urls:
        for database in urls:
            as_role = _libpq(role.set(database=database.database))
            if role is database:
                with psycopg.connect(as_role) as connection:
                    connection.execute("CREATE TABLE family (id int)")
                continue
            with pytest.raises(psycopg.OperationalError, match="permission denied for database"):
                psycopg.connect(as_role)


def test_a_role_may_make_no_other_role_and_no_database(postgres: PrivatePostgres, urls: list[URL]) -> None:
    _provide(postgres, urls)
    with psycopg.connect(_libpq(urls[0]), autocommit=True) as connection:
        for statement in ("CREATE ROLE intruder", "CREATE DATABASE intruder"):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                connection.execute(statement)


def test_a_second_run_keeps_the_data_and_changes_the_password(postgres: PrivatePostgres, urls: list[URL]) -> None:
    _provide(postgres, urls)
    with psycopg.connect(_libpq(urls[0])) as connection:
        connection.execute("CREATE TABLE family (id int)")
    before = _stored_password(postgres, urls[0])
    _provide(postgres, [url.set(password="second") for url in urls])
    assert _stored_password(postgres, urls[0]) != before
    with psycopg.connect(_libpq(urls[0])) as connection:
        assert connection.execute("SELECT count(*) FROM family").fetchone() == (0,)


def _stored_password(postgres: PrivatePostgres, url: URL) -> str:
    with _connected(postgres) as connection:
        row = connection.execute("SELECT rolpassword FROM pg_authid WHERE rolname = %s", [url.username]).fetchone()
    assert row is not None
    assert str(row[0]).startswith("SCRAM-SHA-256$")
    return str(row[0])


@dataclass(frozen=True)
class Broker:
    """A RabbitMQ of this test's own, with the settings that are deployed."""

    management_url: str
    administrator: tuple[str, str]
    services_url: str

    def provide(self, broker_url: str = "") -> None:
        """Send it the definitions."""
        definitions.provide(self.management_url, self.administrator, broker_url or self.services_url, "earlyhelp")


@pytest.fixture(scope="module")
def broker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Broker]:
    if not Path(_SERVER).exists():
        if os.environ.get("CI"):
            pytest.fail("CI must have a RabbitMQ server")
        pytest.skip("no RabbitMQ server is installed; `make services` gets one or says how")
    folder = tmp_path_factory.mktemp("rabbitmq")
    ports = {"listeners.tcp.default = 5672": free_port(), "management.tcp.port   = 15672": free_port()}
    conf = (ROOT / "deploy/rabbitmq/rabbitmq.conf").read_text(encoding="utf-8")
    for line, port in ports.items():
        assert line in conf
        conf = conf.replace(line, f"{line.partition('=')[0]}= {port}")
    conf += "default_user = administrator\ndefault_pass = only-the-tests-know\n"
    (folder / "rabbitmq.conf").write_text(conf)
    (folder / "plugins").write_text("[rabbitmq_management].\n")
    environ = {
        "PATH": os.environ["PATH"],
        "HOME": str(folder),
        "RABBITMQ_NODENAME": f"early-help-{uuid4().hex[:8]}@localhost",
        "RABBITMQ_DIST_PORT": str(free_port()),
        "RABBITMQ_CONFIG_FILE": str(folder / "rabbitmq.conf"),
        "RABBITMQ_ENABLED_PLUGINS_FILE": str(folder / "plugins"),
        "RABBITMQ_MNESIA_BASE": str(folder / "data"),
        "RABBITMQ_LOG_BASE": str(folder),
    }
    log = (folder / "log").open("wb")
    server = subprocess.Popen([_SERVER], env=environ, stdout=log, stderr=log, start_new_session=True)
    amqp, management = ports.values()
    try:
        url = f"http://127.0.0.1:{management}"
        made = Broker(
            url, ("administrator", "only-the-tests-know"), f"amqp://earlyhelp:a-password@127.0.0.1:{amqp}/earlyhelp"
        )
        wait_until(lambda: _is_up(made, server, folder), "the broker is up", seconds=60)
        yield made
    finally:
        os.killpg(server.pid, signal.SIGKILL)
        server.wait()
        log.close()
        shutil.rmtree(folder, ignore_errors=True)


def _is_up(broker: Broker, server: "subprocess.Popen[bytes]", folder: Path) -> bool:
    assert server.poll() is None, (folder / "log").read_text(errors="replace")[-2000:]
    try:
        return requests.get(f"{broker.management_url}/api/whoami", auth=broker.administrator, timeout=5).ok
    except requests.ConnectionError:
        return False


@pytest.mark.slow
@pytest.mark.rabbitmq
def test_the_services_user_can_do_all_that_the_services_do_and_nothing_outside_their_names(broker: Broker) -> None:
    broker.provide()
    transport = RabbitTransport(broker.services_url, Topology("earlyhelp"))
    for service in SERVICES:
        transport.declare(service, ["directory.person_changed.v1"])
    sender = transport.sender()
    message = Outgoing(uuid4(), "directory.person_changed.v1", "{}")
    assert sender.publish([message]).confirmed == {message.message_id}
    sender.close()
    receiver = transport.receiver("panel", ["directory.person_changed.v1"])
    (received,) = receiver.receive(10, 5)
    receiver.refuse(received)
    receiver.close()
    wait_until(lambda: _depth(broker, "earlyhelp.panel.dlq") == 1, "the refused message among the dead letters")
    with pytest.raises(TransportLost, match="ACCESS_REFUSED"):
        RabbitTransport(broker.services_url, Topology("others")).declare("panel", ["x"])


@pytest.mark.slow
@pytest.mark.rabbitmq
def test_what_waits_for_a_person_is_never_pushed_out(broker: Broker) -> None:
    broker.provide()
    for service in SERVICES:
        RabbitTransport(broker.services_url).declare(service, ["x"])
    wanted = {"earlyhelp.unrouted", *(f"earlyhelp.{service}.dlq" for service in SERVICES)}
    wait_until(lambda: _queues_under(broker, "nothing-is-pushed-out") == wanted, "the policy on these queues alone")


@pytest.mark.slow
@pytest.mark.rabbitmq
def test_a_second_run_changes_the_password(broker: Broker) -> None:
    broker.provide()
    changed = broker.services_url.replace("a-password", "another")
    broker.provide(changed)
    RabbitTransport(changed).declare("panel", ["x"])
    with pytest.raises(TransportLost, match="AccessRefused"):
        RabbitTransport(broker.services_url).declare("panel", ["x"])


@pytest.mark.slow
@pytest.mark.rabbitmq
def test_definitions_with_a_mistake_are_refused_in_words(broker: Broker, monkeypatch: pytest.MonkeyPatch) -> None:
    right = definitions.definitions

    def wrong(broker_url: str, prefix: str) -> dict[str, object]:
        document = right(broker_url, prefix)
        document["policies"][0]["definition"] = {"overfow": "reject-publish"}
        return document

    monkeypatch.setattr(definitions, "definitions", wrong)
    with pytest.raises(definitions.DefinitionsRefused, match="overfow"):
        broker.provide()


def _queues_under(broker: Broker, policy: str) -> set[str]:
    listed = requests.get(f"{broker.management_url}/api/queues/earlyhelp", auth=broker.administrator, timeout=5).json()
    return {queue["name"] for queue in listed if queue.get("policy") == policy}


def _depth(broker: Broker, queue: str) -> int:
    connection = kombu.Connection(broker.services_url)
    with connection, connection.channel() as channel:
        return int(channel.queue_declare(queue, passive=True).message_count)


@pytest.mark.slow
@pytest.mark.rabbitmq
def test_bindings_are_compared_by_the_management_api_and_taken_away_only_when_asked(broker: Broker) -> None:
    broker.provide()
    environ = {
        "BROKER_URL": broker.services_url,
        "BROKER_PREFIX": "earlyhelp",
        "BROKER_ADMIN_URL": broker.management_url,
        "BROKER_ADMIN": "default_user = {}\ndefault_pass = {}\n".format(*broker.administrator),
    }

    def run(*words: str) -> Result:
        return CliRunner().invoke(topology, words, obj=ALL, env=environ)

    run("apply", "--unbind")
    assert run("check").exit_code == 0, run("check").output
    queue, wanted = "earlyhelp.panel.events", "referrals.request_ready_for_panel.v1"
    with connected(broker.services_url) as connection:
        channel = connection.channel()
        channel.queue_bind(queue, "earlyhelp.events", "panel.bygone.v1")
        channel.queue_unbind(queue, "earlyhelp.events", wanted)
    checked = run("check")
    assert checked.exit_code == 1
    assert f"The queue {queue} is not bound for {wanted} (exchange earlyhelp.events)." in checked.stdout
    assert f"The queue {queue} is bound for something that the code does not read: panel.bygone.v1" in checked.stdout
    assert "Taken away" not in run("apply").stdout
    assert wanted not in run("check").stdout, "what was missing is bound again"
    assert f"Taken away: {queue} is no longer bound for panel.bygone.v1." in run("apply", "--unbind").stdout
    assert run("check").exit_code == 0


@pytest.mark.slow
@pytest.mark.rabbitmq
def test_a_management_api_that_is_away_is_said_in_one_line(broker: Broker) -> None:
    broker.provide()
    environ = {"BROKER_URL": broker.services_url, "BROKER_ADMIN_URL": f"http://a:secret@127.0.0.1:{free_port()}"}
    said = CliRunner().invoke(topology, ["check"], obj=ALL, env=environ)
    assert said.exit_code == 1
    assert said.stderr.startswith("Error: RabbitMQ's management API does not answer")
    assert "secret" not in said.output


@pytest.mark.slow
@pytest.mark.rabbitmq
def test_a_dead_letter_is_not_dropped_because_people_looked_at_it(broker: Broker) -> None:
    broker.provide()
    CliRunner().invoke(topology, ["apply"], obj=ALL, env={"BROKER_URL": broker.services_url})

    def looks_allowed() -> object:
        url = f"{broker.management_url}/api/queues/earlyhelp/earlyhelp.panel.dlq"
        queue = requests.get(url, auth=broker.administrator, timeout=5).json()
        return (queue.get("effective_policy_definition") or {}).get("delivery-limit")

    wait_until(lambda: looks_allowed() == 1_000_000, "a limit that no person reaches")
