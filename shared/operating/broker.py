"""The broker as an operator's command reaches it: with pika, one connection, and words for what goes wrong."""

import logging
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

import pika
from pika.adapters.blocking_connection import BlockingChannel
from pika.exceptions import AMQPError, ChannelClosedByBroker

from shared.operating.layout import Layout

SECONDS_TO_ANSWER = 5.0
_HEARTBEAT = 10
"""Seconds. pika waits for an answer without an end of its own; a frozen broker is noticed by its missing heartbeats."""


class BrokerAway(Exception):
    """RabbitMQ does not answer; the text says why, never with its password."""


@dataclass(frozen=True)
class QueueDepth:
    """How many messages lie in a queue, ready for its reader; None when there is no such queue. `purpose` says what for."""

    name: str
    purpose: str
    messages: int | None
    readers: int | None


@contextmanager
def connected(broker_url: str, *, seconds: float = SECONDS_TO_ANSWER) -> Iterator[pika.BlockingConnection]:
    """Give a connection to the first address that answers within `seconds`; raises BrokerAway, then and later."""
    # What goes wrong is said in one line; pika's own log has the same as several stack traces.
    logging.getLogger("pika").setLevel(logging.CRITICAL)
    try:
        connection = pika.BlockingConnection(_parameters(broker_url, seconds))
    except (AMQPError, OSError) as error:
        raise BrokerAway(f"RabbitMQ does not answer: {type(error).__name__}.") from error
    except ValueError as error:
        raise BrokerAway(
            "The broker's address cannot be read; it is written as amqp://name:password@host/vhost."
        ) from error
    try:
        yield connection
    except ChannelClosedByBroker as refused:
        raise BrokerAway(f"RabbitMQ refuses it: {refused.reply_text}.") from refused
    except AMQPError as error:
        raise BrokerAway(f"RabbitMQ does not answer: {type(error).__name__}.") from error
    finally:
        _close(connection)


def queue_depths(connection: pika.BlockingConnection, layout: Layout) -> list[QueueDepth]:
    """Return the depth of every queue of a layout."""
    return [_depth(connection, queue.name, queue.purpose) for queue in layout.queues]


def messages_in(channel: BlockingChannel, queue: str) -> int:
    """Return how many messages lie in a queue, ready for its reader; raises ChannelClosedByBroker when it is not there."""
    return int(channel.queue_declare(queue, passive=True).method.message_count)


def _depth(connection: pika.BlockingConnection, name: str, purpose: str) -> QueueDepth:
    channel = connection.channel()
    try:
        found = channel.queue_declare(name, passive=True).method
    except ChannelClosedByBroker:
        return QueueDepth(name, purpose, None, None)
    channel.close()
    return QueueDepth(name, purpose, found.message_count, found.consumer_count)


def _parameters(broker_url: str, seconds: float) -> Sequence[pika.URLParameters]:
    return [_address(address, seconds) for address in broker_url.split(";") if address]


def _address(url: str, seconds: float) -> pika.URLParameters:
    # kombu takes the default virtual host from a missing path, pika from %2F.
    address = url.rstrip("/")
    has_host = address.count("/") > 2
    parameters = pika.URLParameters(address if has_host else f"{address}/%2F")
    parameters.socket_timeout = parameters.stack_timeout = parameters.blocked_connection_timeout = seconds
    parameters.heartbeat = _HEARTBEAT
    return parameters


def _close(connection: pika.BlockingConnection) -> None:
    if not connection.is_open:
        return
    try:
        connection.close()
    except AMQPError:
        logging.getLogger(__name__).info("the connection was gone before it was closed")
