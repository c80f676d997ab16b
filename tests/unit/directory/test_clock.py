from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.directory.rules.clock import STEPS, check_move, london_time, step_from
from shared.errors import Invalid
from shared.working_days import is_working_day

LONDON = ZoneInfo("Europe/London")
_instants = st.datetimes(min_value=datetime(2024, 1, 2), max_value=datetime(2027, 12, 1), timezones=st.just(UTC))


def test_a_week_keeps_the_hour_on_the_wall_across_the_clock_change() -> None:
    before = datetime(2026, 10, 20, 8, 30, tzinfo=UTC)  # 9:30 in London, in summer time
    assert step_from(before, "week") == datetime(2026, 10, 27, 9, 30, tzinfo=UTC)


def test_the_next_working_morning_after_christmas_skips_the_substitute_day() -> None:
    christmas_eve = datetime(2026, 12, 24, 17, 0, tzinfo=UTC)
    assert step_from(christmas_eve, "morning") == datetime(2026, 12, 29, 9, 0, tzinfo=UTC)


def test_before_nine_the_next_working_morning_is_the_same_day() -> None:
    early = datetime(2026, 11, 2, 7, 0, tzinfo=UTC)
    assert step_from(early, "morning") == datetime(2026, 11, 2, 9, 0, tzinfo=UTC)


@given(_instants, st.sampled_from(list(STEPS)))
def test_every_step_leads_forwards(at: datetime, step: str) -> None:
    assert step_from(at, step) > at


@given(_instants)
def test_a_working_morning_is_nine_on_a_working_day(at: datetime) -> None:
    morning = step_from(at, "morning").astimezone(LONDON)
    assert (morning.hour, morning.minute) == (9, 0)
    assert is_working_day(morning.date())


def test_the_next_working_morning_is_known_past_the_published_bank_holidays() -> None:
    assert step_from(datetime(2040, 12, 24, 12, tzinfo=UTC), "morning") == datetime(2040, 12, 27, 9, tzinfo=UTC)


def test_an_unknown_step_is_refused() -> None:
    with pytest.raises(Invalid):
        step_from(datetime(2026, 11, 2, tzinfo=UTC), "back")


def test_a_time_in_summer_is_an_hour_earlier_in_utc() -> None:
    assert london_time(datetime(2026, 7, 1, 9, 0)) == datetime(2026, 7, 1, 8, 0, tzinfo=UTC)


@given(_instants, st.integers(-500, 500))
def test_the_clock_goes_forwards_and_at_most_a_year(now: datetime, days: int) -> None:
    moves_to = now + timedelta(days=3)
    target = now + timedelta(days=days)
    if 3 < days <= 366:
        check_move(target, now=now, moves_to=moves_to)
    else:
        with pytest.raises(Invalid) as refusal:
            check_move(target, now=now, moves_to=moves_to)
        assert list(refusal.value.errors) == ["moves_to"]
