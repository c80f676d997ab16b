"""kombu's in-memory transport: every service of `make run` lives in one process.

It forgets everything when the process dies. So the sender can say when nothing is on its way, the
publisher writes that moment down, and after a crash what was sent since is announced again.
"""

import threading
from collections import Counter
from collections.abc import Sequence

from kombu import Connection, Producer

from shared.messaging.envelope import CONTENT_TYPE
from shared.messaging.topology import Topology
from shared.messaging.transport import Incoming, Outgoing, Published
from shared.messaging.transport.receiver import KombuReceiver

_POLL_SECONDS = 0.001


class MemoryTransport:
    """One memory for all services of this process; make one and give it to each of them."""

    has_broker = False

    def __init__(self, topology: Topology | None = None) -> None:
        self.topology = topology or Topology()
        self._on_the_way: Counter[str] = Counter()
        self._bound: dict[str, frozenset[str]] = {}
        self._changed = threading.Condition()

    def sender(self) -> "MemorySender":
        """Open the publisher's side."""
        return MemorySender(self)

    def receiver(self, service: str, topics: Sequence[str]) -> "MemoryReceiver":
        """Open the consumer's side of a declared queue."""
        queue = self.topology.queue(service, topics)
        return MemoryReceiver(self, service, KombuReceiver(self.connection(), queue, is_live=False))

    def declare(self, service: str, topics: Sequence[str]) -> None:
        """Make sure that the service's queue is there and bound for its events."""
        with self._changed, self.connection() as connection:
            self.topology.queue(service, topics)(connection.default_channel).declare()
            self._bound[service] = frozenset(topics)

    def connection(self) -> Connection:
        """Return a connection to this process's memory."""
        return Connection("memory://", transport_options={"polling_interval": _POLL_SECONDS})

    def note_sent(self, topic: str) -> None:
        """Count a message as on its way, once for each service that reads it."""
        with self._changed:
            for service, topics in self._bound.items():
                if topic in topics:
                    self._on_the_way[service] += 1

    def wake_readers(self) -> None:
        """Let those look who wait for a message."""
        with self._changed:
            self._changed.notify_all()

    def wait_for_one(self, service: str, timeout: float) -> bool:
        """Wait up to `timeout` seconds for a message to the service; say whether one is on the way."""
        with self._changed:
            return self._changed.wait_for(lambda: self._on_the_way[service] > 0, timeout)

    def note_handled(self, service: str, count: int) -> None:
        """Count messages as handled."""
        with self._changed:
            self._on_the_way[service] -= count

    def nothing_on_the_way(self) -> bool:
        """Say whether every message that was sent has been handled."""
        with self._changed:
            return all(count <= 0 for count in self._on_the_way.values())


class MemorySender:
    """The publisher's side; what it returns as confirmed is in this process's memory, no further."""

    def __init__(self, transport: MemoryTransport) -> None:
        self._transport = transport
        self._connection = transport.connection()
        self._producer = Producer(self._connection, exchange=transport.topology.events)

    def publish(self, messages: Sequence[Outgoing]) -> Published:
        """Send a batch; memory takes all of it."""
        for message in messages:
            self._transport.note_sent(message.topic)
            self._producer.publish(
                message.body,
                routing_key=message.topic,
                message_id=str(message.message_id),
                content_type=CONTENT_TYPE,
                content_encoding="utf-8",
            )
        # Not before it is there: who finds nothing looks again only after a while.
        self._transport.wake_readers()
        return Published(frozenset(message.message_id for message in messages))

    def keep_alive(self) -> None:
        """Do nothing: memory does not go away."""

    def everything_is_handled(self) -> bool:
        """Say whether no message is on its way."""
        return self._transport.nothing_on_the_way()

    def close(self) -> None:
        """Let the connection go."""
        self._connection.close()


class MemoryReceiver:
    """The consumer's side."""

    def __init__(self, transport: MemoryTransport, service: str, receiver: KombuReceiver) -> None:
        self._transport = transport
        self._service = service
        self._receiver = receiver

    def receive(self, limit: int, timeout: float) -> list[Incoming]:
        """Wait up to `timeout` seconds for messages and return at most `limit`."""
        # kombu's memory is looked into every millisecond: only while there is something to find.
        is_there = self._transport.wait_for_one(self._service, timeout)
        return self._receiver.receive(limit, timeout if is_there else _POLL_SECONDS)

    def acknowledge(self, batch: Sequence[Incoming]) -> None:
        """Let the batch go from memory."""
        self._receiver.acknowledge(batch)
        self._transport.note_handled(self._service, len(batch))

    def refuse(self, message: Incoming) -> None:
        """Drop an unreadable message; its outbox row still holds it."""
        self._receiver.refuse(message)
        self._transport.note_handled(self._service, 1)

    def close(self) -> None:
        """Let the connection go; what was not acknowledged comes again."""
        self._receiver.close()
