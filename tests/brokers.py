"""Where the tests find a RabbitMQ broker, and how they clean up after themselves on it."""

import os
import socket
from urllib.parse import urlsplit

import pika
import pytest

from shared.messaging.topology import Topology

BROKER_URL = os.environ.get("BROKER_URL") or "amqp://guest:guest@127.0.0.1:5672//"
_SERVICES = ("directory", "referrals", "panel", "notifications")


def need_broker() -> None:
    """Skip the test where no broker answers, saying how to get one; fail it in CI."""
    if _answers():
        return
    if os.environ.get("CI"):
        pytest.fail("CI must have a RabbitMQ broker")
    pytest.skip("no RabbitMQ broker answers; `make services` gets one or says how")


def remove(topology: Topology) -> None:
    """Delete every queue and exchange of a test's topology."""
    connection = pika.BlockingConnection(pika.URLParameters(BROKER_URL.rstrip("/") + "/%2F"))
    channel = connection.channel()
    for service in _SERVICES:
        channel.queue_delete(topology.queue_name(service))
        channel.queue_delete(topology.dead_letter_name(service))
    channel.queue_delete(topology.unrouted_queue().name)
    channel.exchange_delete(topology.events.name)
    channel.exchange_delete(topology.unrouted_exchange.name)
    connection.close()


def _answers() -> bool:
    where = urlsplit(BROKER_URL)
    try:
        socket.create_connection((where.hostname or "127.0.0.1", where.port or 5672), timeout=2).close()
    except OSError:
        return False
    return True
