"""The clock role, with a real database under it."""

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial

import pytest
import sqlalchemy as sa
from apscheduler.triggers.cron import CronTrigger
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from services.embedded.waiting import wait_until
from shared import timetable
from shared.clock import Reading, SystemClock, TrainingClock, aim_clock_at, clock_metadata
from shared.database import Database
from shared.timetable import Job, Timekeeper, schedule_run, slots_between, timetable_metadata

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
def database(blank_database: Database) -> Database:
    timetable_metadata.create_all(blank_database.engine)
    clock_metadata.create_all(blank_database.engine)
    return blank_database


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


def keep_time(database: Database, held: Held, jobs: Sequence[Job], until: Callable[[], object], what: str) -> None:
    """Let a timekeeper run until something is so."""
    stop = threading.Event()
    thread = threading.Thread(target=Timekeeper("panel", jobs, held, database, stop).run)
    thread.start()
    try:
        wait_until(until, what)
    finally:
        stop.set()
        thread.join(10)
    assert not thread.is_alive()


def test_the_clock_stops_where_a_job_fails_says_which_and_goes_on_when_it_works_again(
    database: Database, held: Held
) -> None:
    target, first_slot = MONDAY + timedelta(days=7), MONDAY.replace(hour=7) + timedelta(days=1)
    with database.engine.begin() as connection:
        aim_clock_at(connection, target)
    held.is_broken = True
    keep_time(database, held, [DAILY], lambda: held.clock.reading().stopped_by, "the clock stopped")
    assert held.clock.reading() == Reading(first_slot, target, "remind")
    assert held.ran == []
    held.is_broken = False
    keep_time(database, held, [DAILY], lambda: held.clock.now() >= target, "the clock at its goal")
    assert held.clock.reading() == Reading(target, target)
    assert [slot for _, slot in held.ran] == [first_slot + timedelta(days=day) for day in range(7)]


def test_a_clock_that_stopped_at_its_goal_still_tries_again(database: Database, held: Held) -> None:
    target = MONDAY.replace(hour=7) + timedelta(days=1)
    with database.engine.begin() as connection:
        aim_clock_at(connection, target)
    held.is_broken = True
    keep_time(database, held, [DAILY], lambda: held.clock.reading().stopped_by, "the clock stopped")
    held.is_broken = False
    keep_time(database, held, [DAILY], lambda: held.clock.reading().stopped_by is None, "the clock going on")
    assert held.ran == [("remind", target)]


def test_the_clock_waits_for_a_sweep_that_left_something_due(database: Database, held: Held) -> None:
    left: list[datetime] = [MONDAY + timedelta(hours=3)]

    def close(_held: Held, _slot: datetime) -> None:
        """Leave what is due, as a job does that could not ask a neighbour."""

    job = Job(
        close, CronTrigger(minute="*/5", timezone="Europe/London"), next_due=lambda _held: left[0] if left else None
    )
    target = MONDAY + timedelta(days=1)
    with database.engine.begin() as connection:
        aim_clock_at(connection, target)
    keep_time(database, held, [job], lambda: held.clock.reading().stopped_by, "the clock stopped")
    assert held.clock.reading() == Reading(left[0], target, "close")
    left.clear()
    keep_time(database, held, [job], lambda: held.clock.now() == target, "the clock at its goal")


def test_a_job_that_was_cut_short_by_a_crash_runs_at_its_slot_after_all(database: Database, held: Held) -> None:
    slot = MONDAY.replace(hour=7) + timedelta(days=1)
    held.clock.step_to(slot)  # The clock was there already, and the process died before the job had run.
    walk(database, held, days=1)
    assert ("remind", slot) in held.ran


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(moves=st.lists(st.integers(1, 60), min_size=1, max_size=5), failures=st.lists(st.booleans(), max_size=12))
def test_however_it_is_moved_and_whatever_fails_each_slot_is_done_once_and_in_order(
    database: Database, moves: list[int], failures: list[bool]
) -> None:
    _start_over(database)
    held, fails = Held(TrainingClock(database.engine, MONDAY)), list(failures)

    def maybe(name: str) -> Callable[[Held, datetime], None]:
        def run(held: Held, slot: datetime) -> None:
            if fails and fails.pop():
                raise RuntimeError("a bug")
            assert held.clock.now() == slot, "a job runs while the clock shows its slot"
            held.ran.append((name, slot))

        run.__name__ = name
        return run

    seven = Job(maybe("seven"), CronTrigger(hour="7", timezone="Europe/London"))
    thrice = Job(maybe("thrice"), CronTrigger(hour="7,12,18", timezone="Europe/London"))
    keeper, target = Timekeeper("panel", [seven, thrice], held, database, threading.Event()), held.clock.now()
    for hours in moves:
        target += timedelta(hours=hours)
        with database.engine.begin() as connection:
            aim_clock_at(connection, target)
        while held.clock.reading() != Reading(target, target):
            before = held.clock.now()
            keeper.walk(held.clock)
            assert before <= held.clock.now() <= target
    expected = [(job.name, slot) for slot, job in slots_between([seven, thrice], MONDAY, target)]
    assert sorted(held.ran) == sorted(expected)
    assert [slot for _, slot in held.ran] == sorted(slot for _, slot in held.ran)


def _start_over(database: Database) -> None:
    with database.engine.begin() as connection:
        connection.execute(sa.text("TRUNCATE schedule_run, clock_reading"))


def test_what_ran_is_known_for_ninety_days(database: Database, held: Held) -> None:
    keeper = Timekeeper("panel", [DAILY, SWEEP], held, database, threading.Event())
    for days in (0, 1, 91):
        keeper.run_slot(DAILY, MONDAY + timedelta(days=days))
    with database.read() as session:
        slots = session.scalars(sa.select(schedule_run.c.slot_at).order_by(schedule_run.c.slot_at)).all()
    assert list(slots) == [MONDAY + timedelta(days=1), MONDAY + timedelta(days=91)]


def test_by_the_real_time_a_job_that_failed_is_tried_again_before_its_next_slot(
    database: Database, held: Held, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(timetable, "_TRY_AGAIN_AFTER", timedelta(0))
    by_real_time = Held(SystemClock())  # type: ignore[arg-type]
    tries: list[datetime] = []

    def fail_once(held: Held, slot: datetime) -> None:
        tries.append(slot)
        if len(tries) == 1:
            raise RuntimeError("a bug")
        held.ran.append(("fail_once", slot))

    job = Job(fail_once, CronTrigger(hour="0,12", timezone="Europe/London"))
    keep_time(database, by_real_time, [job], lambda: by_real_time.ran, "the job done")
    assert tries[0] == tries[1] <= datetime.now(UTC)


def test_what_fell_due_while_no_clock_ran_is_done_once_and_before_what_comes_next(database: Database) -> None:
    by_real_time = Held(SystemClock())  # type: ignore[arg-type]
    now = datetime.now(UTC)
    hourly = Job(remind, CronTrigger(minute=(now.minute + 30) % 60, timezone="Europe/London"))
    daily = Job(sweep, CronTrigger(hour="0,12", timezone="Europe/London"))
    for jobs in ([hourly], [hourly, daily], [hourly, daily]):
        keep_time(database, by_real_time, jobs, partial(_all_run, database, jobs), "every job done")
    assert [name for name, _ in by_real_time.ran] == ["remind", "sweep"]
    assert all(now - timedelta(days=1) < slot <= now for _, slot in by_real_time.ran)


def _all_run(database: Database, jobs: Sequence[Job]) -> bool:
    with database.read() as session:
        return session.scalar(sa.select(sa.func.count()).select_from(schedule_run)) == len(jobs)


def test_a_job_runs_in_no_thread_for_which_the_end_of_the_process_would_wait(database: Database) -> None:
    by_real_time, threads = Held(SystemClock()), set[str]()  # type: ignore[arg-type]

    def note_thread(_held: Held, _slot: datetime) -> None:
        threads.update(thread.name for thread in threading.enumerate())

    before = {thread.name for thread in threading.enumerate()}
    job = Job(note_thread, CronTrigger(hour="0,12", timezone="Europe/London"))
    keep_time(database, by_real_time, [job], lambda: threads, "the job run")
    assert len(threads - before) == 1, "the clock's own, which a work process starts as a daemon"


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
