"""Takes messages from a queue through kombu: the same loop for RabbitMQ and for memory."""

from collections import deque
from collections.abc import Sequence
from typing import Any

from kombu import Connection, Consumer, Queue

from shared.messaging.transport import Incoming, TransportLost

PREFETCH = 200


def throw_away(connection: Connection) -> None:
    """Close the connection's socket without a word to the other side, who may be gone or frozen."""
    if connection.connected:
        connection.connection.collect()
    connection.close()


class KombuReceiver:
    """A consumer with its own connection; `heartbeat` seconds, 0 where the transport has none."""

    def __init__(self, connection: Connection, queue: Queue, *, heartbeat: int) -> None:
        self._connection = connection
        self._heartbeat = heartbeat
        self._waiting: deque[Incoming] = deque()
        self._lost = (*connection.connection_errors, *connection.channel_errors)
        try:
            self._channel = connection.channel()
            self._consumer = Consumer(
                self._channel,
                [queue],
                on_message=self._keep,
                prefetch_count=PREFETCH,
                auto_declare=False,
                accept=None,
            )
            self._consumer.consume()
        except self._lost as error:
            raise TransportLost(type(error).__name__) from error

    def receive(self, limit: int, timeout: float) -> list[Incoming]:
        """Wait up to `timeout` seconds for messages and return at most `limit`; raises TransportLost."""
        if not self._waiting:
            self._drain(timeout)
        return [self._waiting.popleft() for _ in range(min(limit, len(self._waiting)))]

    def acknowledge(self, batch: Sequence[Incoming]) -> None:
        """Acknowledge the batch; one word covers all that RabbitMQ delivered before its last message."""
        try:
            if self._heartbeat and batch:
                self._channel.basic_ack(batch[-1].delivery.delivery_tag, multiple=True)
            else:
                for message in batch:
                    message.delivery.ack()
        except self._lost as error:
            raise TransportLost(type(error).__name__) from error

    def refuse(self, message: Incoming) -> None:
        """Send an unreadable message to the dead letters; raises TransportLost."""
        try:
            message.delivery.reject(requeue=False)
        except self._lost as error:
            raise TransportLost(type(error).__name__) from error

    def close(self) -> None:
        """Let the connection go; what was not acknowledged comes again."""
        try:
            self._connection.close()
        except self._lost:
            throw_away(self._connection)

    def _keep(self, message: Any) -> None:
        self._waiting.append(Incoming(message.body, message))

    def _drain(self, timeout: float) -> None:
        # An own loop rather than ConsumerMixin: against a frozen broker the mixin never came back,
        # because it ticks heartbeats only after an idle second and then waits for the dead peer.
        try:
            self._connection.drain_events(timeout=timeout)
        except TimeoutError:
            pass
        except (OSError, *self._lost) as error:
            raise TransportLost(type(error).__name__) from error
        try:
            if self._heartbeat:
                self._connection.heartbeat_check()
        except self._lost as error:
            raise TransportLost(type(error).__name__) from error
