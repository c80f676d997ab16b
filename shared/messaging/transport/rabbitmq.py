"""RabbitMQ through kombu, with our own accounting of what the broker confirmed.

kombu's own `confirm_publish` waits for any confirm on the channel without comparing tags, so after a
time-out it can report a message as safe on the word of the one before. Here every delivery tag is
mapped to its message; on a nack, an error or silence the whole connection is thrown away.
"""

import socket
import time
from collections.abc import Sequence
from itertools import takewhile
from typing import Any
from uuid import UUID

from amqp import spec
from kombu import Connection

from shared.messaging.envelope import CONTENT_TYPE
from shared.messaging.topology import Topology
from shared.messaging.transport import Outgoing, Published, TransportLost
from shared.messaging.transport.receiver import KombuReceiver, throw_away
from shared.messaging.transport.wire import Wire

CONFIRM_DEADLINE = 5.0
HEARTBEAT = 6
_CONNECT_TIMEOUT = 5


class RabbitTransport:
    """Opens connections to the broker; `url` may list alternates, separated by semicolons."""

    has_broker = True

    def __init__(self, url: str, topology: Topology | None = None) -> None:
        self.url = url
        self.topology = topology or Topology()

    def sender(self) -> "RabbitSender":
        """Open the publisher's side; raises TransportLost."""
        return RabbitSender(self._connect(), self.topology)

    def receiver(self, service: str, topics: Sequence[str]) -> KombuReceiver:
        """Open the consumer's side of a declared queue; raises TransportLost."""
        return KombuReceiver(self._connect(), self.topology.queue(service, topics), is_live=True)

    def declare(self, service: str, topics: Sequence[str]) -> None:
        """Make sure that the service's queue is there and bound for its events; raises TransportLost."""
        connection = self._connect()
        queue = self.topology.queue(service, topics)
        try:
            with connection.channel() as channel:
                self.topology.unrouted_exchange(channel).declare()
                self.topology.unrouted_queue()(channel).declare()
                self.topology.events(channel).declare()
                self.topology.dead_letter_queue(service)(channel).declare()
                queue(channel).declare()
        except (*connection.connection_errors, *connection.channel_errors) as error:
            raise TransportLost(str(error)) from error
        finally:
            connection.close()

    def _connect(self) -> Connection:
        connection = Connection(self.url, heartbeat=HEARTBEAT, connect_timeout=_CONNECT_TIMEOUT)
        try:
            connection.ensure_connection(max_retries=1, interval_start=0, timeout=_CONNECT_TIMEOUT)
        except (*connection.connection_errors, *connection.channel_errors, OSError) as error:
            raise TransportLost(type(error).__name__) from error
        return connection


class RabbitSender:
    """The publisher's side: a window of messages, then all of their confirms."""

    def __init__(self, connection: Connection, topology: Topology) -> None:
        self._connection = connection
        self._exchange = topology.events
        self._wire = Wire(connection.connection.transport)
        self._errors = (*connection.connection_errors, *connection.channel_errors, socket.error)
        self._tag = 0
        self._open: dict[int, UUID] = {}
        self._confirmed: set[UUID] = set()
        self._returned: dict[UUID, str] = {}
        self._nacked = False
        try:
            self._channel = connection.channel()
            self._channel.events["basic_ack"].add(self._on_ack)
            self._channel.events["basic_nack"].add(self._on_nack)
            self._channel.events["basic_return"].add(self._on_return)
            self._channel.confirm_select()
            self._exchange(self._channel).declare(passive=True)
        except self._errors as error:
            throw_away(connection)
            raise TransportLost(str(error)) from error

    def publish(self, messages: Sequence[Outgoing]) -> Published:
        """Send a batch and return what the broker confirmed within CONFIRM_DEADLINE; raises TransportLost."""
        self._open.clear()
        self._confirmed.clear()
        self._returned.clear()
        try:
            with self._wire.gathered(CONFIRM_DEADLINE):
                for message in messages:
                    self._send(message)
            self._await_confirms()
        except self._errors as error:
            self._give_up()
            raise TransportLost(type(error).__name__, frozenset(self._confirmed)) from error
        if self._nacked or self._open:
            reason = "the broker refused a message" if self._nacked else "no confirm in time"
            self._give_up()
            raise TransportLost(reason, frozenset(self._confirmed - self._returned.keys()))
        return Published(frozenset(self._confirmed - self._returned.keys()), dict(self._returned))

    def everything_is_handled(self) -> bool:
        """Return False: a broker that outlives us keeps what is on its way, and nobody need know."""
        return False

    def close(self) -> None:
        """Let the connection go."""
        try:
            self._connection.close()
        except self._errors:
            self._give_up()

    def keep_alive(self) -> None:
        """Tell the broker that we are there, and look whether it is; raises TransportLost."""
        try:
            self._connection.drain_events(timeout=0)
        except TimeoutError:
            pass
        except self._errors as error:
            self._give_up()
            raise TransportLost(type(error).__name__) from error
        try:
            self._connection.heartbeat_check()
        except self._errors as error:
            self._give_up()
            raise TransportLost(type(error).__name__) from error

    def _send(self, message: Outgoing) -> None:
        self._tag += 1
        self._open[self._tag] = message.message_id
        content = self._channel.prepare_message(
            message.body.encode(),
            content_type=CONTENT_TYPE,
            content_encoding="utf-8",
            properties={"message_id": str(message.message_id), "type": message.topic, "delivery_mode": 2},
        )
        # Not `basic_publish`, which looks for the broker's word before every message: once a batch is enough.
        mandatory, immediate = True, False
        where = (0, self._exchange.name, message.topic, mandatory, immediate)
        self._channel.send_method(spec.Basic.Publish, "Bssbb", where, content)

    def _await_confirms(self) -> None:
        deadline = time.monotonic() + CONFIRM_DEADLINE
        while self._open and not self._nacked and (left := deadline - time.monotonic()) > 0:
            try:
                self._connection.drain_events(timeout=left)
            except TimeoutError:
                return

    def _give_up(self) -> None:
        # Closing politely would wait for a broker that may be gone; a channel that was opened during
        # a leader election nacks for ever, so nothing of the connection is kept.
        throw_away(self._connection)

    def _on_ack(self, tag: int, multiple: bool) -> None:
        for number in self._up_to(tag) if multiple else [tag]:
            if number in self._open:
                self._confirmed.add(self._open.pop(number))

    def _up_to(self, tag: int) -> list[int]:
        return list(takewhile(lambda number: number <= tag, self._open))

    def _on_nack(self, _tag: int, _multiple: bool) -> None:
        self._nacked = True

    def _on_return(self, error: Exception, _exchange: str, _key: str, message: Any) -> None:
        self._returned[UUID(message.properties["message_id"])] = str(error)
