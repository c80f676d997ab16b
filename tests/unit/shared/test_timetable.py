from datetime import UTC, datetime, timedelta
from typing import Any

from apscheduler.triggers.cron import CronTrigger
from hypothesis import given
from hypothesis import strategies as st

from shared.timetable import Job, slots_between


def remind(_resources: Any, _now: datetime) -> None:
    """Stand for a job."""


def chase(_resources: Any, _now: datetime) -> None:
    """Stand for another job."""


_SEVEN = Job(remind, CronTrigger(hour=7, timezone="Europe/London"))
_EIGHT = Job(chase, CronTrigger(hour=8, timezone="Europe/London"))
_NIGHT = Job(remind, CronTrigger(hour=1, minute=30, timezone="Europe/London"))


def test_seven_in_the_morning_is_london_time_in_winter_and_in_summer() -> None:
    winter = next(slots_between([_SEVEN], datetime(2026, 1, 10, tzinfo=UTC), datetime(2026, 1, 11, tzinfo=UTC)))
    summer = next(slots_between([_SEVEN], datetime(2026, 7, 10, tzinfo=UTC), datetime(2026, 7, 11, tzinfo=UTC)))
    assert winter[0].hour == 7
    assert summer[0].hour == 6


def test_a_jump_of_a_fortnight_runs_every_slot_in_order() -> None:
    start = datetime(2026, 11, 2, 9, tzinfo=UTC)
    slots = list(slots_between([_EIGHT, _SEVEN], start, start + timedelta(days=14)))
    assert len(slots) == 28
    assert [at for at, _ in slots] == sorted(at for at, _ in slots)
    assert [job.name for _, job in slots[:2]] == ["remind", "chase"]


@given(
    start=st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 1)).map(lambda at: at.replace(tzinfo=UTC)),
    hours=st.lists(st.integers(1, 200), min_size=1, max_size=6),
)
def test_many_small_steps_run_the_same_slots_as_one_jump(start: datetime, hours: list[int]) -> None:
    end = start + timedelta(hours=sum(hours))
    stepped, at = [], start
    for step in hours:
        stepped += list(slots_between([_SEVEN, _EIGHT], at, at + timedelta(hours=step)))
        at += timedelta(hours=step)
    assert stepped == list(slots_between([_SEVEN, _EIGHT], start, end))


def test_the_hour_that_the_autumn_night_has_twice_gives_distinct_slots() -> None:
    start = datetime(2026, 10, 24, 12, tzinfo=UTC)
    slots = [at for at, _ in slots_between([_NIGHT], start, start + timedelta(days=1))]
    assert slots == [datetime(2026, 10, 25, hour, 30, tzinfo=UTC) for hour in (0, 1)]


def test_the_hour_that_the_spring_night_leaves_out_leaves_out_no_nightly_job() -> None:
    start = datetime(2026, 3, 28, 12, tzinfo=UTC)
    assert len(list(slots_between([_NIGHT], start, start + timedelta(days=1)))) == 1
