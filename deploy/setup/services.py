"""The PostgreSQL and the RabbitMQ of this machine: found, or started where this user may.

The tests start a private PostgreSQL of their own (`services/embedded/postgres`), so none is left out for want of
this one; `deploy/without-containers` and people may use it. RabbitMQ the tests take from here.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

from deploy.setup import apt
from deploy.setup.progress import CommandFailed, leave_out, run_quietly, say, step
from deploy.setup.servers import POSTGRES, RABBITMQ, Server

_COMPOSE_FILE = Path(__file__).resolve().parents[1] / "compose.services.yml"
_SECONDS_TO_START = 60.0
_SECONDS_FOR_INIT = 3.0
_SECONDS_FOR_ENGINE = 10
_HOW = "start RabbitMQ on 127.0.0.1:5672, or name one with BROKER_URL=amqp://..."


def provide() -> None:
    """Say which servers there are, starting those that are missing where this user may.

    Raises SetUpFailed when one was named that does not answer, and in CI without RabbitMQ.
    """
    say("PostgreSQL of the tests: a private one, started by them")
    if problem := _find_or_start(POSTGRES):
        say(f"{problem}: deploy/without-containers will start a private one. To use another: POSTGRES_ADMIN_URL=...")
    if problem := _find_or_start(RABBITMQ):
        leave_out(problem, "the RabbitMQ tests", _HOW)


def _find_or_start(server: Server) -> str:
    """Say which one there is; return what stands in the way of any, or nothing."""
    server.check_named()
    if server.answers():
        say(f"{server.name}: {server.place()}")
        return ""
    engine = _engine()
    try:
        how = _start_by_compose(engine, server) if engine else _start_by_debian(server)
    except CommandFailed as error:
        return f"{error}\nNo {server.name}"
    if server.answers():
        say(f"{server.name}: {server.place()}, {how}")
        return ""
    return how


def _engine() -> str:
    """Return the path of Docker's program where an engine answers it, else nothing."""
    docker = shutil.which("docker")
    if docker is None:
        return ""
    try:
        asked = subprocess.run([docker, "info"], capture_output=True, check=False, timeout=_SECONDS_FOR_ENGINE)
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return "" if asked.returncode else docker


def _start_by_compose(docker: str, server: Server) -> str:
    with step(f"Starting {server.name} by {_COMPOSE_FILE.name}"):
        run_quietly([docker, "compose", "--file", str(_COMPOSE_FILE), "up", "--detach", "--wait", server.block])
        _wait_for(server)
    return f"by Compose, {server.variable}={server.local_url}"


def _start_by_debian(server: Server) -> str:
    """Install Debian's package where it is missing, and start it; return how, or what stands in the way."""
    if not shutil.which(server.program, path=_system_path()):
        if not apt.may_install():
            return f"No {server.name}"
        apt.install(server.package)
    root = apt.as_root()
    if root is None:
        return f"{server.name} is installed but not running, and only root may start it"
    # Where an init system runs, installing the package has started it; elsewhere nobody does it but us.
    if not server.answers_within(_SECONDS_FOR_INIT):
        with step(f"Starting {server.name}"):
            program, *options = server.start
            run_quietly([*root, shutil.which(program, path=_system_path()) or program, *options])
            _wait_for(server)
    return "by Debian's package"


def _wait_for(server: Server) -> None:
    if not server.answers_within(_SECONDS_TO_START):
        raise CommandFailed(f"{server.name} was started, but did not answer within {_SECONDS_TO_START:.0f} s.")


def _system_path() -> str:
    # Debian keeps servers where only root's PATH looks.
    return os.pathsep.join((os.environ.get("PATH", ""), "/usr/local/sbin", "/usr/sbin", "/sbin"))
