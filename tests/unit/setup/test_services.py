"""A machine's servers are found, or started by the first way that the machine has."""

from pathlib import Path

import pytest

from deploy.setup import apt, services
from deploy.setup.progress import CommandFailed
from deploy.setup.servers import Server

_DOCKER = """#!/bin/sh
echo "$@" >> "$0.log"
[ "$1" = info ] && exit {info}
for word; do block=$word; done
touch "$0.$block"
exit {up}
"""


class Machine:
    """A machine on which servers run that a list names, and those that its Docker was told to start."""

    def __init__(self, folder: Path) -> None:
        self.docker = folder / "docker"
        self.runs: set[str] = set()
        self.debian_started: list[str] = []

    def has_docker(self, *, info: int = 0, up: int = 0) -> None:
        """Put a program on the PATH that answers as Docker does, with these exit codes."""
        self.docker.write_text(_DOCKER.format(info=info, up=up))
        self.docker.chmod(0o755)

    def answers(self, server: Server) -> bool:
        """Tell whether a server runs."""
        return server.block in self.runs or self.docker.with_name(f"docker.{server.block}").exists()

    def asked_of_docker(self) -> list[str]:
        """Return what Docker was asked, without asking whether it is there."""
        log = self.docker.with_name("docker.log")
        lines = log.read_text().splitlines() if log.exists() else []
        return [line for line in lines if line != "info"]

    def start_by_debian(self, command: list[str]) -> str:
        """Stand in for a command that starts Debian's server."""
        self.debian_started.append(" ".join(command))
        self.runs.add("postgres" if "postgresql" in command else "rabbitmq")
        return ""


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Machine:
    machine = Machine(tmp_path)
    for variable in ("BROKER_URL", "POSTGRES_ADMIN_URL", "CI"):
        monkeypatch.delenv(variable, raising=False)
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    monkeypatch.setattr(Server, "answers", lambda server: machine.answers(server))
    monkeypatch.setattr(services, "_SECONDS_FOR_INIT", 0)
    monkeypatch.setattr(services, "_SECONDS_TO_START", 0)
    monkeypatch.setattr(services, "_system_path", lambda: str(tmp_path))
    monkeypatch.setattr(apt, "may_install", lambda: False)
    monkeypatch.setattr(apt, "as_root", list)
    return machine


def test_servers_that_run_are_said_and_nothing_is_started(machine: Machine, capsys: pytest.CaptureFixture[str]) -> None:
    machine.has_docker()
    machine.runs |= {"postgres", "rabbitmq"}
    services.provide()
    assert capsys.readouterr().out.splitlines()[1:] == ["PostgreSQL: 127.0.0.1:5432", "RabbitMQ: 127.0.0.1:5672"]
    assert machine.asked_of_docker() == []


def test_where_a_container_engine_answers_compose_starts_only_what_is_missing(
    machine: Machine, capsys: pytest.CaptureFixture[str]
) -> None:
    machine.has_docker()
    machine.runs.add("postgres")
    services.provide()
    (asked,) = machine.asked_of_docker()
    assert asked.endswith("deploy/compose.services.yml up --detach --wait rabbitmq")
    assert capsys.readouterr().out.splitlines()[-1] == (
        "RabbitMQ: 127.0.0.1:5672, by Compose, BROKER_URL=amqp://guest:guest@127.0.0.1:5672//"
    )


def test_where_no_engine_answers_docker_debians_packages_are_started(
    machine: Machine, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    machine.has_docker(info=1)
    for program in ("pg_ctlcluster", "rabbitmq-server", "service"):
        machine.docker.with_name(program).touch(mode=0o755)
    monkeypatch.setattr(services, "run_quietly", machine.start_by_debian)
    services.provide()
    assert [command.rpartition("/")[2] for command in machine.debian_started] == [
        "service postgresql start",
        "rabbitmq-server -detached",
    ]
    said = capsys.readouterr().out
    assert "PostgreSQL: 127.0.0.1:5432, by Debian's package\n" in said
    assert "RabbitMQ: 127.0.0.1:5672, by Debian's package\n" in said


def test_what_compose_says_when_it_fails_is_told(machine: Machine, capsys: pytest.CaptureFixture[str]) -> None:
    machine.has_docker(up=14)
    services.provide()
    assert "failed with exit code 14.\nNo RabbitMQ: the RabbitMQ tests will be left out." in capsys.readouterr().out


def test_a_server_that_only_root_may_start_is_said(
    machine: Machine, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    machine.docker.with_name("rabbitmq-server").touch(mode=0o755)
    monkeypatch.setattr(apt, "as_root", lambda: None)
    services.provide()
    assert "RabbitMQ is installed but not running, and only root may start it: the RabbitMQ" in capsys.readouterr().out


def test_a_missing_package_is_installed_where_this_user_may(machine: Machine, monkeypatch: pytest.MonkeyPatch) -> None:
    installed: list[str] = []

    def install(package: str) -> None:
        installed.append(package)
        if package == "postgresql":
            raise CommandFailed("no network")
        machine.runs.add("rabbitmq")

    monkeypatch.setattr(apt, "may_install", lambda: True)
    monkeypatch.setattr(apt, "install", install)
    services.provide()
    assert installed == ["postgresql", "rabbitmq-server"]
