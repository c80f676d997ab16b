"""A look at the broker with pika, for operators: how much lies in which queue. It takes nothing and changes nothing."""

from dataclasses import dataclass

import pika
from pika.exceptions import AMQPError, ChannelClosedByBroker

from shared.messaging.topology import Topology

_SECONDS_TO_ANSWER = 5.0


class BrokerAway(Exception):
    """RabbitMQ does not answer; the text says why, never with its password."""


@dataclass(frozen=True)
class QueueDepth:
    """How many messages lie in a queue, ready for its reader; None when there is no such queue. `purpose` says what for."""

    name: str
    purpose: str
    messages: int | None
    readers: int | None


def queue_depths(broker_url: str, topology: Topology, service: str) -> list[QueueDepth]:
    """Return the depth of a service's queue, its dead letters and what nobody reads; raises BrokerAway."""
    queues = {
        topology.queue_name(service): "facts for this service",
        topology.dead_letter_name(service): "dead letters of this service",
        topology.unrouted_queue().name: "facts that no queue takes",
    }
    try:
        connection = pika.BlockingConnection(_parameters(broker_url))
    except (AMQPError, OSError) as error:
        raise BrokerAway(f"RabbitMQ does not answer: {type(error).__name__}.") from error
    try:
        return [_depth(connection, name, purpose) for name, purpose in queues.items()]
    except AMQPError as error:
        raise BrokerAway(f"RabbitMQ does not answer: {type(error).__name__}.") from error
    finally:
        if connection.is_open:
            connection.close()


def _depth(connection: pika.BlockingConnection, name: str, purpose: str) -> QueueDepth:
    channel = connection.channel()
    try:
        found = channel.queue_declare(name, passive=True).method
    except ChannelClosedByBroker:
        return QueueDepth(name, purpose, None, None)
    channel.close()
    return QueueDepth(name, purpose, found.message_count, found.consumer_count)


def _parameters(broker_url: str) -> pika.URLParameters:
    # Of several addresses the first; kombu takes the default virtual host from a missing path, pika from %2F.
    address = broker_url.split(";")[0].rstrip("/")
    has_host = address.count("/") > 2
    parameters = pika.URLParameters(address if has_host else f"{address}/%2F")
    parameters.socket_timeout = parameters.blocked_connection_timeout = _SECONDS_TO_ANSWER
    parameters.stack_timeout = _SECONDS_TO_ANSWER
    return parameters
