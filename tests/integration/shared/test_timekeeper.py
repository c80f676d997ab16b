"""The clock role, with a real database under it."""

import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
import sqlalchemy as sa
from apscheduler.triggers.cron import CronTrigger

from services.embedded.postgres import PrivatePostgres
from services.embedded.waiting import wait_until
from shared.clock import TrainingClock, aim_clock_at, clock_metadata
from shared.database import Database
from shared.timetable import Job, Timekeeper, timetable_metadata

MONDAY = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)


@dataclass
class Held:
    """What the jobs of these tests hold."""

    clock: TrainingClock
    ran: list[tuple[str, datetime]] = field(default_factory=list)
    is_broken: bool = False


def remind(held: Held, slot: datetime) -> None:
    if held.is_broken:
        raise RuntimeError("a bug")
    held.ran.append(("remind", slot))


def sweep(held: Held, slot: datetime) -> None:
    held.ran.append(("sweep", slot))


def _due_on_thursday(held: Held) -> datetime | None:
    return None if any(name == "sweep" for name, _ in held.ran) else MONDAY + timedelta(days=3, minutes=7)


DAILY = Job(remind, CronTrigger(hour=7, timezone="Europe/London"))
SWEEP = Job(sweep, CronTrigger(minute="*/5", timezone="Europe/London"), next_due=_due_on_thursday)


@pytest.fixture
def database(postgres: PrivatePostgres) -> Iterator[Database]:
    name = f"test_{uuid4().hex}"
    postgres.ensure_database(name)
    opened = Database(postgres.url(name), pool_size=2)
    timetable_metadata.create_all(opened.engine)
    clock_metadata.create_all(opened.engine)
    yield opened
    opened.close()


@pytest.fixture
def held(database: Database) -> Held:
    clock = TrainingClock(database.engine, MONDAY)
    clock.now()
    return Held(clock)


def walk(database: Database, held: Held, *, days: int) -> None:
    """Let a timekeeper walk so many days on from where the clock stands."""
    target = held.clock.now() + timedelta(days=days)
    with database.engine.begin() as connection:
        aim_clock_at(connection, target)
    stop = threading.Event()
    thread = threading.Thread(target=Timekeeper("panel", [DAILY, SWEEP], held, database, stop).run)
    thread.start()
    wait_until(lambda: held.clock.now() >= target, "the clock at its goal")
    stop.set()
    thread.join(10)
    assert not thread.is_alive()


def test_a_jump_runs_every_slot_in_order_and_a_sweep_only_where_it_has_something_to_do(
    database: Database, held: Held
) -> None:
    walk(database, held, days=7)
    assert [name for name, _ in held.ran].count("remind") == 7
    assert [slot for name, slot in held.ran if name == "sweep"] == [MONDAY + timedelta(days=3, minutes=10)]
    assert [slot for _, slot in held.ran] == sorted(slot for _, slot in held.ran)


def test_a_slot_that_was_run_is_not_run_again_by_the_next_timekeeper(database: Database, held: Held) -> None:
    slot = MONDAY + timedelta(days=1)
    for _ in range(2):
        Timekeeper("panel", [DAILY], held, database, threading.Event()).run_slot(DAILY, slot)
    assert held.ran == [("remind", slot)]


def test_a_slot_whose_job_failed_is_still_to_run(database: Database, held: Held) -> None:
    keeper = Timekeeper("panel", [DAILY], held, database, threading.Event())
    held.is_broken = True
    keeper.run_slot(DAILY, MONDAY)
    held.is_broken = False
    keeper.run_slot(DAILY, MONDAY)
    assert held.ran == [("remind", MONDAY)]


def test_the_clock_outlives_a_database_that_is_away(database: Database, held: Held) -> None:
    stop = threading.Event()
    thread = threading.Thread(target=Timekeeper("panel", [DAILY], held, database, stop).run)
    thread.start()
    # A transaction would see who is connected as it was at its first look.
    with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        held_elsewhere = sa.text(
            "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
        wait_until(lambda: connection.execute(held_elsewhere).scalar_one() > 0, "the clock's connection cut")
    assert thread.is_alive()
    target = MONDAY + timedelta(days=2)
    with database.engine.begin() as connection:
        aim_clock_at(connection, target)
    wait_until(lambda: held.clock.now() >= target, "the clock walking again")
    stop.set()
    thread.join(10)
    assert [name for name, _ in held.ran] == ["remind", "remind"]
