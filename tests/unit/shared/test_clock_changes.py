"""The nights on which the clocks change: every job of every service has its slots, none lost and none twice."""

import threading
from datetime import UTC, date, datetime, time, timedelta
from importlib import import_module
from typing import Any
from unittest.mock import Mock
from zoneinfo import ZoneInfo

import pytest
import time_machine

from shared.service import SERVICES
from shared.ticking import Ticking
from shared.timetable import Job, Timekeeper, slots_between

_LONDON = ZoneInfo("Europe/London")
_SPRING = (date(2026, 3, 29), date(2027, 3, 28), date(2028, 3, 26))
_AUTUMN = (date(2026, 10, 25), date(2027, 10, 31), date(2028, 10, 29))
_TIMETABLES = {name: list(import_module(f"services.{name}.app").SERVICE.timetable) for name in SERVICES}
_JOBS = [pytest.param(job, id=f"{name} {job.name}") for name, jobs in _TIMETABLES.items() for job in jobs]


class Noting(Timekeeper):
    """A timekeeper that notes which slots it would run."""

    def __init__(self, jobs: list[Job], *, done: datetime) -> None:
        super().__init__("panel", jobs, Mock(), Mock(), threading.Event())
        self.ran: list[tuple[datetime, str]] = []
        self._done = done

    def run_slot(self, job: Job, slot: datetime) -> bool:
        """Note a slot as run, unless it was run before."""
        if slot > self._done and (slot, job.name) not in self.ran:
            self.ran.append((slot, job.name))
        return True


def london_day(day: date) -> tuple[datetime, datetime]:
    """Return the last instant before a day in London and the last one of it, in UTC."""
    begins = [datetime.combine(one, time(), _LONDON).astimezone(UTC) for one in (day, day + timedelta(days=1))]
    return begins[0] - timedelta(seconds=1), begins[1] - timedelta(seconds=1)


@pytest.mark.parametrize("job", _JOBS)
def test_a_daily_job_runs_once_on_the_day_of_a_change_and_a_sweep_in_every_hour_of_it(job: Job) -> None:
    ordinary = len(list(slots_between([job], *london_day(date(2026, 6, 10)))))
    for changes, hours in ((_SPRING, 23), (_AUTUMN, 25)):
        for day in changes:
            slots = [slot for slot, _ in slots_between([job], *london_day(day))]
            assert len(slots) == (1 if ordinary == 1 else ordinary * hours // 24), day
            assert len(set(slots)) == len(slots)


@pytest.mark.parametrize("day", [*_SPRING, *_AUTUMN], ids=str)
@pytest.mark.parametrize("service", [name for name, jobs in _TIMETABLES.items() if jobs])
def test_by_the_real_time_each_slot_of_the_night_of_a_change_is_run_once_and_in_order(service: str, day: date) -> None:
    jobs = _TIMETABLES[service]
    start, end = london_day(day)
    start -= timedelta(hours=6)
    with time_machine.travel(start, tick=False) as moment:
        keeper = live(jobs, end, moment, done=start)
    assert [slot for slot, _ in keeper.ran] == [slot for slot, _ in slots_between(jobs, start, end)]
    assert sorted(keeper.ran) == sorted((slot, job.name) for slot, job in slots_between(jobs, start, end))
    assert keeper.ran


def test_a_clock_that_starts_again_in_the_middle_of_the_night_of_a_change_leaves_no_daily_job_out() -> None:
    jobs = [job for job in _TIMETABLES["panel"] if job.next_due is None]
    for day in (*_SPRING, *_AUTUMN):
        start, end = london_day(day)
        for hours in range(24):
            with time_machine.travel(start + timedelta(hours=hours, minutes=7), tick=False) as moment:
                keeper = live(jobs, end, moment, done=start)
            assert sorted(keeper.ran) == sorted((slot, job.name) for slot, job in slots_between(jobs, start, end))


def live(jobs: list[Job], end: datetime, moment: Any, *, done: datetime) -> Noting:
    """Let a timekeeper live until `end` that has run what was due until `done`."""
    keeper = Noting(jobs, done=done)
    ticking = Ticking()
    keeper.fill(ticking, check=Mock())
    ticking.start()
    while datetime.now(UTC) + timedelta(seconds=(seconds := ticking.tick())) <= end:
        moment.shift(seconds)
    return keeper
