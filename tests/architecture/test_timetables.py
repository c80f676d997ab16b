"""A training clock stops at every slot of a job that does not say when it next has something to do."""

from datetime import UTC, datetime, timedelta
from importlib import import_module

import pytest

from shared.timetable import Job, slots_between

_MONDAY = datetime(2026, 11, 2, tzinfo=UTC)


def _timetable_of(service: str) -> list[Job]:
    return list(import_module(f"services.{service}.app").SERVICE.timetable)


@pytest.mark.parametrize("service", ["directory", "referrals", "panel", "notifications"])
def test_what_runs_more_than_once_an_hour_says_when_it_is_next_due(service: str) -> None:
    day = timedelta(days=1)
    often = [job for job in _timetable_of(service) if len(list(slots_between([job], _MONDAY, _MONDAY + day))) > 24]
    assert [job.name for job in often if job.next_due is None] == []
