"""A database with only the messaging tables, a reader whose handlers the tests write, and both transports."""

from collections.abc import Iterator
from datetime import UTC, datetime
from uuid import uuid4

import pytest
import sqlalchemy as sa

from shared.audit import audit_metadata
from shared.database import Database
from shared.messaging.tables import messaging_metadata
from shared.messaging.topology import Topology
from shared.messaging.transport import Transport
from shared.messaging.transport.memory import MemoryTransport
from shared.messaging.transport.rabbitmq import RabbitTransport
from tests.brokers import BROKER_URL, need_broker, remove
from tests.fakes import FakeClock
from tests.noted import Noted


@pytest.fixture
def database(blank_database: Database) -> Database:
    messaging_metadata.create_all(blank_database.engine)
    audit_metadata.create_all(blank_database.engine)
    with blank_database.begin() as session:
        session.execute(sa.text("CREATE TABLE noted (id bigint GENERATED ALWAYS AS IDENTITY, note text)"))
    return blank_database


@pytest.fixture
def noted(database: Database) -> Noted:
    return Noted(database)


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock(datetime(2026, 11, 2, 9, tzinfo=UTC))


@pytest.fixture(params=["memory", pytest.param("rabbitmq", marks=pytest.mark.rabbitmq)])
def transport(request: pytest.FixtureRequest) -> Iterator[Transport]:
    topology = Topology(f"test-{uuid4().hex[:12]}")
    if request.param == "memory":
        yield MemoryTransport(topology)
        return
    need_broker()
    yield RabbitTransport(BROKER_URL, topology)
    remove(topology)
