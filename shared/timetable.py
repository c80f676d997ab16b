"""Timed jobs: what runs when, each slot once, in order, also after an outage or a jump of the training clock.

A service lists its jobs in `jobs.py` as TIMETABLE. A job is a function of the service's resources and the
slot's instant; it is a sweep ("close every agenda whose cut-off has passed"), so a late run catches up.
"""

import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

import sqlalchemy as sa
import structlog
from apscheduler.triggers.base import BaseTrigger
from apscheduler.triggers.date import DateTrigger
from sqlalchemy.dialects.postgresql import insert

from shared.clock import CLOCK_CHANNEL, TrainingClock
from shared.database import NAMING, Database
from shared.leadership import Leadership
from shared.metrics.figures import INTERRUPTIONS, JOB_FAILURES, JOB_SECONDS, LEADS
from shared.ticking import Ticking

timetable_metadata = sa.MetaData(naming_convention=NAMING)
schedule_run = sa.Table(
    "schedule_run",
    timetable_metadata,
    sa.Column("job", sa.Text, primary_key=True),
    sa.Column("slot_at", sa.DateTime(timezone=True), primary_key=True),
    sa.Column("ran_at", sa.DateTime(timezone=True), nullable=False, server_default=sa.func.now()),
)

_A_MOMENT = timedelta(microseconds=1)
_LOOKED_BACK = (timedelta(minutes=10), timedelta(days=1))
"""How far to look for a job's last slot: a short way first, because a sweep has hundreds a day."""
_LOOK_AGAIN_SECONDS = 2.0
_TRY_AGAIN_AFTER = timedelta(minutes=1)
_PAUSE_AFTER_LOSS = 1.0
_ROLE = "clock"
_KEPT_FOR = timedelta(days=90)

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


def _last_slot(job: Job, now: datetime) -> datetime | None:
    """Return the job's last slot of the past day, or None: what a longer outage left out is for tomorrow's slot."""
    for back in _LOOKED_BACK:
        if slots := [slot for slot, _ in slots_between([job], now - back, now)]:
            return slots[-1]
    return None


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
        leads, interruptions = LEADS.labels(self._service, _ROLE), INTERRUPTIONS.labels(self._service, _ROLE)
        while not self._stop.is_set():
            try:
                with (
                    Leadership(self._database.url, f"{_ROLE}:{self._service}", self._stop) as leader,
                    leads.track_inprogress(),
                ):
                    self._keep_time(leader)
            except Exception as error:
                interruptions.inc()
                log.warning("clock_interrupted", service=self._service, exc_info=error)
                self._stop.wait(_PAUSE_AFTER_LOSS)

    def _keep_time(self, leader: Leadership) -> None:
        clock = self._resources.clock
        if isinstance(clock, TrainingClock):
            self._walk_when_told(clock, leader)
        else:
            self._tick_by_the_real_time(leader)

    def _walk_when_told(self, clock: TrainingClock, leader: Leadership) -> None:
        leader.connection.execute(f"LISTEN {CLOCK_CHANNEL}")
        while not self._stop.is_set():
            self.walk(clock)
            leader.wait_for_notice(_LOOK_AGAIN_SECONDS)
            leader.check()

    def walk(self, clock: TrainingClock) -> None:
        """Walk the clock to where it is going, slot by slot; a job that does not finish stops it at its slot."""
        reading = clock.reading()
        if reading.moves_to <= reading.now and reading.stopped_by is None:
            return
        # From just before where it stands: what stopped the clock, or died, at this very slot is still to run.
        at: datetime = reading.now - _A_MOMENT
        while not self._stop.is_set() and (upcoming := self._first_slot(at, reading.moves_to)):
            at, jobs = upcoming
            clock.step_to(at)
            if unfinished := [job for job in jobs if not self.run_slot(job, at)]:
                clock.stop_for(unfinished[0].name)
                return
        if not self._stop.is_set():
            clock.step_to(reading.moves_to)

    def _first_slot(self, after: datetime, until: datetime) -> tuple[datetime, list[Job]] | None:
        slots = {job: self._slot_with_work(job, after) for job in self._timetable}
        due = [slot for slot in slots.values() if slot is not None and slot <= until]
        return (min(due), [job for job, slot in slots.items() if slot == min(due)]) if due else None

    def _slot_with_work(self, job: Job, after: datetime) -> datetime | None:
        if job.next_due is None:
            return _next_slot(job, after)
        due = job.next_due(self._resources)
        return None if due is None else _next_slot(job, max(after, due - _A_MOMENT))

    def _tick_by_the_real_time(self, leader: Leadership) -> None:
        ticking = Ticking()
        self.fill(ticking, leader.check)
        ticking.start()
        while not self._stop.is_set():
            seconds = ticking.tick()
            leader.wait_for_notice(min(seconds, _LOOK_AGAIN_SECONDS))
            leader.check()

    def fill(self, ticking: Ticking, check: Callable[[], None]) -> None:
        """Add every job, and once what it missed while no clock ran; `check` raises when somebody else keeps time."""
        for job in self._timetable:
            run_last_slot = partial(self._run_last_slot, ticking, check, job)
            ticking.add_job(run_last_slot, id=f"{job.name}: missed while no clock ran", misfire_grace_time=None)
            ticking.add_job(run_last_slot, job.trigger, id=job.name, coalesce=True, misfire_grace_time=None)

    def _run_last_slot(self, ticking: Ticking, check: Callable[[], None], job: Job) -> None:
        """Run the job for the latest slot that has passed, and again in a while when it did not finish."""
        now = datetime.now(UTC)
        slot = _last_slot(job, now)
        if slot is None or self._stop.is_set():
            return
        check()
        if self.run_slot(job, slot):
            return
        again = partial(self._run_last_slot, ticking, check, job)
        soon = DateTrigger(now + _TRY_AGAIN_AFTER)
        ticking.add_job(again, soon, id=f"{job.name}: again", replace_existing=True, misfire_grace_time=None)

    def run_slot(self, job: Job, slot: datetime) -> bool:
        """Run a job for a slot unless that slot was run before; say whether it is done. If not, it is still to run.

        The slot is written down after the job, not before: a crash in between runs the job twice, which a
        sweep can bear, and never leaves it out.
        """
        if self._was_run(job, slot):
            return True
        failures = JOB_FAILURES.labels(self._service, job.name)
        try:
            with failures.count_exceptions(), JOB_SECONDS.labels(self._service, job.name).time():
                job.run(self._resources, slot)
                is_done = not self._has_left_work(job, slot)
        except Exception as accident:
            log.error("job_failed", service=self._service, job=job.name, slot=slot.isoformat(), exc_info=accident)
            return False
        if is_done:
            self._note_run(job, slot)
        else:
            failures.inc()
            log.error("job_left_work", service=self._service, job=job.name, slot=slot.isoformat())
        return is_done

    def _has_left_work(self, job: Job, slot: datetime) -> bool:
        due = job.next_due(self._resources) if job.next_due is not None else None
        return due is not None and due <= slot

    def _was_run(self, job: Job, slot: datetime) -> bool:
        this_slot = sa.select(schedule_run.c.job).where(schedule_run.c.job == job.name, schedule_run.c.slot_at == slot)
        with self._database.read() as session:
            return session.execute(this_slot).first() is not None

    def _note_run(self, job: Job, slot: datetime) -> None:
        with self._database.begin() as session:
            session.execute(insert(schedule_run).values(job=job.name, slot_at=slot).on_conflict_do_nothing())
            of_this_job = schedule_run.c.job == job.name
            session.execute(sa.delete(schedule_run).where(of_this_job, schedule_run.c.slot_at < slot - _KEPT_FOR))
