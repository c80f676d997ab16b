"""The limit: what bare pika and psycopg do on this machine, with no outbox, no inbox and no care for what may go wrong.

`python -m benchmarks.limit publish` sends at full speed, with a window of unconfirmed messages; `consume` takes batches
and writes each in one transaction before it acknowledges it.
"""

import json
import os
import sys
import threading
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pika
import psycopg
from pika.channel import Channel
from pika.spec import Basic, BasicProperties

from benchmarks.ending import Ending
from benchmarks.peers import job
from benchmarks.processes import Command, made_ready
from benchmarks.stage import BROKER_URL, Stage, pika_parameters, plain, remove

WINDOW, BATCH = 1_000, 50
_LOOK_AFTER_SECONDS = 0.01


def measure(stage: Stage, facts: int) -> float:
    """Let both programs work at once; return events a second."""
    name = f"bench-{uuid4().hex[:12]}"
    stage.copy("empty", "limit")
    about = {"BROKER_URL": BROKER_URL, "QUEUE": name, "FACTS": str(facts), "DATABASE": plain(stage.url("limit"))}
    commands = [
        Command(f"limit-{role}", [sys.executable, "-m", "benchmarks.limit", role], about)
        for role in ("publish", "consume")
    ]
    try:
        with made_ready(commands, stage.folder) as both, stage.connect("limit") as connection:
            ending = Ending(connection, "noted", facts)
            for contender in both:
                contender.release()
            return facts / ending.seconds(both)
    finally:
        remove([name], [])


class _Publisher:
    """Keeps a window of messages on their way until every one is confirmed."""

    def __init__(self, channel: Channel) -> None:
        self._channel = channel
        self._bodies = [json.dumps(job.a_fact(number)).encode() for number in range(job.FACTS)]
        self._sent = self._confirmed = 0
        channel.confirm_delivery(self._on_confirm)

    def send(self) -> None:
        """Fill the window."""
        persistent = BasicProperties(delivery_mode=2)
        until = min(self._confirmed + WINDOW, job.FACTS)
        for body in self._bodies[self._sent : until]:
            self._channel.basic_publish("", job.QUEUE, body, persistent)
        self._sent = until

    def _on_confirm(self, frame: Any) -> None:
        if isinstance(frame.method, Basic.Nack):
            raise SystemExit("the broker refused a message")
        self._confirmed = frame.method.delivery_tag if frame.method.multiple else self._confirmed + 1
        if self._sent - self._confirmed <= WINDOW // 2:
            self.send()


class _Consumer:
    """Writes what has come as one transaction, then acknowledges it with one word."""

    def __init__(self, channel: Channel) -> None:
        self._channel = channel
        self._database = psycopg.connect(job.DATABASE)
        self._rows: list[tuple[str, str, int]] = []
        self._tag = 0
        channel.basic_qos(prefetch_count=job.PREFETCH)

    def take(self, _channel: Channel, method: Basic.Deliver, _properties: BasicProperties, body: bytes) -> None:
        """Keep a message until there are enough, or no more come for a moment."""
        self._rows.append(job.values_of(json.loads(body)))
        self._tag = method.delivery_tag
        if len(self._rows) == BATCH:
            self.write()

    def write_now_and_then(self) -> None:
        """Write also what is less than a batch."""
        self.write()
        self._channel.connection.ioloop.call_later(_LOOK_AFTER_SECONDS, self.write_now_and_then)

    def write(self) -> None:
        """Write, commit, acknowledge."""
        if not self._rows:
            return
        with self._database.cursor() as cursor:
            cursor.executemany(job.INSERT, self._rows)
        self._database.commit()
        self._channel.basic_ack(self._tag, multiple=True)
        self._rows.clear()


def publish(channel: Channel) -> None:
    """Publish from this channel when told to."""
    publisher = _Publisher(channel)
    _when_told(channel, publisher.send)


def consume(channel: Channel) -> None:
    """Consume on this channel when told to."""
    consumer = _Consumer(channel)

    def begin() -> None:
        channel.basic_consume(job.QUEUE, consumer.take)
        consumer.write_now_and_then()

    _when_told(channel, begin)


def _when_told(channel: Channel, begin: Callable[[], None]) -> None:
    loop = channel.connection.ioloop

    def wait() -> None:
        job.ready_then_go()
        loop.add_callback_threadsafe(begin)
        job.leave_when_told()

    threading.Thread(target=wait, daemon=True).start()


def main(role: str) -> None:
    """Open a connection and do the role on it."""

    def on_channel(channel: Channel) -> None:
        start = {"publish": publish, "consume": consume}[role]
        quorum = {"x-queue-type": "quorum"}
        channel.queue_declare(job.QUEUE, durable=True, arguments=quorum, callback=lambda _frame: start(channel))

    def on_open(connection: pika.SelectConnection) -> None:
        connection.channel(on_open_callback=on_channel)

    os.environ.setdefault("BROKER_URL", BROKER_URL)
    pika.SelectConnection(pika_parameters(), on_open_callback=on_open).ioloop.start()


if __name__ == "__main__":
    main(sys.argv[1])
