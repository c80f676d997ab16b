"""The servers that the product talks to: where each is looked for, and how to tell that it is the one."""

from __future__ import annotations

import os
import socket
import time
from dataclasses import dataclass
from urllib.parse import parse_qs, urlsplit

from deploy.setup.progress import SetUpFailed

_TIMEOUT = 3
_AMQPS_PORT = 5671


@dataclass(frozen=True)
class Server:
    """A server by what it speaks: its greeting and how an answer to that begins."""

    name: str
    variable: str
    """The setting that names another one than this machine's."""
    local_url: str
    greeting: bytes
    answers_begin: tuple[bytes, ...]
    block: str
    """Its name in deploy/compose.services.yml."""
    package: str
    program: str
    """What the Debian package is known by when it is installed."""
    start: tuple[str, ...]
    """How Debian's is started where no init system does it."""

    def url(self) -> str:
        """Return the address to look at: the one that was named, else this machine's own."""
        return os.environ.get(self.variable) or self.local_url

    def check_named(self) -> None:
        """Raise SetUpFailed when one was named that does not answer."""
        if os.environ.get(self.variable) and not self.answers():
            raise SetUpFailed(f"No {self.name} answers at {self.place()}, which {self.variable} names.")

    def answers(self) -> bool:
        """Tell whether what listens at the address speaks its language; of one behind TLS only that it listens."""
        try:
            with self._connected() as connection:
                if urlsplit(self.url()).scheme == "amqps":
                    return True
                connection.sendall(self.greeting)
                return connection.recv(8).startswith(self.answers_begin)
        except OSError:
            return False

    def answers_within(self, seconds: float) -> bool:
        """Wait until it answers; tell whether it did in time."""
        deadline = time.monotonic() + seconds
        while not self.answers():
            if time.monotonic() > deadline:
                return False
            time.sleep(0.2)
        return True

    def place(self) -> str:
        """Return the address without its user and password."""
        parts, folder = urlsplit(self.url()), self._socket_folder()
        return folder or f"{parts.hostname or '127.0.0.1'}:{self._port()}"

    def _connected(self) -> socket.socket:
        if folder := self._socket_folder():
            connection = socket.socket(socket.AF_UNIX)
            connection.settimeout(_TIMEOUT)
            connection.connect(f"{folder}/.s.PGSQL.{self._port()}")
            return connection
        return socket.create_connection((urlsplit(self.url()).hostname or "127.0.0.1", self._port()), timeout=_TIMEOUT)

    def _socket_folder(self) -> str:
        host = parse_qs(urlsplit(self.url()).query).get("host", [""])[0]
        return host if host.startswith("/") else ""

    def _port(self) -> int:
        parts = urlsplit(self.url())
        named = parse_qs(parts.query).get("port", [""])[0]
        default = _AMQPS_PORT if parts.scheme == "amqps" else urlsplit(self.local_url).port
        return parts.port or int(named or default or 0)


POSTGRES = Server(
    name="PostgreSQL",
    variable="POSTGRES_ADMIN_URL",
    local_url="postgresql://guest:guest@127.0.0.1:5432/postgres",
    # Asks whether TLS is spoken, which nobody need be known for: yes or no.
    greeting=b"\x00\x00\x00\x08\x04\xd2\x16\x2f",
    answers_begin=(b"S", b"N"),
    block="postgres",
    package="postgresql",
    program="pg_ctlcluster",
    start=("service", "postgresql", "start"),
)
RABBITMQ = Server(
    name="RabbitMQ",
    variable="BROKER_URL",
    local_url="amqp://guest:guest@127.0.0.1:5672//",
    greeting=b"AMQP\x00\x00\x09\x01",
    # A broker begins with a method frame (type 1) on channel 0; one of another version sends its own greeting.
    answers_begin=(b"\x01", b"AMQP"),
    block="rabbitmq",
    package="rabbitmq-server",
    program="rabbitmq-server",
    start=("rabbitmq-server", "-detached"),
)
