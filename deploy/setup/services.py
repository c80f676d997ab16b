"""The PostgreSQL and the RabbitMQ that the tests use.

PostgreSQL is always a private one that the tests start themselves (`services/embedded/postgres.py`).
RabbitMQ is the one that BROKER_URL names, else the one on this machine, which is installed and
started where apt may.
"""

from __future__ import annotations

import os
import shutil
import socket
import time
from urllib.parse import urlsplit

from deploy.setup import apt
from deploy.setup.progress import CommandFailed, SetUpFailed, leave_out, run_quietly, say, step

LOCAL_BROKER = "amqp://guest:guest@127.0.0.1:5672//"
_GREETING = b"AMQP\x00\x00\x09\x01"
_PORTS = {"amqp": 5672, "amqps": 5671}
_SECONDS_TO_START = 60.0
_HOW = "start RabbitMQ on 127.0.0.1:5672, or name one with BROKER_URL=amqp://..."


def broker_url() -> str | None:
    """Return the URL of a RabbitMQ that answers now: the one that BROKER_URL names, else the local one, else None."""
    url = os.environ.get("BROKER_URL") or LOCAL_BROKER
    return url if _answers(url) else None


def provide() -> None:
    """Say which services the tests will use, starting RabbitMQ where this user may.

    Raises SetUpFailed when BROKER_URL names one that does not answer, and in CI without any.
    """
    say("PostgreSQL: a private one, started by the tests")
    named = os.environ.get("BROKER_URL")
    if named and not _answers(named):
        raise SetUpFailed(f"Nothing that speaks AMQP answers at {_place(named)}, which BROKER_URL names.")
    problem = "" if broker_url() else _install_and_start()
    url = broker_url()
    if url:
        say(f"RabbitMQ: {_place(url)}")
    else:
        leave_out(problem or "No RabbitMQ", "the RabbitMQ tests", _HOW)


def _install_and_start() -> str:
    """Try to get a RabbitMQ up on this machine; returns what went wrong, or nothing."""
    root = apt.as_root()
    try:
        if not shutil.which("rabbitmq-server", path=_system_path()):
            if not apt.may_install():
                return "No RabbitMQ"
            apt.install("rabbitmq-server")
        if root is None:
            return "RabbitMQ is installed but not running, and only root may start it"
        _start(root)
    except CommandFailed as error:
        return f"{error}\nNo RabbitMQ"
    return ""


def _start(root: list[str]) -> None:
    # Where an init system runs, installing the package has started it; elsewhere nobody does it but us.
    if _wait_until_it_answers(3.0):
        return
    with step("Starting RabbitMQ"):
        server = shutil.which("rabbitmq-server", path=_system_path()) or "rabbitmq-server"
        run_quietly([*root, server, "-detached"])
        if not _wait_until_it_answers(_SECONDS_TO_START):
            raise CommandFailed(f"RabbitMQ was started, but did not answer within {_SECONDS_TO_START:.0f} s.")


def _wait_until_it_answers(seconds: float) -> bool:
    deadline = time.monotonic() + seconds
    while not _answers(LOCAL_BROKER):
        if time.monotonic() > deadline:
            return False
        time.sleep(0.2)
    return True


def _answers(url: str) -> bool:
    """Tell whether what listens at the URL's address speaks AMQP; of amqps only that it listens."""
    parts = urlsplit(url)
    address = (parts.hostname or "127.0.0.1", parts.port or _PORTS.get(parts.scheme, 5672))
    try:
        with socket.create_connection(address, timeout=3) as connection:
            if parts.scheme == "amqps":
                return True
            connection.sendall(_GREETING)
            # A broker begins with a method frame (type 1) on channel 0; one of another version sends its own greeting.
            return connection.recv(8)[:1] in (b"\x01", b"A")
    except OSError:
        return False


def _place(url: str) -> str:
    """Return the URL without its user and password."""
    parts = urlsplit(url)
    return f"{parts.hostname or '127.0.0.1'}:{parts.port or _PORTS.get(parts.scheme, 5672)}"


def _system_path() -> str:
    # Debian keeps servers where only root's PATH looks.
    return os.pathsep.join((os.environ.get("PATH", ""), "/usr/local/sbin", "/usr/sbin", "/sbin"))
