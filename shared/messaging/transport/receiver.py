"""Takes messages from a queue through kombu: the same loop for RabbitMQ and for memory."""

from collections import deque
from collections.abc import Sequence
from typing import Any

from kombu import Connection, Queue

from shared.messaging.transport import Incoming, TransportLost
from shared.messaging.transport.heart import Heart
from shared.messaging.transport.wire import Wire

PREFETCH = 200


def throw_away(connection: Connection) -> None:
    """Close the connection's socket without a word to the other side, who may be gone or frozen."""
    if connection.connected:
        connection.connection.collect()
    connection.close()


class KombuReceiver:
    """A consumer with its own connection. `is_live` says whether there is a broker at its other end, or only memory."""

    def __init__(self, connection: Connection, queue: Queue, *, is_live: bool) -> None:
        self._connection = connection
        self._lost = (*connection.connection_errors, *connection.channel_errors)
        self._waiting: deque[Incoming] = deque()
        self._is_live = is_live
        try:
            self._channel = connection.channel()
            self._wire = Wire(connection.connection.transport) if is_live else None
            self._channel.basic_qos(0, PREFETCH, False)
            self._channel.basic_consume(queue.name, no_ack=False, callback=self._keep, consumer_tag=queue.name)
        except self._lost as error:
            raise TransportLost(type(error).__name__) from error
        self._heart = Heart(connection) if is_live else None

    def receive(self, limit: int, timeout: float) -> list[Incoming]:
        """Wait up to `timeout` seconds for messages and return at most `limit`; raises TransportLost."""
        if not self._waiting:
            self._drain(limit, timeout)
        return [self._waiting.popleft() for _ in range(min(limit, len(self._waiting)))]

    def acknowledge(self, batch: Sequence[Incoming]) -> None:
        """Acknowledge the batch; one word covers all that RabbitMQ delivered before its last message."""
        try:
            if self._is_live and batch:
                self._channel.basic_ack(batch[-1].delivery_tag, multiple=True)
            else:
                for message in batch:
                    self._channel.basic_ack(message.delivery_tag)
        except self._lost as error:
            raise TransportLost(type(error).__name__) from error

    def refuse(self, message: Incoming) -> None:
        """Send an unreadable message to the dead letters; raises TransportLost."""
        try:
            self._channel.basic_reject(message.delivery_tag, requeue=False)
        except self._lost as error:
            raise TransportLost(type(error).__name__) from error

    def close(self) -> None:
        """Let the connection go; what was not acknowledged comes again."""
        if self._heart is not None:
            self._heart.stop()
        try:
            self._connection.close()
        except self._lost:
            throw_away(self._connection)

    def _keep(self, message: Any) -> None:
        self._waiting.append(Incoming(message.body, message.delivery_tag))

    def _take_along(self, limit: int) -> None:
        if self._wire is None:
            while len(self._waiting) < limit:
                self._connection.drain_events(timeout=0)
            return
        # The socket is told once not to wait, rather than twice for each of a message's three frames.
        with self._wire.at_once():
            while len(self._waiting) < limit:
                self._connection.connection.on_inbound_frame(self._wire.frame())

    def _drain(self, limit: int, timeout: float) -> None:
        # An own loop rather than ConsumerMixin: against a frozen broker the mixin never came back,
        # because it ticks heartbeats only after an idle second and then waits for the dead peer.
        try:
            self._connection.drain_events(timeout=timeout)
            self._take_along(limit)
        except TimeoutError:
            pass
        except (OSError, *self._lost) as error:
            raise TransportLost(type(error).__name__) from error
        try:
            if self._is_live:
                self._connection.heartbeat_check()
        except self._lost as error:
            raise TransportLost(type(error).__name__) from error
