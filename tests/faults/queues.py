"""What is left on the broker when all is done."""

import pika

from shared.messaging.topology import Topology
from shared.service import SERVICES
from tests.faults.deployed import Deployed


def left_over(product: Deployed) -> dict[str, int]:
    """Return how many messages lie where none may be: in the dead letters, with what nobody reads, or unread."""
    topology = Topology(product.prefix)
    names = [topology.unrouted_queue().name]
    for service in SERVICES:
        names += [topology.queue_name(service), topology.dead_letter_name(service)]
    addresses = product.secret("broker_url").split(";")
    connection = pika.BlockingConnection([pika.URLParameters(url.rstrip("/") + "/%2F") for url in addresses])
    channel = connection.channel()
    depths = {name: channel.queue_declare(name, passive=True).method.message_count for name in names}
    connection.close()
    return {name: depth for name, depth in depths.items() if depth}
