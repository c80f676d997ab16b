"""Where a benchmark runs: a private PostgreSQL that waits for its disk, and names of its own on the broker."""

import os
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

import pika
import psycopg
from psycopg import sql
from sqlalchemy.engine import make_url

from services.embedded.postgres import PrivatePostgres

BROKER_URL = os.environ.get("BROKER_URL") or "amqp://guest:guest@127.0.0.1:5672//"


@dataclass(frozen=True)
class Stage:
    """A PostgreSQL server with `fsync` on, the broker, and a folder for what the processes log."""

    postgres: PrivatePostgres
    folder: Path

    def url(self, database: str) -> str:
        """Return a database's address for SQLAlchemy."""
        return self.postgres.url(database)

    def connect(self, database: str) -> psycopg.Connection:
        """Open a connection of one's own, each statement its own transaction."""
        return psycopg.connect(plain(self.url(database)), autocommit=True)

    def copy(self, template: str, name: str) -> None:
        """Make the database `name` anew as a copy of `template`, all of it on the disk, so that nothing is left to write."""
        self.drop(name)
        with self.connect("postgres") as connection:
            statement = sql.SQL("CREATE DATABASE {} TEMPLATE {} STRATEGY file_copy")
            connection.execute(statement.format(sql.Identifier(name), sql.Identifier(template)))
            connection.execute("CHECKPOINT")

    def drop(self, name: str) -> None:
        """Drop a database if it is there, whoever is still connected to it."""
        with self.connect("postgres") as connection:
            connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))


@contextmanager
def stage() -> Iterator[Stage]:
    """Start a PostgreSQL in a folder that is removed at the end.

    It notes when each transaction was committed: that is how ends are measured, without asking all the time.
    """
    with tempfile.TemporaryDirectory(prefix="early-help-bench-") as folder:
        postgres = PrivatePostgres(Path(folder, "postgres"))
        with postgres, psycopg.connect(plain(postgres.url("postgres")), autocommit=True) as connection:
            connection.execute("ALTER SYSTEM SET track_commit_timestamp = on")
        with postgres:
            yield Stage(postgres, Path(folder))


def plain(url: str) -> str:
    """Return the address as psycopg reads it."""
    return make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)


@contextmanager
def broker_prefix() -> Iterator[str]:
    """Give a prefix that nobody else has on the broker, and delete every queue and exchange under it at the end."""
    prefix = f"bench-{uuid4().hex[:12]}"
    try:
        yield prefix
    finally:
        queues = [f"{prefix}.{service}.{kind}" for service in ("bench", "panel") for kind in ("events", "dlq")]
        remove([*queues, f"{prefix}.unrouted"], [f"{prefix}.events", f"{prefix}.unrouted"])


def remove(queues: Sequence[str], exchanges: Sequence[str]) -> None:
    """Delete queues and exchanges by name; those that are not there are no trouble."""
    connection = pika.BlockingConnection(pika_parameters())
    channel = connection.channel()
    for queue in queues:
        channel.queue_delete(queue)
    for exchange in exchanges:
        channel.exchange_delete(exchange)
    connection.close()


def pika_parameters() -> pika.URLParameters:
    """Return the broker's address as pika reads it."""
    host = BROKER_URL.rstrip("/")
    return pika.URLParameters(host if host.count("/") > 2 else f"{host}/%2F")
