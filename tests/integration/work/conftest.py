"""A system of one slow service, with a database and a queue of its own."""

from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest
import sqlalchemy as sa

from shared.clock import clock_metadata
from shared.database import Database
from shared.messaging.tables import messaging_metadata
from shared.messaging.topology import Topology
from shared.timetable import timetable_metadata
from tests.brokers import need_broker, remove
from tests.integration.work.slow_work import SlowWork


@pytest.fixture
def work(blank_database: Database, tmp_path: Path) -> Iterator[SlowWork]:
    need_broker()
    topology = Topology(f"test-{uuid4().hex[:12]}")
    for metadata in (messaging_metadata, timetable_metadata, clock_metadata):
        metadata.create_all(blank_database.engine)
    with blank_database.begin() as session:
        for table in ("begun", "noted"):
            session.execute(sa.text(f"CREATE TABLE {table} (id bigint GENERATED ALWAYS AS IDENTITY, note text)"))
        session.execute(sa.text("CREATE TABLE ticked (slot_at timestamptz, process int, at timestamptz DEFAULT now())"))
    running = SlowWork(blank_database, topology, tmp_path / "log")
    yield running
    for process in running.processes:
        process.kill()
        process.wait(10)
    remove(topology)
