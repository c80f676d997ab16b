"""What `make services` looks for and starts: told apart by what they speak, and started as docker-compose.yml has them."""

import json
import os
import socket
import subprocess
import threading
from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy.engine import make_url

from deploy.setup.servers import POSTGRES, RABBITMQ
from services.embedded.postgres import PrivatePostgres
from tests.brokers import BROKER_URL, need_broker
from tests.integration.deploy.conftest import ROOT, program


@pytest.fixture
def somebody_else() -> Iterator[int]:
    """Give the port of a server that speaks neither language."""
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def answer() -> None:
            for _ in range(2):
                connection, _address = listening.accept()
                with connection:
                    connection.recv(100)
                    connection.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")

        answering = threading.Thread(target=answer)
        answering.start()
        yield listening.getsockname()[1]
        answering.join(10)


def test_postgresql_is_known_by_its_answer(postgres: PrivatePostgres, monkeypatch: pytest.MonkeyPatch) -> None:
    url = make_url(postgres.url("postgres")).set(drivername="postgresql").render_as_string(hide_password=False)
    monkeypatch.setenv("POSTGRES_ADMIN_URL", url)
    assert POSTGRES.answers()


@pytest.mark.rabbitmq
def test_rabbitmq_is_known_by_its_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    need_broker()
    monkeypatch.setenv("BROKER_URL", BROKER_URL)
    assert RABBITMQ.answers()


def test_who_speaks_another_language_is_taken_for_neither(somebody_else: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("POSTGRES_ADMIN_URL", f"postgresql://me@127.0.0.1:{somebody_else}/postgres")
    monkeypatch.setenv("BROKER_URL", f"amqp://me@127.0.0.1:{somebody_else}//")
    assert not POSTGRES.answers()
    assert not RABBITMQ.answers()


def test_compose_takes_the_file_and_opens_the_servers_of_docker_compose_yml_to_this_machine_only() -> None:
    started = _blocks("deploy/compose.services.yml")
    deployed = _blocks("docker-compose.yml")
    assert started.keys() == {server.block for server in (POSTGRES, RABBITMQ)}
    for name, block in started.items():
        assert block["image"] == deployed[name]["image"]
        assert {port["host_ip"] for port in block["ports"]} == {"127.0.0.1"}
        assert block["mem_limit"]
        assert block["healthcheck"]["test"]


def _blocks(file: str) -> dict[str, Any]:
    command = [program("docker-compose"), "--env-file", "/dev/null", "--file", file, "config", "--format", "json"]
    environ = {"PATH": os.environ["PATH"], "PUBLIC_URL": "https://early-help.example"}
    done = subprocess.run(command, cwd=ROOT, env=environ, capture_output=True, text=True, check=True)
    blocks: dict[str, Any] = json.loads(done.stdout)["services"]
    return blocks
