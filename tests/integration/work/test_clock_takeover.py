"""Two processes with the clock role: one keeps time, and the other one takes over when it dies."""

from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa

from services.embedded.waiting import wait_until
from shared.timetable import schedule_run
from tests.integration.work.slow_work import SlowWork

pytestmark = [pytest.mark.slow, pytest.mark.rabbitmq]
_SECONDS_TO_TAKE_OVER = 10.0


def ticked(work: SlowWork) -> list[tuple[datetime, int, datetime]]:
    """Return every run of the job: its slot, the process and when it ran."""
    with work.database.read() as session:
        rows = session.execute(sa.text("SELECT slot_at, process, at FROM ticked ORDER BY at"))
        return [(slot, process, at) for slot, process, at in rows]


def keeps_time(work: SlowWork) -> set[int]:
    """Return the processes that have run the job."""
    return {process for _, process, _ in ticked(work)}


def test_when_the_clock_is_killed_another_takes_over_within_ten_seconds_and_no_slot_is_run_twice(
    work: SlowWork,
) -> None:
    first, second = (work.start("--only", "clock", seconds=0) for _ in range(2))
    wait_until(lambda: len(ticked(work)) >= 3, "the clock ticking", seconds=30)
    work.waits_until_one_stands_in_line()
    leader = keeps_time(work)
    assert len(leader) == 1, "one of the two keeps time"
    killed, other = (first, second) if leader == {first.pid} else (second, first)
    killed.kill()
    killed_at = datetime.now(UTC)
    wait_until(lambda: other.pid in keeps_time(work), "the other one keeping time", seconds=30)

    slots, processes, instants = zip(*ticked(work), strict=True)
    gap = next(at for at, process in zip(instants, processes, strict=True) if process == other.pid) - killed_at
    assert gap < timedelta(seconds=_SECONDS_TO_TAKE_OVER)
    assert sorted(processes, key=(killed.pid, other.pid).index) == list(processes), "never both at once"
    assert len(set(slots)) >= len(slots) - 1, "only a job that was cut short runs again at its slot"
    assert _written_down(work) >= set(slots[:-1])


def _written_down(work: SlowWork) -> set[datetime]:
    with work.database.read() as session:
        return set(session.scalars(sa.select(schedule_run.c.slot_at)))


def test_a_clock_whose_database_connections_are_cut_keeps_time_again(work: SlowWork) -> None:
    process = work.start("--only", "clock", seconds=0)
    wait_until(lambda: ticked(work), "the clock ticking", seconds=30)
    cut = sa.text(
        "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity"
        " WHERE datname = current_database() AND pid <> pg_backend_pid()"
    )
    with work.database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        assert connection.execute(cut).scalar_one()
        before = datetime.now(UTC)
    wait_until(lambda: ticked(work)[-1][2] > before, "the clock ticking again", seconds=30)
    assert process.poll() is None
