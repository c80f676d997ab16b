"""Timed jobs: what runs when, each slot once, in order, also after an outage or a jump of the training clock.

A service lists its jobs in `jobs.py` as TIMETABLE. A job is a function of the service's resources and the
slot's instant; it is a sweep ("close every agenda whose cut-off has passed"), so a late run catches up.
"""

import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import sqlalchemy as sa
import structlog
from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.base import BaseTrigger
from sqlalchemy.dialects.postgresql import insert

from shared.clock import TrainingClock
from shared.database import NAMING, Database
from shared.leadership import Leadership

timetable_metadata = sa.MetaData(naming_convention=NAMING)
schedule_run = sa.Table(
    "schedule_run",
    timetable_metadata,
    sa.Column("job", sa.Text, primary_key=True),
    sa.Column("slot_at", sa.DateTime(timezone=True), primary_key=True),
    sa.Column("ran_at", sa.DateTime(timezone=True), nullable=False, server_default=sa.func.now()),
)

_STEP_SECONDS = 0.1
_PAUSE_AFTER_LOSS = 1.0

log = structlog.get_logger()


@dataclass(frozen=True)
class Job:
    """A function with the times at which it runs; `trigger` is one of APScheduler's, in London time.

    A sweep that runs every few minutes says with `next_due` when there will be something for it to do (an
    instant, or None for nothing), so that a training clock passes over the slots that would find nothing.
    """

    run: Callable[[Any, datetime], None]
    trigger: BaseTrigger
    next_due: Callable[[Any], datetime | None] | None = None

    @property
    def name(self) -> str:
        """Return the function's name, which is the job's name everywhere."""
        return self.run.__name__


def slots_between(timetable: Sequence[Job], after: datetime, until: datetime) -> Iterator[tuple[datetime, Job]]:
    """Yield every slot later than `after` and not later than `until` (UTC), in order of time."""
    upcoming = {job: _next_slot(job, after) for job in timetable}
    while True:
        due = {job: slot for job, slot in upcoming.items() if slot is not None and slot <= until}
        if not due:
            return
        job = min(due, key=lambda candidate: due[candidate])
        yield due[job], job
        upcoming[job] = _next_slot(job, due[job])


def _next_slot(job: Job, after: datetime) -> datetime | None:
    slot = job.trigger.get_next_fire_time(after, after + timedelta(microseconds=1))
    return slot.astimezone(UTC) if slot is not None else None


class Timekeeper:
    """The clock role of the `work` process: one per service, elected, runs the timetable."""

    def __init__(
        self, service: str, timetable: Sequence[Job], resources: Any, database: Database, stop: threading.Event
    ) -> None:
        self._service = service
        self._timetable = timetable
        self._resources = resources
        self._database = database
        self._stop = stop

    def run(self) -> None:
        """Keep time, or wait to, until told to stop."""
        while not self._stop.is_set():
            try:
                with Leadership(self._database.url, f"clock:{self._service}", self._stop) as leader:
                    self._keep_time(leader)
            except Exception as error:
                log.warning("clock_interrupted", service=self._service, exc_info=error)
                self._stop.wait(_PAUSE_AFTER_LOSS)

    def _keep_time(self, leader: Leadership) -> None:
        clock = self._resources.clock
        if isinstance(clock, TrainingClock):
            while not self._stop.is_set():
                if not self._walk(clock):
                    self._stop.wait(_STEP_SECONDS)
                leader.check()
        else:
            self._tick_by_the_real_time(leader)

    def _walk(self, clock: TrainingClock) -> bool:
        now, target = clock.now(), clock.moves_to()
        if target <= now:
            return False
        while not self._stop.is_set() and (upcoming := self._first_slot(now, target)):
            now, jobs = upcoming
            clock.step_to(now)
            for job in jobs:
                self.run_slot(job, now)
        if not self._stop.is_set():
            clock.step_to(target)
        return True

    def _first_slot(self, after: datetime, until: datetime) -> tuple[datetime, list[Job]] | None:
        slots = {job: self._slot_with_work(job, after) for job in self._timetable}
        due = [slot for slot in slots.values() if slot is not None and slot <= until]
        return (min(due), [job for job, slot in slots.items() if slot == min(due)]) if due else None

    def _slot_with_work(self, job: Job, after: datetime) -> datetime | None:
        if job.next_due is None:
            return _next_slot(job, after)
        due = job.next_due(self._resources)
        return None if due is None else _next_slot(job, max(after, due - timedelta(microseconds=1)))

    def _tick_by_the_real_time(self, leader: Leadership) -> None:
        self._catch_up()
        scheduler = BackgroundScheduler(timezone=UTC)
        for job in self._timetable:
            scheduler.add_job(
                self._run_scheduled,
                job.trigger,
                args=[job],
                id=job.name,
                coalesce=True,
                max_instances=1,
                misfire_grace_time=None,
            )
        scheduler.start()
        try:
            while not self._stop.wait(1.0):
                leader.check()
        finally:
            scheduler.shutdown(wait=True)

    def _catch_up(self) -> None:
        """Run once each job whose last slot passed while no clock was running."""
        now = datetime.now(UTC)
        for job in self._timetable:
            slots = [slot for slot, _ in slots_between([job], now - timedelta(days=1), now)]
            if slots:
                self.run_slot(job, slots[-1])

    def _run_scheduled(self, job: Job) -> None:
        now = datetime.now(UTC)
        slots = [slot for slot, _ in slots_between([job], now - timedelta(days=1), now)]
        if slots:
            self.run_slot(job, slots[-1])

    def run_slot(self, job: Job, slot: datetime) -> None:
        """Run a job for a slot unless that slot was run before; after an accident the slot is still to run.

        The slot is written down after the job, not before: a crash in between runs the job twice, which a
        sweep can bear, and never leaves it out.
        """
        if self._was_run(job, slot):
            return
        try:
            job.run(self._resources, slot)
        except Exception as accident:
            log.error("job_failed", service=self._service, job=job.name, slot=slot.isoformat(), exc_info=accident)
        else:
            self._note_run(job, slot)

    def _was_run(self, job: Job, slot: datetime) -> bool:
        this_slot = sa.select(schedule_run.c.job).where(schedule_run.c.job == job.name, schedule_run.c.slot_at == slot)
        with self._database.read() as session:
            return session.execute(this_slot).first() is not None

    def _note_run(self, job: Job, slot: datetime) -> None:
        with self._database.begin() as session:
            session.execute(insert(schedule_run).values(job=job.name, slot_at=slot).on_conflict_do_nothing())
