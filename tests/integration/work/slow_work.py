"""The `work` processes of the slow service, with its database and its queue."""

import json
import os
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

import sqlalchemy as sa

from services.embedded.waiting import wait_until
from shared.database import Database
from shared.events.referrals import RequestReceived
from shared.messaging.contract import event_type_of
from shared.messaging.envelope import Envelope
from shared.messaging.message_ids import new_message_id
from shared.messaging.topology import Topology
from shared.messaging.transport import Outgoing
from shared.messaging.transport.rabbitmq import RabbitTransport
from tests.brokers import BROKER_URL
from tests.integration.conftest import NEIGHBOUR_KEY, PUBLIC_KEY
from tests.integration.work.slow_service import NAME, slow
from tests.noted import Noted

_ROOT = Path(__file__).parents[3]


class SlowWork:
    """A system of one slow service: its queue, its database, and its `work` processes."""

    def __init__(self, database: Database, topology: Topology, log: Path) -> None:
        self.database = database
        self.noted = Noted(database)
        self.processes: list[subprocess.Popen[bytes]] = []
        self._topology = topology
        self._log = log
        self._transport = RabbitTransport(BROKER_URL, topology)
        self._transport.declare(NAME, slow.topics)

    def hears_of(self, *references: str) -> None:
        """Put facts on the queue; past the outbox, from which a running process would send them a second time."""
        facts = [
            RequestReceived(uuid4(), uuid4(), reference, "request", datetime(2026, 11, 2, tzinfo=UTC))
            for reference in references
        ]
        sender = self._transport.sender()
        sender.publish([_as_sent(fact) for fact in facts])
        sender.close()

    def start(self, *options: str, seconds: float, heartbeat: int = 6) -> subprocess.Popen[bytes]:
        """Start a process whose handler takes so long, with more options of `work`."""
        environ = {
            "PATH": os.environ["PATH"],
            "DATABASE_URL_SLOW": self.database.url,
            "BROKER_URL": BROKER_URL,
            "BROKER_PREFIX": self._topology.prefix,
            "NEIGHBOUR_KEY": NEIGHBOUR_KEY,
            "SESSION_PUBLIC_KEY": PUBLIC_KEY,
            "PAGE_KEY": "a page key that only the tests know",
            "TRAINING": "yes",
            "SECONDS": str(seconds),
            "HEARTBEAT": str(heartbeat),
        }
        command = [sys.executable, "-m", "tests.integration.work.slow_service", "work", *options]
        with self._log.open("ab") as log:
            self.processes.append(subprocess.Popen(command, cwd=_ROOT, env=environ, stderr=log))
        return self.processes[-1]

    def begun(self) -> list[str]:
        """Return what handlers began with, finished or not."""
        with self.database.read() as session:
            return list(session.scalars(sa.text("SELECT note FROM begun ORDER BY id")))

    def waits_until_begun(self, count: int = 1) -> None:
        """Return when so many facts have been taken in hand."""
        wait_until(lambda: len(self.begun()) >= count, "a handler has begun", seconds=30)

    def waits_until_one_stands_in_line(self) -> None:
        """Return when a process has asked for a role that another one has."""
        standing = sa.text(
            "SELECT count(*) FROM pg_stat_activity WHERE query LIKE :asks"
            " AND datname = current_database() AND pid NOT IN (SELECT pid FROM pg_locks WHERE locktype = 'advisory')"
        )

        def is_standing() -> bool:
            with self.database.read() as session:
                return bool(session.scalar(standing, {"asks": "SELECT pg_try_advisory_lock%"}))

        wait_until(is_standing, "one waiting in line", seconds=30)

    def left(self) -> int:
        """Return how many messages nobody has acknowledged, once no process holds any."""
        connection = self._transport._connect()
        try:
            with connection.channel() as channel:
                return int(channel.queue_declare(self._topology.queue_name(NAME), passive=True).message_count)
        finally:
            connection.close()

    def said(self) -> str:
        """Return what the processes wrote to their log."""
        return self._log.read_text(encoding="utf-8")


def _as_sent(fact: RequestReceived) -> Outgoing:
    kind = event_type_of(fact)
    envelope = Envelope(new_message_id(), kind.name, str(fact.family_id), 1, kind.dump(fact), "", fact.received_at)
    return Outgoing(envelope.message_id, envelope.topic, json.dumps(envelope.as_json()))
