"""What the processes left on PostgreSQL and RabbitMQ goes away with them."""

import sys
from collections.abc import Iterable

import psycopg
from kombu import Connection
from psycopg import sql
from sqlalchemy.engine import URL

from shared.messaging.topology import Topology
from shared.service import SERVICES


def drop_databases(admin_url: str, databases: Iterable[URL]) -> None:
    """Drop databases and their roles, whoever is connected to them."""
    with psycopg.connect(admin_url, autocommit=True) as connection:
        for url in databases:
            name, role = sql.Identifier(str(url.database)), sql.Identifier(str(url.username))
            connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(name))
            connection.execute(sql.SQL("DROP ROLE IF EXISTS {}").format(role))


def delete_queues(broker_url: str, prefix: str) -> None:
    """Delete every queue and exchange under the prefix; a broker that is away keeps them, and is told of."""
    try:
        _delete_all(broker_url, Topology(prefix))
    except OSError as away:
        sys.stderr.write(f"RabbitMQ does not answer ({away}), so what is called {prefix}.* stays there.\n")


def _delete_all(broker_url: str, topology: Topology) -> None:
    with Connection(broker_url, connect_timeout=5) as connection, connection.channel() as channel:
        for service in SERVICES:
            channel.queue_delete(topology.queue_name(service))
            channel.queue_delete(topology.dead_letter_name(service))
        channel.queue_delete(topology.unrouted_queue().name)
        channel.exchange_delete(topology.events.name)
        channel.exchange_delete(topology.unrouted_exchange.name)
